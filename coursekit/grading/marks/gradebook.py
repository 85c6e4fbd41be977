"""nbgrader's gradebook, written by one process.

nbgrader keeps what it is good at: the database of marks, comments and late penalties. Its own
autograder is not used: it runs student code beside the checks, and its two passes of conversion
and validation cost more than all of our isolation. Marks given by hand survive a regrade as long
as the essay stays the same.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.exercises.release import Release
from coursekit.grading.course import Course, CourseError
from coursekit.grading.intake import times
from coursekit.grading.marks import bulk
from coursekit.grading.marks.library import library

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

_PATIENCE = 5


@contextmanager
def open_book(course: Course) -> Iterator[Gradebook]:
    """nbgrader's Gradebook of the course folder (made when missing)."""
    book_class = library()
    course.root.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore", message="Object of type <Submitted.* not in session")
    with _own_programs_first():
        book = patient(lambda: book_class(course.database, course_id="course"))
    with book:
        yield book


@contextmanager
def _own_programs_first():
    """nbgrader starts `alembic` by name: let it find the one beside this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def patient(action: Callable, *arguments: object) -> object:
    """Do `action`; when the database is locked by somebody else, wait and try again."""
    from sqlalchemy.exc import OperationalError

    for attempt in range(_PATIENCE):
        try:
            return action(*arguments)
        except OperationalError as fault:
            if arguments:
                arguments[0].db.rollback()
            if "locked" not in str(fault):
                raise CourseError(f"The gradebook cannot be read or written ({fault.orig}).") from None
            time.sleep(0.5 * (attempt + 1))
    raise CourseError(
        "The gradebook is locked by another program; close it and run the same command again. Nothing is lost."
    )


def prepare(book: Gradebook, release: Release) -> None:
    """Make the assignment, its notebook and its cells in the gradebook as the release says."""
    due = datetime.datetime.fromisoformat(release.due) if release.due else None
    if due is not None and due.tzinfo is not None:
        due = due.astimezone(datetime.UTC).replace(tzinfo=None)
    with _one_transaction(book):
        book.update_or_create_assignment(release.slug, duedate=due)
        book.update_or_create_notebook(release.slug, release.slug)
        for cell in release.of_kind("check", "essay"):
            book.update_or_create_grade_cell(
                cell["id"], release.slug, release.slug, max_score=cell["points"], cell_type=cell["type"]
            )
        for cell in release.of_kind("answer", "essay"):
            book.update_or_create_solution_cell(cell["id"], release.slug, release.slug)


@contextmanager
def _one_transaction(book):
    """Inside, nbgrader's methods, each of which commits, only write; all of it is committed at the end, or nothing."""
    book.db.commit = book.db.flush
    try:
        yield
    finally:
        del book.db.commit
    book.db.commit()


def store(book: Gradebook, release: Release, entries: Iterable[tuple[dict, dict | None, dict | None]]) -> None:
    """Write results in one transaction; safe to repeat. `entries` are (result, earlier essays, roster row).

    Points of checks, essays that wait, comments, late penalties. nbgrader's own methods commit
    four times a hand-in; this writes the same rows of all with a handful of statements.
    """
    bulk.Writer(book, release).enter(list(entries))
    book.db.commit()


def lateness(
    release: Release, when: datetime.datetime | None, grades: Iterable[dict], extension: str = ""
) -> float | None:
    """Points taken off for a hand-in at time `when` with these grades (dicts), or None.

    extension: the student's own due time, or `waived`. Without a known time nothing is taken off.
    """
    percent = release.late.get("percent_per_day", 0)
    days = 0 if extension == times.WAIVED else _days_late(when, parse_time(extension) or parse_time(release.due))
    if not percent or not days:
        return None
    share = min(percent * days, release.late.get("at_most", 100)) / 100
    return round(share * sum(map(_got, grades)), 2)


