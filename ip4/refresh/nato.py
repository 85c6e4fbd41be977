"""NATO, defence expenditure of the allies: the yearly workbook of tables.

Each sheet begins with 'Table N: ...' in its first cell. A block is a heading in the first column, a row of years
('2014' ... '2026e', the e marks estimates), and one row an ally, then the two aggregates. The edition is the last year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from coursekit.tables import TableError
from ip4.groups import members
from ip4.refresh.layout import iso3_of, number, refuse_gap

AGGREGATES = {"NATO Europe and Canada": "europe_canada", "NATO Total": "nato_total"}
BLOCKS = {  # column: (table, words that the block's heading holds, digits kept)
    "share_gdp_pct": ("3", "share of real gdp", 2),
    "real_change_pct": ("3", "annual real change", 2),
    "current_usd_m": ("2", "current prices", 0),
    "constant_usd_m": ("2", "constant", 0),
    "personnel_thousand": ("7", "", 1),
    "equipment_share_pct": ("8a", "equipment", 2),
    "personnel_share_pct": ("8a", "personnel", 2),
    "infrastructure_share_pct": ("8b", "infrastructure", 2),
    "other_share_pct": ("8b", "other", 2),
}
YEAR = re.compile(r"(20\d\d)\s*(e?)")


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
    found = {column: _block(book, *where) for column, where in BLOCKS.items()}
    wide = pd.DataFrame({column: block.value.round(BLOCKS[column][2]) for column, block in found.items()})
    wide["is_estimate"] = found["share_gdp_pct"].is_estimate.reindex(wide.index)
    title = _heading(book, "2", "constant")
    wide["constant_base_year"] = int(re.search(r"20\d\d", title)[0])
    return wide.reset_index()


def _block(book, table: str, words: str, digits: int) -> pd.DataFrame:
    """One block, indexed by name and year: value, is_estimate."""
    rows = _rows(book, table)
    start = next((n for n, row in enumerate(rows) if _is_years(row) and words in _above(rows, n).lower()), None)
    if start is None:
        raise TableError(f"Table {table} has no block headed '{words}'; NATO has changed the layout, mend the reader.")
    years = [YEAR.fullmatch(_text(cell)) for cell in rows[start][1:]]
    found = [
        (name, int(year[1]), number(cell), bool(year[2]))
        for name, cells in _named(rows[start + 1 :])
        for year, cell in zip(years, cells, strict=True)
        if year
    ]
    return pd.DataFrame(found, columns=["name", "year", "value", "is_estimate"]).set_index(["name", "year"])


def _named(rows: list[list]) -> Iterator[tuple[str, list]]:
    """The name and the cells of each row, up to the first without a name or a note."""
    for row in rows:
        name = _text(row[0]).rstrip("* ")
        if not name or name.lower().startswith("note"):
            return
        yield name, row[1:]


def _rows(book, table: str) -> list[list]:
    for name in book.sheetnames:
        rows = [list(row) for row in book[name].iter_rows(values_only=True)]
        if rows and re.match(rf"Table {table}\s*:", _text(rows[0][0])):
            return rows
    raise TableError(
        f"The workbook has no sheet that begins with 'Table {table}:'; NATO has changed the layout, mend the reader."
    )


def _is_years(row: list) -> bool:
    return not _text(row[0]) and sum(bool(YEAR.fullmatch(_text(cell))) for cell in row[1:]) >= 5


def _above(rows: list[list], n: int) -> str:
    """The headings in the three rows over a row of years, without the title of the sheet."""
    return " ".join(_text(row[0]) for row in rows[max(0, n - 3) : n] if not _text(row[0]).startswith("Table"))


def _heading(book, table: str, words: str) -> str:
    return next(
        _text(row[0])
        for row in _rows(book, table)
        if words in _text(row[0]).lower() and re.search(r"20\d\d", _text(row[0]))
    )


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
    vintage, source = book.properties.modified.date().isoformat(), f"NATO-{edition}"
    return {
        "rows": rows.assign(edition=edition, source_id=source)[list(table.columns)],
        "vintage": vintage,
        "sources": [
            {
                "source_id": source,
                "like": "NATO-2026",
                "vintage": vintage,
                "kind": "official",
                "title": f"Defence Investment of NATO Countries ({rows.year.min()}-{edition})",
                "url": f"https://www.nato.int/content/dam/nato/webready/documents/finance/def-exp-{edition}-en.xlsx",
            }
        ],
    }
