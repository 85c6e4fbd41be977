"""Counts in whole texts, phrases, communiqués and the Tokyo office, on small tables worked by hand."""

import pandas as pd
import pytest
from small import rows, use

from ip4.measures import chronology, communiques, language, office, phrases, texts, words
from ip4.models.words import by_rules, most_in_window, paragraphs, pattern

WHOLE = """text_id, title, family, date, words, paragraphs, source_id
           us_a, Short, summit, 2024-07-11, 100, 2, s
           us_b, Long, partners, 2023-04-26, 1000, 4, s
           us_c, Silent, partners, 2026-07-08, 50, 1, s"""
PARAGRAPHS = """text_id, paragraph, words, region, nato, europe, ukraine, russia, china, taiwan, korea_dprk, asean
                us_a, 1, 60, 2, 1, 0, 0, 0, 0, 0, 0, 0
                us_a, 2, 40, 0, 1, 0, 1, 0, 0, 0, 0, 0
                us_b, 1, 400, 3, 0, 0, 0, 0, 0, 0, 0, 1
                us_b, 2, 300, 1, 0, 2, 0, 0, 0, 0, 0, 0
                us_b, 3, 200, 0, 0, 0, 0, 0, 1, 0, 0, 0
                us_b, 4, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0
                us_c, 1, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0"""
PLACES = """text_id, word, paragraph, is_name
            us_a, 10, 1, true
            us_a, 50, 1, false
            us_b, 100, 1, false
            us_b, 110, 1, false
            us_b, 300, 1, false
            us_b, 600, 2, true"""
MENTIONS = """doc_id, term, count
              us_a, indo_pacific, 1
              us_a, asia_pacific, 1
              us_a, nato, 2
              us_a, europe, 0
              us_a, ukraine, 1
              us_a, russia, 0
              us_a, china, 1
              us_a, taiwan, 0
              us_a, korea_dprk, 0
              us_a, asean, 0"""
LEXICON = r"""term, pattern, case_sensitive
              nato, \bNATO\b, true
              china, \bChina\b, true"""
SAMPLES = """text_id, paragraph, text
             us_a, 1, NATO and China.
             us_a, 2, NATO again."""


@pytest.fixture
def counted(monkeypatch):
    use(
        monkeypatch,
        language,
        whole_texts=rows(WHOLE, "date"),
        text_paragraphs=rows(PARAGRAPHS),
        region_mentions=rows(PLACES),
        mentions=rows(MENTIONS),
        documents=pd.DataFrame({"doc_id": ["us_a"], "words": [110]}),
        lexicon=rows(LEXICON),
        sample_texts=rows(SAMPLES),
    )
    monkeypatch.setattr(language, "READOUT", "us_a")


def test_each_way_has_its_leader(counted):
    assert language.value("us_a", language.RATE) == 20 and language.value("us_b", language.RATE) == 4
    assert language.value("us_b", language.BY_PARAGRAPH) == 1 and language.value("us_a", language.SHARE) == 50
    assert language.value("us_b", language.DENSEST) == 3, "100, 110 and 300 lie within 282 words; 600 does not"
    assert language.value("us_b", language.OPENING) == 2 and language.value("us_a", language.OPENING) == 2
    assert language.value("us_a", language.PLACES) == 10, "one of two mentions is a name"
    assert language.leader(language.COUNT) == "Long" and language.leader(language.RATE, names=False) == "us_a"
    assert language.leaders() == 2
    assert set(language.ways().text) == {"Short", "Long"} and len(language.ways()) == 2 * len(language.WAYS)
    said = language.captions().set_index("way").caption
    assert said[language.COUNT] == "By mentions: Long leads (4); the readout has 2"


def test_what_stands_beside_the_region(counted):
    assert language.shared("NATO", "on NATO") == (1, 1)
    assert language.shared(language.LINK, "with partners") == (1, 2)
    assert language.shared("ASEAN", "with partners") == (1, 2)
    rows_ = language.beside().query("name == 'NATO'").set_index("text").share
    assert rows_["Short"] == 100 and rows_["Long"] == 0
    said = language.beside_captions().set_index("name").caption
    assert said["ASEAN"].endswith("on NATO: 0 of 1; with partners: 1 of 2")


def test_what_the_chapter_writes_in_words_holds():
    """The chapter says: seven ways, and NATO never says inseparable. Both are words there and no numbers."""
    assert len(language.WAYS) == 7
    assert phrases.said("NATO", "inseparable", "two regions") == 0
    longest, readout = language.value(language.LONG, "words"), language.value(language.READOUT, "words")
    assert 7 <= longest / readout < 8, "the fact sheet is seven times as long"


def test_places_and_names(counted):
    assert language.places().place.tolist() == [10, 50, 10, 11, 30, 60]
    assert language.names_part() == pytest.approx(100 / 3)


def test_own_words_by_four_rules(counted):
    assert [language.by_rule("us_a", "nato", whole, case) for whole in (True, False) for case in (True, False)] == [
        0,
        2,
        0,
        2,
    ]


def test_checks_find_what_differs(counted):
    assert language.lengths_off(9) == 1 and language.lengths_off(10) == 0
    assert language.parts_off() == 0 and language.places_off() == 0
    assert language.sums_off() == 1, "the paragraphs of us_a do not name China, the whole text does"
    assert language.sample("us_a") == "NATO and China.\n\nNATO again."
    assert language.samples() == {"Short": "us_a"} and language.samples_off() == 0


