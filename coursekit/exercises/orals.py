"""Questions for a talk on a hand-in, as its author wrote them: `orals.yml` beside exercise.md.

    q2:
      - ask: "Your margin is {margin}. What does it say about {case[group]} in {case[late]}?"
        good: "Names the sign and what it means, without calling a number inside the range a finding."
        needs: [margin]            # names of the hand-in; without a value for each the question is not asked

`{name}` is the student's own value, `{case[name]}` a part of the own case. `good` tells the teacher what a good answer
says; it may use `{right[name]}`, the value that the solution gives for this case.
"""

from __future__ import annotations

import string
from pathlib import Path

from coursekit import files
from coursekit.exercises.cells import Cell, SourceError

_WHOLES = {"case", "right"}


def load(path: Path, cells: list[Cell]) -> dict[str, list[dict]]:
    """The questions of `orals.yml` by question of the exercise; {} without a file. Raises SourceError for a fault."""
    if not path.exists():
        return {}
    asked = {question: _names(cells, question) for question in {cell.question for cell in cells if cell.question}}
    found = files.read_yaml(path, SourceError)
    for question, rows in found.items():
        if question not in asked or not isinstance(rows, list):
            raise SourceError(f"{path}: {question} must be a question of the exercise with a list of rows.")
        for number, row in enumerate(rows, 1):
            _check(row, asked[question], f"{path}, {question}, row {number}")
    return found


def _names(cells: list[Cell], question: str) -> set[str]:
    """The names that the checks of a question ask for."""
    return {name for cell in cells if cell.question == question and cell.kind == "check" for name in cell.names}


def _check(row: object, names: set[str], where: str) -> None:
    files.known_keys(row, where, SourceError, required=("ask", "good", "needs"))
    if strange := sorted(set(row["needs"]) - names):
        raise SourceError(f"{where}: no check asks for {strange[0]!r}.")
    used = _used(row["ask"], where), _used(row["good"], where)
    if "right" in used[0]:
        raise SourceError(f"{where}: the question must not hold the answer (it uses right).")
    if strange := sorted((used[0] | used[1]) - set(row["needs"]) - _WHOLES):
        raise SourceError(f"{where}: {strange[0]!r} is used and stands not in needs.")


def _used(text: str, where: str) -> set[str]:
    """The names in braces of a text, without what follows in brackets."""
    try:
        return {name.split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError as fault:
        raise SourceError(f"{where}: {fault}.") from None
