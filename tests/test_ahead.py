"""What is made while notebooks run lies where the page looks for it, and its faults stay those of the page."""

import json
from itertools import islice

import pytest
from conftest import ROOT

from coursekit.book import ahead, drawing, figures
from coursekit.book.spec import for_page, words_of
from coursekit.charts import MIME

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": [{"year": 2021, "share": 1.5}, {"year": 2022, "share": 2.5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "year", "type": "ordinal"}, "y": {"field": "share", "type": "quantitative"}},
}


@pytest.fixture
def ran(tmp_path):
    """The notebook of a page that has run, with one figure."""
    file = tmp_path / ".jupyter_cache" / "executed" / "key" / "base.ipynb"
    file.parent.mkdir(parents=True)
    outputs = [{"data": {"text/plain": "1"}}, {"data": {MIME: SPEC}}]
    file.write_text(json.dumps({"cells": [{"source": "text"}, {"outputs": outputs}]}))
    return file


def test_the_figures_of_a_notebook_are_found(ran):
    assert ahead.charts(ran) == [SPEC]


def test_a_page_finds_its_chart_drawn(ran, tmp_path, monkeypatch):
    ahead.draw(SPEC, tmp_path)
    monkeypatch.setattr(drawing, "draw", lambda *given: pytest.fail("drawn again"))
    spec, words = for_page(SPEC, words_of(SPEC))
    words["name"] = "fig-here"
    names = figures.figure_files(spec, words, figures.store_in(tmp_path), "here")
    assert all((tmp_path / ".figures" / names[kind]).exists() for kind in ("data", "csv", "wide-light", "narrow-dark"))


def test_a_notebook_that_is_not_whole_yet_is_looked_at_again(ran, tmp_path):
    whole, seen = ran.read_text(), set()
    ran.write_text(whole[:50])
    assert list(ahead._charts(tmp_path, seen)) == []
    ran.write_text(whole)
    assert len(list(ahead._charts(tmp_path, seen))) == 1
    assert list(ahead._charts(tmp_path, seen)) == []


def test_nothing_is_begun_once_the_notebooks_have_ended(monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(ahead, "pieces", lambda root, place: iter([lambda: done.append(1), lambda: 1 / 0] * 9))
    assert ahead.work(ROOT, tmp_path, lambda: len(done) == 2) == 3, "a piece that fails does not end the work"
    assert done == [1, 1]


def test_all_numbers_and_banks_of_the_course_are_pieces():
    rows = list(ahead._computed(ROOT))
    banks = {piece.args[0].stem for piece in rows if piece.func is ahead.kept_bank}
    assert banks == {path.stem for path in (ROOT / "exercises" / "quizzes").glob("*.yml")} and len(rows) > len(banks)


def test_the_proofs_the_tree_of_pages_and_the_colours_come_first():
    first = [piece.func for piece in islice(ahead.pieces(ROOT, ROOT / "_build"), 3)]
    assert first == [ahead.proofs.begin, ahead.stage, ahead.know_colours]
