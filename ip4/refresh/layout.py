"""What the readers share: columns that must be there, names of states, years and cells that are no numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import pandas as pd

from coursekit.errors import OlderError
from coursekit.tables import TableError, load

OTHER_NAMES = {
    "Burma": "MMR",
    "Czech Republic": "CZE",
    "East Timor": "TLS",
    "Great Britain": "GBR",
    "Korea, North": "PRK",
    "Korea, South": "KOR",
    "Lao PDR": "LAO",
    "Macedonia": "MKD",
    "North Korea": "PRK",
    "Republic of Korea": "KOR",
    "Slovak Republic": "SVK",
    "South Korea": "KOR",
    "The Netherlands": "NLD",
    "Turkey": "TUR",
    "Türkiye": "TUR",
    "United States of America": "USA",
    "Viet Nam": "VNM",
    "Vietnam": "VNM",
}
YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?\s*(e?)")


def need(columns, wanted: list[str], where: str, known=()) -> None:
    """Raises TableError when the publisher's table has renamed a column, OlderError when it does not have it yet.

    known: further columns of the layout that the reader does not use. A column that is neither wanted nor known
    stands, most probably, in the place of the missing one.
    """
    found = [text for text in map(str, columns) if text.strip() not in ("", "None")]
    missing = [column for column in wanted if column not in found]
    strange = [column for column in found if column not in [*wanted, *known]]
    if not missing:
        return
    if strange:
        raise TableError(
            f"{where}: the publisher's columns have changed, {', '.join(missing)} is missing and the reader does not "
            f"know {', '.join(strange)}: probably renamed; put the new name into the reader."
        )
    raise OlderError(
        f"{where}: this is an older layout, {', '.join(missing)} is missing and nothing stands in its place; "
        "take the publisher's newest file."
    )


def sheet(book, name: str) -> list[list]:
    """The values of a sheet of an openpyxl workbook, row by row. Raises TableError when it is missing."""
    if name not in book.sheetnames:
        raise TableError(f"The workbook has no sheet '{name}' (it has {', '.join(book.sheetnames)}); mend the reader.")
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def iso3_of(names) -> dict[str, str]:
    """Publisher's names of states -> iso3, for those that the table ``countries`` or ``OTHER_NAMES`` knows.

    Capitals, accents, hyphens and spaces do not count: 'Timor Leste' is 'Timor-Leste'.
    """
    countries = load("countries")
    pairs = [*zip(countries.name, countries.iso3, strict=True), *OTHER_NAMES.items()]
    known = {_plain(name): iso3 for name, iso3 in pairs}
    return {name: known[_plain(name)] for name in names if _plain(name) in known}


def _plain(name: object) -> str:
    """A name without what publishers spell differently."""
    bare = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare.lower()))


def number(cell) -> float:
    """A cell as a number; an empty cell and text such as '..', 'xxx' or '-' are missing values (nan), never 0."""
    if cell is None or isinstance(cell, (bool, datetime)):
        return float("nan")
    return float(cell) if isinstance(cell, (int, float)) else float(pd.to_numeric(str(cell).strip(), errors="coerce"))


def year_of(cell) -> tuple[int, bool] | None:
    """A header such as 2023, 2023.0, '2023' or '2024e' as (year, marked as an estimate); None for another header."""
    hit = YEAR.fullmatch(" ".join(str(cell).split()))
    return (int(hit[1]), bool(hit[2])) if hit else None


def saved_on(book) -> str:
    """The day on which the publisher saved a workbook, else made it, YYYY-MM-DD; '' when the file tells neither."""
    day = book.properties.modified or book.properties.created
    return day.date().isoformat() if day else ""


def refuse_gap(what: str, ours: float, published: float, tolerance: float) -> None:
    """Raises TableError when our sum misses the total that the publisher prints in the same publication."""
    if not abs(ours - published) <= tolerance:
        raise TableError(
            f"{what}: the rows add up to {ours:,.6g}, the publisher's total is {published:,.6g}; "
            "the file is incomplete or the reader misreads it."
        )
