"""Answers that know nothing, tried on every check: a point that one of them wins is a fault of the exercise.

Blind are: nothing, 0, 1, -1, not a number, empty text, list and table, True and False, every number and word in quotes
that the text shows, summaries of the columns that students get, the key's own table with numbers made equal, and a
chart whose marks are hidden, all zero, gone, or of another table. `answers_of_others` tries the keys of other cases.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from coursekit.exercises.release import Release
from coursekit.grading.sandbox import wire

CASES = 16  # cases on which each answer is tried
SAME_AT_MOST = 0.25  # largest share of cases in which one fixed answer may be right, unless exercise.yml says less
_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_WORD = re.compile(r'"([^"\n]{1,30})"')
_MOST_SHOWN = 30
_SCALARS = [None, 0, 1, -1, math.nan, math.inf, "", "x", True, False, [], {}, [0], "0"]


def plain_answers() -> list[object]:
    """The answers that need no look at the exercise."""
    return [*_SCALARS, pd.DataFrame(), pd.DataFrame({"x": [0]}), pd.Series([1.0] * 5), pd.Series([], dtype=float)]


def shown_answers(release: Release) -> list[object]:
    """Numbers and words in quotes of all that students can read, each alone and the words as a list."""
    text = "\n".join(_read_by_students(release))
    numbers = list(dict.fromkeys(map(float, _NUMBER.findall(text))))[:_MOST_SHOWN]
    words = list(dict.fromkeys(_WORD.findall(text)))[:_MOST_SHOWN]
    return [*numbers, *words, *([word] for word in words)]


def _read_by_students(release: Release) -> Iterator[str]:
    yield from (cell["source"] for cell in release.cells if cell["kind"] in ("text", "essay") or _is_help(cell))
    yield from (cell["no_code"].partition("### BEGIN")[0] for cell in release.of_kind("answer") if cell["no_code"])


def _is_help(cell: dict) -> bool:
    return cell["kind"] == "check" and not cell["hidden"]


def column_answers(folder: Path) -> list[float]:
    """First, largest, mean and median of each column of numbers in the files of ``folder``."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        numbers = pd.read_csv(path).select_dtypes("number")
        for name in numbers:
            column = numbers[name].dropna()
            if len(column):
                found += [column.iloc[0], column.max(), column.mean(), column.median()]
    return list(dict.fromkeys(map(float, found)))


def like(coded: dict) -> list[dict]:
    """Coded answers of the form of a key that know nothing: constant tables, zeros, charts that show nothing."""
    value = wire.decode(coded)
    if isinstance(value, wire.Spec):
        return [{"k": "chart", "v": made} for made in hidden_charts(value)]
    if isinstance(value, pd.DataFrame):
        return [wire.encode(table) for table in _flat_tables(value)]
    if isinstance(value, dict):
        return [wire.encode(dict.fromkeys(value, number)) for number in (0, 1, -1)]
    return []


def _flat_tables(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The table with each measure made constant, or with its columns exchanged."""
    measures = [name for name in table.select_dtypes("float")]
    for value in (0.0, 1.0, -1.0, math.nan):
        yield table.assign(**dict.fromkeys(measures, value))
    if len(measures) > 1:
        yield table.rename(columns=dict(zip(measures, [*measures[1:], measures[0]], strict=True)))
    yield table.iloc[0:0]


def hidden_charts(spec: dict) -> list[dict]:
    """The right chart, spoilt in each way that leaves its encoding as it was."""
    return [change(copy.deepcopy(dict(spec))) for change in SPOILT]


def _rows(spec: dict, change: Callable[[dict], dict | None]) -> dict:
    """The chart with each row of its inline tables changed; None removes it."""
    for tables, name in _tables(spec):
        tables[name] = [row for row in map(change, tables[name]) if row is not None]
    return spec


def _tables(spec: dict) -> list[tuple[dict, str]]:
    """(mapping, name) of each list of rows in a chart."""
    named = [(spec["datasets"], name) for name in spec.get("datasets") or {}]
    inline = [part["data"] for part in [spec, *spec.get("layer", [])] if isinstance(part.get("data"), dict)]
    return [*named, *((data, "values") for data in inline if isinstance(data.get("values"), list))]


def _zero(row: dict) -> dict:
    return {name: 0 if type(value) is float else value for name, value in row.items()}


def _parts(spec: dict) -> list[dict]:
    return [part for part in [spec, *spec.get("layer", [])] if "mark" in part]


def _with_mark(**settings: object) -> Callable[[dict], dict]:
    def change(spec: dict) -> dict:
        for part in _parts(spec):
            mark = part["mark"] if isinstance(part["mark"], dict) else {"type": part["mark"]}
            part["mark"] = {**mark, **settings}
        return spec

    return change


def _with_channel(name: str, channel: dict) -> Callable[[dict], dict]:
    def change(spec: dict) -> dict:
        for part in _parts(spec):
            part["encoding"] = {**part.get("encoding", {}), name: channel}
        return spec

    return change


def _with_scale(axis: str, **scale: object) -> Callable[[dict], dict]:
    def change(spec: dict) -> dict:
        for part in _parts(spec):
            channel = (part.get("encoding") or {}).get(axis)
            if isinstance(channel, dict):
                channel["scale"] = {**(channel.get("scale") or {}), **scale}
        return spec

    return change


def _with_top(**settings: object) -> Callable[[dict], dict]:
    return lambda spec: {**spec, **settings}


SPOILT: list[Callable[[dict], dict]] = [
    lambda spec: _rows(spec, _zero),
    lambda spec: _rows(spec, lambda row: None),
    lambda spec: _rows(spec, lambda row: dict.fromkeys(row)),
    lambda spec: _rows(spec, lambda row: {**row, **{k: v + 1 for k, v in row.items() if type(v) is float}}),
    _with_mark(opacity=0),
    _with_mark(fillOpacity=0, strokeOpacity=0),
    _with_mark(size=0),
    _with_mark(color="white"),
    _with_mark(fill="#ffffff", stroke="#fffffe"),
    _with_mark(color="transparent"),
    _with_mark(xOffset=100000),
    _with_channel("opacity", {"value": 0}),
    _with_channel("size", {"value": 0}),
    _with_channel("color", {"value": "#fff"}),
    _with_channel("opacity", {"condition": {"test": "true", "value": 0}, "value": 1}),
    _with_channel("x2", {"value": 0}),
    _with_scale("color", range=["white"]),
    _with_scale("x", domain=[1e9, 2e9]),
    _with_scale("y", domain=[1e9, 2e9]),
    _with_scale("x", range=[0, 0]),
    _with_scale("y", range=[-5000, -4000]),
    _with_top(transform=[{"filter": "false"}]),
    _with_top(transform=[{"calculate": "0", "as": "share_gdp_pct"}]),
    _with_top(width=0, height=0),
    _with_top(width=1, height={"step": 0}),
    _with_top(background="#4c78a8", config={"mark": {"color": "#4c78a8"}}),
    _with_top(config={"mark": {"opacity": 0}}),
    _with_top(config={"range": {"category": ["white"], "ramp": ["white", "white"]}}),
    _with_top(config={"view": {"fill": "#4c78a8"}, "mark": {"color": "#4c78a8"}}),
    _with_top(data={"url": "https://example.org/other.csv"}),
    _with_top(data={"name": "nowhere"}),
]
