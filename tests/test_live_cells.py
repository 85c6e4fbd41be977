"""Live code in a Python that has only the reader's side of the course: every cell of every page, every lab."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import CHAPTERS, ROOT

from coursekit.book.live import wheel
from coursekit.book.live.cells import Cell, cells_of

PAGES = [page for page in [ROOT / "index.md", *sorted((ROOT / "chapters").rglob("*.md"))] if cells_of(page)]
LAB = "explore()"

TRIAL = """
import json, os, sys
from coursekit.book.live import standins
standins.install()
from coursekit.book.live.kernel import Kernel
import altair, pandas  # once for all pages; what is of the course itself, each page imports for itself
pages, colours = json.load(sys.stdin)
assert not [name for name in sys.modules if name.split(".")[0] == "ip4"]
for cells in pages:
    sys.stdout.flush()
    page = os.fork()
    if not page:
        break
    if os.waitpid(page, 0)[1]:
        sys.exit(1)
else:
    sys.exit()
kernel, found = Kernel("chapters/some", colours), []
for number, code in enumerate(cells):
    answer = json.loads(kernel.run(json.dumps({"cells": cells, "number": number, "code": code})))
    for lab in [item for item in answer["items"] if item["kind"] == "controls"]:
        def move(place, value):
            asked = {"lab": lab["id"], "number": place, "value": value}
            return json.loads(kernel.change(json.dumps(asked)))["items"]
        here, there = [], []
        for field in lab["inputs"]:
            last = len(field.get("options", [])) - 1
            now = field["chosen"] if last >= 0 else field["value"]
            ends = ([last], [0]) if last >= 0 else (field["max"], field["min"])
            ends = {"Checkbox": (True, False), "Textarea": ("Partners met a partner.", "")}.get(field["type"], ends)
            here.append(now)
            there.append(ends[now == ends[0]])
        answer["moves"] = [(lab["outputs"], move(n, there[n]), move(n, here[n])) for n in range(len(here))]
        for n in range(len(here)):
            all_moved = move(n, there[n])
        answer["moves_of_moved"] = [(all_moved, move(n, here[n]), move(n, there[n])) for n in range(len(here))]
    for item in [item for item in answer["items"] if item["kind"] == "figure" and item["id"] in kernel.drawn.specs]:
        item["layout"] = json.loads(kernel.layout(json.dumps({"figure": item["id"], "width": 328, "room": 328})))
    found.append(answer)
print(json.dumps(found))
print(sorted(name for name in sys.modules if name.split(".")[0] in ("sphinx", "docutils", "traitlets")))
"""


@pytest.fixture(scope="module")
def readers_side(tmp_path_factory) -> Path:
    """A folder with what a reader's browser gets: the archive of the course's own code and tables, unpacked."""
    folder = tmp_path_factory.mktemp("reader")
    content = wheel.archive(iter([*wheel.modules(ROOT / "ip4"), *wheel.tables(ROOT / "data")]))
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def tried(folder: Path, *pages: list[str]) -> list[list[dict]]:
    """For each page's cells the answers of a new kernel, in a Python that has only the reader's side of the course."""
    given = json.dumps([pages, "ip4.colours:PALETTE"])
    known = {"PYTHONPATH": str(folder), "COURSE_DATA": str(folder / "data")}
    ran = subprocess.run(
        [sys.executable, "-c", TRIAL], input=given, cwd=folder, capture_output=True, text=True, env=os.environ | known
    )
    assert not ran.returncode, ran.stderr
    lines = ran.stdout.splitlines()
    assert set(lines[1::2]) == {"[]"}, "the reader's side needs Sphinx, or the notebook's own widgets"
    return [json.loads(line) for line in lines[::2]]


@pytest.fixture(scope="module")
def answers(readers_side):
    """Answers of the kernel by page, made once."""
    cells = [[cell.code for cell in cells_of(page)] for page in PAGES]
    return dict(zip(PAGES, tried(readers_side, *cells), strict=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_cell_runs_and_shows_what_it_should(answers, page):
    for cell, answer in zip(cells_of(page), answers[page], strict=True):
        kinds = [item["kind"] for item in answer["items"]]
        assert "error" not in kinds, [item for item in answer["items"] if item["kind"] == "error"]
        if cell.seen and "figure(" in cell.code:
            assert kinds[-1] == "figure", cell.code[:60]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_figure_in_the_page_has_words_rows_and_a_layout_of_the_width(answers, page):
    figures = [item for answer in answers[page] for item in answer["items"] if item["kind"] == "figure"]
    assert figures or not any("figure(" in cell.code for cell in cells_of(page))
    for item in figures:
        assert item["words"]["title"] and item["words"]["description"] and item["words"]["rows"]["data"]
        assert "Your version" in item["html"] and "course-yours" in item["html"]
        assert item["layout"]["$schema"].endswith(".json")


@pytest.mark.parametrize("page", [page for page in CHAPTERS if LAB in page.read_text("utf-8")], ids=lambda p: p.stem)
def test_a_lab_runs_unchanged_and_every_control_moves_it(answers, page):
    (answer,) = [a for a in answers[page] if any(item["kind"] == "controls" for item in a["items"])]
    (lab,) = [item for item in answer["items"] if item["kind"] == "controls"]
    assert lab["inputs"] and all(field["label"] for field in lab["inputs"])
    still = {field["label"] for field in lab["inputs"]}
    for moves in (answer["moves"], answer["moves_of_moved"]):  # some controls matter only when others have been moved
        for field, (before, moved, back) in zip(lab["inputs"], moves, strict=True):
            assert seen_of(back) == seen_of(before), "moved back, the lab shows what it showed before"
            still -= {field["label"]} if seen_of(moved) != seen_of(before) else set()
    assert still == set(), "these controls change nothing that is shown"


def seen_of(outputs: list[dict]) -> list:
    """What a reader sees of a lab's outputs: without the number that each drawn figure gets."""
    kept = [item["words"] | {"name": ""} if item["kind"] == "figure" else item["text"] for item in outputs]
    return [item if isinstance(item, str) else {**item, "id": ""} for item in kept]


