"""Marks for the LMS: quoted, safe to open in a spreadsheet, blank until marked, with a status.

Status: graded, repaired, waiting (an essay or a broken check needs a human), unreadable, ask
(several notebooks fit), missing, not graded. Totals are blank unless graded or repaired.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.files import write_text
from coursekit.grading.course import Course, CourseError, read_report
from coursekit.grading.intake import times
from coursekit.grading.intake.identity import Class
from coursekit.grading.intake.roster import column, read_table
from coursekit.grading.intake.safe_text import safe
from coursekit.grading.marks.gradebook import open_book, standing
from coursekit.progress import Progress

FORMATS = ("csv", "canvas", "moodle")
# Headers of Moodle's grading worksheet; in another interface language name them with --columns.
WORKSHEET = {"identifier": "Identifier", "grade": "Grade", "comments": "Feedback comments", "maximum": "Maximum Grade"}


def rows(course: Course, release: Release, progress: Progress = iter) -> list[dict]:
    """One dict a student: student, name, email, status, reason, total, penalty, waiting, questions."""
    roster, reports = course.roster(), {row["student"]: row for row in read_report(course, release.slug)}
    marks = {}
    if (course.root / "gradebook.db").exists():
        with open_book(course) as book:
            marks = standing(book, release)
    students = sorted({*roster, *reports, *marks, *course.collected(release.slug)})
    return [
        _row(release, student, roster.get(student) or {}, reports.get(student) or {}, marks.get(student))
        for student in progress(students)
    ]


def _row(release, student, person, report, mark):
    status = report.get("status") or "missing"
    row = {
        "student": student,
        **_person(person, report),
        "comments": [],
        "reason": report.get("reason") or "",
        "total": None,
        "penalty": 0,
        "questions": {},
        "waiting": [],
    }
    if mark is None:
        row["status"] = status if status in ("unreadable", "ask", "missing") else "not graded"
        return row
    row["questions"] = _by_question(release, mark["scores"])
    row["comments"] = _comments(release, mark)
    row["waiting"], row["penalty"] = mark["waiting"], mark["penalty"]
    row["status"] = "waiting" if mark["waiting"] else "repaired" if status == "repaired" else "graded"
    if status in ("unreadable", "ask"):
        row["status"] = status
        row["reason"] += "; the mark of an earlier hand-in is in the gradebook and is not exported"
    elif not mark["waiting"]:
        row["total"] = max(0, round(sum(mark["scores"].values()) - mark["penalty"], 2))
    return row


def _person(person, report):
    """The name of a student, after the roster or else the report of the intake, and what the LMSs know them by."""
    name = person.get("name") or report.get("name") or ""
    return {"name": name, "email": person.get("email") or "", "canvas": person.get("canvas") or ""}


def _comments(release, mark):
    """What the marker wrote, and a line on the penalty: never a note of the machine."""
    written = [mark["comments"].get(cell["id"], "") for cell in release.of_kind("essay")]
    late = f"{mark['penalty']:g} points were taken off for lateness." if mark["penalty"] else ""
    return [text for text in [*written, late] if text]


def _by_question(release, scores):
    """{question: points, or None while a part waits}."""
    found = {}
    for cell in release.of_kind("check", "essay"):
        found.setdefault(cell["question"], []).append(scores.get(cell["id"]))
    return {question: None if None in parts else sum(parts) for question, parts in found.items()}


def export(
    course: Course, release: Release, form: str, path: Path, assignment: str = "", progress: Progress = iter
) -> list[dict]:
    """Write the marks in a format (csv, canvas, moodle) to `path`; returns the rows.

    assignment: for Canvas, the column of the assignment exactly as Canvas exports it, such as `Essay (900)`. Rows
    without a total are left out for Canvas and Moodle: there a blank clears a score. Raises CourseError without
    `assignment`.
    """
    table = rows(course, release, progress)
    header, lines = {"csv": _plain, "canvas": _canvas, "moodle": _moodle}[form](release, table, assignment)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([[_cell(value) for value in line] for line in lines])
    write_text(path, out.getvalue())
    return table


def fill_worksheet(
    course: Course,
    release: Release,
    worksheet: Path,
    path: Path,
    columns: dict[str, str] | None = None,
    progress: Progress = iter,
) -> tuple[int, list[str]]:
    """Fill the marks into the grading worksheet downloaded from Moodle: (marks filled, sentences on rows left alone).

    Only the grade and the comments change; rows of others, and of those who wait, stay as they are. columns: the
    worksheet's own headers where Moodle speaks another language. Raises CourseError when a column is missing.
    """
    names = WORKSHEET | (columns or {})
    header, lines = read_table(worksheet, CourseError)
    _must_have(header, (names["identifier"], names["grade"]), worksheet)
    group, marks = Class(course.roster()), {row["student"]: row for row in rows(course, release, progress)}
    keys = [key for key in header if key.strip().lower() in times.WHO and key != names["identifier"]]
    filled, odd = 0, []
    for number, line in enumerate(lines, 2):
        student = times.whose(line, keys, column(header, times.NAME), group) or _delivered(course, release, line, names)
        row = marks.get(student)
        if row is None:
            odd.append(f"line {number}: nobody in roster.csv fits; left as it was")
        elif row["total"] is not None:
            _fill(line, row, release, names)
            filled += 1
    _write_csv(path, header, lines)
    return filled, odd


def _must_have(header, names, worksheet):
    """Raise CourseError for a column that the worksheet lacks."""
    for name in names:
        if name not in header:
            raise CourseError(
                f"{worksheet}: the column {name!r} is missing; download the grading worksheet from Moodle again, or "
                f"name its headers with --columns, such as --columns grade=Note."
            )


def _fill(line, row, release, names):
    """Put the grade and, where the worksheet has a column for them, the comments into a line."""
    line[names["grade"]] = _cell(_scaled(row["total"], release.points, line.get(names["maximum"])))
    if names["comments"] in line:
        line[names["comments"]] = "\n".join(row["comments"])


def _write_csv(path, header, lines):
    out = io.StringIO()
    writer = csv.DictWriter(out, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    write_text(path, out.getvalue())


def _delivered(course, release, line, names):
    """The student whose hand-in came under the worksheet's participant number, or ''."""
    number = (line.get(names["identifier"]) or "").rsplit(" ", 1)[-1]
    return next((who for who, sent in course.deliveries(release.slug).items() if sent.get("number") == number), "")


