"""The marking desk in a real browser: marked by keyboard, safe against what students write, saved at once."""

import csv
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest
from page_waits import comes

from coursekit.grading.course import CourseError, read_json
from coursekit.grading.intake.collect import collect
from coursekit.grading.marks import anonymous, exports, feedback, gradebook, markers
from coursekit.grading.marks.compare import as_csv, comparison
from coursekit.grading.marks.desk import open_desk
from coursekit.grading.marks.marking import Marking

from .attacks import ATTACKS
from .conftest import SLUG, answer, grade, put

HOSTILE = (
    "<script>document.title='OWNED'</script> <img src=x onerror=\"document.title='OWNED'\"> [link](javascript:alert(1))"
    "\n\n$\\href{javascript:alert(1)}{x}$ **bold** </div></p><iframe srcdoc='x'></iframe> eve"
)
ROSTER = "student,name,email\nann,Ann Ash,ann@uni.example\neve,Eve Elm,\n"


def essay(content, text):
    """Replace the words of the essay."""
    cell = next(cell for cell in content["cells"] if cell["id"] == "answer-q4")
    cell["source"] = cell["source"].splitlines()[0] + "\n" + text
    return content


@pytest.fixture
def graded(course, release, tmp_path, honest):
    """A class of two: ann honest, eve hostile in code and essay."""
    (course.root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    put(tmp_path / "in", "ann", honest("ann"))
    put(tmp_path / "in", "eve", essay(answer(honest("eve"), "q1", ATTACKS["script-in-output"].source), HOSTILE))
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=2)
    return course


@pytest.fixture
def open_page(graded, release, browser):
    """Serve a desk for a marker and open it; all ends with the test."""
    opened = []

    def run(marker="marker", named=False, **view):
        desk = open_desk(graded, release, port=0, marker=marker, named=named)
        thread = threading.Thread(target=desk.serve)
        thread.start()
        page = browser.new_page(**view)
        opened.append((desk, thread, page))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(desk.address)
        page.wait_for_selector(".points")
        return desk, page

    yield run
    for desk, thread, page in opened:
        page.close()
        desk.stop()
        thread.join()


def go_to(page, graded, student):
    """Show the answer of a student."""
    number = anonymous.numbers(graded, SLUG, [student])[student]
    page.evaluate(f"history.replaceState(null, '', '#q4-{number}')")
    page.reload()
    page.wait_for_selector(".points")
    return number


def saved(page):
    comes(page, "document.getElementById('status').textContent.startsWith('Saved')")


def until(question, seconds=20):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not question() and time.monotonic() < end:
        time.sleep(0.1)
    return question()


def total(graded, release, student):
    return next(row for row in exports.rows(graded, release) if row["student"] == student)["total"]


def test_an_answer_is_marked_by_keyboard_and_stays(open_page, graded, release):
    _, page = open_page()
    go_to(page, graded, "ann")
    assert page.inner_text("#count") == "0 of 2 marked"
    page.keyboard.type("1")
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#total") == "4.5 of 5"
    page.keyboard.press("c")
    page.keyboard.type("Clear; name the limits next time?")
    comes(page, "document.getElementById('count').textContent === '1 of 2 marked'")
    page.keyboard.press("Escape")
    saved(page)
    assert until(lambda: total(graded, release, "ann") == 15.5)
    page.reload()
    page.wait_for_selector(".points")
    assert [field.input_value() for field in page.query_selector_all(".points")] == ["1.5", "2", "1"]
    assert page.input_value("#comment-all") == "Clear; name the limits next time?"
    assert page.query_selector("#charts img[src^='data:image/png']")
    feedback.write_all(graded, release, only=["ann"])
    text = graded.feedback(SLUG, "ann").read_text(encoding="utf-8")
    assert "(1.5 of 2)" in text and "Clear; name the limits" in text
    page.keyboard.press("Enter")
    page.keyboard.type("1")
    assert page.input_value("#points-limits") == "1", "a digit replaces what stood there"


def test_anchors_stand_beside_their_criterion(open_page, graded):
    _, page = open_page()
    go_to(page, graded, "ann")
    assert page.locator(".anchors").count() == 1
    assert page.locator(".anchors dd").all_inner_texts() == [
        "Two states and both shares.",
        "Two states without shares.",
        "One state.",
    ]


