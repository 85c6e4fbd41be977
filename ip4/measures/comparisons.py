"""Agreement at the UN as a reader compares it: by name, by group, before and after. Built on ``votes``; scores 0 to 1.

Source: un_agreement, memberships, countries. A reference, a basis and a group are what ``votes`` says they are.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures import votes

MEDIANS = {
    "NATO": "NATO allies (median)",
    "IP4": "The four partners (median)",
    "rest": "Other UN members (median)",
}
GROUPS = {
    "NATO": "NATO allies",
    "EU": "EU members",
    "IP4": "the four partners",
    "ASEAN": "ASEAN members",
    "G7": "G7 members",
}


def by_name(reference: str = "USA") -> pd.DataFrame:
    """What a reader can choose from: who, basis (in words), year, agreement (0 to 1, three decimals).

    First the medians of the allies, the four partners and all other UN members, then each ally and partner by name.
    Years without a score (2024) are rows without a value, so that lines break there.
    """
    bases = [basis for name, basis in votes.compared() if name == reference]
    rows = pd.concat(votes.agreement(reference, basis).assign(basis=votes.BASES[basis]) for basis in bases)
    medians = rows.groupby(["group", "basis", "year"], as_index=False).agreement_score.median()
    medians = medians.assign(who=medians.group.map(MEDIANS)).sort_values(
        "group", key=lambda g: g.map(list(MEDIANS).index)
    )
    single = rows[rows.group != "rest"].rename(columns={"name": "who"}).sort_values("who")
    found = pd.concat([medians, single]).rename(columns={"agreement_score": "agreement"}).round(3)
    keys = found[["who", "basis"]].drop_duplicates()
    full = keys.merge(pd.DataFrame({"year": range(found.year.min(), found.year.max() + 1)}), how="cross")
    return full.merge(found[["who", "basis", "year", "agreement"]], how="left")


def falls(states: list[str], reference: str = "USA", first: int = 2023, last: int = votes.YEAR) -> pd.DataFrame:
    """How far agreement with a reference fell, by state and basis: country, basis (in words), fall (two decimals)."""
    found = [
        (
            load("countries").set_index("iso3").name[iso3],
            votes.BASES[basis],
            round(votes.fall([iso3], basis, first, last, reference), 2),
        )
        for iso3 in states
        for name, basis in votes.compared()
        if name == reference
    ]
    return pd.DataFrame(found, columns=["country", "basis", "fall"])


def of_groups() -> pd.DataFrame:
    """Each group with each reference and basis: group, compared (in words), year, members, least, median, most.

    Scores 0 to 1, three decimals, of the least, the median and the most agreeing member; years without scores are rows
    without values.
    """
    found = []
    for group, label in GROUPS.items():
        for pair, words in votes.compared().items():
            scores = votes.of_group(group, *pair).groupby("year").agreement_score
            rows = scores.agg(members="count", least="min", median="median", most="max").round(3)
            rows = rows.reindex(range(rows.index.min(), rows.index.max() + 1))
            found.append(rows.reset_index(names="year").assign(group=label, compared=words))
    columns = ["group", "compared", "year", "members", "least", "median", "most"]
    return pd.concat(found, ignore_index=True)[columns]