def _scaled(total, points, maximum):
    """A total on the scale of the worksheet's own maximum grade."""
    text = (maximum or "").replace(",", ".")
    try:
        return round(total * float(text) / points, 2) if text else total
    except ValueError:
        return total


def _cell(value):
    return "" if value is None else f"{value:g}" if isinstance(value, (int, float)) else safe(value)


def _plain(release, table, _assignment):
    questions = list(dict.fromkeys(cell["question"] for cell in release.of_kind("check", "essay")))
    header = ["student", "name", *questions, "late_penalty", "total", "of", "status", "note"]
    return header, [
        [
            row["student"],
            row["name"],
            *(row["questions"].get(question) for question in questions),
            row["penalty"],
            row["total"],
            release.points,
            row["status"],
            row["reason"],
        ]
        for row in table
    ]


def _canvas(release, table, assignment):
    if not assignment:
        raise CourseError(
            "Canvas finds an assignment by its exact name only: give --assignment with the column as Canvas exports it "
            "(Gradebook, Export), for example 'Essay (900)'."
        )
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    possible = ["    Points Possible", "", "", "", "", release.points]
    return header, [
        possible,
        *(
            [row["name"], row["canvas"], row["student"], row["email"] or row["student"], "", row["total"]]
            for row in table
            if row["total"] is not None
        ),
    ]


def _moodle(release, table, _assignment):
    """For Grades, Import, CSV file: map the ID number or e-mail address to the user, the title to the item."""
    header = ["ID number", "Full name", "Email address", release.title, "Late penalty", "Feedback"]
    return header, [
        [row["student"], row["name"], row["email"], row["total"], row["penalty"] or None, "\n".join(row["comments"])]
        for row in table
        if row["total"] is not None
    ]
