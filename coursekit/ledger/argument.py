"""The argument that the claims make together: which claim bears on which, and how. Nothing is drawn here.

Reads the tables ``claims`` and ``claim_links``. A step has a relation; seen from the claim that it bears on, that has
other words (``supports`` becomes ``supported by``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coursekit.tables import TableError, load

# relation: (sign, words seen from the claim that the step bears on). Sign and word always stand together.
RELATIONS = {
    "supports": ("↑", "supported by"),
    "qualifies": ("~", "qualified by"),
    "contrasts": ("≠", "contrasts with"),
}
WORDS = {"contrasts": "contrasts with"}  # a relation in a sentence, where the bare word does not do


@dataclass(frozen=True)
class Step:
    """One step of the argument, seen from one of its two claims: the other claim, the words between, the reading."""

    other: str
    sign: str
    words: str
    reading: str


def steps_from(claim_id: str) -> list[Step]:
    """The steps that start at a claim, in the table's order. Raises TableError for a relation without a sign."""
    table = load("claim_links")
    links = table[table.from_claim == claim_id]
    return [
        Step(link.to_claim, _sign(link.relation), WORDS.get(link.relation, link.relation), link.reading)
        for link in links.itertuples()
    ]


def steps_to(claim_id: str) -> list[Step]:
    """The steps that end at a claim, in the table's order, in the words of the claim that they bear on."""
    table = load("claim_links")
    links = table[table.to_claim == claim_id]
    return [
        Step(link.from_claim, _sign(link.relation), RELATIONS[link.relation][1], link.reading)
        for link in links.itertuples()
    ]


def _sign(relation: str) -> str:
    if relation not in RELATIONS:
        known = ", ".join(RELATIONS)
        raise TableError(f"claim_links: there is no relation '{relation}'; write one of {known}.")
    return RELATIONS[relation][0]


def weights() -> pd.Series:
    """How many steps touch each claim that any step touches: whole numbers by claim id, the heaviest first."""
    links = load("claim_links")
    return pd.concat([links.from_claim, links.to_claim]).value_counts()


def inside_a_paragraph() -> int:
    """How many steps join two claims of the same paragraph of the article."""
    paragraph = load("claims").set_index("claim_id").paragraph
    links = load("claim_links")
    return int((links.from_claim.map(paragraph).to_numpy() == links.to_claim.map(paragraph).to_numpy()).sum())
