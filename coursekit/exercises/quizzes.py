"""The self-check bank of a chapter: read, validate, compute.

One YAML file (`exercises/quizzes/<chapter>.yml`) feeds the page, QTI and Moodle XML.

    title: Reading the money tables
    chapter: 04-money                # the file's own name without .yml
    items:
      - id: unit-trap                # lower case, digits, hyphens; unique
        kind: single                 # single | multiple | number | order | match
        outcome: O1
        tag: measurement             # predict | misconception | measurement | concept
        values: {share: "…"}         # optional expressions; use {share} or {share:.1f} in the texts
        prompt: Which … {share:.0f} per cent?
        options:                     # single: exactly one correct; multiple: at least one, not all
          - {text: …, correct: true, feedback: …}
        # kind number:  number: {answer: "<expression>", tolerance: 0.5, unit: "%",
        #                        feedback: {right: …, wrong: …, near: …}}     (near is optional)
        # kind order:   order: {steps: [first, second, …], feedback: {right: …, wrong: …}}
        # kind match:   match: {pairs: [[left, right], …], feedback: {right: …, wrong: …}}

Expressions run through `coursekit.tables.evaluate`. In a number item the texts may also use
{answer}. A name in braces directly before a backtick is a MyST role and is left alone.

`load_bank(path)` checks everything at load and raises `QuizError` with one sentence that
names file, item and rule.
"""

import math
import re
from dataclasses import dataclass, field
from numbers import Number
from pathlib import Path

from coursekit import files
from coursekit.errors import CourseKitError

KINDS = ("single", "multiple", "number", "order", "match")
TAGS = ("predict", "misconception", "measurement", "concept")
_PLACEHOLDER = re.compile(r"(?<![{\\$^_])\{([a-z_]\w*)(?::([^{}`]*))?\}(?!`)")


class QuizError(CourseKitError):
    """A bank breaks a rule; the message names the file, the item and the rule."""


@dataclass(frozen=True)
class Option:
    """One choice of a single or multiple item."""

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True)
class Item:
    """One question with its texts filled in and its key computed.

    `options` serve single and multiple; `answer`, `tolerance`, `unit` serve number;
    `steps` (in the right order) serve order; `pairs` (left, right) serve match.
    `feedback` has the keys right, wrong and, for some number items, near.
    """

    id: str
    kind: str
    outcome: str
    tag: str
    prompt: str
    options: tuple = ()
    answer: float | None = None
    tolerance: float | None = None
    unit: str = ""
    steps: tuple = ()
    pairs: tuple = ()
    feedback: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bank:
    """All items of a chapter."""

    title: str
    chapter: str
    items: list
    path: Path


def load_bank(path, evaluate=None):
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


def _evaluate(expression, **names):
    from coursekit import tables
    from coursekit.data import expressions

    return tables.evaluate(expression, **names) if names else expressions.value(expression)


