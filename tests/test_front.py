"""The front page: the plan of chapters is true, the button leads to a written chapter, the page fits a phone."""

import re

import pytest
import yaml
from conftest import CHAPTERS, ROOT, SITE
from lxml import html

from coursekit.book import chapter_map, reading
from coursekit.book.html import render

CARD = "# A title\n\nSome words.\n"


def course(folder, *chapters, written=()):
    """A course in ``folder`` with a plan of chapters (number, slug); ``written``: slugs that have a file."""
    (folder / "chapters").mkdir()
    rows = [{"number": n, "slug": slug, "title": slug, "question": "Why?"} for n, slug in chapters]
    plan = {"planned_minutes": 30, "parts": [{"title": "Part I", "chapters": rows}]}
    (folder / "chapters" / "plan.yml").write_text(yaml.safe_dump(plan))
    for slug in written:
        (folder / "chapters" / f"{slug}.md").write_text(CARD + "word " * 390)
    return folder


def test_a_chapter_is_written_when_it_has_a_file_that_is_in_the_book(tmp_path):
    root = course(tmp_path, (1, "01-a"), (2, "02-b"), (3, "03-c"), written=["01-a", "02-b"])
    (part,) = chapter_map.load_plan(root, {"chapters/01-a"})
    assert [chapter.written for chapter in part.chapters] == [True, False, False]
    assert [chapter.minutes for chapter in part.chapters] == [4, 30, 30]  # 394 words at 130 a minute; as planned


def test_times_add_up(tmp_path):
    root = course(tmp_path, (1, "01-a"), (2, "02-b"), written=["01-a"])
    said = chapter_map.times(chapter_map.load_plan(root, {"chapters/01-a"}))
    assert said["total"] == 2 and said["written"] == 1 and said["written_time"] == "4 minutes"
    assert said["whole_time"] == "34 minutes"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (59, "59 minutes"), (60, "1 hour"), (61, "1½ hours"), (90, "1½ hours"), (91, "2 hours")],
)
def test_hours_in_words(minutes, words):
    assert chapter_map.hours(minutes) == words


