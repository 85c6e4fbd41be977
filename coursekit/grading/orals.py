"""Three questions for each student on the own hand-in, two minutes each, with what a good answer says.

One asks for a value, one for a line of code (or what was typed), one for a sentence of an essay. Which ones is drawn
from term, exercise and student, so the same hand-in gives the same sheet. Where a part is missing, the sheet asks how
the student would begin it. Questions on values come from the author (`coursekit.exercises.orals`).
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from markupsafe import Markup

from coursekit.exercises.release import Release, stub
from coursekit.files import write_text
from coursekit.grading.course import Course, read_json
from coursekit.grading.intake.safe_text import sentence
from coursekit.grading.judge.check import Checker
from coursekit.grading.marks import anonymous
from coursekit.grading.marks.html import asset, render
from coursekit.grading.sandbox import wire
from coursekit.progress import Progress

MINUTES = 2
_SHORT, _LONG = 14, 110  # characters of a line or a sentence worth asking about
_SENTENCE = (30, 240)


@dataclass(frozen=True)
class Question:
    """A question, what a good answer says, and the part of the exercise that it is on."""

    on: str
    ask: str
    good: str


@dataclass(frozen=True)
class Sheet:
    """A student's page: how the student is called, the own case as (name, value), and three questions."""

    who: str
    case: list[tuple[str, str]]
    questions: list[Question]


def sheets(
    course: Course, release: Release, only: Sequence[str] = (), hidden: bool = False, progress: Progress = iter
) -> list[Sheet]:
    """A sheet for each graded hand-in. hidden: numbers of the marking desk instead of names."""
    results = {student: read_json(course.result(release.slug, student)) or {} for student in _students(course, release)}
    graded = {student: result for student, result in results.items() if result.get("status") == "graded"}
    labels = _labels(course, release, graded, hidden)
    with tempfile.TemporaryDirectory(prefix="course-orals-") as folder, _checker(course, release, Path(folder)) as ask:
        return [
            _sheet(release, labels[student], student, result, _keys(ask, _case(release, student, result)))
            for student, result in progress(graded.items())
            if not only or student in only
        ]


def _students(course: Course, release: Release) -> list[str]:
    return course.collected(release.slug)


def _labels(course: Course, release: Release, students: Iterable[str], hidden: bool) -> dict[str, str]:
    if hidden:
        numbers = anonymous.numbers(course, release.slug, students)
        return {student: anonymous.label(number) for student, number in numbers.items()}
    roster = course.roster()
    return {student: f"{roster.get(student, {}).get('name') or student} ({student})" for student in students}


def _checker(course: Course, release: Release, folder: Path) -> Checker:
    """The clean process over the instructor's copy of the data."""
    (folder / "data").mkdir()
    for name, body in course.data(release.slug):
        (folder / "data" / name).write_bytes(body)
    (folder / "release.json").write_text(json.dumps(asdict(release), ensure_ascii=False), encoding="utf-8")
    return Checker(folder)


def _keys(checker: Checker, case: dict | None) -> dict[str, str]:
    """{name: the solution's value in words}; {} when the solution does not run for the case."""
    return {name: in_words(coded) for name, coded in checker.keys(case).get("keys", {}).items()}


def _case(release: Release, student: str, result: dict) -> dict | None:
    """The case that the hand-in was graded on."""
    return release.case(result.get("worked_as") or student)


def _sheet(release: Release, who: str, student: str, result: dict, right: dict[str, str]) -> Sheet:
    case = {name: str(value) for name, value in (_case(release, student, result) or {}).items()}
    draw = Draw(f"{release.term}|{release.slug}|{student}")
    kinds = [
        list(_on_values(release, result, case, right)),
        list(_on_lines(release, result, draw)),
        list(_on_essays(release, result, draw)),
    ]
    return Sheet(who, list(case.items()), draw.three(kinds, list(_on_gaps(release, result))))


