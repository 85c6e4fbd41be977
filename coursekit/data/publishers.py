"""Publishers' own files, tried on a copy of the data folder: is what the tables hold what the publisher wrote?

The files are nobody's to hand on, so they lie in a folder of the reader's own, named by ``COURSE_PUBLISHERS``. Each
release in it (one file, or one folder with all files of a publication) is refreshed from in a copy of its own: the
same edition must bring nothing new, an older one must be refused, and a newer one must bring nothing new when it is
read a second time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.data import editions, plans
from coursekit.data.refresh import NOTHING, refresh
from coursekit.errors import CourseKitError, OlderError

VARIABLE = "COURSE_PUBLISHERS"


@dataclass(frozen=True)
class Outcome:
    """What came of one release. kind: same, newer, older or fault; said: the report or the sentence of refusal."""

    release: Path
    kind: str
    said: str

    def line(self, root: Path) -> str:
        """The file or folder, and what came of it."""
        return f"{self.release.relative_to(root)}: {self.said}"


def folder() -> Path | None:
    """The folder that COURSE_PUBLISHERS names; None when it names none, or one that is not there."""
    named = os.environ.get(VARIABLE, "")
    return Path(named).resolve() if named and Path(named).is_dir() else None


def releases(root: Path) -> Iterator[tuple[str, Path]]:
    """Each release below a folder: the first table of its publication, and its file or folder."""
    for names in plans.families():
        wanted = plans.wanted(names)
        fits = [file for file in sorted(root.rglob("*")) if file.is_file() and _is_of(file, wanted)]
        found = fits if len(wanted) == 1 else sorted({file.parent for file in fits})
        yield from ((names[0], release) for release in found)


def _is_of(file: Path, wanted: dict[str, dict]) -> bool:
    return any(plans.is_copy(file, address, how) for address, how in wanted.items())


def tried(name: str, release: Path) -> Outcome:
    """Refresh a copy of the data folder from one release, and once more when it brought something new."""
    with editions.staged({}):
        try:
            said = refresh(name, release)
            if said.startswith(NOTHING):
                return Outcome(release, "same", said)
            return _second(name, release, said)
        except OlderError as error:
            return Outcome(release, "older", f"Refused: {error}")
        except CourseKitError as error:
            return Outcome(release, "fault", f"Refused: {error}")


def _second(name: str, release: Path, first: str) -> Outcome:
    """A file that was just read holds nothing new: else the reader does not return what the tables hold."""
    again = refresh(name, release)
    if again.startswith(NOTHING):
        return Outcome(release, "newer", f"A newer edition. {first}")
    return Outcome(release, "fault", f"A second refresh from the same file changes the tables again. {again}")
