"""Small things of print that a reader stumbles over: signs, stops, and words said twice."""

import re
from types import SimpleNamespace

import pytest
from conftest import ROOT, SITE
from lxml import html

from coursekit.book.ledger_page import revision_words
from coursekit.book.source_pages import signed
from coursekit.prose import minus


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-0.57", "−0.57"),
        ("from -3 to -.5", "from −3 to −.5"),
        ("(-2)", "(−2)"),
        ("2026-07-10", "2026-07-10"),
        ("2021-2025", "2021-2025"),
        ("ES-11/1", "ES-11/1"),
    ],
)
def test_a_negative_number_has_a_minus_sign_and_a_date_its_hyphens(text, printed):
    assert minus(text) == printed


@pytest.mark.parametrize("new", ["Count the days.", "Count the days", "low"])
def test_a_revision_ends_with_one_stop(new):
    words = revision_words(SimpleNamespace(old="Count.", new=new))
    assert words.endswith((".”", "”.")) and ".”." not in words


def test_an_institution_that_speaks_for_itself_is_named_once():
    assert signed("ASEAN", "ASEAN") == "ASEAN"
    assert signed("Moon, Chung-in", "Scholar") == "Moon, Chung-in (Scholar)"


TABLE_HEAD = re.compile(r"^(\|.*\|)\n\|[ :|-]+\|$", re.MULTILINE)


@pytest.mark.parametrize("page", sorted((ROOT / "chapters").rglob("*.md")), ids=lambda path: path.stem)
def test_every_column_of_a_table_has_a_head(page):
    for head in TABLE_HEAD.findall(page.read_text(encoding="utf-8")):
        assert all(cell.strip() for cell in head.strip("|").split("|")), head


TWICE = re.compile(r".{0,40}[?!.][”’]\.")  # a quoted heading that asks, and the stop of the sentence around it


@pytest.mark.usefixtures("site")
def test_no_page_stops_twice_after_a_quotation():
    twice = {
        path.relative_to(SITE).as_posix(): found
        for path in SITE.rglob("*.html")
        if (found := TWICE.findall(html.parse(str(path)).getroot().text_content()))
    }
    assert twice == {}
