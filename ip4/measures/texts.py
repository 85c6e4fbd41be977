"""Measures on whole collections of official texts: who names what, and when (table ``text_counts``)."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

WRITTEN = ("statements_releases", "presidential_actions", "fact_sheets", "briefings_statements", "articles", "releases")
BOTH = "nato_and_indo_pacific"


def _rows(collection: str, term: str) -> pd.DataFrame:
    """Rows of one collection and term; a ValueError names what there is when nothing is found."""
    table = load("text_counts")
    rows = table[(table.collection == collection) & (table.term == term)]
    if rows.empty:
        known = sorted(table.term[table.collection == collection].unique())
        raise ValueError(
            f"text_counts has no '{term}' in '{collection}'; it has {', '.join(known) or 'no such texts'}."
        )
    return rows


def _between(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    return rows[(rows.period_start >= start) & (rows.period_end <= end)]


def linked(start: str, end: str) -> int:
    """Written White House texts that name NATO and the Indo-Pacific, in texts.

    start, end: first and last day; whole months between them count. Source: text_counts, own count.
    """
    rows = _rows("white_house", BOTH)
    return int(_between(rows[rows.text_kind.isin(WRITTEN)], start, end).documents_with.sum())


def linked_in(year: int) -> int:
    """``linked`` for a calendar year, in texts (``text_counts``). linked_in(2022) -> 10."""
    return linked(f"{year}-01-01", f"{year}-12-31")


def by_half_year() -> pd.DataFrame:
    """Written White House texts by half-year: half ("2021, first half"), texts, naming_both, per_thousand (texts).

    naming_both: texts that name NATO and the Indo-Pacific. Whole months only. Source: ``text_counts``.
    """
    rows = _rows("white_house", BOTH)
    rows = rows[rows.text_kind.isin(WRITTEN)]
    half = (rows.period_start.dt.month > 6).map({False: "first half", True: "second half"})
    found = rows.groupby(rows.period_start.dt.year.astype(str) + ", " + half)[["documents", "documents_with"]].sum()
    found = found.rename_axis("half").reset_index()
    found = found.rename(columns={"documents": "texts", "documents_with": "naming_both"})
    return found.assign(per_thousand=(1000 * found.naming_both / found.texts).round(1))
