"""Which arguments of which capital stand, worked by hand on small tables."""

import pytest
from small import rows, use

from ip4.measures import advice

ADVICE = """capital, direction, claim_id, helps_when,   reading
            Oslo,    closer,    C01,      held up,      One voice
            Oslo,    closer,    C02,      held up,      We served
            Oslo,    distance,  C01,      did not hold, No voice
            Oslo,    distance,  C03,      held up,      We are local
            Bern,    closer,    C01,      held up,      They say so
            Bern,    distance,  C03,      held up,      We wait"""
VERDICTS = """claim_id, as_of, verdict
              C01, then, held up
              C01, now,  did not hold
              C02, then, held up
              C02, now,  held up
              C03, then, held up
              C03, now,  mixed"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {"capital_advice": rows(ADVICE), "claim_verdicts": rows(VERDICTS)}
    use(monkeypatch, advice, None, **frames)


def test_an_argument_stands_when_the_verdict_is_the_one_that_it_needs():
    found = advice.balance().set_index(["capital", "advice"])
    assert found.loc[("Oslo", "come closer")].tolist() == [2, 1]
    assert found.loc[("Oslo", "keep a distance")].tolist() == [1, 1]  # C01 gained, C03 lost


def test_losses_are_counted_by_advice_and_by_capital():
    assert (advice.fallen("closer"), advice.fallen("distance"), advice.fallen()) == (2, 2, 4)
    assert advice.capitals_hit("closer") == advice.capitals_hit("distance") == 2
    assert advice.capitals_hit("closer", without="C01") == 0
    assert advice.claims_fallen() == ["C01", "C03"]
    assert advice.fewest_hit() == 0  # each side rests on one claim here


def test_what_the_figure_of_a_capital_draws_and_says():
    told = advice.told()
    assert len(told) == 12 and set(told.moment) == {"July 2023", "today"}
    row = told[(told.argument == "Closer: One voice (C01)") & (told.moment == "today")].iloc[0]
    assert (row.sign, row.verdict, row.state) == ("✗", "did not hold", "fell")
    assert set(told.state) == {"stood", "stands", "fell", "not"}
    said = advice.told_captions().set_index("capital").caption
    assert said["Oslo"] == "Oslo: to come closer 2 of 3 stood and 1 stand; to keep a distance 1 of 3 stood and 1 stand"
    assert advice.balance().today.sum() == 2 and advice.arguments().fell.sum() == 4
