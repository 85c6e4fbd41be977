"""Write an exercise as one MyST notebook; read it strictly.

An exercise is a folder `exercises/<nn-slug>/` with `exercise.md`, `exercise.yml` and, when
something is marked by hand, `rubric.yml`. Open exercise.md in any editor or in JupyterLab.

Text is Markdown, `+++` starts a new text cell, code is a fence `{code-cell} python`.
Tags say what a cell is (a code cell with no tag is given to students as it is):

    ```{code-cell} python
    :tags: [answer q1]
    ### BEGIN SOLUTION
    total = spending["usd_bn"].sum()        # students get: total = None
    ### END SOLUTION
    ```
    ```{code-cell} python
    :tags: [check q1 0]                     # visible help with the form: plain asserts with a message
    assert total > 0, "A total of spending is a positive number."
    ```
    ```{code-cell} python
    :tags: [check q1 2, hidden]             # may compare with key.<name>: the solution's value
    assert close(total, key.total, 0.05), "The total does not match: check the years you kept."
    ```
    ```{code-cell} python
    :tags: [wrong q1]                       # a typical mistake, never released: checks must catch it
    total = -spending["usd_bn"].max()
    ```
    +++ {"tags": ["essay q2 6"]}
    *Write 120 words here.*                 # a Markdown cell marked by hand with rubric.yml

Further tags: `case` (an empty code cell: release fills it with the student's own case from the
variant pool of exercise.yml; use it as `case["year"]`), `no-code q1` (the typed form of an answer
for the version without code; by default `name = None`), `only-code`, `only-no-code` (a cell of
one version), and Jupyter Book's `hide-input`, `remove-input`, `remove-cell`.

Checks may use names of given cells, names the solutions define, `case`, and the tools of
`coursekit.exercises.checktools` (close, same_table, encodes). Only hidden checks may use `key`, and `draws` and
`told_apart` of `coursekit.exercises.charttools`, which judge a chart with the marks that it draws.
A message is plain text and never holds the answer. `course exercise check EX` proves the rest:
the solution gets all points, the empty notebook none, each wrong answer fails its visible
checks, no blind answer and no answer of another case wins a point, and variants have distinct keys.
A visible check can be satisfied by guessing a value of the right form, so it has no points.
"""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path

from coursekit.errors import CourseKitError
from coursekit.exercises.cells import Cell, fail
from coursekit.exercises.rules import check_cells
from coursekit.files import parse_yaml

_BOOK_TAGS = {"hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell"}
_PLAIN_TAGS = {"case", "hidden", "only-code", "only-no-code", *_BOOK_TAGS}
_WORDS = {"answer": 1, "check": 2, "essay": 2, "wrong": 1, "no-code": 1}
_FENCE = re.compile(r"^(`{3,})\{code-cell\}\s*(\S*)\s*$")


def read_cells(path: Path | str, public: bool = False) -> list[Cell]:
    """The validated cells of the MyST notebook `path`, ids and names filled in; public: without its secret parts."""
    path = Path(path)
    cells = [_label(cell, path) for cell in parse(path.read_text(encoding="utf-8"), path)]
    check_cells(cells, path, public)
    return cells


def parse(text: str, path: Path | str = "exercise.md") -> list[Cell]:
    """Split MyST notebook `text` into raw cells with tags and line numbers."""
    lines = text.split("\n")
    at = _after_front_matter(lines, path)
    cells, words, tags, start = [], [], [], at + 1

    def flush():
        body = "\n".join(words).strip("\n")
        if body.strip() or tags:
            cells.append(Cell(body, start, "markdown", "text", tags=list(tags)))

    while at < len(lines):
        line = lines[at]
        fence = _FENCE.match(line)
        if fence:
            flush()
            cell, at = _code_cell(lines, at, fence.group(1), path)
            cells.append(cell)
            words, tags, start = [], [], at + 1
        elif re.match(r"^\+\+\+(\s|$)", line):
            flush()
            words, tags, start = [], _break_tags(line, at, path), at + 1
            at += 1
        else:
            words.append(line)
            at += 1
    flush()
    return cells


def _after_front_matter(lines: list[str], path: Path | str) -> int:
    if not lines or lines[0].strip() != "---":
        return 0
    for at in range(1, len(lines)):
        if lines[at].strip() == "---":
            return at + 1
    fail(path, 1, "the front matter is not closed with ---.")


