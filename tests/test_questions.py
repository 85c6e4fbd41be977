"""Questions in a real browser: each kind in a small book of its own, and every question of the chapters."""

import json
import re
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import sphinx_run
from accessible import violations
from conftest import CHAPTERS, ROOT, Quiet
from figure_probe import pause

from coursekit.book.quiz import key
from coursekit.exercises.quizzes import load_bank

pytestmark = pytest.mark.browser
VIEWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
CONF = """
extensions = ["myst_nb", "sphinxcontrib.bibtex", "coursekit.book"]
bibtex_bibfiles = ["references.bib"]
nb_execution_mode = "off"
html_theme = "sphinx_book_theme"
html_theme_options = {"navigation_with_keys": False}
html_math_renderer = "mathml"
course_palette = "ip4.colours:PALETTE"
project = "A small book"
html_context = {"default_mode": "auto"}
exclude_patterns = ["_out"]
"""
PAGES = {
    "index": "# A book\n\n<p data-course-progress></p>\n\n"
    "```{toctree}\nchapters/03-kinds\nchapters/my-course\nglossary\n```\n",
    "chapters/03-kinds": "# Kinds\n\nWho pays? Read {term}`Burden sharing` and {term}`the ride <Free riding>`.\n\n"
    "```{quiz} 03-kinds\n:items: sure\n```\n\n```{quiz} 03-kinds\n:except: sure\n```\n\n"
    "## And you?\n\n```{my-course} sure ranges\n```\n",
    "chapters/my-course": "# My course\n\n```{my-course}\n```\n",
    "glossary": "# Glossary\n\n```{glossary-table}\n```\n",
}
BANK = """
title: Kinds
chapter: 03-kinds
items:
  - {id: sure, kind: single, outcome: O1, tag: predict, probability: true, prompt: Will it *fall*?, options: [
      {text: "Yes", correct: true, feedback: It fell.}, {text: "No", feedback: It fell after all.}]}
  - {id: range, kind: estimate, outcome: O1, tag: predict, prompt: How many?, estimate: {answer: "17", low: 0, high: 32,
      step: 1, tolerance: 2, unit: allies, feedback: {after: "So {answer} it was."}}}
  - {id: point, kind: estimate, outcome: O1, tag: measurement, prompt: What share?, estimate: {answer: "2.5", low: 0,
      high: 5, step: 0.1, tolerance: 0.1, ask: point, unit: "%", feedback: {after: That is the share.}}}
  - {id: line, kind: draw, outcome: O1, tag: predict, prompt: Draw it., draw: {form: line, given: 2, low: 0, high: 4,
      step: 0.5, unit: "%", truth: "{2014: 1, 2015: 1.5, 2016: 2, 2017: 3}", feedback: {after: It rose.}}}
  - {id: bars, kind: draw, outcome: O1, tag: predict, prompt: Draw them., draw: {form: bars, low: 0, high: 10, step: 1,
      truth: "{'a': 8, 'b': 2}", labels: {a: An ally with quite a long name, b: Another ally}, feedback: {after: So.}}}
  - {id: table, kind: cells, outcome: O1, tag: measurement, prompt: Fill it., cells: {corner: Ally, rows: {3: Three,
      4: Four}, columns: {1: times one, 10: times ten}, answer: row * column, tolerance: 0.5,
      feedback: {right: All four., wrong: Multiply.}}}
  - {id: foretold, kind: number, outcome: O1, tag: predict, prompt: What number?, number: {answer: "12.5",
      tolerance: 0.5, unit: points, feedback: {right: Near enough., wrong: It is more.}}}
  - {id: number, kind: number, outcome: O1, tag: measurement, prompt: What number?, number: {answer: "1234.5",
      tolerance: 0.1, feedback: {right: Well read., wrong: Read again., near: Nearly.}}}
  - {id: choice, kind: single, outcome: O1, tag: concept, prompt: Which?, options: [
      {text: First & <b>bold</b>, correct: true, feedback: Good.}, {text: Second, feedback: Look again.}]}
  - {id: several, kind: multiple, outcome: O1, tag: concept, prompt: Which hold?, options: [{text: A, correct: true,
      feedback: Holds.}, {text: B, correct: true, feedback: Holds too.}, {text: C, feedback: Does not.}]}
  - {id: steps, kind: order, outcome: O1, tag: concept, prompt: In order., order: {steps: [load, filter, draw],
      feedback: {right: In order., wrong: Begin with loading.}}}
  - {id: pairs, kind: match, outcome: O1, tag: concept, prompt: Match., match: {pairs: [[GDP, output], [USD, money]],
      feedback: {right: Matched., wrong: Not matched.}}}
"""
TOLD = {"sure", "range", "point", "line", "bars", "foretold"}  # never marked right or wrong


