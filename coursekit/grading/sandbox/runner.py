"""The program beside the sandbox: imports the libraries once, then forks one child per hand-in.

`python -I -m coursekit.grading.sandbox.runner serve FD` is the template. It never sees student code or
answers. For each request on the socket FD it forks; the fork walks into the room it is told
(`confine.enter`), forks again, gives up every right (`confine.surrender`) and only then reads
the job and runs it. Nothing of the template can be reached from there: other processes, files
and the socket belong to other namespaces and are closed.
`python -I -m coursekit.grading.sandbox.runner once` runs one job from standard input without isolation
(--trust-students).
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib
import inspect
import io
import json
import os
import signal
import socket
import sys
import types

from coursekit.grading.sandbox import wire
from coursekit.grading.sandbox.room import DESK
from coursekit.grading.sandbox.warm import leave_out, warm


def serve(number: int) -> None:
    """Answer requests until the other end of the socket closes, or is gone because the grader was killed."""
    from coursekit.grading.sandbox import confine  # noqa: F401, every fork uses it; this import needs Linux

    warm()
    line = socket.socket(fileno=number)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        line.send(b"ready")
        while True:
            message, handles, _, _ = socket.recv_fds(line, 65536, 3)
            if not message:
                return
            if os.fork() == 0:
                line.close()
                _obey(json.loads(message), handles)
            for handle in handles:
                os.close(handle)
            reap()


def _obey(request, handles):
    """In the fork: run a hand-in in its room, or become the program of ours that the request names."""
    if "program" not in request:
        _visit(request, *handles)
    from coursekit.grading.sandbox import confine

    try:
        os.setsid()
        confine.die_with_parent()
        importlib.import_module(request["program"]).serve(*handles, *request["words"])
    finally:
        os._exit(0)


def reap() -> None:
    """Collect children that have ended, without waiting."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _visit(request, job, result, status):
    """In the fork: enter the room, fork the student's process there, report how it ended."""
    from coursekit.grading.sandbox import confine

    try:
        confine.enter(request["pid"])
        child = os.fork()
        if child == 0:
            _become_student(request, job, result, status)
        os.close(result)
        _, code = os.waitpid(child, 0)
        os.write(status, json.dumps({"signal": os.WTERMSIG(code) if os.WIFSIGNALED(code) else 0}).encode())
    except Exception as fault:
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more: the grader was killed
            os.write(status, json.dumps({"fault": str(fault)}).encode())
    finally:
        os._exit(0)


def _become_student(request, job, result, status):
    from coursekit.grading.sandbox import confine

    try:
        os.setsid()
        os.chdir(DESK)
        confine.surrender(request["limits"], request["uid"])
        text = _read_all(job)
    except Exception as fault:
        os.write(status, json.dumps({"fault": str(fault)}).encode())
        os._exit(1)
    nowhere = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.dup2(result, 3)
    os.closerange(4, 4096)
    _set_scene()
    Runner(json.loads(text), 3).run()
    os._exit(0)


def _read_all(number):
    with os.fdopen(number, "rb") as stream:
        stream.seek(0)
        return stream.read()


def _set_scene():
    os.environ.clear()
    os.environ.update(HOME=DESK, PATH="/usr/bin", LANG="C.UTF-8", TMPDIR="/tmp", USER="student")
    sys.argv = ["notebook"]
    sys.stdin = open(0, closefd=False)
    sys.path[:] = [DESK, *(folder for folder in sys.path if folder and os.path.isdir(folder))]


class _Capped(io.TextIOBase):
    """A text stream that keeps the first characters and forgets the rest."""

    def __init__(self, limit):
        self.limit, self.parts, self.size = limit, [], 0

    def writable(self) -> bool:
        """A stream to write to."""
        return True

    def write(self, text: str) -> int:
        """Take what still fits; all of it counts as written."""
        room = self.limit - self.size
        if room > 0:
            self.parts.append(text[:room])
            self.size += min(len(text), room)
        return len(text)

    def text(self) -> str:
        """What was kept."""
        return "".join(self.parts)


