"""What of this package a reader needs: the modules that chapters and the subject import, and what these import.

Nothing is listed by hand: a new module on the reader's side reaches the notebooks' wheel and the page's kernel alike.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

HOME = Path(__file__).parents[1]  # the package coursekit
ROOTS = ("coursekit.marks", "coursekit.prose", "coursekit.tables")  # what a chapter's cells begin with
BUILDER = "coursekit.book"  # its __init__ names, when Sphinx calls it, modules that no reader needs
REFRESH = "refresh"  # how the publishers' files are read: for whoever keeps the tables
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # one date in every archive, so that two builds are equal


def modules(subject: Path, roots: Iterable[str] = ROOTS) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the reader's part of this package, and of the subject's package.

    The reader's part is what ``roots`` and the subject's modules import, and what those import in turn.
    """
    own = [path for path in sorted(subject.rglob("*.py")) if REFRESH not in path.relative_to(subject).parts]
    begun = {*roots, *(name for path in own for name in imports(path))}
    for path in (file_of(name) for name in sorted(closure(begun))):
        yield f"{HOME.name}/{path.relative_to(HOME).as_posix()}", path.read_bytes()
    for path in own:
        yield f"{subject.name}/{path.relative_to(subject).as_posix()}", path.read_bytes()


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a module's file may import: of ``from a import b`` both ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def file_of(name: str) -> Path | None:
    """The file of a module of this package; None for any other name."""
    place = HOME.parent.joinpath(*name.split("."))
    found = (place.with_suffix(".py"), place / "__init__.py") if name.split(".")[0] == HOME.name else ()
    return next((path for path in found if path.is_file()), None)


def closure(names: set[str]) -> set[str]:
    """Those of the names that are modules of this package, their packages, and all that they import in turn."""
    found: set[str] = set()
    todo = sorted(names)
    while todo:
        name = todo.pop()
        path = file_of(name)
        if path and name not in found:
            found.add(name)
            todo += [name.rpartition(".")[0], *([] if name == BUILDER else imports(path))]
    return found
