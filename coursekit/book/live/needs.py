"""Which earlier cells a cell needs: those that made, or changed, a name that it reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

IN_QUERY = re.compile(r"@([A-Za-z_]\w*)")  # a name that a pandas query reads


class Names(NamedTuple):
    """The names of a piece of code: those it makes, those it reads from before, those from before that it changes."""

    made: frozenset[str]
    read: frozenset[str]
    changed: frozenset[str]


@cache
def names(code: str) -> Names:
    """The names of ``code``, statement by statement: what an earlier statement made is not read from before.

    Raises SyntaxError for code that Python cannot read.

    >>> names("a = b\\nc = a") == Names(frozenset({"a", "c"}), frozenset({"b"}), frozenset())
    True
    """
    made: set[str] = set()
    read: set[str] = set()
    changed: set[str] = set()
    for statement in ast.parse(code).body:
        read |= set(_read(statement)) - made - set(_own(statement))
        changed |= set(_changed(statement)) - made
        made |= set(_made(statement))
    return Names(frozenset(made), frozenset(read), frozenset(changed))


def _made(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _own(statement: ast.AST) -> Iterator[str]:
    """Names that a statement binds before it reads them: of loops, comprehensions, ``with`` and arguments."""
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.For | ast.comprehension):
            yield from _made(node.target)
        elif isinstance(node, ast.withitem) and node.optional_vars:
            yield from _made(node.optional_vars)


def _read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from IN_QUERY.findall(node.value)


def _changed(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name):
                yield node.value.id


def needed(cells: list[str], number: int, code: str) -> list[int]:
    """The places of the earlier cells that ``code``, standing as cell ``number``, needs; in their order.

    cells: the page's cells, from the first. For each name that is read, the last cell before that makes it, and every
    cell in between that changes it. A cell that cannot be read as Python is passed over, unless it is the last.
    """
    wanted, found = set(names(code).read), []
    for place in range(number - 1, -1, -1):
        made = _names_or_none(cells[place])
        if made and (made.made | made.changed) & wanted:
            found.append(place)
            wanted = (wanted - made.made) | made.read
    return found[::-1]


def _names_or_none(code: str) -> Names | None:
    try:
        return names(code)
    except SyntaxError:
        return None
