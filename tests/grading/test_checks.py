"""Sentences of the clean checks, the tools, and who is to blame when a check breaks."""

import dataclasses
import json
from contextlib import closing

import pandas as pd
import pytest

from coursekit.exercises.checktools import close, encodes, same_table
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge.engine import Bundle, Engine

from .conftest import SLUG, answer, grade, points, put

SENTENCES = {
    "share = 'much'": "`share` is text; a number is expected.",
    "share = [1]": "`share` is a list; a number is expected.",
    "pass": "`share` is not defined; did its cell run?",
    "share = None": "`share` is still None: there is no answer yet.",
    "share = object()": "`share` is not plain data; a number is expected.",
    "share = 'x' * 10**6": "`share` is too large to be checked.",
    "share = 50": "A share of output in per cent lies between 0 and 10 here.",
}


@pytest.mark.parametrize("source", SENTENCES)
def test_each_fault_has_its_sentence(grade_one, honest, source):
    assert grade_one(answer(honest(), "q1", source))["checks"]["check-q1-1"] == ["failed", SENTENCES[source]]


SAME = {
    "int": "share = 0 + int(1)",
    "numpy": "import numpy as np\nshare = np.float32(share)",
    "decimal": "from decimal import Decimal\nshare = Decimal(repr(float(share)))",
    "0-d array": "import numpy as np\nshare = np.array(share)",
    "awaited": "import asyncio\nawait asyncio.sleep(0)",
}


@pytest.mark.parametrize("name", [name for name in SAME if name != "int"])
def test_values_count_not_types(grade_one, honest, release, name):
    content = honest()
    cell = next(cell for cell in content["cells"] if cell["id"] == "answer-q1")
    cell["source"] += "\n" + SAME[name]
    assert points(release, grade_one(content))["q1"] == 4


def test_an_error_costs_one_question_only(grade_one, honest, release):
    result = grade_one(answer(honest(), "q1", "1/0"))
    assert points(release, result) == {"q1": 0, "q2": 3, "q3": 4}
    assert result["errors"] == {"q1": "ZeroDivisionError: division by zero"}


def test_tables_and_close():
    table = pd.DataFrame({"iso3": ["A", "B"], "v": [1.0, 2.0]})
    assert same_table(table.iloc[::-1], table) and same_table(table[["v", "iso3"]], table)
    assert same_table(table.assign(v=[1, 2]), table) and same_table(table.set_index("iso3"), table)
    assert same_table(table.assign(extra=1), table) and not same_table(table.iloc[::-1], table, by="order")
    for wrong in (
        table.assign(v=[1.0, 2.1]),
        table.iloc[:1],
        table.rename(columns={"v": "w"}),
        3,
        table.assign(v=["a", "b"]),
    ):
        assert not same_table(wrong, table)
    assert close(1, 1.05, 0.1) and not close(True, 1, 1) and not close("1", 1, 1) and not close(float("nan"), 1, 1)


def test_charts():
    chart = {
        "layer": [
            {"mark": "rule"},
            {
                "mark": {"type": "bar"},
                "transform": [{"filter": "datum.a > 1"}],
                "encoding": {
                    "x": {"field": "a", "type": "nominal"},
                    "y": {"aggregate": "sum", "field": "b", "type": "quantitative", "scale": {"type": "log"}},
                },
            },
        ]
    }
    assert encodes(chart, mark="bar", x="a", y="sum(b)") and encodes(chart, x="a:N", y="sum(b):Q log", filtered=True)
    for wrong in (
        {"mark": "line"},
        {"x": "b"},
        {"y": "b"},
        {"y": "mean(b)"},
        {"x": "a:Q"},
        {"y": "sum(b) sqrt"},
        {"mark": "bar", "filtered": False},
    ):
        assert not encodes(chart, **wrong)
    assert not encodes(7, mark="bar") and not encodes({"layer": 3}, mark="bar")


def test_a_check_that_breaks_is_the_instructors_fault(release, bundle, course, tmp_path, honest):
    cells = [
        dict(cell, source="assert share / 0 > 1, 'never'") if cell["id"] == "check-q1-2" else cell
        for cell in release.cells
    ]
    broken = dataclasses.replace(release, cells=cells)
    with closing(Engine(Bundle(json.dumps(dataclasses.asdict(broken)), bundle.data))) as engine:
        result = engine.grade({"student": "ann", "content": honest(), "digest": ""})
    assert result["checks"]["check-q1-2"] == ["broken", "Check q1-2 failed to run."]
    assert result["checks"]["check-q1-1"][0] == "passed"
    broken.save(course.master(SLUG))
    put(tmp_path / "in", "ann", honest())
    collect(course, broken, tmp_path / "in")
    assert ("ann", "Check q1-2 failed to run.") in grade(course, SLUG, workers=1).attention
