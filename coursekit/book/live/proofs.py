"""The proofs of all chapters' practice, made on the side while notebooks run; ``prove`` says what is proved.

One Python imports what a reader's has and becomes, chapter by chapter, a process of its own: each chapter is proved in
the state that a fresh one has after those imports, and the imports are paid once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from coursekit.data import expressions

NAME = "proofs"  # under which a build keeps them


class Proofs:
    """Proofs that have been begun. ``jobs``: pairs of a chapter's page and the file of its practice."""

    def __init__(self, jobs: list[tuple[Path, Path]]):
        command = [sys.executable, "-m", "coursekit.book.live.prove"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._process.stdin.write(json.dumps([[str(path.resolve()) for path in job] for job in jobs]))
        self._process.stdin.close()

    @cached_property
    def _found(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        """Sentences by task, by page and file; waits for the end. A chapter that could not be tried is not in it."""
        answers = map(json.loads, self._process.stdout.read().splitlines())
        return {(page, file): sentences for page, file, sentences in answers}

    def of(self, page: Path, file: Path, names: list[str]) -> list[str] | None:
        """The faults of the named tasks, one sentence each; None where they were not tried."""
        found = self._found.get((str(page.resolve()), str(file.resolve())), {})
        if not set(names) <= set(found):
            return None
        return [sentence for name, sentences in found.items() if name in names for sentence in sentences]

    def end(self) -> None:
        """Leave nothing running behind."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def begin(root: Path) -> None:
    """Begin the proofs of the course in ``root``, for the build that is at work."""
    files = sorted((root / "exercises" / "practice").glob("*.yml"))
    jobs = [(root / "chapters" / f"{file.stem}.md", file) for file in files]
    expressions.current().results[NAME] = Proofs([job for job in jobs if job[0].exists()])


def known(page: Path, file: Path, names: list[str]) -> list[str] | None:
    """The faults of the named tasks where this build has proved them already; else None."""
    begun = expressions.current().results.get(NAME)
    return begun.of(page, file, names) if begun else None


def end() -> None:
    """End what this build has begun."""
    if begun := expressions.current().results.pop(NAME, None):
        begun.end()
