"""The alliance model against its closed forms, its limits, and properties that hold for any alliance."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ip4.models.burden_sharing import (
    best_reply,
    burdens,
    chance_band,
    efficient_total,
    equilibria,
    equilibrium,
    rank_correlation,
    stops_paying_below,
)

INCOMES = st.lists(st.floats(1, 1e5), min_size=1, max_size=32)
TASTE = st.floats(0.001, 0.5)
JOINT = st.floats(0, 1)
close = pytest.approx


# Two allies and a pure public good: the crossing of two straight best-reply lines, worked out by hand.


def two_allies(a, y1, y2):
    k = 1 - a
    return a * (y1 - k * y2) / (1 - k * k), a * (y2 - k * y1) / (1 - k * k)


@pytest.mark.parametrize(("a", "y1", "y2"), [(0.04, 100, 99), (0.04, 100, 100), (0.3, 5, 4)])
def test_two_allies_who_both_pay(a, y1, y2):
    assert equilibrium([y1, y2], a) == close(two_allies(a, y1, y2))


def test_two_allies_at_the_corner():
    """A pure public good: ally 2 pays nothing once its income is below (1 - a) of ally 1's, and 1 pays as if alone."""
    assert equilibrium([100, 95.9], 0.04) == close([4.0, 0.0])
    assert equilibrium([100, 96.1], 0.04)[1] > 0


def test_n_allies_with_a_pure_public_good_and_corners():
    """Contributors are the m largest; their total is a sum(Y) / (a + m (1 - a)), each gives Y - total (1 - a) / a."""
    a, incomes = 0.5, [100, 90, 80, 10, 5]
    total = a * 270 / (a + 3 * (1 - a))
    assert equilibrium(incomes, a) == close([100 - total, 90 - total, 80 - total, 0, 0])


@pytest.mark.parametrize("joint", [0.0, 0.3, 1.0])
def test_best_reply_solves_the_first_order_condition(joint):
    y, others, a = 100.0, 2.0, 0.04
    d = best_reply(y, others, a, joint)
    assert (1 - a) / (y - d) == close(a * joint / d + a * (1 - joint) / (d + others))


def test_a_tiny_ally_spends_the_private_part_and_a_giant_the_whole():
    """Limits of the joint-product model: a joint / (1 - a + a joint) of income, and a."""
    table = burdens([1e9, 1], 0.04, joint=0.5)
    assert table.share_pct.tolist() == close([4.0, 100 * 0.02 / (0.96 + 0.02)], rel=1e-4)


def test_threat_can_turn_the_order_round():
    """The small pays the larger share when it feels the greater threat and the good is partly private."""
    table = burdens([100, 10], [0.02, 0.05], joint=0.6)
    assert table.share_pct[1] > table.share_pct[0] > 0


# Limits.


def test_wholly_private_defence_gives_everyone_the_same_share():
    assert burdens([20000, 300, 25], 0.03, joint=1.0).share_pct.tolist() == close([3, 3, 3])


def test_alone_an_ally_spends_its_taste():
    assert equilibrium([250], 0.02) == close([5.0])


def test_equal_allies_share_equally_and_too_little():
    n, a = 5, 0.1
    spending = equilibrium([100] * n, a)
    assert spending == close([a * 100 / (1 + (n - 1) * (1 - a))] * n)
    assert spending.sum() < efficient_total([100] * n, a)


def test_splitting_a_pure_public_good_among_equals_does_not_buy_more():
    """Bigger alliances leave the total of a pure public good far behind the efficient one."""
    gaps = [efficient_total([100] * n, 0.1) / equilibrium([100] * n, 0.1).sum() for n in (2, 4, 8, 16)]
    assert gaps == sorted(gaps)


# Properties of every alliance.


