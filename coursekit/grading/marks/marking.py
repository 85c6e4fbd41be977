"""What the marking desk shows and keeps, without the server: one hand-in at a time, one field at a time.

Nothing of a student's leaves here but plain text and PNG pictures, and while names are hidden no id, name or address.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field

from coursekit.errors import CourseKitError
from coursekit.exercises.release import Release
from coursekit.grading.course import Course, CourseError, read_json
from coursekit.grading.intake.safe_text import plain
from coursekit.grading.marks import anonymous, markers

_PNG = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]*={0,2}")
_LONGEST = 10_000


@dataclass
class Marking:
    """The work of one marker on one exercise."""

    course: Course
    release: Release
    marker: str = markers.MAIN
    named: bool = False
    roster: dict[str, dict] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        """Raise CourseError when there is nothing to mark or the marker's name is none."""
        markers.read_sheet(self.course, self.release.slug, self.marker)
        if not any(self.release.rubric.get(question) for question in self.questions()):
            raise CourseError(f"{self.release.slug} has no answer that is marked by hand.")
        slug, self.roster = self.release.slug, self.course.roster()
        graded = {path.parent.parent.name for path in self.course.root.glob(f"autograded/*/{slug}/{slug}.ipynb")}
        if not graded:
            raise CourseError(f"No hand-in of {slug} is graded yet; run `course grade {slug}` first.")
        self.numbers = anonymous.numbers(self.course, slug, graded)

    def questions(self) -> list[str]:
        """The hand-marked questions, in order."""
        return [cell["question"] for cell in self.release.of_kind("essay")]

    def state(self) -> dict:
        """Title, questions with their criteria, and every hand-in with what is done; reads no hand-in."""
        sheet = markers.read_sheet(self.course, self.release.slug, self.marker)
        return {
            "title": self.release.title,
            "marker": self.marker,
            "questions": [{"id": name, "criteria": self.release.rubric.get(name, [])} for name in self.questions()],
            "handins": [
                {"n": number, "label": self._label(student), "done": self._done(sheet, student)}
                for student, number in self.numbers.items()
            ],
        }

    def _label(self, student):
        if not self.named:
            return anonymous.label(self.numbers[student])
        name = (self.roster.get(student) or {}).get("name")
        return f"{plain(name)} ({student})" if name else student

    def _done(self, sheet, student):
        """The questions of a student that this marker has finished."""
        return [name for name in self.questions() if self._is_done(sheet.answer(student, name), student, name)]

    def _is_done(self, answer, student, question):
        return markers.complete(self.release, question, answer) and markers.current(
            self.course, self.release.slug, student, question, answer
        )

    def student(self, number: object) -> str:
        """Who has a number. Raises CourseError for a number that nobody has."""
        found = next((who for who, given in self.numbers.items() if given == number), None)
        if found is None:
            raise CourseError(f"There is no hand-in {number}; load the page again.")
        return found

    def item(self, number: int, question: str) -> dict:
        """One answer with all that a marker needs: text, charts, the other work, points and comments so far."""
        student = self.student(number)
        result = self._result(student, question)
        show = self._text_of(student)
        answer, before = self._given(student, question)
        return {
            "n": number,
            "label": self._label(student),
            "question": question,
            "task": _task(self.release, question),
            "text": show(result["essays"].get(question, "")),
            "work": [_work(row, show) for row in result["cells"] if _worth(row)],
            "verdicts": [_verdict(cell, result, show) for cell in self.release.of_kind("check")],
            "notes": [show(note) for note in result["notes"] if self.named or not note.startswith("the file name was")],
            "answer": answer,
            "before": before,
            "others": self._others(student, question),
        }

    def _result(self, student, question):
        """The record of a graded hand-in. Raises CourseError when it could not be read."""
        result = read_json(self.course.result(self.release.slug, student)) or {}
        if result.get("status") != "graded" or question not in self.questions():
            raise CourseError(
                f"{self._label(student)}: the last hand-in could not be read ({result.get('reason') or 'no record'}); "
                "ask the student for a new one."
            )
        return result

    def _given(self, student, question):
        """(what this marker gave for the text as it stands, the points given for an older text as words)."""
        answer = markers.read_sheet(self.course, self.release.slug, self.marker).answer(student, question)
        if not answer or markers.current(self.course, self.release.slug, student, question, answer):
            return _parts(answer), ""
        return _parts({}), ", ".join(f"{name} {value:g}" for name, value in answer["points"].items())

    def _text_of(self, student):
        """A function that makes a text safe to show, without the student's name while names are hidden."""
        row = self.roster.get(student) or {}
        words = [] if self.named else [student, row.get("name") or "", row.get("email") or ""]
        return lambda text: anonymous.without(plain(str(text)), words)

    def _others(self, student, question):
        """{criterion: what the markers gave} for who settles; nobody else sees it while marking."""
        if self.marker != markers.SETTLED:
            return {}
        found = {}
        for sheet in markers.sheets(self.course, self.release.slug):
            for name, value in (sheet.answer(student, question).get("points") or {}).items():
                if sheet.marker != markers.SETTLED:
                    found.setdefault(name, []).append(f"{sheet.marker} {value:g}")
        return {name: ", ".join(parts) for name, parts in found.items()}

    def save(self, change: dict) -> dict:
        """Keep one field: {n, question, field, criterion, value}; field is points, comments or comment.

        Raises CourseError with one sentence when the value cannot count; nothing is changed then.
        """
        student, question = self.student(change.get("n")), change.get("question")
        if question not in self.questions():
            raise CourseError(f"{question!r} is not marked by hand.")
        text = markers.essays(self.course, self.release.slug, student).get(question, "")
        with markers.editing(self.course, self.release.slug, self.marker) as sheet:
            old = sheet.answer(student, question)
            valid = not old or markers.current(self.course, self.release.slug, student, question, old)
            answer = _parts(old if valid else {})
            _put(self.release, question, answer, change)
            answer |= {"essay": markers.essay_digest(text), "at": time.time()}
            sheet.answers.setdefault(student, {})[question] = answer
        return {"done": markers.complete(self.release, question, answer), "total": sum(answer["points"].values())}


