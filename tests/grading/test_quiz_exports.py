"""QTI and Moodle files hold what a bank holds: one point an item, texts as written, numbers that an importer takes."""

# ruff: noqa: E501

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import etree
from lxml import html as lxml_html

from coursekit import tables
from coursekit.exercises import quiz_moodle, quiz_qti
from coursekit.exercises.quiz_export import export, questions, xml
from coursekit.exercises.quizzes import Bank, Item, Option, QuizError, load_bank

from .test_quizzes import BANK, evaluate

HERE = Path(__file__).parent
BANKS = sorted((HERE.parents[1] / "exercises" / "quizzes").glob("*.yml"))
QTI_DTD = etree.DTD(str(HERE / "qti12.dtd"))
SPACE = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
FEEDBACK = {"right": "Yes.", "wrong": "No."}
# Moodle 4.4, question_bank::fraction_options_full(): a fraction off this list is refused by the importer
MOODLE_FRACTIONS = (100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10, 5, 0)  # fmt: skip


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "04-money.yml"
    path.write_text(BANK, encoding="utf-8")
    return load_bank(path, evaluate)


def of(*items, title="A bank"):
    return Bank(title, "01-x", list(items), Path("01-x.yml"))


def item(kind, ident="one", prompt="Which?", **fields):
    return Item(ident, kind, "O1", "predict", prompt, **fields)


def number(answer, tolerance, **fields):
    return item("number", answer=answer, tolerance=tolerance, **{"feedback": FEEDBACK, **fields})


def choices(kind, *texts, right=1):
    options = tuple(Option(text, place < right, "So.") for place, text in enumerate(texts))
    return item(kind, options=options)


def qti_files(bank):
    """(name of the questions' file, its bytes, the manifest's, the quiz settings') of a bank's QTI package."""
    made = questions(bank, "qti")
    with zipfile.ZipFile(io.BytesIO(quiz_qti.package(made.title, bank.chapter, made.parts))) as archive:
        read = {name: archive.read(name) for name in archive.namelist()}
    main = next(name for name, text in read.items() if b"<questestinterop" in text)
    return main, read[main], read["imsmanifest.xml"], next(read[name] for name in read if name.endswith("meta.xml"))


def qti_items(bank):
    return {found.get("title"): found for found in etree.fromstring(qti_files(bank)[1]).iter(f"{SPACE}item")}


def moodle(bank):
    """The questions by name, as the bytes of the file are read again; the category stands under None."""
    return {found.findtext("name/text"): found for found in ET.fromstring(xml(questions(bank, "moodle")))}


def field(found, label):
    """What a QTI item's metadata say for a label."""
    for pair in found.iter(f"{SPACE}qtimetadatafield"):
        if pair.findtext(f"{SPACE}fieldlabel") == label:
            return pair.findtext(f"{SPACE}fieldentry")


def visible(markup):
    """The text that a browser shows for HTML; white space as HTML shows it."""
    text = "".join(lxml_html.fragment_fromstring(markup, create_parent="div").itertext()) if markup else ""
    return one_line(text)


def one_line(text):
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


def assert_valid_qti(text):
    tree = etree.fromstring(text)
    assert QTI_DTD.validate(tree), QTI_DTD.error_log.filter_from_errors()
    for found in tree.iter(f"{SPACE}item"):
        named = [element.get("ident") for element in found.iter() if element.get("ident")]
        assert len(named) == len(set(named)), "every name in an item is its own"
        pointed = {
            element.get(key) for element in found.iter() for key in ("linkrefid", "respident") if element.get(key)
        }
        assert pointed <= set(named), "feedback and answers that a condition points to are there"


# Structure


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_bank_is_valid_qti_and_each_item_is_one_point(path):
    bank = load_bank(path)
    assert_valid_qti(qti_files(bank)[1])
    for form in ("qti", "moodle"):
        assert sum(part.points for part in questions(bank, form).parts) == questions(bank, form).items
    held = [found for found in bank.items if found.kind != "draw"]
    assert len(held) == questions(bank, "moodle").items, questions(bank, "moodle").left_out
    assert len(held) == questions(bank, "qti").items, questions(bank, "qti").left_out


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
    text = qti_files(bank)[1]
    assert_valid_qti(text)
    with pytest.raises(AssertionError):
        assert_valid_qti(text.replace(old, new, 1))


