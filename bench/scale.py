"""How long builds take at the size of fifteen chapters, in a temporary copy of the checkout.

The chapters that exist are copied until fifteen stand, each under a number of its own: page, quiz bank, practice, card,
anchors, names of glued numbers and of figures. Then the book is built clean, without an edit, after a sentence, after a
cell, after a comment in one of the measures that the chapters use, and after a line of code in a function of it that
they call. Beside the wall time stands the processor time of the build and its kernels: it says more on a machine that
does other work too.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
LEAVE = shutil.ignore_patterns("_build", ".venv", ".git", "editions", "*.egg-info", "__pycache__", ".*_cache")
CHAPTERS = 15
# Wall seconds on two quiet cores before the work on speed, and the goals.
BEFORE = {"clean": 161, "no edit": 20, "a sentence": 24, "a cell": 31, "a line in a measure": 114}
GOALS = {"clean": 100, "no edit": 6, "a sentence": 9, "a cell": 14, "a line in a measure": 20}
CELL = "\n```{code-cell} ipython3\n:tags: [remove-cell]\n1 + 1\n```\n"


def renumbered(text: str, old: int, new: int, stem: str, copy: str) -> str:
    """A chapter's or bank's text under another number."""
    text = text.replace(stem, copy).replace(f"c{old:02d}_", f"c{new:02d}_").replace(f"(c{old:02d}-", f"(c{new:02d}-")
    text = re.sub(rf"(?<![\w-])(fig-)?c{old:02d}-", rf"\g<1>c{new:02d}-", text)
    return re.sub(rf"^number: {old}$", f"number: {new}", text, flags=re.M)


def enlarge(folder: Path, wanted: int = CHAPTERS) -> list[Path]:
    """Copy chapters of the checkout in ``folder`` under other numbers until ``wanted`` stand; the new pages."""
    chapters = sorted((folder / "chapters").glob("[0-9]*.md"))
    contents, new = (folder / "_toc.yml").read_text(encoding="utf-8"), []
    for place in range(wanted - len(chapters)):
        original = chapters[place % len(chapters)]
        old, number = int(original.stem[:2]), 30 + place
        copy = f"{number:02d}-{original.stem[3:]}"
        new.append(original.with_name(f"{copy}.md"))
        # The graded exercise and its page stay those of the original.
        text = original.read_text(encoding="utf-8").replace(f"exercise: {original.stem}", "exercise: @@@")
        new[-1].write_text(
            renumbered(text, old, number, original.stem, copy).replace("@@@", original.stem), encoding="utf-8"
        )
        for kind in ("quizzes", "practice"):
            bank = folder / "exercises" / kind / f"{original.stem}.yml"
            text = renumbered(bank.read_text(encoding="utf-8"), old, number, original.stem, copy)
            bank.with_name(f"{copy}.yml").write_text(text, encoding="utf-8")
    last = f"      - file: chapters/{chapters[-1].stem}\n"
    added = "".join(f"      - file: chapters/{page.stem}\n" for page in new)
    (folder / "_toc.yml").write_text(contents.replace(last, last + added), encoding="utf-8")
    return new


def timed(folder: Path) -> tuple[float, float]:
    """(wall seconds, processor seconds of the build and its kernels) of one ``course book build``."""
    start, before = perf_counter(), os.times()
    env = {**os.environ, "PYTHONPATH": str(folder)}
    env.pop("COURSE_DATA", None)
    command = [sys.executable, "-m", "coursekit.cli.main", "book", "build"]
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"the build failed:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return perf_counter() - start, spent


def a_measure(folder: Path) -> Path:
    """The measure that the fewest chapters name, of those that any names: an author's edit is of one of these."""
    texts = [path.read_text(encoding="utf-8") for path in (folder / "chapters").glob("[0-9]*.md")]
    modules = [path for path in folder.glob("*/measures/*.py") if path.stem != "__init__"]
    uses = {path: sum(bool(re.search(rf"\b{path.stem}\b", text)) for text in texts) for path in modules}
    return min((path for path in modules if uses[path]), key=uses.get)


def insert_line(measure: Path, folder: Path) -> None:
    """A line of code at the beginning of the first function of a measure that a chapter calls."""
    chapters = "".join(path.read_text(encoding="utf-8") for path in (folder / "chapters").glob("[0-9]*.md"))
    text = measure.read_text(encoding="utf-8")
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    called = next(node for node in functions if re.search(rf"\b{measure.stem}\.{node.name}\(", chapters))
    first = called.body[1 if ast.get_docstring(called) else 0]
    lines = text.splitlines(keepends=True)
    lines.insert(first.lineno - 1, " " * first.col_offset + "_one_more = 0\n")
    measure.write_text("".join(lines), encoding="utf-8")


def append(path: Path, text: str) -> None:
    """Add a text to the end of a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def run():
    """Wall seconds beside goals and the times before; processor seconds below each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "course")
        shutil.copytree(ROOT, folder, ignore=LEAVE)
        enlarge(folder)
        page = sorted((folder / "chapters").glob("[0-9]*.md"))[-1]
        edits = {
            "clean": lambda: None,
            "no edit": lambda: None,
            "a sentence": lambda: append(page, "\nOne more sentence.\n"),
            "a cell": lambda: append(page, CELL),
            "a comment in a measure": lambda: append(a_measure(folder), "\n# One more line.\n"),
            "a line in a measure": lambda: insert_line(a_measure(folder), folder),
        }
        for what, edit in edits.items():
            edit()
            wall, spent = timed(folder)
            yield what, wall, "s", f"<= {GOALS[what]}, before {BEFORE[what]}" if what in GOALS else ""
            yield f"{what}: processor time", spent, "s", ""
