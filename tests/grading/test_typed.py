"""Every public function of the two wings says what it takes, what it gives, and what it is for."""

import ast

import pytest

from .test_resume import ROOT

FILES = sorted(path for wing in ("grading", "exercises") for path in (ROOT / "coursekit" / wing).rglob("*.py"))


def public(node, names=()):
    """(dotted name, node) of the public functions and methods in a module or class; those within functions are not."""
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            yield from public(inner, (*names, inner.name))
        elif isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
            yield ".".join((*names, inner.name)), inner


def untyped(function):
    """The parameters without a type, and ``return``; self and cls need none."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    bare = [one.arg for one in every if one.annotation is None and one.arg not in ("self", "cls")]
    return bare + ["return"] * (function.returns is None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "coursekit")))
def test_public_functions_have_types_and_docstrings(path):
    found = list(public(ast.parse(path.read_text(encoding="utf-8"))))
    assert not {name: bare for name, node in found if (bare := untyped(node))}
    assert not [name for name, node in found if not ast.get_docstring(node)]


def test_a_bare_function_would_be_found():
    tree = ast.parse("class A:\n    def f(self, a, *b: int, c=1, **d): ...\n    def _g(self, a): ...\n")
    ((name, node),) = public(tree)
    assert name == "A.f" and untyped(node) == ["a", "c", "d", "return"] and not ast.get_docstring(node)
    assert len(FILES) > 50
