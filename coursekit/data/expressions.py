"""Values of the course's expressions, computed once: again only when the tables or the code behind them have changed.

Which those are is read from the text, without running anything: the modules that an expression names, the modules that
these import, of both the functions that it can reach (``reach.py``), and each table whose name stands in one of them.
Code that loads a table by a computed name counts as using every table, so that a value is never older than its data.
Values outlive a build when ``keep`` names a file.
"""

from __future__ import annotations

import ast
import importlib.util
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from coursekit import tables
from coursekit.data.inputs import Inputs, digest
from coursekit.data.made import Made
from coursekit.data.reach import Part, Reach, names_of, reach
from coursekit.files import write_json
from coursekit.syntax import parse

LOADERS = {"load", "manifest", "cite", "source"}
EVERY = {"names", "catalogue"}
FORM = 3  # of the file of values; counts up when what is kept changes
LASTING = (bool, int, float, str)
NOTHING: Mapping = MappingProxyType({})


@dataclass
class Found:
    """What a piece of code mentions: dotted names it may import, texts, and whether it loads tables unnamed."""

    modules: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    every_table: bool = False


class Expressions:
    """Values of expressions over the tables of ``root``, remembered with the digests of what they were made from."""

    def __init__(self, root: Path, path: Path | None = None):
        self.inputs, self.path, self.folder = Inputs(root, still=path is not None), path, tables.data_dir().resolve()
        kept = _read(path)
        self.known: dict[str, dict] = kept.get("values", {})
        self.made = Made(self.inputs, self.folder, kept.get("made", {}) if self.inputs.still else {})
        self.fresh = False
        self.results: dict = {}  # of ``once``

    def value(self, expression: str, table: str | None = None, day: date | None = None, given: Mapping = NOTHING):
        """The value of an expression; ``t`` in it is the table named ``table``. Raises what the expression raises.

        day: compute it from what was published by then only. given: values by the names that the expression may use; a
        value is remembered for these values, and not at all where one of them is no number or word.
        """
        made_from = self.made_from(expression, table)
        key = _key(expression, table, day, given)
        kept = self.known.get(key)
        if kept and kept["from"] == made_from:
            return kept["value"]
        names = {**given, "t": tables.load(table)} if table else given
        with tables.watched() as used, tables.as_of(day):
            value = tables.evaluate(expression, **names)
        value = value.item() if hasattr(value, "item") and getattr(value, "size", 1) == 1 else value
        if all(isinstance(one, LASTING) for one in (value, *given.values())):
            self.known[key] = {"from": made_from, "value": value, "tables": sorted(used)}
            self.fresh = True
        return value

    def tables_of(self, expression: str, day: date | None = None) -> set[str]:
        """The tables that were read when the value of an expression was computed."""
        self.value(expression, day=day)
        kept = self.known.get(_key(expression, None, day))
        return set(kept["tables"]) if kept else set(tables.tables_of(expression))

    def made_from(self, expression: str, table: str | None = None) -> str:
        """One digest of all that an expression is computed from: code, tables, versions of packages."""
        key = _key(expression, table)
        if not self.inputs.still or key not in self.made.digests:
            self.made.add(key, *self._made_from(expression, table))
        return self.made.digests[key]

    def fingerprint(self, expression: str) -> str:
        """A digest that changes with the value of an expression or, of one that is no number or word, its making."""
        with suppress(Exception):  # what cannot be computed is named where it stands
            self.value(expression)
        made_from, kept = self.made_from(expression), self.known.get(_key(expression, None), {})
        return digest(repr(kept["value"]).encode()) if kept.get("from") == made_from else made_from

    def _made_from(self, expression: str, table: str | None) -> tuple[str, set[str]]:
        tree = parse(expression.strip(), "eval")
        here = mentions(tree)
        code = self._code(here.modules | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
        reached = reach(names_of([expression.strip()]), code)
        used = self._tables_in([here, *self._mentioned(reached)]) | ({table} if table else set())
        used |= self._dating(used)
        facts = {f"file:{__file__}", "package:pandas", "package:numpy"}
        facts |= {f"file:{self.folder}/{name}" for table in used for name in files_of(table)}
        found = [reached.digest(), *(f"{fact} {self.inputs.now(fact)}" for fact in sorted(facts))]
        return digest("\n".join(found).encode()), code

    def _mentioned(self, reached: Reach) -> list[Found]:
        """What the subject's code that can be reached mentions: general code loads what it is told to."""
        if reached.whole:
            return [mentions_of(one.path) for one in reached.modules]
        subject = [parts for path, parts in reached.parts.items() if not is_general(path)]
        return [_of_part(part) for parts in subject for part in parts]

    def _tables_in(self, found: list[Found]) -> set[str]:
        """The tables that pieces of code name; all of them when one loads a table that it does not name."""
        if any(piece.every_table for piece in found):
            return self._tables
        return self._tables & set().union(*(piece.texts for piece in found))

    def _dating(self, used: set[str]) -> set[str]:
        """The tables that say when rows of others were published."""
        return {tables.manifest(name).get("known", {}).get("from", name) for name in used}

    @cached_property
    def _measures(self) -> str:
        return tables.setting("measures", "")

    @cached_property
    def _tables(self) -> set[str]:
        return set(tables.names())

    def _code(self, names: set[str]) -> set[str]:
        """Files of the course's own modules behind names, of which bare ones may be themes of its measures."""
        themes = {f"{self._measures}.{name}" for name in names if self._measures}
        return set().union(*(_closure(name) for name in names | themes))

    def save(self) -> None:
        """Write the values to the file, when there is one and something is new."""
        if self.path and (self.fresh or self.made.fresh):
            write_json(self.path, {"values": self.known, "made": self.made.keep()})
            self.fresh = self.made.fresh = False


def _key(expression: str, table: str | None, day: date | None = None, given: Mapping = NOTHING) -> str:
    names = sorted(given.items()) if given else ""
    return digest(f"{FORM} {table} {expression} {day or ''}{names}".encode())


def files_of(table: str) -> tuple[str, str]:
    """The two files of a table."""
    return f"{table}.csv", f"{table}{tables.SUFFIX}"


def mentions(tree: ast.AST) -> Found:
    """What a piece of parsed code mentions."""
    found = Found()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.texts.add(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.modules |= _imported(node)
        elif isinstance(node, ast.Attribute):
            found.modules.add(ast.unparse(node))
        elif isinstance(node, ast.Call):
            found.every_table |= _loads_unnamed(node)
    return found


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Dotted names that an import may mean: of ``from a import b`` both ``a`` and ``a.b``."""
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    base = "." * node.level + (node.module or "")
    joint = "" if base.endswith(".") else "."
    return {base, *(f"{base}{joint}{name.name}" for name in node.names)}


def _loads_unnamed(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in EVERY and not call.args:
        return True
    return name in LOADERS and not all(isinstance(given, ast.Constant) for given in call.args)


@cache
def _mentions_of(path: str, _changed: int) -> Found:
    return mentions(parse(Path(path).read_text(encoding="utf-8")))


def mentions_of(path: str) -> Found:
    """What a module's file mentions, tables only if it is the subject's: general code loads what it is told to."""
    found = _mentions_of(path, Path(path).stat().st_mtime_ns)
    return Found(found.modules) if is_general(path) else found


@cache
def is_general(path: str) -> bool:
    """Whether a file is this package's and not the subject's."""
    return Path(path).is_relative_to(Path(__file__).parents[1])


@cache
def _of_part(part: Part) -> Found:
    found = [mentions(tree) for tree in part.trees]
    texts = set().union(*(piece.texts for piece in found)) if found else set()
    return Found(set(), texts, any(piece.every_table for piece in found))


@cache
def _closure(name: str) -> frozenset[str]:
    """Files of the course's own modules behind a name: the one it means and all that it imports."""
    found: dict[str, str] = {}
    todo = [name]
    while todo:
        dotted = todo.pop()
        if dotted in found:
            continue
        path = found[dotted] = _file(dotted)
        if path:
            package = dotted if path.endswith("__init__.py") else dotted.rpartition(".")[0]
            todo += [_absolute(name, package) for name in mentions_of(path).modules]
            todo += [dotted.rpartition(".")[0]] if "." in dotted else []
    return frozenset(path for path in found.values() if path)


def _absolute(name: str, package: str) -> str:
    return importlib.util.resolve_name(name, package) if name.startswith(".") else name


@cache
def _file(dotted: str) -> str:
    """The file of a module of the course's own, found without importing anything; empty for any other name."""
    root, *inner = dotted.split(".")
    found = _root(root)
    for name in inner:
        found = _inside(found, name) if found.endswith("__init__.py") else ""
    return found


@cache
def _root(name: str) -> str:
    """The file of a module or package at the top, if it is the course's own; an installed one is not looked into."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return ""
    origin = spec.origin if spec and spec.has_location else ""
    return origin if origin and not Inputs(Path()).installed(origin) else ""


def _inside(package: str, name: str) -> str:
    folder = Path(package).parent
    return next((str(path) for path in (folder / name / "__init__.py", folder / f"{name}.py") if path.exists()), "")


def _read(path: Path | None) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (FileNotFoundError, ValueError):  # none kept, or not whole: compute again
        return {}


_current: list[Expressions] = []
ASKED: list[set[str]] = []  # each set is told of every expression whose value is asked for


def tables_of(expression: str, day: date | None = None) -> set[str]:
    """The tables from which an expression is computed, also where a measure loads them."""
    return current().tables_of(expression, day)


def keep(path: Path | None = None) -> Expressions:
    """Begin anew: values from now on are looked up in, and saved to, the file; without one they last this process."""
    _current[:] = [Expressions(tables.data_dir().parent, path)]
    return _current[0]


def current() -> Expressions:
    """The values of this process."""
    if not _current or _current[0].folder != tables.data_dir().resolve():
        keep()
    return _current[0]


def value(expression: str, table: str | None = None, day: date | None = None, given: Mapping = NOTHING):
    """The value of an expression, remembered; from what was published by a day. Raises what the expression raises.

    given: values by the names that the expression may use.
    """
    for seen in ASKED:
        seen.add(expression)
    return current().value(expression, table, day, given)
