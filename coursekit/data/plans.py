"""The plan by which a table is refreshed: the key ``refresh`` of its manifest, with its rules for years and names.

- ``format``: csv, json or xlsx.
- ``address``: https address, or a list. ``{year}`` stands for this year, and while its file is not out for the last.
- ``link``: the address is a page; the file is the newest link on it that fits this regular expression.
- ``saved``: regular expression of the names under which a file saved by hand is known, where it is not the link's or
  the address's own name.
- ``reader``: "package.module:function", called as ``function(files, table, **with)`` with the open files (csv: path;
  json: its objects; xlsx: an openpyxl workbook) and the table as it is. It returns a dictionary: ``rows`` (the
  columns of the table), ``vintage`` (YYYY-MM-DD, '' when the file does not tell), ``sources`` (rows for the table of
  sources, each ``like`` an old source id). It raises TableError when the columns or the publisher's own totals are not
  as they should be.
- ``with``: further arguments of the reader; the words 'this year' and 'last year' become numbers when it runs.
- ``grows``: fields whose bounds follow the data, never past today. ``limit_mb``: largest download (50 when left out).
- ``most_text_changed``, ``free``: what ``coursekit.data.refusals`` lets pass.

Tables that share a reader module come from the same publication, a *family*, and are refreshed together.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from coursekit import tables
from coursekit.data.editions import EditionError

FORMATS = ("csv", "json", "xlsx")


def plan(name: str) -> dict:
    """The key ``refresh`` of a table's manifest, {} without one."""
    return tables.manifest(name).get("refresh", {})


def refreshable() -> list[str]:
    """Names of the tables that can be refreshed from a publisher's file."""
    return [name for name in tables.names() if plan(name).get("format") in FORMATS]


def family(name: str) -> list[str]:
    """The tables of one publication. Raises EditionError for a table that cannot be refreshed."""
    if name not in refreshable():
        tables.manifest(name)
        raise EditionError(
            f"{name} cannot be refreshed: no publisher's file with a stable address is known for it. "
            f"These can: {', '.join(refreshable())}."
        )
    return [other for other in refreshable() if module(other) == module(name)]


def families() -> list[list[str]]:
    """All publications, each as the names of its tables."""
    found = {module(name): family(name) for name in refreshable()}
    return list(found.values())


def module(name: str) -> str:
    """The module of a table's reader."""
    return plan(name)["reader"].split(":")[0]


def addresses(name: str) -> list[str]:
    """The addresses of a table's files, in the order in which the reader takes them."""
    address = plan(name)["address"]
    return [address] if isinstance(address, str) else list(address)


def wanted(names: list[str]) -> dict[str, dict]:
    """Address -> plan, of all files of a publication."""
    return {address: plan(name) for name in names for address in addresses(name)}


def years(address: str, today: date) -> list[str]:
    """The addresses to try, the newest year first; one where the address names no year."""
    tried = [address.replace("{year}", str(today.year - back)) for back in (0, 1)]
    return list(dict.fromkeys(tried))


def arguments(name: str, today: date) -> dict:
    """The further arguments of a reader, rules for years made numbers."""
    return _dated(plan(name).get("with", {}), {"this year": today.year, "last year": today.year - 1})


def _dated(part, words: dict):
    if isinstance(part, dict):
        return {key: _dated(value, words) for key, value in part.items()}
    return words.get(part, part) if isinstance(part, str) else part


def is_copy(file: Path, address: str, how: dict) -> bool:
    """Whether a file has one of the names under which the publisher's file at an address is saved."""
    if pattern := how.get("saved") or how.get("link"):
        return bool(re.search(pattern, file.name))
    own = re.escape(unquote(urlsplit(address).path).rsplit("/", 1)[-1]).replace(r"\{year\}", r"\d{4}")
    return bool(re.fullmatch(rf"{own}(\.{how['format']})?", file.name))


def copies(names: list[str], folder: Path) -> dict[str, Path]:
    """Address -> the file in a folder that is a saved copy of it. Raises EditionError when one is not there."""
    found = {}
    for address, how in wanted(names).items():
        fits = sorted(file for file in folder.iterdir() if file.is_file() and is_copy(file, address, how))
        if not fits:
            raise EditionError(
                f"{names[0]}: the folder {folder.name} has no copy of {address.rsplit('/', 1)[-1]}; save it there too."
            )
        found[address] = fits[-1]
    return found
