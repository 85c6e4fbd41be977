"""What each marker gave, criterion by criterion, and which of it counts.

Every marker has a sheet of their own, ``marks/<exercise>-criteria-<marker>.json``, so that a second marker never
overwrites the first. One rule decides the mark: for each answer, the sheet `settled` counts where it is complete;
otherwise the first marker, in the order in which they began, who gave points for every criterion. Markers who divided a
class therefore need no further step, and two who both marked everything settle their differences in `settled`.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from coursekit.exercises.release import Release
from coursekit.files import write_json
from coursekit.grading.course import Course, CourseError, read_json
from coursekit.grading.marks import gradebook

MAIN, SETTLED = "marker", "settled"


@dataclass
class Sheet:
    """One marker's answers: {student: {question: answer}}.

    An answer is a dict: ``points`` and ``comments`` by criterion, one general ``comment``, ``essay`` (the digest of the
    text that was read) and ``at`` (seconds since 1970).
    """

    marker: str
    since: float = 0.0
    answers: dict[str, dict[str, dict]] = field(default_factory=dict)

    def answer(self, student: str, question: str) -> dict:
        """What the marker gave, or {}."""
        return self.answers.get(student, {}).get(question, {})


def _path(course: Course, slug: str, marker: str):
    return course.root / "marks" / f"{slug}-criteria-{marker}.json"


def must_be_a_name(marker: str) -> str:
    """The name of a marker, fit for a file. Raises CourseError for anything else."""
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,39}", marker):
        raise CourseError(
            f"The marker's name {marker!r} may have letters, digits, dots and hyphens only; try --marker anna."
        )
    return marker


def read_sheet(course: Course, slug: str, marker: str) -> Sheet:
    """A marker's sheet, empty when there is none. Raises CourseError when the file is damaged."""
    path = _path(course, slug, must_be_a_name(marker))
    content = read_json(path)
    if content is None and not path.exists():
        return Sheet(marker, time.time())
    if not isinstance(content, dict) or not isinstance(content.get("answers"), dict):
        raise CourseError(f"{path} is damaged; put back a copy of it or move it away, then run the same command.")
    return Sheet(marker, float(content.get("since") or 0), content["answers"])


def sheets(course: Course, slug: str) -> list[Sheet]:
    """All sheets of an exercise in the order in which they count: `settled`, then who began first."""
    head = f"{slug}-criteria-"
    names = [path.stem.removeprefix(head) for path in (course.root / "marks").glob(f"{head}*.json")]
    found = [read_sheet(course, slug, name) for name in names]
    return sorted(found, key=lambda sheet: (sheet.marker != SETTLED, sheet.since, sheet.marker))


@contextmanager
def editing(course: Course, slug: str, marker: str) -> Iterator[Sheet]:
    """A marker's sheet to change; written whole at the end, one writer at a time."""
    folder = course.root / "marks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".marks.lock").open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        sheet = read_sheet(course, slug, marker)
        yield sheet
        write_json(
            _path(course, slug, marker), {"marker": sheet.marker, "since": sheet.since, "answers": sheet.answers}
        )


def essay_digest(text: str) -> str:
    """Tells whether an answer is still the one that was read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def essays(course: Course, slug: str, student: str) -> dict[str, str]:
    """{question: text} of a student's graded hand-in; {} when there is none."""
    result = read_json(course.result(slug, student)) or {}
    return result.get("essays") or {}


def current(course: Course, slug: str, student: str, question: str, answer: dict) -> bool:
    """Whether a marker's answer still belongs to the text that was handed in (reads it only if it is newer)."""
    try:
        newer = course.result(slug, student).stat().st_mtime >= answer.get("at", 0)
    except OSError:
        return True
    known = answer.get("essay")
    return not (newer and known) or known == essay_digest(essays(course, slug, student).get(question, ""))


def fault(release: Release, question: str, points: dict) -> str:
    """The sentence that says why points cannot count, or ''. points: {criterion: number}."""
    criteria = {row["id"]: row["points"] for row in release.rubric.get(question, [])}
    if not criteria:
        return f"{question!r} is not marked by hand."
    for name, value in points.items():
        if name not in criteria:
            return f"{name!r} is not a criterion of {question}."
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return f"The points for {name} must be a number from 0 to {criteria[name]:g}."
        if not 0 <= value <= criteria[name]:
            return f"The points for {name} must be a number from 0 to {criteria[name]:g}; {value:g} was not saved."
    return ""


def complete(release: Release, question: str, answer: dict) -> bool:
    """Whether every criterion has points."""
    return {row["id"] for row in release.rubric.get(question, [])} == set(answer.get("points") or {})


def comment(answer: dict) -> str:
    """The marker's words to the student: the general comment, then a line for each criterion with one."""
    by_criterion = [
        f"{name.replace('-', ' ').capitalize()}: {text}"
        for name, text in (answer.get("comments") or {}).items()
        if text
    ]
    return "\n".join(filter(None, [answer.get("comment") or "", *by_criterion]))


def counting(course: Course, release: Release, student: str, question: str, order: list[Sheet]) -> dict:
    """The answer that counts, after the rule of this module, or {}. order: what `sheets` returns."""
    for sheet in order:
        answer = sheet.answer(student, question)
        if complete(release, question, answer) and current(course, release.slug, student, question, answer):
            return answer
    return {}


def settle(course: Course, release: Release, only: Iterable[tuple[str, str]] | None = None) -> int:
    """Bring the marks that count into the gradebook and the criteria for the feedback; the number that changed.

    only: (student, question) pairs (default: all that any marker touched). An answer that is no longer complete goes
    back to waiting. Raises CourseError when another grader holds the folder.
    """
    order = sheets(course, release.slug)
    pairs = _touched(order, only)
    if not pairs:
        return 0
    with course.lock(), gradebook.open_book(course) as book:
        standing = gradebook.standing(book, release)
        kept = read_json(course.criteria(release.slug)) or {}
        changed = 0
        for student, question in [pair for pair in pairs if pair[0] in standing]:
            answer = counting(course, release, student, question, order)
            changed += _enter(book, release, standing[student], (student, question), answer)
            kept.setdefault(student, {})[question] = answer.get("points") or {}
        write_json(course.criteria(release.slug), kept)
        if release.late:
            gradebook.patient(gradebook.refresh_lateness, book, release, course)
    return changed


def _touched(order, only):
    """The (student, question) pairs that any marker touched, or those of them that are asked for."""
    touched = {(student, question) for sheet in order for student, rows in sheet.answers.items() for question in rows}
    return sorted(touched if only is None else touched & set(only))


def _enter(book, release, standing, place, answer):
    """Write one mark unless the gradebook has it already; whether anything was written."""
    cell = f"answer-{place[1]}"
    points = sum(answer["points"].values()) if answer else None
    words = comment(answer)
    if standing["scores"].get(cell) == points and standing["comments"].get(cell, "") == words:
        return False
    gradebook.patient(gradebook.give, book, release, *place, points, words)
    return True
