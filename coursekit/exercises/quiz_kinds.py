"""The bodies of a quiz item, one function a kind: each checks its part of the YAML and computes its key.

A body function gets the reader (``coursekit.exercises.quizzes`` makes it; it knows file and item, fills texts and
computes expressions), the raw mapping, the kind and the item's values. It returns the fields of ``Item`` that its kind
fills, or fails with one ``QuizError`` sentence. The YAML of each kind stands in ``quizzes.py``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from numbers import Number

from coursekit import files
from coursekit.errors import CourseKitError
from coursekit.exercises.quiz_reading import Reader

FEWEST_POINTS, MOST_POINTS = {"line": 3, "bars": 2}, 16


class QuizError(CourseKitError):
    """A bank breaks a rule; the message names the file, the item and the rule."""


@dataclass(frozen=True)
class Option:
    """One choice of a single or multiple item."""

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Scale:
    """The numbers a reader can choose between: both ends, the step, in the item's unit."""

    low: float
    high: float
    step: float

    @property
    def digits(self) -> int:
        """Decimals that the step needs: 0.05 has two."""
        text = f"{self.step:.6f}".rstrip("0")
        return len(text.partition(".")[2])


@dataclass(frozen=True)
class Drawing:
    """A line or bars to draw: what stands below each point, the first points given, and where the handles start."""

    form: str
    labels: tuple
    truth: tuple
    given: int
    start: float
    figure: str = ""


@dataclass(frozen=True)
class Grid:
    """A table to fill in: titles of rows and columns; ``answers[row][column]`` and ``tolerances`` alike."""

    corner: str
    rows: tuple
    columns: tuple
    answers: tuple
    tolerances: tuple


def options(reader: Reader, raw: object, kind: str, values: dict) -> dict:
    """Choices of single (one right) and multiple (some right, not all)."""
    if not isinstance(raw, list) or len(raw) < 2:
        reader.fail("options must be a list of at least two.")
    found = tuple(_option(reader, number, option, values) for number, option in enumerate(raw, 1))
    right = sum(option.correct for option in found)
    if kind == "single" and right != 1:
        reader.fail(f"a single item needs exactly one correct option, this has {right}.")
    if kind == "multiple" and not 0 < right < len(found):
        reader.fail("a multiple item needs at least one correct and one wrong option.")
    distinct(reader, [option.text for option in found], "options")
    return {"options": found}


def _option(reader, number, raw, values) -> Option:
    where = f"{reader.here}, option {number}"
    files.known_keys(raw, where, QuizError, required=("text", "feedback"), optional=("correct",))
    if not isinstance(raw.get("correct", False), bool):
        reader.fail(f"option {number}: correct must be true or false.")
    if isinstance(raw["text"], bool):
        reader.fail(f"option {number}: YAML reads the text as true or false; put it in quotes.")
    text = str(raw["text"]) if isinstance(raw["text"], Number) else raw["text"]
    return Option(
        reader.text(text, f"text of option {number}", values),
        raw.get("correct", False),
        reader.text(raw["feedback"], f"feedback of option {number}", values),
    )


