"""Ask the clean process for verdicts.

    with Checker(folder) as checker:             # folder holds release.json and data/
        checker.verdicts(case, answers)          # {check id: [status, sentence]}

`answers` are coded values by check id, as they left the sandbox. Raises CheckError when the
instructor's own side cannot run (the solution fails, the process is gone).
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from coursekit.errors import CourseKitError
from coursekit.grading.sandbox.sandbox import Sandbox
from coursekit.grading.sandbox.wire import JUDGED_WITHIN

_PROGRAM = "coursekit.grading.judge.judge"


class CheckError(CourseKitError):
    """The instructor's side failed; the message says where."""


class Checker:
    """A clean process that keeps the keys of one release; out of a sandbox's template it starts a second sooner."""

    def __init__(self, folder: Path, sandbox: Sandbox | None = None) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = None if sandbox else _process(theirs.fileno(), folder)
            if sandbox:
                sandbox.start(_PROGRAM, theirs.fileno(), str(folder))
        self.line, self.lock = ours, threading.Lock()

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()
        if self.process:
            self.process.kill()
            self.process.wait()

    def verdicts(self, case: dict | None, answers: dict[str, dict]) -> dict[str, list[str]]:
        """The verdict on every check of the release for one hand-in."""
        return self._ask({"case": case, "keys": False}, answers)

    def keys(self, case: dict | None) -> dict:
        """For authors: {"keys": {name: coded}, "broken": {check id: fault}} of a case, or {"fault"}."""
        try:
            return self._ask({"case": case, "keys": True}, {})
        except CheckError as fault:
            return {"fault": str(fault)}

    def many(self, case: dict | None, answers: list[dict]) -> list[dict]:
        """For authors: the verdicts on several sets of answers to one case, in their order."""
        return self._ask({"case": case, "keys": False, "many": True}, answers)["many"]

    def _ask(self, request: dict, answers: dict | list) -> dict:
        read, write = os.pipe()
        try:
            with tempfile.TemporaryFile() as job:
                job.write(json.dumps(answers).encode())
                job.flush()
                self._send(request, [job.fileno(), write])
        finally:
            os.close(write)
        with os.fdopen(read, "rb") as stream:
            return _reply(stream)

    def _send(self, request: dict, handles: list[int]) -> None:
        try:
            with self.lock:
                socket.send_fds(self.line, [json.dumps(request).encode()], handles)
        except OSError:
            raise CheckError("the process that runs the checks is gone; run the same command again.") from None


def _process(number: int, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-I", "-m", _PROGRAM, str(number), str(folder)],
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
    )


def _reply(stream: BinaryIO) -> dict:
    data = b""
    while select.select([stream], [], [], JUDGED_WITHIN * 3)[0]:
        part = os.read(stream.fileno(), 1 << 16)
        if not part:
            break
        data += part
    try:
        reply = json.loads(data)
    except ValueError:
        raise CheckError("the checks did not answer in time.") from None
    if "fault" in reply:
        raise CheckError(f"the solution does not run: {reply['fault']}")
    return reply
