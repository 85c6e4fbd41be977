"""A quiz bank for the LMS: QTI 1.2 (Canvas and others) or Moodle XML.

`export(bank, form, path)` writes a .zip (qti) or .xml (moodle) file and says what it wrote: how many questions for how
many items, and a sentence for each item that was left out, with the reason. An item is one point whatever its kind.
QTI files are valid under the standard's DTD (a test holds it); Moodle publishes no schema for its question XML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

from coursekit import files
from coursekit.exercises import quiz_moodle, quiz_qti
from coursekit.exercises.quiz_parts import Part, split
from coursekit.exercises.quizzes import Bank, Item, QuizError

FORMATS = {"qti": quiz_qti, "moodle": quiz_moodle}


@dataclass
class Written:
    """What an export holds: its questions, for how many items, and a sentence for each item left out."""

    title: str
    parts: list[Part] = field(default_factory=list)
    items: int = 0
    left_out: list[str] = field(default_factory=list)

    def sentence(self, path: Path) -> str:
        """How many questions were written for how many items; the points are the items."""
        items, questions = _count(self.items, "item"), _count(len(self.parts), "question")
        return f"{items} as {questions} in {path}; each item is one point."


def export(bank: Bank, form: str, path: Path) -> Written:
    """Write `bank` in a format (qti, moodle) to `path`; `QuizError` when no item can be written."""
    written = questions(bank, form)
    if not written.parts:
        raise QuizError(f"{bank.path.name}: no item can be written. {' '.join(written.left_out)}".strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(
        path, xml(written) if form == "moodle" else quiz_qti.package(written.title, bank.chapter, written.parts)
    )
    return written


def questions(bank: Bank, form: str) -> Written:
    """The questions of a bank for a format, and what is left out of it."""
    module = FORMATS[form]
    written = Written(module.WORDS.bare(bank.title))
    for item in bank.items:
        try:
            written.parts += _parts(item, module)
            written.items += 1
        except QuizError as reason:
            written.left_out.append(f"{bank.path.name}, item {item.id}: left out, because {reason}.")
    return written


def _parts(item: Item, module: ModuleType) -> list[Part]:
    """The questions of one item; what the format cannot hold is a `QuizError` with the reason."""
    if item.kind == "draw":
        raise QuizError("an LMS cannot hold a drawing")
    parts = split(item, module.WORDS, module.NATIVE, module.DIGITS)
    for part in parts:
        module.check(part)
    return parts


def xml(written: Written) -> bytes:
    """Moodle's question XML of an export."""
    tree = quiz_moodle.tree(written.title, written.parts)
    ET.indent(tree)
    return ET.tostring(tree.getroot(), encoding="utf-8", xml_declaration=True)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
