"""The three parts of a build at work together: the check of the tables, the notebooks, and Sphinx, which draws pages.

The first two are processes beside Sphinx's (``coursekit.beside``); that of the tables also makes their archive. On a
first build pages are read from the beginning, those without code first, and a page with code is read when its notebook
has ended; later builds ask at once which pages to read, and so begin when all notebooks have ended. Nothing is written
before the tables were found good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.beside import News, Work

LOOK = 0.2  # seconds between two looks at the others, while waiting for one


class Enough(BaseException):
    """A table or a notebook has failed: leaves Sphinx at once, which would print an ``Exception``."""


class Tables(Work):
    """The check of the tables, and then their archive; ``problems`` are the sentences of the check, None before it."""

    def __init__(self, place: Path):
        self.problems: list[str] | None = None
        super().__init__("coursekit.data.incremental", place)

    def hear(self, news: News) -> None:
        self.problems = news["problems"]

    def has_failed(self) -> bool:
        """Whether something was found, or a part could not be done."""
        return bool(self.problems or self.fault)

    def close(self) -> None:
        """End it: what it writes, it writes at once."""
        self.kill()
        super().close()


class Notebooks(Work):
    """The run of the notebooks. Pages are named by their files in the course."""

    def __init__(self, root: Path, place: Path, say: Callable[[str], None]):
        self.say = say
        self.todo: list[str] | None = None  # not known yet
        self.outputs: dict[str, str] = {}  # the digest of what a page's code gave, of those that ran
        self.failed: dict[str, str] = {}  # the error of each page that failed
        super().__init__("coursekit.book.execute", root, (place / ".jupyter_cache").resolve())

    def hear(self, news: News) -> None:
        if "todo" in news:
            self.todo = news["todo"]
        elif "page" in news:
            self._keep(news)
        else:
            self.say(f"Notebooks: {news['run']} run, {news['cached']} from the cache.")

    def _keep(self, news: News) -> None:
        page, kept = news["page"], self.failed if "failed" in news else self.outputs
        kept[page] = news.get("failed") or news["outputs"]
        self.say(f"  {page}: {'failed' if page in self.failed else 'run'} in {news['seconds']:.0f} s")

    def has_failed(self) -> bool:
        """Whether a page has failed, or the run could not be done."""
        return bool(self.failed or self.fault)

    def can_be_read(self, page: str) -> bool:
        """Whether the cache holds the page's results by now, or it has no code."""
        return self.todo is not None and (page not in self.todo or page in self.outputs)

    def order(self) -> dict[str, int]:
        """The place of each page that has to run, in the order in which they end; waits until that is known."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_over or self.todo is not None)
        return {page: place for place, page in enumerate(self.todo or ())}


class Together:
    """What works beside Sphinx in one build."""

    def __init__(self, tables: Tables, notebooks: Notebooks):
        self.tables, self.notebooks = tables, notebooks

    def go_on(self) -> None:
        """Raises Enough once something has failed."""
        if self.tables.has_failed() or self.notebooks.has_failed():
            raise Enough

    def wait_for_page(self, page: str) -> None:
        """Return when the results of a page's code can be read. Raises Enough."""
        self._wait(lambda: self.notebooks.can_be_read(page))

    def wait_for_notebooks(self) -> None:
        """Return when all have ended. Raises Enough."""
        self._wait(lambda: self.notebooks.is_over)

    def wait_for_tables(self) -> None:
        """Return when all were found good. Raises Enough."""
        self._wait(lambda: self.tables.problems is not None)

    def wait_for_archive(self) -> None:
        """Return when it is made. Raises Enough."""
        self._wait(lambda: self.tables.is_over)

    def _wait(self, ready: Callable[[], bool]) -> None:
        self.go_on()
        while not ready():
            with self.notebooks.changed:
                self.notebooks.changed.wait(LOOK)
            self.go_on()

    def close(self) -> None:
        """Let nothing more begin, and wait for what has begun."""
        self.notebooks.close()
        self.tables.close()


_at_work: list[Together] = []


@contextmanager
def together(root: Path, place: Path, say: Callable[[str], None]) -> Iterator[Together]:
    """Begin both; what is still at work on leaving is asked to stop, also when someone interrupts the build."""
    here = Together(Tables(place), Notebooks(root, place, say))
    _at_work.append(here)
    try:
        yield here
    finally:
        _at_work.remove(here)
        here.close()


def outputs() -> dict[str, str]:
    """The digests of what the code of pages gave that ran in this build, by docname."""
    found = _at_work[-1].notebooks.outputs if _at_work else {}
    return {page.removesuffix(".md"): digest for page, digest in found.items()}


def has_archive() -> bool:
    """Whether this build makes the archive beside; when it does, it has been made on return."""
    if _at_work:
        _at_work[-1].wait_for_archive()
    return bool(_at_work)


def before_asking(app, env, _added, _changed, _removed) -> list[str]:
    """Which pages are to be read is asked: known at once when all are, else when all notebooks have ended."""
    if _at_work and env.all_docs:
        _at_work[-1].wait_for_notebooks()
    return []


def in_their_order(app, env, docnames: list[str]) -> None:
    """Read first what has no notebook to wait for, then the pages in the order in which their notebooks end."""
    if _at_work:
        order = _at_work[-1].notebooks.order()
        docnames.sort(key=lambda name: (order.get(f"{name}.md", -1), name))


def before_reading(app, docname: str, _content) -> None:
    """Wait for a page's notebook."""
    if _at_work:
        _at_work[-1].wait_for_page(f"{docname}.md")


def before_writing(app, env) -> None:
    """No page is written from tables that do not hold."""
    if _at_work:
        _at_work[-1].wait_for_tables()


def setup(app) -> None:
    app.connect("env-get-outdated", before_asking, priority=100)
    app.connect("env-before-read-docs", in_their_order)
    app.connect("source-read", before_reading, priority=50)
    app.connect("env-updated", before_writing, priority=50)
