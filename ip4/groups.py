"""Named groups of states, read from the memberships table: no list of states is written in code.

>>> members("IP4")
['AUS', 'JPN', 'KOR', 'NZL']
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

import pandas as pd

from coursekit.tables import TableError, load

ALIASES = {"IP4": "NATO_IP4", "AP4": "NATO_IP4"}
FULL = ["member", "former member", "suspended"]


def members(group: str, on: str | date | None = None) -> list[str]:
    """The states of a group as a sorted list of iso3 codes.

    group: a code of the memberships table ("NATO", "EU", "ASEAN", "QUAD" ...) or "IP4". Candidates, observers and
    invited states are not counted; in informal groups that have no members (IP4) the partners are.
    on: a day ("2023-07-11" or a date). A joining date known only by year or month counts from its first day, a date of
    leaving from that day. Without a day: those who belong now. For IP4 the date is the start of dialogue with NATO, so
    leave the day out when you want the same four in every year.
    Raises TableError for an unknown group, a day that is not YYYY-MM-DD, or joining dates that are not sourced.
    """
    rows = _rows(group)
    return sorted(rows.iso3[rows.leave_date.isna()]) if on is None else _inside(rows, group, _iso_day(on))


def members_at_ends(group: str, years: Iterable[int]) -> dict[int, list[str]]:
    """``members`` on the last day of each of some years, by year: the table is read once. Raises TableError as there.

    Years that are still to end count what is known today.
    """
    rows = _rows(group)
    return {year: _inside(rows, group, f"{year}-12-31") for year in years}


def _inside(rows: pd.DataFrame, group: str, day: str) -> list[str]:
    """Who of the rows of a group belongs to it on a day, as a sorted list of iso3 codes."""
    if rows.join_date.isna().any():
        unknown = ", ".join(rows.iso3[rows.join_date.isna()])
        raise TableError(f"memberships: the joining dates of {unknown} in {group} are not sourced; leave the day out.")
    inside = (rows.join_date <= day) & (rows.leave_date.isna() | (rows.leave_date > day))
    return sorted(rows.iso3[inside])


def members_since(group: str) -> pd.Series:
    """The year in which each present member of a group joined: whole numbers, indexed by iso3 and sorted by it.

    For rows of a table of states: ``rows[rows.year >= rows.iso3.map(members_since("NATO"))]``.
    Raises TableError for an unknown group or a joining year that is not sourced.
    """
    rows = _rows(group)
    years = rows[rows.leave_date.isna()].set_index("iso3").join_year.sort_index()
    if years.isna().any():
        unknown = ", ".join(years.index[years.isna()])
        raise TableError(
            f"memberships: the joining years of {unknown} in {group} are not sourced; use members('{group}')."
        )
    return years.astype("int64")


def _rows(group: str) -> pd.DataFrame:
    table = load("memberships")
    rows = table[table.organisation == ALIASES.get(group, group)]
    if rows.empty:
        known = sorted({*table.organisation, *ALIASES})
        near = get_close_matches(group, known, n=1, cutoff=0.4)
        hint = f"Did you mean '{near[0]}'?" if near else f"Groups are {', '.join(known)}."
        raise TableError(f"memberships: there is no group '{group}'. {hint}")
    full = rows[rows.status.isin(FULL)]
    return rows if full.empty else full


def _iso_day(on: str | date) -> str:
    try:
        return date.fromisoformat(str(on)).isoformat()
    except ValueError:
        raise TableError(f"members(): the day '{on}' is not a date; write it as YYYY-MM-DD (2023-07-11).") from None
