"""The class list: roster.csv with student, name and optional email, group, canvas, blackboard.

``course roster --from FILE`` makes it from what an LMS exports: Canvas's gradebook, Moodle's participants or grades,
Blackboard's grade centre. Which program wrote the file does not matter: tabs, semicolons, UTF-16 and capital letters do
not count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from coursekit.errors import CourseKitError
from coursekit.files import write_text

COLUMNS = ("student", "name", "email", "group", "canvas", "blackboard")
# For each LMS: a column that only its export has, then the columns of the id (best first), the name and the own number.
LAYOUTS = {
    "canvas": ("sis login id", ("sis user id", "sis login id", "id"), "student", "id"),
    "blackboard": ("last access", ("student id", "username"), "", "username"),
    "plain": ("student", ("student",), "name", ""),
    "moodle": ("email address", ("id number", "username", "email address"), "full name", ""),
}
MAIL = ("email address", "email", "e-mail", "sis login id")
GROUP = ("group", "groups", "group_name", "group name")
TEST_STUDENTS = ("Student, Test", "Test Student")


class RosterError(CourseKitError):
    """A class list cannot be read; the message names the file and what it lacks."""


def column(header: Iterable[str], names: Iterable[str]) -> str:
    """The first column of ``header`` that is one of ``names``, whatever its capitals; '' when there is none."""
    by_name = {name.strip().lower(): name for name in header}
    return next((by_name[name] for name in names if name in by_name), "")


def read_table(path: Path, error: type[CourseKitError] = RosterError) -> tuple[list[str], list[dict]]:
    """(header, rows) of a table written by any program. Raises ``error`` when it is no table."""
    try:
        body = Path(path).read_bytes()
    except OSError:
        raise error(f"{path}: there is no such file.") from None
    text = _text(body)
    if text is None or "\x00" in text or not text.strip():
        raise error(f"{path}: this is not a CSV file; export it as CSV.")
    first = text.lstrip("\ufeff\n\r").split("\n", 1)[0]
    mark = max((",", ";", "\t"), key=first.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff\n\r")), delimiter=mark)
    return [name for name in rows.fieldnames or [] if name], [dict(row) for row in rows]


def _text(body: bytes) -> str | None:
    kinds = ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for kind in kinds:
        try:
            return body.decode(kind)
        except UnicodeDecodeError:
            continue
    return None


def from_export(path: Path) -> list[dict[str, str]]:
    """Rows of roster.csv from an LMS's export. Raises RosterError naming what is missing or stands twice."""
    header, rows = read_table(path)
    lms = next((name for name, layout in LAYOUTS.items() if column(header, layout[:1])), "")
    if not lms:
        raise RosterError(
            f"{path}: not the gradebook of Canvas, the participants of Moodle or the grade centre of Blackboard; "
            "give one of these as CSV, or write one with the columns student,name,email."
        )
    lines = [_line(row, header, lms) for row in rows]
    lines = [line for line in lines if line["student"] and line["name"] not in TEST_STUDENTS]
    _must_be_apart([line["student"].lower() for line in lines], path)
    return sorted(lines, key=lambda line: line["student"].lower())


def _must_be_apart(ids: list[str], path: Path) -> None:
    """Raise RosterError when there is no id, or one that stands twice."""
    if not ids:
        raise RosterError(f"{path}: it names no student.")
    twice = next((name for name in ids if ids.count(name) > 1), "")
    if twice:
        raise RosterError(f"{path}: the id {twice} stands twice; each student needs an id of their own.")


def _value(row: dict, header: list[str], *names: str) -> str:
    """The first cell of a row that is filled, of the columns with these names; '' when none is."""
    found = ((row.get(column(header, (name,))) or "").strip() for name in names)
    return next((text for text in found if text), "")


def _mail(texts: Iterable[str]) -> str:
    """The first text that is an address, or ''."""
    return next((text for text in texts if "@" in text), "")


def _line(row: dict, header: list[str], lms: str) -> dict[str, str]:
    value = partial(_value, row, header)
    _, ids, name, number = LAYOUTS[lms]
    parts = (value("first name", "given name"), value("last name", "surname", "family name"))
    return {
        "student": value(*ids) if lms != "canvas" or value("id") else "",  # the row of points possible has no id
        "name": (value(name) if name else "") or " ".join(filter(None, parts)),
        "email": _mail([value(name) for name in MAIL]),
        "group": value(*GROUP),
        **{place: value(number or place) if lms in (place, "plain") else "" for place in ("canvas", "blackboard")},
    }


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write roster.csv whole or not at all."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, out.getvalue())