def test_cells_are_those_of_the_notebook():
    for page in CHAPTERS:
        text = page.read_text(encoding="utf-8")
        assert len(cells_of(page)) == text.count("```{code-cell}")
        assert sum(cell.seen for cell in cells_of(page)) < len(cells_of(page))
    assert not Cell("x", ("remove-cell",)).seen


def test_errors_are_told_in_words_with_their_line(readers_side):
    cells = [
        "value = 1",
        "1 / 0",
        "value = 1\nvaleu",
        "a = (",
        "import nothing_here",
        "print('before')\nraise SystemExit",
    ]
    told = [answer["items"][-1] for answer in tried(readers_side, cells)[0][1:]]
    assert [item["line"] for item in told] == [1, 2, 1, 1, 2]
    assert not [item["words"] for item in told if "?." in item["words"] or ".." in item["words"]]
    assert "division by zero" in told[0]["words"] and "nothing has made" in told[1]["words"]
    assert "cannot read this line" in told[2]["words"] and "only the packages of the course" in told[3]["words"]


def test_an_error_in_an_earlier_cell_names_the_cell(readers_side):
    answer = tried(readers_side, ["a = 1 / 0", "a + 1"])[0][1]
    assert answer["items"][-1]["cell"] == 0


def test_tables_series_and_text_are_shown(readers_side):
    cells = [
        "import pandas as pd",
        "pd.DataFrame({'a': [1.25, None], 'b': ['x', 'y']})",
        "pd.Series([1], ['k'], name='s')",
        "'word'",
    ]
    table, series, text = (answer["items"][0] for answer in tried(readers_side, cells)[0][1:])
    assert table == {"kind": "table", "head": ["a", "b"], "rows": [["1.25", "x"], ["no value", "y"]], "count": 2}
    assert series["head"] == ["index", "s"] and text == {"kind": "text", "text": "'word'"}


CHART = """import altair as alt
import pandas as pd
alt.Chart(pd.DataFrame({'a': range(ROWS)})).mark_point().encode(x='a:Q')"""


def test_a_bare_chart_is_drawn_and_one_of_too_many_rows_is_told(readers_side):
    few, lots = tried(readers_side, [CHART.replace("ROWS", "3")], [CHART.replace("ROWS", "6000")])
    small, large = few[0]["items"], lots[0]["items"]
    assert [item["kind"] for item in small] == ["figure"]
    assert [item["kind"] for item in large] == ["error"] and "more than 5,000 rows" in large[0]["words"]


def test_a_map_is_refused_in_words(readers_side):
    code = "import altair as alt\nalt.Chart(alt.sphere()).mark_geoshape().project('mercator')"
    (item,) = tried(readers_side, [code])[0][0]["items"]
    assert item["kind"] == "error" and "maps are not drawn in this page" in item["words"]


def test_however_much_a_cell_shows_the_page_gets_a_bounded_part(readers_side):
    cells = [
        "import pandas as pd",
        "pd.DataFrame({f'c{n}': range(90000) for n in range(60)})",
        "for n in range(500):\n    display(n)",
        "print('x' * 100000)",
        "pd.DataFrame({'index': [1], 'a': [2]}, index=[5])",
        "pd.DataFrame({'a': [2]}, index=pd.MultiIndex.from_tuples([(1, 'x')]))",
    ]
    wide, many, long, same, double = (answer["items"] for answer in tried(readers_side, cells)[0][1:])
    assert len(wide[0]["rows"]) == 40 and len(wide[0]["head"]) == 41 and wide[0]["count"] == 90000
    assert wide[0]["head"][-1] == "and 20 more columns" and {len(row) for row in wide[0]["rows"]} == {41}
    assert len(many) == 31 and "More than 30 things" in many[-1]["text"] and many[0]["text"] == "0"
    assert len(long[0]["text"]) < 21_000
    assert same[0]["head"] == ["index (index)", "index", "a"] and same[0]["rows"] == [["5", "1", "2"]]
    assert double[0]["head"] == ["index", "index 1", "a"]