def _days_late(when: datetime.datetime | None, due: datetime.datetime | None) -> float:
    """Days after the due time, begun ones whole; 0 in time and where one of the times is not known."""
    if when is None or due is None:
        return 0
    return max(0, -(-(when - due).total_seconds() // 86400))


def _got(grade: dict) -> float:
    """The points of one cell: a human's word counts before the machine's."""
    return grade["manual_score"] if grade["manual_score"] is not None else grade["auto_score"] or 0


def refresh_lateness(book: Gradebook, release: Release, course: Course) -> None:
    """Recompute late penalties from the times and extensions known now."""
    from nbgrader.api import Grade

    known, extended = times.known(course, release.slug), times.extensions(course, release.slug)
    grades, when, taken_off = {}, [], []
    for student, _, _, auto, manual in _with_cells(book, release, Grade, Grade.auto_score, Grade.manual_score):
        grades.setdefault(student, []).append({"manual_score": manual, "auto_score": auto})
    for submission, notebook, student in _submitted(book, release):
        sent = parse_time(known.get(student))
        late = lateness(release, sent, grades.get(student, ()), extended.get(student, ""))
        when.append((submission, {"timestamp": sent}))
        taken_off.append((notebook, {"late_submission_penalty": late}))
    tables = bulk.tables("SubmittedAssignment", "SubmittedNotebook")
    bulk.update_rows(book.db, tables["SubmittedAssignment"], when)
    bulk.update_rows(book.db, tables["SubmittedNotebook"], taken_off)
    book.db.commit()


def _submitted(book, release):
    """(id of the submission, id of its notebook, student) of each hand-in of an exercise."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    query = book.db.query(SubmittedAssignment.id, SubmittedNotebook.id, SubmittedAssignment.student_id)
    query = query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    query = query.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    return query.filter(Assignment.name == release.slug).all()


def parse_time(text: str | None) -> datetime.datetime | None:
    """A naive UTC time from "2027-03-01 10:00:00 UTC" or ISO; None when it is neither."""
    try:
        return datetime.datetime.fromisoformat((text or "").removesuffix(" UTC"))
    except ValueError:
        return None


def standing(book: Gradebook, release: Release) -> dict[str, dict]:
    """{student: {"scores": {cell id: points or None}, "comments": {...}, "penalty": x, "waiting": [ids]}}."""
    from nbgrader.api import Comment, Grade

    found = {}
    for student, penalty, name, *scores in _with_cells(
        book, release, Grade, Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade
    ):
        mark = found.setdefault(student, {"scores": {}, "comments": {}, "penalty": penalty or 0, "waiting": []})
        mark["scores"][name] = points = _points(*scores)
        mark["waiting"] += [name] if points is None else []
    for student, _, name, auto, manual in _with_cells(
        book, release, Comment, Comment.auto_comment, Comment.manual_comment
    ):
        found[student]["comments"][name] = manual or auto or ""
    return found


def next_after_marks(course: Course, release: Release, then: str) -> str:
    """What to do next: ``then``, once every answer has points; until that day the desk, with how many wait."""
    with open_book(course) as book:
        waiting = sum(len(mark["waiting"]) for mark in standing(book, release).values())
    if not waiting:
        return f"Next: {then}"
    return f"Answers without points: {waiting}. Next: course marks page {release.slug}"


def _points(auto, manual, extra, needs):
    """The points of a cell, or None while somebody must mark it."""
    points = manual if manual is not None else auto
    waits = points is None or needs and manual is None
    return None if waits else points + (extra or 0)


def _with_cells(book, release, model, *columns):
    """Rows of an exercise: student, penalty, name of the cell, and columns of ``model`` (grades or comments)."""
    from nbgrader.api import Assignment, BaseCell, SubmittedAssignment, SubmittedNotebook

    query = book.db.query(
        SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty, BaseCell.name, *columns
    )
    query = query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    query = query.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    return (
        query.join(model, model.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == model.cell_id)
        .filter(Assignment.name == release.slug)
    )


def give(
    book: Gradebook, release: Release, student: str, question: str, points: float | None, comment: str | None = None
) -> None:
    """Store a mark given by hand for an essay; points None: it waits again. A comment of None stays as it is."""
    grade = book.find_grade(f"answer-{question}", release.slug, release.slug, student)
    grade.manual_score, grade.needs_manual_grade = points, points is None
    if comment is not None:
        book.find_comment(f"answer-{question}", release.slug, release.slug, student).manual_comment = comment or None
    book.db.commit()
