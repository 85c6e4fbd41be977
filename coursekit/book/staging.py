"""The tree that Sphinx reads: links to the course's files, and the pages that are made from tables and exercises.

So a build writes nothing into the course's own folders, and works when they can only be read. The tree lies with the
built book, in ``.source``; a link is made anew only when it leads elsewhere, so that unchanged pages stay unchanged.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from coursekit.book.exercise_pages import FOLDER as EXERCISE_PAGES
from coursekit.book.exercise_pages import write_exercise_pages
from coursekit.book.pages import DATA_PAGES, write_table_pages

NAME = ".source"
PAGES = "chapters"  # its folders are real ones, because made pages lie in some of them
MADE = (DATA_PAGES, EXERCISE_PAGES)


def stage(root: Path, out: Path) -> Path:
    """The folder below ``out`` from which the book of the course in ``root`` is built; made or brought up to date."""
    place = out / NAME
    wanted = dict(_originals(root))
    _remove_strays(place, wanted)
    for inside, original in wanted.items():
        _link(place / inside, original)
    write_table_pages(place)
    write_exercise_pages(place)
    return place


def _originals(root: Path) -> Iterator[tuple[Path, Path]]:
    """(path in the tree, file or folder it stands for): whole folders, but single files below the pages' folder."""
    for original in sorted(root.iterdir()):
        if not _skipped(original) and original.name != PAGES:
            yield Path(original.name), original.resolve()
    for original in sorted((root / PAGES).rglob("*")):
        inside = original.relative_to(root)
        hidden = any(_skipped(root / part) for part in (inside, *inside.parents))
        if original.is_file() and not hidden and not any(inside.is_relative_to(made) for made in MADE):
            yield inside, original.resolve()


def _skipped(path: Path) -> bool:
    return path.name.startswith((".", "_build")) or path.name == "__pycache__"


def _remove_strays(place: Path, wanted: dict[Path, Path]) -> None:
    for path in sorted(place.rglob("*"), reverse=True):
        inside = path.relative_to(place)
        ours = inside in wanted or any(part in wanted for part in inside.parents)
        if (path.is_symlink() or path.is_file()) and not ours and not any(inside.is_relative_to(m) for m in MADE):
            path.unlink()


def _link(path: Path, original: Path) -> None:
    """A link at ``path``; a copy where the system allows no links."""
    if path.is_symlink() and Path(os.readlink(path)) == original:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True) if not path.is_dir() or path.is_symlink() else shutil.rmtree(path)
    try:
        path.symlink_to(original, target_is_directory=original.is_dir())
    except OSError:
        (shutil.copytree if original.is_dir() else shutil.copy2)(original, path)
