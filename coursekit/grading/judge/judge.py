"""The clean process: runs the master copies of the checks over plain data; never sees student code.

`python -I -m coursekit.grading.judge.judge FD FOLDER` (or `serve` in a fork of the sandbox's template, which never saw
student code either) reads the release from FOLDER/release.json and works inside FOLDER (so that data/ is the
instructor's copy). For each case it runs the given
cells and the solution once (the key) and tries every check on the key. Each hand-in is then
judged in a fork with limits, so one strange answer cannot touch the next.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import types

from coursekit.exercises import checktools
from coursekit.exercises.cells import solution
from coursekit.exercises.charttools import HIDDEN_TOOLS
from coursekit.grading.sandbox import wire
from coursekit.grading.sandbox.runner import reap
from coursekit.grading.sandbox.warm import warm

Coded = dict[str, dict]  # {name: coded value}
Key = tuple[dict, dict[str, dict], dict[str, str]]  # given names, values by check, broken checks
_KINDS = (
    ("bool", "true or false"),
    ("int", "a number"),
    ("float", "a number"),
    ("str", "text"),
    ("Spec", "a chart"),
    ("DataFrame", "a table"),
    ("Series", "one column"),
    ("list", "a list"),
    ("dict", "a dictionary"),
    ("Timestamp", "a date"),
    ("NoneType", "nothing (None)"),
)


class Judge:
    """Keys and verdicts of one release."""

    def __init__(self, release: dict) -> None:
        self.cells = release["cells"]
        self.checks = [cell for cell in self.cells if cell["kind"] == "check"]
        self.codes = {cell["id"]: compile(cell["source"], cell["id"], "exec") for cell in self.checks}
        self.keys = {}

    def key(self, case: dict | None) -> Key:
        """(space of given names, {check id: values}, broken check ids) for a case; kept for the next."""
        text = json.dumps(case, sort_keys=True)
        if text not in self.keys:
            self.keys[text] = self._solve(case)
        return self.keys[text]

    def _solve(self, case: dict | None) -> Key:
        given, whole, values, sent = {"case": case}, {"case": case}, {}, {}
        for cell in self.cells:
            if cell["kind"] == "check":
                values[cell["id"]] = _arrived(cell["names"], whole, sent)
            else:
                sent.clear()  # code may change what a name stands for
                _run_given(cell, given, whole)
        answers = {name: value for row in values.values() for name, value in row.items()}
        given.update(checktools.TOOLS | HIDDEN_TOOLS, key=types.SimpleNamespace(**answers))
        faults = {cell["id"]: self._try(cell, given, values[cell["id"]]) for cell in self.checks}
        broken = {name: f"{type(fault).__name__}: {fault}"[:300] for name, fault in faults.items() if fault is not None}
        return given, values, broken

    def _try(self, cell: dict, given: dict, values: dict) -> Exception | None:
        """None when the check passes, else what it raised."""
        try:
            _quietly(self.codes[cell["id"]], {**given, **values})
        except Exception as fault:
            return fault
        return None

    def verdicts(self, case: dict | None, answers: dict[str, Coded]) -> dict[str, list[str]]:
        """{check id: [status, sentence]}; status is passed, failed or broken. `answers` are coded."""
        given, keys, broken = self.key(case)
        return {
            cell["id"]: self.verdict(cell, given, keys[cell["id"]], broken, answers.get(cell["id"], {}))
            for cell in self.checks
        }

    def describe(self, case: dict | None) -> dict:
        """The key of a case for the author: {"keys": {name: coded}, "broken": {check id: fault}}."""
        _, values, broken = self.key(case)
        keys = {name: wire.encode(value) for row in values.values() for name, value in row.items()}
        return {"keys": keys, "broken": broken}

    def verdict(self, cell: dict, given: dict, key: dict, broken: dict, coded: Coded) -> list[str]:
        """[status, sentence] of one check."""
        if cell["id"] in broken:
            return ["broken", f"Check {cell['id'].removeprefix('check-')} failed to run."]
        values, sentence = _read(cell["names"], coded, key)
        if sentence:
            return ["failed", sentence]
        fault = self._try(cell, given, values)
        if fault is None:
            return ["passed", ""]
        if isinstance(fault, AssertionError):
            return ["failed", str(fault)[:500]]
        return ["failed", _unfit(values, key)]


def _run_given(cell: dict, given: dict, whole: dict) -> None:
    """Run a given cell in both spaces, a solution in the whole one only."""
    if cell["kind"] == "given" and cell["only"] != "no-code":
        code = compile(cell["source"], cell["id"], "exec")
        _quietly(code, given)
        _quietly(code, whole)
    elif cell["kind"] == "answer":
        _quietly(compile(solution(cell["source"]), cell["id"], "exec"), whole)


def _arrived(names: list[str], whole: dict, sent: dict[str, str]) -> dict:
    """The key's values of these names as a student's answers would arrive; `sent` keeps each as it was sent."""
    for name in names:
        if name not in sent:
            sent[name] = json.dumps(wire.encode(whole[name]))
    return {name: wire.decode(json.loads(sent[name])) for name in names}


def _quietly(code: types.CodeType, space: dict) -> None:
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        exec(code, space)


def _read(names: list[str], coded: Coded, key: dict) -> tuple[dict | None, str]:
    """(values, "") or (None, the sentence that says which answer is missing or unreadable)."""
    values = {}
    for name in names:
        values[name], sentence = _read_one(name, coded.get(name), key[name])
        if sentence:
            return None, sentence
    return values, ""


def _read_one(name: str, coded: dict | None, key: object) -> tuple[object, str]:
    if coded is None:
        return None, f"`{name}` is not defined; did its cell run?"
    if coded.get("k") == "big":
        return None, f"`{name}` is too large to be checked."
    try:
        value = wire.decode(coded)
    except Exception:
        return None, f"`{name}` is not plain data; {_kind(key)} is expected."
    if value is None and key is not None:
        return None, f"`{name}` is still None: there is no answer yet."
    return value, ""


def _unfit(values: dict, key: dict) -> str:
    for name, value in values.items():
        if _kind(value) != _kind(key[name]):
            return f"`{name}` is {_kind(value)}; {_kind(key[name])} is expected."
    names = " and ".join(f"`{name}`" for name in values)
    return f"The check could not read {names}: the value has another form than expected."


def _kind(value: object) -> str:
    return dict(_KINDS).get(type(value).__name__, "something else")


def _answer(judge: Judge, request: dict, job: int, result: int) -> None:
    """In the fork: judge one hand-in under limits."""
    from coursekit.grading.sandbox import confine  # loaded by `main`, before any fork

    confine.limit_resources({"seconds": wire.JUDGED_WITHIN, "megabytes": 4000, "file_megabytes": 64, "processes": 512})
    signal.alarm(wire.JUDGED_WITHIN + 5)
    with os.fdopen(job, "rb") as stream:
        stream.seek(0)
        answers = json.loads(stream.read())
    reply = json.dumps(_content(judge, request, answers)).encode()
    while reply:
        reply = reply[os.write(result, reply) :]


def _content(judge: Judge, request: dict, answers: dict | list) -> dict:
    """What a request asks for: a key, the verdicts on one set of answers, or those on many."""
    if request["keys"]:
        return judge.describe(request["case"])
    if request.get("many"):
        return {"many": [judge.verdicts(request["case"], one) for one in answers]}
    return judge.verdicts(request["case"], answers)


def serve(number: int, folder: str) -> None:
    """Serve requests {"case"} with two files (answers in, verdicts out) until the socket closes or is gone."""
    from coursekit.grading.sandbox import confine  # noqa: F401, every fork uses it; this import needs Linux

    os.chdir(folder)
    with open("release.json", encoding="utf-8") as stream:
        judge = Judge(json.load(stream))
    line = socket.socket(fileno=number)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while True:
            message, handles, _, _ = socket.recv_fds(line, 65536, 2)
            if not message:
                return
            _serve_one(judge, json.loads(message), *handles)
            reap()


def _serve_one(judge: Judge, request: dict, job: int, result: int) -> None:
    try:
        judge.key(request["case"])
        if os.fork() == 0:
            try:
                _answer(judge, request, job, result)
            finally:
                os._exit(0)
    except Exception as fault:
        os.write(result, json.dumps({"fault": f"{type(fault).__name__}: {fault}"[:1000]}).encode())
    finally:
        os.close(job)
        os.close(result)


if __name__ == "__main__":
    warm()
    serve(int(sys.argv[1]), sys.argv[2])
