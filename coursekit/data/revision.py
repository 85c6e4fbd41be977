"""The report on a new edition: rows, figures, flags and words that change, and numbers of the ledger that move."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from coursekit import tables
from coursekit.data import editions

SHOWN = 5
SHOWN_LENGTH = 60


def lines(name: str, vintage: str, change: dict) -> list[str]:
    """What the new edition of a table changes, read before the files are replaced."""
    old = tables.manifest(name)["vintage"]
    return [
        f"{name}: vintage {old} -> {vintage}: {len(change['added'])} rows added, {len(change['removed'])} removed, "
        f"{len(change['changed'])} changed, of {change['of']}.",
        *(f"  removed: {editions.key_text(key)}" for key in change["removed"][:SHOWN]),
        *(
            f"  revised: {column} {editions.key_text(key)}: {a:g} -> {b:g} ({100 * share:.1f} %)"
            for share, column, key, a, b in change["revisions"][:SHOWN]
        ),
        *_words(name, change["words"]),
    ]


def markdown(said: dict[str, str]) -> str:
    """The report on one or more publications as a Markdown page: source -> what its refresh said."""
    parts = [f"## {source}\n\n```text\n{text}\n```\n" for source, text in said.items()]
    return "\n".join(["# Revision report\n", *parts])


def _words(name: str, words: list[tuple]) -> Iterator[str]:
    """One line a column of flags or text that changes: in how many rows, and the first of them."""
    for column, cells in groupby(sorted(words, key=lambda cell: cell[0]), key=lambda cell: cell[0]):
        found = list(cells)
        _, key, a, b = found[0]
        rows = f"{len(found)} rows, first" if len(found) > 1 else "1 row:"
        where = f"{column} in {rows} {editions.key_text(key)}"
        yield f"  {_kind(name, column)} changed: {where}: {_short(a)} -> {_short(b)}"


def _kind(name: str, column: str) -> str:
    field = next(field for field in tables.manifest(name)["schema"]["fields"] if field["name"] == column)
    marked = field["type"] == "boolean" or "enum" in field.get("constraints", {})
    return "flag" if marked else "text" if field["type"] == "string" else "cell"


def _short(text: str) -> str:
    return f"'{text}'" if len(text) <= SHOWN_LENGTH else f"'{text[: SHOWN_LENGTH - 3]}...'"


def moved_numbers(names: list[str]) -> list[str]:
    """Numbers of the ledger that rest on these tables and no longer have the value noted there."""
    if "claim_numbers" not in tables.names():
        return []
    ledger = tables.load("claim_numbers")
    return [line for row in ledger.itertuples() if _uses(row.expression, names) and (line := _moved(row))]


def _uses(expression: str, names: list[str]) -> bool:
    try:
        return bool(tables.tables_of(expression).intersection(names))
    except Exception:  # it cannot be computed over the new rows: then ``_moved`` says so
        return True


def _moved(row) -> str:
    where = f"  ledger {row.claim_id}: {row.what}"
    try:
        with tables.as_of(tables.day_of(getattr(row, "as_of", "now"))):
            now = float(tables.evaluate(row.expression))
    except Exception as error:  # an expression may meet rows that it did not expect: the claim needs a reader's eye
        return f"{where} can no longer be computed ({type(error).__name__}: {error}); mend its expression."
    moved = not abs(now - row.value) <= row.tolerance
    return f"{where}: {row.value:g} -> {now:g}; read its verdict again." if moved else ""


def advice(names: list[str]) -> list[str]:
    return [
        f"Now read the manifests of {', '.join(names)}: title, description, caveats and checks still speak of the old "
        "vintage. Note the change in CHANGELOG.md and run 'make book'."
    ]
