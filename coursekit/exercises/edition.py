"""The public edition: what a public repository, Binder and the archive get, without what would give away marks.

Left out of each exercise: solutions, hidden checks, wrong answers, the anchors of the rubric and the oral questions.
What stays is what students get: the task, empty answer cells, visible checks, criteria, data. In place of its hidden
checks `exercise.yml` has their points. Quiz banks stay whole: a page that tells a reader at once what was right holds
the answer. The tests stay out too, since they try solutions, and so does the history of the repository.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from coursekit.errors import CourseKitError
from coursekit.exercises import release as releases
from coursekit.exercises.cells import Cell, solution
from coursekit.exercises.folder import Exercise
from coursekit.files import write_bytes, write_text
from coursekit.progress import Progress

LEFT_OUT = {"tests", "bench", ".github", "requirements-dev.txt"}  # tests try solutions; the rest serves the tests
NOTE = "PUBLIC-EDITION.md"
_STAYS = ("_build", ".git")
_MADE = {"_build", "build", "__pycache__", ".venv"}
_FRONT = "---\nkernelspec: {display_name: Python 3, language: python, name: python3}\n---\n"
_WORDS = """# Public edition

This tree was written by `make public`. It builds the whole book (`make book`) and holds all data and code, but not the
solutions, hidden checks and marker's notes of the graded exercises, and no tests. Instructors who want to grade ask the
authors for the instructor's edition.
"""


class EditionError(CourseKitError):
    """The public edition cannot be written; the message says what to do."""


def write(root: Path, out: Path, progress: Progress = iter) -> int:
    """Write the public edition of the course in `root` into the folder `out`, anew; the number of files.

    Raises EditionError when `out` holds something else, or lies where it would be copied into itself.
    """
    _empty(root, out)
    count = 0
    for path in progress(files(root)):
        if path.parts[0] == "exercises" and (root / "exercises" / path.parts[1] / "exercise.md").exists():
            continue
        write_bytes(out / path, (root / path).read_bytes())
        shutil.copymode(root / path, out / path)
        count += 1
    for source in sorted((root / "exercises").glob("*/exercise.md")):
        count += write_exercise(releases.load(source.parent), out / "exercises" / source.parent.name)
    write_text(out / NOTE, _WORDS)
    return count + 1


def _empty(root: Path, out: Path) -> None:
    """Remove an earlier edition; anything else is refused. A built book and a repository's history stay."""
    if _among_sources(root.resolve(), out.resolve()) or _is_foreign(out):
        raise EditionError(f"{out} holds other files or lies among the sources; choose an empty folder with --out.")
    for path in sorted(out.glob("*")):
        if path.is_dir() and path.name not in _STAYS:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _among_sources(root: Path, out: Path) -> bool:
    return out.is_relative_to(root) and not out.is_relative_to(root / "_build")


def _is_foreign(out: Path) -> bool:
    return out.exists() and any(out.iterdir()) and not (out / NOTE).exists()


def files(root: Path) -> list[Path]:
    """The files of the course to copy, relative to `root`: those that git follows, or all but hidden and built ones."""
    try:
        done = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True)
        names = [Path(name) for name in done.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(root) for path in sorted(root.rglob("*")) if path.is_file()]
    return [name for name in names if _public(name) and (root / name).is_file()]


def _public(name: Path) -> bool:
    made = _MADE & set(name.parts) or any(part.endswith(".egg-info") for part in name.parts)
    hidden = name.parts[0].startswith(".") and name.parts[0] != ".gitignore"
    return not made and not hidden and name.parts[0] not in LEFT_OUT


def write_exercise(exercise: Exercise, folder: Path) -> int:
    """Write an exercise without what students must not see; the number of files."""
    made = {
        "exercise.md": _FRONT + "".join(_cells(exercise)),
        "exercise.yml": _yaml({**exercise.meta, "edition": {"points_after": points_after(exercise)}}),
    }
    if exercise.rubric:
        made["rubric.yml"] = _yaml(
            {name: [_without_anchors(row) for row in rows] for name, rows in exercise.rubric.items()}
        )
    for name, text in made.items():
        write_text(folder / name, text)
    data = [name for name, expression in (exercise.meta.get("data") or {}).items() if not expression]
    for name in data:
        write_bytes(folder / name, (exercise.folder / name).read_bytes())
    return len(made) + len(data)


def _yaml(content: dict) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)


def _without_anchors(row: dict) -> dict:
    return {name: value for name, value in row.items() if name != "anchors"}


def points_after(exercise: Exercise) -> dict[str, float]:
    """{question: points of its hidden checks}."""
    hidden = [cell for cell in exercise.cells if cell.kind == "check" and cell.hidden]
    return {
        name: sum(c.points for c in hidden if c.question == name) for name in dict.fromkeys(c.question for c in hidden)
    }


def _cells(exercise: Exercise) -> Iterator[str]:
    """The cells that students get, as MyST."""
    release = releases.make(exercise, "public")
    typed = {cell.question for cell in exercise.cells if cell.kind == "no-code"}
    for cell in exercise.cells:
        if cell.kind == "wrong" or cell.hidden:
            continue
        yield _written(cell, _source(release, cell))
        if cell.kind == "answer" and cell.question not in typed:
            yield _typed(release, cell)


def _source(release: releases.Release, cell: Cell) -> str:
    if cell.kind == "answer":
        return solution(cell.source, stub=[f"{name} = None" for name in releases.asked_names(release, cell.question)])
    return solution(cell.source, stub=[]) if cell.kind in ("no-code", "essay") else cell.source


def _typed(release: releases.Release, cell: Cell) -> str:
    """The form of an answer in the version without code, where the author left it to the machine."""
    names = releases.asked_names(release, cell.question)
    source = "\n".join(f"{name} = None  # type the value here instead of None" for name in names)
    return _written(Cell(source, 0, tags=[f"no-code {cell.question}"]), source)


def _written(cell: Cell, source: str) -> str:
    if cell.type == "markdown":
        return f"\n+++ {json.dumps({'tags': cell.tags})}\n\n{source.strip()}\n"
    tags = f":tags: [{', '.join(cell.tags)}]\n" if cell.tags else ""
    return f"\n```{{code-cell}} python\n{tags}{source}\n```\n"
