"""Live code in a real browser, on a strict host below a path: a cell is changed, a lab moved, a task solved.

One page and one Python serve the tests of a chapter, because starting Python is what takes the time.
"""

from __future__ import annotations

import pytest
from accessible import violations
from conftest import SITE
from figure_probe import pause
from live_site import NOT_RUN, is_there, served

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not is_there(), reason=NOT_RUN)]
MONEY = "chapters/04-money.html"
LONG = 150_000  # milliseconds for Python to start on a busy machine
CODE_CELL = "div.cell:has-text('fig-c04-ankara-code')"
DONE = "document.querySelector('.live-status').textContent"


class Reader:
    """A tab on a page of the strict host, and what it asked for."""

    def __init__(self, browser, address: str, width: int = 1280):
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.address = address
        self.tab = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        self.tab.set_default_timeout(LONG)
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        self.tab.on("response", lambda answer: answer.status >= 400 and self.errors.append(answer.url))
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, page: str) -> None:
        self.tab.goto(self.address + page)

    def unfold(self) -> None:
        """Open every fold and the tab with code."""
        self.tab.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        for label in self.tab.locator(".sd-tab-set > label", has_text="With code").all():
            label.click()

    def live_bytes(self) -> list[str]:
        return [url for url in self.asked if "/_static/live/" in url]

    def foreign(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]


@pytest.fixture(scope="module")
def host():
    with served(SITE, "/some/course/") as address:
        yield address


@pytest.fixture(scope="module")
def reader(browser, host):
    found = Reader(browser, host)
    found.go(MONEY)
    found.unfold()
    yield found
    found.tab.context.close()


def open_cell(tab):
    """The cell of the path with code, its editor open."""
    cell = tab.locator(CODE_CELL)
    if not cell.locator(".live-editor").count():
        cell.locator(".live-open").click()
        cell.locator(".cm-content").wait_for()
    return cell


def write(cell, text: str) -> None:
    """Put other code into the editor of a cell, as a reader does."""
    content = cell.locator(".cm-content")
    content.focus()
    content.press("ControlOrMeta+a")
    content.page.keyboard.insert_text(text)


def run(cell) -> str:
    """Press Run and wait until the status no longer says that something goes on."""
    cell.locator(".live-run").click()
    cell.locator(".live-run:enabled").wait_for()
    return cell.locator(".live-status").inner_text()


def course_code(tab, figure: str = "fig-c04-ankara-code") -> str:
    page = tab.evaluate("window.course.live.page.about")
    return next(text for text in page["cells"] if figure in text)


def test_nothing_of_python_comes_before_the_click(reader):
    assert reader.tab.locator(".live-open").count() >= 8
    assert reader.live_bytes() == []


def test_the_first_run_says_its_size_and_a_changed_word_changes_caption_chart_and_table(reader):
    cell = open_cell(reader.tab)
    said = cell.locator(".live-status").inner_text()
    assert "MB" in said and "seconds" in said
    assert run(cell).startswith("Done in")
    figure = cell.locator("figure.course-yours")
    see = {"caption": ".course-caption", "chart": ".course-live svg", "table": "tbody"}
    first = {name: figure.locator(place).evaluate("part => part.outerHTML") for name, place in see.items()}
    assert "Europe and Canada" in first["caption"] and "Your version" in figure.inner_text()
    write(cell, course_code(reader.tab).replace("Europe and Canada", "all of NATO"))
    assert run(cell).startswith("Done in")
    second = {name: figure.locator(place).evaluate("part => part.outerHTML") for name, place in see.items()}
    assert "all of NATO" in second["caption"]
    assert all(first[name] != second[name] for name in see)


def test_a_version_that_was_run_again_leaves_the_memory(reader):
    cell = open_cell(reader.tab)
    run(cell)
    reader.tab.evaluate("window.before = new WeakRef(document.querySelector('figure.course-yours'))")
    run(cell)
    tools = reader.tab.context.new_cdp_session(reader.tab)
    gone = False
    for _again in range(20):  # a timer of the old figure may still be waiting
        reader.tab.wait_for_timeout(400)
        tools.send("HeapProfiler.collectGarbage")
        if gone := reader.tab.evaluate("window.before.deref() === undefined"):
            break
    assert gone


def test_a_figure_of_the_readers_own_can_be_taken_away(reader):
    figure = reader.tab.locator(CODE_CELL).locator("figure.course-yours")
    with reader.tab.expect_download() as rows:
        figure.locator(".course-csv").click()
    assert len(rows.value.path().read_text(encoding="utf-8").splitlines()) == 3
    figure.locator(".course-take-away summary").click()
    with reader.tab.expect_download() as picture:
        figure.get_by_text("Save SVG").click()
    assert "own version" in picture.value.path().read_text(encoding="utf-8")


def test_an_error_names_its_line_in_words(reader):
    cell = open_cell(reader.tab)
    write(cell, 'group = "Europe and Canada"\nprint(grupp)')
    assert "error" in run(cell)
    said = cell.locator(".live-error").inner_text()
    assert said.startswith("Line 2.") and "grupp" in said and "Did you mean" in said


