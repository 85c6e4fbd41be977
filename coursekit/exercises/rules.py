"""The rules an exercise's cells must keep: ids, points, names, messages, solution blocks."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.exercises import checktools
from coursekit.exercises.cells import Cell, assigned, fail, free_names, solution
from coursekit.exercises.charttools import HIDDEN_TOOLS


@dataclass
class _Seen:
    """What the cells so far have: answer cells by question, names they define, names that are given."""

    public: bool
    answers: dict[str, Cell] = field(default_factory=dict)
    defined: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=lambda: {*dir(builtins), *checktools.TOOLS, *_ALWAYS})


_ALWAYS = ("case", "STUDENT_ID", "display")


def check_cells(cells: list[Cell], path: Path, public: bool = False) -> None:
    """Raise SourceError at the first rule the cells break; give ids and names.

    public: the cells of a public edition, whose answers have no solution and whose questions no hidden check.
    """
    counts, seen = {}, _Seen(public)
    for number, cell in enumerate(cells):
        cell.id = _identity(cell, number, counts, path)
        if cell.type == "code":
            _check_code(cell, _tree(cell, path), seen, path)
    if not public:
        _check_whole(cells, seen.answers, path)


def _check_code(cell: Cell, tree: ast.Module, seen: _Seen, path: Path) -> None:
    if cell.kind in ("given", "case"):
        seen.given |= assigned(tree)
    elif cell.kind == "answer":
        if not seen.public:
            solution(cell.source, cell.line, path)
        seen.answers[cell.question] = cell
        seen.defined.update(dict.fromkeys(assigned(tree), cell.question))
    elif cell.kind == "check":
        _check_check(cell, tree, seen, path)
    elif cell.question not in seen.answers:
        fail(path, cell.line, f"{cell.kind} {cell.question}: no answer cell {cell.question} comes before.")


def _identity(cell: Cell, number: int, counts: dict, path: Path) -> str:
    if cell.kind in ("check", "wrong"):
        counts[cell.kind, cell.question] = counts.get((cell.kind, cell.question), 0) + 1
        return f"{cell.kind}-{cell.question}-{counts[cell.kind, cell.question]}"
    if not cell.question:
        return f"{cell.kind}-{number:02d}"
    kind = "answer" if cell.kind == "essay" else cell.kind
    if counts.setdefault((kind, cell.question), cell.line) != cell.line:
        fail(
            path, cell.line, f"{cell.question} already has its {cell.kind} cell on line {counts[kind, cell.question]}."
        )
    return f"{kind}-{cell.question}"


def _tree(cell: Cell, path: Path) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError as fault:
        fail(path, cell.line + (fault.lineno or 1) - 1, f"this is not Python: {fault.msg}.")


def _check_check(cell: Cell, tree: ast.Module, seen: _Seen, path: Path) -> None:
    if cell.question not in seen.answers:
        fail(path, cell.line, f"check {cell.question}: no answer cell {cell.question} comes before.")
    asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    if not asserts:
        fail(path, cell.line, "a check needs at least one assert.")
    for node in asserts:
        _check_message(node, cell, path)
    names = free_names(tree)
    _check_names(cell, names, seen, path)
    cell.names = sorted(names & set(seen.defined))
    if not cell.names:
        fail(path, cell.line, f"this check looks at no name that an answer defines ({', '.join(seen.defined)}).")


def _check_names(cell: Cell, names: set[str], seen: _Seen, path: Path) -> None:
    """Raise SourceError for a name that students do not have, or that nothing defines."""
    secret = {"key", *HIDDEN_TOOLS}
    if names & secret and not cell.hidden:
        fail(path, cell.line, f"a visible check cannot use {sorted(names & secret)[0]}: students do not have it.")
    for name in sorted(names - {*(secret if cell.hidden else ()), *seen.defined, *seen.given}):
        fail(path, cell.line, f"nothing before this check defines {name!r}.")


def _check_message(node: ast.Assert, cell: Cell, path: Path) -> None:
    line = cell.line + node.lineno - 1
    if node.msg is None:
        fail(path, line, "every assert needs a message that helps the student.")
    if "key" in {name.id for name in ast.walk(node.msg) if isinstance(name, ast.Name)}:
        fail(path, line, "a message must not hold the answer (it uses key).")
    if not isinstance(node.msg, (ast.Constant, ast.JoinedStr)):
        fail(path, line, "a message must be plain text in quotes.")


def _check_whole(cells: list[Cell], answers: dict[str, Cell], path: Path) -> None:
    for question, cell in answers.items():
        kinds = [(other.kind, other.hidden) for other in cells if other.question == question]
        if not any(other.points for other in cells if (other.kind, other.question) == ("check", question)):
            fail(path, cell.line, f"{question} has no check with points, so nobody can get points for it.")
        if ("check", False) in kinds and ("wrong", False) not in kinds:
            fail(path, cell.line, f"{question} has a visible check but no 'wrong {question}' cell to try it on.")
