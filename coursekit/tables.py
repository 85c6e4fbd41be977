"""Typed tables from a CSV file and its manifest.

A table is two files in the course's ``data`` folder: ``<name>.csv`` and ``<name>.resource.yaml``, a Frictionless
resource descriptor with the course's own keys. Only pandas and PyYAML are needed: it also runs in the browser kernel.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pandas as pd

from coursekit.errors import CourseKitError
from coursekit.files import parse_yaml, read_settings
from coursekit.known import rows_known

SUFFIX = ".resource.yaml"
_watching: list[set[str]] = []  # one set for each ``watched()`` that is open
_days: list[date] = []  # one day for each ``as_of()`` that is open; the innermost counts
MOMENTS = ("then", "now")  # of which each claim is judged: the day set in data/course.yaml, and today
TRUE_FALSE = {"true": True, "True": True, "false": False, "False": False}


class TableError(CourseKitError):
    """A table is unknown or its file breaks its manifest. The message says which file, row, column and rule."""


def data_dir() -> Path:
    """The data folder: ``$COURSE_DATA``, else ``data`` beside or above the working folder, else the checkout's."""
    if "COURSE_DATA" in os.environ:
        return Path(os.environ["COURSE_DATA"])
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / "data" / f"sources{SUFFIX}").exists():
            return folder / "data"
    raise TableError(
        "No data folder found: run this inside the course's folder, or set COURSE_DATA to its data folder."
    )


def names() -> list[str]:
    """Names of all tables, sorted."""
    return sorted(p.name.removesuffix(SUFFIX) for p in data_dir().glob(f"*{SUFFIX}"))


def manifest(name: str) -> dict:
    """The manifest of a table as a dictionary. Raises TableError for an unknown name."""
    return _read_manifest(str(_manifest_path(name)))


def load(name: str) -> pd.DataFrame:
    """Load one table with the types of its manifest.

    Returns a DataFrame with one row per observation; units and sources of the columns are in ``manifest(name)``.
    Inside ``as_of`` only the rows published by its day. Raises TableError for an unknown table, a missing column, or a
    cell that does not fit its type; KnownError where it cannot be said what was known by the day.
    """
    rows = _whole(name)
    return rows_known(rows, manifest(name), _days[-1], _whole) if _days else rows


def _whole(name: str) -> pd.DataFrame:
    return _read_table(str(_manifest_path(name))).copy()


@contextmanager
def as_of(day: date | None) -> Iterator[None]:
    """Inside the ``with`` block ``load`` gives only what was published by a day; None: all there is.

    The rules stand in the manifests' key ``known`` (``coursekit.known``).
    """
    if day is None:
        yield
        return
    _days.append(day)
    try:
        yield
    finally:
        _days.pop()


@contextmanager
def watched() -> Iterator[set[str]]:
    """The names of all tables of which rows or manifest are read inside the ``with`` block, by whatever function."""
    seen: set[str] = set()
    _watching.append(seen)
    try:
        yield seen
    finally:
        del _watching[next(place for place, other in enumerate(_watching) if other is seen)]


def catalogue() -> pd.DataFrame:
    """One row a table: name, title, rows, vintage, next release expected, whether that date is past."""
    rows = [
        {
            "table": name,
            "title": manifest(name)["title"],
            "rows": len(_read_table(str(_manifest_path(name)))),
            "vintage": str(manifest(name)["vintage"]),
            "next_release_expected": str(manifest(name)["next_release_expected"]),
            "stale": is_stale(name),
        }
        for name in names()
    ]
    return pd.DataFrame(rows)


def cite(*tables: str) -> str:
    """One line of credit for the tables a chart uses, with their vintage."""
    parts = {}
    for name in tables:
        entry = manifest(name)
        parts.setdefault(f"{entry['short_source']}, vintage {entry['vintage']}", None)
    return "; ".join(parts)


def source(source_id: str) -> pd.Series:
    """The row of a source (publisher, url, vintage ...). Raises TableError for an unknown id."""
    rows = _sources(str(data_dir()))
    for seen in _watching:
        seen.add("sources")  # also when an earlier call has read them
    if source_id not in rows.index:
        raise TableError(f"There is no source '{source_id}' in data/sources.csv; add its row or mend the id.")
    return rows.loc[source_id]


@cache
def _sources(_folder: str) -> pd.DataFrame:
    return _whole("sources").set_index("source_id")


def is_stale(name: str, today: date | None = None) -> bool:
    """True when the month in which a newer release is expected has begun. 'none' never grows stale."""
    expected = str(manifest(name)["next_release_expected"])
    return expected != "none" and expected <= (today or date.today()).strftime("%Y-%m")


def evaluate(expression: str, **given):
    """Compute a Python expression over the tables: ``load``, ``pd``, ``np`` and importable packages are at hand.

    A bare name such as ``spending`` is a module of the package that ``data/course.yaml`` names under ``measures``. Used
    for published totals, verdict numbers and quiz keys, which are the course's own text, never a reader's.
    """
    tree = ast.parse(expression.strip(), mode="eval")
    scope = {"load": load, "pd": pd, **given}
    for root in _free_names(tree) - set(scope) - set(dir(builtins)):
        scope[root] = _named(root)
    for module in _dotted_modules(tree, set(scope) - {"load", "pd", *given}):
        importlib.import_module(module)
    return eval(compile(tree, "<expression>", "eval"), scope)


