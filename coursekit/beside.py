"""Work in a process of its own beside this one, which is told how it goes in lines of JSON.

    class Count(Work): ...                      # here: hears, waits, stops
    tell_parent(lambda tell, stop: ...)         # there, in the module that the process runs

A process and no thread, because a thread that waits for a kernel or a file gets its turn late where another computes.
It gives way to its parent: what it does is wanted later than what the parent does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Event, Thread

from coursekit.errors import CourseKitError

NICE = 5  # how far the work gives way
News = dict[str, object]
Tell = Callable[[News], None]


class Work:
    """A module of this package at work in a process; ``hear`` is given all that it tells."""

    def __init__(self, module: str, *words: object):
        self.fault, self.is_over, self.changed = "", False, Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            process_group=0,  # Ctrl+C is for the parent, which then says stop; a session would have its own priorities
        )  # fmt: skip
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._process.stdout:
            with self.changed:
                self._take(json.loads(line))
                self.changed.notify_all()
        code = self._process.wait()
        with self.changed:
            if code and not self.fault:
                self.fault = f"The process {self._process.args[2]} ended with {code}; what it wrote stands above."
            self.is_over = True
            self.changed.notify_all()

    def _take(self, news: News) -> None:
        self.fault = str(news.pop("fault", self.fault))
        if news:
            self.hear(news)

    def hear(self, news: News) -> None:
        """Take one piece of news."""

    def wait(self, seconds: float | None = None) -> None:
        """Return when it has ended, or after ``seconds``. Raises CourseKitError when it could not do its work."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_over, seconds)
        if self.fault:
            raise CourseKitError(self.fault)

    def kill(self) -> None:
        """End it where it stands."""
        self._process.kill()

    def close(self) -> None:
        """Ask it to begin nothing more, and wait for what it has begun."""
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._listener.join()
        self._process.stdout.close()


def tell_parent(work: Callable[[Tell, Event], None]) -> None:
    """In the process: do the work, with a function that tells the parent and an event set when it wants no more.

    The parent's end says so too, however it ended. What else is printed goes to standard error.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    stop = Event()
    Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)

    def tell(news: News) -> None:
        with suppress(BrokenPipeError):
            print(json.dumps(news), file=out, flush=True)

    try:
        work(tell, stop)
    except CourseKitError as fault:
        tell({"fault": str(fault)})
