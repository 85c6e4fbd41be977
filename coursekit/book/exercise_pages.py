"""A public page for each graded exercise and task, and a handout of the exercise, made from its source at every build.

The page holds what a student sees: text, outcomes, points, the criteria of hand-marked parts. It never holds a code
cell, so no solution, check or wrong answer can get into it. The handout is a release for the term SAMPLE: a real course
releases its own, with other cases.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

from coursekit.book import task_pages
from coursekit.data import expressions
from coursekit.data.inputs import Inputs, digest
from coursekit.exercises import release as releases
from coursekit.exercises import tasks
from coursekit.files import write_json

FOLDER = Path("chapters/teaching/exercises")
KEPT = ".handouts.json"  # what each handout was made from
SAMPLE = "sample"
LONG_AGO = (2020, 1, 1, 0, 0, 0)  # one date for all files, so that the same handout has the same bytes


def write_exercise_pages(root: Path) -> None:
    """A page an exercise or task and a .zip an exercise below ``root``, written only when they change; no strays."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    exercises = [releases.load(path.parent) for path in sorted((root / "exercises").glob("*/exercise.md"))]
    kept = folder / KEPT
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    now = {f"{exercise.slug}.zip": made_from(exercise) for exercise in exercises}
    wanted = {f"{exercise.slug}.md": page(exercise).encode() for exercise in exercises}
    wanted |= {f"{place.name}.md": task_pages.page(tasks.load(place)).encode() for place in tasks.paths(root)}
    for exercise in exercises:
        file = f"{exercise.slug}.zip"
        if now[file] != before.get(file) or not (folder / file).exists():
            wanted[file] = handout(exercise)
    _keep(folder, wanted, {*wanted, *now, KEPT})
    if now != before:
        write_json(kept, now)


def _keep(folder: Path, wanted: dict[str, bytes], names: set[str]) -> None:
    """Write the files whose content has changed, and remove those that have none of the names."""
    for stray in folder.iterdir():
        if stray.name not in names:
            stray.unlink()
    for name, content in wanted.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            (folder / name).write_bytes(content)


def made_from(exercise) -> str:
    """A digest of all that a handout is made from: the exercise's files, the code that writes it, its expressions."""
    inputs, values = Inputs(exercise.folder), expressions.current()
    files = [*exercise.folder.rglob("*"), *Path(releases.__file__).parent.glob("*.py"), Path(__file__)]
    texts = [(exercise.meta.get("variants") or {}).get("pool"), *(exercise.meta.get("data") or {}).values()]
    digests = [values.made_from(text) for text in texts if isinstance(text, str) and text]
    return digest("".join([*(inputs.now(f"file:{path}") for path in sorted(files)), *digests]).encode())


def handout(exercise) -> bytes:
    """A .zip with both notebooks and the data, as students of the term SAMPLE would get them."""
    memory = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        releases.write(releases.make(exercise, SAMPLE), exercise.folder, Path(place))
        for path in sorted(Path(place).rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{exercise.slug}/{path.relative_to(place).as_posix()}", LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return memory.getvalue()


def page(exercise) -> str:
    """The public page in MyST Markdown."""
    parts = [
        f"# {exercise.meta['title']}",
        facts(exercise),
        task_pages.outcomes(exercise.meta["outcomes"]),
        questions(exercise),
        how(exercise),
        "## The task",
        *task(exercise),
        criteria(exercise),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def facts(exercise) -> str:
    """Minutes, points and the chapter, as one paragraph."""
    meta, by_hand = exercise.meta, sum(cell.points for cell in exercise.cells if cell.kind == "essay")
    words = (
        f"**Graded exercise** · about {meta['minutes']} minutes · {meta['points']} points, "
        f"{meta['points'] - by_hand:g} marked by machine and {by_hand:g} by hand"
    )
    return words + (f" · belongs to {{doc}}`/chapters/{meta['chapter']}`" if meta.get("chapter") else "")


def questions(exercise) -> str:
    """A table of the questions: outcome, and the points by the way they are marked."""
    lines = [
        "| Question | Outcomes | Checked in the notebook | Checked after you hand in | Marked by hand |",
        "|---|---|---|---|---|",
    ]
    for number, (name, wanted) in enumerate(exercise.meta["assesses"].items(), 1):
        met = ", ".join(wanted if isinstance(wanted, list) else [wanted])
        ways = (("check", False), ("check", True), ("essay", False))
        points = " | ".join(_points(_sum(exercise, name, kind, hidden)) for kind, hidden in ways)
        lines.append(f"| {number} | {met} | {points} |")
    return "\n".join(lines)


def _sum(exercise, question: str, kind: str, hidden: bool) -> float:
    """The points of a question's cells of one kind, shown or hidden."""
    cells = [cell for cell in exercise.cells if (cell.question, cell.kind, cell.hidden) == (question, kind, hidden)]
    return sum(cell.points for cell in cells)


def _points(number: float) -> str:
    return f"{number:g}" if number else ""


def how(exercise) -> str:
    """How to work on it, with and without code, and the download."""
    name = exercise.slug
    own_case = "Each student works on an own case: type your student id in the notebook and it appears. "
    return "\n".join(
        [
            "## How to do it",
            "",
            f"{{download}}`Download the handout <{name}.zip>` (two notebooks and their data). Unpack it, keep the "
            "folder `data` beside the notebooks and open **one** of them in JupyterLab or a similar program. Only "
            "pandas and Altair must be installed.",
            "",
            f"- `{name}.ipynb`: you write a few lines of pandas and Altair for each question.",
            f"- `{name}-no-code.ipynb`: you use charts with controls and type what you read. Same questions, same "
            "outcomes, same key.",
            "",
            (own_case if exercise.meta.get("variants") else "")
            + "This handout is for practice. Hand in the one that your instructor gives out: its cases are others.",
        ]
    )


def task(exercise) -> list[str]:
    """The text cells, headings one level lower; text for the version without code in a box of its own."""
    return list(filter(None, map(_text, (cell for cell in exercise.cells if cell.kind == "text"))))


def _text(cell) -> str:
    text = re.sub(r"\A# .*\n*", "", cell.source.strip())
    text = re.sub(r"^(#{2,5}) ", r"#\1 ", text, flags=re.M).strip()
    if not text or not cell.only:
        return text
    title = "With code" if cell.only == "code" else "Without code"
    return f":::{{admonition}} {title}\n{text}\n:::"


def criteria(exercise) -> str:
    """The criteria of the parts marked by hand, as a single-point rubric."""
    lines = [f"| {row['text']} | {row['points']:g} |" for rows in exercise.rubric.values() for row in rows]
    if not lines:
        return ""
    return "\n".join(["## What the marker looks for", "", "| Standard | Points |", "|---|---|", *lines])
