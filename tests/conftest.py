"""Shared by all tests: where the course is, the built book on a local server, and a browser."""

from __future__ import annotations

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from get_chromium import HELP, find

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("COURSE_DATA", str(ROOT / "data"))
SITE = ROOT / "_build" / "html"
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.md"))
PAGES = (
    sorted(str(p.relative_to(SITE)) for p in SITE.rglob("*.html") if "_static" not in p.parts) if SITE.exists() else []
)
MADE = ("chapters/reference/data/", "chapters/teaching/exercises/")  # pages made from one template each


def sampled(pages: list[str]) -> list[str]:
    """Every page, but of those made from one template only the largest: it has most that can go wrong."""
    made = [[page for page in pages if page.startswith(folder)] for folder in MADE]
    largest = {max(group, key=lambda page: (SITE / page).stat().st_size) for group in made if group}
    return [page for page in pages if page in largest or not page.startswith(MADE)]


SAMPLES = sampled(PAGES)


# Left to `make test`: what builds books, starts kernels, browsers or sandboxes, or reads the built book; and single
# tests that are marked slow because they take seconds.
SLOW_FILES = {
    "test_builds",
    "test_build_steps",
    "test_refresh_harm",
    "test_build_failures",
    "test_jupyterlab",
    "test_notebooks",
    "test_rerun",
    "test_new",
    "test_site",
    "test_refresh",
    "test_archive",
    "test_live_cells",
}
SLOW_FIXTURES = {"site", "browser", "refusals", "built"}


# The files that take a minute or more, longest first: begun first, so that no worker is left alone with one at the end.
LONGEST = (
    "test_browser",
    "test_figures",
    "test_questions",
    "test_platform",
    "test_clean_notebooks",
    "test_public",
    "test_authoring",
    "test_refresh",
    "test_live_cells",
    "test_rerun",
    "test_builds",
    "test_live_browser",
    "test_build_steps",
    "test_refresh_harm",
    "test_ledger",
    "test_build_failures",
)


def rank(item) -> int:
    """The place of a test's file among the longest; after them, the order of their names."""
    return LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(items) -> None:
    """Mark the tests that `make quick` runs, and begin with the longest files."""
    items.sort(key=rank)
    for item in items:
        slow = item.path.stem in SLOW_FILES or item.path.parent.name == "grading" or item.get_closest_marker("slow")
        if not slow and not SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("quick")


class Quiet(SimpleHTTPRequestHandler):
    """A file server that prints nothing."""

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site() -> str:
    """Address of the built book on a server of this test run; ends with '/'."""
    if not (SITE / "index.html").exists():
        pytest.fail("There is no built book: run 'make book' before the tests.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium that talks to nobody but the pages it is given."""
    from playwright.sync_api import sync_playwright

    path = find()
    if not path:
        pytest.fail(HELP)
    with sync_playwright() as p:
        chromium = p.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


LEFT_OUT = (
    "This was the quick part. Left to 'make test': what builds a book, starts a kernel, a browser or a sandbox or reads"
    " the built book; the grading; and each test of more than a second."
)


def pytest_terminal_summary(terminalreporter) -> None:
    """What could not be tried is said last and in words: a skipped test must not read like a passed one."""
    if terminalreporter.config.option.markexpr == "quick":
        terminalreporter.write_line(LEFT_OUT)
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if len(report.longrepr) == 3}
    for reason in sorted(reason for reason in reasons if "NOT RUN" in reason):
        terminalreporter.write_line(reason, red=True, bold=True)
