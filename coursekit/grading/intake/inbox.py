"""What an LMS or a folder hands over, as (student, file) pairs; nothing is trusted or extracted.

Understood: a folder or zip with one folder (or one file) a student named by student id, Canvas's
"download submissions" names, Moodle's "download all submissions" names, and a zip a student
packed. Archives are read in memory with limits on number, size and depth.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from coursekit.errors import CourseKitError

ENTRIES, NOTEBOOK_BYTES, TOTAL_BYTES = 20_000, 10 << 20, 4 << 30
_CANVAS = re.compile(r"^(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)$")
_MOODLE = re.compile(
    r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>[^/]*))?(?:/(?P<rest>.+))?$"
)
_IGNORED = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints|\.DS_Store|Thumbs\.db|\._[^/]*)(/|$)")


class InboxError(CourseKitError):
    """The inbox itself cannot be read."""


@dataclass
class Found:
    """One file: `lms` is canvas, moodle or folder; `read()` gives its bytes or a reason not to."""

    key: str
    lms: str
    name: str
    file: str
    late: bool
    when: str
    read: object
    size: int


def look(path):
    """All files in the inbox `path` (folder, zip or one notebook) as `Found`, in name order."""
    path = Path(path)
    if path.is_dir():
        return _named(_folder_files(path), unwrap=False)
    if zipfile.is_zipfile(path):
        return _named(_zip_files(path), unwrap=True)
    if path.is_file():
        raise InboxError(f"{path} is neither a folder nor a readable zip file; give what the LMS downloaded.")
    raise InboxError(f"{path}: there is no such folder or zip file.")


def _folder_files(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.is_file():
            continue
        info = path.stat()
        yield relative, info.st_size, _time(info.st_mtime), lambda path=path: path.read_bytes()


def _time(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _zip_files(path):
    archive = zipfile.ZipFile(path)
    if len(archive.infolist()) > ENTRIES:
        raise InboxError(f"{path} has more than {ENTRIES} entries; collect it in parts.")
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        if info.is_dir() or (info.external_attr >> 28) == 0xA:
            continue
        when = datetime(*info.date_time).strftime("%Y-%m-%d %H:%M:%S UTC") if info.date_time[1] else ""
        yield info.filename, info.file_size, when, lambda info=info: _unzip(archive, info)


def _unzip(archive, info):
    """The entry's bytes, never more than a notebook may have (sizes in archives can lie)."""
    with archive.open(info) as stream:
        return stream.read(NOTEBOOK_BYTES + 1)


def _named(files, unwrap):
    """Give each file its student; drop hidden files and, if asked, a folder around everything."""
    files = [row for row in files if not _IGNORED.search(row[0])]
    if unwrap and _wrapped([row[0] for row in files]):
        files = [(row[0].split("/", 1)[1], *row[1:]) for row in files]
    return [_one(*row) for row in files]


def _wrapped(names):
    """Whether all files of an archive lie in one folder around the students' folders or files."""
    if (
        len({name.split("/")[0] for name in names}) != 1
        or not all("/" in name for name in names)
        or _MOODLE.match(names[0])
    ):
        return False
    inner = [name.split("/", 1)[1] for name in names]
    return len({name.split("/")[0] for name in inner}) > 1


def _one(relative, size, when, read):
    moodle, canvas = _MOODLE.match(relative), _CANVAS.match(PurePosixPath(relative).name)
    if moodle:
        file = moodle["rest"] or moodle["file"] or relative
        return Found(moodle["id"], "moodle", moodle["name"], file, False, when, read, size)
    if canvas and "/" not in relative:
        return Found(canvas["id"], "canvas", canvas["name"], canvas["file"], bool(canvas["late"]), when, read, size)
    first, _, rest = relative.partition("/")
    key = first if rest else PurePosixPath(first).stem
    return Found(key, "folder", "", rest or first, False, when, read, size)


def expand(found):
    """`found` itself, or the notebooks inside when a student handed in a zip (one level)."""
    if not found.file.lower().endswith(".zip"):
        return [found]
    try:
        archive = zipfile.ZipFile(io.BytesIO(found.read()))
        entries = [
            info
            for info in archive.infolist()[:1000]
            if info.filename.lower().endswith(".ipynb") and not _IGNORED.search(info.filename)
        ]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return [found]
    return [
        Found(
            found.key,
            found.lms,
            found.name,
            PurePosixPath(info.filename).name,
            found.late,
            found.when,
            lambda info=info: _unzip(archive, info),
            info.file_size,
        )
        for info in entries[:20]
    ] or [found]
