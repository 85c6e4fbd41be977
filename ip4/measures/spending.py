"""Defence spending of the allies in NATO's yearly tables. One edition at a time: editions revise each other."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

NEWEST = 2026  # edition of NATO's tables that the course reads by default


def spending(edition: int = NEWEST, members_only: bool = True) -> pd.DataFrame:
    """One row an ally and year of one edition, the ally's name in ``ally``; units as in the table ``nato_spending``.

    members_only: keep only the years in which the state was a member (year of accession included).
    """
    names = load("countries")[["iso3", "name"]].rename(columns={"name": "ally"})
    rows = load("nato_spending").query("edition == @edition").merge(names, on="iso3")
    return rows[rows.is_member] if members_only else rows


def allies_at(threshold: float, year: int, column: str = "share_gdp_pct", edition: int = NEWEST) -> int:
    """How many members of a year reach a threshold (percent) in an edition. Source: ``nato_spending``."""
    return int((spending(edition).query("year == @year")[column] >= threshold).sum())
