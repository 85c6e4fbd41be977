"""Rows of many hand-ins in few statements: the same rows as one by one, and an exercise all or nothing."""

import sqlite3
from contextlib import closing

import pytest

from coursekit.grading.marks import bulk, gradebook

PEOPLE = [{"id": "ann", "last_name": "Ash"}, {"id": "ben"}, {"id": "cat", "last_name": "Cox", "email": "c@uni.example"}]


def ask(course, question):
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        return book.execute(question).fetchall()


def put(course, release, rows):
    """Enter students; returns their ids by key."""
    with gradebook.open_book(course) as book:
        gradebook.prepare(book, release)
        found = bulk.Writer(book, release).put("Student", ("id",), rows)
        book.db.commit()
    return found


def test_rows_with_different_columns_are_added_and_changed_side_by_side(course, release):
    assert put(course, release, PEOPLE) == {("ann",): "ann", ("ben",): "ben", ("cat",): "cat"}
    changed = [{"id": "ann", "email": "a@uni.example"}, {"id": "ben"}, {"id": "dan", "last_name": "Dow"}]
    put(course, release, changed)
    assert ask(course, "SELECT id, last_name, email FROM student ORDER BY id") == [
        ("ann", "Ash", "a@uni.example"),
        ("ben", None, None),
        ("cat", "Cox", "c@uni.example"),
        ("dan", "Dow", None),
    ]


def test_a_row_given_twice_is_one_row_and_the_last_counts(course, release):
    put(course, release, [{"id": "ann", "last_name": "Ash"}, {"id": "ann", "last_name": "Elm"}])
    assert ask(course, "SELECT id, last_name FROM student") == [("ann", "Elm")]


def test_a_batch_takes_no_more_statements_than_one_hand_in(course, release):
    """The number of statements that reach the database does not grow with the class."""
    from sqlalchemy import event

    result = {"essays": {}, "checks": {cell["id"]: ["passed", ""] for cell in release.of_kind("check")}}
    counts = []
    with gradebook.open_book(course) as book:
        gradebook.prepare(book, release)
        event.listen(book.engine, "before_cursor_execute", lambda *rest: counts.append(rest[2]))
        for names in (("a0",), [f"b{number}" for number in range(30)]):
            counts.append("--")
            gradebook.store(book, release, [({"student": name, **result}, None, None) for name in names])
    one, many = "\n".join(counts).split("--\n")[1:]
    assert 0 < len(many.splitlines()) <= len(one.splitlines())
    assert ask(course, "SELECT count(*) FROM submitted_notebook") == [(31,)]


def test_an_exercise_is_in_the_gradebook_whole_or_not_at_all(course, release, monkeypatch):
    with gradebook.open_book(course) as book:
        with monkeypatch.context() as patch:
            patch.setattr(type(book), "update_or_create_solution_cell", lambda *rest: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                gradebook.prepare(book, release)
        book.db.rollback()
    assert ask(course, "SELECT count(*) FROM assignment") == [(0,)]
    with gradebook.open_book(course) as book:
        gradebook.prepare(book, release)
        gradebook.prepare(book, release)
    assert ask(course, "SELECT name FROM assignment") == [(release.slug,)]
    wanted = len(release.of_kind("check", "essay")) + len(release.of_kind("answer", "essay"))
    assert ask(course, "SELECT count(*) FROM base_cell") == [(wanted,)]
