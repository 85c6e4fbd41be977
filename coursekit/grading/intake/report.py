"""The collect report: one row a student or unclear parcel, and the instructor's answers to what it asks."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, field
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.files import write_json, write_text
from coursekit.grading.course import Course, read_json, read_report
from coursekit.grading.intake.safe_text import plain, safe

TAKEN, REPAIRED, UNREADABLE, ASK, MISSING = "taken", "repaired", "unreadable", "ask", "missing"
OWN, TYPED = "own", "typed"
LISTED = 4


@dataclass
class Row:
    """One line of the collect report. when: the hand-in time in UTC, empty when nobody told it."""

    student: str
    name: str = ""
    file: str = ""
    status: str = TAKEN
    reason: str = ""
    late: bool = False
    when: str = ""


@dataclass
class Decisions:
    """The instructor's answers. who: label -> student; file: student -> file; case: student -> 'own' or 'typed'."""

    who: dict[str, str] = field(default_factory=dict)
    file: dict[str, str] = field(default_factory=dict)
    case: dict[str, str] = field(default_factory=dict)


def kept_decisions(course: Course, slug: str, new: Decisions) -> Decisions:
    """The answers so far with the new ones on top, kept for the next run."""
    path = course.root / "decisions" / f"{slug}.json"
    old = read_json(path) or {}
    merged = Decisions(**{name: {**old.get(name, {}), **answers} for name, answers in asdict(new).items()})
    if asdict(new) != asdict(Decisions()):
        write_json(path, asdict(merged))
    return merged


def listed(names: list[str]) -> str:
    """A few names of many."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(plain(name) for name in names[:LISTED]) + more


def missing(course: Course, release: Release, roster: dict, seen: set[str]) -> list[Row]:
    """A row for each student of the roster who has handed in nothing."""
    there = seen | set(course.collected(release.slug))
    return [Row(student, "", "", MISSING, "nothing handed in") for student in roster if student not in there]


def complete(row: Row, roster: dict, handed_in: dict[str, str], notes: list[str]) -> None:
    """Name, time and the notes that concern all."""
    row.name = row.name or (roster.get(row.student) or {}).get("name") or ""
    row.when = handed_in.get(row.student, "")
    said = [row.reason]
    if row.late and not row.when:
        said.append("the LMS marked it LATE and tells no time: no penalty until `course times` has one")
    row.reason = "; ".join(filter(None, [*said, *(notes if row.status == ASK else [])]))


def report(course: Course, slug: str, rows: list[Row]) -> Path:
    """Merge `rows` into collect-report.csv (students collected earlier keep their line)."""
    merged = {row["student"]: row for row in read_report(course, slug) if not row["student"].startswith("?")}
    merged.update({row.student: {key: _text(value) for key, value in asdict(row).items()} for row in rows})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(asdict(Row(""))), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(merged[student] for student in sorted(merged))
    path = course.root / "reports" / f"{slug}-collect-report.csv"
    write_text(path, out.getvalue())
    return path


def _text(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else safe(value)
