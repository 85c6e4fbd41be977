"""Who belongs to which organisation, who to two of them, and who is left out. Sources: memberships, organisations.

A state counts in a year when it belongs at the year's end. Membership of the EU before 1993 is that of the Communities.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4 import groups

FIRST, LAST = 1949, 2026
BOTH, NATO_ONLY, EU_ONLY = "in both", "in NATO only", "in the EU only"
# Organisations and formats that the lab compares: code, and the name that a reader sees.
COMPARED = {
    "NATO": "NATO",
    "EU": "European Union",
    "G7": "G7",
    "OECD": "OECD",
    "FIVE_EYES": "Five Eyes",
    "AUKUS": "AUKUS",
    "QUAD": "Quad",
    "SQUAD": "Squad",
    "FPDA": "Five Powers (FPDA)",
    "MSMT": "MSMT (North Korea)",
    "UDCG": "Ukraine contact group",
    "ASEAN": "ASEAN",
    "EAS": "East Asia Summit",
    "ARF": "ASEAN Regional Forum",
    "RCEP": "RCEP",
    "CPTPP": "CPTPP",
    "BRICS": "BRICS",
    "SCO": "SCO (Shanghai)",
}


def inside(group: str, year: int) -> set[str]:
    """States (iso3) that belong to a group at the end of a year; the group as ``ip4.groups`` names it."""
    return set(groups.members(group, f"{year}-12-31"))


def parts_by_year(first: int = FIRST, last: int = LAST) -> dict[int, dict[str, set[str]]]:
    """States in both NATO and the EU, in NATO only, and in the EU only at the end of each year, as sets of iso3."""
    years = range(first, last + 1)
    allies, members = groups.members_at_ends("NATO", years), groups.members_at_ends("EU", years)
    pairs = {year: (set(allies[year]), set(members[year])) for year in years}
    return {year: {BOTH: nato & eu, NATO_ONLY: nato - eu, EU_ONLY: eu - nato} for year, (nato, eu) in pairs.items()}


def parts(year: int) -> dict[str, set[str]]:
    """The three sets of ``parts_by_year`` at the end of one year."""
    return parts_by_year(year, year)[year]


def size(part: str, year: int) -> int:
    """How many states stand in one of the three ``parts`` at the end of a year."""
    return len(parts(year)[part])


def by_year() -> pd.DataFrame:
    """The three parts in each year from 1949, long: year, part, states (a count)."""
    found = [(year, part, len(states)) for year, sets in parts_by_year().items() for part, states in sets.items()]
    return pd.DataFrame(found, columns=["year", "part", "states"])


def named() -> pd.DataFrame:
    """The same, one row a year: year, both (a count), nato_only, eu_only (names in words, "nobody" when empty)."""
    found, known = [], short_names()
    for year, now in parts_by_year().items():
        found.append((year, len(now[BOTH]), names(now[NATO_ONLY], known), names(now[EU_ONLY], known)))
    return pd.DataFrame(found, columns=["year", "both", "nato_only", "eu_only"])


def short_names() -> dict[str, str]:
    """The short name of each state, by iso3. Source: countries."""
    return load("countries").set_index("iso3").short_name.to_dict()


def names(states: set[str], known: dict[str, str] | None = None) -> str:
    """Short names of states in the order of the alphabet, joined by commas; "nobody" for none. Source: countries.

    known: what ``short_names`` gives, for who asks often.
    """
    known = short_names() if known is None else known
    return ", ".join(sorted(known[iso3] for iso3 in states)) or "nobody"


def captions() -> pd.DataFrame:
    """What to say for each year of ``named``: year, caption."""
    rows = named()
    said = [
        f"{row.year}: {row.both} states in both; in the EU only: {row.eu_only}" for row in rows.itertuples(index=False)
    ]
    return rows[["year"]].assign(caption=said)


def share_in_both() -> pd.Series:
    """Percent of the EU's members that are allies at the end of each year since 1958, indexed by year."""
    found = {}
    for year, now in parts_by_year(1958).items():
        found[year] = 100 * len(now[BOTH]) / (len(now[BOTH]) + len(now[EU_ONLY]))
    return pd.Series(found, name="share")


def seats(code: str) -> set[str]:
    """States (iso3) that sit in an organisation or format today: members and, where it has none, partners."""
    return set(groups.members(code))


def compared() -> pd.DataFrame:
    """Each pair of COMPARED: one, other (names), shared, only_one, only_other (counts), partners (of the four in both),
    left_out (the four that are in neither, in words)."""
    four, known = set(groups.members("IP4")), short_names()
    all_seats = {code: seats(code) for code in COMPARED}
    found = [
        (
            COMPARED[one],
            COMPARED[other],
            len(a & b),
            len(a - b),
            len(b - a),
            names(four & a & b, known),
            names(four - a - b, known),
        )
        for one, a in all_seats.items()
        for other, b in all_seats.items()
        if one != other
    ]
    columns = ["one", "other", "shared", "only_one", "only_other", "partners_in_both", "partners_in_neither"]
    return pd.DataFrame(found, columns=columns)


def compared_captions() -> pd.DataFrame:
    """What to say for each organisation of ``compared``: one, caption with its closest kin."""
    rows = compared()
    best = rows.loc[rows.groupby("one", sort=False).shared.idxmax()]
    said = [f"{row.one} shares most states with {row.other}: {row.shared}" for row in best.itertuples(index=False)]
    return best[["one"]].assign(caption=said).reset_index(drop=True)


def with_all_four() -> list[str]:
    """Codes of COMPARED in which each of the four partners sits."""
    four = set(groups.members("IP4"))
    return [code for code in COMPARED if four <= seats(code)]


def with_all_four_without(iso3: str) -> list[str]:
    """The same, without those in which one further state sits as well (``CHN``)."""
    return [code for code in with_all_four() if iso3 not in seats(code)]


def in_how_many(codes: list[str]) -> pd.Series:
    """In how many of some organisations each state sits that sits in at least one: counts indexed by iso3."""
    return pd.Series([iso3 for code in codes for iso3 in sorted(seats(code))], dtype="object").value_counts()


def in_all(codes: list[str]) -> set[str]:
    """States (iso3) that sit in every one of some organisations."""
    return set.intersection(*(seats(code) for code in codes))


def seated(codes: list[str]) -> pd.DataFrame:
    """Whether each of the four, the United States and China sits in each of some organisations.

    Columns: state, organisation (names of COMPARED), sits ("yes" or "no").
    """
    known = load("countries").set_index("iso3").short_name
    found = [
        (known[iso3], COMPARED[code], "yes" if iso3 in seats(code) else "no")
        for iso3 in [*groups.members("IP4"), "USA", "CHN"]
        for code in codes
    ]
    return pd.DataFrame(found, columns=["state", "organisation", "sits"])