def test_a_cleared_field_makes_the_answer_wait_again(open_page, graded, release):
    desk, page = open_page()
    go_to(page, graded, "ann")
    for field in ("claim", "limits", "language"):
        page.fill(f"#points-{field}", "1")
    assert until(lambda: total(graded, release, "ann") == 14)
    page.fill("#points-limits", "")
    assert until(lambda: total(graded, release, "ann") is None)
    assert page.inner_text("#count") == "0 of 2 marked"


def test_keys_walk_and_jump(open_page, graded):
    _, page = open_page()
    first = page.inner_text("#label")
    page.keyboard.press("n")
    comes(page, f"document.getElementById('label').textContent !== {json.dumps(first)}")
    second = page.inner_text("#label")
    page.keyboard.press("n")
    comes(page, "document.getElementById('status').textContent === 'This is the last answer.'")
    page.keyboard.press("p")
    comes(page, f"document.getElementById('label').textContent === {json.dumps(first)}")
    page.keyboard.press("Alt+ArrowDown")
    comes(page, f"document.getElementById('label').textContent === {json.dumps(second)}")
    page.keyboard.press("u")
    comes(page, f"document.getElementById('label').textContent === {json.dumps(first)}")
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.uncheck("#letters")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.inner_text("#label") == first, "keys of one letter can be switched off"


def test_too_many_points_are_refused_with_one_sentence(open_page, graded, release):
    _, page = open_page()
    go_to(page, graded, "ann")
    page.fill("#points-claim", "2")
    saved(page)
    page.fill("#points-claim", "55")
    comes(page, "document.getElementById('refused-claim').textContent !== ''")
    assert page.inner_text("#refused-claim") == "The points for claim must be a number from 0 to 2; 55 was not saved."
    label = page.inner_text("#label")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.inner_text("#label") == label, "nobody walks on past a refused field"
    kept = markers.read_sheet(graded, SLUG, "marker").answer("ann", "q4")
    assert kept["points"] == {"claim": 2}
    page.fill("#points-claim", "1,5")
    comes(page, "document.getElementById('refused-claim').textContent === ''")
    saved(page)
    assert markers.read_sheet(graded, SLUG, "marker").answer("ann", "q4")["points"] == {"claim": 1.5}


def test_names_stay_hidden_and_students_text_stays_text(open_page, graded):
    desk, page = open_page()
    number = go_to(page, graded, "eve")
    page.click("#other-box summary")
    page.wait_for_timeout(300)
    assert page.title() != "OWNED" and not page.query_selector("iframe") and not page.query_selector("#essay img")
    assert not page.query_selector("main a") and page.query_selector("#essay").inner_html().count("<") == 0
    text = page.inner_text("#essay")
    assert "<script>document.title='OWNED'</script>" in text and "**bold**" in text and text.endswith("[name]")
    assert page.inner_text("#label") == f"Hand-in {number}, q4"
    everything = page.content() + json.dumps(desk.marking.state()) + json.dumps(desk.marking.item(number, "q4"))
    assert not [name for name in ("Eve Elm", "Ann Ash", "ann@", '"eve"') if name in everything]


def test_named_on_demand(open_page):
    _, page = open_page(named=True)
    assert "Ann Ash (ann)" in page.inner_text("#place") and "Eve Elm (eve)" in page.inner_text("#place")


def test_a_lost_connection_keeps_the_text_and_sends_it_later(open_page, graded):
    _, page = open_page()
    go_to(page, graded, "ann")
    page.route("**/save", lambda route: route.abort())
    page.fill("#comment-all", "A thought worth keeping.")
    comes(page, "document.getElementById('alarm').textContent.startsWith('Not saved')")
    assert page.input_value("#comment-all") == "A thought worth keeping."
    page.unroute("**/save")
    saved(page)
    assert page.inner_text("#alarm") == ""
    assert markers.read_sheet(graded, SLUG, "marker").answer("ann", "q4")["comment"] == "A thought worth keeping."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_for_everybody_on_every_screen(open_page, graded, release, width, scheme):
    from accessible import violations

    mark(graded, release, "ben", "ann", (1, 1, 1))
    mark(graded, release, "anna", "ann", (2, 1, 1))
    desk, page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    for address in (None, desk.address + "compare"):
        if address:
            page.goto(address)
        assert violations(page, preload=True) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def mark(graded, release, marker, student, points):
    """Give points to the three criteria as a marker."""
    desk = Marking(graded, release, marker)
    for criterion, value in zip(("claim", "limits", "language"), points, strict=True):
        change = {"n": desk.numbers[student], "question": "q4", "field": "points", "criterion": criterion}
        desk.save({**change, "value": value})