def _parts(answer):
    """A copy of what a marker gave, with all its parts."""
    return {
        "points": dict(answer.get("points") or {}),
        "comments": dict(answer.get("comments") or {}),
        "comment": answer.get("comment") or "",
    }


def _put(release, question, answer, change):
    """Put one changed field into an answer. Raises CourseError when it cannot count."""
    kind, name, value = change.get("field"), change.get("criterion"), change.get("value")
    if kind == "points" and value is None:
        answer["points"].pop(name, None)
    elif kind == "points":
        _must_hold(markers.fault(release, question, {name: value}))
        answer["points"][name] = value
    elif kind == "comments":
        _must_hold(markers.fault(release, question, {name: 0}))
        answer["comments"][name] = _words(value)
    elif kind == "comment":
        answer["comment"] = _words(value)
    else:
        raise CourseError("The page is older than the program; load it again.")


def _must_hold(sentence):
    """Raise CourseError with a sentence, if there is one."""
    if sentence:
        raise CourseError(sentence)


def _words(value):
    """A marker's comment as plain text. Raises CourseError when it is too long."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise CourseError(f"A comment may have at most {_LONGEST} letters; it was not saved.")
    return plain(value).strip()


def _task(release, question):
    """The words of the task: the text cell before the answer, or ''."""
    before = ""
    for cell in release.cells:
        if cell["kind"] == "essay" and cell["question"] == question:
            break
        if cell["type"] == "markdown" and cell["kind"] != "essay":
            before = cell["source"]
    return plain(before)


def _worth(row):
    """Whether a cell says anything about the student: answers, and own cells with output."""
    return row["kind"] == "answer" or row["kind"] == "extra" and (row["png"] or row["text"])


def _work(row, show):
    """A cell of the student as plain text and a picture."""
    png = row["png"] if _PNG.fullmatch(row["png"] or "") else ""
    return {
        "question": row["question"] or "own cell",
        "source": show(row["source"]),
        "text": show(row["text"]),
        "error": show(row["error"] or ""),
        "png": png,
    }


def _verdict(cell, result, show):
    status, sentence = result["checks"].get(cell["id"], ["failed", ""])
    return {"question": cell["question"], "points": cell["points"], "status": status, "sentence": show(sentence)}


class Bookkeeper(threading.Thread):
    """Brings what was saved into the gradebook, in the background: marking never waits for the database."""

    def __init__(self, course: Course, release: Release):
        super().__init__(daemon=True, name="bookkeeper")
        self.course, self.release, self.fault = course, release, ""
        self._todo, self._guard, self._wake, self._ending = set(), threading.Lock(), threading.Event(), False

    def enter(self, student: str, question: str) -> None:
        """Queue an answer."""
        with self._guard:
            self._todo.add((student, question))
        self._wake.set()

    def run(self) -> None:
        """First bring in what an earlier, killed desk left over; then whatever is saved, until `end`."""
        self._wake.wait(3)
        self._try(None)
        while not self._ending:
            self._wake.wait(5 if self._todo else None)
            self._wake.clear()
            self._try(self._taken())

    def _taken(self):
        with self._guard:
            taken, self._todo = self._todo, set()
        return taken

    def _try(self, pairs):
        try:
            if pairs is None or pairs:
                markers.settle(self.course, self.release, pairs)
            self.fault = ""
        except (CourseKitError, OSError) as fault:
            self.fault = str(fault)
            with self._guard:
                self._todo |= pairs or set()

    def end(self) -> None:
        """Write what is left; `fault` is '' when the gradebook holds everything."""
        self._ending = True
        self._wake.set()
        self.join(30)
        self._try(None)
