"""The claims ledger: a table of claims with their tests, numbers and references.

Reads the tables ``claims``, ``claim_numbers`` and ``claim_references``. The verdicts stand in ``verdicts``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.data.expressions import value
from coursekit.tables import TableError, day_of, load, setting

WORDS = {"work": "text", "since": "What came since"}


def word(name: str) -> str:
    """This course's word for ``work``, the text whose claims are tested, or ``since``, the heading of what came after.

    From the key ``ledger`` of ``data/course.yaml``; a general word where it has none.
    """
    return setting("ledger", {}).get(name, WORDS[name])


def claim(claim_id: str) -> pd.Series:
    """One row of the ledger. Raises TableError for an unknown id."""
    table = load("claims")
    rows = table[table.claim_id == claim_id]
    if rows.empty:
        known = table.claim_id
        raise TableError(
            f"There is no claim '{claim_id}' in the ledger; claims run from {known.min()} to {known.max()}."
        )
    return rows.iloc[0].rename(claim_id)


def number_rows(claim_id: str, as_of: str = "now") -> pd.DataFrame:
    """The rows of ``claim_numbers`` that a verdict may use: those of its moment, and for ``now`` those of then too."""
    table = load("claim_numbers")
    rows = table[table.claim_id == claim_id]
    return rows[rows.as_of == "then"] if as_of == "then" else rows


def numbers(claim_id: str, as_of: str = "now") -> dict[str, object]:
    """The numbers on which a verdict rests, computed now: number_id -> value.

    A number of ``then`` is computed from what was published by the day that the course calls so, and from nothing else.
    """
    return {row.number_id: number(row) for row in number_rows(claim_id, as_of).itertuples()}


def number(row) -> object:
    """The value of one row of ``claim_numbers``, computed now. Raises what its expression raises."""
    return value(row.expression, day=day_of(row.as_of))


def references(claim_id: str, role: str) -> list[tuple[str, str]]:
    """References of a claim in one role ('basis', 'since', 'counter') as ('cite', key) or ('source', source_id)."""
    table = load("claim_references")
    rows = table[(table.claim_id == claim_id) & (table.role == role)]
    return [
        ("cite", r.reference) if isinstance(r.reference, str) else ("source", r.source_id) for r in rows.itertuples()
    ]
