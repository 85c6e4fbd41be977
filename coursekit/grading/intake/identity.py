"""Whose a parcel is: every reading of it against the roster. Agreement is taken, conflict is asked, nothing is guessed.

Readings are the label (a student's id or e-mail address), the name that the LMS wrote, the LMS's number, and the id
that the student typed into the notebook. A Moodle number counts only through the worksheet of its own assignment.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from coursekit.grading.intake.deliveries import Parcel

NUMBERS = {"canvas": "canvas", "blackboard": "blackboard"}  # LMS -> column of the roster with its lasting number


@dataclass(frozen=True)
class Finding:
    """students: whose it is (several for a group), empty when it must be asked; question: the sentence to ask.

    worked_as: the typed id whose case the notebook used, when it is not the student's own. note: what to say of it.
    """

    students: tuple[str, ...] = ()
    question: str = ""
    worked_as: str = ""
    note: str = ""


def letters(text: str) -> str:
    """A name reduced to what survives any LMS: letters and digits, no case, no marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _spellings(name: str) -> set[str]:
    """The ways in which an LMS may write a name: as it is, and family name first."""
    parts = re.split(r"[,\s]+", name.strip())
    turned = [parts[-1:] + parts[:-1], parts[1:] + parts[:1]] if len(parts) > 1 else []
    return {letters(name), *(letters(" ".join(order)) for order in turned)} - {""}


class Class:
    """The roster, ready to be asked. rows: student id -> row with name, email and the LMSs' numbers.

    participants: number in one Moodle assignment -> student id, from that assignment's own worksheet.
    """

    def __init__(self, rows: dict[str, dict], participants: dict[str, str] | None = None):
        self.rows, self.participants = rows, participants or {}
        self.ids = {letters(student): student for student in rows}
        self.mails = {(row.get("email") or "").strip().lower(): student for student, row in rows.items()}
        self.names: dict[str, set[str]] = {}
        self.groups: dict[str, list[str]] = {}
        for student, row in rows.items():
            self._note(student, row.get("name") or "", (row.get("group") or "").strip())

    def _note(self, student: str, name: str, group: str) -> None:
        """Remember a student under all spellings of the name, and in the group."""
        for spelling in _spellings(name):
            self.names.setdefault(spelling, set()).add(student)
        if group:
            self.groups.setdefault(letters(group), []).append(student)

    def by_id(self, text: str) -> str:
        """The student whose id or e-mail address is ``text``, or ''."""
        text = text.strip()
        return self.mails.get(text.lower(), "") if "@" in text and text else self.ids.get(letters(text), "")

    def by_name(self, name: str) -> set[str]:
        """The students of that name."""
        return set().union(*(self.names.get(spelling, set()) for spelling in _spellings(name))) if name else set()

    def by_number(self, parcel: Parcel) -> str:
        """The student with the LMS's number, or ''."""
        if parcel.lms == "moodle":
            return self.participants.get(parcel.number, "")
        column = NUMBERS.get(parcel.lms, "")
        wanted = [
            s for s, row in self.rows.items() if parcel.number and (row.get(column) or "").strip() == parcel.number
        ]
        return wanted[0] if len(wanted) == 1 else ""

    def __bool__(self) -> bool:
        return bool(self.rows)


def readings(parcel: Parcel, group: Class) -> dict[str, set[str]]:
    """{what was read: students it names} of a parcel's outside; readings that name nobody are left out."""
    label = "" if parcel.lms in ("canvas", "moodle") else parcel.label
    name = parcel.name or ("" if group.by_id(label) else label)
    found = {
        f"the label {parcel.label!r}": {group.by_id(label)},
        f"the name {name!r}": group.by_name(name),
        f"the number {parcel.number}": {group.by_number(parcel)},
    }
    return {what: students - {""} for what, students in found.items() if students - {""}}


def find(parcel: Parcel, typed: set[str], group: Class) -> Finding:
    """Whose the parcel is. typed: the ids typed into its notebooks."""
    typed = {text.strip() for text in typed} - {""}
    if not group:
        return _without_roster(parcel, typed)
    called = parcel.name or parcel.label
    members = group.groups.get(letters(called))
    if members:
        return _of_group(parcel, typed, group, members)
    outside, (own, strange) = readings(parcel, group), _typed_readings(typed, group)
    if not outside and (_is_named(parcel) or not own):
        return Finding((), f"nobody in roster.csv is {called!r}" + _typed_words(typed))
    return _agreed(outside | own, strange, "" if outside else "whose it is rests on the typed id alone")


def _typed_readings(typed: set[str], group: Class) -> tuple[dict[str, set[str]], str]:
    """Readings of the typed ids that are somebody's, and the first one that is nobody's ('' when there is none)."""
    inside = {text: group.by_id(text) for text in sorted(typed)}
    own = {f"the id {text!r} typed in the notebook": {who} for text, who in inside.items() if who}
    return own, next((text for text, who in inside.items() if not who), "")


def _is_named(parcel: Parcel) -> bool:
    """Whether the outside of a parcel is meant to say whose it is: an LMS's number alone does not."""
    return bool(parcel.name) or parcel.lms not in ("canvas", "moodle")


def _agreed(found: dict[str, set[str]], worked_as: str, note: str) -> Finding:
    """The one student on whom all readings agree; else the question, with what each of them says."""
    common = set.intersection(*found.values())
    if len(common) != 1:
        read = "; ".join(f"{what} says {' or '.join(sorted(students))}" for what, students in found.items())
        return Finding((), read)
    return Finding((common.pop(),), worked_as=worked_as, note=note)


def _of_group(parcel: Parcel, typed: set[str], group: Class, members: list[str]) -> Finding:
    """A group's hand-in: it counts for each member, on the case of the member who typed an id."""
    inside = {group.by_id(text) for text in typed}
    if len(inside) == 1 and inside <= set(members):
        return Finding(tuple(members), worked_as=inside.pop(), note=f"handed in for the group {parcel.name!r}")
    return Finding((), f"the group {parcel.name or parcel.label!r} handed in" + _typed_words(typed))


def _typed_words(typed: set[str]) -> str:
    words = ", ".join(repr(text) for text in sorted(typed))
    return f"; the id typed in the notebook is {words}" if words else "; no id was typed in the notebook"


def _without_roster(parcel: Parcel, typed: set[str]) -> Finding:
    """Only the label and the typed id are there to compare; an LMS's own label names nobody."""
    if parcel.lms not in ("folder", "blackboard"):
        return Finding(tuple(typed)) if len(typed) == 1 else Finding((), "there is no roster.csv to tell whose it is")
    if {letters(text) for text in typed} - {letters(parcel.label)}:
        return Finding((), f"the label says {parcel.label!r}{_typed_words(typed)}")
    return Finding((parcel.label.strip(),))