class Draw:
    """Choices that depend on a text only: the same text, the same choices."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def one(self, items: Sequence, word: str) -> object:
        """One of `items`, which must not be empty; `word` tells one choice from another."""
        digest = hashlib.sha256(f"{self.seed}|{word}".encode()).hexdigest()
        return items[int(digest, 16) % len(items)]

    def three(self, kinds: list[list[Question]], gaps: list[Question]) -> list[Question]:
        """One question of each kind; what is missing is filled up from the gaps and the other kinds."""
        chosen = [self.one(rows, f"kind {place}") for place, rows in enumerate(kinds) if rows]
        rest = [row for row in [*gaps, *sum(kinds, [])] if row not in chosen]
        return [*chosen, *rest][:3]


def in_words(coded: dict) -> str:
    """A coded value as a teacher reads it: numbers with four digits, lists and dictionaries in words."""
    try:
        return _said(wire.decode(coded))
    except Exception:  # what a student hands in may be anything
        return "a value that cannot be read"


def _said(value: object) -> str:
    for kind, say in _WORDS:
        if isinstance(value, kind):
            return say(value)
    return "a table"


def _pairs(value: dict) -> str:
    return ", ".join(f"{name}: {_said(part)}" for name, part in value.items()) or "nothing"


def _listed(value: list) -> str:
    return ", ".join(map(_said, value)) or "nothing"


_WORDS = (
    (wire.Spec, lambda value: "a chart"),
    ((bool, int, type(None)), str),
    (float, lambda value: f"{value:.4g}"),
    (dict, _pairs),
    ((list, tuple), _listed),
    (str, lambda value: value[:_LONG]),
)


# ---- on values


def _on_values(release: Release, result: dict, case: dict, right: dict[str, str]) -> Iterator[Question]:
    values = result.get("values") or {}
    own = {name: in_words(coded) for name, coded in values.items() if coded.get("k") != "none"}
    for question, rows in release.orals.items():
        for row in rows:
            if set(row["needs"]) <= set(own):
                yield Question(_title(release, question), *_filled(row, own, case, right))


def _filled(row: dict, own: dict, case: dict, right: dict[str, str]) -> tuple[str, str]:
    words = {**own, "case": _Known(case), "right": _Known(right)}
    return row["ask"].format(**words), row["good"].format(**words)


class _Known(dict):
    """A mapping in which a name that is not there says so."""

    def __missing__(self, name: str) -> str:
        return "(not known)"


# ---- on lines of code


def _on_lines(release: Release, result: dict, draw: Draw) -> Iterator[Question]:
    """A line of each answer that the student wrote."""
    typed = result.get("version") == "no-code"
    answers = {cell["id"]: cell for cell in release.of_kind("answer")}
    for cell in result.get("cells", []):
        answer = answers.get(cell["id"])
        lines = own_lines(cell["source"], stub(release, answer, result.get("version") or "code")) if answer else []
        if lines:
            yield _on_line(release, result, cell["question"], draw.one(lines, cell["id"]), typed)


def own_lines(source: str, released: str) -> list[str]:
    """The lines of an answer that say something and were not handed out."""
    given = {line.strip() for line in released.splitlines()}
    lines = (line.strip() for line in source.splitlines())
    return [line for line in lines if _telling(line) and line not in given]


def _telling(line: str) -> bool:
    plain = not line.startswith(("#", '"', "'", "import ", "from ", ")", "]", "}"))
    return plain and len(line) >= _SHORT and ("=" in line or "(" in line)


def _on_line(release: Release, result: dict, question: str, line: str, typed: bool) -> Question:
    quoted = line if len(line) <= _LONG else line[:_LONG] + "…"
    names = ", ".join(sorted(_names(release, question)))
    if typed:
        ask = f"You typed `{quoted}`. Where did you read it: which chart, and with which settings of its controls?"
        good = "Names the chart, the choice in each control and what the number counts or measures."
    else:
        ask = f"Your answer has the line `{quoted}`. What does it do, and what would change without it?"
        good = f"Says what goes in and what comes out, and which of {names} depends on it."
    return Question(_title(release, question), ask, f"{good} {_found(release, result, question)}")


def _names(release: Release, question: str) -> set[str]:
    return {name for cell in release.of_kind("check") if cell["question"] == question for name in cell["names"]}


def _found(release: Release, result: dict, question: str) -> str:
    """What the machine found on a question, in a sentence."""
    asked = [cell["id"] for cell in release.of_kind("check") if cell["question"] == question]
    told = [result["checks"][name] for name in asked if name in result["checks"]]
    failed = [sentence for status, sentence in told if status != "passed"]
    return f"The machine found: {failed[0]}" if failed else "All checks of this question were passed."


# ---- on essays, and on what is missing


def _on_essays(release: Release, result: dict, draw: Draw) -> Iterator[Question]:
    for question, criteria in release.rubric.items():
        said = sentences(_essay(result, question))
        if said:
            row = draw.one(criteria, f"criterion {question}")
            ask = (
                f"You write: “{draw.one(said, question)}” Which number or source of yours carries this sentence, and "
                "what would somebody answer who disagrees?"
            )
            yield Question(
                _title(release, question), ask, f"{row['text']}. {(row.get('anchors') or {}).get('full', '')}"
            )


def _essay(result: dict, question: str) -> str:
    """The text of an essay without the comment that marks the cell and the placeholder."""
    text = str((result.get("essays") or {}).get(question, ""))
    return re.sub(r"<!--.*?-->", "", text, flags=re.S).replace("*Write here.*", "").strip()


def sentences(text: str) -> list[str]:
    """The sentences of a text that are long enough to ask about; the start of the text when there is none."""
    shortest, longest = _SENTENCE
    parts = [" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s+", text)]
    fitting = [part for part in parts if shortest <= len(part) <= longest]
    return fitting or ([" ".join(text.split())[:longest]] if text.strip() else [])


def _on_gaps(release: Release, result: dict) -> Iterator[Question]:
    """A question on each part that is not there."""
    values = {name for name, coded in (result.get("values") or {}).items() if coded.get("k") != "none"}
    for cell in release.of_kind("answer", "essay"):
        wanted = _names(release, cell["question"])
        missing = not wanted & values if cell["kind"] == "answer" else not _essay(result, cell["question"])
        if missing:
            ask = "You left this part open. How would you begin: which file or figure, and what is the first step?"
            good = (
                f"Names a table or figure that the task gives, its columns, and a step towards {_goal(release, cell)}."
            )
            yield Question(_title(release, cell["question"]), ask, good)


def _goal(release: Release, cell: dict) -> str:
    if cell["kind"] == "answer":
        return ", ".join(sorted(_names(release, cell["question"])))
    return "; ".join(row["id"] for row in release.rubric.get(cell["question"], [])) or "the answer"


def _title(release: Release, question: str) -> str:
    """The heading above the answer of a question, without its points."""
    heading = question
    for cell in release.cells:
        if cell["kind"] == "text":
            heading = (re.findall(r"^## (.+)$", cell["source"], re.M) or [heading])[-1]
        if cell["question"] == question:
            break
    return re.sub(r"\s*\([^()]*points?[^()]*\)$", "", heading)


def write_page(path: Path, release: Release, found: list[Sheet]) -> None:
    """Write all sheets into one page that stands alone, a new sheet of paper for each student."""
    style = Markup(asset("orals.css"))
    words = {"title": release.title, "term": release.term, "sheets": found, "style": style}
    write_text(path, render("orals.html", sentence=lambda text: Markup(sentence(text)), **words))
