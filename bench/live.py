"""Python in the page: what a reader waits for, how much comes, how much memory it takes. Needs a book by ``make live``.

A changed cell of the first chapter is timed from the press of *Run* until its chart stands: cold (an empty browser), on
the next page (the browser has the files and what Python compiled), and warm (Python is running). Every control of every
lab is timed to its new picture, the slowest is told; in a kernel its function is called as ipywidgets would.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
PAGE = "chapters/04-money.html"
LABS = {
    path.stem: found.group(1)
    for path in sorted((ROOT / "chapters").glob("[0-9]*.md"))
    if (found := re.search(r"from ip4\.explorers\.(\w+) import explore", path.read_text("utf-8")))
}
# What a reader's hand does: another entry of a list, a box ticked or emptied, a slider one step on.
MOVE = """async field => {
  const { page } = window.course.live;
  page.moved = null;
  if (field.tagName === "SELECT") {
    const to = [...field.options].findIndex((option) => !option.selected);
    field.selectedIndex = to;
  } else if (field.type === "checkbox") field.checked = !field.checked;
  else if (Number(field.value) < Number(field.max)) field.stepUp(); else field.stepDown();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  while (page.moved === null) await new Promise((wake) => setTimeout(wake, 20));
  return page.moved;
}"""


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
    """Megabytes that a process has in memory; of what it shares with others, its share, as the system tells it."""
    found = re.search(r"^Pss:\s+(\d+) kB", told(pid, "smaps_rollup"), re.MULTILINE)
    return int(found.group(1)) * 1024 / 1e6 if found else 0.0


def below(pid: int) -> list[int]:
    """The processes that a process has begun, and those that these have begun."""
    children = [int(place.name) for place in Path("/proc").glob("[0-9]*") if parent(int(place.name)) == pid]
    return [*children, *(found for child in children for found in below(child))]


def parent(pid: int) -> int:
    """The process that began another; 0 when it has ended."""
    after_name = told(pid, "stat").rpartition(")")[2].split()
    return int(after_name[1]) if after_name else 0


def in_kernel(lab: str) -> float:
    """Milliseconds of a change in a kernel: of a lab's controls, moved and moved back, the slowest one's mean."""
    box = import_module(f"ip4.explorers.{lab}").explore()
    return max(map(of_control, box.children[0].children))


def of_control(control) -> float:
    """Milliseconds of one change of a control, the mean of six, each to another value than the last."""
    trait = "index" if hasattr(control, "options") else "value"
    here, there = getattr(control, trait), other(control)
    started = perf_counter()
    for value in (there, here) * 3:
        setattr(control, trait, value)
    return 1000 * (perf_counter() - started) / 6


def other(control):
    """What a control can have instead: of a list another place, of a slider an end, of a text a longer one."""
    if hasattr(control, "options"):
        several = isinstance(control.index, tuple)
        place = next(place for place in range(len(control.options)) if place not in (control.index, *chosen(control)))
        return (place,) if several else place
    if hasattr(control, "max"):
        return control.min if control.value != control.min else control.max
    return not control.value if isinstance(control.value, bool) else control.value + " and the partners"


def chosen(control) -> tuple[int, ...]:
    """The places that are chosen in a list of which several can be."""
    return control.index if isinstance(control.index, tuple) else ()


def pressed(reader) -> float:
    """Seconds from *Run* until the figure stands."""
    from test_live_browser import open_cell, run

    cell = open_cell(reader.tab)
    started = perf_counter()
    run(cell)
    cell.locator("figure.course-yours .course-live svg").wait_for()
    return perf_counter() - started


def moved(reader) -> float:
    """Seconds from a move of a control of the page's lab until the page has the new picture; the slowest control."""
    cell = reader.tab.locator("div.cell:has-text('explore()')")
    cell.locator(".live-open").click()
    cell.locator(".live-shown > *").first.wait_for()
    controls = cell.locator("form.course-controls").locator("select, input")
    return max(controls.nth(number).evaluate(MOVE) for number in range(controls.count())) / 1000


def run():
    """Rows of the table; one row that says NOT RUN without Python in the built book."""
    from get_chromium import find
    from live_site import LIVE, is_there, served
    from playwright.sync_api import sync_playwright
    from test_live_browser import Reader

    from coursekit.book.live.assemble import ready

    for page, lab in LABS.items():
        yield f"{page}: the lab's slowest control in a kernel", in_kernel(lab), "ms", "<= 200"
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
        reader.go(PAGE)
        reader.unfold()
        yield "click to chart, next page of the book", pressed(reader), "s", ""
        browser.close()
        for page in LABS:  # a browser each: what an earlier page leaves behind is collected late and at no fixed time
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            reader = Reader(browser, address)
            reader.go(f"chapters/{page}.html")
            reader.unfold()
            yield f"{page}: the lab's slowest control in the page", moved(reader), "s", "<= 1"
            yield f"{page}: memory of the page", memory(), "MB", "<= 600"
            browser.close()
