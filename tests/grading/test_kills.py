"""``kill -9`` at twenty moments of collecting and grading: nothing is lost, nothing is done twice.

Twelve kills strike at a known point of the work, each stage twice: before and after a result is kept, in the middle of
a write and of a transaction. So both sides are met on any machine. Eight more strike at moments drawn with a fixed seed
from the time of one whole run here. Each round one more student hands in, so there is always work to break off.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from coursekit.grading.course import read_json, read_report
from coursekit.grading.judge.engine import ROOM
from coursekit.grading.marks import rubric
from coursekit.grading.marks.exports import rows

from .conftest import SLUG, put

ROOT = Path(__file__).resolve().parents[2]
AT_RANDOM = 8
EARLY = ("room made", "result half written")  # the round's hand-in has no result yet
LATE = ("result kept", "gradebook half written", "gradebook written", "marked for the teacher")
# Forks a fresh grader for each line it reads: the imports, a second of every start, are made once. A line names the
# point of the work at which that grader gets its SIGKILL; from another line on, it works as always.
GRADERS = """\
import os, signal, sys
from pathlib import Path
from coursekit.grading import run
from coursekit.grading.course import Course
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge import engine
from coursekit.grading.marks import gradebook
gradebook.library()
course, slug, inbox = Course(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
def strike(owner, name, where="", first=False):
    real = getattr(owner, name)
    def deadly(*arguments, **named):
        hit = where in str(arguments)
        value = None if hit and first else real(*arguments, **named)
        if hit:
            os.kill(os.getpid(), signal.SIGKILL)
        return value
    setattr(owner, name, deadly)
POINTS = {
    "room made": lambda: strike(engine.Engine, "__init__"),
    "result half written": lambda: strike(os, "replace", "/results/", first=True),
    "result kept": lambda: strike(run, "write_json", "/results/"),
    "gradebook half written": lambda: strike(gradebook._Writer, "enter"),
    "gradebook written": lambda: strike(gradebook, "store"),
    "marked for the teacher": lambda: strike(run, "write_json", "/autograded/"),
}
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        POINTS.get(line.strip(), lambda: None)()
        collect(course, course.release(slug), inbox)
        run.grade(course, slug, workers=2)
        engine.close_all()
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Graders:
    """Starts graders one by one; `run` gives the exit status of one: killed at a point, after seconds, or not."""

    def __init__(self, process):
        self.process = process

    def run(self, moment=None):
        self.process.stdin.write(f"{moment}\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        if isinstance(moment, float):
            time.sleep(moment)
            with suppress(ProcessLookupError):  # it had ended by then
                os.kill(pid, signal.SIGKILL)
        return int(self.process.stdout.readline())


@contextmanager
def graders(course, inbox, temporary):
    process = subprocess.Popen(
        [sys.executable, "-c", GRADERS, str(course.root), SLUG, str(inbox)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    with process:
        yield Graders(process)
        process.stdin.close()


def kept(course):
    """{student: when the result was written} of all results; each must be whole."""
    found = sorted((course.root / "results" / SLUG).glob("s*.json"))
    assert all(read_json(path)["status"] == "graded" for path in found)
    return {path.stem: path.stat().st_mtime_ns for path in found}


def scores(course, release):
    """{student: points by question} of all who are in the gradebook, which must be sound."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return {row["student"]: row["questions"] for row in rows(course, release) if row["questions"]}


def mark_by_hand(course, release, tmp_path):
    """A human gives the first student full points for the essay."""
    form = tmp_path / "marks.csv"
    lines = [f"s00,q4,{row['id']},{row['points']}\n" for row in release.rubric["q4"]]
    form.write_text("student,question,criterion,points\n" + "".join(lines))
    assert rubric.load(course, release, form).stored == 1


def moments(chance, whole):
    """The twenty moments of a kill: names of points of the work, and seconds; in a mixed order."""
    drawn = [chance.uniform(0, 0.95) * whole for _ in range(AT_RANDOM)]
    found = [*EARLY, *LATE, *EARLY, *LATE, *drawn]
    chance.shuffle(found)
    return found


def must_be_struck(moment, before, now):
    """A kill at a known point left what it must: no result of the new hand-in yet, or the first of this round."""
    if moment in EARLY:
        assert now == before, f"a result was kept before {moment}"
    if moment in LATE:
        assert set(now) > set(before), f"no result was kept at {moment}"


def test_twenty_kills_lose_and_repeat_nothing(course, release, tmp_path, honest):
    inbox, temporary, chance = tmp_path / "in", tmp_path / "tmp", random.Random(20261126)
    temporary.mkdir()
    names = iter(f"s{number:02d}" for number in range(100))
    handed_in = [next(names)]
    put(inbox, handed_in[0], honest(handed_in[0]))
    with graders(course, inbox, temporary) as made:
        begin = time.monotonic()
        assert made.run() == 0
        whole = time.monotonic() - begin
        mark_by_hand(course, release, tmp_path)
        written, points = kept(course), scores(course, release)
        waiting = moments(chance, whole)
        while waiting:
            moment = waiting.pop()
            handed_in.append(next(names))
            put(inbox, handed_in[-1], honest(handed_in[-1]))
            ended = made.run(moment)
            if ended == 0 and isinstance(moment, float):
                waiting.append(moment * 0.7)  # too late for this grader: sooner next time
            else:
                assert ended == -signal.SIGKILL
            now, entered = kept(course), scores(course, release)
            assert {student: now[student] for student in written} == written, "a kept result was lost or made again"
            assert {student: entered[student] for student in points} == points, "points were lost"
            must_be_struck(moment, written, now)
            assert moment != "room made" or list(temporary.glob(f"{ROOM}*"))
            assert moment != "gradebook half written" or entered == points, "half a transaction was kept"
            written, points = now, entered
        assert made.run() == 0
    assert {student: kept(course)[student] for student in written} == written
    last = scores(course, release)
    assert list(last) == handed_in == [row["student"] for row in read_report(course, SLUG)]
    assert {tuple(got[question] for question in ("q1", "q2", "q3")) for got in last.values()} == {(4, 3, 4)}
    assert [student for student, got in last.items() if got["q4"] is not None] == ["s00"]
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        assert book.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (len(handed_in),)
    assert not list(temporary.glob(f"{ROOM}*")), "rooms of the killed graders hold hidden checks"
    assert not list(course.root.rglob("*.part")), "halves of files were left"
