"""What goes into the archive: which tables, their typed rows, and what the course says of itself in CITATION.cff.

A table goes in when each licence of its manifest is called ``open`` under ``archive: licences:`` in
``data/course.yaml``; that list gives for every other licence the reason why its tables are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from coursekit import tables
from coursekit.errors import CourseKitError
from coursekit.files import known_keys, read_yaml

OPEN = "open"
CITATION = "CITATION.cff"
Value = str | int | float | bool | None


class ArchiveError(CourseKitError):
    """The archive cannot be made; the message says what is missing and where to write it."""


def settings() -> dict:
    """The key ``archive`` of ``data/course.yaml``: ``name`` of the file and ``licences``. Raises ArchiveError."""
    found = tables.setting("archive", {})
    known_keys(found, "data/course.yaml, archive", ArchiveError, required=("name", "licences"))
    return found


def closed(name: str) -> str:
    """Why a table stays out of the archive; empty when it goes in. Raises ArchiveError for an unknown licence."""
    reasons = settings()["licences"]
    terms = [licence["name"] for licence in tables.manifest(name)["licenses"]]
    for term in terms:
        if term not in reasons:
            raise ArchiveError(
                f"{name}{tables.SUFFIX}: data/course.yaml does not say under 'archive: licences:' whether '{term}' "
                "may be passed on; add it there."
            )
    return "; ".join(dict.fromkeys(reasons[term] for term in terms if reasons[term] != OPEN))


def inside() -> list[str]:
    """Names of the tables in the archive, sorted."""
    return [name for name in tables.names() if not closed(name)]


def outside() -> list[tuple[dict, str]]:
    """The tables that are left out: manifest and reason, sorted by name."""
    return [(tables.manifest(name), why) for name in tables.names() if (why := closed(name))]


def foreign_keys(name: str, among: list[str]) -> list[dict]:
    """The foreign keys of a table that lead to one of the tables ``among`` or to itself ('' in the manifest)."""
    keys = tables.manifest(name)["schema"]["foreignKeys"]
    return [key for key in keys if (key["reference"]["resource"] or name) in among]


def citation() -> dict:
    """``CITATION.cff`` as a dictionary. Raises ArchiveError when it is missing or broken."""
    return read_yaml(tables.data_dir().parent / CITATION, ArchiveError)


def authors() -> list[str]:
    """Names of the authors in ``CITATION.cff``, as they are to be printed."""
    return [_author(entry) for entry in citation()["authors"]]


def _author(entry: dict) -> str:
    return entry.get("name") or f"{entry['given-names']} {entry['family-names']}"


def created(names: list[str]) -> str:
    """The last day on which a source of these tables was read, YYYY-MM-DD: the archive's date follows its content."""
    return max(str(tables.manifest(name)["retrieved"]) for name in names)


def file_of(name: str) -> Path:
    """The CSV file of a table."""
    return tables.data_dir() / tables.manifest(name)["path"]


def fields(name: str) -> list[dict]:
    """The columns of a table, from its manifest."""
    return tables.manifest(name)["schema"]["fields"]


def rows(name: str) -> list[list[Value]]:
    """The rows of a table with the types of its manifest: whole numbers as int, dates as ISO text, empty as None."""
    kinds = [CONVERT.get(field["type"], str) for field in fields(name)]
    with open(file_of(name), encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        return [[convert(text) if text else None for convert, text in zip(kinds, line, strict=True)] for line in lines]


def _whole(text: str) -> int:
    return int(float(text))


CONVERT: dict[str, Callable[[str], Value]] = {
    "integer": _whole,
    "number": float,
    "boolean": tables.TRUE_FALSE.__getitem__,
}
