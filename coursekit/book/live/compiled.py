"""What Python has compiled while it started, as one archive that a browser keeps for the next page.

A compiled module names the time of its source, which is another at each unpacking; here it is marked as good whatever
the time (PEP 552), because the archive is kept under the name of the very packages that it was made from.
"""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

HEADER = 16  # bytes before the code: magic number, flags, time, size
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)  # a hash that is never compared


def pack(target: str) -> None:
    """Write a zip of the compiled files of all modules that are loaded, and drop them: they would only fill memory."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files():
            content = path.read_bytes()
            archive.writestr(str(path).lstrip("/"), content[:4] + UNCHECKED + content[HEADER:])
            path.unlink()


def files() -> Iterator[Path]:
    """The compiled files of the modules that are loaded, where there are any."""
    for source in loaded():
        path = Path(importlib.util.cache_from_source(source))
        if source.suffix == ".py" and path.exists():
            yield path


def loaded() -> Iterator[Path]:
    """The files of the modules that are loaded: Python's text, or a library."""
    for module in list(sys.modules.values()):
        if found := getattr(module, "__file__", None):
            yield Path(found)


def let_go(below: str, kept: bool = False) -> int:
    """Remove the files of loaded modules below a folder, for a Python whose disk is memory; bytes that are free then.

    A module that is loaded reads its file no more. One that is not keeps it, and so does all data beside the modules.
    kept: the browser has what was compiled, so those files can go too; else ``pack`` hands them over and drops them.
    """
    gone = {path for path in loaded() if path.is_relative_to(below) and path.suffix in (".py", ".so")}
    gone |= set(files()) if kept else set()
    return sum(_removed(path) for path in gone if path.exists())


def _removed(path: Path) -> int:
    size = path.stat().st_size
    path.unlink()
    return size
