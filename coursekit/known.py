"""Which rows of a table were known on a day: the rules of a manifest's key ``known``.

A rule says how the day on which a row was published follows from the row. The parts of a rule:

- ``by``: a column with a date, month or year (text, date or whole number). The row is known when that time has passed:
  2022 on 31 December 2022, 2023-07 on 31 July 2023. A cell that is empty or holds no date is not known.
- ``precision``: a column that says how far a date is known (day, month, year).
- ``from`` and ``key``: ``by`` stands in another table, whose rows the column ``key`` names (``sources`` by
  ``source_id``: the date of the publication in which the figure was read).
- ``released``: for each value of ``by`` (an edition) the day on which it was published.
- ``ends``: columns with a later time of the same row, emptied when it lies after the day.
- ``always``: why all rows count as known; ``never``: why none does, though some are old. One sentence each.

Tables without a rule, or with ``never``, cannot be read as of a day. Nothing here reads a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pandas as pd

from coursekit.errors import CourseKitError

DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?!\d)")


class KnownError(CourseKitError):
    """A table cannot be read as of a day. The message says which table, why, and what to do."""


def rows_known(rows: pd.DataFrame, manifest: dict, day: date, load: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The rows of a table that were published by a day, later endings emptied. ``load``: reads a whole other table.

    Raises KnownError for a table whose manifest has no rule, or the rule ``never``.
    """
    rule = _rule(manifest, day)
    if "always" in rule:
        return rows
    known = published(rows, rule, load) <= pd.Timestamp(day)
    return _without_later_endings(rows[known], rule.get("ends", []), day).reset_index(drop=True)


def published(rows: pd.DataFrame, rule: dict, load: Callable[[str], pd.DataFrame]) -> pd.Series:
    """The day on which each row was published by a rule, as timestamps; NaT where it is not known."""
    column = rows[rule["by"]] if "from" not in rule else _looked_up(rows, rule, load)
    if "released" in rule:
        return pd.to_datetime(column.map({one["value"]: one["day"] for one in rule["released"]}))
    return ends_of(column, rows[rule["precision"]] if "precision" in rule else None)


def ends_of(column: pd.Series, precision: pd.Series | None = None) -> pd.Series:
    """The last day of the date, month or year in each cell, as timestamps; NaT for a cell without one.

    precision: "day", "month" or "year" for each cell, where a date is known less far than it is written.
    """
    length = {"year": 4, "month": 7}
    texts = column.astype("string").str.slice(0, 10)
    if precision is not None:
        texts = pd.Series([t if pd.isna(t) else t[: length.get(p, 10)] for t, p in zip(texts, precision, strict=True)])
        texts.index = column.index
    ends = {text: _end(text) for text in texts.dropna().unique()}  # many rows, few different days
    return pd.to_datetime(texts.map(ends), errors="coerce")


def _end(text: str) -> pd.Timestamp:
    """The last day of '2023', '2023-07' or '2023-07-11'.

    >>> _end("2023-07")
    Timestamp('2023-07-31 00:00:00')
    """
    found = DATE.match(text)
    if not found:
        return pd.NaT
    year, month, day = found.groups()
    if day:
        return pd.Timestamp(f"{year}-{month}-{day}")
    return pd.Timestamp(f"{year}-{month or 12}-01") + pd.offsets.MonthEnd(0)


def _rule(manifest: dict, day: date) -> dict:
    rule = manifest.get("known", {})
    if rule and "never" not in rule:
        return rule
    why = rule.get("never", "its manifest has no rule 'known' that dates a row")
    raise KnownError(
        f"{manifest['name']}: the table cannot be read as of {day}: {why.rstrip('.')}; take a figure that was "
        "published by then, or give the manifest a rule."
    )


def _looked_up(rows: pd.DataFrame, rule: dict, load: Callable[[str], pd.DataFrame]) -> pd.Series:
    other = load(rule["from"]).drop_duplicates(rule["key"]).set_index(rule["key"])[rule["by"]]
    return rows[rule["key"]].map(other)


def _without_later_endings(rows: pd.DataFrame, columns: list[str], day: date) -> pd.DataFrame:
    """The rows without what was still to come: an ending after the day is empty."""
    rows = rows.copy()
    for name in columns:
        rows[name] = rows[name].mask(ends_of(rows[name]) > pd.Timestamp(day))
    return rows
