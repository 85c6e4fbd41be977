"""The rules of one table, checked by columns: keys to other tables, primary key, patterns, bounds, lengths.

``course data check`` of the whole folder asks Frictionless, row by row. For one table that costs seconds, most of them
for rows of tables that nobody touched; these are the same rules, computed over whole columns. Types, choices and empty
cells are checked when the table is loaded. A test damages tables and asks both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pandas as pd

from coursekit import tables
from coursekit.data.editions import text_of


def problems(names: Iterable[str]) -> list[str]:
    """What breaks a rule in these tables, and in the keys between them and all others; one sentence each."""
    _text.cache_clear()
    looked = [*names]
    found = [line for name in looked for line in [*_columns(name), *_primary(name)]]
    return found + [line for name in tables.names() for line in _foreign(name, looked)]


@cache
def _text(name: str) -> pd.DataFrame:
    """A table as text, read once for one check."""
    return text_of(name)


def _columns(name: str) -> Iterator[str]:
    loaded, text = tables.load(name), _text(name)
    for field in tables.manifest(name)["schema"]["fields"]:
        column = field["name"]
        for rule, wanted in field.get("constraints", {}).items():
            if rule in RULES:
                bad = RULES[rule](loaded[column], text[column], wanted) & (text[column] != "")
                yield from _told(name, text[column], bad, column, f"breaks the rule {rule}: {wanted}")


def _pattern(_typed: pd.Series, text: pd.Series, wanted: str) -> pd.Series:
    return ~text.str.fullmatch(wanted)


def _longer(_typed: pd.Series, text: pd.Series, wanted: int) -> pd.Series:
    return text.str.len() > wanted


def _below(typed: pd.Series, _text: pd.Series, wanted) -> pd.Series:
    return (typed < _bound(typed, wanted)).fillna(False).astype(bool)


def _above(typed: pd.Series, _text: pd.Series, wanted) -> pd.Series:
    return (typed > _bound(typed, wanted)).fillna(False).astype(bool)


def _twice(_typed: pd.Series, text: pd.Series, wanted: bool) -> pd.Series:
    return text.duplicated() & wanted


def _bound(typed: pd.Series, wanted):
    return pd.Timestamp(wanted) if pd.api.types.is_datetime64_any_dtype(typed) else wanted


RULES = {"pattern": _pattern, "maxLength": _longer, "minimum": _below, "maximum": _above, "unique": _twice}


def _primary(name: str) -> Iterator[str]:
    text, key = _text(name), tables.manifest(name)["schema"]["primaryKey"]
    bad = text.duplicated(key)
    rows = text[key[0]].where(~bad, " ".join(text[key][bad].iloc[0]) if bad.any() else "")
    yield from _told(name, rows, bad, ", ".join(key), "stands in an earlier row too")


def _foreign(name: str, looked: list[str]) -> Iterator[str]:
    """Keys of a table that point at nothing; only those from or to the tables looked at."""
    for key in tables.manifest(name)["schema"]["foreignKeys"]:
        other = key["reference"]["resource"] or name
        if name in looked or other in looked:
            yield from _pointing_at_nothing(name, key, other)


def _pointing_at_nothing(name: str, key: dict, other: str) -> Iterator[str]:
    here, there = _text(name)[key["fields"]], _text(other)[key["reference"]["fields"]]
    known = pd.MultiIndex.from_frame(there)
    bad = ~pd.MultiIndex.from_frame(here).isin(known) & (here != "").any(axis=1).to_numpy()
    words = here.iloc[:, 0]
    yield from _told(name, words, pd.Series(bad, here.index), ", ".join(key["fields"]), f"is not in the table {other}")


def _told(name: str, cells: pd.Series, bad: pd.Series, column: str, fault: str) -> Iterator[str]:
    """One sentence for the first bad row, with how many more there are."""
    if count := int(bad.sum()):
        row = int(bad.to_numpy().argmax())
        more = f" ({count - 1} more like this)" if count > 1 else ""
        yield f"{name}.csv, row {row + 2}, column '{column}': '{cells.iloc[row]}' {fault}{more}; correct the cell."
