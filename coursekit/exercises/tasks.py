"""Tasks: graded work of one page that a person marks on a rubric, with three marked sample answers.

``exercises/<name>/task.yml`` holds one. The samples answer another case than the student's, so that they show what the
marks mean and give nothing away. Numbers stand as ``{name}`` in the texts and are computed from ``values``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from coursekit.errors import CourseKitError
from coursekit.exercises import practice
from coursekit.exercises.filling import filled
from coursekit.exercises.folder import ANCHORS
from coursekit.files import known_keys, read_yaml

FILE = "task.yml"
LEVELS = ("good", "middling", "weak")
_KEYS = ("title", "chapter", "minutes", "points", "outcomes", "task", "self_check", "rubric", "values", "samples")


class TaskError(CourseKitError):
    """A task's file is broken. The message names file, place and fault."""


@dataclass(frozen=True)
class Criterion:
    """What the marker looks for: the standard, its points, and what full, half and none of them look like."""

    id: str
    points: float
    text: str
    anchors: dict[str, str]


@dataclass(frozen=True)
class Sample:
    """A sample answer with its marks by criterion and the reason for them."""

    level: str
    case: str
    text: str
    marks: dict[str, float]
    comment: str

    @property
    def total(self) -> float:
        """The points of the whole answer."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class Task:
    """A task as it is shown: texts filled in, criteria and samples in order."""

    slug: str
    title: str
    chapter: str
    minutes: int
    points: float
    outcomes: dict[str, str]
    text: str
    self_check: tuple[practice.Task, ...]
    rubric: tuple[Criterion, ...]
    samples: tuple[Sample, ...]


def paths(root: Path) -> list[Path]:
    """The folders of all tasks in the course's folder ``root``."""
    return sorted(path.parent for path in (root / "exercises").glob(f"*/{FILE}"))


def load(folder: Path) -> Task:
    """The task in ``folder``, its numbers computed. Raises TaskError."""
    return _Reader(folder).task()


class _Reader:
    """Reads one file and refuses its first fault."""

    def __init__(self, folder: Path):
        self.folder, self.where = folder, f"{folder.name}/{FILE}"
        self.raw = read_yaml(folder / FILE, TaskError)
        known_keys(self.raw, self.where, TaskError, required=[key for key in _KEYS if key != "values"], optional=_KEYS)

    def fail(self, sentence: str) -> NoReturn:
        """Refuse the file with one sentence."""
        raise TaskError(f"{self.where}: {sentence}")

    def task(self) -> Task:
        """The task of the file; raises at its first fault."""
        from coursekit.data import expressions

        raw = self.raw
        values = {name: expressions.value(text) for name, text in (raw.get("values") or {}).items()}
        rubric = tuple(map(self.criterion, raw["rubric"]))
        total = sum(row.points for row in rubric)
        if total != raw["points"]:
            self.fail(f"points says {raw['points']}, the criteria add up to {total:g}.")
        return Task(
            slug=self.folder.name,
            text=filled(raw["task"], values, "task", self.fail),
            self_check=self.checks(),
            rubric=rubric,
            samples=self.samples(rubric, values),
            **{key: raw[key] for key in ("title", "chapter", "minutes", "points", "outcomes")},
        )

    def checks(self) -> tuple[practice.Task, ...]:
        """The tasks of the chapter's practice that tell a student whether the numbers are right."""
        known = practice.load(practice.path_of(self.folder.parents[1], self.raw["chapter"]))
        strange = [name for name in self.raw["self_check"] if name not in known]
        if strange:
            self.fail(f"self_check names {strange[0]!r}; the chapter's practice has {', '.join(known)}.")
        return tuple(known[name] for name in self.raw["self_check"])

    def criterion(self, row: dict) -> Criterion:
        """One criterion of the rubric, with what earns all, half and none of its points."""
        known_keys(row, f"{self.where}, rubric", TaskError, required=("id", "points", "text", "anchors"))
        known_keys(row["anchors"], f"{self.where}, anchors of {row['id']}", TaskError, required=ANCHORS)
        return Criterion(**row)

    def samples(self, rubric: tuple[Criterion, ...], values: dict) -> tuple[Sample, ...]:
        """The samples, best first; each is marked on every criterion, within its points."""
        known_keys(self.raw["samples"], f"{self.where}, samples", TaskError, required=LEVELS)
        found = tuple(self.sample(level, rubric, values) for level in LEVELS)
        if not found[0].total > found[1].total > found[2].total:
            self.fail("the marks must fall from good to middling to weak.")
        return found

    def sample(self, level: str, rubric: tuple[Criterion, ...], values: dict) -> Sample:
        """The sample of one level, its marks checked against the rubric."""
        raw, what = self.raw["samples"][level], f"sample {level!r}"
        known_keys(raw, f"{self.where}, {what}", TaskError, required=("case", "text", "marks", "comment"))
        most = {row.id: row.points for row in rubric}
        odd = [name for name in {*most, *raw["marks"]} if not 0 <= raw["marks"].get(name, -1) <= most.get(name, -1)]
        if odd:
            self.fail(f"the {what} needs marks for {', '.join(sorted(odd))} between 0 and the criterion's points.")
        texts = {name: filled(raw[name], values, what, self.fail) for name in ("case", "text", "comment")}
        return Sample(level=level, marks=raw["marks"], **texts)
