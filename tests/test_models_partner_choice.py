"""The partner's choice worked by hand; the grid, what survives, and the explorer on top of it."""

import altair as alt
import pytest

from ip4.explorers import bet as explorer
from ip4.measures import choice
from ip4.models import partner_choice


def test_what_a_partner_loses_and_where_it_loses_least():
    # Alone 0.8, half of it made good at depth 1; costs 0.4 and 0.2, mean 0.3: at depth one half 0.8 * 0.75 + 0.3 / 4
    assert partner_choice.loss(0.5, 0.8, 0.5, 0.4, 0.2) == pytest.approx(0.675)
    assert partner_choice.loss(0, 0.8, 0.5, 0.4, 0.2) == 0.8
    assert partner_choice.best_depth(0.8, 0.5, 0.4, 0.2) == pytest.approx(0.4 / 0.6)
    assert partner_choice.best_depth(1, 1, 0.25, 0.25) == 1.0  # two would be best, one is all there is
    assert partner_choice.best_depth(0.8, 0.5, 0, 0) == 1.0 and partner_choice.best_depth(0.8, 0, 0, 0) == 0.0


def test_the_best_depth_is_the_lowest_point_of_the_line():
    weights = (0.75, 0.5, 0.5, 0.75)
    best = partner_choice.best_depth(*weights)
    least = partner_choice.loss(best, *weights)
    assert all(partner_choice.loss(depth / 20, *weights) >= least for depth in range(21))


def test_the_page_draws_the_same_formula():
    control = alt.param(name="abandonment", value=1)
    drawn = partner_choice.loss(alt.datum.depth, alt.datum.fear, 0.5, 0.5, 0.5)
    assert str(drawn) == "((datum.fear * (1 - (0.5 * datum.depth))) + ((0.5 * datum.depth) * datum.depth))"
    assert "abandonment" in str(partner_choice.loss(alt.datum.depth, 0.5, 0.5, control, 0.5))


def test_every_setting_has_a_row_and_a_conclusion():
    table = choice.grid()
    assert len(table) == 5**4 and not table.duplicated(choice.WEIGHTS).any()
    one = table.query("abandonment == 1 and help == 0.5 and entrapment == 0.25 and neighbours == 0.75").iloc[0]
    assert (one.depth, one.conclusion) == (0.5, "keep the ties as they are")
    assert choice.conclusion(0.3) == "keep a distance" and choice.conclusion(1.0) == "move closer"


def test_which_conclusions_survive():
    table = choice.survival()
    assert (table.groupby("fixed").share.sum().round(0) == 100).all()
    assert choice.share_of("keep a distance", "Europe could not help") == 100
    assert "Washington would never leave" in choice.lost("move closer")
    assert choice.lost("keep a distance") == []


def test_the_explorer_draws_the_choice_and_what_survives():
    line, bars = explorer.draw(0.5, 0.5, 0.5, 0.5, "Europe could not help")
    assert line.words["title"].startswith("Least is lost at a depth of 0.25: keep a distance")
    assert (
        bars.words["title"] == "If Europe could not help: keep a distance at 100 % of the weights, move closer at 0 %"
    )