class _Reader:
    """Turns raw mappings into items; remembers the file, the ids seen and the current item."""

    def __init__(self, path, evaluate):
        self.path, self.evaluate = path, evaluate
        self.seen, self.here = set(), str(path)

    def fail(self, rule):
        raise QuizError(f"{self.here}: {rule}")

    def item(self, position, raw):
        self.here = f"{self.path}, item {position}"
        files.known_keys(
            raw,
            self.here,
            QuizError,
            required=("id", "kind", "outcome", "tag", "prompt"),
            optional=("options", "number", "order", "match", "values"),
        )
        self._identity(raw)
        kind = raw["kind"]
        body_key = "options" if kind in ("single", "multiple") else kind
        self._only_body(raw, body_key)
        values = self._values(raw.get("values") or {})
        parts = getattr(self, f"_{body_key}")(raw[body_key], kind, values)
        item = Item(
            id=raw["id"],
            kind=kind,
            outcome=raw["outcome"],
            tag=raw["tag"],
            prompt=self._text(raw["prompt"], "prompt", values),
            values=values,
            **parts,
        )
        return item

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

    def _only_body(self, raw, body_key):
        if not raw.get(body_key):
            self.fail(f"a {raw['kind']} item needs the key {body_key!r}.")
        for other in {"options", "number", "order", "match"} - {body_key}:
            if other in raw:
                self.fail(f"a {raw['kind']} item cannot have the key {other!r}.")

    def _values(self, raw):
        if not isinstance(raw, dict):
            self.fail("values must map names to expressions.")
        values = {}
        for name, expression in raw.items():
            if not re.fullmatch(r"[a-z_]\w*", str(name)):
                self.fail(f"the value name {name!r} must be a lower-case Python name.")
            values[name] = self._compute(expression, f"value {name!r}", values)
        return values

    def _compute(self, expression, what, names):
        try:
            result = self.evaluate(str(expression), **names)
        except Exception as fault:
            self.fail(f"the expression of {what} fails: {type(fault).__name__}: {fault}")
        return result.item() if hasattr(result, "item") and getattr(result, "size", 1) == 1 else result

    def _text(self, text, what, values):
        """`text` with its {name} places filled in."""
        if not isinstance(text, str) or not text.strip():
            self.fail(f"the {what} must be text and not empty.")

        def fill(match):
            name, spec = match.group(1), match.group(2) or ""
            if name not in values:
                known = ", ".join(values) or "none"
                self.fail(f"the {what} uses {{{name}}}, but the values are: {known}.")
            try:
                return format(values[name], spec)
            except (ValueError, TypeError) as fault:
                self.fail(f"the {what} cannot format {{{name}:{spec}}}: {fault}.")

        return _PLACEHOLDER.sub(fill, text.strip())

    def _feedback(self, raw, values, optional=()):
        files.known_keys(raw, f"{self.here}, feedback", QuizError, required=("right", "wrong"), optional=optional)
        return {key: self._text(text, f"feedback {key!r}", values) for key, text in raw.items()}

    def _options(self, raw, kind, values):
        if not isinstance(raw, list) or len(raw) < 2:
            self.fail("options must be a list of at least two.")
        options = tuple(self._option(number, option, values) for number, option in enumerate(raw, 1))
        right = sum(option.correct for option in options)
        if kind == "single" and right != 1:
            self.fail(f"a single item needs exactly one correct option, this has {right}.")
        if kind == "multiple" and not 0 < right < len(options):
            self.fail("a multiple item needs at least one correct and one wrong option.")
        self._distinct([option.text for option in options], "options")
        return {"options": options}

    def _option(self, number, raw, values):
        where = f"{self.here}, option {number}"
        files.known_keys(raw, where, QuizError, required=("text", "feedback"), optional=("correct",))
        if not isinstance(raw.get("correct", False), bool):
            self.fail(f"option {number}: correct must be true or false.")
        text = str(raw["text"]) if isinstance(raw["text"], Number) else raw["text"]
        return Option(
            self._text(text, f"text of option {number}", values),
            raw.get("correct", False),
            self._text(raw["feedback"], f"feedback of option {number}", values),
        )

    def _number(self, raw, kind, values):
        files.known_keys(
            raw, f"{self.here}, number", QuizError, required=("answer", "feedback"), optional=("tolerance", "unit")
        )
        tolerance = raw.get("tolerance")
        if isinstance(tolerance, bool) or not isinstance(tolerance, Number) or not 0 <= tolerance < math.inf:
            self.fail("tolerance must be stated as a number of zero or more.")
        answer = self._compute(raw["answer"], "the answer", values)
        if isinstance(answer, bool) or not isinstance(answer, Number) or not math.isfinite(answer):
            self.fail(f"the answer must be a finite number, the expression gives {answer!r}.")
        values["answer"] = answer
        return {
            "answer": float(answer),
            "tolerance": float(tolerance),
            "unit": str(raw.get("unit") or ""),
            "feedback": self._feedback(raw["feedback"], values, optional=("near",)),
        }

    def _order(self, raw, kind, values):
        files.known_keys(raw, f"{self.here}, order", QuizError, required=("steps", "feedback"))
        if not isinstance(raw["steps"], list) or len(raw["steps"]) < 3:
            self.fail("steps must be a list of at least three, in the right order.")
        steps = tuple(self._text(str(step), "step", values) for step in raw["steps"])
        self._distinct(steps, "steps")
        return {"steps": steps, "feedback": self._feedback(raw["feedback"], values)}

    def _match(self, raw, kind, values):
        files.known_keys(raw, f"{self.here}, match", QuizError, required=("pairs", "feedback"))
        pairs = raw["pairs"]
        if (
            not isinstance(pairs, list)
            or len(pairs) < 2
            or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs)
        ):
            self.fail("pairs must be a list of at least two [left, right] lists.")
        filled = tuple(tuple(self._text(str(side), "pair", values) for side in pair) for pair in pairs)
        self._distinct([left for left, _ in filled], "left sides")
        self._distinct([right for _, right in filled], "right sides")
        return {"pairs": filled, "feedback": self._feedback(raw["feedback"], values)}

    def _distinct(self, texts, what):
        if len(set(texts)) < len(texts):
            self.fail(f"two {what} are the same.")
