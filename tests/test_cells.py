"""Cells that a reader sees: short, on their own, clean, and in the order rows, controls, marks, words.

A *visible* cell is one without a tag, or folded by ``hide-input``. The first one holds the imports. Hidden cells
(``remove-cell``) may only glue numbers into prose: no visible cell needs a name that one of them makes.
"""

import ast
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from conftest import CHAPTERS, ROOT

LINES, COLUMNS = 25, 100
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.M | re.S)
TAGS = re.compile(r"\A:tags: \[(.*?)\]\n+", re.S)
ORDER = ("rows", "controls", "marks", "words")  # the last is the figure


@dataclass(frozen=True)
class Cell:
    """One code cell of a chapter: its tags and its code."""

    tags: frozenset
    code: str

    @property
    def seen(self) -> bool:
        return "remove-cell" not in self.tags and "remove-input" not in self.tags

    @property
    def name(self) -> str:
        return next((line for line in self.code.splitlines() if line.strip()), "empty")[:60]


def cells(chapter) -> list[Cell]:
    """The code cells of a chapter, in order."""
    found = []
    for body in CELL.findall(chapter.read_text(encoding="utf-8")):
        tags = TAGS.match(body)
        names = {tag.strip() for tag in tags[1].split(",")} if tags else set()
        found.append(Cell(frozenset(names), TAGS.sub("", body)))
    return found


def made(tree: ast.AST) -> set[str]:
    """Names that code binds at its top level: assignments, imports, functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names


def needed(tree: ast.AST) -> set[str]:
    """Names that code reads and does not make itself; builtins left out."""
    import builtins

    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - made(tree) - set(dir(builtins))


def stage(node: ast.stmt) -> str | None:
    """Where a statement of a cell belongs: a call of figure is words, a control is made by slide or choose."""
    calls = {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    if "figure" in calls:
        return "words"
    if calls & {"slide", "choose", "alt.param"}:
        return "controls"
    if any(name.startswith("alt.Chart") or name.rpartition(".")[2].startswith("mark_") for name in calls):
        return "marks"
    return None


by_name = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)


@by_name
def test_visible_cells_are_short(chapter):
    for cell in cells(chapter):
        if cell.seen:
            lines = cell.code.strip("\n").splitlines()
            assert len(lines) <= LINES, f"the cell that begins '{cell.name}' has {len(lines)} lines"
            wide = [line for line in lines if len(line) > COLUMNS]
            assert not wide, f"the cell that begins '{cell.name}' has a line of {len(wide[0])} columns"


@by_name
def test_visible_cells_stand_alone(chapter):
    """Each runs after the import cell and the visible cells above it; ``glue`` is the only other name."""
    known = {"glue"}
    for cell in cells(chapter):
        tree = ast.parse(cell.code)
        if cell.seen:
            lacking = needed(tree) - known
            assert not lacking, f"the cell that begins '{cell.name}' needs {sorted(lacking)} from a hidden cell"
            known |= made(tree)


@by_name
def test_imports_stand_in_one_folded_cell(chapter):
    """Elsewhere a cell imports only what it alone shows: an explorer, or the pieces of its own exercise."""
    found = [cell for cell in cells(chapter) if re.search(r"^(import|from) ", cell.code, re.M)]
    assert "hide-input" in found[0].tags, "the import cell is folded: tag hide-input"
    later = [line for cell in found[1:] for line in re.findall(r"^(?:import|from) .*", cell.code, re.M)]
    assert all(".explorers." in line for line in later), f"imports belong into the first cell: {later}"


@by_name
def test_visible_cells_read_rows_controls_marks_words(chapter):
    for cell in cells(chapter):
        if cell.seen and "figure(" in cell.code:
            places = [ORDER.index(part) for part in map(stage, ast.parse(cell.code).body) if part]
            assert places == sorted(places), f"the cell that begins '{cell.name}': rows, controls, marks, words"


def test_cells_are_clean(tmp_path):
    """Ruff checks and formats each visible cell of all chapters, in one run. Undefined names are tested above."""
    for chapter in CHAPTERS:
        for number, cell in enumerate(cells(chapter)):
            if cell.seen:
                (tmp_path / f"{chapter.stem.replace('-', '_')}_{number}.py").write_text(cell.code.strip("\n") + "\n")
    ruff = [sys.executable, "-m", "ruff"]
    length = ["--isolated", "--line-length", str(COLUMNS), str(tmp_path)]
    rules = ["--select", "E,F,B,UP", "--ignore", "F821,F401,B018"]
    check = subprocess.run([*ruff, "check", "-q", *rules, *length], capture_output=True, text=True, cwd=ROOT)
    assert not check.returncode, check.stdout
    shape = subprocess.run([*ruff, "format", "--diff", "-q", *length], capture_output=True, text=True, cwd=ROOT)
    assert not shape.returncode, shape.stdout


# The rules themselves can fail.


def test_rules_see_what_they_should():
    assert needed(ast.parse("a = b + len(c)\nd = a")) == {"b", "c"}
    assert needed(ast.parse("f(lambda x: x + y)")) == {"f", "y"}
    assert [stage(node) for node in ast.parse("rows = 1\nyear = slide()\nc = alt.Chart(rows)\nfigure(c)").body] == [
        None,
        "controls",
        "marks",
        "words",
    ]
