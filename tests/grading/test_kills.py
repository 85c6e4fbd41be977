"""``kill -9`` at twenty random moments of collecting and grading: nothing is lost, nothing is done twice.

Every moment is drawn, from a seed that is recorded here and told when the test fails (`KILL_SEED=N pytest ...` draws
others). Twelve lie in a stage of the work, each of the six stages twice, once in each half of it: the grader is killed
when it has been there for the drawn part of the time that the stage lasted in a whole run on this machine, at the
latest at its end. So the short windows around a kept result, a write and a transaction are met on any machine. Eight
are a drawn part of a whole run, one in each eighth. Each round one more student hands in: there is always work to break
off.
"""

import json
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
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge.engine import ROOM
from coursekit.grading.marks import rubric
from coursekit.grading.marks.exports import rows

from .conftest import SLUG, answer, grade, make_course, put

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("KILL_SEED", "20261127"))
OF_THE_WHOLE = 8
ALIVE, IN_TRANSACTION = "the work on the hand-in", "the gradebook's transaction"
EARLY = (ALIVE, "the writing of its result")  # the round's hand-in has no result yet
LATE = ("the result kept", IN_TRANSACTION, "the gradebook written", "the work done")
# Forks a fresh grader for each line it reads: the imports, a second of every start, are made once. A line is JSON: the
# stage of the work in which that grader gets its SIGKILL, and after how many seconds of it. With null it works as ever
# and tells at its end how long each stage lasted.
GRADERS = """\
import json, os, signal, sys, threading, time
from pathlib import Path
from coursekit.grading import run
from coursekit.grading.course import Course
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge import engine
from coursekit.grading.marks import bulk, gradebook
gradebook.library()
course, slug, inbox = Course(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
BORDERS = (
    ("the work on the hand-in", engine.Engine, "grade", "", "before"),
    ("the writing of its result", run, "write_json", "/results/", "before"),
    ("", os, "replace", "/results/", "before"),
    ("the result kept", os, "replace", "/results/", "after"),
    ("the gradebook's transaction", bulk.Writer, "enter", "", "before"),
    ("", bulk.Writer, "enter", "", "after"),
    ("the gradebook written", gradebook, "store", "", "after"),
    ("the work done", run, "write_json", "/autograded/", "before"),
)
class Stages:
    def __init__(self, deadly, seconds):
        self.deadly, self.seconds, self.now, self.since, self.lasted = deadly, seconds, "", 0, {}
        self.entered = threading.Event()
        if deadly:
            threading.Thread(target=self.wait, daemon=True).start()
    def wait(self):
        self.entered.wait()
        time.sleep(self.seconds)
        os.kill(os.getpid(), signal.SIGKILL)
    def enter(self, stage):
        if self.deadly and self.now == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)  # the latest moment of the stage
        moment = time.monotonic()
        self.lasted[self.now] = moment - self.since
        self.now, self.since = stage, moment
        if stage == self.deadly:
            self.entered.set()
    def watch(self, stage, owner, name, where, when):
        real = getattr(owner, name)
        def passed(*arguments, **named):
            hit = where in str(arguments)
            if hit and when == "before":
                self.enter(stage)
            value = real(*arguments, **named)
            if hit and when == "after":
                self.enter(stage)
            return value
        setattr(owner, name, passed)
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        stages = Stages(*(json.loads(line) or ("", 0)))
        for border in BORDERS:
            stages.watch(*border)
        collect(course, course.release(slug), inbox)
        run.grade(course, slug, workers=2)
        engine.close_all()
        stages.enter("")
        print(json.dumps(stages.lasted), flush=True)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Graders:
    """Starts graders one by one."""

    def __init__(self, process):
        self.process = process

    def begin(self, order):
        """Start one with an order, (stage, seconds) or None; returns its process number."""
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.read())

    def read(self):
        return self.process.stdout.readline()

    def whole(self):
        """Seconds of a run that nothing disturbs, and {stage: seconds}."""
        begin = time.monotonic()
        self.begin(None)
        lasted = json.loads(self.read())
        assert int(self.read()) == 0
        return time.monotonic() - begin, lasted

    def strike(self, stage, seconds):
        """Kill one after seconds of a stage, of the whole run when that is ""; False: it had ended by then."""
        pid = self.begin((stage, seconds) if stage else None)
        if not stage:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        told = self.read()
        ended = int(self.read() if told.startswith("{") else told)
        assert ended in (0, -signal.SIGKILL)
        return ended != 0


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
    assert all((read_json(path) or {}).get("status") == "graded" for path in found), "half a result was kept"
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


def moments(chance, whole, lasted):
    """The twenty moments of a kill, in a mixed order: (stage, "" for the whole run; seconds after its beginning)."""
    in_stages = [(name, (half + chance.random()) / 2 * lasted[name]) for name in EARLY + LATE for half in range(2)]
    in_all = [("", (part + chance.random()) / OF_THE_WHOLE * 0.95 * whole) for part in range(OF_THE_WHOLE)]
    chance.shuffle(found := in_stages + in_all)
    return found


def must_be_struck(stage, before, now):
    """A kill in a stage left what it must: no result of the new hand-in yet, or the first of this round."""
    if stage in EARLY:
        assert now == before, f"a result was kept before the end of {stage}"
    if stage in LATE:
        assert set(now) > set(before), f"no result was kept at {stage}"


def some_work(honest, number):
    """(student, hand-in): all right, wrong in the first question, or without an answer to the second."""
    student = f"s{number:02d}"
    if number % 3 == 1:
        return student, answer(honest(student), "q1", "share = 0")
    return student, honest(student, skip=("q2",) if number % 3 == 2 else ())


@contextmanager
def told_with(moment):
    """A failure inside says the seed and which kill went before it."""
    try:
        yield
    except AssertionError as fault:
        raise AssertionError(f"KILL_SEED={SEED}, killed in (stage, seconds) {moment}: {fault}") from fault


def undisturbed(course, release, inbox, tmp_path):
    """The same class, graded by a grader that nobody kills: (scores, results)."""
    other = make_course(tmp_path / "undisturbed", release)
    collect(other, release, inbox)
    grade(other, SLUG, workers=2)
    mark_by_hand(other, release, tmp_path)
    return scores(other, release), results(other)


def results(course):
    """{student: result} without the note which essays the gradebook knew before, which is of the way, not the end."""
    found = {path.stem: read_json(path) for path in (course.root / "results" / SLUG).glob("*.json")}
    return {student: {name: result[name] for name in result if name != "before"} for student, result in found.items()}


def struck_once(made, course, release, temporary, moment, state):
    """Kill a grader and look at what is left; returns whether it was struck, and what is kept and entered now."""
    (written, points), (stage, _) = state, moment
    struck = made.strike(*moment)
    now, entered = kept(course), scores(course, release)
    assert {student: now[student] for student in written} == written, "a kept result was lost or made again"
    assert {student: entered[student] for student in points} == points, "points were lost"
    must_be_struck(stage, written, now)
    assert stage != ALIVE or list(temporary.glob(f"{ROOM}*"))
    assert stage != IN_TRANSACTION or entered == points, "half a transaction was kept"
    return struck, (now, entered)


def test_twenty_kills_at_random_lose_and_repeat_nothing(course, release, tmp_path, honest):
    inbox, temporary, handed_in = tmp_path / "in", tmp_path / "tmp", []
    temporary.mkdir()

    def hand_in():
        student, content = some_work(honest, len(handed_in))
        put(inbox, student, content)
        handed_in.append(student)

    with graders(course, inbox, temporary) as made:
        hand_in()
        whole, lasted = made.whole()
        mark_by_hand(course, release, tmp_path)
        state, waiting, kills = (kept(course), scores(course, release)), moments(random.Random(SEED), whole, lasted), 0
        while waiting:
            stage, seconds = waiting.pop()
            hand_in()
            with told_with((stage, seconds)):
                struck, state = struck_once(made, course, release, temporary, (stage, seconds), state)
                assert struck or not stage
            kills += struck
            waiting += [] if struck else [(stage, seconds * 0.7)]  # too late for this grader: sooner next time
        made.whole()
    with told_with("the twentieth, then the same command to its end"):
        assert kills == 20
        assert {student: kept(course)[student] for student in state[0]} == state[0]
        the_end_is_that_of_an_undisturbed_run(course, release, inbox, tmp_path, handed_in)
        assert not list(temporary.glob(f"{ROOM}*")), "rooms of the killed graders hold hidden checks"
        assert not list(course.root.rglob("*.part")), "halves of files were left"


def the_end_is_that_of_an_undisturbed_run(course, release, inbox, tmp_path, handed_in):
    """Nobody is lost or entered twice, and points and results are those of a run without kills."""
    last = scores(course, release)
    assert list(last) == handed_in == [row["student"] for row in read_report(course, SLUG)]
    assert (last, results(course)) == undisturbed(course, release, inbox, tmp_path)
    assert len({tuple(got[question] for question in ("q1", "q2", "q3")) for got in last.values()}) == 3
    assert [student for student, got in last.items() if got["q4"] is not None] == ["s00"]
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        assert book.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (len(handed_in),)
