"""Counts of words in summit texts, own and published, worked by hand."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import words

MENTIONS = """doc_id, term, count
              us_24, indo_pacific, 3
              us_24, asia_pacific, 2
              us_24, china, 9
              us_25, indo_pacific, 0
              us_25, asia_pacific, 0"""
DOCUMENTS = """doc_id, issuer, date, summit_id, whole_text_counted, words
               us_24, White House, 2024-07-10, washington, true, 2000
               us_25, White House, 2025-06-23, hague,      true, 400
               n_24,  NATO,        2024-07-12, washington, false, """
SUMMITS = """summit_id, start_date, end_date
             washington, 2024-07-09, 2024-07-11
             hague,      2025-06-24, 2025-06-25"""
COUNTS = """doc_id, term, measure, scope, value, counted_by
            n_21, china, words_on_topic, whole text, 225, publication
            n_21, china, words_on_topic, paragraphs 55-56, 226, course
            n_23, china, words_on_topic, whole text, 322, publication
            n_23, ,      paragraphs,     whole text, 92, publication
            n_23, ,      paragraphs,     whole text, 92, publication
            n_25, ,      paragraphs,     whole text, 5,  publication
            n_25, ,      paragraphs,     whole text, 6,  course
            n_25, ,      words,          whole text, 400, publication
            n_25, russia, mentions,      whole text, 3,  publication
            n_25, russia, mentions,      paragraph 1, 1, course"""
LEXICON = r"""term, pattern, case_sensitive
              china, \bChina\b, true
              asia, \bAsian?\b, false"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        words,
        mentions=rows(MENTIONS),
        documents=rows(DOCUMENTS, "date"),
        summits=rows(SUMMITS, "start_date", "end_date"),
        published_counts=rows(COUNTS),
        lexicon=rows(LEXICON),
    )


def test_the_region_has_two_names():
    assert words.on_the_region("us_24") == 5 and words.on_the_region("us_24", "us_25") == 5
    assert words.region_per_thousand("us_24") == 2.5
    with pytest.raises(TableError, match="no count of us_99"):
        words.on_the_region("us_24", "us_99")


def test_mentions_of_one_text():
    assert words.mentioned("us_24", "china") == 9


def test_one_published_count_also_when_two_agree():
    assert words.published("n_21", "china", "words_on_topic") == 225
    assert words.published("n_23", measure="paragraphs") == 92
    assert words.published("n_25", measure="paragraphs", by="course") == 6


@pytest.mark.parametrize(("given", "found"), [(("n_25", None, "paragraphs"), "5, 6"), (("n_25", "china"), "none")])
def test_counts_that_differ_or_are_not_there_are_refused(given, found):
    with pytest.raises(TableError, match=f"in n_25 are {found}; one must be"):
        words.published(*given)


def test_rates_rises_and_what_stands_outside_of_a_part():
    assert words.per_paragraph("n_23") == 3.5
    assert words.published_per_thousand("n_25", "russia") == 7.5
    assert words.rise("n_21", "n_23") == pytest.approx(100 * (322 / 225 - 1))
    assert words.outside("n_25", "russia", "paragraph 1") == 2


def test_patterns_match_as_the_lexicon_says():
    assert words.matches("china", "China and china") == 1 and words.matches("asia", "ASIA, Asian, Asians") == 2


def test_texts_outside_of_their_meeting_and_texts_counted_in_part():
    assert words.texts_off_their_meeting("NATO") == 1 and words.texts_off_their_meeting("NATO", days=1) == 0
    assert words.texts_off_their_meeting("White House") == 1 and words.texts_off_their_meeting("White House", 1) == 0
    assert words.texts_not_counted_once() == 1  # us_24 has three terms, the lexicon two
