"""A number for each hand-in, so that a marker sees no name: drawn once for each exercise, then kept.

The order comes from a secret of the course folder, never from the alphabet or the time of handing in. Who hands in
later gets the next numbers; nobody's number changes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable

from coursekit.files import write_json
from coursekit.grading.course import Course, read_json


def numbers(course: Course, slug: str, students: Iterable[str]) -> dict[str, int]:
    """{student: number from 1} of these students; new ones are added to ``marks/<exercise>-order.json``."""
    path = course.root / "marks" / f"{slug}-order.json"
    kept = read_json(path) or {"seed": secrets.token_hex(16), "numbers": {}}
    given, wanted = kept["numbers"], set(students)
    new = sorted(wanted - set(given), key=lambda who: hashlib.sha256(f"{kept['seed']}|{who}".encode()).digest())
    if new:
        first = max(given.values(), default=0) + 1
        given.update({student: number for number, student in enumerate(new, first)})
        write_json(path, kept)
    return {student: given[student] for student in sorted(wanted, key=given.get)}


def label(number: int) -> str:
    """How a hand-in is called while names are hidden."""
    return f"Hand-in {number}"


def without(text: str, words: Iterable[str]) -> str:
    """``text`` with a student's id, name and address replaced by ``[name]``."""
    for word in sorted(filter(None, words), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[name]", text, flags=re.IGNORECASE)
    return text
