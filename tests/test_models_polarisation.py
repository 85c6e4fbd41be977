"""Spread, bimodality, density and valley: worked by hand on a few positions, then properties that hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ip4.models import polarisation as model

TWO_CROWDS = [-1.0, -1.0, -1.0, 1.0, 1.0, 1.0]


def test_the_spread_has_n_minus_one_below():
    assert model.spread([0, 2]) == pytest.approx(2**0.5)


def test_bimodality_by_hand():
    """Positions 0 to 3: m2 = 1.25, m4 = 2.5625, so g2 = -1.36 and the excess is 3 (5 (-1.36) + 6) / 2 = -1.2."""
    assert model.bimodality([0, 1, 2, 3]) == pytest.approx(1 / (-1.2 + 3 * 9 / 2))


def test_pandas_gives_the_same_moments():
    """The course's exercise uses them."""
    import pandas as pd

    values = pd.Series([-1.2, -0.4, -0.3, 0.1, 0.9, 1.1, 2.4])
    n = len(values)
    by_pandas = (values.skew() ** 2 + 1) / (values.kurt() + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    assert model.bimodality(values) == pytest.approx(by_pandas)


def test_bimodality_of_each_row():
    rows = np.array([[0, 1, 2, 3.0], TWO_CROWDS[:2] + TWO_CROWDS[-2:]])
    assert model.bimodality(rows) == pytest.approx([model.bimodality(row) for row in rows])


def test_bimodality_asks_for_four_positions():
    with pytest.raises(ValueError, match="3 positions are too few"):
        model.bimodality([1, 2, 3])


def test_a_flat_field_lies_at_the_mark_and_a_heap_below():
    assert model.bimodality(np.linspace(-1, 1, 2001)) == pytest.approx(model.FLAT, abs=0.002)
    heap = np.random.default_rng(1).normal(size=4000)
    assert model.bimodality(heap) < model.FLAT < model.bimodality(np.repeat(TWO_CROWDS, 50))


def test_shorter_tails_raise_the_coefficient_though_the_middle_stays():
    """The chapter's find, in small: pull in the two at the ends, and leave everybody else where they are."""
    crowds = list(np.repeat(TWO_CROWDS, 10) + np.tile(np.linspace(-0.4, 0.4, 20), 3))
    far, near = [*crowds, -3.5, 3.5], [*crowds, -1.5, 1.5]
    assert model.bimodality(near) > model.bimodality(far) and model.spread(near) < model.spread(far)
    assert model.valley(near, 0.3).bottom == model.valley(far, 0.3).bottom


@given(st.lists(st.floats(-2, 2), min_size=5, max_size=30).filter(lambda x: np.std(x) > 0.1), st.floats(0.5, 3))
def test_neither_unit_nor_place_changes_the_coefficient(values, scale):
    moved = np.array(values) * scale + 7
    assert model.bimodality(moved) == pytest.approx(model.bimodality(values), rel=1e-6)
    assert model.spread(moved) == pytest.approx(model.spread(values) * scale)


def test_ends_are_left_out_on_both_sides():
    assert model.without_ends([5, 1, 4, 2, 3], 1).tolist() == [2, 3, 4]
    assert model.without_ends([2, 1], 0).tolist() == [1, 2]


def test_the_area_under_a_density_is_one():
    grid = np.linspace(-6, 6, 2001)
    curve = model.density([-1, 0, 2], grid, 0.3)
    assert curve.sum() * (grid[1] - grid[0]) == pytest.approx(1, abs=1e-6)
    at_zero = model.density([0.0], np.array([0.0]), 0.2)
    assert at_zero[0] == pytest.approx(1 / (0.2 * (2 * np.pi) ** 0.5))


def test_a_valley_lies_between_two_crowds_and_not_in_one():
    found = model.valley(TWO_CROWDS)
    assert (found.low_peak, found.high_peak) == (-1.0, 1.0) and found.bottom == pytest.approx(0, abs=0.03)
    assert found.height < 0.01
    assert model.valley([0.0, 0.0, 0.1]) is None
    filled = model.valley([*TWO_CROWDS, 0.0, 0.0])
    assert filled is None or filled.height > found.height


def test_the_valley_is_a_part_of_the_lower_peak():
    uneven = model.valley([*[-1.0] * 6, *[1.0] * 2, 0.0])
    curve = model.density([*[-1.0] * 6, *[1.0] * 2, 0.0])
    at = {
        place: curve[np.abs(model.GRID - place).argmin()]
        for place in (uneven.low_peak, uneven.high_peak, uneven.bottom)
    }
    assert uneven.height == pytest.approx(at[uneven.bottom] / min(at[uneven.low_peak], at[uneven.high_peak]))
