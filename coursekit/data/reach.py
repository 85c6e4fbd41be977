"""Which functions of the course's modules a piece of code can reach, read from the text without running anything.

A module falls into its plain functions and the rest: imports, constants, classes, and functions that a decorator may
keep somewhere. The rest runs when the module is imported, so it always counts. A function counts when its name stands,
as a name, an attribute or a text, in code that counts. That is more than can be called, never less: where code finds
things by names that are computed, or reads code as text, whole files count with every comment. Comments and docstrings
count for nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from coursekit.data.inputs import digest
from coursekit.syntax import parse

# Decorators that keep no hold of a function but under its own name.
PLAIN = {"cache", "functools.cache", "lru_cache", "functools.lru_cache", "contextmanager", "contextlib.contextmanager"}
# Code that uses one of these may find or read anything: Python's own by bare names, the others however they stand.
BARE = {"globals", "locals", "vars", "dir", "eval", "exec", "compile", "help", "__import__"}
ANYTHING = {
    "import_module", "attrgetter", "methodcaller", "inspect", "getsource", "getdoc", "builtins", "__builtins__",
    "modules", "__dict__", "__doc__", "__code__", "__globals__", "__loader__", "__getattribute__",
}  # fmt: skip
WORD = re.compile(r"[^\W\d]\w*")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, eq=False)
class Part:
    """A function, or the rest of a module: its code without comments, what it mentions, where it may find anything."""

    text: str
    trees: tuple[ast.AST, ...] = field(repr=False)
    names: frozenset[str]
    anything: bool


@dataclass(frozen=True)
class Module:
    """A module's file: the rest, and its plain functions by name."""

    path: str
    rest: Part
    functions: dict[str, tuple[Part, ...]]

    def reached(self, names: set[str]) -> list[Part]:
        """The rest, and the functions with one of the names, in the order of the names."""
        return [self.rest, *(part for name in sorted(names & set(self.functions)) for part in self.functions[name])]


@dataclass(frozen=True)
class Reach:
    """What a piece of code can reach: parts of each module; ``whole`` when it may reach anything."""

    modules: tuple[Module, ...]
    parts: dict[str, list[Part]]
    whole: bool

    def digest(self) -> str:
        """A digest that stays while nothing that can be reached changes."""
        if self.whole:
            return digest(repr([(one.path, digest(Path(one.path).read_bytes())) for one in self.modules]).encode())
        return digest(repr([(path, [part.text for part in parts]) for path, parts in self.parts.items()]).encode())


def names_of(sources: Iterable[str]) -> list[str]:
    """The names that cells of code mention, sorted; a cell that is no plain Python may mention anything."""
    found: set[str] = set()
    for source in sources:
        try:
            part = _part([parse(source)])
        except SyntaxError:
            return sorted(ANYTHING)
        found |= part.names | (ANYTHING if part.anything else set())
    return sorted(found)


def reach(names: Iterable[str], paths: Iterable[str]) -> Reach:
    """What code that mentions ``names`` can reach in the modules whose files are ``paths``."""
    modules = tuple(module(path, Path(path).stat().st_mtime_ns) for path in sorted(paths))
    known = _spread(set(names).union(*(one.rest.names for one in modules)), modules)
    reached = {one.path: one.reached(known) for one in modules}
    whole = any(part.anything for parts in reached.values() for part in parts) or bool(set(names) & ANYTHING)
    return Reach(modules, reached, whole)


def _spread(known: set[str], modules: tuple[Module, ...]) -> set[str]:
    """Names, and all that functions of these names mention, and so on."""
    fresh = known
    while fresh:
        parts = [part for one in modules for name in fresh & set(one.functions) for part in one.functions[name]]
        fresh = set().union(*(part.names for part in parts)) - known
        known = known | fresh
    return known


@cache
def module(path: str, _changed: int) -> Module:
    """A module's parts. Raises SyntaxError for a file that is no Python."""
    tree = parse(Path(path).read_text(encoding="utf-8"))
    rest, functions = [], {}
    for node in tree.body:
        if _is_plain(node):
            functions.setdefault(node.name, []).append(_part([node]))
            rest += [given for given in _defaults(node) if not isinstance(given, ast.Constant)]
        elif not _is_words(node):
            rest.append(node)
    return Module(path, _part(rest), {name: tuple(parts) for name, parts in functions.items()})


def _is_plain(node: ast.AST) -> bool:
    if not isinstance(node, FUNCTIONS) or node.name.startswith("__"):
        return False
    return all(ast.unparse(_called(decorator)) in PLAIN for decorator in node.decorator_list)


def _is_words(node: ast.AST) -> bool:
    """Whether a statement is a text by itself, such as a module's docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _called(node: ast.AST) -> ast.AST:
    return node.func if isinstance(node, ast.Call) else node


def _defaults(node: ast.FunctionDef) -> list[ast.AST]:
    """What is computed when a function is defined."""
    return [given for given in [*node.args.defaults, *node.args.kw_defaults] if given is not None]


def _part(trees: list[ast.AST]) -> Part:
    for tree in trees:
        _drop_docstrings(tree)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = frozenset().union(*map(_mentioned, nodes)) if nodes else frozenset()
    anything = bool(names & ANYTHING) or any(map(_may_find_anything, nodes))
    return Part("\n".join(ast.dump(tree) for tree in trees), tuple(trees), names, anything)


def _drop_docstrings(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]


def _mentioned(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return {node.attr}
    if isinstance(node, ast.alias):
        # What keeps its own name is used by that name; only another name hides which function is meant.
        return {node.name.split(".")[-1]} if node.asname else set()
    if isinstance(node, ast.keyword):
        return {node.arg or ""}
    return set(WORD.findall(node.value)) if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _may_find_anything(node: ast.AST) -> bool:
    """Whether Python's own means are used that find things by names made up at run time."""
    if isinstance(node, ast.Name):
        return node.id in BARE
    asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"
    return asks and not (len(node.args) > 1 and isinstance(node.args[1], ast.Constant))
