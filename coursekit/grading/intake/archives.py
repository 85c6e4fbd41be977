"""Files of a folder or a zip, as (path, size, read): nothing is extracted, nothing is trusted.

Archives are read in memory with limits on number, size and depth. Names written on Windows (backslashes) and names
that lead out of the archive become plain relative paths. The times in an archive are those of the download, not of the
hand-in, and are not read at all.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from coursekit.errors import CourseKitError

ENTRIES, NOTEBOOK_BYTES, DEPTH = 20_000, 10 << 20, 2
IGNORED = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)(/|$)")
Reader = Callable[[], bytes]
File = tuple[str, int, Reader]


class InboxError(CourseKitError):
    """The inbox itself cannot be read."""


def files(path: Path) -> list[File]:
    """All files of a folder or zip in name order, without system files. Raises InboxError."""
    if path.is_dir():
        found = list(_of_folder(path))
    elif zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            found = list(of_zip(zipfile.ZipFile(io.BytesIO(stream.read())), str(path)))
    elif path.is_file():
        raise InboxError(f"{path} is neither a folder nor a readable zip file; give what the LMS downloaded.")
    else:
        raise InboxError(f"{path}: there is no such folder or zip file.")
    return sorted((row for row in found if not IGNORED.search(row[0])), key=lambda row: row[0])


def _of_folder(root: Path) -> Iterator[File]:
    for path in root.rglob("*"):
        if not path.is_symlink() and path.is_file():
            yield path.relative_to(root).as_posix(), path.stat().st_size, path.read_bytes


def of_zip(archive: zipfile.ZipFile, name: str) -> Iterator[File]:
    """The files of an open archive; links and folders are left out. Raises InboxError when there are too many."""
    if len(archive.infolist()) > ENTRIES:
        raise InboxError(f"{name} has more than {ENTRIES} entries; collect it in parts.")
    for info in archive.infolist():
        if not info.is_dir() and (info.external_attr >> 28) != 0xA:
            yield _plain(info.filename), info.file_size, lambda info=info: _unzip(archive, info)


def _plain(name: str) -> str:
    """A relative path with forward slashes, composed letters, and no step upwards."""
    parts = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/"))).parts
    return "/".join(part for part in parts if part not in ("/", "..", ".") and not part.endswith(":"))


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, never more than a notebook may have (sizes in archives can lie)."""
    with archive.open(info) as stream:
        return stream.read(NOTEBOOK_BYTES + 1)


def notebooks_within(name: str, read: Reader, depth: int = DEPTH) -> list[File]:
    """The notebooks inside a student's own zip, zips in it included; empty when there is none or it cannot be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(read()))
        inside = [row for row in of_zip(archive, name) if not IGNORED.search(row[0])][:1000]
    except (InboxError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
    found = [row for row in inside if is_notebook(row[0])]
    if depth > 1:
        for path, _, read_inner in inside:
            found += notebooks_within(path, read_inner, depth - 1) if path.lower().endswith(".zip") else []
    return found[:20]


def is_notebook(name: str) -> bool:
    """Whether a file name is a notebook's; browsers and LMSs add ``.txt`` or ``.json``."""
    return bool(re.search(r"\.ipynb(\.txt|\.json)?$", name.lower()))
