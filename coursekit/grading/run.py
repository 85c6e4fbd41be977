"""Grade everything that was collected for an exercise: run, keep, write the gradebook; resumable.

Each finished job is first kept as results/<exercise>/<student>.json with a digest of all it
depended on, then written to the gradebook, then to autograded/ with the same digest. Running the
same command after a crash repeats nothing that was kept and finishes what was not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from coursekit.exercises.release import Release
from coursekit.files import remove_halves, write_json
from coursekit.grading.cluster import begin, probe, run_jobs
from coursekit.grading.course import Course, CourseError, read_json
from coursekit.grading.intake.archives import NOTEBOOK_BYTES
from coursekit.grading.intake.notebooks import parse
from coursekit.grading.intake.rebuild import HandInError
from coursekit.grading.judge.engine import Bundle, sweep
from coursekit.grading.marks import gradebook
from coursekit.grading.marks.library import library
from coursekit.grading.marks.marked import marked_notebook

_BATCH = 25


@dataclass
class Summary:
    """What a run did: counts by status, and (student, reason) for what needs a human."""

    counts: Counter = field(default_factory=Counter)
    attention: list = field(default_factory=list)
    trusted: bool = False

    def line(self) -> str:
        """The last line of the command."""
        names = ("graded", "repaired", "unreadable", "waiting", "ask", "missing", "not graded", "unchanged")
        return ", ".join(f"{self.counts[name]} {name}" for name in names if self.counts[name] or name == "graded")

    def next(self, slug: str) -> list[str]:
        """The command that comes next, in a list: answers in words wait for a marker, else students for feedback."""
        if self.counts["waiting"]:
            return [f"marks page {slug}"]
        return [f"feedback {slug}"] if self.counts["graded"] + self.counts["repaired"] else []


def make_bundle(
    course: Course, release: Release, limits: dict[str, int] | None = None, trusted: bool = False
) -> Bundle:
    """Everything a job needs besides the hand-in. Raises CourseError when a data file of the release is missing."""
    text = json.dumps(asdict(release), ensure_ascii=False, sort_keys=True)
    data = course.data(release.slug)
    missing = set(release.data) - {name for name, _ in data}
    if missing:
        raise CourseError(
            f"The instructor's data files {', '.join(sorted(missing))} of {release.slug} are missing in "
            f"{course.root / 'released'}; run `course exercise release` again."
        )
    return Bundle(text, data, tuple(sorted((limits or {}).items())), trusted)


def grade(
    course: Course,
    slug: str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    only: Sequence[str] = (),
    regrade: bool = False,
    limits: dict[str, int] | None = None,
    trusted: bool = False,
    progress: Callable[[Iterable, int], Iterable] = lambda jobs, total: jobs,
) -> Summary:
    """Grade the collected hand-ins of `slug`. One grader a folder at a time.

    workers: hand-ins at a time, None: one for each core. limits: seconds of a cell and megabytes that differ from the
    release's. progress: walks over the jobs, of which it is told the number. Raises CourseError (nothing is lost) and
    SandboxError (nothing ran).
    """
    release = course.release(slug)
    bundle = make_bundle(course, release, limits, trusted)
    with course.lock():
        _tidy(course)
        tasks = _tasks(course, release, bundle, only)
        todo = [task for task in tasks if regrade or not _kept(course, slug, task)]
        summary = Summary(trusted=trusted)
        if todo:
            begin(bundle, scheduler)
            library()
            probe(bundle, scheduler)
        course.write_config()
        with run_jobs(bundle, todo, workers or os.cpu_count() or 1, scheduler) as jobs:
            done = progress(jobs, len(todo))
            _keep(course, release, summary, done, [task for task in tasks if task not in todo])
    _count(course, release, summary)
    return summary


def _keep(course: Course, release: Release, summary: Summary, jobs: Iterable, before: list[dict]) -> None:
    """Write finished jobs, and what earlier runs left over, to the gradebook."""
    with gradebook.open_book(course) as book:
        gradebook.patient(gradebook.prepare, book, release)
        desk = _Desk(course, release, book, summary)
        desk.left_over(before)
        for task, result in jobs:
            desk.take(task, result)
        desk.flush()
        gradebook.patient(gradebook.refresh_lateness, book, release, course)


def _tidy(course: Course) -> None:
    """Remove what a killed grader left: its temporary rooms, which hold hidden checks, and halves of files."""
    sweep()
    for folder in ("results", "autograded", "submitted", "originals", "reports"):
        remove_halves(course.root / folder)


def _tasks(course, release, bundle, only):
    students = course.collected(release.slug)
    for student in only:
        if student not in students:
            raise CourseError(f"There is no collected hand-in of {student!r} for {release.slug}.")
    return [_task(course, release, bundle, student) for student in students if not only or student in only]


def _task(course, release, bundle, student):
    path = course.submitted(release.slug, student)
    try:
        body = path.read_bytes()[:NOTEBOOK_BYTES]
        content = parse(body)
    except (OSError, HandInError):
        body, content = b"", None
    digest = hashlib.sha256(b"|".join([body, bundle.digest.encode()])).hexdigest()[:24]
    worked_as = ((content or {}).get("metadata", {}).get("course") or {}).get("worked_as", "")
    return {"student": student, "content": content, "digest": digest, "worked_as": worked_as}


def _kept(course, slug, task):
    """Whether the result of exactly this task is on disk."""
    result = read_json(course.result(slug, task["student"]))
    return isinstance(result, dict) and result.get("digest") == task["digest"]


class _Desk:
    """Takes finished jobs: keeps each at once, writes them to the gradebook in batches."""

    def __init__(self, course, release, book, summary):
        self.course, self.release, self.book, self.summary = course, release, book, summary
        self.roster, self.waiting = course.roster(), []

    def take(self, task: dict, result: dict | BaseException) -> None:
        """Keep one finished job (a result or what it raised)."""
        if isinstance(result, BaseException):
            self.summary.attention.append((task["student"], f"not graded: {result}"))
            return
        path = self.course.result(self.release.slug, task["student"])
        result["before"] = self._entered(read_json(path) or {})
        write_json(path, result)
        self.enter(result)

    def _entered(self, result: dict) -> dict | None:
        """The essays to which marks by hand in the gradebook belong: of a result that got there, or of one before."""
        marked = read_json(self.course.autograded(self.release.slug, result.get("student", ""))) or {}
        return result.get("essays" if _digest(marked) == result.get("digest") else "before")

    def enter(self, result: dict) -> None:
        """Queue a kept result for the gradebook."""
        if result["status"] != "graded":
            self.summary.attention.append((result["student"], result["reason"]))
            return
        self.waiting.append(result)
        if len(self.waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the queued results to the gradebook, then for the marker."""
        entries = [(result, result.get("before"), self.roster.get(result["student"])) for result in self.waiting]
        gradebook.patient(gradebook.store, self.book, self.release, entries)
        for result in self.waiting:
            write_json(
                self.course.autograded(self.release.slug, result["student"]), marked_notebook(self.release, result)
            )
        self.waiting = []

    def left_over(self, tasks: Iterable[dict]) -> None:
        """Enter results that were kept by an earlier run but had not reached the gradebook."""
        for task in tasks:
            marked = read_json(self.course.autograded(self.release.slug, task["student"])) or {}
            result = read_json(self.course.result(self.release.slug, task["student"]))
            if _digest(marked) != task["digest"]:
                self.enter(result)
            else:
                self.summary.counts["unchanged"] += 1


def _digest(notebook: dict) -> str | None:
    """Of which task a notebook for the marker was made."""
    return notebook.get("metadata", {}).get("course", {}).get("digest")


def _count(course, release, summary):
    """Count every known student by status; list what needs a human."""
    from coursekit.grading.marks.exports import rows

    listed = {student for student, _ in summary.attention}
    for row in rows(course, release):
        summary.counts[row["status"]] += 1
        if row["status"] in ("unreadable", "ask") and row["student"] not in listed:
            summary.attention.append((row["student"], row["reason"]))
    for student in course.collected(release.slug):
        summary.attention += [(student, sentence) for sentence in _broken(course, release, student)]


def _broken(course: Course, release: Release, student: str) -> list[str]:
    """What the checks say that could not run: a fault of the instructor's side."""
    result = read_json(course.result(release.slug, student)) or {}
    return [sentence for status, sentence in (result.get("checks") or {}).values() if status == "broken"]
