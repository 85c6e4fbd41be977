"""What a new edition must not do to a table. Each refusal has its own sentence, and then nothing is written.

Refused are an edition older than the table's, a country (or another thing that the table points at) that vanishes, many
rows that are missing, a flag that most rows lose, and words that change in too many rows. Behind each stands a real
file that did such harm in silence.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit import tables
from coursekit.data.editions import SOURCE_COLUMNS, EditionError, key_text, text_of
from coursekit.data.plans import plan
from coursekit.errors import OlderError

MOST_LOST = 0.05  # a new edition that lacks more of the old rows than this is taken for a cut file
MOST_TEXT = 0.05  # share of rows whose words may change in one column: ``refresh.most_text_changed``
MOST_FLAGS = 0.5  # share of the rows with one mark that may lose it
FEW = 5  # a mark or a change in fewer rows tells nothing


def refuse(name: str, vintage: str, fresh: pd.DataFrame, change: dict) -> None:
    """Raises EditionError with the first harm that an edition would do.

    vintage: of the edition. fresh: its rows as text, before they are merged. change: of ``editions.difference``.
    """
    refuse_older(name, vintage)
    old, new = _compared(name, fresh)
    _refuse_vanished(name, old, new)
    _refuse_loss(name, change)
    _refuse_flags(name, old, new)
    _refuse_words(name, old, new)


def refuse_older(name: str, vintage: str) -> None:
    """Raises OlderError when the table holds a newer release; days are compared as far as both are known."""
    held = str(tables.manifest(name)["vintage"])
    known = min(len(held), len(vintage))
    if re.match(r"\d{4}", held) and vintage[:known] < held[:known]:
        raise OlderError(
            f"{name}: the file is of {vintage} and the table of {held}; an older release never replaces a newer one, "
            "take the publisher's newest file."
        )


def _compared(name: str, fresh: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The old and the new rows to set side by side: of the same edition, else of the newest one that the table has."""
    old = text_of(name)
    if "edition" not in _key(name):
        return old, fresh
    same = old[old.edition.isin(fresh.edition)]
    return (same if len(same) else old[old.edition == old.edition.max()]), fresh


def _key(name: str) -> list[str]:
    return tables.manifest(name)["schema"]["primaryKey"]


def _refuse_vanished(name: str, old: pd.DataFrame, new: pd.DataFrame) -> None:
    for column in _pointing(name):
        gone = sorted({*old[column]} - {*new[column]} - {""})
        if gone:
            rows = int((old[column] == gone[0]).sum())
            more = f" ({len(gone) - 1} more like this.)" if len(gone) > 1 else ""
            raise EditionError(
                f"{name}: {column} {gone[0]} has {rows} rows and would have none{more}; the publisher may write the "
                "name in another way: teach it to the reader, or drop the rows from the table first."
            )


def _pointing(name: str) -> list[str]:
    """Columns that point at another table, the table of sources left out."""
    keys = tables.manifest(name)["schema"]["foreignKeys"]
    return [key["fields"][0] for key in keys if key["reference"]["resource"] not in ("sources", "")]


def _refuse_loss(name: str, change: dict) -> None:
    lost = change["removed"]
    if len(lost) > MOST_LOST * change["of"]:
        raise EditionError(
            f"{name}: the new edition lacks {len(lost)} of {change['of']} rows, the first is {key_text(lost[0])}; "
            "the file is probably incomplete (if the publisher dropped them, drop them from the table first)."
        )


def _refuse_flags(name: str, old: pd.DataFrame, new: pd.DataFrame) -> None:
    for column in _columns(name, _is_flag):
        before, after = old[column].value_counts(), new[column].value_counts()
        for mark, rows in before.items():
            left = int(after.get(mark, 0))
            if rows >= FEW and left < (1 - MOST_FLAGS) * rows:
                raise EditionError(
                    f"{name}: the flag {column} collapses, '{mark}' stands in {rows} rows and would stand in {left}; "
                    "the reader probably no longer sees the publisher's mark: mend the reader."
                )


def _refuse_words(name: str, old: pd.DataFrame, new: pd.DataFrame) -> None:
    most = plan(name).get("most_text_changed", MOST_TEXT)
    key = [column for column in _key(name) if column != "edition"]
    both = old.merge(new, on=key, suffixes=("", " new"))
    for column in _columns(name, _is_text):
        changed = int((both[column] != both[f"{column} new"]).sum())
        if changed >= FEW and changed > most * len(both):
            raise EditionError(
                f"{name}: the words of {column} would change in {changed} of {len(both)} rows, more than the "
                f"{100 * most:g} percent that may; read the file, and raise refresh.most_text_changed if it is right."
            )


def _columns(name: str, fits) -> list[str]:
    """Columns of one kind that are no keys, no sources and not set free by the manifest."""
    bound = {*_key(name), *_pointing(name), *SOURCE_COLUMNS, *plan(name).get("free", [])}
    fields = tables.manifest(name)["schema"]["fields"]
    return [field["name"] for field in fields if field["name"] not in bound and fits(field)]


def _is_flag(field: dict) -> bool:
    return field["type"] == "boolean" or "enum" in field.get("constraints", {}) and field["type"] == "string"


def _is_text(field: dict) -> bool:
    return field["type"] == "string" and "enum" not in field.get("constraints", {})