class Runner:
    """Runs a job's cells in order and writes one JSON record a line to the descriptor `out`.

    job: {"cells": [{"index", "kind", "source", "names"}], "skip": [index], "cell_seconds": s}.
    A check cell is not run: it sends the current values of its names.
    """

    def __init__(self, job, out):
        self.job, self.out = job, out
        self.space = types.ModuleType("__main__")
        sys.modules["__main__"] = self.space
        self.space.__dict__["display"] = self.show
        self.text, self.chart, self.coded = _Capped(0), None, {}

    def run(self) -> None:
        """Run every cell that is not skipped."""
        for cell in self.job["cells"]:
            if cell["kind"] == "check":
                self.tell(r="names", i=cell["index"], values=self.values(cell["names"]))
            elif cell["index"] not in self.job["skip"]:
                self.run_cell(cell)
        self.tell(r="end", i=0)

    def tell(self, **record: object) -> bool:
        """Write one record; a record too long is left out."""
        line = json.dumps(record, allow_nan=False).encode("utf-8", "replace") + b"\n"
        if len(line) > wire.LINE_BYTES:
            return False
        while line:
            line = line[os.write(self.out, line) :]
        return True

    def run_cell(self, cell: dict) -> None:
        """Run one cell and tell what it printed, drew and raised."""
        self.tell(r="at", i=cell["index"])
        self.text, self.chart = _Capped(20_000), None
        error = ""
        sys.stdout = sys.stderr = self.text
        try:
            _alarm(self.job["cell_seconds"])
            self.execute(cell["source"])
        except BaseException as fault:
            error = _sentence(fault)
        finally:
            _alarm(0)
            sys.stdout = sys.stderr = _Capped(0)
        record = {"r": "done", "i": cell["index"], "text": self.text.text(), "error": error}
        if not self.tell(**record, chart=self.chart):
            self.tell(**record)

    def execute(self, source: str) -> None:
        """Run a cell as a notebook does: the value of a last expression is shown."""
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self.evaluate(tree, "exec")
        if last is not None:
            value = self.evaluate(ast.Expression(last.value), "eval")
            if value is not None and not source.rstrip().endswith(";"):
                self.show(value)

    def evaluate(self, tree: ast.Module | ast.Expression, mode: str) -> object:
        """The value of compiled code ("exec" or "eval"); one that can be awaited is awaited."""
        code = compile(tree, "<cell>", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        try:
            value = eval(code, self.space.__dict__)
            return asyncio.run(value) if code.co_flags & inspect.CO_COROUTINE else value
        finally:
            self.coded = {}

    def code(self, value: object) -> dict:
        """A value as it travels. What a cell shows last and its checks ask for is coded once: no code runs between."""
        if id(value) not in self.coded:
            self.coded[id(value)] = (value, wire.encode(value))  # the value is kept, so its id stays its own
        return self.coded[id(value)][1]

    def show(self, *values: object, **_: object) -> None:
        """Keep a chart's specification, or the text of anything else."""
        for value in values:
            coded = self.code(value) if hasattr(value, "to_dict") and hasattr(value, "mark_bar") else {}
            if coded.get("k") == "chart":
                self.chart = coded["v"]
            else:
                print(repr(value))

    def values(self, names: list[str]) -> dict[str, dict]:
        """{name: coded value} of the names that the cells have defined."""
        found = {}
        for name in names:
            if name in self.space.__dict__:
                try:
                    found[name] = self.code(self.space.__dict__[name])
                    if len(json.dumps(found[name], allow_nan=False)) > wire.LINE_BYTES // max(2, len(names)):
                        found[name] = {"k": "big"}
                except BaseException as fault:
                    found[name] = {"k": "other", "v": type(fault).__name__[:100]}
        return found


def _alarm(seconds):
    """Raise TimeoutError in the running cell after `seconds`; 0 stops the clock."""

    def ring(*_):
        raise TimeoutError(f"the cell ran longer than {seconds} seconds")

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _sentence(fault):
    try:
        text = " ".join(str(fault).split())
    except BaseException:
        text = ""
    return f"{type(fault).__name__}: {text}"[:300].rstrip(": ")


def once() -> None:
    """Run the job on standard input, write the records to standard output (no isolation)."""
    leave_out()
    job = json.loads(sys.stdin.buffer.read())
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    Runner(job, out).run()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[2])) if sys.argv[1] == "serve" else once()
