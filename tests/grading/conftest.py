"""A small released exercise, a grading engine and course folders that vanish after the tests."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from coursekit.exercises import release as releases
from coursekit.grading import run
from coursekit.grading.course import Course
from coursekit.grading.demo import worked
from coursekit.grading.judge.engine import Bundle, Engine, close_all
from coursekit.grading.marks.gradebook import open_book

EXERCISE = Path(__file__).parent / "exercises" / "90-sharing"
SLUG = EXERCISE.name


@pytest.fixture(scope="session")
def exercise():
    return releases.load(EXERCISE)


@pytest.fixture(scope="session")
def release(exercise):
    return releases.make(exercise, "2027-spring", due="2027-03-01T18:00")


@pytest.fixture(scope="session")
def bundle(release):
    data = (("spending.csv", (EXERCISE / "spending.csv").read_bytes()),)
    return Bundle(json.dumps(asdict(release), ensure_ascii=False, sort_keys=True), data)


@pytest.fixture(scope="session")
def engine(bundle):
    with closing(Engine(bundle)) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def no_engine_left():
    yield
    close_all()


@pytest.fixture
def course(tmp_path, release):
    return make_course(tmp_path / "course", release)


_empty_book = []


def make_course(root, release):
    """A course folder in which the exercise is released and an empty gradebook is ready (making one is slow)."""
    made = Course(root)
    made.root.mkdir(parents=True)
    if not _empty_book:
        with open_book(made):
            pass
        _empty_book.append((made.root / "gradebook.db").read_bytes())
    (made.root / "gradebook.db").write_bytes(_empty_book[0])
    release.save(made.master(release.slug))
    releases.write_data(release, EXERCISE, root / "released" / f"{release.slug}-data")
    return made


def put(inbox, student, content, name=f"{SLUG}.ipynb"):
    """Write a hand-in (dict or bytes) into an inbox folder."""
    path = inbox / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def answer(content, question, source):
    """Replace the source of an answer cell."""
    cell = next(cell for cell in content["cells"] if cell["id"] == f"answer-{question}")
    cell["source"] = source
    return content


def grade(course, slug=SLUG, **options):
    """Grade a class as the command does; a hand-in that could not be graded fails the test here, with its reason."""
    summary = run.grade(course, slug, **options)
    assert not [reason for _, reason in summary.attention if reason.startswith("not graded")], summary.attention
    return summary


def points(release, result):
    """{question: machine points} of a result."""
    found = {}
    for cell in release.of_kind("check"):
        got = cell["points"] if result["checks"][cell["id"]][0] == "passed" else 0
        found[cell["question"]] = found.get(cell["question"], 0) + got
    return found


@pytest.fixture
def grade_one(engine, release):
    """Grade one notebook (dict) in the shared engine; returns the result."""

    def run(content, student="ann"):
        return engine.grade({"student": student, "content": content, "digest": ""})

    return run


@pytest.fixture
def honest(release):
    """A solved notebook of a student."""

    def make(student="ann", skip=()):
        return worked(release, student, 0, skip)

    return make
