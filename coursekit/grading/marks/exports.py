"""Marks for the LMS: quoted, safe to open in a spreadsheet, blank until marked, with a status.

Status: graded, repaired, waiting (an essay or a broken check needs a human), unreadable, ask
(several notebooks fit), missing, not graded. Totals are blank unless graded or repaired.
"""

import csv

from coursekit.grading.course import read_report
from coursekit.grading.intake.safe_text import safe
from coursekit.grading.marks.gradebook import open_book, standing

FORMATS = ("csv", "canvas", "moodle")


def rows(course, release):
    """One dict a student: student, name, email, status, reason, total, penalty, waiting, questions."""
    roster, reports = course.roster(), {row["student"]: row for row in read_report(course, release.slug)}
    marks = {}
    if (course.root / "gradebook.db").exists():
        with open_book(course) as book:
            marks = standing(book, release)
    students = sorted({*roster, *reports, *marks, *course.collected(release.slug)})
    return [
        _row(release, student, roster.get(student) or {}, reports.get(student) or {}, marks.get(student))
        for student in students
    ]


def _row(release, student, person, report, mark):
    status = report.get("status") or "missing"
    row = {
        "student": student,
        "name": person.get("name") or report.get("name") or "",
        "email": person.get("email") or "",
        "canvas": person.get("canvas") or "",
        "moodle": person.get("moodle") or "",
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
    row["waiting"], row["penalty"] = mark["waiting"], mark["penalty"]
    row["status"] = "waiting" if mark["waiting"] else "repaired" if status == "repaired" else "graded"
    if status in ("unreadable", "ask"):
        row["status"] = status
        row["reason"] += "; the mark of an earlier hand-in is in the gradebook and is not exported"
    elif not mark["waiting"]:
        row["total"] = max(0, round(sum(mark["scores"].values()) - mark["penalty"], 2))
    return row


def _by_question(release, scores):
    """{question: points, or None while a part waits}."""
    found = {}
    for cell in release.of_kind("check", "essay"):
        found.setdefault(cell["question"], []).append(scores.get(cell["id"]))
    return {question: None if None in parts else sum(parts) for question, parts in found.items()}


def export(course, release, form, path):
    """Write the marks in a format (csv, canvas, moodle) to `path`; returns the rows."""
    table = rows(course, release)
    header, lines = {"csv": _plain, "canvas": _canvas, "moodle": _moodle}[form](release, table)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows([[_cell(value) for value in line] for line in lines])
    return table


def _cell(value):
    return "" if value is None else f"{value:g}" if isinstance(value, (int, float)) else safe(value)


def _plain(release, table):
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


def _canvas(release, table):
    title = f"{release.title} ({release.slug})"
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title, "Status"]
    possible = ["Points Possible", "", "", "", "", release.points, "(read only)"]
    return header, [
        possible,
        *(
            [
                row["name"],
                row["canvas"] or (row["student"] if row["student"].isdigit() else ""),
                row["student"],
                row["email"] or row["student"],
                "",
                row["total"],
                row["status"],
            ]
            for row in table
        ),
    ]


def _moodle(release, table):
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Feedback comments"]
    return header, [
        [
            f"Participant {row['moodle'] or row['student']}",
            row["name"],
            row["email"],
            row["status"],
            row["total"],
            release.points,
            row["reason"],
        ]
        for row in table
    ]
