"""Marks given by hand in a spreadsheet: a CSV to fill in.

`template` writes one line for each hand-in, question and criterion; `load` reads the filled file into the marker's own
sheet: good lines count, each bad line is named by number and reason, and points given before are never overwritten
unless `replace` says so.
"""

from __future__ import annotations

import csv
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.grading.course import Course, CourseError
from coursekit.grading.intake.roster import read_table
from coursekit.grading.intake.safe_text import safe
from coursekit.grading.marks import anonymous, gradebook, markers

_COLUMNS = ("student", "question", "criterion", "points", "of", "text", "comment", "answer")


def template(course: Course, release: Release, path: Path, named: bool = False) -> int:
    """Write the form for all hand-marked answers; returns the number of lines.

    The student's answer stands on the first line of each. named: ids instead of the numbers of the marking desk.
    """
    students = _students(course, release)
    lines = []
    for student, number in anonymous.numbers(course, release.slug, students).items():
        texts = markers.essays(course, release.slug, student)
        who = student if named else anonymous.label(number)
        for question, criteria in release.rubric.items():
            lines += _form(who, question, criteria, texts.get(question, ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(_COLUMNS)
        writer.writerows(lines)
    return len(lines)


def _students(course, release):
    """Ids of the students in the gradebook."""
    with gradebook.open_book(course) as book:
        return set(gradebook.standing(book, release))


def _form(who, question, criteria, text):
    """The lines of one answer."""
    return [
        [who, question, row["id"], "", f"{row['points']:g}", safe(row["text"]), "", "" if number else safe(text)]
        for number, row in enumerate(criteria)
    ]


@dataclass
class Loaded:
    """What `load` did.

    stored: answers now with the marker; incomplete: (student, question) without points for every criterion; faults:
    (line, reason); conflicts: (student, question) that had other points of the same marker and kept them.
    """

    stored: int = 0
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    conflicts: list[tuple[str, str]] = field(default_factory=list)


def load(course: Course, release: Release, path: Path, marker: str = markers.MAIN, replace: bool = False) -> Loaded:
    """Read a filled form into the marker's sheet and the gradebook; an answer counts when all criteria have points.

    replace: let the file change points that the same marker gave before. Raises CourseError when the file is no form.
    """
    report = Loaded()
    students = _students(course, release)
    shown = {anonymous.label(n): who for who, n in anonymous.numbers(course, release.slug, students).items()}
    answers = _answers(_lines(path), release, {**shown, **{who: who for who in students}}, report)
    with markers.editing(course, release.slug, marker) as sheet:
        for (student, question), (points, comments) in answers.items():
            answer = {"points": points, "comments": comments}
            if not markers.complete(release, question, answer):
                report.incomplete.append((student, question))
            elif not replace and _other(sheet.answer(student, question), answer):
                report.conflicts.append((student, question))
            else:
                text = markers.essays(course, release.slug, student).get(question, "")
                answer |= {"comment": "", "essay": markers.essay_digest(text), "at": time.time()}
                sheet.answers.setdefault(student, {})[question] = answer
                report.stored += 1
    markers.settle(course, release)
    return report


def _other(before, after):
    """Whether an answer has points or words already that a file would change."""
    return bool(before.get("points")) and any(
        (before.get(name) or {}) != (after.get(name) or {}) for name in ("points", "comments")
    )


def _lines(path):
    header, rows = read_table(path, CourseError)
    missing = {"student", "question", "criterion", "points"} - set(header)
    if missing:
        raise CourseError(
            f"{path}: the columns {', '.join(sorted(missing))} are missing; start from `course marks template`."
        )
    return list(enumerate(rows, 2))


def _answers(lines, release, students, report):
    """{(student, question): ({criterion: points}, {criterion: comment})} of the good lines.

    students: {how the form calls a student: id}.
    """
    answers = {}
    for number, row in lines:
        row = {
            name: (text or "").strip()
            for name, text in row.items()
            if isinstance(name, str) and not isinstance(text, list)
        }
        if not row.get("points"):
            continue
        fault = _fault(row, release, students, answers)
        if fault:
            report.faults.append((number, fault))
            continue
        points, comments = answers.setdefault((students[row["student"]], row["question"]), ({}, {}))
        points[row["criterion"]] = _number(row["points"])
        if row.get("comment"):
            comments[row["criterion"]] = row["comment"]
    return answers


def _fault(row, release, students, answers):
    """The sentence that says why a line cannot count, or None."""
    if row["student"] not in students:
        return f"no graded hand-in of {row['student']!r}"
    criteria = {item["id"]: item["points"] for item in release.rubric.get(row["question"], [])}
    if not criteria:
        return f"{row['question']!r} is not marked by hand"
    if row["criterion"] not in criteria:
        return f"{row['criterion']!r} is not a criterion of {row['question']}"
    if row["criterion"] in answers.get((students[row["student"]], row["question"]), ({},))[0]:
        return "this criterion has points on an earlier line"
    points = _number(row["points"])
    if points is None or not 0 <= points <= criteria[row["criterion"]]:
        return f"points {row['points']!r} must be a number from 0 to {criteria[row['criterion']]:g}"
    return None


def _number(text):
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
