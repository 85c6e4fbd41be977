"""Functions stay simple enough to be read in one go: cyclomatic complexity, as radon counts it.

Radon counts one for a function and one more for each branch, loop, ``and`` or ``or``, comprehension and its condition.
"""

from functools import cache

import pytest
from conftest import ROOT
from radon.complexity import cc_visit

MOST = 10
MEAN = {"coursekit": 3.5, "ip4": 3.0}  # never to rise; the aim is 3 in both


@cache
def measured(package: str) -> dict[str, int]:
    """Complexity of every function and method of a package, by file, line and name."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        for block in cc_visit(path.read_text(encoding="utf-8")):
            if block.letter != "C":  # a class is the sum of its methods, which stand in the list themselves
                found[f"{path.relative_to(ROOT)}:{block.lineno} {block.fullname}"] = block.complexity
    return found


@pytest.mark.parametrize("package", MEAN)
def test_no_function_is_hard_to_read(package):
    hard = {name: value for name, value in measured(package).items() if value > MOST}
    assert not hard, "give a part of it a name of its own"


@pytest.mark.parametrize("package", MEAN)
def test_the_usual_function_is_simple(package):
    values = measured(package).values()
    assert len(values) > 100 and sum(values) / len(values) <= MEAN[package]


def test_a_hard_function_would_be_found():
    text = "def f(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(MOST))
    assert cc_visit(text)[0].complexity == MOST + 1
