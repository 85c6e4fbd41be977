"""Run a hand-in's cells where they can do no harm, and bring back plain records.

    with Sandbox(data_folder) as sandbox:      # one per grading process
        sandbox.probe()                        # SandboxError unless isolation really works
        outcome = sandbox.run(cells, limits)   # Outcome; never raises for what a student wrote

A cell that ends, blocks or floods the process is marked and the rest is run again without it,
at most twice. `Trusted` has the same methods without isolation.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

from coursekit.grading.sandbox.room import CURES, Room, SandboxError, python_folders, student_uid
from coursekit.grading.sandbox.wire import Records

LIMITS = {"seconds": 10, "megabytes": 1500, "file_megabytes": 32, "disk_megabytes": 64, "processes": 4}
ATTEMPTS = 3
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "HOME": "/",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}
# What the probe runs inside a room. Python may live in a home folder: the way to it is empty but for Python itself.
_LOOK = """\
import os, socket

def strangers(folder, python):
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if path in python:
            continue
        if any(place.startswith(path + "/") for place in python):
            yield from strangers(path, python)
        else:
            yield path

def look(python):
    for folder in ("/home", "/root", "/mnt", "/media", "/srv"):
        yield from (f"{path} can be seen" for path in strangers(folder, python))
    if os.path.exists("/etc"):
        yield "/etc can be seen"
    if os.getuid() == 0:
        yield "student code would run as root"
    if os.access("/usr", os.W_OK):
        yield "/usr can be written"
    try:
        socket.socket()
    except OSError:
        return
    yield "a network socket can be opened"

"""
_WHY = {
    "time": "The cell ran longer than the time allowed.",
    "flood": "The cell sent more output than allowed.",
    "died": "The cell ended the whole process.",
}


@dataclass
class Outcome:
    """done: cell index -> {"text", "error", "chart"}; answers: check index -> {name: coded}."""

    done: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    attempts: int = 0


def with_defaults(limits: dict[str, int] | None) -> dict[str, int]:
    """`limits` completed from LIMITS: seconds of one cell, memory, disk, processes."""
    return {**LIMITS, **(limits or {})}


class _Runner:
    """What both ways of running share: the attempts and the marking of deadly cells."""

    def run(self, cells: list[dict], limits: dict[str, int] | None = None) -> Outcome:
        """Run `cells` (dicts with index, kind, source, names) in order; an `Outcome`."""
        limits = with_defaults(limits)
        marked, attempt = {}, 0
        plain = [{name: cell[name] for name in ("index", "kind", "source", "names")} for cell in cells]
        while attempt < ATTEMPTS:
            attempt += 1
            job = {"cells": plain, "skip": sorted(marked), "cell_seconds": limits["seconds"]}
            records, why = self.once(job, limits)
            culprit = records.started
            if records.ended or culprit is None or culprit in marked:
                break
            marked[culprit] = {"text": "", "error": _WHY[why], "chart": None}
        known = {cell["index"] for cell in cells}
        return Outcome({**_of(known, records.done), **marked}, _of(known, records.answers), attempt)


def _of(known, records):
    """The records of cells that were asked for: a student's code may write any index."""
    return {index: record for index, record in records.items() if index in known}


