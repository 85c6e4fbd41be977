"""Whoever waits sees how far a command is: a counter on stderr for each long command, a line a step for the others."""

import importlib
import inspect
import io
import re
import subprocess

import pytest
from click.testing import CliRunner

from coursekit import progress
from coursekit.book import build
from coursekit.cli.main import main
from coursekit.cli.shared import LONG, STEPS

from .conftest import EXERCISE, SLUG
from .test_resume import ROOT

# Done in a second or two whatever the class, or waiting for a person, or telling in words of its own.
QUICK = {
    "doctor", "exercise list", "exercise release", "roster", "times", "extend", "marks template", "marks load",
    "marks page", "marks compare", "quiz export", "data keys", "data catalogue", "book serve", "book links",
    "ledger changes", "new",
}  # fmt: skip
LIVE = {"python": "", "pyodide": "", "version": "", "files": {}, "raw": 0, "gz": 0}
# Too long for a test as a whole: command, the function of the package that does the work, what it returns.
HEAVY = [
    ("exercise check", SLUG, "coursekit.grading.judge.selfcheck:problems", []),
    ("data check", "nato_members", "coursekit.data.check:problems", []),
    ("data archive", "", "coursekit.data.archive.bundle:write", ""),
    ("data count-terms", "", "coursekit.data.counting:count_terms", "Counted."),
    ("live", "", "coursekit.book.live.assemble:assemble", LIVE),
    ("public", "", "coursekit.exercises.edition:write", 2),
]  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self):
        return True


def commands(group=main, words=()):
    """The names of all commands, such as ``data check``; the kinds of ``new`` count as one."""
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from commands(command, (*words, name)) if inner and name != "new" else [" ".join((*words, name))]


def test_every_command_is_long_or_quick():
    assert {*LONG, *STEPS, *QUICK} == set(commands()), "a new command belongs into LONG, STEPS or QUICK"
    assert len(LONG) + len(STEPS) + len(QUICK) == len(set(commands()))


def test_a_terminal_sees_one_line_rewritten(monkeypatch):
    monkeypatch.setattr(progress.sys, "stderr", stream := Terminal())
    assert list(progress.counted("Grading")(iter("abc"), 3)) == ["a", "b", "c"]
    shown = stream.getvalue()
    assert shown.startswith("\rGrading: 0 of 3") and shown.rstrip(" ").endswith("\rGrading: 3 of 3\n")
    assert shown.count("\n") == 1


def test_a_log_sees_a_line_now_and_then_and_nothing_of_what_is_quick(monkeypatch):
    monkeypatch.setattr(progress.sys, "stderr", stream := io.StringIO())
    clock = iter(range(0, 1000, 4))  # four seconds pass at each look
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    list(progress.counted("Grading")(range(3)))
    lines = stream.getvalue().splitlines()
    assert lines == ["Grading: 2 of 3"] and "\r" not in stream.getvalue()


def test_the_time_that_is_left_is_told(monkeypatch):
    line = progress._Line("Grading", 100)
    assert line._left(10, 60) == ", about 9 min left" and line._left(90, 180) == ", about 20 s left"
    assert line._left(1, 60) == "" and line._left(99, 60) == ""


def test_a_walk_that_is_broken_off_leaves_the_line(monkeypatch):
    monkeypatch.setattr(progress.sys, "stderr", stream := Terminal())
    walk = progress.counted("Grading")(range(3))
    next(walk)
    walk.close()
    assert stream.getvalue().endswith("\n")


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Run a command in a course folder with a log that takes every line; what it said on stderr."""
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "course"))
    monkeypatch.setattr(progress, "LOG_SECONDS", 0)

    def run(words, *more):
        done = CliRunner().invoke(main, [*words.split(), *map(str, more)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.stderr

    return run


def test_the_commands_on_a_class_tell_how_far_they_are(call, tmp_path):
    call(f"exercise release {SLUG} --term t", "--exercises", EXERCISE.parent)
    for words, more in (
        (f"demo class --exercise {SLUG} --students 2", ()),
        (f"collect {SLUG}", (tmp_path / "course" / "inbox" / SLUG,)),
        (f"grade {SLUG} --workers 2", ()),
        (f"feedback {SLUG}", ()),
        (f"export {SLUG} --format csv", ()),
        (f"analyse {SLUG}", ()),
        (f"orals {SLUG}", ()),
    ):
        said = call(words, *more)
        command = next(name for name in LONG if words.startswith(name))
        assert f"{LONG[command]}: 2 of 2\n" in said, words


@pytest.mark.parametrize(("command", "more", "worker", "gives"), HEAVY, ids=[row[0] for row in HEAVY])
def test_what_takes_minutes_is_given_a_counter_and_uses_it(command, more, worker, gives, call, monkeypatch, tmp_path):
    module, name = worker.split(":")
    module = importlib.import_module(module)
    assert "progress" in inspect.signature(getattr(module, name)).parameters
    assert re.search(r"\bprogress[(),]", inspect.getsource(module)), "nothing is counted, here or by what it calls"
    # the counter comes last, after what the command itself was asked for
    monkeypatch.setattr(module, name, lambda *given: (list(given[-1]("ab")), gives)[1])
    if command in ("live", "public"):
        more = f"--out {tmp_path / 'out'}"
    sources = f" --exercises {EXERCISE.parent}" if command == "exercise check" else ""
    assert f"{LONG[command]}: 2 of 2\n" in call(f"{command} {more}{sources}")


def test_publishers_files_are_counted(call, monkeypatch, tmp_path):
    from coursekit.data import publishers

    found = publishers.Outcome(tmp_path, "same", "")
    monkeypatch.setattr(publishers, "folder", lambda: tmp_path)
    monkeypatch.setattr(publishers, "releases", lambda place: iter([("a", tmp_path), ("b", tmp_path)]))
    monkeypatch.setattr(publishers, "tried", lambda *given: found)
    assert f"{LONG['data publishers']}: 2 of 2\n" in call("data publishers")


def test_a_build_says_each_step(tmp_path, monkeypatch):
    (tmp_path / "_config.yml").write_text("title: x\n")
    (tmp_path / "index.md").write_text("# Book\n")
    monkeypatch.setattr(build, "draw_pages", lambda *given: None)
    monkeypatch.setattr(build, "everything", lambda root: "")
    said = []
    build.build(tmp_path, tmp_path / "_build", said.append)
    assert said[0].startswith("Checking the tables, running the notebooks") and "Notebooks: 0 run" in said[-1]


def test_make_grading_says_each_step():
    plan = subprocess.run(["make", "-n", "-B", "grading"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    steps = (
        "1 of 2: making",
        "2 of 2: installing",
        "Installing the grading and test tools",
        "Next: .venv/bin/course doctor",
    )
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)
    assert (ROOT / "Makefile").read_text().count("test -t 2 || echo --quiet") == 1  # a terminal gets pip's own bars
