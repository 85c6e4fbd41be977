"""What a build makes once: it is told of as often as it is asked for, and made anew where files may change."""

import pytest
from conftest import ROOT

from coursekit import tables
from coursekit.book import reading
from coursekit.data import expressions
from coursekit.data.once import asking, once
from coursekit.exercises import quizzes


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


def test_a_page_is_counted_once_a_build_and_anew_when_its_text_changes(still, tmp_path, monkeypatch):
    counted, page = [], tmp_path / "page.md"
    real = reading._counted
    monkeypatch.setattr(reading, "_counted", lambda text, root: counted.append(text) or real(text, root))
    page.write_text("# A page\n\nThree more words.\n")
    assert reading.loads(page, tmp_path) == reading.loads(page, tmp_path)
    assert reading.loads(page, tmp_path)[reading.CORE].words == 5 and len(counted) == 1
    page.write_text("# A page\n\nFour words and no more.\n")
    assert reading.loads(page, tmp_path)[reading.CORE].words == 7 and len(counted) == 2


def test_a_bank_of_questions_is_computed_once_a_build(still, monkeypatch):
    read = []
    monkeypatch.setattr(quizzes, "load_bank", lambda path: read.append(path) or path.stem)
    path = ROOT / "exercises" / "quizzes" / "04-money.yml"
    assert quizzes.kept_bank(path) == quizzes.kept_bank(path) == "04-money" and read == [path]
