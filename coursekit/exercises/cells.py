"""The cell of an exercise, its solution block, and the names its code uses."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from coursekit.errors import CourseKitError

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


class SourceError(CourseKitError):
    """A rule of authoring is broken; the message names file, line and rule."""


@dataclass
class Cell:
    """One cell: kind is text, given, case, answer, check, essay, wrong or no-code."""

    source: str
    line: int
    type: str = "code"
    kind: str = "given"
    question: str = ""
    points: float = 0
    hidden: bool = False
    only: str = ""
    tags: list = field(default_factory=list)
    id: str = ""
    names: list = field(default_factory=list)


def fail(path: str | Path, line: int, rule: str) -> NoReturn:
    """Raise SourceError for one rule broken at one line."""
    raise SourceError(f"{path}, line {line}: {rule}")


def solution(source: str, line: int = 1, path: str | Path = "exercise.md", stub: list[str] | None = None) -> str:
    """`source` with each solution block replaced by `stub` (a list of lines), markers removed.

    With `stub` None the solution stays and only the markers go. Markers must pair up.
    """
    kept, inside, replaced = [], 0, False
    for number, text in enumerate(source.split("\n"), line):
        if _is_marker(text):
            _must_pair(text, inside, number, path)
            inside = 0 if inside else number
            kept += _indented(stub, text) if inside else []
            replaced = True
        elif not inside or stub is None:
            kept.append(text)
    if inside:
        fail(path, inside, f"this {BEGIN} is never closed with {END}.")
    _must_be_there(replaced or stub is not None, line, path)
    return "\n".join(kept)


def _must_be_there(found, line, path):
    """Raise SourceError for a cell of an author's file (its line is known) that has no block."""
    if not found and line > 1:
        fail(path, line, f"an answer cell needs a block from {BEGIN} to {END}.")


def _is_marker(text):
    return BEGIN in text or END in text


def _must_pair(text, inside, number, path):
    """Raise SourceError for a marker that comes where the other one should; inside: a block is open."""
    if (BEGIN in text) == bool(inside):
        fail(path, number, f"{'a second ' + BEGIN if inside else END + ' without a ' + BEGIN}.")


def _indented(stub, marker):
    """The lines of a stub (none when it is None) as far to the right as the marker that they replace."""
    margin = marker[: len(marker) - len(marker.lstrip())]
    return [margin + row for row in stub or ()]


def assigned(tree: ast.Module) -> set[str]:
    """Names a piece of code defines at its top level."""
    found = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            found |= {
                name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
    return found


def free_names(tree: ast.Module) -> set[str]:
    """Names a piece of code uses without defining them itself."""
    nodes = list(ast.walk(tree))
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)} | assigned(tree)
    return used - own - set(dir(builtins))
