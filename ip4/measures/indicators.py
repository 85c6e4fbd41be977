"""One number a state: what the four partners can be compared on, and with which other states.

An indicator is a Series by iso3, a reference a set of states. Tables: un_ideal_points, un_agreement, sipri_spending,
arms_supplier_groups, trade_partners, isaf, world_bank_context, memberships, countries.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.groups import members

PARTNERS = "IP4"
VOTES, SPENDING, GROWTH, INCOME = "votes", "spending", "growth", "income"
ARMS, ARMS_BEFORE, EXPORTS, IMPORTS, SOLDIERS = "arms", "arms_before", "exports", "imports", "soldiers"
# key: (in words, unit)
WORDS = {
    VOTES: ("UN votes, 2024", "ideal point"),
    SPENDING: ("spending, 2025", "% of GDP"),
    GROWTH: ("its growth, 2021–25", "%"),
    ARMS_BEFORE: ("US arms, 2016–20", "% of arms imports"),
    ARMS: ("US arms, 2021–25", "% of arms imports"),
    EXPORTS: ("exports to China, 2023", "% of exports"),
    IMPORTS: ("China's goods, 2023", "% of imports"),
    SOLDIERS: ("Afghanistan, 2010", "soldiers per million"),
    INCOME: ("income, 2024", "thousand dollars"),
}
WORLD, REGION, OECD, NATO, SIZE = (
    "all states with data",
    "their region",
    "OECD members",
    "NATO and the four",
    "states of their size",
)
REFERENCES = [WORLD, REGION, OECD, NATO, SIZE]
AROUND = ("Eastern Asia", "South-eastern Asia", "Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia")
FEWEST = 10  # a reference with fewer states than this gives no test


def values(indicator: str) -> pd.Series:
    """One indicator by iso3, in the unit of ``WORDS``; states without a figure are left out.

    Raises TableError for an indicator that is not in ``WORDS``.
    """
    known = {
        VOTES: lambda: votes(2024),
        SPENDING: lambda: _column("sipri_spending", 2025, "share_gdp_pct"),
        GROWTH: lambda: growth(2021, 2025),
        ARMS_BEFORE: lambda: from_america("2016-20"),
        ARMS: lambda: from_america("2021-25"),
        EXPORTS: lambda: china(2023, "exports"),
        IMPORTS: lambda: china(2023, "imports"),
        SOLDIERS: lambda: soldiers("2010-11"),
        INCOME: lambda: _column("world_bank_context", 2024, "gdp_per_capita_ppp_usd") / 1000,
    }
    if indicator not in known:
        raise TableError(f"values(): there is no indicator '{indicator}'; indicators are {', '.join(known)}.")
    return known[indicator]().dropna().rename(indicator)


def votes(year: int) -> pd.Series:
    """Ideal points at the UN in a year, by iso3, in units of the model. Source: un_ideal_points (to 2024)."""
    return _column("un_ideal_points", year, "ideal_point")


def agreement(year: int, reference: str, basis: str) -> pd.Series:
    """Agreement with a state at the UN in a year, 0 to 1, by iso3. Source: un_agreement.

    reference: "USA", "CHN" or "RUS". basis: as in ``votes`` ("all", "outside").
    """
    rows = load("un_agreement").query("year == @year and reference == @reference and basis == @basis")
    return rows.set_index("iso3").agreement_score.dropna()


def growth(first: int, last: int) -> pd.Series:
    """Real growth of military expenditure between two years, in percent, by iso3. Source: sipri_spending."""
    money = load("sipri_spending").pivot(index="iso3", columns="year", values="constant_2024_usd_m")
    return (100 * (money[last] / money[first] - 1)).dropna()


def from_america(block: str) -> pd.Series:
    """Part of a state's arms imports that came from the United States in five years, in percent, by iso3.

    Volumes, not prices. Source: arms_supplier_groups; the United States itself is left out.
    """
    rows = load("arms_supplier_groups").query("supplier_group == 'United States' and block == @block")
    return rows.dropna(subset="iso3").set_index("iso3").share_pct.drop("USA", errors="ignore")


def china(year: int, flow: str) -> pd.Series:
    """Part of a state's trade in goods with China, in percent, by iso3: the four partners and ASEAN only.

    flow: "exports" or "imports". Rounded by the source, which lists the largest partners. Source: trade_partners.
    """
    rows = load("trade_partners").query("year == @year and flow == @flow and partner_iso3 == 'CHN'")
    return rows[rows.dataset == "factbook"].set_index("iso3").share_pct


def soldiers(month: str) -> pd.Series:
    """Soldiers in the mission in Afghanistan in a month, per million people, by iso3; 0 for a state not listed.

    Population of the same year; states without one are left out. Sources: isaf, world_bank_context.
    """
    people = _column("world_bank_context", int(month[:4]), "population")
    rows = load("isaf").dropna(subset="iso3")
    there = rows[rows.as_of.dt.strftime("%Y-%m") == month].groupby("iso3").personnel.sum()
    return (1e6 * there.reindex(people.index, fill_value=0) / people).dropna()


def reference(name: str) -> set[str] | None:
    """The states of a reference by iso3, the four partners always among them; None: no limit.

    their region: East and South-East Asia and Oceania. states of their size: between the smallest and the largest
    population of the four in 2024. Raises TableError for a name that is not in ``REFERENCES``.
    """
    known = {
        WORLD: lambda: None,
        REGION: _around,
        OECD: lambda: {*members("OECD"), *members(PARTNERS)},
        NATO: lambda: {*members("NATO"), *members(PARTNERS)},
        SIZE: _alike_in_size,
    }
    if name not in known:
        raise TableError(f"reference(): there is no reference '{name}'; references are {', '.join(known)}.")
    return known[name]()


def _around() -> set[str]:
    """States of East and South-East Asia and Oceania, by iso3. Source: countries."""
    rows = load("countries")
    return set(rows.iso3[rows.region.isin(AROUND)])


def _alike_in_size() -> set[str]:
    """States whose population in 2024 lies between the smallest and the largest of the four. world_bank_context."""
    people = _column("world_bank_context", 2024, "population")
    own = people[people.index.isin(members(PARTNERS))]
    return set(people.index[people.between(own.min(), own.max())])


def limits() -> dict[str, set[str] | None]:
    """The states of every reference of ``REFERENCES``, looked up once where many tests need them."""
    return {name: reference(name) for name in REFERENCES}


def among(points: pd.Series, name: str, known: dict[str, set[str] | None] | None = None) -> pd.Series:
    """The values of the states of a reference; empty where fewer than ``FEWEST`` states are left.

    known: the states of the references, as ``limits`` gives them.
    """
    states = reference(name) if known is None else known[name]
    kept = points if states is None else points[points.index.isin(states)]
    return kept if len(kept) >= FEWEST else kept.iloc[:0]


def _column(table: str, year: int, column: str) -> pd.Series:
    rows = load(table).query("year == @year")
    return rows.set_index("iso3")[column].dropna().astype(float)
