"""The whole path by command, the demonstration class, exit codes and one-sentence errors."""

import os

import click
import pytest
from click.testing import CliRunner

from coursekit.cli import exercises, returns

from .conftest import EXERCISE, SLUG


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in a course folder; (exit code, all output)."""
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "course"))
    group = click.Group()
    exercises.register(group)
    returns.register(group)

    def call(*words):
        done = CliRunner().invoke(group, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return call


SOURCES = ("--exercises", EXERCISE.parent)


def test_the_whole_path_with_a_demonstration_class(run, tmp_path):
    assert run("exercise", "list", *SOURCES)[1].splitlines()[2].startswith(SLUG)
    code, text = run("exercise", "release", SLUG, "--term", "2027-spring", *SOURCES)
    assert code == 0 and "16 points, 9 cases" in text
    code, text = run("demo", "class", "--exercise", SLUG, "--students", 20)
    assert code == 0 and "honest" in text and "hostile" in text
    code, text = run("collect", SLUG, tmp_path / "course" / "inbox" / SLUG)
    assert code == 1 and "unreadable" in text
    code, text = run("grade", SLUG, "--workers", 3, "--limit-seconds", 2)
    assert code == 1 and "waiting" in text.splitlines()[-1] and "2 unreadable" in text.splitlines()[-1]
    first = {
        line.split()[0]: line.split()[1:4]
        for line in text.splitlines()
        if line.startswith("demo") and "waiting" in line
    }
    assert list(first.values()).count(["4", "3", "4"]) >= 12
    code, text = run("grade", SLUG, "--workers", 3, "--limit-seconds", 2)
    assert "unchanged" in text.splitlines()[-1]
    code, text = run("marks", "template", SLUG)
    assert code == 0
    form = tmp_path / "course" / "marks" / f"{SLUG}.csv"
    assert run("marks", "template", SLUG)[0] == 1
    lines = form.read_text().splitlines()
    form.write_text("\n".join([lines[0], *(line.replace('"","', '"1","', 1) for line in lines[1:])]))
    code, text = run("marks", "load", SLUG, form)
    assert code == 0 and "lines refused: 0, hand-ins not wholly marked: 0" in text
    code, text = run("feedback", SLUG)
    assert code == 0 and f"{len(first)} pages" in text
    for form in ("csv", "canvas", "moodle"):
        extra = ("--assignment", "Essay (900)") if form == "canvas" else ()
        assert run("export", SLUG, "--format", form, *extra)[0] == 0
    assert ',"",' in (tmp_path / "course" / "exports" / f"{SLUG}-csv.csv").read_text()


def test_an_evening_follows_what_each_command_says(run, tmp_path, release):
    """From the LMS's zip to the LMS's import: each command names the next, and there are no more than ten."""
    run("exercise", "release", SLUG, "--term", "2027-spring", *SOURCES)
    inbox = tmp_path / "course" / "inbox" / f"{SLUG}-moodle.zip"
    said = run("demo", "class", "--exercise", SLUG, "--students", 1, "--layout", "moodle")[1]
    given, line = [], next(line for line in said.splitlines() if line.startswith("Next:"))
    while "course " in line:
        words = line.rpartition("Next")[2].partition("course ")[2].partition(",")[0].split()
        if words[:2] == ["marks", "page"]:  # the desk serves until Ctrl-C: here a form does the same
            form = tmp_path / "marks.csv"
            lines = [f"demo0001,q4,{row['id']},{row['points']}\n" for row in release.rubric["q4"]]
            form.write_text("student,question,criterion,points\n" + "".join(lines))
            words = ["marks", "load", SLUG, str(form)]
        given.append(words[0])
        text = run(*words)[1]
        line = next(line for line in reversed(text.splitlines()) if "Next" in line)
    assert given == ["collect", "grade", "marks", "feedback", "export"], line
    assert inbox.exists() and "Grades, Import" in line


def test_the_same_demonstration_class_each_time(run, tmp_path):
    run("exercise", "release", SLUG, "--term", "t", *SOURCES)
    run("demo", "class", "--exercise", SLUG, "--students", 12, "--out", tmp_path / "a")
    run("demo", "class", "--exercise", SLUG, "--students", 12, "--out", tmp_path / "b")
    one, two = (
        sorted(
            (path.relative_to(tmp_path / name).as_posix(), path.read_bytes()) for path in (tmp_path / name).rglob("*.*")
        )
        for name in ("a", "b")
    )
    assert one == two and len(one) >= 12


ERRORS = [
    (("exercise", "check", "nothing", *SOURCES), "There is no exercise 'nothing'; known: 90-sharing"),
    (("exercise", "release", SLUG, "--term", "a b", *SOURCES), "the term 'a b' may have letters"),
    (("exercise", "release", SLUG, "--term", "t", "--due", "soon", *SOURCES), "--due 'soon' is not a time"),
    (("collect", SLUG, "/nowhere"), "was not released here"),
    (("grade", SLUG), "run `course exercise release` first"),
    (("grade", "../../etc"), "was not released here"),
    (("marks", "load", SLUG, "x.csv"), "was not released here"),
    (("quiz", "export", "nothing", "--format", "qti", *SOURCES), "there is no such file"),
]


@pytest.mark.parametrize("words, message", ERRORS, ids=[" ".join(map(str, words[:3])) for words, _ in ERRORS])
def test_mistakes_are_one_sentence(run, words, message):
    code, text = run(*words)
    assert code == 1 and message in text and "Traceback" not in text and len(text.strip().splitlines()) == 1


def test_help_is_for_instructors(run):
    for words in (
        ("--help",),
        ("grade", "--help"),
        ("exercise", "release", "--help"),
        ("marks", "--help"),
        ("collect", "--help"),
    ):
        code, text = run(*words)
        assert code == 0 and len(text) > 100
    assert "nothing is lost or repeated" in " ".join(run("grade", "--help")[1].split())


def test_only_and_unknown_students(run, tmp_path):
    run("exercise", "release", SLUG, "--term", "t", *SOURCES)
    code, text = run("grade", SLUG, "--only", "nobody")
    assert code == 1 and "no collected hand-in of 'nobody'" in text
    assert not os.path.exists(tmp_path / "course" / "gradebook.db")
