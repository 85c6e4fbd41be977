"""What the readers share: columns that must be there, names of states, cells that are no numbers."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load

OTHER_NAMES = {
    "Korea, North": "PRK",
    "Korea, South": "KOR",
    "Slovak Republic": "SVK",
    "The Netherlands": "NLD",
    "Turkey": "TUR",
    "United States of America": "USA",
    "Viet Nam": "VNM",
}


def need(columns, wanted: list[str], where: str) -> None:
    """Raises TableError when the publisher's table lacks a column."""
    missing = [column for column in wanted if column not in list(columns)]
    if missing:
        raise TableError(
            f"{where}: the publisher's columns have changed, {', '.join(missing)} is missing; mend the reader."
        )


def sheet(book, name: str) -> list[list]:
    """The values of a sheet of an openpyxl workbook, row by row. Raises TableError when it is missing."""
    if name not in book.sheetnames:
        raise TableError(f"The workbook has no sheet '{name}' (it has {', '.join(book.sheetnames)}); mend the reader.")
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def iso3_of(names) -> dict[str, str]:
    """Publisher's names of states -> iso3, for those that the table ``countries`` or ``OTHER_NAMES`` knows."""
    countries = load("countries")
    known = {**dict(zip(countries.name, countries.iso3, strict=True)), **OTHER_NAMES}
    return {name: known[name] for name in names if name in known}


def number(cell) -> float:
    """A cell as a number; text such as '..', 'xxx' or '-' is a missing value (nan)."""
    return (
        float(cell)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool)
        else float(pd.to_numeric(cell, errors="coerce"))
    )


def refuse_gap(what: str, ours: float, published: float, tolerance: float) -> None:
    """Raises TableError when our sum misses the total that the publisher prints in the same publication."""
    if not abs(ours - published) <= tolerance:
        raise TableError(
            f"{what}: the rows add up to {ours:,.6g}, the publisher's total is {published:,.6g}; "
            "the file is incomplete or the reader misreads it."
        )
