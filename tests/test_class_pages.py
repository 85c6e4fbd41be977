"""The pages for classes: minutes add up, each role that is announced has its card."""

import re

import pytest
from conftest import ROOT

PAGES = sorted((ROOT / "chapters" / "teaching" / "class").glob("*.md"))
COUNTS = {"six roles": 6, "seven roles": 7, "eight roles": 8, "six readers": 7}  # readers, and the author
pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def paragraph(page, start):
    """The rest of the one paragraph of a page that begins with ``start``."""
    (found,) = re.findall(rf"^{re.escape(start)}(.*)$", page.read_text(encoding="utf-8"), re.M)
    return found


def minutes(words):
    """All figures of one or two digits in a text: in a schedule these are minutes."""
    return [int(number) for number in re.findall(r"(?<![\d–])\d{1,2}(?![\d–])", words)]


def test_the_plan_has_no_gap_and_fills_ninety_minutes(page):
    spans = re.findall(r"^\| (\d+)–(\d+) \|", page.read_text(encoding="utf-8"), re.M)
    begins, ends = ([int(span[side]) for span in spans] for side in (0, 1))
    assert begins == [0, *ends[:-1]] and ends[-1] == 90


def test_the_cut_fills_fifty_minutes(page):
    assert sum(map(int, re.findall(r"\((\d+)\)", paragraph(page, "**The 50-minute cut.**")))) == 50


def test_the_debate_lasts_as_long_as_its_parts_and_has_a_card_a_role(page):
    text = page.read_text(encoding="utf-8")
    count, stated = re.search(r"\b(\w+ (?:roles|readers))[.,] (\d\d) minutes", text, re.I).groups()
    assert sum(minutes(paragraph(page, "**Schedule.**"))) == int(stated)
    cards = re.search(r"^\| Role .*?\n\|[-| ]+\n((?:\|.*\n)+)", text, re.M)[1]
    assert len(cards.splitlines()) == COUNTS[count.lower()]
