"""SIPRI Military Expenditure Database, the yearly workbook.

Sheets 'Share of GDP', 'Current US$' and 'Constant (YYYY) US$' have a header row that begins with 'Country', a column
'Notes' and one column a year (2023, or 2023.0 in older files). Blue figures are estimates of SIPRI, red ones highly
uncertain; the colour is written as RGB or as a number of Excel's old palette. Marks in 'Notes' tell what a series
leaves out. Text such as '...' and 'xxx' means no figure. So does a zero beside two sheets without a figure: some
releases write the cells that they leave empty as zeros (North Korea, 1988-2014, in the workbook of 2024).
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.errors import OlderError
from coursekit.tables import TableError
from ip4.refresh.layout import iso3_of, need, number, saved_on, sheet, year_of

SHARE, CURRENT = "Share of GDP", "Current US$"
FLAGS = ["reported", "sipri_estimate", "highly_uncertain"]
COLOURS = {"0000FF": 1, "FF0000": 2}  # last six digits of the font colour -> place in FLAGS
PALETTE = {12: 1, 10: 2}  # Excel's numbered colours: blue and red
MARKS = {"uses_adopted_budget": "§", "excludes_pensions": "†", "excludes_paramilitary": "¶"}
BASE = 2024  # prices of the column constant_2024_usd_m


def tidy(book: list, table: pd.DataFrame) -> dict:
    """One row a country and year, for the countries and from the first year that the table has.

    A newer release counts in prices of a newer year. Its figures are brought back to the prices of ``BASE`` country by
    country: in the base year constant and current dollars are the same by definition, so their ratio there is the
    factor.
    """
    book = book[0]
    base, name = _constant_sheet(book)
    share, current, constant = _without_empty([_figures(book, title) for title in (SHARE, CURRENT, name)])
    rows = pd.DataFrame(
        {
            "share_gdp_pct": (100 * share.value).round(3),
            "current_usd_m": current.value.round(1),
            "constant_2024_usd_m": _rebased(constant.value, current.value, table, base).round(1),
        }
    )
    worst = pd.concat([share.flag, current.flag, constant.flag], axis=1).max(axis=1).reindex(rows.index)
    rows = rows.assign(data_flag=worst.astype(int).map(dict(enumerate(FLAGS))), is_estimate=worst > 0).reset_index()
    rows = rows[rows.iso3.isin(table.iso3) & (rows.year >= table.year.min())]
    rows = rows.dropna(subset=["share_gdp_pct", "current_usd_m", "constant_2024_usd_m"], how="all")
    notes = share.groupby("iso3").notes.first() + current.groupby("iso3").notes.first()
    for column, mark in MARKS.items():
        rows[column] = rows.iso3.map(notes).str.contains(mark, regex=False)
    return {"rows": rows.assign(source_id=f"SIPRI-{base + 2}"), **_edition(book, base + 2, int(rows.year.max()))}


def _constant_sheet(book) -> tuple[int, str]:
    """Base year and name of the sheet in constant prices; SIPRI moves the base by one year in each release."""
    found = [
        (int(hit[1]), name) for name in book.sheetnames if (hit := re.fullmatch(r"Constant \((\d{4})\) US\$", name))
    ]
    if len(found) != 1:
        raise TableError(f"The workbook has {len(found)} sheets named 'Constant (year) US$', not one; mend the reader.")
    return found[0]


def _figures(book, name: str) -> pd.DataFrame:
    """A sheet as rows indexed by iso3 and year: value, flag (place in FLAGS), notes."""
    values = sheet(book, name)
    top = _header(values, name)
    header = [str(cell) for cell in values[top]]
    years = _years(header)
    need([cell for n, cell in enumerate(values[top]) if n not in years], ["Country", "Notes"], f"Sheet '{name}'")
    known = iso3_of(row[0] for row in values[top + 1 :])
    found = [
        (known[row[0].value], year, number(row[n].value), _colour(row[n]), _words(row, header))
        for row in book[name].iter_rows(min_row=top + 2)
        if row[0].value in known
        for n, year in years.items()
    ]
    return pd.DataFrame(found, columns=["iso3", "year", "value", "flag", "notes"]).set_index(["iso3", "year"])


def _years(header: list[str]) -> dict[int, int]:
    """Place -> year, of the columns that hold a year."""
    return {n: found[0] for n, cell in enumerate(header) if (found := year_of(cell))}


def _without_empty(sheets: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """The sheets without the zeros that stand for an empty cell: those beside which no other sheet has a figure."""
    values = pd.concat([sheet.value for sheet in sheets], axis=1)
    alone = values.notna().sum(axis=1) == 1
    return [_masked(sheet, (sheet.value == 0) & alone.reindex(sheet.index)) for sheet in sheets]


def _masked(sheet: pd.DataFrame, empty: pd.Series) -> pd.DataFrame:
    """A sheet of which some cells hold nothing: no value and no mark."""
    return sheet.assign(value=sheet.value.mask(empty), flag=sheet.flag.mask(empty, 0))


def _header(values: list, name: str) -> int:
    """The number of the row with the names of the columns. Raises TableError when a sheet has none."""
    top = next((n for n, row in enumerate(values) if row[0] == "Country"), None)
    if top is None:
        raise TableError(
            f"Sheet '{name}' has no header that begins with 'Country'; the layout has changed, mend the reader."
        )
    return top


def _words(row, header: list[str]) -> str:
    """The notes of a country."""
    return str(row[header.index("Notes")].value or "")


def _colour(cell) -> int:
    """Place in FLAGS of the colour in which a cell is written."""
    colour = cell.font.color if cell.font else None
    if colour is None:
        return 0
    return PALETTE.get(colour.value, 0) if colour.type == "indexed" else COLOURS.get(str(colour.value)[-6:].upper(), 0)


def _rebased(constant: pd.Series, current: pd.Series, table: pd.DataFrame, base: int) -> pd.Series:
    """Constant dollars in prices of BASE; a country without figures for BASE keeps its ratio to the old table."""
    if base == BASE:
        return constant
    if base < BASE:
        raise OlderError(
            f"The workbook counts in dollars of {base} and the table in those of {BASE}: this is an older release; "
            "take the newest one."
        )
    factor = (current / constant).xs(BASE, level="year")
    old = table.set_index(["iso3", "year"]).constant_2024_usd_m
    factor = factor.fillna((old / constant).groupby("iso3").median())
    return constant * constant.index.get_level_values("iso3").map(factor)


def _edition(book, year: int, last: int) -> dict:
    """Vintage (the day on which SIPRI saved or made the workbook) and the row for the table of sources."""
    vintage = saved_on(book)
    return {
        "vintage": vintage,
        "sources": [
            {
                "source_id": f"SIPRI-{year}",
                "like": "SIPRI-2026",
                "vintage": vintage,
                "title": f"SIPRI Military Expenditure Database, 1949-{last}",
                "note": f"Constant dollars brought back to prices of {BASE}." if year != 2026 else "",
            }
        ],
    }
