"""Quiz banks: strict reading and computed keys."""

# ruff: noqa: E501

from pathlib import Path

import pytest
import yaml

from coursekit.exercises.quizzes import QuizError, load_bank

ROOT = Path(__file__).parents[2]
BANK = """
title: Shares & "trends" <2022>
chapter: 04-money
items:
  - id: share
    kind: single
    outcome: O1
    tag: predict
    values: {top: "max([2.5, 3.75])"}
    prompt: "Is {top:.1f} per cent a {term}`share` of *output*? It costs $5 & <more>."
    options:
      - {text: "Yes, {top:.2f}", correct: true, feedback: "Right: [note] #1."}
      - {text: "No_way", feedback: "Look again."}
  - id: which
    kind: multiple
    outcome: O2
    tag: misconception
    prompt: Which hold?
    options:
      - {text: First, correct: true, feedback: Yes.}
      - {text: Second, correct: true, feedback: Yes.}
      - {text: Third, feedback: No.}
  - id: number
    kind: number
    outcome: O2
    tag: measurement
    prompt: How much?
    number: {answer: "10 / 4", tolerance: 0.05, unit: "%", feedback: {right: "It is {answer:.1f}.", wrong: "No.", near: "Near."}}
  - id: steps
    kind: order
    outcome: O3
    tag: concept
    prompt: Put in order.
    order: {steps: [load, filter, draw], feedback: {right: Yes., wrong: No.}}
  - id: pairs
    kind: match
    outcome: O3
    tag: concept
    prompt: Match.
    match: {pairs: [[GDP, output], [USD, money]], feedback: {right: Yes., wrong: No.}}
  - id: guess
    kind: estimate
    outcome: O1
    tag: predict
    title: The guess
    prompt: How many?
    estimate: {answer: "3 * 4", low: 0, high: 20, step: 1, tolerance: 2, unit: allies, feedback: {after: "It is {answer}."}}
  - id: drawn
    kind: draw
    outcome: O1
    tag: predict
    prompt: Draw it.
    draw: {form: line, truth: "{2020: 1, 2021: 2, 2022: 4}", given: 1, low: 0, high: 5, step: 0.25, feedback: {after: So.}}
  - id: filled
    kind: cells
    outcome: O2
    tag: measurement
    prompt: Fill it.
    cells:
      corner: Ally
      rows: {2: Two, 3: Three}
      columns: [10, {title: Half, key: 0.5, tolerance: 0.01}, {title: Fixed, answer: "7"}]
      answer: row * column
      tolerance: 1
      feedback: {right: Yes., wrong: No.}
"""


def evaluate(expression, **names):
    return eval(expression, {}, names)  # noqa: S307  (the tests' own expressions)


@pytest.fixture
def bank(tmp_path):
    """Load a bank after a change to the text of the good one."""

    def load(old="", new=""):
        path = tmp_path / "04-money.yml"
        assert old in BANK
        path.write_text(BANK.replace(old, new, 1) if old else BANK, encoding="utf-8")
        return load_bank(path, evaluate)

    return load


def test_values_are_filled_in_and_keys_computed(bank):
    items = {item.id: item for item in bank().items}
    assert items["share"].prompt.startswith("Is 3.8 per cent a {term}`share`")
    assert [option.text for option in items["share"].options] == ["Yes, 3.75", "No_way"]
    assert items["number"].answer == 2.5 and items["number"].feedback["right"] == "It is 2.5."
    assert items["steps"].steps == ("load", "filter", "draw") and items["pairs"].pairs[1] == ("USD", "money")


def test_a_negative_number_has_a_minus_sign(bank):
    items = {item.id: item for item in bank("max([2.5, 3.75])", "-3.75").items}
    assert items["share"].prompt.startswith("Is −3.8 per cent") and items["share"].options[0].text == "Yes, −3.75"


def test_the_new_kinds_are_computed(bank):
    items = {item.id: item for item in bank().items}
    guess, drawn, filled = items["guess"], items["drawn"], items["filled"]
    assert (guess.answer, guess.tolerance, guess.ask, guess.title) == (12, 2, "range", "The guess")
    assert guess.feedback == {"after": "It is 12."} and (guess.scale.low, guess.scale.high) == (0, 20)
    assert drawn.drawing.labels == ("2020", "2021", "2022") and drawn.drawing.truth == (1, 2, 4)
    assert drawn.drawing.start == 1 and drawn.scale.digits == 2, "handles start at the last given point"
    assert filled.grid.rows == ("Two", "Three") and filled.grid.columns == ("10", "Half", "Fixed")
    assert filled.grid.answers == ((20, 1, 7), (30, 1.5, 7)) and filled.grid.tolerances == ((1, 0.01, 1),) * 2


@pytest.mark.parametrize(
    "truth, extra, labels, values",
    [
        ("{'a': 1, 'b': 2, 'c': 3}", "labels: {c: See, a: Ay, b: Bee}, ", ("See", "Ay", "Bee"), (3, 1, 2)),
        ("__import__('pandas').Series([1.0, 2.0, 3.0], index=[5, 6, 7])", "", ("5", "6", "7"), (1, 2, 3)),
        ("[1, 2, 3]", "labels: [x, y, z], ", ("x", "y", "z"), (1, 2, 3)),
    ],
)
def test_a_drawing_takes_a_mapping_a_series_or_a_list(bank, truth, extra, labels, values):
    old = '"{2020: 1, 2021: 2, 2022: 4}", given: 1,'
    drawing = {item.id: item for item in bank(old, f'"{truth}", {extra}').items}["drawn"].drawing
    assert (drawing.labels, drawing.truth) == (labels, values)


