"""Rows of nbgrader's gradebook, those of many hand-ins in one statement; who calls it commits."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from coursekit.exercises.release import Release

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy import Row, Table
    from sqlalchemy.orm import Session


class Writer:
    """Row-level writing of one assignment's results into nbgrader's tables (no commit)."""

    def __init__(self, book: Gradebook, release: Release) -> None:
        self.db, self.release = book.db, release
        self.tables = tables("Student", "SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment")
        self.assignment = book.find_assignment(release.slug)
        self.notebook = book.find_notebook(release.slug, release.slug)
        self.grade_cells = {cell.id: cell.name for cell in self.notebook.grade_cells}
        self.solution_cells = {cell.id: cell.name for cell in self.notebook.solution_cells}
        self.points = {cell["id"]: cell["points"] for cell in release.of_kind("check")}

    def enter(self, entries: list[tuple[dict, dict | None, dict | None]]) -> None:
        """Write the rows of these hand-ins."""
        notebooks = self.submissions({result["student"]: person or {} for result, _, person in entries})
        marked, grades, comments = self.marked(notebooks.values()), [], []
        for result, essays, _ in entries:
            notebook = notebooks[result["student"]]
            for cell, name in self.grade_cells.items():
                values = self.grade(name, result, essays, marked.get((notebook, cell)))
                grades.append({"notebook_id": notebook, "cell_id": cell, **values})
            for cell, name in self.solution_cells.items():
                comment = _comment(name, self.release, result) or None
                comments.append({"notebook_id": notebook, "cell_id": cell, "auto_comment": comment})
        self.put("Grade", ("notebook_id", "cell_id"), grades)
        self.put("Comment", ("notebook_id", "cell_id"), comments)

    def submissions(self, people: dict[str, dict]) -> dict[str, str]:
        """{student: id of the submitted notebook}, made when missing. `people` are roster rows by student."""
        columns = (("last_name", "name"), ("email", "email"))
        known = {student: {c: row[key] for c, key in columns if row.get(key)} for student, row in people.items()}
        self.put("Student", ("id",), [{"id": student, **values} for student, values in known.items()])
        wanted = [{"assignment_id": self.assignment.id, "student_id": student} for student in people]
        handed_in = self.put("SubmittedAssignment", ("student_id", "assignment_id"), wanted)
        sent = {student: handed_in[student, self.assignment.id] for student in people}
        rows = [{"assignment_id": submission, "notebook_id": self.notebook.id} for submission in sent.values()]
        made = self.put("SubmittedNotebook", ("assignment_id", "notebook_id"), rows)
        return {student: made[submission, self.notebook.id] for student, submission in sent.items()}

    def put(self, table: str, keys: tuple[str, ...], rows: list[dict]) -> dict[tuple, str]:
        """Update the rows that have the same values of `keys`, insert the others; their ids by these values."""
        table, wanted = self.tables[table], {tuple(row[key] for key in keys): row for row in rows}
        before = self.found(table, keys, rows)
        insert_rows(self.db, table, [row for key, row in wanted.items() if key not in before])
        update_rows(
            self.db, table, [(row, _without(keys, wanted[key])) for key, row in before.items() if key in wanted]
        )
        return before if wanted.keys() <= before.keys() else self.found(table, keys, rows)

    def found(self, table: Table, keys: tuple[str, ...], rows: list[dict]) -> dict[tuple, str]:
        """{values of `keys`: id} of the rows in the table that have them."""
        from sqlalchemy import select

        fits = [table.c[key].in_({row[key] for row in rows}) for key in keys]
        columns = [table.c[key] for key in keys]
        return {tuple(row)[1:]: row[0] for row in self.db.execute(select(table.c.id, *columns).where(*fits))}

    def marked(self, notebooks: Iterable[str]) -> dict[tuple[str, str], Row]:
        """{(submitted notebook, cell): its grade} as they are."""
        from sqlalchemy import select

        table = self.tables["Grade"]
        rows = self.db.execute(select(table).where(table.c.notebook_id.in_(set(notebooks))))
        return {(row.notebook_id, row.cell_id): row for row in rows}

    def grade(self, name: str, result: dict, essays: dict | None, row: object) -> dict:
        """The columns of one grade; marks by hand stay unless the essay has changed."""
        manual = row.manual_score if row is not None else None
        if name in self.points:
            status = result["checks"].get(name, ["failed", ""])[0]
            return {
                "auto_score": self.points[name] if status == "passed" else 0.0,
                "manual_score": manual,
                "needs_manual_grade": status == "broken" and manual is None,
            }
        question = name.removeprefix("answer-")
        if essays is not None and essays.get(question) != result["essays"].get(question):
            manual = None
        return {"auto_score": None, "manual_score": manual, "needs_manual_grade": manual is None}


def tables(*names: str) -> dict[str, Table]:
    """nbgrader's tables by the names of their models."""
    api = importlib.import_module("nbgrader.api")
    return {name: getattr(api, name).__table__ for name in names}


def _alike(rows: list[dict]) -> list[list[dict]]:
    """Rows in lists that have the same columns each: one statement can write such a list."""
    found = {}
    for row in rows:
        found.setdefault(tuple(row), []).append(row)
    return list(found.values())


def _without(keys: tuple[str, ...], row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in keys}


def insert_rows(db: Session, table: Table, rows: list[dict]) -> None:
    """Add rows, {column: value} each; what they leave out gets nbgrader's own value."""
    from sqlalchemy import insert

    for alike in _alike(rows):
        db.execute(insert(table), alike)


def update_rows(db: Session, table: Table, rows: Iterable[tuple[str, dict]]) -> None:
    """Write values into rows; `rows` are (id, {column: value}). A row without values stays as it is."""
    from sqlalchemy import bindparam, update

    for alike in _alike([{"row_id": row, **values} for row, values in rows if values]):
        columns = {name: bindparam(f"new_{name}") for name in alike[0] if name != "row_id"}
        statement = update(table).where(table.c.id == bindparam("row_id")).values(columns)
        news = [{"row_id": row["row_id"], **{f"new_{name}": row[name] for name in columns}} for row in alike]
        db.connection().execute(statement, news)


def _comment(name, release, result):
    """What the machine says about an answer: the failed checks' sentences."""
    question = name.removeprefix("answer-")
    sentences = [
        result["checks"][cell["id"]][1]
        for cell in release.of_kind("check")
        if cell["question"] == question and result["checks"].get(cell["id"], ["", ""])[0] != "passed"
    ]
    return "\n".join(dict.fromkeys(filter(None, sentences)))
