"""What a piece of code can reach in a module: everything that may matter, and little else."""

import pytest

from coursekit.data.reach import names_of, reach

MODULE = """'''Words on alone and held.'''
from functools import cache, wraps
from elsewhere import thing as other

LIMIT = 3


class Kept:
    def inside(self):
        return 1


@cache
def total(rows, start=LIMIT):
    '''All of them.'''
    return sum(rows) + helper()  # with help


def helper():
    return 1


def alone():
    return 2


def computed(name):
    return getattr(Kept, name)


@wraps(helper)
def held():
    return 4
"""
USES = ["import sea\nsea.total([1])"]


def reached(tmp_path, text, sources=USES) -> str:
    path = tmp_path / "sea.py"
    path.write_text(text)
    return reach(names_of(sources), [str(path)]).digest()


@pytest.mark.parametrize(
    ("old", "new", "matters"),
    [
        ("  # with help", "", False),
        ("All of them.", "All.", False),
        ("Words on", "More words on", False),
        ("return 2", "return 3", False),
        ("def alone", "def fresh():\n    return 0\n\n\ndef alone", False),
        ("sum(rows)", "max(rows)", True),
        ("def helper():\n    return 1", "def helper():\n    return 2", True),
        ("LIMIT = 3", "LIMIT = 4", True),
        ("def inside(self):\n        return 1", "def inside(self):\n        return 2", True),
        ("return 4", "return 5", True),  # its decorator may keep it anywhere
        ("start=LIMIT", "start=2 * LIMIT", True),
        ("def alone", "def sum(rows):\n    return 0\n\n\ndef alone", True),  # hides what total() calls
        ("thing as other", "thing_two as other", True),
        ("@cache\n", "", True),
    ],
)
def test_what_can_be_reached_matters_and_nothing_else(tmp_path, old, new, matters):
    assert old in MODULE
    assert (reached(tmp_path, MODULE) != reached(tmp_path, MODULE.replace(old, new, 1))) == matters


@pytest.mark.parametrize(
    "source",
    [
        "sea.total(rows), globals()",
        "getattr(sea, name)(rows)",
        "import importlib\nimportlib.import_module(name).total()",
        "print(sea.total.__doc__)",
        "%timeit sea.total([1])",
        "sea.computed('inside')",
    ],
)
def test_code_that_may_find_or_read_anything_reaches_whole_files(tmp_path, source):
    before = reached(tmp_path, MODULE, [source])
    assert before != reached(tmp_path, MODULE.replace("return 2", "return 3"), [source])
    assert before != reached(tmp_path, MODULE.replace("  # with help", ""), [source])


@pytest.mark.parametrize("source", ["sea.alone()", "f = 'alone'\ngetattr(sea, 'alone')", "[1].pipe(alone)"])
def test_a_name_counts_however_it_stands(tmp_path, source):
    assert reached(tmp_path, MODULE, [source]) != reached(tmp_path, MODULE.replace("return 2", "return 3"), [source])


def test_chapters_reach_less_than_all(tmp_path):
    """The rule would be worth nothing if every page reached every function."""
    from conftest import CHAPTERS, ROOT

    from coursekit.book.execute import cells, read

    paths = [str(path) for path in (ROOT / "ip4" / "measures").glob("*.py")]
    for chapter in CHAPTERS:
        found = reach(names_of(cells(read(chapter))), paths)
        taken = sum(len(parts) - 1 for parts in found.parts.values())
        assert not found.whole and taken < sum(len(one.functions) for one in found.modules) / 2, chapter.name
