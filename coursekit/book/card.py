"""The chapter card: what a chapter promises, as data that the page, the tests and the instructor's guide all read.

Its keys are those of ``schemas/card.json``. Minutes are no key: ``coursekit.book.reading`` computes them from the page.
"""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from coursekit.errors import CourseKitError
from coursekit.files import parse_yaml

CARD = re.compile(r"^```\{chapter-card\}\n(.*?)^```", re.M | re.S)


class CardError(CourseKitError):
    """A chapter card is missing or breaks its schema. The message says where, what, and what to do."""


@cache
def schema():
    """The validator of ``schemas/card.json``."""
    from jsonschema import Draft202012Validator  # slow to load, and not needed where no card is read

    file = Path(__file__).with_name("schemas") / "card.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


def parse(text: str, where: str) -> dict:
    """The card of YAML text, checked against its schema. Raises CardError."""
    card = parse_yaml(text, where, CardError)
    from jsonschema.exceptions import best_match

    fault = best_match(schema().iter_errors(card))
    if fault:
        raise CardError(f"{where}: {sentence(fault)}")
    return card


def sentence(fault) -> str:
    """A fault that jsonschema found, in one sentence: the place in the card, what is wrong, what to do."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.absolute_path).lstrip(".")
    at = f"{place} of the chapter card" if place else "the chapter card"
    if fault.validator == "additionalProperties":
        return f"{at} has the unknown key {_stray(fault)}"
    if fault.validator == "required":
        lacking = next(key for key in fault.validator_value if key not in fault.instance)
        return f"{at} lacks the key '{lacking}'; add it (see CONTRIBUTING.md, a chapter)."
    return f"{at}: {fault.message}; mend it (see coursekit/book/schemas/card.json)."


def _stray(fault) -> str:
    """The key that the schema does not know, and the one that may be meant."""
    known = sorted(fault.schema.get("properties", {}))
    stray = next(key for key in fault.instance if key not in known)
    near = get_close_matches(str(stray), known, 1)
    hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}."
    return f"'{stray}'; {hint}"


def read(chapter: Path) -> dict:
    """The card of a chapter file. Raises CardError when the chapter has none."""
    found = CARD.search(chapter.read_text(encoding="utf-8"))
    if not found:
        raise CardError(f"{chapter.name}: no chapter-card directive; every chapter begins with one.")
    return parse(found[1], chapter.name)
