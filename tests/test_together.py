"""The parts of a build at work together: each page is read when it can be, nothing is written from bad tables."""

import os
import shutil
import threading
import time
from types import SimpleNamespace

import pytest
from conftest import ROOT

from coursekit.book import build as building
from coursekit.book import together as parts
from coursekit.book.build import BuildError, refuse_notebooks, refuse_tables
from coursekit.book.together import Enough, Notebooks, Tables, Together

PAGE = "---\nkernelspec: {{display_name: Python 3, language: python, name: python3}}\n---\n# A page\n\n"
PAGE += "```{{code-cell}} ipython3\n{code}\n```\n"


class Still(Tables):
    """A check that says what it is made to say."""

    def __init__(self, problems=(), is_over=True):
        self.fault, self.is_over, self.changed = "", is_over, threading.Condition()
        self.problems = list(problems) if is_over else None

    def wait(self, seconds=None):
        assert self.is_over


class Running(Notebooks):
    """Notebooks of which a test says when they end."""

    def __init__(self, todo=None):
        self.fault, self.is_over, self.changed = "", False, threading.Condition()
        self.todo, self.outputs, self.failed, self.say = todo, {}, {}, str

    def end(self, news):
        with self.changed:
            self.hear(news)
            self.changed.notify_all()


@pytest.fixture
def at_work(monkeypatch):
    """Begin a build of these parts."""

    def begin(tables, notebooks):
        monkeypatch.setattr(parts, "_at_work", [Together(tables, notebooks)])

    return begin


def later(action, seconds=0.3):
    timer = threading.Timer(seconds, action)
    timer.start()
    return timer


def test_pages_without_code_are_read_first_then_as_notebooks_end(at_work):
    notebooks = Running()
    at_work(Still(), notebooks)
    later(lambda: notebooks.end({"todo": ["chapters/b.md", "chapters/a.md"]}))
    names = ["chapters/a", "chapters/b", "table", "known"]
    parts.in_their_order(None, None, names)
    assert names == ["known", "table", "chapters/b", "chapters/a"]


def test_a_page_waits_for_its_notebook_and_for_no_other(at_work):
    notebooks = Running(["a.md", "b.md"])
    at_work(Still(is_over=False), notebooks)
    parts.before_reading(None, "table", [])
    begun = time.monotonic()
    later(lambda: notebooks.end({"page": "a.md", "seconds": 1, "outputs": "x"}), 0.4)
    parts.before_reading(None, "a", [])
    assert time.monotonic() - begun >= 0.4 and parts.outputs() == {"a": "x"}


def test_a_later_build_asks_when_all_notebooks_have_ended(at_work):
    notebooks = Running([])
    at_work(Still(), notebooks)
    parts.before_asking(None, SimpleNamespace(all_docs={}), [], [], [])  # the first build needs no answer
    ended = later(lambda: setattr(notebooks, "is_over", True), 0.4)
    parts.before_asking(None, SimpleNamespace(all_docs={"a": 1}), [], [], [])
    assert not ended.is_alive()


def test_nothing_is_written_before_the_tables_are_good(at_work):
    check = Still(is_over=False)
    at_work(check, Running([]))
    later(lambda: setattr(check, "problems", ["fish.csv: lots"]))
    with pytest.raises(Enough):
        parts.before_writing(None, None)


def test_the_archive_is_waited_for(at_work):
    check = Still()
    check.is_over = False
    at_work(check, Running([]))
    parts.before_writing(None, None)  # the check is done
    ended = later(lambda: setattr(check, "is_over", True), 0.4)
    assert parts.has_archive() and not ended.is_alive()
    check.is_over, check.fault = False, "A licence is not judged."
    with pytest.raises(Enough):
        parts.has_archive()


@pytest.mark.parametrize("what", ["tables", "a page", "the run"])
def test_a_fault_ends_the_reading(at_work, what):
    notebooks = Running(["a.md", "b.md"])
    at_work(Still(["fish.csv: lots"] if what == "tables" else ()), notebooks)
    notebooks.failed.update({"b.md": "no fish"} if what == "a page" else {})
    notebooks.fault = "no sea" if what == "the run" else ""
    with pytest.raises(Enough):
        parts.before_reading(None, "a", [])


def test_without_a_build_of_the_course_nothing_is_waited_for():
    names = ["b", "a"]
    parts.in_their_order(None, None, names)
    parts.before_reading(None, "a", [])
    parts.before_writing(None, None)
    assert parts.before_asking(None, SimpleNamespace(all_docs={"a": 1}), [], [], []) == []
    assert names == ["b", "a"] and parts.outputs() == {} and not parts.has_archive()


def test_the_tables_faults_come_before_those_of_notebooks_and_pages(monkeypatch, tmp_path):
    """Pages drawn from bad tables fail in many ways: the first cause is named."""

    def draw(root, place):
        raise KeyError("fish")

    monkeypatch.setattr(building, "draw_pages", draw)
    bad, failing, good = Still(["fish.csv: lots"]), Running([]), Running([])
    failing.failed, failing.is_over, good.is_over = {"a.md": "no fish"}, True, True
    with pytest.raises(BuildError, match="The data do not hold:\nfish.csv: lots"):
        building._draw_beside(Together(bad, failing), tmp_path, tmp_path)
    with pytest.raises(BuildError, match="a.md: a cell failed: no fish"):
        building._draw_beside(Together(Still(), failing), tmp_path, tmp_path)
    with pytest.raises(KeyError):
        building._draw_beside(Together(Still(), good), tmp_path, tmp_path)


def test_a_wrong_type_is_found_beside(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    path = tmp_path / "data" / "pledges.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    cells = lines[1].split(",")
    cells[header.index("value")] = "lots"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    check = Tables(tmp_path)
    with pytest.raises(BuildError, match=r"pledges\.csv, row 2, column 'value': 'lots' is not of type number"):
        refuse_tables(check)
    check.close()


def test_after_the_end_no_further_notebook_begins(tmp_path):
    """More notebooks than places: those that run end and are kept, the others wait for the next build."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Book\n")
    count = 2 * len(os.sched_getaffinity(0)) + 1
    for number in range(count):
        (tmp_path / "chapters" / f"{number}.md").write_text(PAGE.format(code=f"import time\ntime.sleep(1.5)\n{number}"))
    said = []
    run = Notebooks(tmp_path, tmp_path / "_build", said.append)
    assert len(run.order()) == count
    run.close()
    ended = len(run.outputs)
    assert ended < count and not run.failed and len(said) == ended + 1
    again = Notebooks(tmp_path, tmp_path / "_build", said.append)
    refuse_notebooks(again)
    again.close()
    assert (
        len(again.outputs) == count - ended and said[-1] == f"Notebooks: {count - ended} run, {ended} from the cache."
    )
