"""How far a long command is, told on stderr: a terminal sees one line that is rewritten, a log a line now and then.

    for student in counted("Grading")(students): ...

Standard output stays free for what a command has to say in the end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TextIO, TypeVar

Thing = TypeVar("Thing")
Progress = Callable[[Iterable[Thing]], Iterable[Thing]]  # what a long function takes; `iter` tells nothing
LOG_SECONDS = 10.0  # a log gets no line sooner after the last
SHORT = 10.0  # seconds left that are not worth telling
ENOUGH = 3  # things done before the time that is left is guessed


def counted(label: str) -> Callable[..., Iterator]:
    """A walker over things that tells how many are done: ``walk(things)``, or ``walk(stream, length)``."""

    def walk(things: Iterable[Thing], length: int | None = None) -> Iterator[Thing]:
        things = things if length is not None or isinstance(things, Sized) else list(things)
        line = _Line(label, length if length is not None else len(things))
        try:
            line.tell(0)
            for done, thing in enumerate(things, 1):
                yield thing
                line.tell(done)
        finally:
            line.end()

    return walk


class _Line:
    """One counter on stderr."""

    def __init__(self, label: str, length: int) -> None:
        self.label, self.length = label, length
        self.stream: TextIO = sys.stderr
        self.terminal = self.stream.isatty()
        self.begun = self.told = time.monotonic()
        self.shown = ""

    def tell(self, done: int) -> None:
        """Show that ``done`` things are done: at once on a terminal, after a while in a log."""
        now = time.monotonic()
        words = f"{self.label}: {done} of {self.length}{self._left(done, now - self.begun)}"
        if self.terminal:
            self.stream.write("\r" + words.ljust(len(self.shown)))
            self.shown = words
        elif now - self.told >= LOG_SECONDS:
            self.stream.write(words + "\n")
            self.told = now
        self.stream.flush()

    def _left(self, done: int, seconds: float) -> str:
        """The time that is left, in words, if the rest goes like the beginning; nothing while short or unknown."""
        left = seconds / done * (self.length - done) if done >= ENOUGH else 0
        if left < SHORT:
            return ""
        return f", about {left / 60:.0f} min left" if left >= 90 else f", about {left:.0f} s left"

    def end(self) -> None:
        """Leave the terminal's line as it is and go to the next."""
        if self.shown:
            self.stream.write("\n")
            self.stream.flush()
