"""The chapter card: what a chapter promises, as data that the page, the tests and the instructor's guide all read."""

from __future__ import annotations

import re
from pathlib import Path

from coursekit.errors import CourseKitError
from coursekit.files import parse_yaml

FIELDS = {"number", "minutes", "before", "claims", "tables", "outcomes", "exercise", "quiz", "lab"}
CARD = re.compile(r"^```\{chapter-card\}\n(.*?)^```", re.M | re.S)


class CardError(CourseKitError):
    """A chapter card is missing or incomplete. The message says what to add."""


def parse(text: str, where: str) -> dict:
    """The card of YAML text, checked. Raises CardError."""
    card = parse_yaml(text, where, CardError)
    missing = FIELDS - set(card or {})
    if missing:
        raise CardError(
            f"{where}: the chapter card lacks {', '.join(sorted(missing))}; add it (see CONTRIBUTING.md, a chapter)."
        )
    for outcome in card["outcomes"]:
        if not {"id", "text", "assessed_by"} <= set(outcome):
            raise CardError(f"{where}: outcome {outcome.get('id', '?')} needs id, text and assessed_by.")
    return card


def read(chapter: Path) -> dict:
    """The card of a chapter file. Raises CardError when the chapter has none."""
    found = CARD.search(chapter.read_text(encoding="utf-8"))
    if not found:
        raise CardError(f"{chapter.name}: no chapter-card directive; every chapter begins with one.")
    return parse(found[1], chapter.name)
