"""Quiz banks: strict reading, computed keys, QTI and Moodle files that hold what the bank holds."""

# ruff: noqa: E501

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from lxml import etree

from coursekit.exercises.quiz_export import export, moodle, qti
from coursekit.exercises.quizzes import QuizError, load_bank

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


BAD = {
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


HERE = Path(__file__).parent
BANKS = sorted((HERE.parents[1] / "exercises" / "quizzes").glob("*.yml"))
QTI_DTD = etree.DTD(str(HERE / "qti12.dtd"))
SPACE = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


def qti_files(package):
    """(name of the questions' file, its bytes, the manifest's bytes) of a QTI package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = archive.read("imsmanifest.xml")
        for name in archive.namelist():
            if name.endswith(".xml") and b"<questestinterop" in (text := archive.read(name)):
                return name, text, manifest


def assert_valid_qti(text):
    tree = etree.fromstring(text)
    assert QTI_DTD.validate(tree), QTI_DTD.error_log.filter_from_errors()
    for item in tree.iter(f"{SPACE}item"):
        named = [element.get("ident") for element in item.iter() if element.get("ident")]
        assert len(named) == len(set(named)), "every name in an item is its own"
        pointed = {
            element.get(key) for element in item.iter() for key in ("linkrefid", "respident") if element.get(key)
        }
        assert pointed <= set(named), "feedback and answers that a condition points to are there"


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_bank_is_valid_qti(path):
    assert_valid_qti(qti_files(qti(load_bank(path)))[1])


@pytest.mark.parametrize(
    "old, new",
    [
        (b"<presentation>", b"<presentation><banana/>"),
        (b'rcardinality="Single"', b'rcardinality="Sngle"'),
        (b"<outcomes>", b"<respcondition/><outcomes>"),
        (b"<item ident=", b"<item name="),
        (b'linkrefid="', b'linkrefid="no'),
    ],
)
def test_the_judge_of_qti_can_say_no(bank, old, new):
    text = qti_files(qti(bank()))[1]
    assert_valid_qti(text)
    with pytest.raises(AssertionError):
        assert_valid_qti(text.replace(old, new, 1))


def test_qti_package(bank):
    main, text, manifest = qti_files(qti(bank()))
    assert_valid_qti(text)
    root, manifest = ET.fromstring(text), ET.fromstring(manifest)
    space = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
    items = root.findall(".//q:item", space)
    assert [item.get("title") for item in items] == [
        "share",
        "which",
        "number",
        "steps-1",
        "steps-2",
        "steps-3",
        "pairs-1",
        "pairs-2",
    ]
    files = {element.get("href") for element in manifest.iter() if element.tag.endswith("}file")}
    assert main in files
    text = "".join(items[0].itertext())
    assert "It costs $5 &" in text.replace("&amp;", "&") and "3.8 per cent a share of output" in text
    assert {element.text for element in items[0].findall(".//q:resprocessing//q:setvar", space)} == {"100"}
    for item in items:
        kinds = {
            field.findtext("q:fieldlabel", "", space): field.findtext("q:fieldentry", "", space)
            for field in item.iter(f"{{{space['q']}}}qtimetadatafield")
        }
        assert kinds["points_possible"] in ("1", "1.0")


def test_moodle_xml(bank):
    root = moodle(bank()).getroot()
    kinds = [question.get("type") for question in root]
    assert kinds == [
        "category",
        "multichoice",
        "multichoice",
        "numerical",
        "multichoice",
        "multichoice",
        "multichoice",
        "matching",
    ]
    for question in root:
        if question.get("type") == "multichoice":
            shares = [float(answer.get("fraction")) for answer in question.findall("answer")]
            assert abs(sum(share for share in shares if share > 0) - 100) < 0.01
    number = next(question for question in root if question.get("type") == "numerical")
    assert number.find("answer/text").text == "2.5" and number.find("answer/tolerance").text == "0.05"
    assert "&lt;more&gt;" in root[1].find("questiontext/text").text


@pytest.mark.parametrize("form, name", [("qti", "x.zip"), ("moodle", "x.xml")])
def test_export_writes_a_file(bank, tmp_path, form, name):
    export(bank(), form, tmp_path / "out" / name)
    assert (tmp_path / "out" / name).stat().st_size > 500


def test_the_good_bank_is_yaml():
    assert len(yaml.safe_load(BANK)["items"]) == 5
