"""The instructor's folder: where everything of a running course lives, outside the repository."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import CourseKitError
from coursekit.exercises.release import Release
from coursekit.files import write_text

CONFIG = '''"""Written by `course`: lets nbgrader's own programs find this folder."""
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "course"
c.Exchange.enabled = False
'''


class CourseError(CourseKitError):
    """A command cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Course:
    """Paths of an instructor's folder. Nothing is created until something is written."""

    root: Path

    def master(self, slug: str) -> Path:
        """The frozen release of an exercise."""
        return self.root / "released" / f"{slug}.json"

    def release(self, slug: str) -> Release:
        """The frozen release, loaded; SourceError when it was not released here."""
        return Release.load(self.master(slug))

    def data(self, slug: str) -> tuple[tuple[str, bytes], ...]:
        """The instructor's copy of the exercise's data files, as (name, bytes)."""
        folder = self.root / "released" / f"{slug}-data"
        return tuple((path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv")))

    def submitted(self, slug: str, student: str) -> Path:
        """The collected notebook of a student."""
        return self.root / "submitted" / student / slug / f"{slug}.ipynb"

    def autograded(self, slug: str, student: str) -> Path:
        """The notebook the marker reads."""
        return self.root / "autograded" / student / slug / f"{slug}.ipynb"

    def result(self, slug: str, student: str) -> Path:
        """The plain record of a grading job."""
        return self.root / "results" / slug / f"{student}.json"

    def criteria(self, slug: str) -> Path:
        """The points that count, criterion by criterion: {student: {question: {criterion: points}}}."""
        return self.root / "marks" / f"{slug}-criteria.json"

    def feedback(self, slug: str, student: str) -> Path:
        """The student's feedback page."""
        return self.root / "feedback" / student / slug / f"{slug}.html"

    def collected(self, slug: str) -> list[str]:
        """Students with a collected notebook, sorted."""
        return sorted(path.parent.parent.name for path in self.root.glob(f"submitted/*/{slug}/{slug}.ipynb"))

    def delivery(self, slug: str, student: str) -> Path:
        """How the hand-in came: the LMS, the label, the number and the file's own path in the zip."""
        return self.root / "originals" / slug / student / "delivery.json"

    def deliveries(self, slug: str) -> dict[str, dict]:
        """{student: how the hand-in came} of all that was collected."""
        found = {path.parent.name: read_json(path) for path in self.root.glob(f"originals/{slug}/*/delivery.json")}
        return {student: sent for student, sent in found.items() if isinstance(sent, dict)}

    @property
    def database(self) -> str:
        """The address of nbgrader's gradebook."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def roster(self) -> dict[str, dict[str, str]]:
        """{student id: row} from roster.csv (columns student, name, and optional email, canvas, moodle)."""
        path = self.root / "roster.csv"
        if not path.exists():
            return {}
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        if rows and "student" not in rows[0]:
            raise CourseError(f"{path}: the first line must name a column 'student'.")
        return {row["student"].strip(): row for row in rows if (row["student"] or "").strip()}

    def write_config(self) -> None:
        """Write nbgrader_config.py when it is missing."""
        path = self.root / "nbgrader_config.py"
        if not path.exists():
            write_text(path, CONFIG.format(root=str(self.root.resolve())))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder's lock: one grader at a time; CourseError names the other one."""
        import fcntl

        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".grading.lock").open("a+") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stream.seek(0)
                raise CourseError(
                    f"Another grader is at work in {self.root} (process {stream.read().strip() or '?'}); "
                    "wait until it ends, then run the same command."
                ) from None
            stream.seek(0)
            stream.truncate()
            stream.write(str(os.getpid()))
            stream.flush()
            yield


def valid_id(text: str) -> bool:
    """Whether `text` can be a student id (and a folder name)."""
    return bool(re.fullmatch(r"[A-Za-z0-9][\w.@-]{0,63}", text)) and not text.endswith(".")


def read_json(path: Path) -> Any:
    """The JSON at `path`, or None when it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def read_report(course: Course, slug: str) -> list[dict[str, str]]:
    """The lines of the collect report so far, as dicts."""
    path = course.root / "reports" / f"{slug}-collect-report.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