CELLS = [f"filled-{row}-{column}" for row in (1, 2) for column in (1, 2, 3)]


def test_qti_questions_carry_outcome_and_tag(bank):
    made = {part.id: part.tags for part in questions(bank, "qti").parts}
    found = {name: (field(item, "outcome"), field(item, "tag")) for name, item in qti_items(bank).items()}
    assert found == made and found["share"] == ("O1", "predict")
    assert_valid_qti(qti_files(bank)[1])


def test_qti_numbers_have_one_condition_that_gives_points(bank):
    """Canvas takes every numeric condition for a right answer, so a feedback for near answers must not become one."""
    near = [part.id for part in questions(bank, "qti").parts if part.near]
    assert near, "the bank must have a number with a feedback for near answers"
    for name in near:
        item = qti_items(bank)[name]
        numeric = [row for row in item.iter(f"{SPACE}respcondition") if row.find(f".//{SPACE}vargte") is not None]
        assert len(numeric) == 1 and numeric[0].findtext(f"{SPACE}setvar") == "100"


def test_qti_package(bank):
    main, text, manifest, _meta = qti_files(bank)
    assert_valid_qti(text)
    items = qti_items(bank)
    assert list(items) == [
        "share",
        "which",
        "number",
        "steps-1",
        "steps-2",
        "steps-3",
        "pairs-1",
        "pairs-2",
        "guess",
        *CELLS,
    ]
    assert main in {element.get("href") for element in ET.fromstring(manifest).iter() if element.tag.endswith("}file")}
    prompt = visible(items["share"].findtext(f".//{SPACE}mattext"))
    assert prompt == "Is 3.8 per cent a share of output? It costs $5 & <more>."
    assert {found.text for found in items["share"].iter(f"{SPACE}setvar")} == {"100"}
    points = {name: Decimal(field(found, "points_possible")) for name, found in items.items()}
    for name in ("share", "which", "number", "steps", "pairs", "guess", "filled"):
        assert sum(points[part] for part in points if part.split("-")[0] == name) == 1, name


def test_each_part_in_qti_has_its_own_feedback(bank):
    items = qti_items(bank)
    told = {
        name: {visible(found.findtext(f".//{SPACE}mattext")) for found in items[name].iter(f"{SPACE}itemfeedback")}
        for name in items
    }
    assert "Not at this place: filter" in told["steps-1"] and "Not at this place: load" not in told["steps-1"]
    assert "This does not belong to GDP" in told["pairs-1"] and "This does not belong to USD No." in told["pairs-2"]
    assert not any("Yes." in text for text in told["steps-1"] | told["steps-2"]), (
        "the whole order's feedback comes last"
    )
    assert "Right. Yes." in told["steps-3"]


def test_qti_is_a_practice_quiz_with_unlimited_attempts_under_the_course_s_licence(bank, monkeypatch):
    _main, text, manifest, meta = qti_files(bank)
    assert re.search(rb"cc_maxattempts</fieldlabel>\s*<fieldentry>unlimited<", text)
    assert b"<quiz_type>practice_quiz<" in meta and b"<allowed_attempts>-1<" in meta and b"<assignment " not in meta
    licence = tables.setting("licence")
    assert licence["title"].encode() in manifest and licence["url"].encode() in manifest and b"Private" not in manifest
    monkeypatch.setattr(tables, "setting", lambda name, default=None: default)
    assert b"No licence is stated." in qti_files(bank)[2]
    ET.fromstring(meta)


