"""Demand for the guarantee, what speeches argue, and what fact sheets name; worked by hand."""

import pytest
from small import rows, use

from ip4.measures import agenda, demand, rhetoric, speeches

POLLS = """iso3, as_of, favour_pct
           FIN, 2020-01-01, 20
           FIN, 2022-02-15, 40
           FIN, 2022-02-25, 53
           FIN, 2022-03-01, 62
           SWE, 2022-01-01, 37
           SWE, 2022-04-01, 30"""
VIEWS = """population, survey_year, question, answer, pct
           DEU, 2019, favourable_view, favourable, 57
           DEU, 2024, favourable_view, favourable, 64
           DEU, 2025, favourable_view, favourable, 60
           NATO_MEDIAN, 2019, favourable_view, favourable, 53
           NATO_MEDIAN, 2024, favourable_view, favourable, 63
           NATO_MEDIAN, 2025, favourable_view, favourable, 66
           POL, 2019, favourable_view, favourable, 82
           DEU, 2019, favourable_view, unfavourable, 30"""
PASSAGES = """speech_date, first_sentence, last_sentence, argument, says, is_purpose
              2022-02-21, 1, 2, address, a, False
              2022-02-21, 3, 6, history, b, False
              2022-02-21, 7, 10, NATO near Russia, c, False
              2022-02-24, 1, 4, NATO near Russia, d, False
              2022-02-24, 5, 15, conduct of the West, e, False
              2022-02-24, 17, 20, Donbass, f, True"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    names = rows("iso3, name\nFIN, Finland\nSWE, Sweden\nDEU, Germany\nPOL, Poland")
    use(monkeypatch, demand, joining_polls=rows(POLLS, "as_of"), opinion_polls=rows(VIEWS), countries=names)
    use(monkeypatch, speeches, speech_passages=rows(PASSAGES, "speech_date"))


def test_joining_compares_the_last_poll_before_the_invasion_with_the_last():
    found = demand.before_after().query("question == @demand.JOINING").set_index("country")
    assert found.loc["Finland", ["before", "after", "when"]].tolist() == [40, 62, "2022-02 and 2022-03"]
    assert demand.rise("Finland") == 22 and demand.rise("Sweden") == -7
    assert demand.joining("FIN", "2022-02-25") == 53


def test_views_need_both_years_and_the_median_is_named_and_not_counted():
    found = demand.before_after().query("question == 'Favourable view of NATO, 2019 and 2024'")
    assert sorted(found.country) == ["Germany", "Median of members asked"]
    said = demand.captions().set_index("question").caption
    assert said["Favourable view of NATO, 2019 and 2024"].endswith(
        "higher in 1 of 1 countries, most in Germany (+7 points)"
    )
    assert said["Favourable view of NATO, 2024 and 2025"].endswith(
        "higher in 0 of 1 countries, most in Germany (-4 points)"
    )


def test_a_speech_by_order_length_and_purpose():
    assert speeches.first("2022-02-21") == "history" and speeches.first("2022-02-24") == speeches.NATO
    assert speeches.longest("2022-02-24") == "conduct of the West" and speeches.purpose() == "Donbass"
    assert speeches.part(speeches.NATO, "2022-02-21") == 40
    assert speeches.part("conduct of the West", "2022-02-24") == pytest.approx(100 * 11 / 19)
    assert speeches.gaps() == 1  # sentence 16 belongs to no passage
    assert speeches.passages().start.tolist()[:3] == [0, 20, 60]
    said = speeches.captions().set_index("speech").caption["24 February 2022"]
    assert "NATO near Russia comes first" in said and "conduct of the West is longest (58 %)" in said


def test_fact_sheets_by_theme(monkeypatch):
    texts = """doc_id, doc_type, whole_text_counted, date, summit_id, words
               a, summit_factsheet, True, 2021-06-13, 2021-brussels, 1000
               b, summit_factsheet, True, 2026-07-08, 2026-ankara, 500
               c, speech, True, 2026-07-08, 2026-ankara, 500"""
    counts = """doc_id, term, count
                a, cyber, 6
                a, terrorism, 2
                a, russia, 3
                b, cyber, 0
                b, russia, 4
                c, cyber, 9"""
    use(monkeypatch, agenda, documents=rows(texts, "date"), mentions=rows(counts))
    assert agenda.per_thousand("wider threats", 2021) == 8 and agenda.per_thousand("wider threats", 2026) == 0
    assert agenda.per_thousand("Russia and Ukraine", 2026) == 8
    assert set(agenda.by_theme().summit) == {"2021 Brussels", "2026 Ankara"}


def test_themes_by_period(monkeypatch):
    table = """period_start, scope, theme, texts, words, mentions
               2021-12-01, all texts, nato, 9, 20000, 40
               2022-02-21, all texts, nato, 4, 10000, 30
               2021-12-01, all texts, ukraine, 9, 20000, 10
               2021-12-01, texts that name Ukraine, nato, 5, , """
    use(monkeypatch, rhetoric, kremlin_themes=rows(table, "period_start"))
    found = rhetoric.by_period()
    assert found.per_ten_thousand.tolist() == [20, 30] and found.theme.unique().tolist() == ["NATO"]
    assert found.period.tolist() == ["from 1 Dec 2021", "from 21 Feb 2022"]
