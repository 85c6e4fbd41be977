"""Military expenditure after SIPRI, for states in and outside the alliance; calendar years, SIPRI's own definition."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members

ARMED = {"JPN": "Japan", "CHN": "China", "USA": "United States"}


def shares(group: str, year: int) -> pd.Series:
    """Military expenditure of the states of a group in percent of GDP, indexed by iso3. Source: ``sipri_spending``.

    group: as in ``ip4.groups.members``, the members of today; a state without a figure is left out.
    """
    rows = load("sipri_spending").query("year == @year")
    return rows[rows.iso3.isin(members(group))].set_index("iso3").share_gdp_pct.dropna()


def growth(state: str, first: int, last: int) -> float:
    """Real growth of a state's military expenditure between two years, in percent. Source: ``sipri_spending``.

    Constant dollars of 2024.
    """
    money = load("sipri_spending").query("iso3 == @state").set_index("year").constant_2024_usd_m
    return float(100 * (money[last] / money[first] - 1))


def trusted(state: str) -> pd.DataFrame:
    """A state's spending and the trust in it in Southeast Asia, years that have both: year, money, index, trust.

    money: billion constant dollars of 2024 (``sipri_spending``); index: the same, the first year 100. trust: percent of
    those asked by ISEAS who expect it to do the right thing, mean of ten countries (``opinion_polls``).
    """
    asked = load("opinion_polls").query("pollster == 'ISEAS' and population == 'ASEAN10' and about == @state")
    asked = asked.query("question == 'trust' and answer == 'trust'")[["survey_year", "pct"]]
    money = load("sipri_spending").query("iso3 == @state")[["year", "constant_2024_usd_m"]]
    rows = money.merge(asked, left_on="year", right_on="survey_year").sort_values("year", ignore_index=True)
    spent = rows.constant_2024_usd_m
    rows = rows.assign(money=(spent / 1000).round(1), index=(100 * spent / spent.iloc[0]).round(1), trust=rows.pct)
    return rows[["year", "money", "index", "trust"]]


def trusted_powers() -> pd.DataFrame:
    """``trusted`` for each power of ``ARMED``: power, year, money, index, trust.

    Sources: ``sipri_spending``, ``opinion_polls``.
    """
    return pd.concat([trusted(state).assign(power=name) for state, name in ARMED.items()], ignore_index=True)


def trusted_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """First and last year of each power in rows of ``trusted_powers`` (``sipri_spending``): power, caption."""
    said = []
    for power, part in rows.groupby("power", sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        spent = f"spending {first['index']:.0f} in {first.year}, {last['index']:.0f} in {last.year}"
        said.append((power, f"{power}: {spent}; trust {first.trust:.1f} and {last.trust:.1f} per cent"))
    return pd.DataFrame(said, columns=["power", "caption"])


def value(state: str, year: int, column: str = "share_gdp_pct") -> float:
    """One cell of ``sipri_spending``, in the unit of its column (percent of GDP, million dollars)."""
    return float(load("sipri_spending").set_index(["iso3", "year"])[column][state, year])


def eu_allies_growth(first: int, last: int) -> float:
    """Real growth, percent, of the sum over today's allies in the EU that have a figure in both years.

    Constant dollars of 2024. Source: ``sipri_spending``.
    """
    rows = load("sipri_spending")
    rows = rows[rows.iso3.isin(set(members("EU")) & set(members("NATO")))]
    both = rows.pivot(index="iso3", columns="year", values="constant_2024_usd_m")[[first, last]].dropna().sum()
    return float(100 * (both[last] / both[first] - 1))
