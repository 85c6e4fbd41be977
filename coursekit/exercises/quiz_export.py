"""A quiz bank for the LMS: QTI 1.2 (Canvas and others) through text2qti, and Moodle XML.

`export(bank, form, path)` writes a .zip (qti) or .xml (moodle) file and returns a sentence for each item that no LMS
can hold. QTI 1.2 from text2qti has no ordering or matching questions: an order becomes one question a place, a match
one question a left side, each with a single choice. In both forms a table becomes one number question a cell, an
estimate a number question with its tolerance, and a drawing is left out. QTI files are valid under the standard's DTD
(a test holds it); Moodle publishes no schema for its question XML. Neither was imported into a live LMS.
"""

from __future__ import annotations

import html
import random
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from coursekit.exercises.quizzes import Bank, Item, Option

FORMATS = ("qti", "moodle")


def export(bank: Bank, form: str, path: Path) -> list[str]:
    """Write `bank` in a format (qti, moodle) to `path`; the items left out, one sentence each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "moodle":
        ET.indent(tree := moodle(bank))
        tree.write(path, encoding="utf-8", xml_declaration=True)
    else:
        path.write_bytes(qti(bank))
    drawn = [item for item in bank.items if item not in portable(bank)]
    return [f"{bank.path.name}, item {item.id}: left out, because an LMS cannot hold a drawing." for item in drawn]


def portable(bank: Bank) -> list[Item]:
    """The items that an LMS can hold."""
    return [item for item in bank.items if item.kind != "draw"]


def plain(text: str) -> str:
    """Text with MyST roles and emphasis marks taken off; line breaks become spaces."""
    text = re.sub(r"\{[\w:-]+\}`([^`<]*?)(?:\s*<[^`]*>)?`", r"\1", text)
    text = re.sub(r"[`*]", "", text)
    return re.sub(r"\s+", " ", text).strip()


def split(item: Item) -> list[Item]:
    """`item` as a list of single, multiple and number items (order, match, cells and estimate are taken apart)."""
    return SPLIT[item.kind](item) if item.kind in SPLIT else [item]


def _places(item: Item) -> list[Item]:
    return [
        _choice(item, f"{item.id}-{place}", f"{item.prompt} Which step comes at place {place}?", step, item.steps)
        for place, step in enumerate(item.steps, 1)
    ]


def _left_sides(item: Item) -> list[Item]:
    rights = [right for _, right in item.pairs]
    return [
        _choice(item, f"{item.id}-{place}", f"{item.prompt} What belongs to: {left}?", right, rights)
        for place, (left, right) in enumerate(item.pairs, 1)
    ]


def _one_number(item: Item) -> list[Item]:
    after = item.feedback["after"]
    unit = f" ({item.unit})" if item.unit else ""
    return [replace(item, kind="number", prompt=f"{item.prompt}{unit}", feedback={"right": after, "wrong": after})]


def _cells(item: Item) -> list[Item]:
    grid = item.grid
    return [
        replace(
            item,
            id=f"{item.id}-{i}-{j}",
            kind="number",
            prompt=f"{item.prompt} {row}, {column}:",
            answer=grid.answers[i - 1][j - 1],
            tolerance=grid.tolerances[i - 1][j - 1],
        )
        for i, row in enumerate(grid.rows, 1)
        for j, column in enumerate(grid.columns, 1)
    ]


SPLIT = {"order": _places, "match": _left_sides, "estimate": _one_number, "cells": _cells}


def _choice(item, identity, prompt, right, choices):
    shuffled = random.Random(identity).sample(list(choices), len(choices))
    options = tuple(
        Option(text, text == right, item.feedback["right" if text == right else "wrong"]) for text in shuffled
    )
    return Item(identity, "single", item.outcome, item.tag, prompt, options=options)


def qti(bank: Bank) -> bytes:
    """The bank as the bytes of a QTI 1.2 zip package."""
    from text2qti.config import Config
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    config = Config()
    config["latex_render_url"] = ""
    return QTI(Quiz(text2qti_text(bank), config=config, source_name=f"{bank.chapter}.txt")).zip_bytes()


def text2qti_text(bank: Bank) -> str:
    """The bank in text2qti's plain-text notation."""
    items = [part for item in portable(bank) for part in split(item)]
    lines = [f"Quiz title: {_escape(bank.title)}", "shuffle answers: false", ""]
    for number, item in enumerate(items, 1):
        lines += [
            f"Title: {_escape(item.id)}",
            "Points: 1",
            f"{number}. {_escape(item.prompt)}",
            *_text2qti_body(item),
            "",
        ]
    return "\n".join(lines)


