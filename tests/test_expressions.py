"""Numbers have one home: tables, manifests, questions and exercises call a measure and hold no program of their own."""

import ast
import inspect
import re
from functools import cache
from importlib import import_module
from itertools import chain

import pytest
import yaml
from conftest import CHAPTERS, ROOT

from coursekit import tables
from coursekit.exercises.quizzes import load_bank

LONGEST = 100  # characters
MEASURES = sorted(path.stem for path in (ROOT / "ip4" / "measures").glob("*.py") if path.stem != "__init__")
BANKS = sorted((ROOT / "exercises" / "quizzes").glob("*.yml"))
TASKS = sorted((ROOT / "exercises").glob("*/task.yml"))
EXERCISES = sorted((ROOT / "exercises").glob("*/exercise.yml"))


def of_ledger():
    rows = tables.load("claim_numbers")
    return [(f"{row.claim_id} {row.number_id}", row.expression) for row in rows.itertuples()]


def of_assumptions():
    rows = tables.load("claim_assumptions")
    return [(f"{row.assumption}, {row.number_id}", row.expression) for row in rows.itertuples()]


def of_manifest(name):
    return [(check["what"], check["expression"]) for check in tables.manifest(name)["checks"]]


def of_bank(path):
    """Every expression that the reader of the bank computes, whatever key it stands under."""
    seen = []

    def evaluate(expression, **names):
        seen.append(("", expression))
        return tables.evaluate(expression, **names)

    load_bank(path, evaluate)
    return seen


def of_task(path):
    return list((yaml.safe_load(path.read_text("utf-8")).get("values") or {}).items())


def of_exercise(path):
    meta = yaml.safe_load(path.read_text("utf-8"))
    pool = (meta.get("variants") or {}).get("pool", "")
    found = [("pool", pool)] if isinstance(pool, str) else []
    return found + [(name, expression) for name, expression in meta.get("data", {}).items() if expression]


PLACES = {
    "claim_numbers.csv": of_ledger,
    "claim_assumptions.csv": of_assumptions,
    **{f"{name}.resource.yaml": (lambda name=name: of_manifest(name)) for name in tables.names()},
    **{f"quizzes/{path.name}": (lambda path=path: of_bank(path)) for path in BANKS},
    **{f"{path.parent.name}/exercise.yml": (lambda path=path: of_exercise(path)) for path in EXERCISES},
    **{f"{path.parent.name}/task.yml": (lambda path=path: of_task(path)) for path in TASKS},
}


@cache
def expressions(place):
    return PLACES[place]()


@pytest.mark.parametrize("place", PLACES)
def test_an_expression_is_a_short_call(place):
    too_long = {
        f"{what}: {' '.join(text.split())[:60]}...": len(text)
        for what, text in expressions(place)
        if len(text) > LONGEST
    }
    assert not too_long, "make it a measure in ip4/measures and call that"


@pytest.mark.parametrize("place", PLACES)
def test_an_expression_hides_no_program(place):
    programs = (ast.Lambda, ast.NamedExpr)
    bad = [
        text
        for _, text in expressions(place)
        if any(isinstance(n, programs) for n in ast.walk(ast.parse(text.strip())))
    ]
    assert not bad


def public(theme):
    module = import_module(f"ip4.measures.{theme}")
    return {
        name: thing
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    }


FUNCTIONS = [(theme, name) for theme in MEASURES for name in public(theme)]


@pytest.mark.parametrize(("theme", "name"), FUNCTIONS)
def test_a_measure_is_typed_and_names_its_tables(theme, name):
    function = public(theme)[name]
    for parameter in inspect.signature(function).parameters.values():
        assert parameter.annotation is not parameter.empty, f"{theme}.{name}({parameter.name}) has no type"
    assert inspect.signature(function).return_annotation is not inspect.Signature.empty
    module = import_module(f"ip4.measures.{theme}")
    said = set(re.findall(r"[a-z0-9_]+", f"{function.__doc__ or ''} {module.__doc__}"))
    reads = "load(" in inspect.getsource(module) or "No table is read" not in module.__doc__
    assert function.__doc__
    assert said & set(tables.names()) or not reads, "the docstring must name the tables it is computed from"


@cache
def written() -> dict[str, str]:
    """All texts that may use a measure: pages, data, questions, exercises and the subject's own code, by path."""
    ledger = [ROOT / "data" / "claim_numbers.csv", ROOT / "data" / "claim_assumptions.csv"]
    files = [ROOT / "index.md", *CHAPTERS, *ledger, *BANKS]
    folders = [(ROOT / "data").glob("*.resource.yaml"), (ROOT / "exercises").glob("*/*"), (ROOT / "ip4").rglob("*.py")]
    pages = (ROOT / "chapters").rglob("*.md")
    return {str(path): path.read_text("utf-8") for path in {*files, *pages, *chain(*folders)} if path.is_file()}


@cache
def used() -> dict[str, set[tuple[str, str]]]:
    """By path, what its text may use: each (first, name) written as 'first.name', and each name of an import.

    One look through each text for all measures: a look for each measure took twenty times as long.
    """
    imports = re.compile(r"from ip4\.measures\.(\w+) import (\([^)]*|[^\n]*)")
    return {
        path: set(re.findall(r"\b(\w+)\.(?=(\w+))", text))
        | {(theme, name) for theme, names in imports.findall(text) for name in re.findall(r"\w+", names)}
        for path, text in written().items()
    }


@pytest.mark.parametrize(("theme", "name"), FUNCTIONS)
def test_a_measure_has_a_user(theme, name):
    """A page, a table, a question or an exercise calls it, or another measure that in turn must have its user."""
    own = str(ROOT / "ip4" / "measures" / f"{theme}.py")
    inside = re.compile(rf"(?<!def )\b{name}\(")
    elsewhere = any((theme, name) in uses for path, uses in used().items() if path != own)
    assert elsewhere or inside.search(written()[own]), f"nothing uses {theme}.{name}: use it, or drop it"


def test_measures_keep_no_tables():
    """A value kept from one call to the next would outlive a refresh and hide which tables an expression reads."""
    for path in [*(ROOT / "ip4" / "measures").glob("*.py"), ROOT / "ip4" / "groups.py"]:
        assert not re.search(r"\bcache\b|lru_cache|cached_property", path.read_text("utf-8")), path.name


def test_measures_load_only_tables_that_exist():
    for path in (ROOT / "ip4" / "measures").glob("*.py"):
        named = re.findall(r"\bload\(\"(\w+)\"\)", path.read_text("utf-8"))
        assert set(named) <= set(tables.names()), path.name


def test_which_tables_an_expression_reads_is_seen_through_its_measures():
    assert tables.tables_of('aid.purl_share("2025-08")') == {"ukraine_aid_origin", "ukraine_aid_monthly"}
    assert tables.tables_of("len(load('isaf'))") == {"isaf"}
    with tables.watched() as outer:
        with tables.watched() as inner:
            tables.load("isaf")
        tables.load("sources")
    assert (inner, outer) == ({"isaf"}, {"isaf", "sources"})
