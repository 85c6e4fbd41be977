"""What a build makes once: it is told of as often as it is asked for, and made anew where files may change."""

import pytest

from coursekit import tables
from coursekit.data import expressions
from coursekit.data.once import asking, once


@pytest.fixture
def still(tmp_path):
    """A build: values are kept in a file, and files stand still."""
    expressions.keep(tmp_path / "values.json")
    yield
    expressions.keep()


def making(made):
    """A maker that reads a table, asks for a value and counts how often it worked."""

    def make():
        made.append(len(tables.load("claims")) + expressions.value("2 + 3"))
        return made[-1]

    return make


def test_it_is_made_once_and_noted_each_time(still):
    made = []
    first = once("a", making(made))
    with tables.watched() as used, asking() as asked:
        assert once("a", making(made)) == first
    assert len(made) == 1 and "claims" in used and asked == {"2 + 3"}
    once("b", making(made))
    assert len(made) == 2


def test_a_new_build_makes_it_anew(still, tmp_path):
    made = []
    once("a", making(made))
    expressions.keep(tmp_path / "values.json")
    once("a", making(made))
    assert len(made) == 2


def test_where_files_may_change_it_is_made_at_each_call():
    expressions.keep()
    made = []
    once("a", making(made)), once("a", making(made))
    assert len(made) == 2


def test_what_fails_is_not_remembered(still):
    with pytest.raises(ZeroDivisionError):
        once("a", lambda: 1 / 0)
    assert expressions.ASKED == [] and once("a", lambda: 1) == 1