def test_markers_are_kept_apart_compared_and_settled(graded, release, open_page):
    mark(graded, release, "anna", "ann", (2, 1, 1))
    time.sleep(0.02)
    mark(graded, release, "ben", "ann", (1, 1, 1))
    mark(graded, release, "ben", "eve", (0, 0, 1))
    markers.settle(graded, release)
    assert total(graded, release, "ann") == 15, "the marker who began first counts"
    table = comparison(graded, release)
    assert table.markers == ["anna", "ben"]
    found = {(row.student, row.criterion): (row.points, row.difference, row.counts) for row in table.rows}
    assert found["ann", "claim"] == ({"anna": 2, "ben": 1}, 1, 2) and found["ann", "limits"][1] == 0
    assert found["eve", "claim"] == ({"ben": 0}, None, 0), "a divided class needs no further step"
    desk, page = open_page("settled")
    go_to(page, graded, "ann")
    assert "anna 2, ben 1" in page.inner_text("form")
    page.goto(desk.address + "compare")
    assert page.locator("tr.apart").count() == 1 and "≠ 1" in page.inner_text("tr.apart")
    rows = list(csv.reader(io.StringIO(as_csv(table, named=False))))
    assert rows[0] == ["hand_in", "question", "criterion", "of", "anna", "ben", "difference", "counts"]
    assert ["claim", "2", "2", "1", "1", "2"] in [row[2:] for row in rows]
    mark(graded, release, "settled", "ann", (1.5, 1, 1))
    markers.settle(graded, release)
    assert total(graded, release, "ann") == 14.5


def test_who_does_not_settle_never_sees_other_points(graded, release):
    mark(graded, release, "anna", "ann", (2, 1, 1))
    ben = Marking(graded, release, "ben")
    item = ben.item(ben.numbers["ann"], "q4")
    assert item["others"] == {} and item["answer"]["points"] == {}


def test_another_text_withdraws_the_points(graded, release, tmp_path, honest):
    mark(graded, release, "anna", "ann", (2, 1, 1))
    markers.settle(graded, release)
    put(tmp_path / "in", "ann", essay(honest("ann"), "Another text."))
    collect(graded, release, tmp_path / "in")
    grade(graded, SLUG, workers=1, only=("ann",))
    markers.settle(graded, release)
    assert total(graded, release, "ann") is None
    desk = Marking(graded, release, "anna")
    item = desk.item(desk.numbers["ann"], "q4")
    assert item["answer"]["points"] == {} and item["before"] == "claim 2, limits 1, language 1"
    assert next(row for row in desk.state()["handins"] if row["n"] == desk.numbers["ann"])["done"] == []


def test_numbers_are_stable_and_not_the_alphabet(course):
    class_ = [f"s{number:02d}" for number in range(40)]
    first = anonymous.numbers(course, SLUG, class_)
    assert list(first) != class_ and sorted(first.values()) == list(range(1, 41))
    later = anonymous.numbers(course, SLUG, [*class_, "a-late-one"])
    assert later == {**first, "a-late-one": 41}


def ask(desk, method, path, host=None, **headers):
    """(status, policy) of a raw request to the desk."""
    line = http.client.HTTPConnection("127.0.0.1", desk.server.server_port)
    body = (
        b'{"n": 1, "question": "q4", "field": "points", "criterion": "claim", "value": 1}' if method == "POST" else None
    )
    line.request(method, path, body, {"Host": host or f"127.0.0.1:{desk.server.server_port}", **headers})
    reply = line.getresponse()
    reply.read()
    line.close()
    return reply.status, reply.getheader("Content-Security-Policy")


