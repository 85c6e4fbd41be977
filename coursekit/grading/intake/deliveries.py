"""What an LMS or a folder hands over, as parcels: whose each seems to be, and what files it has.

Understood: Canvas (``name[_LATE]_user_attachment_file``, anonymous ones), Moodle (folders and flat, participant
numbers), Blackboard (``assignment_user_attempt_time_file``), Brightspace (``number - Name - time`` folders), Google
Drive (``Name - file``), and plain folders or files named by student. A folder one level too high or too low is
recognised and named. Whose a parcel is, is decided elsewhere (``identity``): here nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from coursekit.grading.intake.archives import File, InboxError, Reader, files, is_notebook, notebooks_within

__all__ = ["Delivery", "InboxError", "Item", "Parcel", "look"]

_CANVAS = re.compile(
    r"^(?:(?P<name>[^/]*?)_)??(?P<late>LATE_)?(?P<id>\d+|anon_\w+?)_(?P<attachment>\d+)_(?P<file>[^/]+)$"
)
_MOODLE = re.compile(
    r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>[^/]*))?(?:/(?P<rest>.+))?$"
)
_BLACKBOARD = re.compile(
    r"^(?P<task>.+)_(?P<id>[^_/]+)_attempt_(?P<when>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>[^/]+)|\.txt)$"
)
_BRIGHTSPACE = re.compile(
    r"^\d+-\d+ - (?P<name>.+?) - (?P<when>\w{3,9} \d{1,2}, \d{4} \d{1,2}:?\d{2} [AP]M)(?:/(?P<file>.+))?$"
)
_DRIVE = re.compile(r"^(?P<name>[^/]+?) - (?P<file>[^/]+)$")


@dataclass
class Item:
    """One file of a parcel; ``read()`` gives its bytes or raises; ``path`` is its place in the delivery."""

    file: str
    size: int
    read: Reader
    path: str = ""


@dataclass
class Parcel:
    """All files that came under one label.

    label: folder or file name that the report shows. lms: canvas, moodle, blackboard, brightspace, drive or folder.
    name: the person's name as written by the LMS. number: the LMS's number. late: the LMS marked it late. when: the
    LMS's own time of the hand-in, as written, empty when it gives none.
    """

    label: str
    lms: str
    name: str = ""
    number: str = ""
    late: bool = False
    when: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass
class Delivery:
    """The parcels of an inbox, and sentences on what was odd about its shape."""

    parcels: list[Parcel]
    notes: list[str]


def look(path: Path | str, exercise: str = "", known: Callable[[str], bool] = lambda label: False) -> Delivery:
    """The parcels in a folder or zip.

    exercise: its short name, to recognise a folder one level too high. known: whether a label names somebody of the
    class. Raises InboxError when the inbox cannot be read.
    """
    path = Path(path)
    rows, notes = _right_level(files(path), path, exercise, known)
    parcels: dict[str, Parcel] = {}
    for relative, size, read in rows:
        parcel, file = _label(relative)
        kept = parcels.setdefault(parcel.label, parcel)
        kept.late, kept.when = kept.late or parcel.late, max(kept.when, parcel.when)
        kept.items += _items(file, size, read, relative)
    return Delivery([parcel for parcel in parcels.values() if parcel.items], notes)


def _items(file: str, size: int, read: Reader, path: str) -> list[Item]:
    """The file, or the notebooks inside when a student handed in a zip."""
    inside = notebooks_within(file, read) if file.lower().endswith(".zip") else []
    return [Item(*row, path) for row in inside] or [Item(file, size, read, path)]


def _right_level(rows: list[File], path: Path, exercise: str, known: Callable) -> tuple[list[File], list[str]]:
    """The rows with paths that begin at the students, whatever folders lie around them."""
    rows, notes = _without_folders_around(rows, path, known)
    tops = _tops(rows)
    if any(_is_student(top, known) for top in tops):
        return rows, notes
    if exercise in tops and len(tops) > 1:
        others = ", ".join(sorted(set(tops) - {exercise})[:3])
        notes.append(f"only the folder {exercise!r} was read, not {others}; next time name {path / exercise}")
        rows = _below([row for row in rows if row[0].startswith(f"{exercise}/")])
    elif rows and known(path.stem):
        notes.append(f"{path.name!r} is one student's own folder; next time name the folder around it")
        rows = [(f"{path.stem}/{row[0]}", *row[1:]) for row in rows]
    return rows, notes


def _without_folders_around(rows: list[File], path: Path, known: Callable) -> tuple[list[File], list[str]]:
    """The rows without the folders that hold all of them and are no student's, and a note for each that was opened."""
    notes = []
    while len(tops := _tops(rows)) == 1 and not _is_student(tops[0], known) and _holds_students(rows, known):
        if path.is_dir():
            notes.append(f"the hand-ins lie in the folder {tops[0]!r}; it was opened")
        rows = _below(rows)
    return rows, notes


