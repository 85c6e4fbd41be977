"""Collect hand-ins: find each student's notebook, rebuild it on the release, note all that was odd.

    rows = collect(course, release, inbox)      # one row a student; also collect-report.csv

Nothing stops the batch: a file that cannot be used becomes a row with status `unreadable` or
`ask` and a reason. The rebuilt notebook goes to submitted/, the file as it came to originals/.
"""

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from coursekit.exercises.release import notebook
from coursekit.files import write_json, write_text
from coursekit.grading.course import read_report, valid_id
from coursekit.grading.intake.inbox import NOTEBOOK_BYTES, expand, look
from coursekit.grading.intake.rebuild import HandInError, rebuild
from coursekit.grading.intake.safe_text import safe

TAKEN, REPAIRED, UNREADABLE, ASK, MISSING = "taken", "repaired", "unreadable", "ask", "missing"


@dataclass
class Row:
    """One line of the collect report."""

    student: str
    name: str = ""
    file: str = ""
    status: str = TAKEN
    reason: str = ""
    late: bool = False
    when: str = ""


def collect(course, release, inbox, choose=None, progress=iter):
    """Take every hand-in of `inbox`; returns the rows of the report, one a student.

    `choose` maps a student to the file name to take when several fit.
    """
    roster = course.roster()
    groups = _by_student(look(inbox), roster)
    rows = [
        _take(course, release, student, files, (choose or {}).get(student))
        for student, files in progress(sorted(groups.items()))
    ]
    rows += [
        Row(student, row.get("name") or "", "", MISSING, "nothing handed in")
        for student, row in roster.items()
        if student not in groups and student not in course.collected(release.slug)
    ]
    for row in rows:
        if roster and row.student not in roster:
            row.reason = "; ".join(filter(None, [row.reason, "not in roster.csv"]))
        row.name = row.name or (roster.get(row.student) or {}).get("name") or ""
    report(course, release.slug, rows)
    return rows


def report(course, slug, rows):
    """Merge `rows` into collect-report.csv (students collected earlier keep their line)."""
    merged = {row["student"]: row for row in read_report(course, slug)}
    merged.update({row.student: {key: _text(value) for key, value in asdict(row).items()} for row in rows})
    path = course.root / "reports" / f"{slug}-collect-report.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(asdict(Row(""))), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(merged[student] for student in sorted(merged))
    return path


def _text(value):
    return ("yes" if value else "") if isinstance(value, bool) else safe(value)


def _by_student(found, roster):
    """Files grouped by student id; LMS numbers and e-mail addresses are looked up in the roster."""
    lookup = {}
    for student, row in roster.items():
        for column in ("canvas", "moodle"):
            if row.get(column):
                lookup[column, row[column].strip()] = student
    groups = {}
    for item in found:
        student = lookup.get((item.lms, item.key), item.key)
        student = next((known for known in roster if known.lower() == student.strip().lower()), student.strip())
        groups.setdefault(student, []).extend(expand(item))
    return groups


def _take(course, release, student, files, chosen):
    row = Row(student, files[0].name)
    if not valid_id(student):
        row.student = "".join(letter if letter.isalnum() else "_" for letter in student)[:60] or "_"
        row.status, row.reason = UNREADABLE, "the folder or file name is not a student id (letters, digits, . _ @ -)"
        return row
    fits, faults = [], []
    for file in files:
        if chosen and PurePosixPath(file.file).name != chosen:
            continue
        try:
            fits.append((file, *_read(file, release)))
        except HandInError as fault:
            faults.append((file, str(fault)))
    fits = _distinct(fits)
    if len(fits) == 1:
        return _store(course, release, row, *fits[0], len(files))
    if fits:
        names = ", ".join(PurePosixPath(fit[0].file).name for fit in fits)
        row.status, row.reason = ASK, f"several notebooks fit ({names}); run again with --choose {student}=FILE"
    else:
        notebooks = [fault for fault in faults if fault[0].file.lower().endswith(".ipynb")] or faults
        row.file = notebooks[0][0].file if notebooks else ""
        row.status, row.reason = UNREADABLE, notebooks[0][1] if notebooks else f"there is no file {chosen}"
    return row


def _distinct(fits):
    return list({body: (file, body, content, hand_in) for file, body, content, hand_in in reversed(fits)}.values())


def _read(file, release):
    """(bytes, parsed notebook, rebuilt hand-in) of a file; HandInError gives the reason it is no use."""
    if file.size > NOTEBOOK_BYTES:
        raise HandInError(f"the file is larger than {NOTEBOOK_BYTES >> 20} MB")
    try:
        body = file.read()
    except Exception as fault:
        raise HandInError(f"the file cannot be read ({type(fault).__name__})") from None
    if len(body) > NOTEBOOK_BYTES:
        raise HandInError(f"the file is larger than {NOTEBOOK_BYTES >> 20} MB")
    if not body.strip():
        raise HandInError("the file is empty")
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


def _store(course, release, row, file, body, content, hand_in, count):
    notes = list(hand_in.notes)
    name = PurePosixPath(file.file).name
    if count > 1:
        notes.append(f"{count} files were handed in; {name} was taken")
    if not name.startswith(release.slug):
        notes.append(f"the file name was {name}")
    row.file, row.late, row.when = file.file, file.late, file.when
    if release.by == "student" and hand_in.typed_id.lower() != row.student.lower():
        notes.append(
            f"worked with the student id {hand_in.typed_id!r}, graded for {row.student!r}"
            if hand_in.typed_id
            else "no student id was typed in"
        )
    row.status, row.reason = (REPAIRED if notes else TAKEN), "; ".join(notes)
    target = course.submitted(release.slug, row.student)
    original = course.root / "originals" / release.slug / row.student / "handed-in.ipynb"
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(body)
    write_text(target.with_name("timestamp.txt"), file.when + "\n")
    write_json(target, rebuilt_notebook(release, content, notes))
    return row


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
