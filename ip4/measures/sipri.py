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