def test_moodle_xml(bank):
    root = moodle(bank)
    kinds = [found.get("type") for found in root.values()]
    assert kinds == ["category", "multichoice", "multichoice", "numerical", "ordering", "matching", *["numerical"] * 7]
    points = {name: Decimal(found.findtext("defaultgrade")) for name, found in root.items() if name}
    assert sum(points[name] for name in CELLS) == 1 and {points[name] for name in points if name not in CELLS} == {1}
    keys = {
        name: (root[name].findtext("answer/text"), root[name].findtext("answer/tolerance"))
        for name in ("number", "guess", "filled-2-2")
    }
    assert keys == {"number": ("2.5", "0.05"), "guess": ("12", "2"), "filled-2-2": ("1.5", "0.01")}
    assert visible(root["guess"].findtext("questiontext/text")) == "How many? (allies)"
    assert visible(root["filled-2-2"].findtext("questiontext/text")) == "Fill it. Three, Half:"
    assert [tag.text for tag in root["share"].findall("tags/tag/text")] == ["O1", "predict"]


def test_moodle_s_own_ordering(bank):
    """The elements that Moodle 4.4's importer reads; the fraction of an answer is its place."""
    found = moodle(bank)["steps"]
    assert [(answer.get("fraction"), visible(answer.findtext("text"))) for answer in found.findall("answer")] == [
        ("1", "load"),
        ("2", "filter"),
        ("3", "draw"),
    ]
    expected = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "3",
        "gradingtype": "ABSOLUTE_POSITION",
        "showgrading": "SHOW",
    }
    assert {name: found.findtext(name) for name in expected} == expected
    assert [visible(found.findtext(f"{name}feedback/text")) for name in ("correct", "incorrect")] == ["Yes.", "No."]
    assert found.findtext("hint/text")


def test_near_and_the_unit_reach_moodle_in_the_order_that_it_tries_answers(bank):
    found = moodle(bank)["number"]
    rows = [
        (
            answer.get("fraction"),
            answer.findtext("text"),
            answer.findtext("tolerance"),
            visible(answer.findtext("feedback/text")),
        )
        for answer in found.findall("answer")
    ]
    assert rows == [("100", "2.5", "0.05", "It is 2.5."), ("0", "2.5", "0.15", "Near."), ("0", "*", "0", "No.")]
    assert visible(found.findtext("questiontext/text")) == "How much? (%)"
    script = (HERE.parents[1] / "coursekit/book/assets/quiz.js").read_text(encoding="utf-8")
    assert "near = gap <= 3 * key.tolerance" in script, "near means the same on the page"


@pytest.mark.parametrize("right", range(1, 21))
def test_fractions_are_those_that_moodle_has_and_sum_to_100(right):
    for wrong in (1, 3, 11, 25):
        made = quiz_moodle.question(
            questions(of(choices("multiple", *map(str, range(right + wrong)), right=right)), "moodle").parts[0]
        )
        fractions = [float(answer.get("fraction")) for answer in made.findall("answer")]
        assert all(abs(fraction) in MOODLE_FRACTIONS for fraction in fractions), fractions
        assert sum(fraction for fraction in fractions if fraction > 0) == pytest.approx(100, abs=1e-3)
        assert len([fraction for fraction in fractions if fraction < 0]) == wrong


def test_too_many_right_options_are_left_out_with_a_sentence():
    made = questions(of(choices("multiple", *map(str, range(22)), right=21), choices("single", "a", "b")), "moodle")
    assert made.left_out == [
        "01-x.yml, item one: left out, because it has 21 right options, and Moodle has grades for 20 at most."
    ]
    assert made.items == 1


def test_thirty_options_all_arrive_in_qti():
    found = qti_items(of(choices("single", *map(str, range(30)))))["one"]
    assert len(list(found.iter(f"{SPACE}response_label"))) == 30


# The file


@pytest.mark.parametrize(
    "form, name, written_as",
    [("qti", "x.zip", "7 items as 15 questions"), ("moodle", "x.xml", "7 items as 12 questions")],
)
def test_export_writes_a_file_and_says_how_much(bank, tmp_path, form, name, written_as):
    path = tmp_path / "out" / name
    made = export(bank, form, path)
    assert made.left_out == ["04-money.yml, item drawn: left out, because an LMS cannot hold a drawing."]
    assert made.sentence(path) == f"{written_as} in {path}; each item is one point."
    assert path.stat().st_size > 500


def test_a_bank_without_an_item_to_write_is_refused(tmp_path):
    with pytest.raises(QuizError, match="no item can be written"):
        export(of(), "qti", tmp_path / "x.zip")
