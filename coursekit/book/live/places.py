"""Where the files of Python for the browser come from: a list of places, tried in order, each file verified.

A place is a folder, an archive (zip, wheel or tar) that holds the files somewhere inside, or an https address. The
files' sha256 stand in ``pins.json``, taken from the lock of the official release: a file that is another is refused,
wherever it came from.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import urllib.request
import zipfile
from functools import cache
from pathlib import Path

from coursekit.errors import CourseKitError

PINS = Path(__file__).with_name("pins.json")
NAMED = "COURSE_LIVE_PLACES"  # folders, archives or addresses, one after the other, divided as in PATH
OFFICIAL = "official"  # the word for the release that pins.json names
WAIT = 60  # seconds for an answer


class LiveError(CourseKitError):
    """Python for the browser cannot be put together. The message says which file, where, and what to do."""


@cache
def pins() -> dict:
    """Versions, names and sha256 of all files; see ``pins.json``."""
    return json.loads(PINS.read_text(encoding="utf-8"))


def places(named: str | None = None) -> list[str]:
    """The places to look in: those that ``named`` or the environment variable lists, then the official release.

    Addresses hold colons, so on systems where these divide a list, entries that begin with ``https:`` are put together.
    """
    text = os.environ.get(NAMED, "") if named is None else named
    parts = text.replace("https://", "https//").split(os.pathsep)
    listed = [part.replace("https//", "https://") for part in parts if part.strip()]
    return [*(pins()["release"] if place == OFFICIAL else place for place in listed), pins()["release"]]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verified(name: str, sha256: str, where: list[str]) -> bytes:
    """The content of a file from the first place that has it. Raises LiveError: no place has it, or it is another."""
    for place in where:
        content = content_of(name, place)
        if content is not None:
            if digest(content) != sha256:
                raise LiveError(
                    f"{name} of {place} is not the file that the official lock names (its sha256 differs); remove it "
                    "there, or name another place."
                )
            return content
    raise LiveError(f"{name} is in none of these places: {', '.join(where)}; name one that has it in {NAMED}.")


def content_of(name: str, place: str) -> bytes | None:
    """The bytes of a file in one place; None when the place lacks it or cannot be reached."""
    if place.startswith("https://"):
        return _downloaded(f"{place.rstrip('/')}/{name}")
    path = Path(place).expanduser()
    if path.is_dir():
        found = next(path.rglob(name), None)
        return found.read_bytes() if found else None
    return _unpacked(name, path) if path.is_file() else None


def _downloaded(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=WAIT) as answer:
            return answer.read()
    except (OSError, ValueError):
        return None


def _unpacked(name: str, archive: Path) -> bytes | None:
    """A file from somewhere inside an archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            inner = next((entry for entry in zipped.namelist() if f"/{entry}".endswith(f"/{name}")), None)
            return zipped.read(inner) if inner else None
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as tar:
            inner = next((entry for entry in tar.getnames() if f"/{entry}".endswith(f"/{name}")), None)
            return tar.extractfile(inner).read() if inner else None
    return None