class Sandbox(_Runner):
    """Isolated runs: a warmed template process and a fresh bubblewrap room for each run."""

    def __init__(self, data=None):
        self.data, self.lock = data, threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.template = subprocess.Popen(
                [sys.executable, "-I", "-m", "coursekit.grading.sandbox.runner", "serve", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        self.line, self.ready = ours, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()
        self.template.kill()
        self.template.wait()

    def _wait_until_ready(self):
        with self.lock:
            if not self.ready and self.line.recv(16) != b"ready":
                raise SandboxError("the sandbox's Python could not start; is pandas and altair installed?")
            self.ready = True

    def start(self, program: str, handle: int, *words: str) -> None:
        """Start a program of ours (a module with `serve(handle, *words)`) out of the warmed template.

        It saves the second that the libraries need to load. No student code has ever run in the template, and the
        program ends with it.
        """
        self._send({"program": program, "words": words}, [handle])

    def probe(self) -> None:
        """Run a cell that looks around; raise SandboxError unless it sees nothing it must not."""
        look = f"{_LOOK}seen = '; '.join(look({python_folders()!r}))\n"
        cells = [
            {"index": 0, "kind": "given", "source": look, "names": []},
            {"index": 1, "kind": "check", "source": "", "names": ["seen"]},
        ]
        try:
            outcome = self.run(cells)
        except (SandboxError, OSError) as fault:
            raise SandboxError(f"Student code cannot be isolated here: {fault}\nWays to fix it:\n{CURES}") from None
        seen = outcome.answers.get(1, {}).get("seen", {}).get("v")
        if seen != "":
            raise SandboxError(
                f"The sandbox leaks ({seen or outcome.done}); nothing was graded.\nWays to fix it:\n{CURES}"
            )

    def once(self, job: dict, limits: dict[str, int]) -> tuple[Records, str]:
        """One run in a fresh room: (Records, reason it did not end)."""
        self._wait_until_ready()
        with Room(self.data, limits) as room:
            pipes = [os.pipe(), os.pipe()]
            (result, send_result), (status, send_status) = pipes
            with tempfile.TemporaryFile() as text:
                text.write(json.dumps(job).encode())
                text.flush()
                self._ask(room, limits, [text.fileno(), send_result, send_status])
            os.close(send_result)
            os.close(send_status)
            try:
                return _listen(result, status, limits)
            finally:
                os.close(result)
                os.close(status)

    def _ask(self, room, limits, handles):
        run_limits = {**limits, "seconds": limits["seconds"] * 4 + 5}
        request = {"pid": room.pid, "uid": student_uid(), "limits": run_limits}
        try:
            self._send(request, handles)
        except SandboxError:
            for handle in handles[1:]:
                os.close(handle)
            raise

    def _send(self, request, handles):
        try:
            with self.lock:
                socket.send_fds(self.line, [json.dumps(request).encode()], handles)
        except OSError:
            raise SandboxError("the sandbox's template process is gone; run the same command again.") from None


class Trusted(_Runner):
    """Runs without isolation: only for students you trust (--trust-students)."""

    def __init__(self, data=None):
        self.data = data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def probe(self) -> None:
        """Nothing to probe."""

    def once(self, job: dict, limits: dict[str, int]) -> tuple[Records, str]:
        """One run in a plain process in a temporary folder: (Records, reason it did not end)."""
        records = Records()
        with tempfile.TemporaryDirectory() as folder:
            if self.data is not None:
                os.symlink(self.data, os.path.join(folder, "data"))
            program = [sys.executable, "-I", "-m", "coursekit.grading.sandbox.runner", "once"]
            try:
                answer = subprocess.run(
                    program,
                    input=json.dumps(job).encode(),
                    cwd=folder,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    timeout=limits["seconds"] * 4 + 20,
                )
                output, why = answer.stdout, "died"
            except subprocess.TimeoutExpired as late:
                output, why = late.stdout or b"", "time"
        records.feed(output)
        return records, why


def _listen(result, status, limits):
    """Read records until the student's process ends, floods or runs out of time."""
    records, clock = Records(), _Clock(limits["seconds"])
    with selectors.DefaultSelector() as selector:
        selector.register(result, selectors.EVENT_READ)
        selector.register(status, selectors.EVENT_READ)
        while ready := {key.fd for key, _ in selector.select(clock.left())}:
            if result not in ready:
                _raise_fault(os.read(status, 4096))
                return records, "died"
            data = os.read(result, 1 << 16)
            records.feed(data)
            if records.full:
                return records, "flood"
            if not data:
                selector.unregister(result)
            clock.see(records.started)
    return records, "time"


class _Clock:
    """The time left for the running cell and for the whole run."""

    def __init__(self, seconds):
        self.seconds, self.cell = seconds, None
        self.end = time.monotonic() + seconds * 4 + 10
        self.cell_end = time.monotonic() + seconds + 3

    def see(self, cell: int | None) -> None:
        """Note which cell runs now."""
        if cell != self.cell:
            self.cell, self.cell_end = cell, time.monotonic() + self.seconds + 3

    def left(self) -> float:
        """Seconds until the first limit."""
        return max(0, min(self.end, self.cell_end) - time.monotonic())


def _raise_fault(ending):
    """SandboxError when the room could not be entered or closed (the machine's fault, not the student's)."""
    first, _ = json.JSONDecoder().raw_decode((ending or b"{}").decode())  # the visitor's word may stand behind it
    if fault := first.get("fault"):
        raise SandboxError(fault)
