"""SIPRI Military Expenditure Database, the yearly workbook.

Sheets 'Share of GDP', 'Current US$' and 'Constant (YYYY) US$' have a header row that begins with 'Country', a column
'Notes' and one column a year. Blue figures are estimates of SIPRI, red ones highly uncertain. Marks in 'Notes' tell
what a series leaves out. Text such as '...' and 'xxx' means no figure.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.tables import TableError
from ip4.refresh.layout import iso3_of, need, number, sheet

SHARE, CURRENT = "Share of GDP", "Current US$"
FLAGS = ["reported", "sipri_estimate", "highly_uncertain"]
COLOURS = {"0000FF": 1, "FF0000": 2}  # last six digits of the font colour -> place in FLAGS
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
    share, current, constant = (_figures(book, title) for title in (SHARE, CURRENT, name))
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
    need(header, ["Country", "Notes", "2023"], f"Sheet '{name}'")
    years = {n: int(cell) for n, cell in enumerate(header) if re.fullmatch(r"(19|20)\d\d", cell)}
    known = iso3_of(str(row[0]).strip() for row in values[top + 1 :])
    rows = [row for row in book[name].iter_rows(min_row=top + 2) if str(row[0].value).strip() in known]
    found = [
        (known[str(row[0].value).strip()], year, number(row[n].value), _colour(row[n]), _words(row, header))
        for row in rows
        for n, year in years.items()
    ]
    return pd.DataFrame(found, columns=["iso3", "year", "value", "flag", "notes"]).set_index(["iso3", "year"])


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
    colour = cell.font.color.rgb if cell.font and cell.font.color and cell.font.color.type == "rgb" else ""
    return COLOURS.get(str(colour)[-6:].upper(), 0)


def _rebased(constant: pd.Series, current: pd.Series, table: pd.DataFrame, base: int) -> pd.Series:
    """Constant dollars in prices of BASE; a country without figures for BASE keeps its ratio to the old table."""
    if base == BASE:
        return constant
    factor = (current / constant).xs(BASE, level="year")
    old = table.set_index(["iso3", "year"]).constant_2024_usd_m
    factor = factor.fillna((old / constant).groupby("iso3").median())
    return constant * constant.index.get_level_values("iso3").map(factor)


def _edition(book, year: int, last: int) -> dict:
    """Vintage (the day on which SIPRI saved the workbook) and the row for the table of sources."""
    vintage = book.properties.modified.date().isoformat()
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