def _below(rows: list[File]) -> list[File]:
    """The rows with paths that begin one folder deeper."""
    return [(row[0].split("/", 1)[1], *row[1:]) for row in rows]


def _holds_students(rows: list[File], known: Callable) -> bool:
    """Whether the one folder around everything holds students' folders or files, and not one student's own files."""
    if not all("/" in row[0] for row in rows):
        return False
    inner = [(row[0].split("/", 1)[1], *row[1:]) for row in rows]
    tops = _tops(inner)
    return any(_is_student(top, known) for top in tops) or (len(tops) > 1 and all("/" in row[0] for row in inner))


def _tops(rows: Iterable[File]) -> list[str]:
    return sorted({row[0].split("/")[0] for row in rows})


def _is_student(label: str, known: Callable) -> bool:
    """Whether a top folder or file is one student's: the class or an LMS's pattern says so."""
    stem = PurePosixPath(label).stem if is_notebook(label) else label
    return known(stem) or _label(f"{label}/x" if "." not in label else label)[0].lms != "folder"


def _label(relative: str) -> tuple[Parcel, str]:
    """The parcel a file belongs to and the file's own name in it."""
    for read in (_moodle, _blackboard, _brightspace, _canvas, _drive):
        found = read(relative)
        if found:
            return found
    first, _, rest = relative.partition("/")
    stem = re.sub(r"\.[^.]*(\.txt)?$", "", first) if not rest else first
    return Parcel(stem, "folder"), rest or first


def _moodle(relative: str) -> tuple[Parcel, str] | None:
    found = _MOODLE.match(relative)
    if not found:
        return None
    label = f"{found['name']}_{found['id']}"
    name = "" if re.fullmatch(r"Participant", found["name"]) else found["name"]
    return Parcel(label, "moodle", name, found["id"]), found["rest"] or found["file"] or relative


def _blackboard(relative: str) -> tuple[Parcel, str] | None:
    found = _BLACKBOARD.match(relative.split("/")[-1])
    if not found or not found["file"]:
        return (Parcel(found["id"], "blackboard"), "about.txt") if found else None
    when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S").isoformat(" ")
    return Parcel(found["id"], "blackboard", "", found["id"], when=when), found["file"]


def _brightspace(relative: str) -> tuple[Parcel, str] | None:
    found = _BRIGHTSPACE.match(relative)
    if not found or not found["file"]:
        return None
    label = relative.split("/", 1)[0]
    return Parcel(label, "brightspace", found["name"], when=_clock(found["when"])), found["file"]


def _clock(text: str) -> str:
    """``Mar 1, 2027 559 PM`` (Brightspace drops the colon) as an ISO time; empty when it is none."""
    text = re.sub(r" (\d{1,2}):?(\d{2}) ([AP]M)$", r" \1:\2 \3", text)
    for form in ("%b %d, %Y %I:%M %p", "%B %d, %Y %I:%M %p"):
        try:
            return datetime.strptime(text, form).isoformat(" ")
        except ValueError:
            continue
    return ""


def _canvas(relative: str) -> tuple[Parcel, str] | None:
    found = _CANVAS.match(relative)
    if not found:
        return None
    label = "_".join(filter(None, [found["name"], found["id"]]))
    number = found["id"] if found["id"].isdigit() else ""
    return Parcel(label, "canvas", found["name"] or "", number, bool(found["late"])), found["file"]


def _drive(relative: str) -> tuple[Parcel, str] | None:
    found = _DRIVE.match(relative)
    if not found or not is_notebook(found["file"]):
        return None
    return Parcel(relative, "drive", found["name"]), found["file"]
