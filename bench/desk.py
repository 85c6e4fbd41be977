"""The marking desk with a class of 300 in a real browser: from the desk's start to the first answer on the screen.

Every hand-in has its charts and is marked already, so the page must find the state of each. The browser runs before.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from coursekit.exercises.release import Release
from coursekit.files import write_json
from coursekit.grading.course import Course, read_json
from coursekit.grading.marks import gradebook
from coursekit.grading.marks.desk import Desk, open_desk

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

CLASS, MARKER = 300, "anna"


def fill(course: Course, release: Release, like: str, number: int = CLASS) -> None:
    """Make a class of `number` graded and marked hand-ins after the graded one of the student `like`."""
    result, marked = (read_json(path(release.slug, like)) for path in (course.result, course.autograded))
    criteria = {name: {row["id"]: row["points"] for row in rows} for name, rows in release.rubric.items()}
    given = {name: {"points": points, "at": time.time() + 60} for name, points in criteria.items()}
    students = [f"d{place:04d}" for place in range(number)]
    for student in students:
        write_json(course.result(release.slug, student), {**result, "student": student})
        write_json(course.autograded(release.slug, student), marked)
    sheet = {"marker": MARKER, "since": 1.0, "answers": dict.fromkeys(students, given)}
    write_json(course.root / "marks" / f"{release.slug}-criteria-{MARKER}.json", sheet)
    with gradebook.open_book(course) as book:
        gradebook.prepare(book, release)


@contextmanager
def served(course: Course, release: Release) -> Desk:
    """A desk that serves in a thread of its own."""
    desk = open_desk(course, release, port=0, marker=MARKER)
    thread = threading.Thread(target=desk.serve)
    thread.start()
    yield desk
    desk.stop()
    thread.join()


def shown(course: Course, release: Release, browser: Browser) -> float:
    """Seconds from the start of a desk to the first answer in a new page; every hand-in must count as marked."""
    page = browser.new_page()
    begin = time.perf_counter()
    with served(course, release) as desk:
        page.goto(desk.address)
        page.wait_for_selector(".points")
        seconds = time.perf_counter() - begin
        count = page.inner_text("#count")
        page.close()
    assert count.startswith(f"{CLASS} of "), f"the benchmark's marks do not count: {count}"
    return seconds


def run(course: Course, release: Release, like: str):
    """Rows for ``python -m bench grading``: the desk over a course in which `like` is graded."""
    from get_chromium import find

    fill(course, release, like)
    chromium = find()  # asks Playwright too, so before it is begun here
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        times = [shown(course, release, browser) for _ in range(3)]
        browser.close()
    size = len(json.dumps(read_json(course.result(release.slug, like)))) / 1024
    yield f"marking desk, a class of {CLASS}: first answer on the screen", times[0], "s", "< 2"
    yield "the same, opened again (best of 2)", min(times[1:]), "s", ""
    yield "one hand-in's record, with its pictures", size, "kB", ""
