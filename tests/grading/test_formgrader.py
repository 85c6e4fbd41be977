"""nbgrader's marking page in a real browser: an essay is read and marked; student text stays text."""

# ruff: noqa: E501

import time
import urllib.error
import urllib.request

import pytest

from coursekit.grading import run as grading
from coursekit.grading.intake.collect import collect
from coursekit.grading.marks import exports
from coursekit.grading.marks.rubric import marking_page

from .attacks import ATTACKS
from .conftest import SLUG, answer, put

ESSAY = (
    "<script>document.title='OWNED'</script> <img src=x onerror=\"document.title='OWNED'\"> [link](javascript:alert(1))\n\n"
    "$\\href{javascript:alert(1)}{x}$ **bold** $$y$$ </div></p><iframe srcdoc='x'></iframe>"
)


@pytest.fixture
def page_of(course, release, tmp_path, honest):
    """(address, token) of the marking page over a graded class of two."""
    put(tmp_path / "in", "ann", honest("ann"))
    hostile = answer(honest("eve"), "q1", ATTACKS["script-in-output"].source)
    essay = next(cell for cell in hostile["cells"] if cell["id"] == "answer-q4")
    essay["source"] = essay["source"].splitlines()[0] + "\n" + ESSAY
    essay["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}
    put(tmp_path / "in", "eve", hostile)
    collect(course, release, tmp_path / "in")
    grading.grade(course, SLUG, workers=2)
    process, address = marking_page(course, port=0)
    yield address
    process.terminate()
    process.wait()


def test_an_essay_is_marked_in_the_browser(page_of, course, release, browser):
    page = browser.new_page()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(page_of)
    base = page_of.split("/formgrader")[0]
    page.goto(f"{base}/formgrader/gradebook/{SLUG}/{SLUG}")
    page.wait_for_selector("a[href*='/formgrader/submissions/']")
    links = sorted(
        {link.get_attribute("href") for link in page.query_selector_all("a[href*='/formgrader/submissions/']")}
    )
    assert len(links) == 2
    texts = {}
    for link in links:
        page.goto(base + link if link.startswith("/") else link)
        page.wait_for_selector("input.score")
        page.wait_for_timeout(500)
        texts["eve" if "OWNED" in page.inner_text("body") else "ann"] = page.url
        assert (
            page.title() != "OWNED"
            and not page.query_selector("iframe[srcdoc]")
            and not page.query_selector("img[src='x']")
        )
        assert not page.query_selector("a[href^='javascript']")
        if "OWNED" in page.inner_text("body"):
            assert "**bold**" in page.inner_text("body") and "$$y$$" in page.inner_text("body")
    assert set(texts) == {"ann", "eve"} and asked == []
    page.goto(texts["ann"])
    page.wait_for_selector("input.score")
    assert page.query_selector("img[src^='data:image/png']")
    field = page.query_selector_all("input.score")[-1]
    field.scroll_into_view_if_needed()
    with page.expect_response(lambda reply: "/api/grade/" in reply.url and reply.request.method == "PUT") as saved:
        field.fill("4.5")
        field.press("Tab")
    assert saved.value.ok
    comment = page.query_selector_all("textarea.comment")[-1]
    with page.expect_response(lambda reply: "/api/comment/" in reply.url and reply.request.method == "PUT"):
        comment.fill("Clear, name the limits.")
        comment.press("Tab")
    page.close()
    end = time.monotonic() + 10
    while (row := {row["student"]: row for row in exports.rows(course, release)}["ann"])[
        "total"
    ] is None and time.monotonic() < end:
        time.sleep(0.2)
    assert row["questions"]["q4"] == 4.5 and row["total"] == 15.5 and row["status"] == "graded"


def test_the_page_needs_its_token_and_has_no_terminal(page_of):
    base = page_of.split("/formgrader")[0]
    for path in ("/api/terminals", "/api/contents", "/formgrader/api/assignments", "/formgrader/"):
        try:
            answer_ = urllib.request.urlopen(base + path)
        except urllib.error.HTTPError as refused:
            assert refused.code in (401, 403, 404)
        else:
            assert "/login" in answer_.url, path
