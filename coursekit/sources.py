"""How a source is named on a page: its publisher and date, what kind it is, how it was read, and in which copy.

The tables ``sources`` and ``source_copies`` hold what is said here; the pages take it from these functions alone, so
that a copy is never printed as if it were the source.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from coursekit import tables

COUNTED = ("extract", "reprint", "digest", "upload", "encyclopaedia")  # forms that a reader must weigh as copies
READ = {
    "whole": "read whole",
    "excerpt": "read in part",
    "table": "figures used",
    "title": "title only",
    "quoted": "quoted from a copy",
}


def name(source_id: str) -> str:
    """Publisher and date of a source: 'Publisher, 2023-07-11' or 'Publisher, undated'. TableError for an unknown id."""
    row = tables.source(source_id)
    return f"{row.publisher}, {row.vintage if isinstance(row.vintage, str) else 'undated'}"


def address(source_id: str) -> str:
    """Where a reader finds it: the publisher's page, else the copy that was read, else nothing."""
    row = tables.source(source_id)
    return row.url if isinstance(row.url, str) else (copy_of(source_id) or {}).get("copy_url", "")


def copy_of(source_id: str) -> dict[str, str] | None:
    """The copy in which a source was read, as the row of ``source_copies``; None when it was read at its publisher."""
    tables.source(source_id)
    return _copies(str(tables.data_dir())).get(source_id)


@cache
def _copies(_folder: str) -> dict[str, dict[str, str]]:
    if "source_copies" not in tables.names():
        return {}
    rows = tables.load("source_copies").fillna("")
    return {row["source_id"]: row for row in rows.to_dict("records")}


def is_copy(source_id: str) -> bool:
    """True when the source is known only from a copy of a form that counts (``COUNTED``)."""
    copy = copy_of(source_id)
    return copy is not None and copy["form"] in COUNTED


def told(source_id: str) -> str:
    """Kind and way of reading in words: 'primary, read in part', with the copy where one stands in its place."""
    row, copy = tables.source(source_id), copy_of(source_id)
    if not isinstance(row.get("kind"), str):
        return ""
    words = f"{row.kind}, {READ.get(row.get('read'), row.get('read'))}"
    return f"{words}, {copy['form']} at {copy['copy_publisher']}" if copy else words


def markdown(source_id: str, brackets: bool = False) -> str:
    """A Markdown link to a source, named by publisher and date; a counted copy says so.

    ``brackets`` puts the name in round brackets, as a note in a sentence.
    """
    words = name(source_id) + (
        f", read in a copy at {copy_of(source_id)['copy_publisher']}" if is_copy(source_id) else ""
    )
    words = f"({words})" if brackets else words
    link = address(source_id)
    return f"[{words}]({link})" if link else words


def counts() -> pd.DataFrame:
    """How many sources of each kind were read in which way: one row a kind, one column a way, in numbers of sources."""
    rows = tables.load("sources")
    return pd.crosstab(rows["kind"], rows["read"])
