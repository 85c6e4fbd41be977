"""The file of a hand-in: read with a reason when it is no use, and written again on the released notebook."""

from __future__ import annotations

import json
from typing import Any

from coursekit.exercises.release import Release, notebook
from coursekit.grading.intake.archives import NOTEBOOK_BYTES
from coursekit.grading.intake.deliveries import Item
from coursekit.grading.intake.rebuild import HandIn, HandInError, rebuild


def read(item: Item, release: Release) -> tuple[bytes, dict, HandIn]:
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


def parse(body: bytes) -> Any:
    """The JSON in `body` (UTF-8, with or without a byte order mark); HandInError when there is none."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise HandInError("the file is not UTF-8 text") from None
    except RecursionError:
        raise HandInError("the file is nested too deeply") from None
    except ValueError:
        raise HandInError("the file is not a notebook (no valid JSON)") from None


def rebuilt_notebook(release: Release, content: dict, notes: list[str]) -> dict:
    """The released notebook with the student's answers and extra cells in place, outputs dropped."""
    hand_in = rebuild(content, release)
    book = notebook(release, hand_in.version)
    sources = _sources(hand_in, {cell["id"]: cell["source"] for cell in book["cells"]})
    following = _extras(hand_in.cells, {cell["id"] for cell in book["cells"]})
    cells = [*following.get("", [])]
    for cell in book["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
        cells += [cell, *following.get(cell["id"], [])]
    book["cells"] = cells
    book["metadata"]["course"]["notes"] = notes
    return book


def _sources(hand_in: HandIn, released: dict[str, str]) -> dict[str, str]:
    """{id of a released cell: what the student made of it}; an essay keeps the first line, its marker."""
    found = {cell["id"]: cell["source"] for cell in hand_in.cells if cell["kind"] == "answer"}
    for question, text in hand_in.essays.items():
        name = f"answer-{question}"
        if name in released and name not in found:
            found[name] = f"{released[name].splitlines()[0]}\n{text}"
    if hand_in.typed_id:
        found["student-id"] = f"STUDENT_ID = {json.dumps(hand_in.typed_id, ensure_ascii=False)}"
    return found


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