def build(folder: Path) -> Path:
    """Build the small book below ``folder``; its HTML folder."""
    run = sphinx_run.run(folder)
    assert run.returncode == 0, run.stderr
    return folder / "_out"


def write_book(folder: Path) -> Path:
    (folder / "conf.py").write_text(CONF)
    (folder / "references.bib").write_bytes((ROOT / "references.bib").read_bytes())
    (folder / "exercises" / "quizzes").mkdir(parents=True)
    (folder / "exercises" / "quizzes" / "03-kinds.yml").write_text(BANK)
    for name, text in PAGES.items():
        (folder / f"{name}.md").parent.mkdir(exist_ok=True)
        (folder / f"{name}.md").write_text(text)
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The HTML of a small book with every kind of question."""
    return build(write_book(tmp_path_factory.mktemp("questions")))


@pytest.fixture(scope="module")
def host(book, tmp_path_factory):
    """Address of a host with two books, ``one/`` and ``two/``."""
    root = tmp_path_factory.mktemp("host")
    for name in ("one", "two"):
        (root / name).symlink_to(book)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def reader(browser, host):
    """A new reader: a function that opens a page of book one (or an address) in one browser that remembers."""
    contexts = []

    def open_(page="chapters/03-kinds.html", width=1280, scheme="light", script="", context=None, **options):
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
            context.add_init_script(
                f"localStorage.setItem('mode', '{scheme}'); localStorage.setItem('theme', '{scheme}')"
            )
            if script:
                context.add_init_script(script)
            contexts.append(context)
        tab = context.new_page()
        tab.wrong = []
        tab.on("pageerror", lambda e: tab.wrong.append(str(e)))
        tab.goto(page if ":" in page else f"{host}one/{page}")
        return tab

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def items(book):
    return {item.id: item for item in load_bank(book.parent / "exercises" / "quizzes" / "03-kinds.yml").items}


def form_of(tab, name):
    return tab.locator(f"#quiz-{name}")


def told(form):
    """The feedback after a check, as text, once it is there."""
    form.locator(".quiz-feedback").locator("strong").wait_for()
    return form.locator(".quiz-feedback").inner_text().replace("\xa0", " ")


def check(form):
    form.locator("button[type=submit]").click()
    return told(form)


def choose(form, item, right):
    """Check what is right, or what is not; of a single item only one can be checked."""
    for field, option in zip(form.locator("fieldset input").all(), item.options, strict=True):
        if item.kind == "multiple":
            field.set_checked(option.correct == right)
        elif option.correct == right:
            field.check()
            return


def pick(form, item, right):
    keys = key(item)["answer"]
    for select, value in zip(form.locator("select").all(), keys if right else keys[1:] + keys[:1], strict=True):
        select.select_option(value)


def write(form, item, right):
    form.locator("input").fill(f"{item.answer + (0 if right else 10 * item.tolerance + 1)}")


def guess(form, item, right):
    scale, fields = item.scale, form.locator("fieldset input").all()
    far = scale.low if item.answer > (scale.low + scale.high) / 2 else scale.high
    for field in fields:
        field.fill(f"{item.answer if right else far:.{scale.digits}f}")


def drag(form, item, right):
    """By keyboard: to the truth, or to the end of the scale that is farther."""
    drawing, scale = item.drawing, item.scale
    for handle, value in zip(form.locator("[role=slider]").all(), drawing.truth[drawing.given :], strict=True):
        low_end = value - scale.low < scale.high - value
        handle.focus()
        press = form.page.keyboard.press  # the keys go where the focus is: a search for the handle before each is slow
        press("Home" if low_end else "End")
        for _step in range(round(abs(value - (scale.low if low_end else scale.high)) / scale.step) if right else 0):
            press("ArrowUp" if low_end else "ArrowDown")
        if not right:
            press("End" if low_end else "Home")


def fill(form, item, right):
    goals = [goal for row in item.grid.answers for goal in row]
    rooms = [room for row in item.grid.tolerances for room in row]
    for field, goal, room in zip(form.locator("input").all(), goals, rooms, strict=True):
        field.fill(f"{goal if right else goal + 10 * room + 1}")


ANSWER = {"single": choose, "multiple": choose, "order": pick, "match": pick, "number": write, "estimate": guess}
ANSWER |= {"draw": drag, "cells": fill}
KIND_IDS = re.findall(r"id: (\w+)", BANK)


def answer(form, item, right=True):
    ANSWER[item.kind](form, item, right)


def judged(form) -> str:
    return form.locator(".quiz-feedback").get_attribute("class").removeprefix("quiz-feedback").strip()


def try_both(form, item, neutral):
    """Empty, right, wrong: each is told in its way."""
    form.locator("button[type=submit]").click()
    form.locator(".quiz-feedback", has_text="first").wait_for()
    answer(form, item, right=True)
    right = check(form)
    assert judged(form) == ("told" if neutral else "right"), right
    answer(form, item, right=False)
    assert form.locator(".quiz-feedback").inner_text() == "", "the mark of another answer must go"
    wrong = check(form)
    assert judged(form) == ("told" if neutral else "wrong"), wrong
    assert wrong != right and len(wrong) > 15
    if neutral:
        assert not re.search(r"✗|[Ww]rong|Not yet", right + wrong)


@pytest.mark.parametrize("name", KIND_IDS)
def test_each_kind_is_told_right_and_wrong(reader, items, name):
    tab = reader()
    try_both(form_of(tab, name), items[name], name in TOLD)
    assert tab.wrong == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)
def test_every_question_of_a_chapter_is_told_right_and_wrong(reader, site, chapter):
    tab = reader(f"{site}chapters/{chapter.stem}.html")
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for item in load_bank(ROOT / "exercises" / "quizzes" / f"{chapter.stem}.yml").items:
        form = form_of(tab, item.id)
        assert form.count() == 1, f"{item.id} is on the page"
        form.evaluate("f => { for (let n = f.parentElement; n; n = n.parentElement) if (n.hidden) n.hidden = false }")
        reveal_tab(form)
        try_both(form, item, item.tag == "predict" or item.kind in ("estimate", "draw"))
    assert tab.wrong == []


def reveal_tab(form):
    """A question inside a tab is reached by its label."""
    form.evaluate("""f => { const panel = f.closest('.sd-tab-content'); let n = panel;
        while (n && n.tagName !== 'INPUT') n = n.previousElementSibling; if (n) n.click(); }""")


FACTS = {
    "range": (["0", "2"], "It is 17 allies, 15 above your range of 0 to 2."),
    "point": (["1"], "You were 1.5 too low: it is 2.5 %."),
    "foretold": (["10"], "You were 2.5 too low: it is 12.5 points."),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_guess_is_told_how_far(reader, name):
    form = form_of(reader(), name)
    texts, said = FACTS[name]
    for field, text in zip(form.locator("input").all(), texts, strict=True):
        field.fill(text)
    assert check(form).startswith(said)


def test_a_choice_is_told_what_happened(reader):
    form = form_of(reader(), "sure")
    form.locator("input").nth(1).check()
    assert check(form) == "What happened: Yes. It fell after all."


def test_a_drawing_is_told_in_words(reader):
    form = form_of(reader(), "line")
    for handle in form.locator("[role=slider]").all():
        handle.focus()
        handle.press("ArrowDown")
    assert check(form) == (
        "On average you were 1.50 % away. The largest gap is at 2017: you drew 1.0, it is 3.0 %. "
        "From 2014 to 2017 you drew no change; it was a rise of 2.0. It rose."
    )


@pytest.mark.parametrize(
    "text, kind", [("1234,5", "right"), ("1,234.5", "right"), ("1 234.5", "right"), ("−5", "wrong")]
)
def test_numbers_are_read_as_people_write_them(reader, text, kind):
    form = form_of(reader(), "number")
    form.locator("input").fill(text)
    check(form)
    assert judged(form) == kind


@pytest.mark.parametrize(
    "low, high, said",
    [("5", "", "both ends"), ("9", "5", "must not be above"), ("5", "50", "between 0 and 32 allies")],
)
def test_a_range_that_is_none_gets_a_sentence(reader, low, high, said):
    form = form_of(reader(), "range")
    form.locator("input").nth(0).fill(low)
    form.locator("input").nth(1).fill(high)
    form.locator("button[type=submit]").click()
    form.locator(".quiz-feedback", has_text=said).wait_for()


def test_cells_are_told_one_by_one(reader):
    form = form_of(reader(), "table")
    for place, text in enumerate(["3", "29", ""]):
        form.locator("input").nth(place).fill(text)
    assert "1 of 4 cells right, 2 still empty" in check(form)
    assert form.locator(".quiz-cell").all_inner_texts() == ["✓ right", "✗ not yet", "", ""]
    wrong = form.locator("input").nth(1)
    assert wrong.get_attribute("aria-invalid") == "true"
    assert form.page.locator(f"#{wrong.get_attribute('aria-describedby')}").inner_text() == "✗ not yet"
    assert wrong.get_attribute("aria-label") == "Three, times ten"
    wrong.fill("30")
    assert form.locator(".quiz-cell").all_inner_texts() == [""] * 4 and wrong.get_attribute("aria-invalid") is None
    assert "So far so good: 2 of 4" in check(form)


def test_answers_and_feedback_are_there_after_a_reload_and_an_edit_is_too(reader, items):
    tab = reader()
    said = {}
    for name in KIND_IDS:
        answer(form_of(tab, name), items[name], right=name != "choice")
        said[name] = check(form_of(tab, name))
    tab.reload()
    assert {name: told(form_of(tab, name)) for name in KIND_IDS} == said
    assert form_of(tab, "number").locator("input").input_value() == "1234.5"
    assert form_of(tab, "bars").locator("[role=slider]").first.get_attribute("aria-valuetext").endswith(": 8")
    assert form_of(tab, "line").locator(".draw-truth polyline").count() == 1
    form_of(tab, "number").locator("input").fill("7")
    form_of(tab, "choice").locator("input").first.focus()
    tab.reload()
    told(form_of(tab, "choice"))
    assert form_of(tab, "number").locator("input").input_value() == "7"
    assert form_of(tab, "number").locator(".quiz-feedback").inner_text() == ""


@pytest.mark.parametrize("name", KIND_IDS)
def test_questions_can_be_answered_by_keyboard_alone(reader, name):
    """Tab into the form, change one field, Tab to the button, Enter: it is judged or asks for the rest."""
    tab = reader()
    form = form_of(tab, name)
    form.evaluate("""f => { const start = document.createElement('button'); start.type = 'button'; start.id = 'before';
        f.before(start); start.focus(); }""")
    tab.keyboard.press("Tab")
    for _stop in range(2):
        if tab.evaluate("document.activeElement.getAttribute('role')") == "region":
            tab.keyboard.press("Tab")
    assert form.evaluate("f => f.contains(document.activeElement)")
    press = {
        "number": "7",
        "estimate": "7",
        "cells": "7",
        "draw": "ArrowUp",
        "order": "ArrowDown",
        "match": "ArrowDown",
    }
    tab.keyboard.press(press.get(form.get_attribute("data-kind"), "Space"))
    for _stop in range(20):
        if tab.evaluate("document.activeElement.type === 'submit'"):
            break
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "id => document.querySelector(`#${id} .quiz-feedback`).textContent.trim()", arg=f"quiz-{name}"
    )
    assert form.locator("legend").count() == 1 and form.locator("[role=status]").count() == 1


@pytest.mark.parametrize("name", ["line", "bars"])
def test_a_drawing_works_on_a_phone_by_keyboard_and_by_finger(reader, name):
    tab = reader(width=360, has_touch=True)
    form = form_of(tab, name)
    handle = form.locator("[role=slider]").last
    now = lambda: float(handle.get_attribute("aria-valuenow"))  # noqa: E731
    start, words = now(), handle.get_attribute("aria-valuetext")
    handle.focus()
    handle.press("ArrowUp")
    assert now() > start and handle.get_attribute("aria-valuetext") != words
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "slider", "the handle keeps the focus"
    handle.press("End")
    assert now() == float(handle.get_attribute("aria-valuemax"))
    handle.press("ArrowUp")
    assert now() == float(handle.get_attribute("aria-valuemax")), "it stops at the end of the scale"
    form.locator("svg").scroll_into_view_if_needed()
    box, dot = form.locator("svg").bounding_box(), handle.bounding_box()
    if name == "line":
        tab.touchscreen.tap(dot["x"] + dot["width"] / 2, box["y"] + box["height"] / 2)
    else:
        tab.touchscreen.tap(box["x"] + box["width"] / 2, dot["y"] + dot["height"] / 2)
    assert float(handle.get_attribute("aria-valuemin")) < now() < float(handle.get_attribute("aria-valuemax"))
    check(form)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    small = "s => [...s.querySelectorAll('text')].filter(t => parseFloat(getComputedStyle(t).fontSize) < 12).length"
    assert form.locator("svg").evaluate(small) == 0
    outside = """s => { const room = s.getBoundingClientRect(); return [...s.querySelectorAll('text')].filter(t => {
        const b = t.getBoundingClientRect(); return b.width && (b.left < room.left - 1 || b.right > room.right + 1); })
        .map(t => t.textContent); }"""
    assert form.locator("svg").evaluate(outside) == []


def test_a_drawing_follows_the_pointer_and_keeps_the_given_points(reader, items):
    tab = reader()
    form = form_of(tab, "line")
    form.locator("svg").scroll_into_view_if_needed()
    box, dot = form.locator("svg").bounding_box(), form.locator("[role=slider]").first.bounding_box()
    x = dot["x"] + dot["width"] / 2
    tab.mouse.move(x, dot["y"] + dot["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(x, box["y"] + 40, steps=4)
    tab.mouse.up()
    values = json.loads(form.locator("input[type=hidden]").input_value())
    assert values[:2] == [1, 1.5] and values[2] > 3
    tab.mouse.click(box["x"] + 50, box["y"] + 60)
    assert json.loads(form.locator("input[type=hidden]").input_value()) == values


@pytest.mark.parametrize("width, scheme", VIEWS)
def test_questions_and_my_course_are_accessible(reader, items, width, scheme):
    tab = reader(width=width, scheme=scheme)
    for name in KIND_IDS:
        answer(form_of(tab, name), items[name], right=name in ("sure", "steps"))
        check(form_of(tab, name))
    assert violations(tab) == []
    mine = reader("chapters/my-course.html", context=tab.context)
    mine.locator("[data-part=answers]").wait_for()
    assert violations(mine) == []
    assert mine.evaluate("document.documentElement.scrollWidth") <= width


# My course


def answered_reader(reader, items, **options):
    """A reader who said 70 and 90 % and gave a range; the tab of the chapter."""
    tab = reader(**options)
    form = form_of(tab, "sure")
    form.locator("input").nth(1).check()
    form.locator("select").select_option("70")
    check(form)
    form.locator("input").nth(0).check()
    check(form)
    for name, right in (("range", True), ("number", False), ("number", True), ("table", False)):
        answer(form_of(tab, name), items[name], right)
        check(form_of(tab, name))
    return tab


def test_my_course_without_answers_says_so(reader):
    tab = reader("chapters/my-course.html")
    tab.locator(".mine-lead", has_text="Nothing yet").wait_for()
    assert tab.get_by_role("button", name="Read again").count() == 0, "on a server the store is never late"
    assert tab.locator(".course-mine section:visible").count() == 1 and not tab.locator(".mine-forget").is_visible()
    plain = reader("chapters/my-course.html", java_script_enabled=False)
    assert "needs JavaScript" in plain.locator(".course-mine").inner_text()


def test_my_course_counts_and_scores(reader, items):
    tab = answered_reader(reader, items)
    mine = reader("chapters/my-course.html", context=tab.context)
    mine.locator(".mine-lead", has_text=f"4 of {len(KIND_IDS)} questions").wait_for()
    assert row_of(mine, "progress", "Kinds") == ["Kinds", f"4 of {len(KIND_IDS)}", "1 of 2", "6"]
    sure = mine.locator("[data-part=sure]").inner_text()
    assert "1 prediction with a stated chance is 0.49" in sure, "0.7 squared: the first try counts"
    assert row_of(mine, "sure", "51 to 70 %") == ["51 to 70 %", "1", "70 %", "0 %"]
    assert "came true 0 % of 1" in mine.locator("[data-part=sure] svg").get_attribute("aria-label")
    assert "1 of 1 (100 %)" in mine.locator("[data-part=ranges]").inner_text()
    assert row_of(mine, "predictions", "Will it fall?")[1:] == ["No (70 % sure)", "What happened: Yes."]
    assert row_of(mine, "answers", "What number?")[1:4] == ["1234.5", "✓ right", "2"]


def test_a_chapter_shows_some_parts_and_follows_each_answer(reader, items):
    tab = reader()
    box = tab.locator(".course-mine")
    box.locator(".mine-lead", has_text="Nothing yet").wait_for()
    assert box.locator("section").evaluate_all("all => all.map(s => s.dataset.part)") == ["sure", "ranges"]
    assert box.locator("section:visible").count() == 0 and box.locator("h2").count() == 0
    form = form_of(tab, "sure")
    form.locator("input").nth(1).check()
    form.locator("select").select_option("70")
    check(form)
    box.locator("[data-part=sure]", has_text="1 prediction with a stated chance is 0.49").wait_for()
    assert not box.locator("[data-part=ranges]").is_visible()
    assert "1 of" in box.locator(".mine-lead").inner_text() and tab.wrong == []


def row_of(mine, part, first):
    line = mine.locator(f"[data-part={part}] tbody tr", has=mine.get_by_text(first, exact=True)).first
    return [text.replace("\xa0", " ") for text in line.locator("td").all_inner_texts()]


def test_the_front_page_tells_how_far(reader, items):
    tab = answered_reader(reader, items)
    front = reader("index.html", context=tab.context)
    place = front.locator("[data-course-progress]")
    front.wait_for_function("document.querySelector('[data-course-progress]').textContent")
    assert place.inner_text() == f"You have answered 4 of {len(KIND_IDS)} questions; continue with chapter 3."
    place.locator("a").click()
    assert front.url.endswith("chapters/03-kinds.html#quiz-point")
    assert reader("index.html").locator("[data-course-progress]").inner_text() == ""


def test_a_file_can_be_handed_in_and_read_again(reader, items, tmp_path):
    tab = answered_reader(reader, items, accept_downloads=True)
    mine = reader("chapters/my-course.html", context=tab.context)
    mine.locator(".mine-name").fill("Ann <b>O'Hara</b>")
    with mine.expect_download() as first:
        mine.locator(".mine-json").click()
    with mine.expect_download() as second:
        mine.locator(".mine-html").click()
    first.value.save_as(tmp_path / "a.json")
    second.value.save_as(tmp_path / "a.html")
    content, page = json.loads((tmp_path / "a.json").read_text()), (tmp_path / "a.html").read_text()
    assert content["name"] == "Ann <b>O'Hara</b>" and set(content["titles"]) == set(content["answers"])
    assert "Ann &lt;b&gt;O'Hara&lt;/b&gt;" in page and "1234.5" in page and "<a" not in page and "<script" not in page
    kept = mine.evaluate(
        "Object.entries(localStorage).filter(([k]) => k.startsWith('course-')).map(([, v]) => v).join()"
    )
    assert "O'Hara" not in kept, "the name is in the file only"
    before = mine.locator("[data-part=answers]").inner_text()
    other = reader("chapters/my-course.html")
    other.locator(".mine-import").set_input_files(tmp_path / "a.json")
    other.locator(".mine-told", has_text="4 answers were read.").wait_for()
    assert other.locator("[data-part=answers]").inner_text() == before
    again = reader(context=other.context)
    assert "It fell." in told(form_of(again, "sure"))


FILES = {
    "no json": ("hello", "This is not a file of answers"),
    "other json": ('{"format": "x"}', "This is not a file of answers"),
    "other book": ('{"format": "course-answers", "book": "B", "answers": {}}', "another book (B)"),
    "other questions": (
        '{"format": "course-answers", "book": "A small book", "answers": {"9/x": {}, "03-kinds/number": 5}}',
        "0 answers were read; 2 belong to no question",
    ),
    "mark-up": (
        '{"format": "course-answers", "book": "A small book", "answers": {"03-kinds/number": {"answer": ["1"], '
        '"tries": 1, "said": "<img src=x onerror=alert(1)>", "when": "2026-01-01T00:00:00Z", "first": {}}}}',
        "1 answers were read",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_gets_one_sentence(reader, tmp_path, name):
    text, said = FILES[name]
    (tmp_path / "x.json").write_text(text)
    tab = reader("chapters/my-course.html")
    tab.locator(".mine-import").set_input_files(tmp_path / "x.json")
    tab.locator(".mine-told", has_text=said).wait_for()
    assert tab.locator(".course-mine img").count() == 0 and tab.wrong == []


def test_one_button_forgets_everything_after_a_question(reader, items):
    tab = answered_reader(reader, items)
    mine = reader("chapters/my-course.html", context=tab.context)
    mine.locator(".mine-forget").click()
    mine.get_by_role("button", name="Keep them").click()
    assert mine.locator("[data-part=answers]").is_visible()
    mine.locator(".mine-forget").click()
    mine.get_by_role("button", name="Forget them").click()
    mine.locator(".mine-told", has_text="are forgotten.").wait_for()
    assert mine.locator(".mine-lead").inner_text().startswith("Nothing yet")
    tab.reload()
    pause(tab, 300)
    assert tab.locator("input:checked").count() == 0 and "".join(tab.locator(".quiz-feedback").all_inner_texts()) == ""
    assert tab.evaluate("Object.keys(localStorage).filter(k => k.startsWith('course-'))") == []


# Where things go wrong


def test_two_books_on_one_host_do_not_mix(reader, items, host):
    tab = answered_reader(reader, items)
    other = reader(f"{host}two/chapters/03-kinds.html", context=tab.context)
    pause(other, 300)
    assert other.locator("input:checked").count() == 0
    told(form_of(reader(context=tab.context), "sure"))


BLOCKED = """const set = Storage.prototype.setItem; Storage.prototype.setItem = function (key, value) {
    if (key.startsWith('course-')) throw new DOMException('full', 'QuotaExceededError');
    set.call(this, key, value); }"""


def test_a_browser_that_keeps_nothing_says_so_once(reader, items):
    tab = reader(script=BLOCKED)
    for name in ("number", "sure"):
        answer(form_of(tab, name), items[name])
        check(form_of(tab, name))
    assert tab.locator(".quiz-not-kept").count() == 1
    assert "does not let the page keep your answers" in tab.locator(".quiz-not-kept").inner_text()
    assert tab.wrong == []


def test_a_dropped_request_is_tried_again_and_then_said(reader, items):
    tab = reader()
    asked = []

    def drop(route):
        asked.append(route.request.url)
        route.abort()

    tab.route("**/_static/quiz/03-kinds.*", drop)
    form = form_of(tab, "number")
    answer(form, items["number"])
    form.locator("button[type=submit]").click()
    form.get_by_role("button", name="Try again").wait_for(timeout=15000)
    assert len(asked) == 3 and "could not be read" in form.locator(".quiz-feedback").inner_text()
    tab.unroute("**/_static/quiz/03-kinds.*")
    assert "Well read." in check(form), "the second click works"


def test_one_lost_request_is_not_noticed(reader, items):
    tab = reader()
    tab.route("**/_static/quiz/03-kinds.*", lambda route: route.abort(), times=1)
    form = form_of(tab, "number")
    answer(form, items["number"])
    assert "Well read." in check(form)


def test_a_question_that_changed_drops_its_old_answer(reader, items):
    tab = answered_reader(reader, items)

    def change(route):
        text = re.sub(r'(id="quiz-number"[^>]*data-version=")\w+', r"\1changed", route.fetch().text())
        route.fulfill(body=text, content_type="text/html")

    tab.route("**/03-kinds.html", change)
    tab.reload()
    form = form_of(tab, "number")
    form.locator(".quiz-feedback", has_text="has changed since you answered it").wait_for()
    assert form.locator("input").input_value() == ""


def use_and_look(tab, items):
    """Answer some questions, then find them on My course."""
    for name in ("number", "line", "table", "sure"):
        answer(form_of(tab, name), items[name])
        check(form_of(tab, name))
    tab.goto(tab.url.replace("03-kinds", "my-course"))
    assert read_lead(tab).startswith(f"You have answered 4 of {len(KIND_IDS)}")


def wait_until_kept(tab, most=60):
    """Until another page of this browser sees an answer of ``tab``: on a busy machine the store itself can be late."""
    other = tab.context.new_page()
    for _ in range(most):
        other.goto(tab.url)
        if other.evaluate("Object.keys(localStorage).some((key) => key.startsWith('course-answers:'))"):
            break
        other.wait_for_timeout(250)
    other.close()


def read_lead(tab, most=20):
    """What My course says first. A page opened as a file is read again, as it offers to: the browser itself decides
    how late such a page sees the store, and may need more than one reading; no other page offers it."""
    lead, again = tab.locator(".mine-lead:not(:empty)"), tab.get_by_role("button", name="Read again")
    for _ in range(most):
        lead.wait_for()
        if not again.count():
            break
        with tab.expect_navigation():
            again.click()
        tab.wait_for_timeout(250)
    return lead.inner_text()


def test_questions_work_from_a_file(reader, items, book):
    use_and_look(reader((book / "chapters/03-kinds.html").as_uri()), items)


# A browser that gives the first page after another one an empty store, as Chromium may when pages are opened as files.
LATE = """const [visit] = performance.getEntriesByType('navigation');
    if (location.pathname.includes('my-course') && visit.type !== 'reload') Storage.prototype.getItem = () => null;"""


def test_a_page_that_was_given_an_old_store_loses_nobody_elses_answers(reader, items):
    """What another tab, or the page before, has kept stays when a page that has not seen it keeps an answer."""
    tab = reader(script="if (location.search === '?late') Storage.prototype.getItem = () => null;")
    for address, name in (("", "number"), ("?late", "table")):
        tab.goto(tab.url + address)
        answer(form_of(tab, name), items[name])
        check(form_of(tab, name))
    tab.goto(tab.url.partition("?")[0].replace("03-kinds", "my-course"))
    tab.locator(".mine-lead", has_text=f"2 of {len(KIND_IDS)}").wait_for()


def test_answers_kept_in_one_entry_are_taken_over(reader, items):
    tab = reader()
    answer(form_of(tab, "number"), items["number"])
    check(form_of(tab, "number"))
    tab.evaluate("""() => { const kept = Object.keys(localStorage).filter((key) => key.startsWith("course-answers:"));
        const whole = kept[0].slice(0, kept[0].lastIndexOf(":")); const answers = window.course.answers.all();
        for (const key of kept) localStorage.removeItem(key);
        localStorage.setItem(whole, JSON.stringify({ version: 1, answers })); }""")
    tab.goto(tab.url.replace("03-kinds", "my-course"))
    tab.locator(".mine-lead", has_text=f"1 of {len(KIND_IDS)}").wait_for()


def test_my_course_opened_as_a_file_can_read_again_what_it_saw_late(reader, items, book):
    tab = reader((book / "chapters/03-kinds.html").as_uri(), script=LATE)
    answer(form_of(tab, "number"), items["number"])
    check(form_of(tab, "number"))
    wait_until_kept(tab)
    tab.goto(tab.url.replace("03-kinds", "my-course"))
    lead = tab.locator(".mine-lead")
    lead.get_by_text("Nothing yet").wait_for()
    assert lead.get_by_role("button", name="Read again").is_visible()
    assert read_lead(tab).startswith(f"You have answered 1 of {len(KIND_IDS)}")
    assert tab.get_by_role("button", name="Read again").count() == 0 and tab.wrong == []


def test_questions_work_behind_a_strict_policy(reader, items, host):
    tab = reader("about:blank")

    def guard(route):
        reply = route.fetch()
        route.fulfill(response=reply, headers={**reply.headers, "content-security-policy": "script-src 'self'"})

    tab.route("**/*.html", guard)
    tab.goto(f"{host}one/chapters/03-kinds.html")
    use_and_look(tab, items)


@pytest.mark.slow
def test_answers_are_not_in_the_page(book):
    page = (book / "chapters" / "03-kinds.html").read_text(encoding="utf-8")
    for secret in ("1234.5", "It fell.", "12.5", '"correct"', "Well read.", "[1, 1.5, 2, 3]"):
        assert secret not in page, secret


@pytest.mark.slow
def test_a_changed_bank_renames_its_file_and_the_index(tmp_path):
    """The second build takes away the old keys and writes My course anew, although its text did not change."""
    folder = write_book(tmp_path)
    out = build(folder)
    files = {path.name for path in (out / "_static" / "quiz").iterdir()}
    bank = folder / "exercises" / "quizzes" / "03-kinds.yml"
    bank.write_text(BANK.replace("prompt: Fill it.", "prompt: Fill this."))
    build(folder)
    renamed = {path.name for path in (out / "_static" / "quiz").iterdir()}
    assert len(files) == len(renamed) == 2
    index = next(name for name in renamed if name.startswith("questions."))
    assert index not in files and index in (out / "chapters" / "my-course.html").read_text(encoding="utf-8")
    assert "Fill this." in (out / "_static" / "quiz" / index).read_text(encoding="utf-8")


# Terms


def test_a_term_says_what_it_means_without_leaving_the_page(reader):
    tab = reader()
    link, tip = tab.locator(".course-term a").nth(1), tab.locator(".course-tip").nth(1)
    assert not tip.is_visible()
    link.hover()
    assert "security produced by others" in tip.inner_text()
    tip.hover()
    assert tip.is_visible(), "the pointer can go to the text"
    tab.keyboard.press("Escape")
    assert not tip.is_visible()
    tab.mouse.move(0, 0)
    link.focus()
    assert tip.is_visible() and link.get_attribute("aria-describedby") == tip.get_attribute("id")
    link.press("Enter")
    tab.wait_for_url("**/glossary.html#term-Free-riding")


def test_a_term_opens_at_the_first_tap_and_leads_on_at_the_second(reader):
    tab = reader(width=360, has_touch=True, is_mobile=True)
    link, tip = tab.locator(".course-term a").first, tab.locator(".course-tip").first
    link.tap()
    assert tip.is_visible() and "03-kinds" in tab.url
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.locator("article h1").tap()
    assert not tip.is_visible()
    link.tap()
    link.tap()
    tab.wait_for_url("**/glossary.html#*")
