"""Prove the practice of a chapter: each solution passes its own checks and each starter does not, in a fresh Python.

``python -m coursekit.book.live.prove PAGE FILE TASK…`` prints one sentence a fault. The book's build runs it for a page
that shows the tasks, so a task that cannot be solved, or is solved before it is begun, is never published. Without
arguments it proves the pages that standard input names, each in a process of its own: see ``proofs``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from coursekit.book.live import proofs, standins
from coursekit.book.live.cells import cells_of
from coursekit.exercises.practice import Task, load


def faults(page: Path, file: Path, names: list[str]) -> list[str]:
    """One sentence for each fault of the named tasks of code; run in a Python of its own, as in a reader's browser."""
    known = proofs.known(page, file, names)
    return _proved_now(page, file, names) if known is None else known


def _proved_now(page: Path, file: Path, names: list[str]) -> list[str]:
    command = [sys.executable, "-m", "coursekit.book.live.prove", str(page.resolve()), str(file.resolve()), *names]
    ran = subprocess.run(command, capture_output=True, text=True)
    last = ran.stderr.strip().splitlines()[-1:]
    return ran.stdout.splitlines() + ([f"{file.name}: the tasks could not be tried: {last}"] if ran.returncode else [])


def main(page: str, file: str, *names: str) -> None:
    """Try the tasks and print what is wrong."""
    standins.install()
    for sentences in tried(page, file, names).values():
        for sentence in sentences:
            print(sentence)


def tried(page: str, file: str, names: tuple[str, ...] | None = None) -> dict[str, list[str]]:
    """What is wrong with each of the tasks of code that are named, all without names: sentences by task."""
    from coursekit.book.live.kernel import Kernel

    cells = [cell.code for cell in cells_of(Path(page))]
    return {
        task.id: [f"{Path(file).name}, task {task.id}: {sentence}" for sentence in _tried(task, cells, Kernel())]
        for task in _code_tasks(Path(file), names)
    }


def _code_tasks(file: Path, names: tuple[str, ...] | None) -> list[Task]:
    return [task for task in load(file).values() if task.is_code and (names is None or task.id in names)]


def serve(jobs: list[list[str]]) -> None:
    """Try all tasks of each job, a page and a file, in a copy of this process; a line of JSON for each that went well.

    Where a process cannot be copied nothing is tried, and each page proves its own.
    """
    standins.install()
    from coursekit.book.live import kernel  # noqa: F401  what every copy needs

    for page, file in jobs if hasattr(os, "fork") else []:
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        try:
            answer = [page, file, tried(page, file)]
            os.write(1, f"{json.dumps(answer)}\n".encode())
        finally:
            os._exit(0)


def _tried(task: Task, cells: list[str], kernel) -> list[str]:
    """What is wrong with a task: its solution fails, or its starter passes or cannot run."""
    solved, begun = (_run(code, task, cells, kernel) for code in (task.solution, task.starter))
    found = []
    if problem := _problem(solved):
        found.append(f"the solution does not run: {problem}")
    elif not all(solved["passed"]):
        words = task.checks[solved["passed"].index(False)].words
        found.append(f"the solution fails its own check “{words}”; mend one of them.")
    if problem := _problem(begun):
        found.append(f"the starter does not run: {problem}")
    elif all(begun["passed"]):
        found.append("the starter passes every check, so there is nothing to do; let a check ask for more.")
    return found


def _run(code: str, task: Task, cells: list[str], kernel) -> dict:
    request = {"cells": cells, "number": len(cells), "code": code, "tests": [check.test for check in task.checks]}
    return json.loads(kernel.run(json.dumps(request)))


def _problem(answer: dict) -> str:
    """The words of an error, with its line; "" when the code ran."""
    errors = [item for item in answer["items"] if item["kind"] == "error"]
    return f"line {errors[-1]['line']}: {errors[-1]['words']}" if errors else ""


if __name__ == "__main__":
    main(*sys.argv[1:]) if sys.argv[1:] else serve(json.load(sys.stdin))
