"""From an exercise's folder to what students get and what the grader keeps.

`load(folder)` reads an exercise; `make(exercise, term, ...)` freezes it for a term as a
`Release`: all cells, checks, points, the term's pool. The Release is the instructor's master
copy (a JSON file outside the repository); `notebook(release, version)` is the student's copy.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from coursekit.exercises import checktools, variants
from coursekit.exercises.cells import Cell, SourceError, free_names, solution
from coursekit.exercises.folder import Exercise, load
from coursekit.syntax import parse

__all__ = ["Exercise", "Release", "load", "make", "notebook", "write", "write_data"]
VERSIONS = ("code", "no-code")
MARKER = "Your answer to {question}"


@dataclass
class Release:
    """An exercise frozen for a term; `cells` are plain dicts in order, `pool` its cases."""

    slug: str
    title: str
    term: str
    cells: list
    points: float
    limits: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    pool: list = field(default_factory=list)
    by: str = ""
    rubric: dict = field(default_factory=dict)
    late: dict = field(default_factory=dict)
    due: str = ""
    orals: dict = field(default_factory=dict)

    def case(self, student: str) -> dict | None:
        """The case of `student`, or None when the exercise has no variants."""
        if not self.pool:
            return None
        return variants.pick(self.pool, self.term, self.slug, student if self.by == "student" else "")

    def of_kind(self, *kinds: str) -> list[dict]:
        """The cells of these kinds, in order."""
        return [cell for cell in self.cells if cell["kind"] in kinds]

    def save(self, path: Path) -> None:
        """Write the master copy."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Release:
        """The master copy at `path`; SourceError when there is none."""
        try:
            return cls(**json.loads(Path(path).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise SourceError(
                f"{Path(path).stem} was not released here ({path} is missing); run `course exercise release` first."
            ) from None


def make(exercise: Exercise, term: str, private: Path | None = None, due: str = "") -> Release:
    """Freeze `exercise` for `term`; `private` is a folder with term.key and <slug>.md (both optional)."""
    if not re.fullmatch(r"[\w.-]{1,40}", term):
        raise SourceError(f"the term {term!r} may have letters, digits, dots and hyphens only.")
    meta = exercise.meta
    cells = [_frozen(cell) for cell in exercise.cells if cell.kind not in ("wrong", "no-code")]
    _attach_no_code(cells, exercise.cells)
    points = meta["points"]
    if private is not None:
        extra = _private_checks(Path(private) / f"{exercise.slug}.md", exercise)
        points += sum(cell["points"] for cell in extra)
        cells = _insert(cells, extra)
    pool, by = _pool(meta.get("variants") or {}, term, exercise.slug, private)
    return Release(
        exercise.slug,
        meta["title"],
        term,
        cells,
        points,
        dict(meta.get("limits") or {}),
        dict(meta.get("data") or {}),
        pool,
        by,
        exercise.rubric,
        dict(meta.get("late") or {}),
        str(due),
        exercise.orals,
    )


def _frozen(cell: Cell) -> dict:
    return {
        "id": cell.id,
        "type": cell.type,
        "kind": cell.kind,
        "question": cell.question,
        "points": cell.points,
        "hidden": cell.hidden,
        "only": cell.only,
        "names": cell.names,
        "source": cell.source,
        "no_code": None,
        "tags": [tag for tag in cell.tags if tag.startswith(("hide-", "remove-"))],
    }


def _attach_no_code(frozen: list[dict], cells: list[Cell]) -> None:
    typed = {cell.question: cell.source for cell in cells if cell.kind == "no-code"}
    for cell in frozen:
        if cell["kind"] == "answer":
            cell["no_code"] = typed.get(cell["question"])


def _private_checks(path: Path, exercise: Exercise) -> list[dict]:
    """Hidden checks kept outside the repository, in the same notation (check cells only)."""
    if not path.exists():
        return []
    from coursekit.exercises.source import parse_checks

    return [_frozen(cell) for cell in parse_checks(path, exercise.cells)]


def _insert(cells: list[dict], extra: list[dict]) -> list[dict]:
    for check in extra:
        last = max(number for number, cell in enumerate(cells) if cell["question"] == check["question"])
        cells = [*cells[: last + 1], check, *cells[last + 1 :]]
    return cells


def _pool(meta: dict, term: str, slug: str, private: Path | None) -> tuple[list, str]:
    if not meta:
        return [], ""
    pool = meta["pool"]
    if isinstance(pool, str):
        pool = evaluate(pool)
    key = Path(private, "term.key").read_bytes().strip() if private and Path(private, "term.key").exists() else b""
    pool = variants.draw(pool, term, slug, meta.get("size"), key)
    if len(pool) < 2:
        raise SourceError(f"{slug}: the variant pool has fewer than two cases.")
    return pool, meta.get("by", "student")


def evaluate(expression: str) -> object:
    """The value of an expression over the course's tables."""
    from coursekit import tables

    return tables.evaluate(expression)


def write_data(release: Release, folder: Path, out: Path) -> None:
    """Write the exercise's data files into `out`; from an expression, or copied from the exercise."""
    out.mkdir(parents=True, exist_ok=True)
    for name, expression in release.data.items():
        if not re.fullmatch(r"[\w-]+\.csv", name):
            raise SourceError(f"{release.slug}: the data file {name!r} needs a plain name that ends in .csv.")
        if expression:
            table = evaluate(expression)
            table.to_csv(out / name, index=type(table.index).__name__ != "RangeIndex")
        elif (folder / name).is_file():
            (out / name).write_bytes((folder / name).read_bytes())
        else:
            raise SourceError(f"{release.slug}: the data file {name} is not in {folder}.")


def stub(release: Release, cell: dict, version: str = "code") -> str:
    """What a student gets in the answer cell `cell` of a version."""
    head = f"# {MARKER.format(question=cell['question'])}. Keep this line.\n"
    names = asked_names(release, cell["question"])
    if version == "no-code":
        return head + (_typed(names) if cell["no_code"] is None else solution(cell["no_code"], stub=[]))
    return head + solution(cell["source"], stub=[f"{name} = None" for name in names])


def _typed(names: list[str]) -> str:
    return "\n".join(f"{name} = None  # type the value here instead of None" for name in names)


def asked_names(release: Release, question: str) -> list[str]:
    """The names asked for in a question that its own answer cell defines, in the order of the solution."""
    answer = next(cell for cell in release.cells if cell["kind"] == "answer" and cell["question"] == question)
    asked = {name for cell in release.of_kind("check") if cell["question"] == question for name in cell["names"]}
    return [name for name in _stored(answer["source"]) if name in asked]


def _stored(source: str) -> dict[str, None]:
    """The names that code gives a value to, each once, in the order of the code."""
    names = [node for node in ast.walk(parse(source)) if isinstance(node, ast.Name)]
    return dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Store))