@pytest.mark.parametrize(
    ("chapters", "message"),
    [
        ([(1, "01-a"), (3, "03-c")], r"numbered \[1, 3\]; number them from 1 on"),
        ([(1, "02-a")], "the slug '02-a' must begin with 01-"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(tmp_path, chapters, message):
    with pytest.raises(chapter_map.PlanError, match=message):
        chapter_map.load_plan(course(tmp_path, *chapters), set())


def test_a_misspelt_key_is_named(tmp_path):
    root = course(tmp_path, (1, "01-a"))
    file = root / "chapters" / "plan.yml"
    file.write_text(file.read_text().replace("question", "qestion"))
    with pytest.raises(chapter_map.PlanError, match="unknown key 'qestion'; did you mean 'question'"):
        chapter_map.load_plan(root, set())


# --- this course ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan():
    return [c for part in chapter_map.load_plan(ROOT, {f"chapters/{p.stem}" for p in CHAPTERS}) for c in part.chapters]


def test_fifteen_chapters_are_planned_and_every_chapter_file_is_in_the_plan(plan):
    assert len(plan) == 15
    assert {chapter.slug for chapter in plan if chapter.written} == {path.stem for path in CHAPTERS}


def test_a_written_chapter_has_the_title_and_question_of_the_plan(plan):
    for chapter in plan:
        if chapter.written:
            text = (ROOT / f"{chapter.page}.md").read_text(encoding="utf-8")
            (heading,) = re.findall(r"^# (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
            question = chapter.question[0].lower() + chapter.question[1:]
            assert heading == f"{chapter.title.rstrip('?')}: {question}"


@pytest.fixture(scope="module")
def page():
    return html.fromstring((SITE / "index.html").read_text(encoding="utf-8"))


def test_the_built_map_tells_the_state_of_each_chapter_in_words(page, plan):
    items = page.xpath("//*[contains(@class, 'course-map')]//li")
    assert len(items) == len(plan)
    for item, chapter in zip(items, plan, strict=True):
        words = item.text_content()
        links = [link.get("href") for link in item.iter("a")]
        assert chapter.title in words and chapter.question in words
        if chapter.written:
            assert f"{chapter.minutes} min" in words and links == [f"{chapter.page}.html"]
            assert (SITE / links[0]).exists()
        else:
            assert "planned" in words and not links


def drawn_map(root, *pages):
    """The map of a course in words."""
    parts = chapter_map.load_plan(root, pages)
    drawn = html.fromstring(render("front/map.html", parts=parts, root="", **chapter_map.times(parts)))
    return " ".join(drawn.text_content().split())


def test_a_map_without_gaps_does_not_say_of_each_chapter_that_it_is_written(tmp_path):
    root = course(tmp_path, (1, "01-a"), (2, "02-b"), written=["01-a", "02-b"])
    assert drawn_map(root, "chapters/01-a", "chapters/02-b").startswith("Their core takes 8 minutes. Part I")
    some = drawn_map(root, "chapters/01-a")
    assert some.startswith("1 of 2 chapters are written: 4 minutes for their core. The whole course will take about 34")
    assert "written, 4 min" in some and "planned" in some
    assert "written" not in drawn_map(root, "chapters/01-a", "chapters/02-b")


def test_the_button_states_the_minutes_of_the_rule(page):
    (button,) = page.xpath("//a[contains(@class, 'course-start-button')]")
    chapter = ROOT / re.sub(r"\.html$", ".md", button.get("href"))
    core = reading.loads(chapter, ROOT)[reading.CORE].minutes
    stated = int(re.search(r"Start \((\d+) minutes\)", button.text_content())[1])
    assert 0 <= stated - core < chapter_map.ROUND


def test_prediction_button_and_doors_come_before_the_rest(page):
    article = page.xpath("//article")[0]
    found = [node.get("class", "") for node in article.iter() if isinstance(node.tag, str)]
    parts = ("course-quiz", "course-start", "sd-card", "course-figure", "course-map", "course-bar")
    places = [next(i for i, css in enumerate(found) if name in css) for name in parts]
    assert places == sorted(places)
    assert len(article.xpath("(.//h2)[1]/preceding::form[contains(@class, 'course-quiz')]")) == 1


def test_progress_has_its_place(page):
    assert len(page.xpath("//*[@data-course-progress and contains(@class, 'course-progress-line')]")) == 1


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_prediction_is_above_the_fold_and_nothing_overflows(browser, site, width, height):
    view = browser.new_page(viewport={"width": width, "height": height})
    view.goto(f"{site}index.html")
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    box = view.locator(".course-quiz").first.bounding_box()
    assert box["y"] < height
    if width > 1000:
        start = view.locator(".course-start-button").bounding_box()
        assert start["y"] + start["height"] <= height, "the button is seen without scrolling"
    view.close()


@pytest.mark.browser
def test_the_charts_text_is_readable_on_a_phone(browser, site):
    view = browser.new_page(viewport={"width": 360, "height": 740})
    view.goto(f"{site}index.html")
    figure = view.locator("#fig-index-paradoxes")
    figure.scroll_into_view_if_needed()
    view.wait_for_selector("#fig-index-paradoxes[data-live=yes]", timeout=60_000)
    sizes = figure.evaluate(
        """node => [...node.querySelectorAll("svg text")].filter(text => text.getBoundingClientRect().width)
        .map(text => parseFloat(getComputedStyle(text).fontSize) * (text.getCTM()?.a ?? 1))"""
    )
    assert sizes and min(sizes) >= 11.9
    view.close()


@pytest.mark.browser
def test_the_argument_map_can_be_read_on_a_phone_without_a_script(browser, site):
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    view = context.new_page()
    view.goto(f"{site}chapters/reference/argument-map.html")
    assert view.locator(".course-step").count() > 50
    assert view.locator("article").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    sizes = view.locator(".course-step").evaluate_all(
        "nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 12
    context.close()
