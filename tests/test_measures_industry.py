"""Money for arms industry and conditions in texts, by hand."""

import pytest
from small import rows, use

from ip4.measures import industry

MONEY = """instrument_id, instrument, house, kind, amount, currency, is_part
           fund,  A fund,    EU,   grant,    3,  EUR, false
           help,  A help,    EU,   grant,    2,  EUR, false
           loans, Loans,     EU,   loan,     50, EUR, false
           some,  Some,      EU,   loan,     10, EUR, true
           buy,   A buy,     NATO, contract, 6,  USD, false"""
TEXTS = """text_id, passage_id, short, date, signed_by, subject, welcomes, complementary, \
           interoperable, no_duplication, no_barriers, is_read
           b, T002, Later,  2023-05-01, NATO, European defence, true,  true,  false, false, false, true
           a, T001, First,  2021-05-01, EU,   EU defence,       true,  true,  true,  false, false, true
           c, ,     Unseen, 2023-07-11, NATO, European defence, ,      ,      ,      ,      ,      false
           d, T003, Last,   2026-01-01, NATO, European pillar,  false, false, false, true,  false, true"""
PASSAGES = """passage_id, date
              T001, 2021-05-01
              T002, 2023-05-02
              T003, 2026-01-01"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        industry,
        industry_money=rows(MONEY),
        european_defence_texts=rows(TEXTS),
        text_passages=rows(PASSAGES),
    )


def test_amounts_parts_and_the_ratio_of_loans_to_grants():
    assert industry.amount("loans") == 50 and industry.part("some", "loans") == 20
    assert industry.lent_to_granted() == 10  # 50 against 3 and 2; the part counts once


def test_money_leaves_parts_out_and_says_each_amount():
    found = industry.money()
    assert found.instrument.tolist() == ["Loans", "A buy", "A fund", "A help"]
    assert found.said.tolist()[:2] == ["€50 bn", "$6 bn"]


def test_conditions_by_text_in_order_of_time():
    found = industry.conditions()
    assert found.text.unique().tolist() == ["First", "Later", "Unseen", "Last"]
    state = found.set_index(["text", "condition"]).state
    assert state["First", "interoperable"] == "yes" and state["Later", "interoperable"] == "no"
    assert set(state["Unseen"]) == {"not read"}


def test_counts_between_two_days():
    assert industry.count("complementary") == 2 and industry.count("complementary", "2022") == 1
    assert industry.texts() == 3 and industry.texts("2018", "2024") == 2


def test_a_date_that_is_not_that_of_its_passage():
    assert industry.dates_that_differ() == 1
