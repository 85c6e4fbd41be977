"""Python in the page: what a reader waits for, how much comes, how much memory it takes. Needs a book by ``make live``.

A changed cell of the first chapter is timed from the press of *Run* until its chart stands: cold (an empty browser), on
the next page (the browser has the files and what Python compiled), and warm (Python is running). The lab's control is
timed to its new picture; in a kernel its function is called as ipywidgets would.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
PAGE = "chapters/04-money.html"
UNIT = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def memory() -> float:
    """Megabytes of the largest renderer process that the browser of this run has now; Linux only."""
    return max((resident(pid) for pid in below(os.getpid()) if "--type=renderer" in told(pid, "cmdline")), default=0.0)


def told(pid: int, file: str) -> str:
    """What the system says of a process; "" when it has ended."""
    try:
        return Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return ""


def resident(pid: int) -> float:
    """Megabytes of a process that are in memory, those that it shares with others among them."""
    parts = told(pid, "statm").split()
    return int(parts[1]) * UNIT / 1e6 if parts else 0.0


def below(pid: int) -> list[int]:
    """The processes that a process has begun, and those that these have begun."""
    children = [int(place.name) for place in Path("/proc").glob("[0-9]*") if parent(int(place.name)) == pid]
    return [*children, *(found for child in children for found in below(child))]


def parent(pid: int) -> int:
    """The process that began another; 0 when it has ended."""
    after_name = told(pid, "stat").rpartition(")")[2].split()
    return int(after_name[1]) if after_name else 0


def in_kernel() -> float:
    """Milliseconds of one change of a lab's control in a kernel, the median of nine."""
    from ip4.explorers.burden_sharing import explore

    box = explore()
    year = next(control for control in box.children[0].children if control.description == "Year")
    times = []
    for value in range(2024, 2015, -1):
        started = perf_counter()
        year.value = value
        times.append(1000 * (perf_counter() - started))
    return sorted(times)[len(times) // 2]


def pressed(reader) -> float:
    """Seconds from *Run* until the figure stands."""
    from test_live_browser import open_cell, run

    cell = open_cell(reader.tab)
    started = perf_counter()
    run(cell)
    cell.locator("figure.course-yours .course-live svg").wait_for()
    return perf_counter() - started


def moved(reader) -> float:
    """Seconds from a move of the lab's year until the page has the new picture."""
    cell = reader.tab.locator("div.cell:has-text('explore()')")
    cell.locator(".live-open").click()
    cell.locator("figure.course-yours .course-live svg").wait_for()
    times = []
    for year in (2024, 2023, 2022):
        cell.get_by_label("Year").press("ArrowLeft")
        cell.locator(".course-caption", has_text=str(year)).wait_for()
        reader.tab.wait_for_timeout(500)
        times.append(reader.tab.evaluate("window.course.live.page.moved"))
    return min(times) / 1000


def run():
    """Rows of the table; one row that says NOT RUN without Python in the built book."""
    from get_chromium import find
    from live_site import LIVE, is_there, served
    from playwright.sync_api import sync_playwright
    from test_live_browser import Reader

    from coursekit.book.live.assemble import ready

    yield "a lab's control in a kernel", in_kernel(), "ms", "<= 200"
    if not is_there():
        yield "NOT RUN in the page: this book was built without Python (make live)", 0, "", ""
        return
    own = sum(path.stat().st_size for path in LIVE.glob("course-*.zip"))
    yield "download after the click, compressed", (ready(ROOT / "_build")["gz"] + own + 215_000) / 1e6, "MB", "<= 18"
    chromium = find()
    with sync_playwright() as play, served(ROOT / "_build" / "html") as address:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        reader = Reader(browser, address)
        reader.go(PAGE)
        reader.unfold()
        yield "requests for Python before the click", len(reader.live_bytes()), "", "0"
        yield "click to chart, cold", pressed(reader), "s", "<= 15"
        yield "click to chart, warm", min(pressed(reader) for _ in range(3)), "s", "<= 1.5"
        yield "a lab's control in the page", moved(reader), "s", "<= 1"
        yield "memory of the page", memory(), "MB", "<= 600"
        reader.go(PAGE)
        reader.unfold()
        yield "click to chart, next page of the book", pressed(reader), "s", ""
        browser.close()
