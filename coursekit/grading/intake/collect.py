"""Collect hand-ins: find whose each parcel is, rebuild its notebook on the release, note all that was odd.

    rows = collect(course, release, inbox)      # one row a student or unclear parcel; also collect-report.csv

Nothing stops the batch and nothing is guessed: what cannot be used becomes a row `unreadable`, what can be read two
ways a row `ask` with both readings. The rebuilt notebook goes to submitted/, the file as it came to originals/. The
instructor's answers are kept in decisions/, so that the same command need not be told twice.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from coursekit.exercises.release import Release, notebook
from coursekit.files import write_bytes, write_json, write_text
from coursekit.grading.course import Course, read_json, read_report, valid_id
from coursekit.grading.intake import times
from coursekit.grading.intake.archives import NOTEBOOK_BYTES, is_notebook
from coursekit.grading.intake.deliveries import Item, Parcel, look
from coursekit.grading.intake.identity import Class, Finding, find, letters
from coursekit.grading.intake.rebuild import HandIn, HandInError, OtherExercise, rebuild
from coursekit.grading.intake.safe_text import plain, safe

TAKEN, REPAIRED, UNREADABLE, ASK, MISSING = "taken", "repaired", "unreadable", "ask", "missing"
OWN, TYPED = "own", "typed"
LISTED = 4


@dataclass
class Row:
    """One line of the collect report. when: the hand-in time in UTC, empty when nobody told it."""

    student: str
    name: str = ""
    file: str = ""
    status: str = TAKEN
    reason: str = ""
    late: bool = False
    when: str = ""


@dataclass
class Decisions:
    """The instructor's answers. who: label -> student; file: student -> file; case: student -> 'own' or 'typed'."""

    who: dict[str, str] = field(default_factory=dict)
    file: dict[str, str] = field(default_factory=dict)
    case: dict[str, str] = field(default_factory=dict)


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
    asked = _kept_decisions(course, release.slug, decisions or Decisions())
    roster = course.roster()
    group = Class(roster, times.participants(worksheet, Class(roster)) if worksheet else {})
    if worksheet:
        times.keep(course, release.slug, times.load(worksheet, group)[0], worksheet.name)
    delivery = look(inbox, release.slug, lambda label: bool(group.by_id(label) or group.by_name(label)))
    piles = _piles([_opened(parcel, release, group, asked) for parcel in progress(delivery.parcels)])
    _keep_stamps(course, release.slug, piles)
    rows = [row for pile in piles for row in _take(course, release, pile, asked)]
    rows += _missing(course, release, roster, {row.student for row in rows})
    for row in rows:
        _complete(row, roster, times.known(course, release.slug), delivery.notes)
    report(course, release.slug, rows)
    return rows


def _kept_decisions(course: Course, slug: str, new: Decisions) -> Decisions:
    """The answers so far with the new ones on top, kept for the next run."""
    path = course.root / "decisions" / f"{slug}.json"
    old = read_json(path) or {}
    merged = Decisions(**{name: {**old.get(name, {}), **answers} for name, answers in asdict(new).items()})
    if asdict(new) != asdict(Decisions()):
        write_json(path, asdict(merged))
    return merged


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
            pile.fits.append(_Fit(parcel, item, *_read(item, release)))
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
    files = _listed([item.file for parcel in pile.parcels for item in parcel.items])
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
        names = _listed([PurePosixPath(fit.item.file).name for fit in fits])
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


def _missing(course: Course, release: Release, roster: dict, seen: set[str]) -> list[Row]:
    there = seen | set(course.collected(release.slug))
    return [Row(student, "", "", MISSING, "nothing handed in") for student in roster if student not in there]


def _complete(row: Row, roster: dict, handed_in: dict[str, str], notes: list[str]) -> None:
    """Name, time and the notes that concern all."""
    row.name = row.name or (roster.get(row.student) or {}).get("name") or ""
    row.when = handed_in.get(row.student, "")
    said = [row.reason]
    if row.late and not row.when:
        said.append("the LMS marked it LATE and tells no time: no penalty until `course times` has one")
    row.reason = "; ".join(filter(None, [*said, *(notes if row.status == ASK else [])]))


def _listed(names: list[str]) -> str:
    """A few names of many."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(plain(name) for name in names[:LISTED]) + more


def report(course: Course, slug: str, rows: list[Row]) -> Path:
    """Merge `rows` into collect-report.csv (students collected earlier keep their line)."""
    merged = {row["student"]: row for row in read_report(course, slug) if not row["student"].startswith("?")}
    merged.update({row.student: {key: _text(value) for key, value in asdict(row).items()} for row in rows})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(asdict(Row(""))), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(merged[student] for student in sorted(merged))
    path = course.root / "reports" / f"{slug}-collect-report.csv"
    write_text(path, out.getvalue())
    return path


def _text(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else safe(value)


def _read(item: Item, release: Release) -> tuple[bytes, dict, HandIn]:
    """(bytes, parsed notebook, rebuilt hand-in) of a file; HandInError gives the reason it is no use."""
    if item.size > NOTEBOOK_BYTES:
        raise HandInError(f"the file is larger than {NOTEBOOK_BYTES >> 20} MB")
    try:
        body = item.read()
    except Exception as fault:
        raise HandInError(f"the file cannot be read ({type(fault).__name__})") from None
    if len(body) > NOTEBOOK_BYTES:
        raise HandInError(f"the file is larger than {NOTEBOOK_BYTES >> 20} MB")
    if not body.strip():
        raise HandInError("the file is empty")
    if body[:5] == b"%PDF-":
        raise HandInError("the file is a PDF; the notebook itself (.ipynb) is needed")
    content = parse(body)
    return body, content, rebuild(content, release)


def parse(body):
    """The JSON in `body` (UTF-8, with or without a byte order mark); HandInError when there is none."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise HandInError("the file is not UTF-8 text") from None
    except RecursionError:
        raise HandInError("the file is nested too deeply") from None
    except ValueError:
        raise HandInError("the file is not a notebook (no valid JSON)") from None


def rebuilt_notebook(release, content, notes):
    """The released notebook with the student's answers and extra cells in place, outputs dropped."""
    hand_in = rebuild(content, release)
    book = notebook(release, hand_in.version)
    answers = {cell["id"]: cell["source"] for cell in hand_in.cells if cell["kind"] == "answer"}
    essays = {f"answer-{question}": text for question, text in hand_in.essays.items()}
    following = _extras(hand_in.cells, {cell["id"] for cell in book["cells"]})
    cells = [*following.get("", [])]
    for cell in book["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
        elif cell["id"] in essays:
            cell["source"] = f"{cell['source'].splitlines()[0]}\n{essays[cell['id']]}"
        elif cell["id"] == "student-id" and hand_in.typed_id:
            cell["source"] = f"STUDENT_ID = {json.dumps(hand_in.typed_id, ensure_ascii=False)}"
        cells += [cell, *following.get(cell["id"], [])]
    book["cells"] = cells
    book["metadata"]["course"]["notes"] = notes
    return book


def _extras(cells, shown):
    """{id of the shown cell before: [extra cells]}."""
    following, last = {}, ""
    for cell in cells:
        if cell["kind"] == "extra":
            following.setdefault(last, []).append(
                {
                    "cell_type": "code",
                    "id": cell["id"][:64],
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                    "source": cell["source"],
                }
            )
        elif cell["id"] in shown:
            last = cell["id"]
    return following