def _break_tags(line: str, at: int, path: Path | str) -> list[str]:
    rest = line[3:].strip()
    try:
        metadata = json.loads(rest) if rest else {}
        return [str(tag) for tag in metadata.get("tags", [])]
    except (ValueError, AttributeError):
        fail(path, at + 1, 'what follows +++ must be JSON such as {"tags": ["essay q2 6"]}.')


def _code_cell(lines: list[str], at: int, fence: str, path: Path | str) -> tuple[Cell, int]:
    end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == fence), None)
    if end is None:
        fail(path, at + 1, "this code cell is not closed.")
    body = lines[at + 1 : end]
    options = list(takewhile(re.compile(r"^:[\w-]+:").match, body))
    source = "\n".join(body[len(options) :]).strip("\n")
    return Cell(source, at + 2 + len(options), tags=_tags(options, at + 2, path)), end + 1


def _tags(options: list[str], line: int, path: Path | str) -> list[str]:
    """The tags among the options of a cell, as texts."""
    tags = []
    for option in options:
        name, _, value = option[1:].partition(":")
        if name != "tags":
            continue
        try:
            tags = parse_yaml(value, str(path))
        except CourseKitError:
            tags = None
        if not isinstance(tags, list):
            fail(path, line, "tags must be a list such as [answer q1].")
    return [str(tag) for tag in tags]


def _label(cell: Cell, path: Path | str) -> Cell:
    """Set kind, question, points, hidden and only from the cell's tags."""
    for tag in cell.tags:
        word, *rest = tag.split()
        if word in _WORDS:
            _label_word(cell, tag, word, rest, path)
        elif tag not in _PLAIN_TAGS:
            _refuse_tag(cell, tag, word, path)
    cell.hidden = "hidden" in cell.tags
    cell.only = next((version for version in ("code", "no-code") if f"only-{version}" in cell.tags), "")
    if "case" in cell.tags:
        cell.kind = "case"
    if cell.hidden and cell.kind != "check":
        fail(path, cell.line, "only a check can be hidden.")
    return cell


def _refuse_tag(cell: Cell, tag: str, word: str, path: Path | str) -> None:
    near = get_close_matches(word, [*_WORDS, *_PLAIN_TAGS], 1)
    fail(path, cell.line, f"unknown tag {tag!r}{f'; did you mean {near[0]!r}?' if near else '.'}")


def _label_word(cell: Cell, tag: str, word: str, rest: list[str], path: Path | str) -> None:
    if cell.kind not in ("given", "text"):
        fail(path, cell.line, f"a cell cannot be both {cell.kind!r} and {word!r}.")
    _must_name_its_question(cell, tag, word, rest, path)
    cell.kind, cell.question = word, rest[0]
    if _WORDS[word] == 2:
        cell.points = _points(cell, tag, rest[1], path)


def _must_name_its_question(cell: Cell, tag: str, word: str, rest: list[str], path: Path | str) -> None:
    """Raise SourceError for a tag without its question or points, or on a cell of the other type."""
    if len(rest) != _WORDS[word]:
        need = (
            "a question and its points, as in 'check q1 2'" if _WORDS[word] == 2 else f"a question, as in '{word} q1'"
        )
        fail(path, cell.line, f"the tag {tag!r} needs {need}.")
    if not re.fullmatch(r"[a-z]\w*", rest[0]):
        fail(path, cell.line, f"the question {rest[0]!r} must be a short name such as q1.")
    if (word == "essay") != (cell.type == "markdown"):
        fail(path, cell.line, f"a cell tagged {word!r} must be {'text' if word == 'essay' else 'code'}.")


def _points(cell: Cell, tag: str, text: str, path: Path) -> float:
    """The points in a tag. Only a check that students see may have none: it helps with the form of an answer."""
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if points == 0 and tag.startswith("check") and "hidden" not in cell.tags:
        return 0.0
    if not 0 < points < 1000:
        fail(path, cell.line, f"the tag {tag!r} needs points above zero.")
    return points


def parse_checks(path: Path | str, cells: list[Cell]) -> list[Cell]:
    """The check cells of a private file, checked as if they stood at the end of `cells`."""
    path = Path(path)
    extra = [_label(cell, path) for cell in parse(path.read_text(encoding="utf-8"), path)]
    extra = [cell for cell in extra if cell.kind != "text"]
    for cell in extra:
        if cell.kind != "check":
            fail(path, cell.line, "a private file holds check cells only.")
        cell.hidden = True
    check_cells([*cells, *extra], path)
    for number, cell in enumerate(extra, 1):
        cell.id = f"check-{cell.question}-private-{number}"
    return extra
