"""Kill and resume, two graders at once, a locked gradebook, a cluster whose worker dies."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from coursekit.grading import run as grading
from coursekit.grading.course import CourseError, read_json
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge.check import Checker
from coursekit.grading.marks import rubric as marks
from coursekit.grading.marks.exports import rows
from coursekit.grading.sandbox.room import SandboxError
from coursekit.grading.sandbox.sandbox import Sandbox

from .conftest import SLUG, answer, grade, put

ROOT = Path(__file__).resolve().parents[2]
GRADE = """
import sys
from pathlib import Path
from coursekit.grading.course import Course
from coursekit.grading.run import grade
grade(Course(Path(sys.argv[1])), sys.argv[2], workers=2)
"""


def fill(course, release, tmp_path, honest, number, slow=0):
    for place in range(number):
        student = f"s{place:02d}"
        content = honest(student)
        if slow:
            cell = next(cell for cell in content["cells"] if cell["id"] == "answer-q3")
            cell["source"] = f"import time\ntime.sleep({slow})\n" + cell["source"]
        put(tmp_path / "in", student, content)
    collect(course, release, tmp_path / "in")


def machine_points(course, release):
    return {
        row["student"]: (row["questions"].get("q1"), row["questions"].get("q2"), row["questions"].get("q3"))
        for row in rows(course, release)
    }


def start(course):
    return subprocess.Popen(
        [sys.executable, "-c", GRADE, str(course.root), SLUG],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(course.root)},
    )


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def kept(course):
    return sorted((course.root / "results" / SLUG).glob("s*.json"))


def test_a_killed_grader_loses_and_repeats_nothing(course, release, tmp_path, honest):
    fill(course, release, tmp_path, honest, 8, slow=0.7)
    process = start(course)
    wait_for(lambda: len(kept(course)) >= 3 or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    assert "Traceback" not in process.communicate()[1]
    before = {path: path.stat().st_mtime_ns for path in kept(course)}
    assert 3 <= len(before) < 8
    summary = grade(course, SLUG, workers=2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert summary.counts["waiting"] == 8
    assert set(machine_points(course, release).values()) == {(4, 3, 4)}
    assert grade(course, SLUG, workers=2).counts["unchanged"] == 8


@pytest.mark.parametrize("moment", [b"sandbox.runner", b"/usr/bin/cat"], ids=["while it starts", "in a room"])
def test_no_process_of_a_killed_grader_stays_or_complains(course, release, tmp_path, honest, moment):
    fill(course, release, tmp_path, honest, 2, slow=2.5)
    process = start(course)
    wait_for(lambda: _descendants(process.pid, moment))
    mine = _descendants(process.pid, b"")
    process.kill()
    assert "Traceback" not in process.communicate()[1]  # the line to the grader is gone: no reason to shout
    wait_for(lambda: not [pid for pid in mine if _alive(pid)], 15)


def _descendants(pid, word):
    found, queue = [], [pid]
    while queue:
        parent = queue.pop()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                    child = int(path.parent.name)
                    queue.append(child)
                    if word in (path.parent / "cmdline").read_bytes().replace(b"\0", b" "):
                        found.append(child)
            except (OSError, ValueError):
                continue
    return found


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_killed_between_result_and_gradebook(course, release, tmp_path, honest, monkeypatch):
    fill(course, release, tmp_path, honest, 3)
    with monkeypatch.context() as patch:
        patch.setattr(grading.gradebook, "store", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            grade(course, SLUG, workers=1)
    assert len(kept(course)) == 3 and set(machine_points(course, release).values()) == {(None, None, None)}
    monkeypatch.setattr(grading, "probe", lambda *rest: pytest.fail("something ran again"))
    grade(course, SLUG)
    assert set(machine_points(course, release).values()) == {(4, 3, 4)}


def test_a_damaged_result_is_made_again(course, release, tmp_path, honest):
    fill(course, release, tmp_path, honest, 1)
    grade(course, SLUG, workers=1)
    kept(course)[0].write_text('{"student": "s00", "dig')
    grade(course, SLUG, workers=1)
    assert read_json(kept(course)[0])["status"] == "graded"


def test_two_graders_at_once(course, release, tmp_path, honest):
    fill(course, release, tmp_path, honest, 1)
    with (course.root / ".grading.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write("4242")
        stream.flush()
        with pytest.raises(CourseError, match="Another grader is at work.*process 4242"):
            grade(course, SLUG)
    assert grade(course, SLUG, workers=1).counts["waiting"] == 1


def test_a_locked_gradebook_says_so_and_loses_nothing(course, release, tmp_path, honest, monkeypatch):
    fill(course, release, tmp_path, honest, 1)
    grade(course, SLUG, workers=1)
    put(tmp_path / "in", "s00", answer(honest("s00"), "q1", "share = 0"))
    collect(course, release, tmp_path / "in")
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(grading.gradebook, "_PATIENCE", 1)
    with pytest.raises(CourseError, match="locked by another program.*Nothing is lost"):
        grade(course, SLUG, workers=1)
    other.execute("ROLLBACK")
    other.close()
    grade(course, SLUG, workers=1)
    assert machine_points(course, release)["s00"] == (0, 3, 4)


def test_marks_by_hand_survive_a_regrade_unless_the_essay_changes(course, release, tmp_path, honest):
    fill(course, release, tmp_path, honest, 2)
    grade(course, SLUG, workers=1)
    form = tmp_path / "marks.csv"
    form.write_text(
        "student,question,criterion,points\n"
        + "".join(
            f"{student},q4,{row['id']},{row['points']}\n" for student in ("s00", "s01") for row in release.rubric["q4"]
        )
    )
    assert marks.load(course, release, form).stored == 2
    changed = honest("s01")
    next(cell for cell in changed["cells"] if cell["id"] == "answer-q4")["source"] += " And one thing more."
    put(tmp_path / "in", "s01", changed)
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=1, regrade=True)
    found = {row["student"]: (row["questions"]["q4"], row["total"], row["status"]) for row in rows(course, release)}
    assert found == {"s00": (5, 16, "graded"), "s01": (None, None, "waiting")}


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two worker processes on loopback; (address, workers)."""
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s", "TMPDIR": str(tmp_path)}
    log = (tmp_path / "scheduler.log").open("w")
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(tmp_path / "s.json"),
        ],
        stderr=log,
        stdout=log,
        env=environment,
    )
    wait_for(lambda: (tmp_path / "s.json").exists())
    address = (read_json(tmp_path / "s.json") or {}).get("address")
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--local-directory",
                str(tmp_path / f"w{place}"),
            ],
            stderr=log,
            stdout=log,
            cwd=ROOT,
            env=environment,
        )
        for place in range(2)
    ]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
    log.close()


