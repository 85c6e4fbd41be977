"""An exercise's folder as its author wrote it: exercise.md, exercise.yml, rubric.yml, orals.yml, read strictly."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coursekit import files
from coursekit.exercises import orals
from coursekit.exercises.cells import Cell, SourceError
from coursekit.exercises.source import read_cells

ANCHORS = ("full", "half", "none")  # what an answer with all, half and none of a criterion's points looks like


@dataclass
class Exercise:
    """An exercise as its author wrote it, or its public edition without solutions and hidden checks."""

    slug: str
    folder: Path
    meta: dict
    cells: list
    rubric: dict
    orals: dict = field(default_factory=dict)

    @property
    def public(self) -> bool:
        """Whether this is the public edition, from which nothing can be graded."""
        return "edition" in self.meta


def load(folder: Path | str) -> Exercise:
    """Read and validate the exercise in `folder` (exercise.md, exercise.yml, rubric.yml)."""
    folder = Path(folder)
    path = folder / "exercise.md"
    if not path.is_file():
        raise SourceError(f"{folder}: there is no exercise.md in this folder.")
    meta = files.read_yaml(folder / "exercise.yml", SourceError)
    edition = (meta.get("edition") or {}).get("points_after")
    cells = read_cells(path, public=edition is not None) + _hidden(edition or {})
    rubric = files.read_yaml(folder / "rubric.yml", SourceError) if (folder / "rubric.yml").exists() else {}
    exercise = Exercise(folder.name, folder, meta, cells, rubric, orals.load(folder / "orals.yml", cells))
    _check_meta(exercise, folder / "exercise.yml")
    _check_rubric(exercise, folder / "rubric.yml")
    return exercise


def _hidden(points: dict[str, float]) -> list[Cell]:
    """Stand-ins for the hidden checks that the public edition leaves out, so that points add up."""
    return [Cell("", 0, kind="check", question=name, points=number, hidden=True) for name, number in points.items()]


def _check_meta(exercise: Exercise, path: Path) -> None:
    meta, cells = exercise.meta, exercise.cells
    files.known_keys(
        meta,
        str(path),
        SourceError,
        required=("title", "points", "minutes", "outcomes", "assesses"),
        optional=("chapter", "limits", "data", "variants", "late", "edition"),
    )
    for key, optional in {"limits": ("seconds", "megabytes"), "late": ("percent_per_day", "at_most")}.items():
        files.known_keys(meta.get(key) or {}, f"{path}, {key}", SourceError, optional=optional)
    total = sum(cell.points for cell in cells)
    if total != meta["points"]:
        raise SourceError(f"{path}: points says {meta['points']}, the checks and essays add up to {total:g}.")
    _check_outcomes(meta, {cell.question for cell in cells if cell.kind in ("answer", "essay")}, path)
    _check_variants(meta.get("variants"), any(cell.kind == "case" for cell in cells), path)


def _check_outcomes(meta: dict, questions: set[str], path: Path) -> None:
    if set(meta["assesses"]) != questions:
        raise SourceError(f"{path}: assesses must name each question once ({', '.join(sorted(questions))}).")
    for question, outcomes in meta["assesses"].items():
        for outcome in outcomes if isinstance(outcomes, list) else [outcomes]:
            if outcome not in meta["outcomes"]:
                raise SourceError(f"{path}: {question} assesses {outcome!r}, which outcomes does not define.")


def _check_variants(variants: dict | None, has_case: bool, path: Path) -> None:
    if has_case != bool(variants):
        raise SourceError(f"{path}: a case cell in exercise.md and variants in exercise.yml need each other.")
    if variants:
        files.known_keys(
            variants, f"{path}, variants", SourceError, required=("pool",), optional=("size", "by", "same_at_most")
        )


def _check_rubric(exercise: Exercise, path: Path) -> None:
    essays = {cell.question: cell.points for cell in exercise.cells if cell.kind == "essay"}
    if set(exercise.rubric) != set(essays):
        raise SourceError(f"{path}: it must have one entry for each essay ({', '.join(essays) or 'none'}).")
    for question, criteria in exercise.rubric.items():
        _check_criteria(criteria, question, path)
        total = sum(row["points"] for row in criteria)
        if total != essays[question]:
            raise SourceError(
                f"{path}: the criteria of {question} add up to {total:g}, the essay has {essays[question]:g} points."
            )


def _check_criteria(criteria: object, question: str, path: Path) -> None:
    if not isinstance(criteria, list):
        raise SourceError(f"{path}: {question} must be a list of criteria.")
    for number, row in enumerate(criteria, 1):
        where = f"{path}, {question}, criterion {number}"
        files.known_keys(row, where, SourceError, required=("id", "text", "points"), optional=("anchors",))
        if "anchors" in row:
            files.known_keys(row["anchors"], f"{where}, anchors", SourceError, required=ANCHORS)