def test_only_the_own_page_gets_in(open_page, graded):
    desk, _ = open_page()
    root, token = f"/{desk.token}/", {"X-Desk-Token": desk.token}
    assert ask(desk, "GET", root)[0] == 200
    for path in ("/", "/wrong/", "/wrong/state", "/state", f"/{desk.token[:-1]}/", "/../gradebook.db"):
        assert ask(desk, "GET", path)[0] == 403, path
    for name in ("../gradebook.db", "desk.html", "%2e%2e/x"):
        assert ask(desk, "GET", root + name)[0] == 404, name
    assert ask(desk, "GET", root, host="evil.example")[0] == 403
    assert ask(desk, "POST", root + "save")[0] == 403
    assert ask(desk, "POST", root + "save", **{"X-Desk-Token": "no"})[0] == 403
    assert ask(desk, "POST", root + "save", Origin="http://evil.example", **token)[0] == 403
    assert ask(desk, "POST", root + "save", host="evil.example", **token)[0] == 403
    assert not list((graded.root / "marks").glob("*-criteria-*"))
    status, policy = ask(desk, "POST", root + "save", **token)
    assert status == 200 and "default-src 'none'; script-src 'self'; style-src 'self'" in policy


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_ends_and_leaves_nothing(graded, release, stop):
    line = [sys.executable, "-c", "from coursekit.cli.main import main; main()", "marks", "page", SLUG, "--port", "0"]
    process = subprocess.Popen(
        [*line, "-C", str(graded.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # A shell lets what it starts in the background ignore Ctrl+C, and these tests may be run there.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    address = process.stdout.readline().split()[-1]
    port = int(address.split(":")[2].split("/")[0])
    change = {"n": 1, "question": "q4", "field": "points", "criterion": "claim", "value": 1}
    http_line = http.client.HTTPConnection("127.0.0.1", port)
    path = address.split(str(port))[1]
    http_line.request("POST", path + "save", json.dumps(change), {"X-Desk-Token": path.strip("/")})
    assert http_line.getresponse().status == 200
    process.send_signal(stop)
    assert "All marks are in the gradebook" in process.communicate(timeout=60)[0]
    assert process.returncode == 0
    with pytest.raises(OSError):
        http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/")


def test_a_desk_beside_a_grader_keeps_everything(graded, release):
    """While `course grade` holds the folder marks are kept in the sheet; the next settling brings them in."""
    with graded.lock():
        mark(graded, release, "anna", "ann", (2, 1, 1))
        with pytest.raises(CourseError, match="Another grader"):
            markers.settle(graded, release)
    assert markers.settle(graded, release) == 1 and total(graded, release, "ann") == 15


def test_what_cannot_be_opened_says_so(course, graded, release):
    with pytest.raises(CourseError, match="may have letters"):
        Marking(graded, release, "../x")
    path = graded.root / "marks" / f"{SLUG}-criteria-anna.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{half")
    with pytest.raises(CourseError, match="is damaged"):
        Marking(graded, release, "anna")
    path.unlink()
    desk = open_desk(graded, release, port=0)
    with pytest.raises(CourseError, match="cannot use port"):
        open_desk(graded, release, port=desk.server.server_port)
    desk.server.server_close()


PNG = "iVBORw0KGgo" + "A" * 60_000


def test_a_class_of_300_opens_in_two_seconds(graded, release, browser):
    """300 hand-ins with charts; all marked already, so every state has to be found."""
    like = read_json(graded.result(SLUG, "ann"))
    with gradebook.open_book(graded) as book:
        gradebook.prepare(book, release)
    sheet = {"marker": "anna", "since": 1.0, "answers": {}}
    for number in range(300):
        student = f"s{number:03d}"
        cells = [{**cell, "png": PNG} for cell in like["cells"]]
        for path, content in (
            (graded.result(SLUG, student), {**like, "student": student, "cells": cells}),
            (graded.autograded(SLUG, student), {}),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content))
        answer_ = {"points": {"claim": 2, "limits": 1, "language": 1}, "at": time.time() + 60}
        sheet["answers"][student] = {"q4": answer_}
    (graded.root / "marks").mkdir(exist_ok=True)
    (graded.root / "marks" / f"{SLUG}-criteria-anna.json").write_text(json.dumps(sheet))
    start = time.monotonic()
    desk = open_desk(graded, release, port=0, marker="anna")
    thread = threading.Thread(target=desk.serve)
    thread.start()
    page = browser.new_page()
    page.goto(desk.address)
    page.wait_for_selector(".points")
    seconds = time.monotonic() - start
    text = page.inner_text("#count")
    page.close()
    desk.stop()
    thread.join()
    assert text == "300 of 302 marked" and seconds < 2, seconds
