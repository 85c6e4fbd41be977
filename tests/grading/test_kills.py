"""``kill -9`` at twenty random moments of collecting and grading: nothing is lost, nothing is done twice.

The moments are drawn with a fixed seed from the time of one whole run on this machine, so they fall into every stage:
before the first room, between a result and the gradebook, in the middle of a write. Each round one more student hands
in, so there is always work to break off.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

from coursekit.grading.course import read_json, read_report
from coursekit.grading.judge.engine import ROOM
from coursekit.grading.marks import rubric
from coursekit.grading.marks.exports import rows

from .conftest import SLUG, put

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
# Forks a fresh grader for each line it reads: the imports, two seconds of every start, are made once.
GRADERS = """\
import os, sys
from pathlib import Path
from coursekit.grading.course import Course
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge.engine import close_all
from coursekit.grading.marks import gradebook
from coursekit.grading.run import grade
gradebook.library()
course, slug, inbox = Course(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
for _ in sys.stdin:
    pid = os.fork()
    if not pid:
        collect(course, course.release(slug), inbox)
        grade(course, slug, workers=2)
        close_all()
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Graders:
    """Starts graders one after the other; `run` gives the exit status of one, killed after `seconds` or let be."""

    def __init__(self, process):
        self.process = process

    def run(self, seconds=None):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        if seconds is not None:
            time.sleep(seconds)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it had ended by then
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
        written, points, killed, rooms = kept(course), scores(course, release), 0, 0
        while killed < KILLS:
            handed_in.append(next(names))
            put(inbox, handed_in[-1], honest(handed_in[-1]))
            killed += made.run(chance.uniform(0, 1.2) * whole) == -signal.SIGKILL
            now, entered = kept(course), scores(course, release)
            assert {student: now[student] for student in written} == written, "a kept result was lost or made again"
            assert {student: entered[student] for student in points} == points, "points were lost"
            rooms += any(temporary.glob(f"{ROOM}*"))
            written, points = now, entered
        assert made.run() == 0
    assert 1 < len(written) < len(handed_in) and rooms  # some kills came before a hand-in was graded, some after
    assert {student: kept(course)[student] for student in written} == written
    last = scores(course, release)
    assert list(last) == handed_in == [row["student"] for row in read_report(course, SLUG)]
    assert {tuple(got[question] for question in ("q1", "q2", "q3")) for got in last.values()} == {(4, 3, 4)}
    assert [student for student, got in last.items() if got["q4"] is not None] == ["s00"]
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        assert book.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (len(handed_in),)
    assert not list(temporary.glob(f"{ROOM}*")), "rooms of the killed graders hold hidden checks"
    assert not list(course.root.rglob("*.part")), "halves of files were left"
