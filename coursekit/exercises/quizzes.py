"""The self-check bank of a chapter: read, validate, compute.

One YAML file (`exercises/quizzes/<chapter>.yml`) feeds the page, QTI and Moodle XML.

    title: Reading the money tables
    chapter: 04-money                # the file's own name without .yml
    items:
      - id: unit-trap                # lower case, digits, hyphens; unique
        kind: single                 # single | multiple | number | order | match | estimate | draw | cells
        outcome: O1
        tag: measurement             # predict | misconception | measurement | concept
        title: The unit trap         # optional: the item's name in *My course*; else the prompt, shortened
        values: {share: "…"}         # optional expressions; use {share} or {share:.1f} in the texts
        prompt: Which … {share:.0f} per cent?
        probability: true            # optional, single items tagged predict: the reader may say how sure
        options:                     # single: exactly one correct; multiple: at least one, not all
          - {text: …, correct: true, feedback: …}

In place of `options` the other kinds have a key named like the kind. Numbers are expressions:

        number: {answer: "…", tolerance: 0.5, unit: "%",
                 feedback: {right: …, wrong: …, near: …}}           # near is optional
        order:  {steps: [first, second, …], feedback: {right: …, wrong: …}}
        match:  {pairs: [[left, right], …], feedback: {right: …, wrong: …}}

        estimate:                    # told by distance, never right or wrong
          answer: "…"                # must lie on the scale
          low: 0                     # the scale a guess can lie on, and its step (the step says how many decimals)
          high: 32
          step: 1
          tolerance: 2               # "close" on the page; in an LMS the answer counts within it
          unit: allies               # optional
          ask: range                 # range (low and high, "80 % sure") or point; range when left out
          feedback: {after: "…"}     # follows the distance; may use {answer}

        draw:                        # dragged by pointer or arrow keys, then shown against the truth
          form: line                 # line (3 to 16 points) or bars (2 to 16)
          truth: "…"                 # a series or mapping: key -> number; or a list, with labels
          labels: {a: Ann, b: Bo}       # optional: which keys, in which order, in which words; or a list of keys
          given: 3                   # optional: the first points that are shown and cannot be moved
          low: 0                     # the axis and the step of an arrow key
          high: 4
          step: 0.1
          unit: "% of GDP"           # optional
          start: 2                   # optional: where handles start; else the last given point or the middle
          figure: fig-c04-plane      # optional: a figure of the same page that the told answer links to
          feedback: {after: "…"}

        cells:                       # a table that the reader fills in and is told cell by cell
          corner: Country            # optional head of the first column
          rows: {ESP: Spain, ITA: Italy}           # key: title; or a list of titles or of mappings:
          columns: [2023, {title: Fall, key: fall, answer: "…", tolerance: 0.01}]
          answer: "votes.score(row, column)"       # for all cells; or in a row or a column; knows row and column
          tolerance: 0.006           # likewise
          feedback: {right: …, wrong: …}

Expressions run through `coursekit.tables.evaluate`. In number and estimate items the texts may also use {answer}. A
name in braces directly before a backtick is a MyST role and is left alone.

`load_bank(path)` checks everything at load and raises `QuizError` with one sentence that names file, item and rule.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from numbers import Number
from pathlib import Path
from typing import NoReturn

from coursekit import files
from coursekit.exercises.filling import filled
from coursekit.exercises.quiz_kinds import BODIES, Drawing, Grid, Option, QuizError, Scale, known

__all__ = ["Bank", "Drawing", "Grid", "Item", "Option", "QuizError", "Scale", "kept_bank", "load_bank"]

KINDS = tuple(BODIES)
BODY_KEYS = {key for key, _body in BODIES.values()}
TAGS = ("predict", "misconception", "measurement", "concept")


@dataclass(frozen=True)
class Item:
    """One question with its texts filled in and its key computed.

    `options` serve single and multiple; `answer`, `tolerance`, `unit` serve number and estimate; `steps` (in the right
    order) serve order; `pairs` (left, right) serve match; `scale` and `ask` serve estimate, `scale` and `drawing` draw,
    `grid` cells. `feedback` has the keys right, wrong and, for some numbers, near; or after, for estimate and draw.
    """

    id: str
    kind: str
    outcome: str
    tag: str
    prompt: str
    title: str = ""
    options: tuple = ()
    probability: bool = False
    answer: float | None = None
    tolerance: float | None = None
    unit: str = ""
    steps: tuple = ()
    pairs: tuple = ()
    scale: Scale | None = None
    ask: str = ""
    drawing: Drawing | None = None
    grid: Grid | None = None
    feedback: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bank:
    """All items of a chapter."""

    title: str
    chapter: str
    items: list
    path: Path


def load_bank(path: Path | str, evaluate: Callable | None = None) -> Bank:
    """The validated `Bank` in the YAML file `path`; `evaluate` replaces tables.evaluate in tests."""
    path = Path(path)
    content = files.read_yaml(path, QuizError)
    files.known_keys(content, str(path), QuizError, required=("title", "chapter", "items"))
    if str(content["chapter"]) != path.stem:
        raise QuizError(f"{path}: chapter is {content['chapter']!r} but the file is named {path.stem!r}.")
    if not isinstance(content["items"], list):
        raise QuizError(f"{path}: items must be a list.")
    reader = _Reader(path, evaluate or _evaluate)
    items = [reader.item(position, raw) for position, raw in enumerate(content["items"], 1)]
    return Bank(str(content["title"]), str(content["chapter"]), items, path)


def kept_bank(path: Path) -> Bank:
    """The bank of a file, computed once a build for all pages and notebooks that draw from it; as ``load_bank``."""
    from coursekit.data.once import once

    return once(f"bank {path.resolve()} {hashlib.sha256(path.read_bytes()).hexdigest()}", lambda: load_bank(path))


def _evaluate(expression, **names):
    from coursekit.data import expressions

    return expressions.value(expression, given=names)


class _Reader:
    """Turns raw mappings into items; remembers the file, the ids seen and the current item."""

    def __init__(self, path, evaluate):
        self.path, self.evaluate = path, evaluate
        self.seen, self.here = set(), str(path)

    def fail(self, rule: str) -> NoReturn:
        """Refuse the current item with one sentence."""
        raise QuizError(f"{self.here}: {rule}")

    def item(self, position: int, raw: object) -> Item:
        """The checked item of a raw mapping at a place of the file."""
        self.here = f"{self.path}, item {position}"
        required = ("id", "kind", "outcome", "tag", "prompt")
        files.known_keys(raw, self.here, QuizError, required, (*BODY_KEYS, "values", "title", "probability"))
        self._identity(raw)
        kind = raw["kind"]
        key, body = BODIES[kind]
        self._only_body(raw, key)
        self._probability(raw)
        values = self._values(raw.get("values") or {})
        parts = body(self, raw[key], kind, values)
        return Item(
            id=raw["id"],
            kind=kind,
            outcome=raw["outcome"],
            tag=raw["tag"],
            prompt=self.text(raw["prompt"], "prompt", values),
            title=self.text(raw["title"], "title", values) if raw.get("title") else "",
            probability=raw.get("probability", False),
            values=values,
            **parts,
        )

    def _identity(self, raw):
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", str(raw["id"])) or not isinstance(raw["id"], str):
            self.fail(f"the id {raw['id']!r} must be lower-case letters, digits and hyphens.")
        self.here = f"{self.path}, item {raw['id']}"
        if raw["id"] in self.seen:
            self.fail("this id is used twice.")
        self.seen.add(raw["id"])
        if raw["kind"] not in KINDS:
            self.fail(f"kind {raw['kind']!r} is not one of {', '.join(KINDS)}.")
        if raw["tag"] not in TAGS:
            self.fail(f"tag {raw['tag']!r} is not one of {', '.join(TAGS)}.")
        if not re.fullmatch(r"O[1-9]\d?", str(raw["outcome"])):
            self.fail(f"outcome {raw['outcome']!r} must look like O1.")

    def _only_body(self, raw, key):
        if not raw.get(key):
            self.fail(f"a {raw['kind']} item needs the key {key!r}.")
        for other in sorted(BODY_KEYS - {key}):
            if other in raw:
                self.fail(f"a {raw['kind']} item cannot have the key {other!r}.")

    def _probability(self, raw):
        if not isinstance(raw.get("probability", False), bool):
            self.fail("probability must be true or false.")
        if raw.get("probability") and (raw["kind"], raw["tag"]) != ("single", "predict"):
            self.fail("only a single item tagged predict can have the key 'probability'.")

    def _values(self, raw) -> dict:
        if not isinstance(raw, dict):
            self.fail("values must map names to expressions.")
        values = {}
        for name, expression in raw.items():
            if not re.fullmatch(r"[a-z_]\w*", str(name)):
                self.fail(f"the value name {name!r} must be a lower-case Python name.")
            values[name] = self.compute(expression, f"value {name!r}", values)
        return values

    def compute(self, expression: object, what: str, names: dict) -> object:
        """The result of an expression that knows `names`; a result of one number is that number."""
        try:
            result = self.evaluate(str(expression), **names)
        except Exception as fault:
            self.fail(f"the expression of {what} fails: {type(fault).__name__}: {fault}")
        return result.item() if hasattr(result, "item") and getattr(result, "size", 1) == 1 else result

    def finite(self, expression: object, what: str, names: dict) -> float:
        """The finite number that an expression gives."""
        return self.as_finite(self.compute(expression, what, names), what)

    def as_finite(self, number: object, what: str) -> float:
        """`number` as a plain finite number, or a refusal."""
        number = number.item() if hasattr(number, "item") and getattr(number, "size", 1) == 1 else number
        if isinstance(number, bool) or not isinstance(number, Number) or not math.isfinite(number):
            self.fail(f"the {what} must be a finite number, the expression gives {number!r}.")
        return number

    def text(self, text: object, what: str, values: dict) -> str:
        """`text` with its {name} places filled in."""
        if not isinstance(text, str) or not text.strip():
            self.fail(f"the {what} must be text and not empty.")
        return filled(text, values, what, self.fail)

    def feedback(
        self, raw: object, values: dict, required: Iterable[str] = ("right", "wrong"), optional: Iterable[str] = ()
    ) -> dict:
        """The texts that follow an answer, by name."""
        known(self, raw, "feedback", required, optional)
        return {key: self.text(text, f"feedback {key!r}", values) for key, text in raw.items()}
