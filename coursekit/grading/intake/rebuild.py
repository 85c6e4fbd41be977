"""Rebuild a hand-in on the released notebook, whatever shape it comes in.

`rebuild(content, release)` takes the parsed JSON of a notebook and returns a `HandIn`: the
released cells with the student's answers grafted by grade id, else cell id, else the marker line
in the cell. The student's own extra cells and edits of given cells stay, in place, because honest
answers may need them; they can only affect the student's own names. Everything repaired is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from coursekit.errors import CourseKitError
from coursekit.exercises.release import Release, notebook

CELLS, SOURCE = 1000, 200_000
_MARKER = re.compile(r"Your answer to (\w+)\. Keep this line")


class HandInError(CourseKitError):
    """The file cannot be used as a hand-in; the message is the reason."""


class OtherExercise(HandInError):
    """The notebook belongs to another exercise of the course."""


@dataclass
class HandIn:
    """cells: {"id", "kind", "source", "names", "question"} in running order; essays: question -> text.

    edited: (id of a cell with the exercise's own text, the lines a student wrote into it).
    """

    cells: list = field(default_factory=list)
    essays: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    edited: list = field(default_factory=list)
    version: str = "code"
    typed_id: str = ""


def rebuild(content: Any, release: Release) -> HandIn:
    """The `HandIn` behind a parsed notebook; HandInError when it is none of this exercise."""
    cells, notes = _student_cells(content)
    _same_exercise(content, release)
    version = _version(content)
    released = notebook(release, version)["cells"]
    known = {cell["id"] for cell in released}
    groups, extras, words = _sort(cells, known, {cell["source"].strip() for cell in released})
    wanted = {cell["id"]: cell for cell in release.cells if cell["kind"] in ("answer", "essay")}
    if not set(groups) & set(wanted):
        raise HandInError("no answer cell of this exercise is in the notebook")
    hand_in = HandIn(notes=notes, version=version)
    by_id = {cell["id"]: cell for cell in release.cells}
    for cell in released:
        _graft(hand_in, cell, by_id.get(cell["id"]), groups.get(cell["id"], []))
        hand_in.cells += _extra(extras, cell["id"])
    hand_in.cells = _extra(extras, None) + hand_in.cells
    _add_words(hand_in, release, released, words)
    _place_hidden(hand_in, release)
    for cell in hand_in.cells:
        if cell["kind"] in ("answer", "extra"):
            cell["source"] = _plain_python(cell["source"], cell["id"], hand_in.notes)
    return hand_in


def _extra(extras, before):
    """The student's own code cells that stand after the released cell ``before``; None: at the top."""
    return [_run("extra", f"extra-{number}", source, "") for number, source in extras.get(before, [])]


def _same_exercise(content, release):
    """Raise OtherExercise when the notebook says that it is another one's."""
    named = _course(content).get("exercise") if isinstance(content, dict) else None
    if isinstance(named, str) and named != release.slug:
        raise OtherExercise(f"this is the notebook of the exercise {named[:60]!r}, not of {release.slug!r}")


def _student_cells(content):
    """The usable cells as (identities, type, source), with notes on the others."""
    cells, notes = [], []
    for number, cell in enumerate(_raw_cells(content), 1):
        source = _source(cell)
        if source is None:
            notes.append(f"cell {number} has no readable text and was left out")
        else:
            cells.append((_identities(cell), cell.get("cell_type"), source))
    return cells, notes


def _raw_cells(content: Any) -> list:
    """The list of cells of a notebook, or a HandInError with the reason that there is none."""
    if not isinstance(content, dict):
        raise HandInError("the file is not a notebook")
    raw = content["cells"] if content.get("cells") is not None else _of_old_format(content.get("worksheets"))
    if not isinstance(raw, list):
        raise HandInError("the file is not a notebook (it has no list of cells)")
    if len(raw) > CELLS:
        raise HandInError(f"the notebook has more than {CELLS} cells")
    return raw


def _of_old_format(sheets: Any) -> Any:
    """The cells of the first worksheet, as notebooks of format 3 have them."""
    first = sheets[0] if isinstance(sheets, list) and sheets else None
    return first.get("cells") if isinstance(first, dict) else None


def _source(cell):
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > SOURCE:
        return None
    return source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\x00", "")


def _identities(cell):
    """What may name the cell, best first."""
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    graded = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    marker = _MARKER.search(_source(cell) or "")
    found = [graded.get("grade_id"), cell.get("id"), metadata.get("id"), marker and f"answer-{marker.group(1)}"]
    return [identity for identity in found if isinstance(identity, str)]


def _course(content):
    metadata = content.get("metadata") if isinstance(content.get("metadata"), dict) else {}
    return metadata.get("course") if isinstance(metadata.get("course"), dict) else {}


def _version(content):
    return "no-code" if _course(content).get("version") == "no-code" else "code"


def _sort(cells, known, given):
    """({released id: [(type, source)]}, own code cells, own text cells), the own ones as {released id before: [...]}.

    given: the texts of the release, which are nobody's own even where their ids are lost.
    """
    groups, extras, words, last = {}, {}, {}, None
    for number, (identities, kind, source) in enumerate(cells, 1):
        identity = next((name for name in identities if name in known), None)
        if identity is not None:
            groups.setdefault(identity, []).append((kind, source))
            last = identity
        elif kind == "code" and source.strip():
            extras.setdefault(last, []).append((number, source))
        elif kind in ("markdown", "raw", "heading") and source.strip() and source.strip() not in given:
            words.setdefault(last, []).append(source)
    return groups, extras, words


def _add_words(hand_in, release, released, words):
    """Give the student's own text to the essay it stands by: the same question's, else the next one, else the last."""
    essays = [cell["question"] for cell in release.of_kind("essay") if cell["question"] in hand_in.essays]
    question_of = {cell["id"]: cell["question"] for cell in release.cells}
    order = [(cell["id"], question_of.get(cell["id"])) for cell in released]
    for anchor, text in hand_in.edited:
        words.setdefault(anchor, []).append(text)
    for anchor, texts in words.items():
        question = _nearest(essays, order, anchor)
        if question is None:
            hand_in.notes.append(f"{len(texts)} text cells of the student's own belong to no answer in words")
            continue
        hand_in.essays[question] = "\n\n".join(filter(None, [hand_in.essays[question], *texts]))
        hand_in.notes.append(f"text in a cell of the student's own was added to {question}")


def _nearest(essays, order, anchor):
    """The first essay from the cell ``anchor`` on (None: from the top), else the last essay, else None."""
    start = next((place for place, (name, _) in enumerate(order) if name == anchor), 0)
    near = (question for _, question in order[start:] if question in essays)
    return next(near, essays[-1] if essays else None)


def _graft(hand_in, cell, mine, found):
    """Add the released `cell` to the hand-in with the student's text where that belongs."""
    kind = mine["kind"] if mine else {"student-id": "student-id"}.get(cell["id"], "given")
    edited = [source for _, source in found if source.strip() != cell["source"].strip()]
    if kind in ("answer", "essay"):
        _graft_answer(hand_in, cell, mine, found)
        return
    if kind == "student-id":
        hand_in.typed_id = _typed_id(edited)
        hand_in.cells.append(_run(kind, cell["id"], "", ""))
        return
    if kind == "text":
        _keep_edited_text(hand_in, cell, edited)
    elif not found:
        hand_in.notes.append(f"the cell {cell['id']} was missing and was put back")
    if cell["cell_type"] == "code":
        _graft_given(hand_in, cell, mine, edited)


def _typed_id(edited):
    """The id typed into the last of the edited cells, or ''."""
    match = re.search(r"""STUDENT_ID\s*=\s*["']([^"'\n]*)["']""", edited[-1] if edited else "")
    return match.group(1).strip()[:100] if match else ""


def _keep_edited_text(hand_in, cell, edited):
    """What a student wrote into a cell of the exercise's own text goes to the marker, as an own text cell would."""
    given = {line.strip() for line in cell["source"].splitlines()}
    for source in edited:
        new = [line for line in source.splitlines() if line.strip() and line.strip() not in given]
        hand_in.edited += [(cell["id"], "\n".join(new))] if new else []


def _graft_answer(hand_in, cell, mine, found):
    question = mine["question"]
    source, earlier = _chosen(hand_in, cell, question, found)
    if mine["kind"] == "essay":
        hand_in.essays[question] = _MARKER_LINE.sub("", source).strip()
        return
    hand_in.cells += [_run("extra", f"extra-{cell['id']}-{number}", text, "") for number, text in enumerate(earlier, 1)]
    hand_in.cells.append(_run("answer", cell["id"], source, question))


def _graft_given(hand_in, cell, mine, edited):
    if mine and mine["kind"] == "check":
        hand_in.cells.append(_run("check", cell["id"], "", mine["question"], mine["names"]))
        if edited:
            hand_in.notes.append(f"the check {cell['id']} was edited; the original was used")
        return
    hand_in.cells.append(_run("given", cell["id"], cell["source"], ""))
    for source in edited:
        hand_in.notes.append(f"the given cell {cell['id']} was edited; it ran after the original")
        hand_in.cells.append(_run("extra", f"extra-{cell['id']}", source, ""))


_MARKER_LINE = re.compile(r"<!--[^>]*Keep this line\.?[^>]*-->\n?")


def _chosen(hand_in, cell, question, found):
    """(source that counts, earlier changed sources) among the cells found for an answer."""
    if not found:
        hand_in.notes.append(f"the answer cell of {question} was missing: no answer")
        return cell["source"], []
    changed = [row for row in found if row[1].strip() != cell["source"].strip()]
    if len(found) > 1:
        hand_in.notes.append(
            f"{question} was answered in {len(found)} cells with one id; all ran, the last changed one counts"
        )
    *earlier, row = changed or found[-1:]
    if row[0] != cell["cell_type"]:
        hand_in.notes.append(f"the answer cell of {question} had another type; its text was used")
    return row[1], [source for _, source in earlier]


def _run(kind, identity, source, question, names=()):
    return {"kind": kind, "id": identity, "source": source, "question": question, "names": list(names)}


def _place_hidden(hand_in, release):
    """Put each hidden check's place after the last cell of its question."""
    for check in release.of_kind("check"):
        if check["hidden"]:
            places = [number for number, cell in enumerate(hand_in.cells) if cell["question"] == check["question"]]
            at = max(places, default=len(hand_in.cells) - 1) + 1
            while at < len(hand_in.cells) and hand_in.cells[at]["kind"] == "extra":
                at += 1
            hand_in.cells.insert(at, _run("check", check["id"], "", check["question"], check["names"]))


def _plain_python(source, identity, notes):
    """`source` with notebook commands (lines that start with % or !) turned into comments."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not re.match(r"%%(time|timeit|capture)\b", first):
        notes.append(f"{identity} starts with {first.split()[0]!r}, which is not Python; it did not run")
        return "\n".join("# " + line for line in lines)
    quiet = [_without_magic(line) for line in lines]
    if quiet == lines or _is_python(source):
        return source
    notes.append(f"{identity} has notebook commands (% or !); they did not run")
    return "\n".join(quiet)


def _without_magic(line):
    """A line of code; a notebook command in it does nothing any more."""
    command = re.match(r"(\s*)(%{1,2}[a-z]|!)", line)
    return f"{command.group(1)}pass  # {line.strip()}" if command else line


def _is_python(source):
    try:
        compile(source, "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
