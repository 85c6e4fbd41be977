"""A build does what is needed and no more: one at a time, nothing when nothing changed, the pages that changed."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from test_build_failures import build_book, run_sphinx

from coursekit import tables
from coursekit.book import build as building
from coursekit.book.build import BuildError, alone, build
from coursekit.data import check, incremental


def test_a_second_build_in_the_same_folder_is_told_of_the_first(tmp_path):
    with alone(tmp_path / "_build"), pytest.raises(BuildError, match=rf"process {os.getpid()}\); build again when"):
        with alone(tmp_path / "_build"):
            pass
    with alone(tmp_path / "_build"):
        pass  # the first has ended: the way is free


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """A checkout whose build only counts how often it was asked to draw."""
    (tmp_path / "_config.yml").write_text("title: A book\n")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.md").write_text("# One\n")
    times = []

    def draw(root: Path, place: Path, say) -> None:
        (place / "html").mkdir(exist_ok=True)
        (place / "html" / "index.html").write_text("a page")
        times.append(place)

    monkeypatch.setattr(building, "_build", draw)
    return tmp_path, times


def test_nothing_is_built_when_nothing_has_changed(drawn):
    root, times = drawn
    said = []
    assert build(root, root / "_build", said.append) == root / "_build" / "html" / "index.html"
    build(root, root / "_build", said.append)
    assert len(times) == 1 and said == ["Nothing has changed since the last build."]
    (root / "chapters" / "one.md").write_text("# One, mended\n")
    build(root, root / "_build", said.append)
    assert len(times) == 2, "a page has changed"
    (root / "chapters" / "two.md").write_text("# Two\n")
    build(root, root / "_build", said.append)
    assert len(times) == 3, "a page has come"


def test_a_lost_page_or_another_setting_is_a_reason_to_build(drawn, monkeypatch):
    root, times = drawn
    build(root, root / "_build", str)
    (root / "_build" / "html" / "index.html").write_text("changed by hand")
    build(root, root / "_build", str)
    monkeypatch.setenv("COURSE_REPOSITORY", "https://github.com/us/book")
    build(root, root / "_build", str)
    assert len(times) == 3


def test_a_build_that_fails_is_tried_again(drawn, monkeypatch):
    root, times = drawn
    build(root, root / "_build", str)
    (root / "chapters" / "one.md").write_text("# Broken\n")

    def refuse(*_given) -> None:
        raise BuildError("The page is broken.")

    monkeypatch.setattr(building, "_build", refuse)
    for _twice in range(2):
        with pytest.raises(BuildError, match="The page is broken"):
            build(root, root / "_build", str)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the tables that commands and builds in this test read."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("editions"))
    for beside in ("CITATION.cff", "LICENSE-DATA.md"):  # the archive of the tables holds them
        shutil.copy(ROOT / beside, tmp_path)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_page_is_drawn_anew_when_its_table_changes_and_only_then(data, tmp_path):
    book = tmp_path / "book"
    made = {"used": "```{table-page} pledges\n```", "claim": "```{claim-box} C01\n```", "plain": "Words."}
    assert build_book(book, made).returncode == 0
    out = book / "_out"
    times = {page: (out / f"{page}.html").stat().st_mtime_ns for page in made}
    manifest = data / "pledges.resource.yaml"
    manifest.write_text(manifest.read_text().replace("Most rows rest on", "Nearly all rows rest on"))
    run = run_sphinx(book)
    assert run.returncode == 0, run.stderr
    assert "Nearly all rows rest on" in (out / "used.html").read_text()
    assert times["plain"] == (out / "plain.html").stat().st_mtime_ns
    claims = data / "claims.csv"
    text = claims.read_text(encoding="utf-8")
    words = text.splitlines()[1].split(",")[2]
    claims.write_text(text.replace(words, "A paraphrase of today."), encoding="utf-8")
    assert run_sphinx(book).returncode == 0
    assert "A paraphrase of today." in (out / "claim.html").read_text()
    assert times["plain"] == (out / "plain.html").stat().st_mtime_ns


def test_only_changed_tables_and_those_tied_to_them_are_checked_again(data, tmp_path, monkeypatch):
    good, looked = tmp_path / "checked.json", []
    incremental.remember(good)
    monkeypatch.setattr(check, "standard_problems", lambda names: looked.append(set(names)) or [])
    assert incremental.problems(good) == [] and not looked
    path = data / "pledges.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("An aim for allies", "One aim for allies"), encoding="utf-8"
    )
    assert incremental.problems(good) == []
    assert {"pledges", "countries", "sources"} <= looked[0] and "un_votes" not in looked[0]
    assert incremental.problems(good) == [] and len(looked) == 1


def test_a_figure_that_a_change_makes_wrong_is_found(data, tmp_path):
    good = tmp_path / "checked.json"
    incremental.remember(good)
    path = data / "pledges.resource.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("expected: 5\n", "expected: 6\n"), encoding="utf-8")
    tables._read_manifest.cache_clear()  # each build is a process of its own
    for _twice in range(2):  # what was found bad is not remembered as good
        found = incremental.problems(good)
        assert len(found) == 1 and "published is 6" in found[0]