def released_source(release: Release, cell: dict, version: str) -> str:
    """The source of a cell as students get it."""
    if cell["kind"] == "answer":
        return stub(release, cell, version)
    if cell["kind"] == "essay":
        marker = f"<!-- {MARKER.format(question=cell['question'])}. Keep this line. -->\n"
        return marker + solution(cell["source"], stub=[]).strip()
    if cell["kind"] == "case":
        return variants.cell(release.pool, release.term, release.slug, release.by == "student")
    return cell["source"]


def notebook(release: Release, version: str = "code") -> dict:
    """The student's notebook (nbformat 4.5 as a dict) of a version: code or no-code."""
    shown = [cell for cell in release.cells if not cell["hidden"] and cell["only"] in ("", version)]
    cells = [made for cell in shown for made in _released(release, cell, version)]
    if tools := _tools(release):
        first = next(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
        text = f"# Tools for the checks below. Run this cell; no need to read it.\n{tools}"
        cells.insert(first, _cell("code", "check-tools", text, {}, ["hide-input"]))
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "course": {"exercise": release.slug, "term": release.term, "version": version},
        },
    }


def _released(release: Release, cell: dict, version: str) -> Iterator[dict]:
    """The cells that students get for one cell: before a case of their own, one for their id."""
    if cell["kind"] == "case" and release.by == "student":
        yield _cell("code", "student-id", 'STUDENT_ID = ""  # type your student id between the quotes', {})
    yield _cell(cell["type"], cell["id"], released_source(release, cell, version), _nbgrader(cell), cell["tags"])


def _tools(release: Release) -> str:
    """The source of the tools that visible checks use."""
    visible = [cell["source"] for cell in release.of_kind("check") if not cell["hidden"]]
    return checktools.source_of({name for source in visible for name in free_names(parse(source))})


def _nbgrader(cell: dict) -> dict:
    if cell["kind"] not in ("answer", "essay", "check"):
        return {}
    graded = cell["kind"] in ("essay", "check")
    metadata = {
        "grade_id": cell["id"],
        "grade": graded,
        "solution": cell["kind"] != "check",
        "locked": cell["kind"] == "check",
        "schema_version": 3,
        "task": False,
    }
    if graded:
        metadata["points"] = cell["points"]
    return {"nbgrader": metadata}


def _cell(kind: str, identity: str, source: str, metadata: dict, tags: Sequence[str] = ()) -> dict:
    cell = {
        "cell_type": kind,
        "id": identity,
        "metadata": {**metadata, **({"tags": list(tags)} if tags else {})},
        "source": source,
    }
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def write(release: Release, folder: Path, out: Path) -> list[Path]:
    """Write the student's folder: both notebooks and the data; returns the paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for version in VERSIONS:
        path = out / f"{release.slug}{'' if version == 'code' else '-no-code'}.ipynb"
        path.write_text(json.dumps(notebook(release, version), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    write_data(release, folder, out / "data")
    return paths
