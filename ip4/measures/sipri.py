"""Military expenditure after SIPRI, for states in and outside the alliance; calendar years, SIPRI's own definition."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members


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