@given(INCOMES, TASTE, JOINT)
def test_each_ally_gives_its_best_reply(incomes, a, joint):
    d = equilibrium(incomes, a, joint)
    replies = [best_reply(y, d.sum() - own, a, joint) for y, own in zip(incomes, d, strict=True)]
    assert d == close(replies, rel=1e-6, abs=1e-6 * max(incomes))


@given(st.lists(st.tuples(st.floats(1, 1e5), TASTE), min_size=1, max_size=32), JOINT)
def test_best_replies_also_with_different_tastes(allies, joint):
    incomes, tastes = map(list, zip(*allies, strict=True))
    d = equilibrium(incomes, tastes, joint)
    replies = [best_reply(y, d.sum() - own, a, joint) for y, a, own in zip(incomes, tastes, d, strict=True)]
    assert d == close(replies, rel=1e-6, abs=1e-6 * max(incomes))


@given(INCOMES, TASTE, JOINT)
def test_the_large_are_exploited_by_the_small(incomes, a, joint):
    """Olson and Zeckhauser's proposition: with equal tastes, the larger the income the larger the share of it."""
    table = burdens(incomes, a, joint).sort_values("income")
    assert (np.diff(table.share_pct) >= -1e-6).all()


@given(INCOMES, TASTE)
def test_no_alliance_reaches_the_efficient_total(incomes, a):
    assert equilibrium(incomes, a).sum() <= efficient_total(incomes, a) * (1 + 1e-9)


@given(INCOMES, TASTE, JOINT, st.floats(0.1, 10))
def test_only_relative_size_matters(incomes, a, joint, factor):
    scaled = equilibrium([factor * y for y in incomes], a, joint)
    assert scaled == close(factor * equilibrium(incomes, a, joint), rel=1e-6, abs=1e-6 * max(incomes))


@given(INCOMES, TASTE, JOINT)
def test_order_of_the_list_does_not_matter(incomes, a, joint):
    forward, backward = equilibrium(incomes, a, joint), equilibrium(incomes[::-1], a, joint)[::-1]
    assert forward == close(backward, rel=1e-6, abs=1e-6 * max(incomes))


def test_many_alliances_at_once_equal_one_by_one():
    incomes, tastes, joints = [[100, 40], [100, 97]], [[0.03, 0.03], [0.03, 0.06]], [0.4, 0.0]
    together = equilibria(incomes, tastes, joints)
    for row, income, a, joint in zip(together, incomes, tastes, joints, strict=True):
        assert row == close(equilibrium(income, a, joint), abs=1e-12)


def test_small_ally_stops_paying_where_the_formula_says():
    """With a taste of 3 percent and a large ally of 100 that is 97: at 97 nothing, at 98 something."""
    assert stops_paying_below(100, 0.03) == close(97)
    assert equilibrium([100, 97], 0.03)[1] == 0 and equilibrium([100, 98], 0.03)[1] > 0


# The page draws the tested formula itself.


@pytest.mark.parametrize(
    ("size", "threat", "joint", "others"), [(40, 1, 0.4, 2.5), (97, 1, 0, 3), (100, 2, 1, 0), (5, 1.5, 0.2, 6)]
)
def test_the_expression_in_the_page_gives_the_numbers_of_python(size, threat, joint, others):
    """Vega evaluates the expression that best_reply makes of controls: the drawn value is read back from the chart."""
    import altair as alt
    import vl_convert

    from coursekit.marks.placing import expression

    controls = [alt.param(name=n, value=v) for n, v in (("size", size), ("threat", threat), ("private_part", joint))]
    reply = best_reply(controls[0], alt.datum.others, 0.03 * controls[1], controls[2], sqrt=alt.expr.sqrt)
    chart = (
        alt.Chart(pd.DataFrame({"others": [others]}))
        .transform_calculate(reply=expression(reply))
        .mark_text()
        .encode(text=alt.Text("reply:Q", format=".12f"))
        .add_params(*controls)
    )
    drawn = re.search(r">(−?[0-9.]+)<", vl_convert.vegalite_to_svg(chart.to_dict(format="vega-lite")))[1]
    assert float(drawn.replace("−", "-")) == close(best_reply(size, others, 0.03 * threat, joint), abs=1e-9)


