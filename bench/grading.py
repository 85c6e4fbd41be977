"""Grading: against plain nbgrader on the same hand-ins, one worker against two, a soak, and the marking desk.

Every hand-in draws a chart of its own, so no picture comes from the cache. `GRADING_HAND_INS`
(default 40) and `GRADING_SOAK` (default 1000) shrink the class while you work on the code.
Commands are timed whole, start-up included, in fresh folders with an empty gradebook each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXERCISE = Path(__file__).resolve().parents[1] / "tests" / "grading" / "exercises" / "90-sharing"
HAND_INS = int(os.environ.get("GRADING_HAND_INS", "40"))
SOAK = int(os.environ.get("GRADING_SOAK", "1000"))
_GRADE = """\
import sys
from pathlib import Path
from coursekit.grading.course import Course
from coursekit.grading.run import grade
summary = grade(Course(Path(sys.argv[1])), sys.argv[2], workers=int(sys.argv[3]))
assert not [row for row in summary.attention if "not graded" in row[1]], summary.attention
"""
# Runs a command and prints its seconds and its processor's. It adopts helpers whose own parent ends before them (36 is
# PR_SET_CHILD_SUBREAPER) and waits for them: else their processor time would be nobody's.
_TIMED = """\
import ctypes, os, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
begin = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall, end = time.perf_counter() - begin, time.monotonic() + 5
try:
    while time.monotonic() < end:
        if not os.waitpid(-1, os.WNOHANG)[0]:
            time.sleep(0.01)
except ChildProcessError:
    pass
times = os.times()
print(wall, times.children_user + times.children_system)
sys.exit(code)
"""


def run():
    """Rows (what, value, unit, goal) for ``python -m bench grading``."""
    from coursekit.exercises import release as releases

    release = releases.make(releases.load(EXERCISE), "bench")
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        ours = _ours(folder / "a", release, HAND_INS, 1, cores[:1])
        theirs = _nbgrader(folder / "b", release, HAND_INS, cores[:1])
        rounds = [
            [
                _ours(folder / f"{place}-{workers}", release, 5 * HAND_INS, workers, cores[:workers])
                for workers in (1, 2)
            ]
            for place in range(3)
        ]
        one, two = (min(times) for times in zip(*rounds, strict=True))
        yield f"nbgrader autograde, {HAND_INS} hand-ins, one core", theirs[0], "s", ""
        yield "course grade, the same, one core", ours[0], "s", ""
        yield "times faster on one core", theirs[0] / ours[0], "x", "15 or more"
        yield "nbgrader, processor time a hand-in", theirs[1] / HAND_INS, "s", ""
        yield "course grade, processor time a hand-in", ours[1] / HAND_INS, "s", ""
        yield "times less processor time", theirs[1] / ours[1], "x", "4 or more"
        yield f"course grade, {5 * HAND_INS} hand-ins, one worker on one core (best of 3)", one[0], "s", ""
        yield f"course grade, {5 * HAND_INS} hand-ins, two workers on two cores (best of 3)", two[0], "s", ""
        yield "two workers against one", one[0] / two[0], "x", "1.8 or more"
        if SOAK:
            soak = _ours(folder / "e", release, SOAK, 2, cores, charts=False)
            yield f"soak: {SOAK} hand-ins, two workers", soak[0], "s", ""
            yield "soak: processor time a hand-in", 1000 * soak[1] / SOAK, "ms", ""
        yield from _desk(folder / "f", release)


def _timed(command, cores, cwd=None):
    """(wall seconds, CPU seconds with all descendants) of a command that may use `cores` only."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, *command],
        check=True,
        cwd=cwd,
        capture_output=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        env={**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
    )
    wall, spent = map(float, done.stdout.split())
    return wall, spent


def _hand_in(release, student, charts=True):
    from coursekit.grading.demo import worked

    content = worked(release, student, len(student))
    for cell in content["cells"]:
        if charts and cell["id"] == "answer-q3":
            cell["source"] = f"{cell['source'].removesuffix('chart')}chart = chart.properties(title='{student}')\nchart"
    return content