BAD = {
    "yaml yes": ('{text: "No_way",', "{text: No,", "option 2: YAML reads the text as true or false"),
    "chance": ("    values: {top", "    probability: 5\n    values: {top", "probability must be true or false"),
    "chance of a fact": (
        "    prompt: Which hold?",
        "    probability: true\n    prompt: Which hold?",
        "item which: only a single item tagged predict can have the key 'probability'",
    ),
    "off the scale": ("high: 20,", "high: 10,", "the answer is 12, outside the scale 0 to 10"),
    "coarse step": ("high: 20, step: 1", "high: 20, step: 9", "must give a scale of at least four steps"),
    "ask": ("unit: allies,", "ask: both,", "ask 'both' is not one of range, point"),
    "no after": ("{after: So.}", "{right: So.}", "unknown key 'right'"),
    "form": ("form: line", "form: pie", "form 'pie' is not one of line, bars"),
    "given": ("given: 1", "given: 3", "given must be a whole number from 0 to 2"),
    "lost label": ("given: 1,", "labels: [2020, 2021, 1999],", "the truth has no value for the label 1999"),
    "list alone": ('"{2020: 1, 2021: 2, 2022: 4}"', '"[1, 2, 4]"', "a plain list needs a list of as many labels"),
    "two points": ("2021: 2, 2022: 4}", "2021: 2}", "a drawing of line needs 3 to 16 points, this has 2"),
    "truth off": ("high: 5,", "high: 3,", "the truth of 2022 is 4, outside the scale 0 to 3"),
    "cell twice": (
        "rows: {2: Two, 3: Three}",
        'rows: [{title: Two, key: 2, answer: "1"}, {title: Three, key: 3}]',
        "the answer of the cell Two, Fixed stands in its row and in its column",
    ),
    "cell without": ("      answer: row * column\n", "", "the answer of the cell Two, 10 is missing"),
    "cell fails": ("answer: row * column", "answer: row / 0", "the cell Two, 10 fails: ZeroDivisionError"),
    "cell room": ("      tolerance: 1\n", "", "tolerance must be stated"),
    "cell key": ("title: Half, key", "title: Half, kee", "columns 2: unknown key 'kee'; did you mean 'key'"),
    "same rows": ("{2: Two, 3: Three}", "{2: Two, 3: Two}", "two rows are the same"),
    "chapter": ("chapter: 04-money", "chapter: 05-x", "chapter is '05-x' but the file is named '04-money'"),
    "unknown key": ("    prompt: Which", "    promt: Which", "item 2: unknown key 'promt'; did you mean 'prompt'"),
    "kind": ("kind: multiple", "kind: many", "item which: kind 'many' is not one of"),
    "tag": ("tag: predict", "tag: guess", "item share: tag 'guess' is not one of"),
    "outcome": ("outcome: O1", "outcome: first", "outcome 'first' must look like O1"),
    "id twice": ("id: which", "id: share", "item share: this id is used twice"),
    "id form": ("id: which", "id: Which One", "must be lower-case letters"),
    "two right": (
        '{text: "No_way",',
        '{text: "No_way", correct: true,',
        "needs exactly one correct option, this has 2",
    ),
    "all right": ("{text: Third,", "{text: Third, correct: true,", "at least one correct and one wrong"),
    "no feedback": (', feedback: "Look again."', "", "option 2: the key 'feedback' is missing"),
    "correct text": ("correct: true", "correct: 'yes'", "correct must be true or false"),
    "same options": ("text: Second", "text: First", "two options are the same"),
    "unknown name": ("{top:.1f}", "{tip:.1f}", "the prompt uses {tip}, but the values are: top"),
    "bad format": ("{top:.1f}", "{top:zz}", "cannot format {top:zz}"),
    "expression": ("max([2.5, 3.75])", "max(nothing)", "the expression of value 'top' fails: NameError"),
    "not finite": ("10 / 4", "float('nan')", "the answer must be a finite number"),
    "no tolerance": ("tolerance: 0.05, ", "", "tolerance must be stated"),
    "few steps": ("[load, filter, draw]", "[load]", "steps must be a list of at least three"),
    "pair of three": ("[GDP, output]", "[GDP, output, x]", "pairs must be a list of at least two"),
    "second body": (
        "    number: {answer",
        "    order: {steps: [a, b, c]}\n    number: {answer",
        "a number item cannot have the key 'order'",
    ),
    "empty prompt": ("prompt: How much?", "prompt: ''", "the key 'prompt' is missing or empty"),
    "yaml": ("items:", "items: [", "04-money.yml, line"),
}


@pytest.mark.parametrize("name", BAD)
def test_each_rule_is_one_sentence_with_file_and_item(bank, name):
    old, new, message = BAD[name]
    with pytest.raises(QuizError) as caught:
        bank(old, new)
    assert message in str(caught.value) and "04-money.yml" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_the_good_bank_is_yaml():
    assert len(yaml.safe_load(BANK)["items"]) == 8


def test_no_length_of_an_option_gives_the_key_away():
    """Over all banks the longest option, and the shortest, is a key no more often than a blind choice would be."""
    banks = [load_bank(path) for path in sorted((ROOT / "exercises" / "quizzes").glob("*.yml"))]
    items = [item.options for bank in banks for item in bank.items if item.options]
    chance = sum(sum(option.correct for option in options) / len(options) for options in items)
    for extreme in (max, min):
        found = sum(extreme(options, key=lambda option: len(option.text)).correct for options in items)
        assert found <= chance, f"{extreme.__name__}: {found} of {len(items)}, by chance {chance:.1f}"
    assert len(items) >= 8
