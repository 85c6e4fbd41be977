"""The cases and files of the graded exercise on cohesion: five groups, their votes of 2025, each member's weight.

Names are those of the table countries, so that a reader meets no codes. Sources: un_votes, un_resolutions,
un_agreement, memberships. Scores and indices run from 0 to 1.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import votes

WORDS = ["yes", "abstain", "no", "not_voting"]
TOTALS = ["yes", "no", "abstain", "not_voting"]
FEBRUARY = "ES-11/7"  # the text by Ukraine and European states of 24 February 2025
FIRST = 2013  # first year that a case may compare with 2025
YEARS = 11  # years from which a case may come


def _groups() -> dict[str, list[str]]:
    """The five groups, each a list of iso3 codes of today's members."""
    nato, partners, eu = members("NATO"), members("IP4"), members("EU")
    return {
        "NATO": nato,
        "NATO and the four partners": nato + partners,
        "NATO without the United States": [iso3 for iso3 in nato if iso3 != "USA"],
        "EU members in NATO": [iso3 for iso3 in nato if iso3 in eu],
        "ASEAN": members("ASEAN"),
    }


def cases() -> list[dict]:
    """All cases: a group, one of its members, a year. Years in which the source lost the member's votes are out."""
    names = _names()
    known = set(_compared()[["iso3", "year"]].itertuples(index=False, name=None))
    found = []
    pairs = [(group, iso3) for group, states in _groups().items() for iso3 in states if iso3 != "USA"]
    for place, (group, iso3) in enumerate(pairs):
        year = FIRST + place * 4 % YEARS
        if (iso3, year) in known:
            found.append({"group": group, "member": names[iso3], "year": year})
    return found


def member_table() -> pd.DataFrame:
    """Columns group, country: the members of each group by name."""
    names = _names()
    rows = [(group, name) for group, states in _groups().items() for name in sorted(names[states])]
    return pd.DataFrame(rows, columns=["group", "country"])


def vote_table() -> pd.DataFrame:
    """Columns resolution, country, vote: every recorded vote of the members in 2025."""
    rows = load("un_votes").merge(votes.roll_calls(regular=False).reset_index()[["resolution"]])
    return _named(rows)[["resolution", "country", "vote"]].reset_index(drop=True)


def roll_call_table() -> pd.DataFrame:
    """All recorded votes of 2025 with date, title, is_special_session and the totals of all UN members."""
    return votes.roll_calls(regular=False).reset_index()[["resolution", "date", "title", "is_special_session", *TOTALS]]


def agreement_table() -> pd.DataFrame:
    """Columns country, year, basis, agreement_score, n_joint_votes: agreement with the United States since 2013."""
    rows = load("un_agreement").query("reference == 'USA' and year >= @FIRST")
    rows = _named(rows).sort_values(["country", "basis", "year"])
    return rows[["country", "year", "basis", "agreement_score", "n_joint_votes"]].reset_index(drop=True)


def february_table() -> pd.DataFrame:
    """Columns group, yes, abstain, no, not_voting: members by vote on ES-11/7."""
    rows = [
        {"group": group, **{word: votes.count(FEBRUARY, word, states) for word in WORDS}}
        for group, states in _groups().items()
    ]
    return pd.DataFrame(rows)


def effect_table() -> pd.DataFrame:
    """Columns group, set, roll_calls, mean_index, country, effect: what each member does to its group's mean index.

    set: all or contested roll calls of the regular sessions of 2025. effect: without the member minus with it.
    """
    return pd.concat(
        [_effects(group, states, basis) for group, states in _groups().items() for basis in votes.BASES],
        ignore_index=True,
    )


def _effects(group: str, states: list[str], basis: str) -> pd.DataFrame:
    rows = votes.leave_one_out(states, basis).round(4).rename_axis("iso3").reset_index()
    rows = rows.assign(
        group=group,
        set=basis,
        roll_calls=len(votes.roll_calls(basis)),
        mean_index=round(votes.mean_index(states, basis), 3),
        country=rows.iso3.map(_names()),
    )
    columns = ["group", "set", "roll_calls", "mean_index", "country", "effect"]
    return rows.sort_values(["effect", "country"])[columns]  # by name where effects are equal


def _compared() -> pd.DataFrame:
    return load("un_agreement").query("reference == 'USA' and basis == 'contested'")


def _names() -> pd.Series:
    return load("countries").set_index("iso3").name


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Only members of the five groups, with their names in ``country``."""
    ours = {iso3 for states in _groups().values() for iso3 in states}
    rows = rows[rows.iso3.isin(ours)]
    return rows.merge(load("countries")[["iso3", "name"]]).rename(columns={"name": "country"})