def test_windows_paragraphs_and_patterns():
    assert most_in_window([1, 5, 10, 11], 6) == 2 and most_in_window([1, 5, 10, 11], 7) == 3
    assert most_in_window([], 5) == 0
    with pytest.raises(ValueError, match="0 words"):
        most_in_window([1], 0)
    assert paragraphs("One.\n\n \n\nTwo\nlines.\n\n***") == ["One.", "Two\nlines."]
    text = "Links, a link, blinked"
    counts = {(whole, case): len(pattern("link", whole, case).findall(text)) for whole in (0, 1) for case in (0, 1)}
    assert counts == {(0, 0): 3, (0, 1): 2, (1, 0): 1, (1, 1): 1}
    assert len(pattern("a, link", True, False).findall(text)) == 2
    with pytest.raises(ValueError, match="no word"):
        pattern(" , ", True, True)
    assert by_rules(text, "link").mentions.tolist() == [1, 1, 2, 3]


PASSAGES = """passage_id, side, date, document, quote, paragraph, says
              T1, OSCE, 2010-12, Astana, linked, 3, Linked.
              T2, NATO, 2021-06-14, Brussels, indivisible, 1, Ours.
              T3, Japan, 2022-04-07, Hayashi, not apart, 2, Both.
              T4, Russia, 2023-01-18, Lavrov, wordplay, , No.
              T5, NATO, 2023-07-11, Vilnius Summit Communiqué, coercive, 23, China: ambitions.
              T6, NATO, 2023-07-11, Vilnius Summit Communiqué, PRC, 24, Challenges by the PRC.
              T7, NATO, 2023-07-11, Vilnius Summit Communiqué, the four, 2, Four partners."""
USES = """passage_id, word, said_of, stance, source_id
          T1, inseparable, all states, asserts, s
          T2, indivisible, the allies, asserts, s
          T3, inseparable, two regions, asserts, s
          T4, indivisible, two regions, rejects, s"""


def test_who_says_which_word_of_what(monkeypatch):
    use(monkeypatch, phrases, phrase_uses=rows(USES), text_passages=rows(PASSAGES))
    assert phrases.said("Japan", "inseparable", "two regions") == 1
    assert phrases.said("Russia", "indivisible", "two regions") == 0, "he rejects it"
    assert phrases.first("inseparable", "two regions").speaker == "Japan"
    assert phrases.meanings("inseparable") == 2 and phrases.meanings("indivisible") == 1
    shown = phrases.by_word()
    assert len(shown) == 6 and "OSCE" not in set(shown.speaker), "2010 is before the chart begins"
    assert shown.year.min() == pytest.approx(2021.45, abs=0.01)
    said = phrases.captions().set_index("word").caption
    assert said["indivisible"] == "Indivisible, said of: two regions 1, the allies 1"


COUNTS = """doc_id, term, measure, scope, value, counted_by
            nato_2021_brussels, , paragraphs, whole text, 80, publication
            nato_2021_brussels, china, words_on_topic, whole text, 160, publication
            nato_2021_brussels, china, words_on_topic, paragraphs 40-41, 159, course
            nato_2023_vilnius, , paragraphs, whole text, 92, publication
            nato_2023_vilnius, china, words_on_topic, whole text, 322, publication
            nato_2025_hague, , paragraphs, whole text, 5, publication
            nato_2025_hague, china, mentions, whole text, 0, publication"""


def test_where_communiques_speak_of_china(monkeypatch):
    use(monkeypatch, communiques, published_counts=rows(COUNTS), text_passages=rows(PASSAGES))
    use(monkeypatch, words, published_counts=rows(COUNTS))
    assert communiques.china_paragraphs("nato_2021_brussels") == [40, 41]
    assert communiques.china_paragraphs("nato_2023_vilnius") == [23, 24]
    assert communiques.on_china("nato_2025_hague") == 0 and communiques.china_paragraphs("nato_2025_hague") == []
    assert communiques.place("nato_2021_brussels") == 50 and communiques.place("nato_2023_vilnius") == 25
    told = communiques.by_paragraph().set_index("text").said
    assert told["Brussels 2021"] == "160 words on China" and told["The Hague 2025"] == "no word on China"


def test_the_office_is_dated_from_its_first_report(monkeypatch):
    table = pd.DataFrame(
        {
            "event_id": ["jpn-mission-2018", "office-reported", "office-dropped", "other"],
            "date": pd.to_datetime(["2018-05-24", "2023-05-03", "2025-06-25", "2020-01-01"]),
            "title": ["Embassy", "Report", "Dropped", "Else"],
        }
    )
    summits = pd.DataFrame({"summit_id": ["x"], "start_date": pd.to_datetime(["2000-01-01"])})
    use(monkeypatch, office, chronology=table)
    use(monkeypatch, chronology, chronology=table, summits=summits)
    found = office.steps()
    assert found.days.tolist() == [-1805, 0, 784]
    assert found.direction.tolist() == ["Japan to NATO", "NATO to Japan", "NATO to Japan"]


def test_half_years_count_written_texts(monkeypatch):
    table = pd.DataFrame(
        [
            ("white_house", "2022-01-01", "statements_releases", 100, 2),
            ("white_house", "2022-06-01", "fact_sheets", 100, 1),
            ("white_house", "2022-07-01", "fact_sheets", 50, 0),
            ("white_house", "2022-07-01", "press_briefings", 9, 9),
        ],
        columns=["collection", "period_start", "text_kind", "documents", "documents_with"],
    )
    table = table.assign(period_start=pd.to_datetime(table.period_start), term=texts.BOTH)
    use(monkeypatch, texts, text_counts=table)
    found = texts.by_half_year().set_index("half")
    assert found.per_thousand.to_dict() == {"2022, first half": 15.0, "2022, second half": 0.0}
