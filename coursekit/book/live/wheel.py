"""The course's own code as a reader needs it: pure Python for pandas, altair, Jinja2 and PyYAML, without Sphinx."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.files import read_yaml

HOME = Path(__file__).parents[2]  # the package coursekit
# What the kernel of a page, and a chapter's cells, begin with.
ROOTS = (
    "coursekit.book.live.kernel",
    "coursekit.book.live.compiled",
    "coursekit.marks",
    "coursekit.prose",
    "coursekit.tables",
)
TEMPLATES = ("book/templates/figure.html", "book/templates/figure-control.html")
BUILDER = "coursekit.book"  # its __init__ names, when Sphinx calls it, modules that no reader needs
REFRESH = "refresh"  # how the publishers' files are read: for whoever keeps the tables
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def modules(subject: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the reader's part of this package, and of the subject's package.

    The reader's part is what the kernel of a page and the subject's modules import, and what those import in turn.
    """
    own = [path for path in sorted(subject.rglob("*.py")) if REFRESH not in path.relative_to(subject).parts]
    begun = {*ROOTS, *(name for path in own for name in imports(path))}
    for path in [*(file_of(name) for name in sorted(closure(begun))), *map(HOME.joinpath, TEMPLATES)]:
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


def tables(data: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the tables; manifests as JSON, which is YAML and is read fifty times faster."""
    for path in sorted(data.glob("*.csv")):
        yield f"data/{path.name}", path.read_bytes()
    for path in sorted([*data.glob("*.resource.yaml"), data / "course.yaml"]):
        if path.exists():
            yield f"data/{path.name}", json.dumps(read_yaml(path), default=str, ensure_ascii=False).encode()


def archive(files: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip of the files: the same bytes for the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for name, content in files:
            zipped.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