def _collected(root, release, number, charts=True):
    """A course folder with `number` collected hand-ins and an empty gradebook."""
    from coursekit.exercises import release as releases
    from coursekit.files import write_json
    from coursekit.grading.course import Course
    from coursekit.grading.marks.gradebook import open_book

    course = Course(root)
    release.save(course.master(release.slug))
    releases.write_data(release, EXERCISE, root / "released" / f"{release.slug}-data")
    for place in range(number):
        student = f"s{place:04d}"
        write_json(course.submitted(release.slug, student), _hand_in(release, student, charts))
    with open_book(course):
        pass
    return course


def _desk(root, release):
    """Rows of the marking desk, over copies of one graded hand-in."""
    from bench import desk
    from coursekit.grading.run import grade

    course = _collected(root, release, 1)
    grade(course, release.slug, workers=1)
    yield from desk.run(course, release, "s0000")


def _ours(root, release, number, workers, cores, charts=True):
    _collected(root, release, number, charts)
    seconds = _timed([sys.executable, "-c", _GRADE, str(root), release.slug, str(workers)], cores)
    results = list((root / "results" / release.slug).glob("*.json"))
    passed = [
        all(status == "passed" for status, _ in json.loads(path.read_text())["checks"].values()) for path in results
    ]
    assert len(passed) == number and all(passed), "the benchmark's honest hand-ins lost points"
    shutil.rmtree(root)
    return seconds


def _nbgrader(root, release, number, cores):
    """Seconds of `nbgrader autograde` on the same hand-ins, its own way (a kernel each, checks inside)."""
    source = root / "source" / release.slug
    source.mkdir(parents=True)
    for place in ["", *(f"s{place:04d}" for place in range(number))]:
        target = root / "submitted" / place / release.slug if place else source
        (target / "data").mkdir(parents=True, exist_ok=True)
        shutil.copy(EXERCISE / "spending.csv", target / "data")
        (target / f"{release.slug}.ipynb").write_text(json.dumps(_for_nbgrader(release, place)))
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.ClearSolutions.enforce_metadata = False\n")
    program = [sys.executable, "-m", "nbgrader"]
    subprocess.run(
        [*program, "generate_assignment", release.slug],
        cwd=root,
        check=True,
        capture_output=True,
        env={**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
    )
    return _timed([*program, "autograde", release.slug], cores, cwd=root)


def _for_nbgrader(release, student):
    """The hand-in as nbgrader wants it: hidden checks are cells of the notebook, the key is computed beside them."""
    content = _hand_in(release, student or "nobody")
    cells, known = [], {cell["id"]: cell for cell in release.cells}
    for cell in content["cells"]:
        cells.append(cell)
        question = known.get(cell["id"], {}).get("question")
        last = [row["id"] for row in release.cells if row["question"] == question and not row["hidden"]][-1:]
        if question and [cell["id"]] == last:
            cells += [
                _hidden(release, row)
                for row in release.of_kind("check")
                if row["hidden"] and row["question"] == question
            ]
    return {**content, "cells": cells}


def _hidden(release, check):
    from coursekit.exercises.cells import solution

    solve = "\n".join(solution(cell["source"]) for cell in release.of_kind("answer"))
    source = (
        f"_space = dict(globals())\nexec({solve!r}, _space)\nfrom types import SimpleNamespace\n"
        f"key = SimpleNamespace(**{{name: _space[name] for name in {check['names']!r}}})\n{check['source']}"
    )
    return {
        "cell_type": "code",
        "id": check["id"],
        "source": source,
        "outputs": [],
        "execution_count": None,
        "metadata": {
            "nbgrader": {
                "grade_id": check["id"],
                "grade": True,
                "solution": False,
                "locked": True,
                "schema_version": 3,
                "task": False,
                "points": check["points"],
            }
        },
    }
