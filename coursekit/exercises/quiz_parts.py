"""An item as the questions that an LMS can hold: texts as HTML, numbers as text, points that sum to one.

``split(item, words, native)`` gives the questions of an item. QTI 1.2 knows no order and no match; there, and for the
cells of a table in both forms, an item becomes several questions that share its one point.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from coursekit.exercises.quiz_text import Words, literal
from coursekit.exercises.quizzes import Item

NEAR = 3  # the page calls an answer near within so many tolerances


@dataclass(frozen=True)
class Choice:
    """An option as HTML paragraphs: its text, whether it is right, and what follows it."""

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Part:
    """One question of an LMS. ``kind``: single, multiple, number, order or match; ``prompt`` and feedback are HTML.

    ``answer`` and ``tolerance`` are exact decimals, for number; the ``points`` of an item's parts sum to one.
    """

    id: str
    kind: str
    tags: tuple[str, str]
    prompt: str
    points: Decimal = Decimal(1)
    choices: tuple[Choice, ...] = ()
    steps: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    answer: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    right: str = ""
    wrong: str = ""
    near: str = ""


def split(item: Item, words: Words, native: tuple[str, ...] = (), digits: int = 2) -> list[Part]:
    """The questions of ``item``. ``native``: kinds that the LMS has of its own; ``digits``: decimals of a point."""
    makers = {"single": _options, "multiple": _options, "number": _number, "estimate": _number, "cells": _cells}
    makers |= {"order": _order if "order" in native else _places, "match": _match if "match" in native else _sides}
    drafts = makers[item.kind](item, words)
    points = shares(len(drafts), digits)
    return [
        Part(**{"tags": (item.outcome, item.tag), "id": item.id, **draft, "points": share})
        for draft, share in zip(drafts, points, strict=True)
    ]


def shares(count: int, digits: int) -> list[Decimal]:
    """One point in ``count`` shares as equal as ``digits`` decimals allow; they sum to exactly one."""
    units = 10**digits
    return [Decimal(units // count + (place < units % count)) / units for place in range(count)]


def rounded(answer: float, tolerance: float) -> Decimal:
    """The answer with the decimals that its tolerance leaves meaning: 3.694 within 0.06 is 3.7.

    A key about half-way between two such numbers keeps one decimal more, since both are right: 3.75 within 0.06
    is 3.75. A key without a tolerance stays.
    """
    exact = decimal(answer)
    if not tolerance:
        return exact
    digits = math.ceil(-math.log10(2 * tolerance) - 1e-9)
    short = round(exact, digits)
    return plain(short if abs(short - exact) <= decimal(0.4 * tolerance) else round(exact, digits + 1))


def decimal(number: float) -> Decimal:
    """A float as the decimal that Python prints for it."""
    return plain(Decimal(repr(float(number))))


def plain(number: Decimal) -> Decimal:
    """Without the zeros at the end, and zero without a sign."""
    return number.normalize() if number else Decimal(0)


def written(number: Decimal) -> str:
    """A decimal in digits, never with an exponent."""
    return f"{plain(number):f}"


def _feedback(item: Item, words: Words) -> dict:
    told = {key: words.paragraph(text) for key, text in item.feedback.items() if key in ("right", "wrong", "near")}
    after = words.paragraph(item.feedback.get("after", ""))
    return {"right": after, "wrong": after} if after else told


def _options(item: Item, words: Words) -> list[dict]:
    choices = tuple(
        Choice(words.paragraph(option.text), option.correct, words.paragraph(option.feedback))
        for option in item.options
    )
    return [{"kind": item.kind, "prompt": words.paragraph(item.prompt), "choices": choices}]


def _number(item: Item, words: Words) -> list[dict]:
    unit = f"({literal(item.unit)})" if item.unit else ""
    key = {"answer": rounded(item.answer, item.tolerance), "tolerance": decimal(item.tolerance)}
    return [{"kind": "number", "prompt": words.paragraph(item.prompt, unit), **key, **_feedback(item, words)}]


def _cells(item: Item, words: Words) -> list[dict]:
    grid = item.grid
    return [
        {
            "id": f"{item.id}-{i}-{j}",
            "kind": "number",
            "prompt": words.paragraph(item.prompt, f"{row},", f"{column}:"),
            "answer": rounded(grid.answers[i - 1][j - 1], grid.tolerances[i - 1][j - 1]),
            "tolerance": decimal(grid.tolerances[i - 1][j - 1]),
            **_feedback(item, words),
        }
        for i, row in enumerate(grid.rows, 1)
        for j, column in enumerate(grid.columns, 1)
    ]


def _order(item: Item, words: Words) -> list[dict]:
    steps = tuple(words.paragraph(step) for step in item.steps)
    return [{"kind": "order", "prompt": words.paragraph(item.prompt), "steps": steps, **_feedback(item, words)}]


def _match(item: Item, words: Words) -> list[dict]:
    pairs = tuple((words.paragraph(left), words.bare(right)) for left, right in item.pairs)
    return [{"kind": "match", "prompt": words.paragraph(item.prompt), "pairs": pairs, **_feedback(item, words)}]


def _places(item: Item, words: Words) -> list[dict]:
    """One question a place of an order, each told about its own step."""
    return [
        _pick(item, words, place, (f"Which step comes at place {place}?",), step, item.steps, _told_place)
        for place, step in enumerate(item.steps, 1)
    ]


def _sides(item: Item, words: Words) -> list[dict]:
    """One question a left side of a match, each told about its own pair."""
    rights = [right for _, right in item.pairs]
    return [
        _pick(item, words, place, ("What belongs to:", left), right, rights, _told_pair(left))
        for place, (left, right) in enumerate(item.pairs, 1)
    ]


def _told_place(choice: str, chosen: int, asked: int) -> tuple[str, ...]:
    return ("Right.",) if chosen == asked else ("Not at this place:", choice)


def _told_pair(left: str) -> Callable[[str, int, int], tuple[str, ...]]:
    return lambda choice, chosen, asked: ("Right.",) if chosen == asked else ("This does not belong to", left)


def _pick(item, words, place, asks, right, choices, told) -> dict:
    """A single choice; the item's own word on the whole, which would give the rest away, follows the last part only."""
    last = place == len(choices)
    shuffled = random.Random(f"{item.id}-{place}").sample(list(enumerate(choices, 1)), len(choices))
    made = []
    for number, text in shuffled:
        correct = text == right
        whole = item.feedback["right" if correct else "wrong"] if last else ""
        made.append(Choice(words.paragraph(text), correct, words.paragraph(*told(text, number, place), whole)))
    prompt = words.paragraph(item.prompt, *asks)
    return {"id": f"{item.id}-{place}", "kind": "single", "prompt": prompt, "choices": tuple(made)}
