"""When each student handed in, by the LMS's own word: never by the date in a zip, which is that of the download.

``times/<exercise>.csv`` in the course folder holds student, when (UTC), source; ``times/<exercise>-extensions.csv``
holds student, until (UTC, or ``waived``). Without a time there is no penalty, and the report says so.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coursekit.errors import CourseKitError
from coursekit.files import write_text
from coursekit.grading.course import Course
from coursekit.grading.intake.identity import Class
from coursekit.grading.intake.roster import column, read_table

WHEN = ("when", "last modified (submission)", "submitted at", "submission date", "submission time", "submitted")
WHO = ("student", "username", "sis user id", "sis login id", "id number", "identifier", "id", "email address", "email")
NAME = ("full name", "name", "student name")
WAIVED = "waived"
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%d/%m/%Y %H:%M",
    "%b %d, %Y %I:%M %p",
)


class TimesError(CourseKitError):
    """A file of hand-in times cannot be read."""


def parse(text: str, zone: str = "UTC") -> datetime | None:
    """A time in UTC, without zone, from an LMS's text; None when it is none. zone: of times that name none."""
    text = " ".join((text or "").replace("\u202f", " ").split()).removesuffix(" UTC")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = next((time for form in FORMS if (time := _try(text, form))), None)
    if found is None:
        return None
    try:
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise TimesError(f"{zone!r} is not a time zone such as Europe/Paris or UTC.") from None
    return local.astimezone(UTC).replace(tzinfo=None)


def _try(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def load(path: Path, group: Class, zone: str = "UTC") -> tuple[dict[str, str], list[str]]:
    """({student: time}, sentences on rows that name nobody) from an LMS's report or a CSV with student and when.

    group: an ``identity.Class``. Raises TimesError when no column holds times.
    """
    header, rows = read_table(path, TimesError)
    when, name = column(header, WHEN), column(header, NAME)
    keys = [key for key in header if key.strip().lower() in WHO]
    if not when or not (keys or name):
        raise TimesError(f"{path}: found no columns with student and time; write a CSV with the columns student,when.")
    found, odd = {}, []
    for number, row in enumerate(rows, 2):
        time = parse(row.get(when) or "", zone)
        if time is None:
            continue
        student = whose(row, keys, name, group)
        if student:
            found[student] = time.isoformat(" ")
        else:
            odd.append(f"{path.name}, line {number}: nobody in roster.csv fits; the time was left out")
    return found, odd


def whose(row: dict, keys: list[str], name: str, group: Class) -> str:
    """The student of a row, by id or e-mail, else by a name that only one person has; '' when nobody fits."""
    by_id = {group.by_id((row.get(key) or "").removeprefix("Participant ")) for key in keys if row.get(key)} - {""}
    if len(by_id) == 1:
        return by_id.pop()
    named = group.by_name(row.get(name) or "") if name else set()
    return next(iter(named)) if len(named) == 1 and not by_id else ""


def participants(path: Path, group: Class) -> dict[str, str]:
    """{number in this Moodle assignment: student} from the worksheet downloaded from that assignment."""
    header, rows = read_table(path, TimesError)
    key, name = column(header, ("identifier",)), column(header, NAME)
    keys = [other for other in header if other.strip().lower() in WHO and other != key]
    if not key:
        raise TimesError(f"{path}: this is no grading worksheet of Moodle; it has no column 'Identifier'.")
    found = {(row[key] or "").removeprefix("Participant ").strip(): whose(row, keys, name, group) for row in rows}
    return {number: student for number, student in found.items() if number and student}


def known(course: Course, slug: str) -> dict[str, str]:
    """{student: time of hand-in in UTC} as far as known."""
    return _read(course.root / "times" / f"{slug}.csv", "when")


def extensions(course: Course, slug: str) -> dict[str, str]:
    """{student: own due time in UTC, or 'waived'}."""
    return _read(course.root / "times" / f"{slug}-extensions.csv", "until")


def keep(course: Course, slug: str, times: dict[str, str], source: str) -> None:
    """Add times to those known; the newer word about a student wins."""
    path = course.root / "times" / f"{slug}.csv"
    _write(path, "when", _read(path, "when") | times, source)


def extend(course: Course, slug: str, student: str, until: str) -> None:
    """Give one student an own due time (UTC) or ``waived``."""
    path = course.root / "times" / f"{slug}-extensions.csv"
    _write(path, "until", _read(path, "until") | {student: until}, "instructor")


def _read(path: Path, field: str) -> dict[str, str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["student"]: row[field] for row in csv.DictReader(stream) if row.get("student") and row.get(field)}


def _write(path: Path, field: str, rows: dict[str, str], source: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", field, "source"])
    writer.writerows([student, value, source] for student, value in sorted(rows.items()))
    write_text(path, out.getvalue())
