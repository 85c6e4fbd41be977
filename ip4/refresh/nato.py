"""NATO, defence expenditure of the allies: the yearly workbook of tables.

Each sheet has a title 'Table N: ...'. A block is a heading, one row an ally, then the two aggregates. The years
('2014' ... '2026e', the e marks estimates) stand over each block, or once over all of them (edition of 2024); names may
stand in the first column or further right. The edition is the last year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from coursekit.tables import TableError
from ip4.groups import members
from ip4.refresh.layout import iso3_of, number, refuse_gap, saved_on, year_of

AGGREGATES = {"NATO Europe and Canada": "europe_canada", "NATO Total": "nato_total"}
BLOCKS = {  # column: (table, words that the block's heading holds, digits kept)
    "share_gdp_pct": ("3", "share of real gdp", 4),
    "real_change_pct": ("3", "annual real change", 2),
    "current_usd_m": ("2", "current prices", 1),
    "constant_usd_m": ("2", "constant", 1),
    "personnel_thousand": ("7", "", 1),
    "equipment_share_pct": ("8a", "equipment", 2),
    "personnel_share_pct": ("8a", "personnel", 2),
    "infrastructure_share_pct": ("8b", "infrastructure", 2),
    "other_share_pct": ("8b", "other", 2),
}


def allies(book: list, table: pd.DataFrame) -> dict:
    """The rows of the workbook's edition: one a year and ally."""
    rows = _figures(book[0])
    edition = rows.year.max()
    states = iso3_of(rows.name.unique())
    unknown = sorted(set(rows.name) - set(states) - set(AGGREGATES))
    if unknown:
        raise TableError(
            f"The workbook names {', '.join(unknown)}, unknown to the table countries; add it to ip4/refresh/layout.py."
        )
    _check_sums(rows)
    rows = rows[rows.name.isin(states)].assign(iso3=lambda r: r.name.map(states))
    inside = {year: set(members("NATO", on=f"{year}-12-31")) for year in rows.year.unique()}
    rows["is_member"] = [iso3 in inside[year] for iso3, year in zip(rows.iso3, rows.year, strict=True)]
    return _edition(book[0], rows.assign(real_change_is_derived=False), edition, table)


def aggregates(book: list, table: pd.DataFrame) -> dict:
    """The two published aggregates of the workbook's edition: one row a year."""
    rows = _figures(book[0])
    edition = rows.year.max()
    rows = rows[rows.name.isin(AGGREGATES)].assign(aggregate=lambda r: r.name.map(AGGREGATES))
    return _edition(book[0], rows, edition, table)


def _figures(book) -> pd.DataFrame:
    """All blocks side by side: name, year, is_estimate, constant_base_year and the columns of BLOCKS."""
    found = {column: _block(book, *where[:2]) for column, where in BLOCKS.items()}
    wide = pd.DataFrame({column: block.value.round(BLOCKS[column][2]) for column, block in found.items()})
    wide["is_estimate"] = found["share_gdp_pct"].is_estimate.reindex(wide.index)
    title = _heading(book, "2", "constant")
    wide["constant_base_year"] = int(re.search(r"20\d\d", title)[0])
    return wide.reset_index()


def _block(book, table: str, words: str) -> pd.DataFrame:
    """One block, indexed by name and year: value, is_estimate."""
    found = list(_cells(_rows(book, table), words))
    if not found:
        raise TableError(f"Table {table} has no block headed '{words}'; NATO has changed the layout, mend the reader.")
    return pd.DataFrame(found, columns=["name", "year", "value", "is_estimate"]).set_index(["name", "year"])


def _cells(rows: list[list], words: str) -> Iterator[tuple[str, int, float, bool]]:
    """Name, year, value and mark of an estimate: the cells under the heading that holds ``words``, to the next one."""
    parts = groupby(_lines(rows), key=lambda line: line[0])
    inside = False
    for is_heading, lines in parts:
        if is_heading:
            inside = any(words in label.lower() for _, label, _ in lines)
        elif inside:
            yield from (
                (label, year, number(cell), marked) for _, label, found in lines for cell, year, marked in found
            )
            return


def _lines(rows: list[list]) -> Iterator[tuple[bool, str, list[tuple]]]:
    """The rows with words: whether they are a heading, the words, and the cells with their years and marks."""
    years: dict[int, tuple[int, bool]] = {}
    for row in rows:
        years = _years(row) or years
        label, cells = _label(row, years), [(row[n], *year) for n, year in years.items()]
        if label and not label.startswith("Table"):
            yield not any(_text(cell) for cell, *_ in cells), label, cells


def _years(row: list) -> dict[int, tuple[int, bool]]:
    """Place -> (year, marked as an estimate) of a row of years, {} for another row."""
    found = {n: year for n, cell in enumerate(row) if (year := year_of(cell))}
    return found if len(found) >= 5 else {}


def _label(row: list, years: dict) -> str:
    """The words before the first year of a row: a heading, or the name of an ally without the stars of its notes."""
    words = (_text(cell) for cell in row[: min(years, default=len(row))])
    return next((word for word in words if word), "").rstrip("* ")


def _rows(book, table: str) -> list[list]:
    """The rows of the sheet whose title begins with 'Table N:', wherever in the sheet the title stands."""
    for name in book.sheetnames:
        rows = [list(row) for row in book[name].iter_rows(values_only=True)]
        if any(re.match(rf"Table {table}\s*:", _label(row, {})) for row in rows):
            return rows
    raise TableError(
        f"The workbook has no sheet that begins with 'Table {table}:'; NATO has changed the layout, mend the reader."
    )


def _heading(book, table: str, words: str) -> str:
    """The first words in a sheet that hold ``words`` and a year."""
    labels = (_label(row, {}) for row in _rows(book, table))
    return next(label for label in labels if words in label.lower() and re.search(r"20\d\d", label))


def _text(cell) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _check_sums(rows: pd.DataFrame) -> None:
    """All allies together must give the printed total in the newest year, in which all of them are members."""
    newest = rows[rows.year == rows.year.max()]
    ours = newest[~newest.name.isin(AGGREGATES)].current_usd_m.sum()
    refuse_gap(
        f"NATO total in {rows.year.max()}, million current dollars",
        ours,
        newest.set_index("name").current_usd_m["NATO Total"],
        20,
    )


def _edition(book, rows: pd.DataFrame, edition: int, table: pd.DataFrame) -> dict:
    vintage, source = saved_on(book), f"NATO-{edition}"
    return {
        "rows": rows.assign(edition=edition, source_id=source)[list(table.columns)],
        "vintage": vintage,
        "sources": [
            {
                "source_id": source,
                "like": "NATO-2026",
                "vintage": vintage,
                "kind": "primary",
                "title": f"Defence Investment of NATO Countries ({rows.year.min()}-{edition})",
                "url": f"https://www.nato.int/content/dam/nato/webready/documents/finance/def-exp-{edition}-en.xlsx",
            }
        ],
    }
