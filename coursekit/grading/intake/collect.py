"""Collect hand-ins: find whose each parcel is, rebuild its notebook on the release, note all that was odd.

    rows = collect(course, release, inbox)      # one row a student or unclear parcel; also collect-report.csv

Nothing stops the batch and nothing is guessed: what cannot be used becomes a row `unreadable`, what can be read two
ways a row `ask` with both readings. The rebuilt notebook goes to submitted/, the file as it came to originals/. The
instructor's answers are kept in decisions/, so that the same command need not be told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from coursekit.exercises.release import Release
from coursekit.files import write_bytes, write_json
from coursekit.grading.course import Course, valid_id
from coursekit.grading.intake import times
from coursekit.grading.intake.archives import is_notebook
from coursekit.grading.intake.deliveries import Item, Parcel, look
from coursekit.grading.intake.identity import Class, Finding, find, letters
from coursekit.grading.intake.notebooks import read, rebuilt_notebook
from coursekit.grading.intake.rebuild import HandIn, HandInError, OtherExercise
from coursekit.grading.intake.report import (
    ASK,
    OWN,
    REPAIRED,
    TAKEN,
    TYPED,
    UNREADABLE,
    Decisions,
    Row,
    complete,
    kept_decisions,
    listed,
    missing,
    report,
)
from coursekit.grading.intake.safe_text import plain


@dataclass
class _Fit:
    """A notebook that fits the exercise: where it came from, its bytes, its JSON, the rebuilt hand-in."""

    parcel: Parcel
    item: Item
    body: bytes
    content: dict
    hand_in: HandIn


@dataclass
class _Pile:
    """All that came for one student (or one unclear label)."""

    label: str
    parcels: list[Parcel] = field(default_factory=list)
    fits: list[_Fit] = field(default_factory=list)
    faults: list[tuple[str, Exception]] = field(default_factory=list)
    finding: Finding = Finding()


def collect(
    course: Course,
    release: Release,
    inbox: Path | str,
    decisions: Decisions | None = None,
    worksheet: Path | None = None,
    progress: Callable = iter,
) -> list[Row]:
    """Take every hand-in of `inbox`; returns the rows of the report.

    worksheet: Moodle's grading worksheet of this assignment, which tells participant numbers and hand-in times. Raises
    InboxError when the inbox and TimesError when the worksheet cannot be read.
    """
    asked = kept_decisions(course, release.slug, decisions or Decisions())
    roster = course.roster()
    group = Class(roster, times.participants(worksheet, Class(roster)) if worksheet else {})
    if worksheet:
        times.keep(course, release.slug, times.load(worksheet, group)[0], worksheet.name)
    delivery = look(inbox, release.slug, lambda label: bool(group.by_id(label) or group.by_name(label)))
    piles = _piles([_opened(parcel, release, group, asked) for parcel in progress(delivery.parcels)])
    _keep_stamps(course, release.slug, piles)
    rows = [row for pile in piles for row in _take(course, release, pile, asked)]
    rows += missing(course, release, roster, {row.student for row in rows})
    for row in rows:
        complete(row, roster, times.known(course, release.slug), delivery.notes)
    report(course, release.slug, rows)
    return rows


def _keep_stamps(course: Course, slug: str, piles: list[_Pile]) -> None:
    """Blackboard and Brightspace write their own time of the hand-in into names: those are real."""
    stamps = {who: max(p.when for p in pile.parcels) for pile in piles for who in pile.finding.students}
    found = {student: when for student, when in stamps.items() if when}
    if found:
        times.keep(course, slug, found, "the LMS's file names")


def _opened(parcel: Parcel, release: Release, group: Class, asked: Decisions) -> _Pile:
    """A parcel with its notebooks read and its student found."""
    pile = _Pile(parcel.label, [parcel])
    for item in parcel.items:
        try:
            pile.fits.append(_Fit(parcel, item, *read(item, release)))
        except HandInError as fault:
            pile.faults.append((item.file, fault))
    pile.fits = list({fit.body: fit for fit in reversed(pile.fits)}.values())
    typed = {fit.hand_in.typed_id for fit in pile.fits} if release.by == "student" else set()
    decided = asked.who.get(parcel.label)
    if decided:
        strange = next((text for text in typed if text.strip() and letters(text) != letters(decided)), "")
        pile.finding = Finding((decided,), worked_as=strange)
    else:
        pile.finding = find(parcel, typed, group)
    return pile


def _piles(opened: list[_Pile]) -> list[_Pile]:
    """Parcels of one student together; unclear ones stay alone."""
    merged: dict[object, _Pile] = {}
    for pile in opened:
        key = pile.finding.students or ("?", pile.label)
        kept = merged.setdefault(key, pile)
        if kept is not pile:
            kept.parcels, kept.fits, kept.faults = (
                kept.parcels + pile.parcels,
                kept.fits + pile.fits,
                kept.faults + pile.faults,
            )
            kept.finding = replace(kept.finding, worked_as=kept.finding.worked_as or pile.finding.worked_as)
    return sorted(merged.values(), key=lambda pile: pile.finding.students or (pile.label,))


def _take(course: Course, release: Release, pile: _Pile, asked: Decisions) -> list[Row]:
    """The rows of a pile: one a student, or one that asks."""
    late = any(parcel.late for parcel in pile.parcels)
    students = pile.finding.students
    if not students or not all(map(valid_id, students)):
        return [_unclear(pile, late)]
    rows = [Row(student, pile.parcels[0].name, late=late) for student in students]
    for row in rows:
        _settle(course, release, pile, asked, row)
    return rows


def _unclear(pile: _Pile, late: bool) -> Row:
    """A row that asks whose the parcel is, under a name that is safe as a file and in a spreadsheet."""
    label = plain(pile.label).strip() or "_"
    safe_label = "?" + "".join(letter if letter.isalnum() or letter in "_-. " else "_" for letter in label)[:60]
    files = listed([item.file for parcel in pile.parcels for item in parcel.items])
    if not pile.fits and pile.faults:
        why = f"{pile.faults[0][1]}; {pile.finding.question}"
    else:
        why = pile.finding.question or "this is not a student id (letters, digits, . _ @ -)"
    return Row(safe_label, "", files, ASK, f"{why}; answer with --who '{label}=STUDENT'", late)


def _settle(course: Course, release: Release, pile: _Pile, asked: Decisions, row: Row) -> None:
    """Store the one notebook that fits, or say why there is none to store."""
    chosen = asked.file.get(row.student)
    fits = [fit for fit in pile.fits if not chosen or PurePosixPath(fit.item.file).name == chosen]
    strange = pile.finding.worked_as
    if len(fits) > 1:
        names = listed([PurePosixPath(fit.item.file).name for fit in fits])
        row.status, row.reason = ASK, f"several notebooks fit ({names}); run again with --choose {row.student}=FILE"
    elif not fits:
        row.file, row.status, row.reason = _no_fit(pile, chosen)
    elif _must_ask_the_case(pile, row, asked):
        row.file, row.status = fits[0].item.file, ASK
        row.reason = (
            f"worked on the numbers of the id {strange!r}; answer with --case {row.student}={TYPED} to grade it on "
            f"those, or {row.student}={OWN} for the student's own"
        )
    else:
        worked_as = strange if asked.case.get(row.student, TYPED) == TYPED else ""
        _store(course, release, row, fits[0], pile, worked_as)


def _must_ask_the_case(pile: _Pile, row: Row, asked: Decisions) -> bool:
    """Whether one student worked on the numbers of another id, and nobody has said which count."""
    return bool(pile.finding.worked_as) and len(pile.finding.students) == 1 and row.student not in asked.case


def _no_fit(pile: _Pile, chosen: str | None) -> tuple[str, str, str]:
    """(file, status, reason) when no notebook fits."""
    if chosen and pile.fits:
        return "", ASK, f"there is no fitting file {chosen}"
    faults = [fault for fault in pile.faults if is_notebook(fault[0])] or pile.faults
    other = next((fault for fault in faults if isinstance(fault[1], OtherExercise)), None)
    if other:
        return other[0], ASK, f"{other[1]}; ask the student for the right one"
    return (faults[0][0], UNREADABLE, str(faults[0][1])) if faults else ("", UNREADABLE, "there is no file")


def _store(course: Course, release: Release, row: Row, fit: _Fit, pile: _Pile, worked_as: str) -> None:
    notes = [*fit.hand_in.notes, *filter(None, [pile.finding.note]), *_odd(release, row, fit, pile, worked_as)]
    row.file = fit.item.file
    row.status, row.reason = (REPAIRED if notes else TAKEN), "; ".join(notes)
    write_bytes(course.root / "originals" / release.slug / row.student / "handed-in.ipynb", fit.body)
    sent = {"lms": fit.parcel.lms, "label": fit.parcel.label, "number": fit.parcel.number, "path": fit.item.path}
    write_json(course.delivery(release.slug, row.student), sent)
    rebuilt = rebuilt_notebook(release, fit.content, notes)
    if worked_as:
        rebuilt["metadata"]["course"]["worked_as"] = worked_as
    write_json(course.submitted(release.slug, row.student), rebuilt)


def _odd(release: Release, row: Row, fit: _Fit, pile: _Pile, worked_as: str) -> Iterator[str]:
    """What was unusual about the notebook that is taken: other files, its name, the id and whose numbers count."""
    name = PurePosixPath(fit.item.file).name
    count = sum(len(parcel.items) for parcel in pile.parcels)
    if count > 1:
        yield f"{count} files were handed in; {name} was taken"
    if not name.startswith(release.slug):
        yield f"the file name was {name}"
    if release.by == "student" and not fit.hand_in.typed_id:
        yield "no student id was typed in"
    if worked_as and letters(worked_as) != letters(row.student):
        yield f"graded on the numbers of {worked_as!r}"
    elif pile.finding.worked_as:
        yield f"worked with the id {pile.finding.worked_as!r}, graded on the numbers of {row.student!r}"