def _free_names(tree: ast.AST) -> set[str]:
    """Names that an expression uses and does not bind itself."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - bound


def tables_of(expression: str) -> frozenset[str]:
    """Names of the tables from which an expression is computed, also where a measure loads them."""
    return _tables_of(expression, str(data_dir()))


@cache
def _tables_of(expression: str, _folder: str) -> frozenset[str]:
    with watched() as seen:
        evaluate(expression)
    return frozenset(seen)


def day_of(moment: str) -> date | None:
    """The day that this course calls ``then``, from the key ``ledger`` of ``data/course.yaml``; None for ``now``.

    Raises TableError for another word, and where the day is not set.
    """
    if moment not in MOMENTS:
        raise TableError(f"'{moment}' is no moment of the ledger; write one of {', '.join(MOMENTS)}.")
    day = setting("ledger", {}).get("then") if moment == "then" else None
    if moment == "then" and not isinstance(day, date):
        raise TableError("course.yaml, ledger: 'then' must be a day such as 2023-07-31; set it.")
    return day


def setting(name: str, default=None):
    """A word or number that this course sets for the machinery in ``data/course.yaml``; ``default`` without one."""
    return _settings(str(data_dir())).get(name, default)


def _named(root: str):
    """The module an expression means by a bare name: numpy, a theme of the course's measures, or a package."""
    if root == "np":
        return importlib.import_module("numpy")
    package = setting("measures", "")
    if package and _is_module(f"{package}.{root}"):
        return importlib.import_module(f"{package}.{root}")
    return importlib.import_module(root)


@cache
def _settings(folder: str) -> dict:
    """The course's own settings, ``data/course.yaml``; without the file there are none."""
    return read_settings(Path(folder) / "course.yaml", TableError)


def _dotted_modules(tree: ast.AST, roots: set[str]) -> list[str]:
    """Sub-modules named in an expression such as ``pkg.models.thing.f(x)``: importing the root does not load them."""
    found = []
    for node in ast.walk(tree):
        dotted = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if dotted.split(".")[0] in roots and "(" not in dotted and importlib.util.find_spec(dotted.split(".")[0]):
            found += [dotted] if _is_module(dotted) else []
    return sorted(found)


def _is_module(dotted: str) -> bool:
    try:
        return importlib.util.find_spec(dotted) is not None
    except (ModuleNotFoundError, AttributeError):
        return False


def _manifest_path(name: str) -> Path:
    path = data_dir() / f"{name}{SUFFIX}"
    for seen in _watching:
        seen.add(name)
    if path.exists():
        return path
    near = get_close_matches(name, names(), n=1, cutoff=0.4)
    hint = f" Did you mean '{near[0]}'?" if near else " catalogue() lists all tables."
    raise TableError(f"There is no table '{name}' in {data_dir().name}/.{hint}")


def forget() -> None:
    """Read every file anew from now on: for a program that writes tables and then reads them."""
    for kept in (_read_manifest, _read_table, _sources, _settings, _tables_of):
        kept.cache_clear()


@cache
def _read_manifest(path: str) -> dict:
    return parse_yaml(Path(path).read_text(encoding="utf-8"), Path(path).name, TableError)


@cache
def _read_table(path: str) -> pd.DataFrame:
    entry = _read_manifest(path)
    file = Path(path).with_name(entry["path"])
    if not file.exists():
        raise TableError(
            f"{file.name}: the data file of table '{entry['name']}' is missing; restore it beside its manifest."
        )
    raw = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    fields = {field["name"]: field for field in entry["schema"]["fields"]}
    _check_header(file.name, list(raw.columns), list(fields))
    return pd.DataFrame({name: _typed(raw[name], field, file.name) for name, field in fields.items()})


def _check_header(file: str, found: list[str], declared: list[str]) -> None:
    for column in declared:
        if column not in found:
            raise TableError(
                f"{file}, header: column '{column}' of the manifest is missing; add it or mend the manifest."
            )
    for column in found:
        if column not in declared:
            raise TableError(f"{file}, header: column '{column}' is not in the manifest; describe it there or drop it.")


def _typed(column: pd.Series, field: dict, file: str) -> pd.Series:
    """Convert a column of text to its declared type; the first cell that does not fit is named in the error."""
    kind = field["type"]
    convert = {"integer": _to_integer, "number": _to_number, "boolean": _to_boolean, "date": _to_date}.get(kind)
    typed = convert(column) if convert else column
    rules = field.get("constraints", {})
    bad = column.notna() & typed.isna()
    if bad.any():
        _refuse(file, column, bad, f"'{column[bad].iloc[0]}' is not of type {kind}")
    if rules.get("required") and column.isna().any():
        _refuse(file, column, column.isna(), "the cell is empty but required")
    if "enum" in rules:
        bad = column.notna() & ~column.isin([str(choice) for choice in rules["enum"]])
        if bad.any():
            _refuse(file, column, bad, f"'{column[bad].iloc[0]}' is not one of {', '.join(map(str, rules['enum']))}")
    return typed


def _refuse(file: str, column: pd.Series, bad: pd.Series, rule: str) -> None:
    raise TableError(f"{file}, row {bad.idxmax() + 2}, column '{column.name}': {rule}; correct the cell.")


def _to_number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype(float)


def _to_integer(column: pd.Series) -> pd.Series:
    number = pd.to_numeric(column, errors="coerce")
    whole = number.where(number.isna() | (number % 1 == 0))
    return whole.astype("Int64") if whole.isna().any() else whole.astype("int64")


def _to_boolean(column: pd.Series) -> pd.Series:
    typed = column.map(TRUE_FALSE)
    return typed.astype("boolean") if typed.isna().any() else typed.astype(bool)


def _to_date(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")
