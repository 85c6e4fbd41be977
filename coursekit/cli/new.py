"""``course new``: a chapter, a table, an exercise, a task or a claim from a template, to be filled in.

Each gap is marked ``FILL IN: what``. As long as one is left, ``course data check`` and the tests refuse the file, so
that nothing half-written is published.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import click

from coursekit.errors import CourseKitError
from coursekit.files import write_text

TEMPLATES = Path(__file__).with_name("templates")
# kind -> (what a name looks like, files: template -> path)
FILES = {
    "chapter": (
        r"\d\d-[a-z0-9-]+",
        {
            "chapter.md": "chapters/{name}.md",
            "quiz.yml": "exercises/quizzes/{name}.yml",
            "practice.yml": "exercises/practice/{name}.yml",
        },
    ),
    "table": (
        r"[a-z][a-z0-9_]*",
        {"table.csv": "data/{name}.csv", "table.resource.yaml": "data/{name}.resource.yaml"},
    ),
    "exercise": (
        r"\d\d-[a-z0-9-]+",
        {
            "exercise.md": "exercises/{name}/exercise.md",
            "exercise.yml": "exercises/{name}/exercise.yml",
            "rubric.yml": "exercises/{name}/rubric.yml",
        },
    ),
    "task": (r"\d\d-[a-z0-9-]+", {"task.yml": "exercises/{name}/task.yml"}),
    "claim": (r"C\d\d", {}),
}
NEXT = {
    "chapter": "Fill it in, add chapters/{name} to _toc.yml, and run: make quick",
    "table": "Fill it in, add its sources to data/sources.csv, and run: course data check {name}",
    "exercise": "Fill it in, and run: course exercise check {name}",
    "task": "Fill it in, and run: make quick",
    "claim": "Fill in its rows of the three tables, add numbers and references, and run: "
    "course data check claims claim_verdicts claim_revisions",
}


class NewError(CourseKitError):
    """Something new cannot be begun. The message says why and what to do."""


def begin(kind: str, name: str, root: Path) -> list[Path]:
    """Write the files of a new ``kind`` called ``name`` below ``root``; their paths. Raises NewError."""
    shape, files = FILES[kind]
    if not (root / "data").is_dir():
        raise NewError(f"{root.resolve().name} holds no folder data; run this in the folder of the course.")
    if not re.fullmatch(shape, name):
        raise NewError(f"{name!r} is no name for a new {kind}; write it like {example(kind)}.")
    if kind == "claim":
        return add_claim(name, root / "data")
    paths = {template: root / path.format(name=name) for template, path in files.items()}
    for path in paths.values():
        if path.exists():
            raise NewError(f"{path.relative_to(root)} is there already; choose another name or edit it.")
    for template, path in paths.items():
        write_text(path, filled(template, name))
    return list(paths.values())


def example(kind: str) -> str:
    """A name as it should be."""
    return {
        "chapter": "07-autonomy",
        "table": "port_calls",
        "exercise": "07-autonomy",
        "task": "07-autonomy",
        "claim": "C60",
    }[kind]


def filled(template: str, name: str) -> str:
    """The text of a template with the name, the chapter's number and today's date put in."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    number = name[:2] if name[:2].isdigit() else "00"
    for word, value in {"@name": name, "@nn": number, "@n": str(int(number)), "@today": str(date.today())}.items():
        text = text.replace(word, value)
    return text


def add_claim(claim: str, folder: Path) -> list[Path]:
    """Add the rows of a claim to the ledger, its two verdicts and their first revisions, each cell to be filled in."""
    if re.search(rf"^{claim},", (folder / "claims.csv").read_text(encoding="utf-8"), re.M):
        raise NewError(f"claims.csv: the claim {claim} is there already; edit its row.")
    today = str(date.today())
    bare = {"claim_id": claim, "quoted_term": "", "tables": "", "note": ""}
    moments = [{"claim_id": claim, "as_of": moment, "verdict_date": today} for moment in ("then", "now")]
    first = [{"date": today, "field": "verdict", "old": "", "why": "First judged."} | moment for moment in moments]
    rows = {"claims.csv": [bare], "claim_verdicts.csv": moments, "claim_revisions.csv": first}
    return [_append(folder / name, known) for name, known in rows.items()]


def _append(path: Path, rows: list[dict]) -> Path:
    """Add rows to a table's file; a cell that is not given is a gap to be filled in. Its path."""
    from coursekit.data.check import GAP

    text = path.read_text(encoding="utf-8")
    columns = next(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [row.get(column, f"{GAP}: {column}") for column in columns] for row in rows
    )
    write_text(path, text + ("" if text.endswith("\n") else "\n") + out.getvalue())
    return path


@click.command("new")
@click.argument("kind", type=click.Choice(list(FILES)))
@click.argument("name")
def new(kind: str, name: str) -> None:
    """Begin a chapter, table, exercise, task or claim from a template; CONTRIBUTING.md says how to go on."""
    for path in begin(kind, name, Path.cwd()):
        click.echo(f"{path.relative_to(Path.cwd())}")
    click.echo(NEXT[kind].format(name=name))


def register(group: click.Group) -> None:
    """Mount this module's command on ``group``."""
    group.add_command(new)