# Bad input, one sentence each.


@pytest.mark.parametrize(
    ("incomes", "a", "joint", "words"),
    [
        ([], 0.1, 0, "numbers above 0"),
        ([1, float("nan")], 0.1, 0, "numbers above 0"),
        ([1, 2], 2, 0, "between 0 and 1"),
        ([1, 2], [0.1], 0, "1 values for 2 incomes"),
        ([1, 2], 0.1, 1.5, "private part"),
    ],
)
def test_bad_input(incomes, a, joint, words):
    with pytest.raises(ValueError, match=words):
        equilibrium(incomes, a, joint)


def test_efficient_total_refuses_different_tastes():
    with pytest.raises(ValueError, match="tastes differ"):
        efficient_total([1, 2], [0.1, 0.2])


# Rank correlation.


def test_rank_correlation_against_the_difference_formula():
    """1 - 6 sum(d^2) / (n (n^2 - 1)) with d^2 adding up to 194 for these ten pairs."""
    x, y = [86, 97, 99, 100, 101, 103, 106, 110, 112, 113], [2, 20, 28, 27, 50, 29, 7, 17, 6, 12]
    assert rank_correlation(x, y) == close(1 - 6 * 194 / (10 * 99))


def test_rank_correlation_sees_order_only_and_skips_missing_pairs():
    assert rank_correlation([1, 2, 3, 4], [1, 10, 100, 1000]) == close(1)
    assert rank_correlation([1, 2, 3, 4], [9, 7, 5, -1]) == close(-1)
    assert rank_correlation([1, 2, None, 3, 4], [1, 2, 9, 3, 4]) == close(1)


def test_rank_correlation_with_ties():
    assert rank_correlation([1, 1, 2, 3], [1, 1, 2, 3]) == close(1)


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1, 2]), ([1, 2, 3], [5, 5, 5])])
def test_rank_correlation_of_too_little_is_not_a_number(x, y):
    assert np.isnan(rank_correlation(x, y))


def test_chance_band_against_the_textbook_table():
    """Critical values of Spearman's coefficient, two-sided 5 percent: 0.447 at n = 20, 0.362 at n = 30."""
    assert chance_band(20) == close(0.447, abs=0.01)
    assert chance_band(30) == close(0.362, abs=0.01)
    with pytest.raises(ValueError, match="at least 3"):
        chance_band(2)


# The explorer computes with the model and draws what it computed.


@pytest.mark.parametrize(("group", "year", "states"), [("NATO", 1990, 15), ("NATO and the four partners", 2025, 35)])
def test_explorer_compares_the_states_of_the_year(group, year, states):
    from ip4.explorers import burden_sharing as lab

    rows = lab.compare(group, year, taste=3.0, joint=0.6)
    assert len(rows) == states
    assert f"({states} states" in lab.summary(rows)
    assert len(lab.picture(rows, group, year).spec()["layer"]) == 4


def test_explorer_threat_raises_the_model_share_of_the_threatened():
    from ip4.explorers import burden_sharing as lab

    calm = lab.compare("NATO", 2025, 3.0, 0.6).set_index("iso3").model_pct
    tense = lab.compare("NATO", 2025, 3.0, 0.6, threatened=["Estonia"], threat=2).set_index("iso3").model_pct
    assert tense["EST"] > calm["EST"] and tense["USA"] <= calm["USA"]


def test_explorer_redraws_when_a_control_changes():
    from ip4.explorers.burden_sharing import explore

    app = explore()
    controls, output = app.children
    before = str(output.outputs)
    controls.children[1].value = 1995
    assert controls.children[1].value == 1995 and output is app.children[1] and before is not None