def test_the_readers_code_is_kept_and_the_courses_comes_back(reader):
    cell = open_cell(reader.tab)
    kept = reader.tab.evaluate("Object.values(window.course.code.all()).map(one => one.code)")
    assert any("grupp" in text for text in kept)
    cell.get_by_text("Back to the course's code").click()
    assert reader.tab.evaluate("Object.keys(window.course.code.all())") == []
    assert "fig-c04-ankara-code" in cell.locator(".cm-content").inner_text()


OURS = {"include": [[".live-cell"], [".course-practice"], [".live-line"]]}  # test_browser.py judges the page itself


def test_an_editor_with_its_result_and_the_tasks_are_accessible(reader):
    run(open_cell(reader.tab))
    for scheme in ("light", "dark"):
        reader.tab.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        assert violations(reader.tab, OURS) == [], scheme


def test_a_task_of_code_has_hints_checks_in_words_and_a_solution_after_two_tries(reader):
    task = reader.tab.locator("#practice-fewer-soldiers")
    assert task.locator(".practice-solve").is_hidden()
    task.locator(".practice-hint").click()
    task.get_by_text("Two conditions must hold").wait_for()
    task.locator(".practice-hint").click()
    task.get_by_text("Put each condition in brackets").wait_for()
    task.locator(".practice-open").click()
    task.locator(".cm-content").wait_for()
    for _tries in range(2):
        assert task.locator(".practice-solve").is_hidden()
        run(task)
        assert "Not yet" in task.locator(".practice-told").inner_text()
    assert "add a condition on Soldiers" in task.locator(".practice-told").inner_text()
    task.locator(".practice-solve").click()
    solution = task.locator(".practice-shown pre").inner_text()
    write(task, solution)
    run(task)
    assert "✓ Right." in task.locator(".practice-told").inner_text()


def test_a_lab_moves_and_its_values_are_checked(reader):
    cell = reader.tab.locator("div.cell:has-text('explore()')")
    cell.locator(".live-open").click()
    cell.locator("figure.course-yours .course-live svg").wait_for()
    before = cell.locator(".live-shown .live-text").inner_text()
    slider = cell.get_by_label("Year")
    slider.focus()
    slider.press("ArrowLeft")
    pause(reader.tab, 200)
    cell.locator(".course-caption", has_text="2024").wait_for()
    assert cell.locator(".live-shown .live-text").inner_text() != before
    task = reader.tab.locator("#practice-lab-fit")
    for number, value in enumerate(("0.354", "0.25", "0.9")):
        task.locator("input").nth(number).fill(value)
    task.locator(".practice-check").click()
    task.get_by_text("2 of 3 hold").wait_for()
    assert "✗ 2025" in task.locator(".practice-told").inner_text()


def test_an_endless_loop_is_stopped_and_python_starts_again(reader):
    cell = open_cell(reader.tab)
    write(cell, "while True:\n    pass")
    cell.locator(".live-run").click()
    cell.locator(".live-stop").click()
    cell.locator(".live-status", has_text="Stopped.").wait_for()
    write(cell, "print(6 * 7)")
    assert run(cell).startswith("Done in")
    assert cell.locator(".live-text").inner_text().strip() == "42"


def test_my_course_counts_the_task_and_forgets_the_code(reader):
    reader.tab.evaluate("window.course.code.save('x', { code: 'y', of: 'z' })")
    reader.go("chapters/reference/my-course.html")
    reader.tab.get_by_role("link", name="More money, fewer soldiers").wait_for()
    reader.tab.get_by_text("Forget all my answers and my code").click()
    reader.tab.get_by_text("Forget them", exact=True).click()
    reader.tab.get_by_text("are forgotten").wait_for()
    assert reader.tab.evaluate("Object.keys(window.course.code.all())") == []


def test_a_phone_in_the_other_chapter(browser, host):
    """The whole way at 360 pixels: nothing is wider than the screen, nobody else is asked, nothing fails."""
    found = Reader(browser, host, 360)
    found.go("chapters/06-cohesion.html")
    found.unfold()
    cell = found.tab.locator("div.cell:has-text('fig-c06-falls')")
    cell.locator(".live-open").click()
    cell.locator(".cm-content").wait_for()
    assert run(cell).startswith("Done in")
    caption = cell.locator("figure.course-yours .course-caption").inner_text()
    write(cell, course_code(found.tab, "fig-c06-falls").replace("GBR", "JPN"))
    assert run(cell).startswith("Done in")
    assert cell.locator("figure.course-yours .course-caption").inner_text() != caption
    assert found.tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(found.tab) == []
    assert found.foreign() == [] and found.errors == []
    found.tab.context.close()


def test_nothing_failed_and_nobody_else_was_asked(reader):
    assert reader.foreign() == [] and reader.errors == []


def test_a_page_opened_as_a_file_says_why_there_is_no_button(browser):
    tab = browser.new_page()
    tab.goto((SITE / MONEY).as_uri())
    assert tab.locator(".live-open").count() == 0 and "web server" in tab.locator(".live-why").text_content()
    tab.close()


def test_a_host_that_forbids_webassembly_is_told(browser):
    with served(SITE, policy="script-src 'self'") as address:
        found = Reader(browser, address)
        found.go(MONEY)
        found.unfold()
        cell = open_cell(found.tab)
        assert "wasm-unsafe-eval" in run(cell)
        found.tab.context.close()