def number(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """A number within a tolerance."""
    known(reader, raw, "number", ("answer", "feedback"), ("tolerance", "unit"))
    tolerance = stated_tolerance(reader, raw.get("tolerance"))
    values["answer"] = reader.finite(raw["answer"], "answer", values)
    return {
        "answer": values["answer"] * 1.0,
        "tolerance": tolerance,
        "unit": str(raw.get("unit") or ""),
        "feedback": reader.feedback(raw["feedback"], values, optional=("near",)),
    }


def order(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """Steps to be put in their right order."""
    known(reader, raw, "order", ("steps", "feedback"))
    if not isinstance(raw["steps"], list) or len(raw["steps"]) < 3:
        reader.fail("steps must be a list of at least three, in the right order.")
    steps = tuple(reader.text(str(step), "step", values) for step in raw["steps"])
    distinct(reader, steps, "steps")
    return {"steps": steps, "feedback": reader.feedback(raw["feedback"], values)}


def match(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """Pairs of a left and a right side."""
    known(reader, raw, "match", ("pairs", "feedback"))
    pairs = raw["pairs"]
    if not isinstance(pairs, list) or len(pairs) < 2 or not all(_is_pair(pair) for pair in pairs):
        reader.fail("pairs must be a list of at least two [left, right] lists.")
    filled = tuple(tuple(reader.text(str(side), "pair", values) for side in pair) for pair in pairs)
    distinct(reader, [left for left, _ in filled], "left sides")
    distinct(reader, [right for _, right in filled], "right sides")
    return {"pairs": filled, "feedback": reader.feedback(raw["feedback"], values)}


def _is_pair(pair) -> bool:
    return isinstance(pair, list) and len(pair) == 2


def estimate(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """A number on a scale, as a point or as a range; told by distance."""
    known(reader, raw, "estimate", ("answer", "low", "high", "step", "feedback"), ("tolerance", "unit", "ask"))
    if raw.get("ask", "range") not in ("range", "point"):
        reader.fail(f"ask {raw['ask']!r} is not one of range, point.")
    scale = _scale(reader, raw, values)
    values["answer"] = reader.finite(raw["answer"], "answer", values)
    _on_scale(reader, scale, values["answer"], "answer")
    return {
        "answer": values["answer"] * 1.0,
        "tolerance": stated_tolerance(reader, raw.get("tolerance")),
        "unit": str(raw.get("unit") or ""),
        "scale": scale,
        "ask": raw.get("ask", "range"),
        "feedback": reader.feedback(raw["feedback"], values, required=("after",)),
    }


def draw(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """A line or bars, drawn by the reader and then shown against the truth."""
    required = ("form", "truth", "low", "high", "step", "feedback")
    known(reader, raw, "draw", required, ("labels", "given", "start", "unit", "figure"))
    if raw["form"] not in FEWEST_POINTS:
        reader.fail(f"form {raw['form']!r} is not one of line, bars.")
    scale = _scale(reader, raw, values)
    labels, truth = _points(reader, raw, values)
    for label, value in zip(labels, truth, strict=True):
        _on_scale(reader, scale, value, f"truth of {label}")
    given = _given(reader, raw.get("given", 0), len(labels))
    start = reader.finite(raw["start"], "start", values) if "start" in raw else _start(scale, truth, given)
    _on_scale(reader, scale, start, "start")
    return {
        "drawing": Drawing(raw["form"], labels, truth, given, start, str(raw.get("figure") or "")),
        "scale": scale,
        "unit": str(raw.get("unit") or ""),
        "feedback": reader.feedback(raw["feedback"], values, required=("after",)),
    }


def _given(reader, given, points: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < points:
        reader.fail(f"given must be a whole number from 0 to {points - 1}: the first points that the reader is shown.")
    return given


def _start(scale: Scale, truth, given: int) -> float:
    """Handles start at the last given point, or in the middle of the scale, which gives nothing away."""
    return truth[given - 1] if given else scale.low + round((scale.high - scale.low) / scale.step / 2) * scale.step


def _points(reader, raw, values) -> tuple[tuple, tuple]:
    """Labels and values of a drawing: from a series or mapping by its keys, from a plain list by its places."""
    truth, names = _by_key(reader, reader.compute(raw["truth"], "truth", values), raw.get("labels"))
    pairs = names.items() if isinstance(names, dict) else [(name, name) for name in names]
    if lost := [key for key, _words in pairs if key not in truth]:
        reader.fail(f"the truth has no value for the label {lost[0]!r}; it has {', '.join(map(str, truth))}.")
    labels = tuple(str(words) for _key, words in pairs)
    distinct(reader, labels, "labels")
    fewest = FEWEST_POINTS[raw["form"]]
    if not fewest <= len(labels) <= MOST_POINTS:
        reader.fail(f"a drawing of {raw['form']} needs {fewest} to {MOST_POINTS} points, this has {len(labels)}.")
    return labels, tuple(reader.as_finite(truth[key], f"truth of {key}") for key, _words in pairs)


def _by_key(reader, truth, names) -> tuple[dict, dict | list]:
    """The truth as a mapping, and the labels that pick from it."""
    truth = truth.to_dict() if hasattr(truth, "to_dict") else truth
    if isinstance(truth, dict):
        return truth, names or list(truth)
    if not isinstance(names, list) or not hasattr(truth, "__len__") or len(truth) != len(names):
        reader.fail("the truth must give a series or a mapping; a plain list needs a list of as many labels.")
    return dict(enumerate(truth)), dict(enumerate(names))


def cells(reader: Reader, raw: dict, kind: str, values: dict) -> dict:
    """A table of numbers to fill in; each cell has its own key and tolerance."""
    known(reader, raw, "cells", ("rows", "columns", "feedback"), ("corner", "answer", "tolerance"))
    rows, columns = _heads(reader, raw["rows"], "rows"), _heads(reader, raw["columns"], "columns")
    answers = tuple(tuple(_cell(reader, raw, row, column, values) for column in columns) for row in rows)
    tolerances = tuple(
        tuple(stated_tolerance(reader, _stated(raw, row, column, "tolerance")) for column in columns) for row in rows
    )
    titles = [tuple(reader.text(str(head["title"]), "title", values) for head in heads) for heads in (rows, columns)]
    grid = Grid(str(raw.get("corner") or ""), *titles, answers, tolerances)
    return {"grid": grid, "feedback": reader.feedback(raw["feedback"], values)}


def _heads(reader, raw, what: str) -> list[dict]:
    """Rows or columns as mappings with key and title: written as a list, a mapping key: title, or in full."""
    if isinstance(raw, dict):
        raw = [{"key": key, "title": title} for key, title in raw.items()]
    if not isinstance(raw, list):
        reader.fail(f"{what} must be a list, or a mapping of keys to titles.")
    heads = [dict(head) if isinstance(head, dict) else {"key": head, "title": head} for head in raw]
    for place, head in enumerate(heads, 1):
        where = f"{reader.here}, {what} {place}"
        files.known_keys(head, where, QuizError, required=("title",), optional=("key", "answer", "tolerance"))
        head.setdefault("key", head["title"])
    distinct(reader, [str(head["title"]) for head in heads], what)
    return heads


def _stated(raw, row, column, key: str):
    """What a cell's row, else its column, else the whole table states for ``key``; None when nobody does."""
    return next((part[key] for part in (row, column, raw) if key in part), None)


def _cell(reader, raw, row, column, values) -> float:
    what = f"answer of the cell {row['title']}, {column['title']}"
    if "answer" in row and "answer" in column:
        reader.fail(f"the {what} stands in its row and in its column; state it once.")
    expression = _stated(raw, row, column, "answer")
    if expression is None:
        reader.fail(f"the {what} is missing; state it for the table, the row or the column.")
    return reader.finite(expression, what, {**values, "row": row["key"], "column": column["key"]}) * 1.0


def known(reader: Reader, raw: object, what: str, required: Iterable[str], optional: Iterable[str] = ()) -> None:
    """Fail unless the body has its keys and no other."""
    files.known_keys(raw, f"{reader.here}, {what}", QuizError, required=required, optional=optional)


def stated_tolerance(reader: Reader, tolerance: object) -> float:
    """A tolerance in the answer's unit; it must be written, so that nobody forgets it."""
    if isinstance(tolerance, bool) or not isinstance(tolerance, Number) or not 0 <= tolerance < math.inf:
        reader.fail("tolerance must be stated as a number of zero or more.")
    return float(tolerance)


def _scale(reader, raw, values) -> Scale:
    """The scale from low, high and step, each a number or an expression."""
    low, high, step = (reader.finite(raw[name], name, values) for name in ("low", "high", "step"))
    if not low < high or not 0 < step <= (high - low) / 4:
        reader.fail(f"low {low}, high {high} and step {step} must give a scale of at least four steps.")
    return Scale(float(low), float(high), float(step))


def _on_scale(reader, scale: Scale, value: float, what: str) -> None:
    if not scale.low <= value <= scale.high:
        reader.fail(f"the {what} is {value:g}, outside the scale {scale.low:g} to {scale.high:g}; widen low or high.")


def distinct(reader: Reader, texts: Collection[str], what: str) -> None:
    """Fail when two texts are the same."""
    if len(set(texts)) < len(texts):
        reader.fail(f"two {what} are the same.")


BODIES = {
    "single": ("options", options),
    "multiple": ("options", options),
    "number": ("number", number),
    "order": ("order", order),
    "match": ("match", match),
    "estimate": ("estimate", estimate),
    "draw": ("draw", draw),
    "cells": ("cells", cells),
}
