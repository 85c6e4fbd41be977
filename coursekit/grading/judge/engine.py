"""One grading engine a process: sandbox, clean checks and pictures for one release.

    bundle = Bundle(release_json, data)            # plain: travels to a cluster's workers
    result = grade(bundle, task)                   # task: {"student", "content", "digest"}

`grade` is a pure job: it depends only on its arguments and returns a plain dict (see `_result`).
It raises only when the machine or the instructor's side is at fault.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.grading.intake.rebuild import HandIn, HandInError, rebuild
from coursekit.grading.judge.check import Checker
from coursekit.grading.sandbox.picture import Pictures
from coursekit.grading.sandbox.sandbox import Outcome, Sandbox, Trusted, with_defaults

FORMAT = 2
_LONGEST_KEPT = 400  # characters of a coded value that a result keeps
ROOM = "course-room-"  # folders of this grader in the temporary folder, with its process number
OWNER = re.compile(rf"/{ROOM}(\d+)-")


@dataclass(frozen=True)
class Bundle:
    """A release's JSON text, its data files as (name, bytes), limits, and whether students are trusted."""

    release: str
    data: tuple = ()
    limits: tuple = ()
    trusted: bool = False

    @property
    def digest(self) -> str:
        """A short name of everything that can change a verdict."""
        text = repr(
            (
                FORMAT,
                self.release,
                [(name, hashlib.sha256(body).hexdigest()) for name, body in self.data],
                self.limits,
                self.trusted,
            )
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def sweep() -> None:
    """End the processes and remove the folders that killed graders left behind: the folders hold hidden checks."""
    for process in _abandoned():
        with suppress(OSError):  # it has ended meanwhile, or is another user's
            os.kill(process, signal.SIGKILL)
    for folder in Path(tempfile.gettempdir()).glob(f"{ROOM}*-*"):
        owner = folder.name.removeprefix(ROOM).split("-")[0]
        mine = folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid()
        if mine and owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _abandoned() -> Iterator[int]:
    """Halves of bubblewrap, killed while it opened the room of a grader that is gone too: they would wait for ever."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            program, *words = (place / "cmdline").read_text(errors="replace").split("\0")
            owner = next((found[1] for word in words if (found := OWNER.search(word))), "")
            if program.endswith("bwrap") and owner and not Path("/proc", owner).exists():
                yield int(place.name)


class Engine:
    """Sandbox, checker and a small picture cache in a temporary folder."""

    def __init__(self, bundle: Bundle) -> None:
        self.release = Release(**json.loads(bundle.release))
        self.limits = with_defaults({**self.release.limits, **dict(bundle.limits)})
        self.trusted = bundle.trusted
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{ROOM}{os.getpid()}-"))
        data = self.folder / "data"
        data.mkdir()
        for name, body in bundle.data:
            (data / name).write_bytes(body)
        (self.folder / "release.json").write_text(bundle.release, encoding="utf-8")
        self.sandbox = (Trusted if self.trusted else Sandbox)(data)
        self.checker = Checker(self.folder, None if self.trusted else self.sandbox)
        self.artist, self.pictures = Pictures(self.trusted), {}
        self.places = nullcontext()
        if "altair" in bundle.release:
            self.artist.begin()

    def at_a_time(self, number: int) -> None:
        """Let student code of this many hand-ins run at a time, however many threads grade."""
        self.places = threading.Semaphore(number)

    def close(self) -> None:
        """Stop the processes and remove the folder."""
        self.sandbox.__exit__()
        self.checker.__exit__()
        self.artist.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def grade(self, task: dict) -> dict:
        """Grade one hand-in: run, check, draw."""
        student, release = task["student"], self.release
        worked_as = task.get("worked_as") or student  # whose numbers the notebook worked on
        try:
            hand_in = rebuild(task["content"], release)
        except HandInError as fault:
            return {"student": student, "digest": task["digest"], "status": "unreadable", "reason": str(fault)}
        for cell in hand_in.cells:
            if cell["kind"] == "student-id":
                cell["source"] = f"STUDENT_ID = {worked_as!r}"
        cells = [{"index": number, **cell} for number, cell in enumerate(hand_in.cells)]
        with self.places:
            outcome = self.sandbox.run(cells, self.limits)
        answers = {cell["id"]: outcome.answers.get(cell["index"], {}) for cell in cells if cell["kind"] == "check"}
        verdicts = self.checker.verdicts(release.case(worked_as), answers)
        return _result(task, hand_in, cells, outcome, verdicts, self.draw)

    def draw(self, spec: dict) -> str:
        """The PNG of a chart as base64 text, or "" ; equal charts are drawn once."""
        text = json.dumps(spec, sort_keys=True)
        key = hashlib.sha256(text.encode()).digest()
        picture = self.pictures.get(key)
        if picture is None:
            if len(self.pictures) > 500:
                self.pictures.clear()  # another thread may be at any of these lines
            png = self.artist.draw(spec) if len(text) < 2 << 20 else None
            picture = self.pictures[key] = base64.b64encode(png).decode() if png else ""
        return picture


def _result(
    task: dict, hand_in: HandIn, cells: list[dict], outcome: Outcome, verdicts: dict, draw: Callable[[dict], str]
) -> dict:
    """The plain record of a graded hand-in: what the gradebook, the feedback and the exports need."""
    ran = [(cell, outcome.done.get(cell["index"])) for cell in cells if cell["kind"] in ("answer", "extra")]
    shown = [_shown(cell, record, draw) for cell, record in ran if record is not None]
    errors = {row["question"]: row["error"] for row in shown if row["error"] and row["kind"] == "answer"}
    _add_answered_charts(shown, cells, outcome, draw)
    return {
        "student": task["student"],
        "digest": task["digest"],
        "status": "graded",
        "version": hand_in.version,
        "typed_id": hand_in.typed_id,
        "worked_as": task.get("worked_as") or task["student"],
        "notes": hand_in.notes,
        "cells": shown,
        "essays": hand_in.essays,
        "checks": verdicts,
        "errors": errors,
        "values": _values(cells, outcome),
        "attempts": outcome.attempts,
    }


def _values(cells: list[dict], outcome: Outcome) -> dict[str, dict]:
    """{name: coded value} of all that the checks asked for; a long value is only told by its kind."""
    answers = [outcome.answers.get(cell["index"], {}) for cell in cells if cell["kind"] == "check"]
    found = {name: coded for values in answers for name, coded in values.items()}
    return {name: coded if len(str(coded)) <= _LONGEST_KEPT else {"k": coded.get("k")} for name, coded in found.items()}


def _shown(cell: dict, record: dict, draw: Callable[[dict], str]) -> dict:
    """What a marker sees of a cell that ran."""
    kept = {name: cell[name] for name in ("id", "kind", "question", "source")}
    png = draw(record["chart"]) if record["chart"] else ""
    return {**kept, "text": record["text"], "error": record["error"], "png": png}


def _add_answered_charts(shown: list[dict], cells: list[dict], outcome: Outcome, draw: Callable[[dict], str]) -> None:
    """A chart that was handed in as an answer but not shown in its cell gets its picture too."""
    for question, spec in _answered_charts(cells, outcome):
        row = next((row for row in shown if row["question"] == question), None)
        if row is not None and not row["png"]:
            row["png"] = draw(spec)


def _answered_charts(cells: list[dict], outcome: Outcome) -> Iterator[tuple[str, dict]]:
    """(question, specification) of each chart among the answers."""
    for cell in cells:
        values = outcome.answers.get(cell["index"], {}).values() if cell["kind"] == "check" else ()
        yield from ((cell["question"], value["v"]) for value in values if _is_chart(value))


def _is_chart(value: dict) -> bool:
    return value.get("k") == "chart" and isinstance(value.get("v"), dict)


_engines, _lock = {}, threading.Lock()


def grade(bundle: Bundle, task: dict) -> dict:
    """Grade one task with this process's engine for the bundle (made at first use)."""
    return engine(bundle).grade(task)


def engine(bundle: Bundle) -> Engine:
    """This process's engine for the bundle."""
    with _lock:
        if bundle.digest not in _engines:
            close_all()
            _engines[bundle.digest] = Engine(bundle)
        return _engines[bundle.digest]


def close_all() -> None:
    """Close every engine of this process."""
    for name in list(_engines):
        _engines.pop(name).close()


atexit.register(close_all)
