"""A quiz bank in Moodle's question XML (4.4 and later, for its own ordering questions).

What Moodle's importer asks of a file and says nowhere: fractions from a fixed list, a slash in a category's name
doubled, names without tags. Each stands below where it is met.
"""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

from coursekit.exercises.quiz_kinds import QuizError
from coursekit.exercises.quiz_parts import NEAR, Part, written
from coursekit.exercises.quiz_text import Words, format_string

NATIVE = ("order", "match")
DIGITS = 7  # decimals that Moodle keeps of a grade
WORDS = Words("moodle")
TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "number": "numerical",
    "match": "matching",
    "order": "ordering",
}


def tree(title: str, parts: list[Part]) -> ET.ElementTree:
    """The questions of a bank with the bare ``title`` as an ElementTree, in a category of that name."""
    quiz = ET.Element("quiz")
    category = ET.SubElement(quiz, "question", type="category")
    _text(ET.SubElement(category, "category"), f"$course$/{_category(title)}")
    quiz.extend(question(part) for part in parts)
    return ET.ElementTree(quiz)


def question(part: Part) -> ET.Element:
    """One question of the type that Moodle has for its kind."""
    made = ET.Element("question", type=TYPES[part.kind])
    _text(ET.SubElement(made, "name"), part.id)
    _html(made, "questiontext", part.prompt)
    _html(made, "generalfeedback", "")
    for name, value in (
        ("defaultgrade", written(part.points)),
        ("penalty", "0"),
        ("hidden", "0"),
        ("idnumber", part.id),
    ):
        ET.SubElement(made, name).text = value
    {"number": _numerical, "match": _matching, "order": _ordering}.get(part.kind, _multichoice)(made, part)
    tags = ET.SubElement(made, "tags")
    for tag in part.tags:
        _text(ET.SubElement(tags, "tag"), tag)
    return made


def check(part: Part) -> None:
    """``QuizError`` (without the item's name) for what Moodle's importer refuses."""
    right_fractions(sum(choice.correct for choice in part.choices))


def _category(title: str) -> str:
    """A name in a path: Moodle splits at a single slash and reads two as one; a slash at the start needs room."""
    name = format_string(title).replace("/", "//")
    return f" {name}" if name.startswith("/") else name


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text


def _html(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes, format="html")
    _text(element, text)
    return element


def right_fractions(right: int) -> list[str]:
    """Percentages for the right options that sum to 100, of those in Moodle's list: 100/n up to ten, then 10 and 5."""
    if right <= 10:
        return [_percent(100 / right)] * right if right else []
    if right <= 20:
        return ["10"] * (20 - right) + ["5"] * (2 * right - 20)
    raise QuizError(f"it has {right} right options, and Moodle has grades for 20 at most")


def wrong_fraction(part: Part) -> str:
    """What a wrong option takes: nothing in a single choice, an equal share in a multiple one."""
    wrong = sum(not choice.correct for choice in part.choices)
    if part.kind == "single":
        return "0"
    return f"-{_percent(100 / wrong)}" if wrong <= 10 else "-10" if wrong <= 20 else "-5"


def _percent(share: float) -> str:
    return written(round(Decimal(share), 5))


def _multichoice(made: ET.Element, part: Part) -> None:
    ET.SubElement(made, "single").text = "true" if part.kind == "single" else "false"
    ET.SubElement(made, "shuffleanswers").text = "1"
    ET.SubElement(made, "answernumbering").text = "abc"
    right, wrong = iter(right_fractions(sum(choice.correct for choice in part.choices))), wrong_fraction(part)
    for choice in part.choices:
        answer = _html(made, "answer", choice.text, fraction=next(right) if choice.correct else wrong)
        _html(answer, "feedback", choice.feedback)


def _numerical(made: ET.Element, part: Part) -> None:
    """The first answer that fits counts: the right one, one near it for no point, then any other."""
    answer, near = written(part.answer), part.tolerance * NEAR
    rows = [("100", answer, part.tolerance, part.right), ("0", "*", Decimal(0), part.wrong)]
    if part.near and near:
        rows.insert(1, ("0", answer, near, part.near))
    for fraction, text, tolerance, feedback in rows:
        element = ET.SubElement(made, "answer", fraction=fraction, format="moodle_auto_format")
        _text(element, text)
        _html(element, "feedback", feedback)
        ET.SubElement(element, "tolerance").text = written(tolerance)


def _combined(made: ET.Element, part: Part) -> None:
    for name, text in (("correct", part.right), ("partiallycorrect", part.wrong), ("incorrect", part.wrong)):
        _html(made, f"{name}feedback", text)


def _matching(made: ET.Element, part: Part) -> None:
    """A right side stands in a list of plain names, not in HTML."""
    ET.SubElement(made, "shuffleanswers").text = "true"
    _combined(made, part)
    for left, right in part.pairs:
        _text(ET.SubElement(_html(made, "subquestion", left), "answer"), format_string(right))


def _ordering(made: ET.Element, part: Part) -> None:
    """Moodle 4.4's own: the fraction is the place; each place counts; a hint is expected."""
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": str(len(part.steps)),
        "gradingtype": "ABSOLUTE_POSITION",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    for name, value in settings.items():
        ET.SubElement(made, name).text = value
    _combined(made, part)
    ET.SubElement(made, "shownumcorrect").text = "1"
    for place, step in enumerate(part.steps, 1):
        _html(_html(made, "answer", step, fraction=str(place)), "feedback", "")
    ET.SubElement(_html(made, "hint", part.wrong), "shownumcorrect")
