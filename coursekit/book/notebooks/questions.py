"""Questions of a quiz bank as Markdown, the answer folded: a notebook has no form that checks them."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, log10

from coursekit.exercises.quizzes import Item

Words = Callable[[str], str]
MOST_DIGITS = 3
FOLDED = "<details><summary>{summary}</summary>\n\n{inside}\n\n</details>"


def told(item: Item, words: Words) -> str:
    """A question and, folded under it, its answer and what follows from it. ``words`` makes a bank's text plain."""
    kind = "Your prediction" if item.tag == "predict" else "Question"
    asked, answer = KINDS[item.kind](item, words)
    parts = [f"**{kind}.** {words(item.prompt)}", *asked, FOLDED.format(summary="Answer", inside="\n\n".join(answer))]
    return "\n\n".join(parts)


def _choices(item: Item, words: Words):
    letters = "abcdefghijkl"
    asked = "\n".join(f"- {letter}) {words(o.text)}" for letter, o in zip(letters, item.options, strict=False))
    lines = (
        f"- {letter}) {'**Right.**' if o.correct else 'Not so.'} {words(o.feedback)}"
        for letter, o in zip(letters, item.options, strict=False)
    )
    return [asked], ["\n".join(lines)]


def _number(item: Item, words: Words):
    answer = value(item.answer, digits(item.tolerance))
    return [], [f"**{answer} {item.unit}".rstrip() + "**", words(_after(item))]


def _order(item: Item, words: Words):
    """The steps are asked in the alphabet's order, which gives nothing away."""
    asked = "\n".join(f"- {words(step)}" for step in sorted(item.steps))
    return [asked], ["\n".join(f"{n}. {words(step)}" for n, step in enumerate(item.steps, 1)), words(_after(item))]


def _match(item: Item, words: Words):
    left = ", ".join(words(pair[0]) for pair in item.pairs)
    right = "\n".join(f"- {words(text)}" for text in sorted({pair[1] for pair in item.pairs}))
    answer = "\n".join(f"- {words(a)}: {words(b)}" for a, b in item.pairs)
    return [f"Match *{left}* with one of these:", right], [answer, words(_after(item))]


def _draw(item: Item, words: Words):
    drawing = item.drawing
    asked = f"Say it for {', '.join(drawing.labels)}" + (f", in {item.unit}." if item.unit else ".")
    pairs = zip(drawing.labels, drawing.truth, strict=True)
    return [asked], ["\n".join(f"- {label}: {value(truth)}" for label, truth in pairs), words(_after(item))]


def _cells(item: Item, words: Words):
    grid = item.grid
    blank = tuple(("",) * len(grid.columns) for _row in grid.rows)
    filled = tuple(
        tuple(value(answer, digits(tolerance)) for answer, tolerance in zip(*row, strict=True))
        for row in zip(grid.answers, grid.tolerances, strict=True)
    )
    return [_table(grid, blank, words)], [_table(grid, filled, words), words(_after(item))]


def _table(grid, cells, words: Words) -> str:
    head = [grid.corner, *map(words, grid.columns)]
    lines = [head, ["---"] * len(head)]
    lines += [[words(title), *row] for title, row in zip(grid.rows, cells, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _after(item: Item) -> str:
    return item.feedback.get("after") or item.feedback["right"]


def digits(tolerance: float) -> int:
    """Decimals that an answer with this tolerance needs.

    >>> digits(0.06), digits(0.5), digits(2), digits(0)
    (2, 1, 0, 3)
    """
    return max(0, -floor(log10(tolerance))) if tolerance else MOST_DIGITS


def value(number: float, decimals: int = MOST_DIGITS) -> str:
    """A key as it is read: no needless zeros, a true minus.

    >>> value(2.0), value(-0.4567), value(19.0223, 2)
    ('2', '−0.457', '19.02')
    """
    return f"{round(number, decimals):,.10g}".replace("-", "−")


KINDS = {
    "single": _choices,
    "multiple": _choices,
    "number": _number,
    "estimate": _number,
    "order": _order,
    "match": _match,
    "draw": _draw,
    "cells": _cells,
}