def _escape(text):
    """One line that text2qti's Markdown shows as it stands."""
    return re.sub(r"([\\$<>_#\[\]])", r"\\\1", plain(text))


def _text2qti_body(item):
    if item.kind == "number":
        right, wrong = _escape(item.feedback["right"]), _escape(item.feedback["wrong"])
        return [f"+ {right}", f"- {wrong}", f"= {_number(item.answer)} +- {_number(item.tolerance)}"]
    lines = []
    for letter, option in zip("abcdefghijklmnopqrstuvwxyz", item.options, strict=False):
        mark = (
            f"{'*' if option.correct else ''}{letter})"
            if item.kind == "single"
            else f"[{'*' if option.correct else ' '}]"
        )
        lines += [f"{mark} {_escape(option.text)}", f"... {_escape(option.feedback)}"]
    return lines


def _number(value):
    return f"{value:.10g}" if "e" not in f"{value:.10g}" else f"{value:.10f}".rstrip("0").rstrip(".")


def moodle(bank: Bank) -> ET.ElementTree:
    """The bank as an ElementTree in Moodle's question XML."""
    quiz = ET.Element("quiz")
    category = ET.SubElement(quiz, "question", type="category")
    _text(ET.SubElement(category, "category"), f"$course$/{plain(bank.title)}", raw=True)
    for item in portable(bank):
        for part in [item] if item.kind == "match" else split(item):
            quiz.append(_question(part))
    return ET.ElementTree(quiz)


def _question(item):
    kinds = {"single": "multichoice", "multiple": "multichoice", "number": "numerical", "match": "matching"}
    question = ET.Element("question", type=kinds[item.kind])
    _text(ET.SubElement(question, "name"), item.id, raw=True)
    _text(ET.SubElement(question, "questiontext", format="html"), item.prompt)
    _text(ET.SubElement(question, "generalfeedback", format="html"), "")
    for name, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0"), ("idnumber", item.id)):
        ET.SubElement(question, name).text = value
    {"number": _numerical, "match": _matching}.get(item.kind, _multichoice)(question, item)
    ET.SubElement(ET.SubElement(question, "tags"), "tag").append(_plain_text(f"{item.outcome} {item.tag}"))
    return question


def _plain_text(text):
    element = ET.Element("text")
    element.text = text
    return element


def _text(parent, text, raw=False):
    parent.append(_plain_text(text if raw else f"<p>{html.escape(plain(text))}</p>" if text else ""))


def _multichoice(question, item):
    ET.SubElement(question, "single").text = "true" if item.kind == "single" else "false"
    ET.SubElement(question, "shuffleanswers").text = "1"
    ET.SubElement(question, "answernumbering").text = "abc"
    right = sum(option.correct for option in item.options)
    wrong = len(item.options) - right
    for option in item.options:
        share = 100 / right if option.correct else 0 if item.kind == "single" else -100 / wrong
        answer = ET.SubElement(question, "answer", fraction=f"{share:.5f}".rstrip("0").rstrip("."), format="html")
        _text(answer, option.text)
        _text(ET.SubElement(answer, "feedback", format="html"), option.feedback)


def _numerical(question, item):
    answer = ET.SubElement(question, "answer", fraction="100", format="moodle_auto_format")
    _text(answer, _number(item.answer), raw=True)
    _text(ET.SubElement(answer, "feedback", format="html"), item.feedback["right"])
    ET.SubElement(answer, "tolerance").text = _number(item.tolerance)
    other = ET.SubElement(question, "answer", fraction="0", format="moodle_auto_format")
    _text(other, "*", raw=True)
    _text(ET.SubElement(other, "feedback", format="html"), item.feedback["wrong"])
    ET.SubElement(other, "tolerance").text = "0"


def _matching(question, item):
    ET.SubElement(question, "shuffleanswers").text = "true"
    for name, key in (
        ("correctfeedback", "right"),
        ("incorrectfeedback", "wrong"),
        ("partiallycorrectfeedback", "wrong"),
    ):
        _text(ET.SubElement(question, name, format="html"), item.feedback[key])
    for left, right in item.pairs:
        pair = ET.SubElement(question, "subquestion", format="html")
        _text(pair, left)
        _text(ET.SubElement(pair, "answer"), plain(right), raw=True)
