"""The report of cross-checks: each published figure beside the one computed here, with the copy it was read in."""

from __future__ import annotations

import csv
import io

from coursekit import sources, tables
from coursekit.data import expressions
from coursekit.data.archive import contents

COLUMNS = [
    "table",
    "in_archive",
    "what",
    "published",
    "computed",
    "difference",
    "tolerance",
    "cells_compared",
    "source_id",
    "copy_used",
]
ITSELF = "the table itself"


def report() -> list[dict]:
    """One row a check of any table, with the keys ``COLUMNS``: computed now, from this data."""
    kept = set(contents.inside())
    checks = [(name, check) for name in tables.names() for check in tables.manifest(name)["checks"]]
    return [{"table": name, "in_archive": name in kept, **compared(name, check)} for name, check in checks]


def compared(name: str, check: dict) -> dict:
    """One check as numbers: what is published, what the table gives, how far apart, from how many cells."""
    value = float(expressions.value(check["expression"], name))
    return {
        "what": check["what"],
        "published": check["expected"],
        "computed": _plain(value),
        "difference": _plain(round(value - float(check["expected"]), 10)),
        "tolerance": check["tolerance"],
        "cells_compared": int(expressions.value(check["cells"], name)) if "cells" in check else 1,
        "source_id": check.get("source_id", ""),
        "copy_used": copy_used(check.get("source_id", "")),
    }


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else round(number, 6)


def copy_used(source_id: str) -> str:
    """What was read, in words: publisher, title, how, the address, and the copy where one stands in its place.

    ``ITSELF`` for a check that names no source.
    """
    if not source_id:
        return ITSELF
    title = tables.source(source_id).title
    words = [sources.name(source_id), title, sources.told(source_id), sources.address(source_id)]
    return ". ".join(word.rstrip(".") for word in words if word) + "."


def as_csv(rows: list[dict]) -> str:
    """The report as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
