"""Make the pictures of "Grading, step by step" from the course folder that `walk.py` left.

    python tests/grading/pictures.py FOLDER      # FOLDER: that of walk.py; writes chapters/teaching/images/*.png

The class is copied; in the copy anna starts again and marks six answers by keyboard, as the page says.
"""

import shutil
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from coursekit.grading.course import Course
from coursekit.grading.marks.desk import open_desk

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "chapters" / "teaching" / "images"
sys.path.insert(0, str(ROOT / "tests"))

EXERCISE, MARKED, SHOWN = "04-burden-sharing", 6, "demo0019"  # SHOWN: whose cell ended the whole process
COMMENT = "Name the limit and say why it matters."


@contextmanager
def desk_of(course, marker):
    """The address of a desk that serves in a thread."""
    desk = open_desk(course, course.release(EXERCISE), port=0, marker=marker)
    thread = threading.Thread(target=desk.serve)
    thread.start()
    yield desk.address
    desk.stop()
    thread.join()


def mark(page, count, most):
    """Give the first `count` criteria of the answer their points by keyboard: the most, less half a point for each."""
    for place in range(count):
        page.keyboard.type(str(min(9, int(most[place]))))
        if place:
            page.keyboard.press("ArrowDown")
        if place < count - 1:
            page.keyboard.press("Enter")


def points_of(page):
    """The most that each criterion of the shown answer gives."""
    return [float(label.split()[2]) for label in page.locator("label:has-text('Points of')").all_inner_texts()]


def marking(page, address):
    """Six answers marked, two criteria of the seventh, and a comment."""
    from page_waits import comes

    page.goto(address)
    page.wait_for_selector(".points")
    for place in range(1, MARKED + 1):
        mark(page, len(points_of(page)), points_of(page))
        comes(page, f"document.getElementById('count').textContent.startsWith('{place} of')")
        label = page.inner_text("#label")
        page.keyboard.press("n")
        comes(page, f"document.getElementById('label').textContent !== {label!r}")
    mark(page, 2, points_of(page))
    page.locator("textarea").nth(1).fill(COMMENT)
    page.locator(".points").nth(1).focus()
    comes(page, "document.getElementById('status').textContent.startsWith('Saved')")
    page.evaluate("for (const part of document.querySelectorAll('*')) part.scrollTop = 0")
    page.screenshot(path=IMAGES / "marking-essay.png")


def comparing(page, address):
    """The table of both markers, from the first row."""
    page.goto(f"{address}compare")
    page.screenshot(path=IMAGES / "marking-compare.png")


def returned(browser, course):
    """The upper part of one student's page of feedback, as far as the first answer in words."""
    page = browser.new_page(viewport={"width": 573, "height": 800}, device_scale_factor=1.5)
    page.goto(course.feedback(EXERCISE, SHOWN).resolve().as_uri())
    height = page.locator("h2", has_text="q7").bounding_box()["y"] - 12
    page.screenshot(path=IMAGES / "feedback-page.png", full_page=True, clip=dict(x=0, y=0, width=573, height=height))
    page.close()


def main(folder):
    """All three pictures."""
    from get_chromium import find

    chromium, course = find(), Course(folder / "spring")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as other:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        with desk_of(course, "anna") as address:
            comparing(page, address)
        returned(browser, course)
        again = Course(Path(shutil.copytree(course.root, Path(other) / "spring")))
        (again.root / "marks" / f"{EXERCISE}-criteria-anna.json").unlink()
        with desk_of(again, "anna") as address:
            marking(page, address)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
