"""The attacker's sum and what quiet tells, worked by hand; the ladder and the explorer on top of them."""

import altair as alt
import pytest

from ip4.explorers import deterrence as explorer
from ip4.measures import ladder
from ip4.models import deterrence


def test_the_attackers_sum():
    assert deterrence.worth(0.8, 0.5, 1) == pytest.approx(0.3)  # eight in ten, less half of one prize
    assert deterrence.answer_needed(0.6, 2) == pytest.approx(0.3)
    assert deterrence.worth(0.6, deterrence.answer_needed(0.6, 2), 2) == pytest.approx(0)
    control = alt.param(name="cost", value=2)
    assert str(deterrence.answer_needed(alt.datum.works, control)) == "(datum.works / cost)"


def test_what_quiet_tells():
    # 100 years, an attack meant in 10, nine of them held back: 99 quiet; without deterrence 90
    assert deterrence.quiet(0.1, 0.9) == pytest.approx(0.99) and deterrence.quiet(0.1, 0) == pytest.approx(0.9)
    assert deterrence.support(0.1, 0.9) == pytest.approx(1.1)
    assert deterrence.deterred(0.1, 0.9) == pytest.approx(9 / 99)
    assert deterrence.support(0.5, 1) == 2 and deterrence.support(0.0, 1) == 1


def test_quiet_never_speaks_against_deterrence_and_never_proves_it():
    table = ladder.odds()
    assert (table.times >= 1).all() and (table.held <= table.intent + 0.1).all()
    one = table.query("intent == 10 and holds == 90").iloc[0]
    assert (one.seen, one.unseen, one.times, one.held) == (99, 90, 1.1, 9.1)


def test_every_setting_of_the_controls_has_a_row_and_its_verdict():
    table = ladder.grid()
    assert len(table) == 11 * 11 * 4 and not table.duplicated(["success", "answer", "cost"]).any()
    one = table.query("success == 0.8 and answer == 0.5 and cost == 2").iloc[0]
    assert one.worth == pytest.approx(-0.2) and one.verdict == "it does not pay"


def test_the_first_rung_that_holds_depends_on_the_cost():
    two = {"low": (0.9, 0.3), "high": (0.4, 0.7)}
    assert ladder.rungs(two, 1).worth.tolist() == [0.6, -0.3]
    assert ladder.first_that_holds(1) == "a brigade on the spot" and ladder.first_that_holds(2) == "a battlegroup"
    assert ladder.first_that_holds(0.5) == "none"


def test_the_explorer_says_what_it_draws():
    chances = {f"success_{n}": 0.9 for n in range(4)} | {f"answer_{n}": 0.0 for n in range(4)}
    shown = explorer.draw(1.0, **chances)
    assert shown.words["title"] == "An attack pays at every rung: no force on this ladder holds"
    shown = explorer.draw(1.0, **chances | {"answer_3": 1.0})
    assert (
        shown.words["title"]
        == "The first rung that holds is a brigade on the spot: an attack is worth -0.10 prizes there"
    )
