"""The next step that a command names is the one that is due: nobody is sent to the LMS with answers still unmarked."""

import csv

import pytest
from click.testing import CliRunner

from coursekit.cli.main import main
from coursekit.grading import run as grading
from coursekit.grading.intake.collect import collect
from coursekit.grading.marks.desk import open_desk

from .conftest import put


@pytest.fixture
def graded(course, release, tmp_path, honest):
    """A class of one honest student, graded and not marked."""
    (course.root / "roster.csv").write_text("student,name\nann,Ann\n", encoding="utf-8")
    put(tmp_path / "in", "ann", honest("ann"))
    collect(course, release, tmp_path / "in")
    grading.grade(course, release.slug, workers=1)
    return course


def said(course, *line):
    """What a command prints."""
    return CliRunner().invoke(main, [*line, "-C", str(course.root)]).output


def test_the_desk_is_next_until_every_answer_has_points(graded, release, tmp_path):
    slug = release.slug
    desk = f"Answers without points: 1. Next: course marks page {slug}"
    form = tmp_path / "form.csv"
    said(graded, "marks", "template", slug, "--out", str(form))
    assert desk in said(graded, "marks", "load", slug, str(form)), "an empty form marks nobody"
    assert desk in said(graded, "feedback", slug) and desk in said(graded, "export", slug, "--format", "csv")
    page = open_desk(graded, release, port=0)
    assert page.last_word() == f"All marks are in the gradebook. {desk}"
    page.server.server_close()

    with form.open(encoding="utf-8", newline="") as stream:
        lines = [line | {"points": line["of"]} for line in csv.DictReader(stream)]
    with form.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    assert f"Next: course feedback {slug}" in said(graded, "marks", "load", slug, str(form))
    assert f"Next: course export {slug} --format moodle" in said(graded, "feedback", slug)
    assert "Next: open it in a spreadsheet" in said(graded, "export", slug, "--format", "csv")
