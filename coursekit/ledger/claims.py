"""The claims ledger: a table of claims with their tests, verdicts, numbers and references.

Reads the tables ``claims``, ``claim_numbers`` and ``claim_references``. A verdict's sentence may hold placeholders
such as ``{median_gap}``; they are filled with numbers computed from the data, never typed.
"""

from __future__ import annotations

import pandas as pd

from coursekit.data.expressions import value
from coursekit.tables import TableError, load, setting

# verdict: (mark, css class, one-line meaning). The mark and the word always stand together.
VERDICTS = {
    "held up": ("✓", "held-up", "The data to date agree with the claim."),
    "held then, not now": ("◷", "then-not-now", "True when it was written; later data say otherwise."),
    "mixed": ("◐", "mixed", "Measures point different ways, or cover only part of the claim."),
    "did not hold": ("✗", "did-not-hold", "The data disagree with the claim."),
    "not testable": ("?", "not-testable", "Open data cannot decide it; it is discussed as an argument."),
}


WORDS = {"work": "text", "since": "What came since"}


def word(name: str) -> str:
    """This course's word for ``work``, the text whose claims are tested, or ``since``, the heading of what came after.

    From the key ``ledger`` of ``data/course.yaml``; a general word where it has none.
    """
    return setting("ledger", {}).get(name, WORDS[name])


def claim(claim_id: str) -> pd.Series:
    """One row of the ledger. Raises TableError for an unknown id."""
    rows = load("claims").set_index("claim_id", drop=False)
    if claim_id not in rows.index:
        raise TableError(
            f"There is no claim '{claim_id}' in the ledger; claims run from {rows.index.min()} to {rows.index.max()}."
        )
    return rows.loc[claim_id]


def numbers(claim_id: str) -> dict[str, object]:
    """The numbers on which a verdict rests, computed now: number_id -> value."""
    rows = load("claim_numbers").query("claim_id == @claim_id")
    return {row.number_id: value(row.expression) for row in rows.itertuples()}


def reason(claim_id: str) -> str:
    """The verdict in words, with its numbers filled in. Raises TableError when a placeholder has no number."""
    text = claim(claim_id).verdict_reason
    try:
        return text.format(**numbers(claim_id))
    except KeyError as missing:
        raise TableError(
            f"claims.csv, claim {claim_id}: verdict_reason uses {missing}, which claim_numbers.csv does not have."
        ) from None


def references(claim_id: str, role: str) -> list[tuple[str, str]]:
    """References of a claim in one role ('basis', 'since', 'counter') as ('cite', key) or ('source', source_id)."""
    rows = load("claim_references").query("claim_id == @claim_id and role == @role")
    return [
        ("cite", r.reference) if isinstance(r.reference, str) else ("source", r.source_id) for r in rows.itertuples()
    ]
