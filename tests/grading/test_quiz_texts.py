"""What an LMS shows is what a bank says: nasty texts go into every place of a bank and are read back as importers do."""

# ruff: noqa: E501

import html
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coursekit.book.quiz import plain as shown_on_page
from coursekit.exercises.quiz_export import questions, xml
from coursekit.exercises.quiz_text import literal
from coursekit.exercises.quizzes import Grid, Option

from .test_quiz_exports import SPACE, choices, item, moodle, of, one_line, qti_files, qti_items, visible

NASTY = "<>&*$_-+1./\\`[](){}!#~^|\"'=: ab5é−€Ω日\u00a0%"
WRITTEN = ["- 6 per cent", "2026. It was", "3*4*5", "x < 5 and y > 2", "a & b &amp; c", "5 * 3 * 2", "# 1", "+ 1", "> so", "<b>bold</b>", "snake_case_name", "$5 and $6", "1/2 // 3", "= 5", "a) b", "[x] c", "...", "```", "C:\\dir", "$$", "{=x~y}"]  # fmt: skip
TEXTS = st.text(st.sampled_from(NASTY), min_size=1, max_size=25).map(lambda text: one_line(text).strip()).filter(bool)


def moodle_name(text):
    """What Moodle's format_string shows: tags are stripped, entities are read."""
    return html.unescape(re.sub(r"<[^\s>][^>]*>?", "", text))


def full(text):
    """A bank that has a text in every place, once each; what the places' sources are is for the caller."""
    told = {"right": f"{text} r", "wrong": f"{text} w"}
    return of(
        item(
            "single",
            "pick",
            f"{text} p",
            options=(Option(f"{text} 1", True, f"{text} f"), Option(f"{text} 2", False, f"{text} g")),
        ),
        item(
            "match", "pairs", f"{text} m", pairs=((f"{text} l", f"{text} a"), (f"{text} k", f"{text} b")), feedback=told
        ),
        item("order", "steps", f"{text} o", steps=tuple(f"{text} {place}" for place in "stu"), feedback=told),
        item(
            "cells",
            "table",
            f"{text} c",
            grid=Grid("", (f"{text} x",), (f"{text} y", f"{text} z"), ((1.0, 2.0),), ((0.1, 0.1),)),
            feedback=told,
        ),
        item(
            "number", "value", f"{text} n", answer=1.0, tolerance=0.1, unit="%", feedback={**told, "near": f"{text} e"}
        ),
        title=f"{text} t",
    )


def in_moodle(bank):
    """Everything that Moodle shows for a bank: HTML as a browser does, names as format_string does, a path as categories."""
    root = ET.fromstring(xml(questions(bank, "moodle")))
    path = root.findtext("question/category/text").removeprefix("$course$/")
    names = [moodle_name(name.strip().replace("//", "/")) for name in re.split(r"(?<!/)/(?!/)", path)]
    shown = [visible(found.findtext("text")) for found in root.iter() if found.get("format") == "html"]
    return names, shown, [one_line(moodle_name(found.text)) for found in root.findall(".//subquestion/answer/text")]


def in_qti(bank):
    root = etree.fromstring(qti_files(bank)[1])
    return root[0].get("title"), [visible(found.text) for found in root.iter(f"{SPACE}mattext")]


def assert_shown(source, text):
    """A bank with `source` in every place shows `text` in every place of both formats."""
    text = one_line(text)
    names, shown, rights = in_moodle(full(source))
    assert names == [f"{text} t"], "one category, named as the bank"
    assert {
        f"{text} {mark}" for mark in ["p", "1", "2", "f", "g", "m", "l", "k", "r", "w", "o", "s", "t", "u", "e"]
    } <= set(shown)
    assert {f"{text} n (%)", f"{text} c {text} x, {text} z:"} <= set(shown)
    assert set(rights) == {f"{text} a", f"{text} b"}
    title, shown = in_qti(full(source))
    assert title == f"{text} t"
    assert {f"{text} {mark}" for mark in ["p", "1", "2", "f", "g", "a", "b", "r", "w", "s", "t", "u"]} <= set(shown)
    assert {f"{text} n (%)", f"{text} c {text} x, {text} z:", f"{text} m What belongs to: {text} l"} <= set(shown)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_any_text_that_an_author_writes_literally_is_shown_as_written(text):
    assert_shown(literal(text), text)


@pytest.mark.parametrize("text", WRITTEN)
def test_text_that_is_no_markup_needs_no_backslash(text):
    source = text.replace("&amp;", "\\&amp;").replace("```", "\\`\\`\\`").replace("$$", "\\$\\$")
    assert_shown(source, text)


@settings(deadline=None, max_examples=150)
@given(TEXTS.filter(lambda text: not set("<$") & set(text) and not re.search(r"\{[\w:-]+\}`|[\]!]", text)))
def test_markup_means_on_the_page_what_it_means_in_the_lms(text):
    found = moodle(of(choices("single", text, f"other {text}")))["one"]
    assert visible(found.findtext("answer/text")).split() == shown_on_page(text).split()


def test_emphasis_roles_formulas_links_and_pictures_travel():
    text = "A *b* {term}`share <burden>` of $x^2 < 3$, {math}`y_1` ([site](https://example.org/?a=1&b=2)) ![map](https://example.org/m.png)"
    moodle_text = moodle(of(choices("single", text, "no")))["one"].findtext("answer/text")
    assert r"<em>b</em> share of \(x^2 &lt; 3\), \(y_1\)" in moodle_text
    qti_text = next(
        t.text for t in qti_items(of(choices("single", text, "no")))["one"].iter(f"{SPACE}mattext") if "<em>" in t.text
    )
    assert qti_text.count("<math") == 2 and "<msup>" in qti_text
    for shown in (moodle_text, qti_text):
        assert (
            'href="https://example.org/?a=1&amp;b=2"' in shown
            and '<img src="https://example.org/m.png" alt="map">' in shown
        )


@pytest.mark.parametrize(
    "text, reason",
    [
        ("See [the chapter](04-money.md).", "the link '04-money.md' has no full address"),
        ("![plane](plane.png)", "the picture 'plane.png' has no full address"),
    ],
)
@pytest.mark.parametrize("form", ["qti", "moodle"])
def test_what_cannot_travel_is_left_out_with_the_item_s_name(text, reason, form):
    made = questions(
        of(choices("single", text, "no"), item("single", "two", options=choices("single", "a", "b").options)), form
    )
    assert len(made.left_out) == 1 and reason in made.left_out[0] and "01-x.yml, item one: left out" in made.left_out[0]
    assert [part.id for part in made.parts] == ["two"]


@pytest.mark.parametrize("tex", [r"\(x\)", r"\[y\]", "$$z$$"])
def test_brackets_in_a_text_are_no_formula_in_moodle(tex):
    shown = moodle(of(choices("single", literal(tex), "no")))["one"].findtext("answer/text")
    assert visible(shown) == tex and not re.search(r"\\[(\[)\]]|\$\$", shown)