def test_a_cluster_grades_and_a_dying_worker_loses_nothing(course, release, tmp_path, honest, cluster, monkeypatch):
    address, workers = cluster
    fill(course, release, tmp_path, honest, 10, slow=0.7)
    seen = []

    def watch(jobs, total):
        for job in jobs:
            seen.append(job[0]["student"])
            if len(seen) == 2:
                workers[0].kill()
            yield job

    summary = grade(course, SLUG, scheduler=address, progress=watch)
    assert workers[0].wait(10) != 0 and workers[1].poll() is None
    assert sorted(seen) == [f"s{place:02d}" for place in range(10)]
    assert summary.counts["waiting"] == 10 and not summary.attention
    assert set(machine_points(course, release).values()) == {(4, 3, 4)}


@pytest.mark.parametrize("times, reasons", [(3, []), (4, ["not graded: no memory"])])
def test_what_fails_for_the_machines_reason_is_tried_again(
    course, release, tmp_path, honest, monkeypatch, times, reasons
):
    fill(course, release, tmp_path, honest, 2)
    real, left = Sandbox.once, [SandboxError("no memory"), OSError("no memory")] * 2

    def once(sandbox, job, limits):
        if len(left) > 4 - times and "s01" in str(job):
            raise left.pop()
        return real(sandbox, job, limits)

    monkeypatch.setattr(Sandbox, "once", once)
    summary = grading.grade(course, SLUG, workers=1)
    assert len(left) == 4 - times and [reason for _, reason in summary.attention] == reasons
    assert summary.counts["waiting"] == 2 - len(reasons)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_code_of_so_many_hand_ins_runs_at_a_time_while_one_more_is_judged(
    course, release, tmp_path, honest, monkeypatch, workers
):
    fill(course, release, tmp_path, honest, 5)
    real, running, most, another = Sandbox.run, [], [], threading.Event()

    def run(sandbox, cells, limits=None):
        running.append(cells)
        most.append(len(running))
        if len(most) == workers + 2:  # the probe's run and the first hand-ins are over: the judge of one waits for this
            another.set()
        time.sleep(0.05)
        try:
            return real(sandbox, cells, limits)
        finally:
            running.pop()

    def verdicts(checker, case, answers):
        if len(most) == workers + 1:
            assert another.wait(20), "no other hand-in ran while this one was judged"
        return judge(checker, case, answers)

    judge = Checker.verdicts
    monkeypatch.setattr(Sandbox, "run", run)
    monkeypatch.setattr(Checker, "verdicts", verdicts)
    assert grade(course, SLUG, workers=workers).counts["waiting"] == 5
    assert max(most) == workers


def test_no_scheduler_is_one_sentence(course, release, tmp_path, honest, monkeypatch):
    fill(course, release, tmp_path, honest, 1)
    from coursekit.grading import cluster as cluster_module

    monkeypatch.setattr(cluster_module, "_TIMEOUT", "1s")
    with pytest.raises(CourseError, match="No Dask scheduler answers at tcp://127.0.0.1:1"):
        grade(course, SLUG, scheduler="tcp://127.0.0.1:1")


def test_a_mark_goes_with_a_changed_essay_though_the_grader_was_killed_before_the_gradebook(
    course, release, tmp_path, honest, monkeypatch
):
    fill(course, release, tmp_path, honest, 1)
    grade(course, SLUG, workers=1)
    form = tmp_path / "marks.csv"
    lines = [f"s00,q4,{row['id']},{row['points']}\n" for row in release.rubric["q4"]]
    form.write_text("student,question,criterion,points\n" + "".join(lines))
    assert marks.load(course, release, form).stored == 1
    changed = honest("s00")
    next(cell for cell in changed["cells"] if cell["id"] == "answer-q4")["source"] += " And one thing more."
    put(tmp_path / "in", "s00", changed)
    collect(course, release, tmp_path / "in")
    with monkeypatch.context() as patch:
        patch.setattr(grading.gradebook, "store", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            grade(course, SLUG, workers=1)
    grade(course, SLUG, workers=1, regrade=True)
    assert [row["status"] for row in rows(course, release)] == ["waiting"]


def test_halves_of_files_of_a_killed_grader_are_removed(course, release, tmp_path, honest):
    fill(course, release, tmp_path, honest, 1)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    folder = course.root / "results" / SLUG
    folder.mkdir(parents=True)
    left, written = folder / f".s00.json.{dead.pid}.part", folder / f".s01.json.{os.getpid()}.part"
    left.write_text('{"half')
    written.write_text('{"half')
    grade(course, SLUG, workers=1)
    assert not left.exists() and written.exists()
