"""Spread and shape of the ideal points, who moved, and the fields of the exercise: by hand, then on the tables."""

import numpy as np
import pandas as pd
import pytest
from small import rows, use

from coursekit.tables import load
from ip4.measures import camps, fields, leaning, positions, votes
from ip4.models import polarisation as model

# Eight states in two years: A is far out before and near after; G gains its seat later.
POINTS = """iso3, year, ideal_point, q05,  q95,  n_votes
            AAA,  2021, -3.0,        -3.2, -2.8, 80
            BBB,  2021, -1.0,        -1.3, -0.7, 80
            CCC,  2021, -1.0,        -1.1, -0.9, 80
            DDD,  2021,  0.0,        -0.1,  0.1, 30
            EEE,  2021,  1.0,         0.9,  1.1, 80
            ISR,  2021,  1.5,         1.4,  1.6, 80
            USA,  2021,  2.0,         1.9,  2.1, 80
            AAA,  2024, -1.5,        -1.7, -1.3, 90
            BBB,  2024, -0.8,        -1.1, -0.5, 90
            CCC,  2024, -1.0,        -1.1, -0.9, 90
            DDD,  2024,  0.2,         0.1,  0.3, 90
            EEE,  2024,  0.8,         0.7,  0.9, 40
            ISR,  2024,  1.5,         1.4,  1.6, 90
            USA,  2024,  2.0,         1.9,  2.1, 90
            GGG,  2024,  0.5,         0.4,  0.6, 10"""
NAMES = "iso3, name, short_name\n" + "\n".join(
    f"{x}, Land {x}, {x.title()}" for x in "AAA BBB CCC DDD EEE GGG ISR USA".split()
)


@pytest.fixture
def small(monkeypatch):
    use(monkeypatch, camps, un_ideal_points=rows(POINTS), countries=rows(NAMES))
    monkeypatch.setattr(camps, "FIRST", 2021)
    return monkeypatch


def test_both_measures_of_a_year(small):
    points = [-3, -1, -1, 0, 1, 1.5, 2]
    assert camps.points(2021).tolist() == points and len(camps.points(2024)) == 8
    assert camps.spread(2021) == pytest.approx(np.std(points, ddof=1))
    assert camps.coefficient(2021) == pytest.approx(model.bimodality(points))
    assert camps.coefficient(2021, 1) == pytest.approx(model.bimodality([-1, -1, 0, 1, 1.5]))
    assert camps.spread(2021, 2) == pytest.approx(np.std([-1, 0, 1], ddof=1))
    assert camps.rise("spread") == pytest.approx(100 * (camps.spread(2024) / camps.spread(2021) - 1))


def test_both_are_set_to_a_hundred_before_the_invasion(small):
    small.setattr(camps, "MOST_LEFT_OUT", 1)
    found = camps.indexed().set_index(["left_out", "year", "measure"])
    words = camps.WIDE["coefficient"]
    assert (found.xs(2021, level="year").percent == 100).all() and len(found) == 8
    assert found.percent[1, 2024, words] == round(100 * camps.coefficient(2024, 1) / camps.coefficient(2021, 1), 1)
    said = camps.indexed_captions().set_index("left_out").caption
    assert said[0].startswith("All states: from 2021 to 2024") and said[1].startswith("Without the two ends")
    assert "−" in said[0] and "-" not in said[0], "the spread fell, with a true minus"


def test_the_ends_are_put_back_where_they_stood(small):
    small.setattr(camps, "ENDS", 1)
    assert camps.ends() == camps.ends(2024) == ["Aaa", "Usa"]
    now = [-3.0, -0.8, -1.0, 0.2, 0.8, 1.5, 2.0, 0.5]
    assert camps.put_back() == pytest.approx(model.bimodality(now))
    rise, rest = camps.coefficient(2024) - camps.coefficient(2021), camps.coefficient(2024) - camps.put_back()
    assert camps.share_of_rise_at_ends() == pytest.approx(100 * rest / rise)


def test_the_distance_between_two_lists(small):
    small.setattr(camps.votes, "outside", lambda *organisations: ["AAA", "BBB", "CCC", "DDD"])
    assert camps.distance(2021) == pytest.approx((1 + 1.5 + 2) / 3 - (-3 - 1 - 1 + 0) / 4)


def test_estimates_on_few_votes_are_left_out(small):
    assert list(camps.well_known(2021).index) == ["AAA", "BBB", "CCC", "EEE", "ISR", "USA"]


def test_worlds_are_drawn_from_the_ranges(small):
    worlds = camps.drawn(2021)
    assert len(worlds) == camps.DRAWS and worlds.equals(camps.drawn(2021)), "the seed is fixed"
    assert camps.range_of("spread", 2021, 0.05) < camps.spread(2021) < camps.range_of("spread", 2021, 0.95)
    assert camps.range_of("coefficient", 2021, 0.5) == pytest.approx(worlds.coefficient.median())


def test_a_move_and_its_error(small):
    found = camps.moves().set_index("iso3")
    assert "GGG" not in found.index and found.move["AAA"] == pytest.approx(1.5)
    assert found.error["AAA"] == pytest.approx((0.2**2 + 0.2**2) ** 0.5) and found.is_clear["AAA"]
    assert found.error["BBB"] == pytest.approx((0.3**2 + 0.3**2) ** 0.5) and not found.is_clear["BBB"]
    assert found.votes["EEE"] == 40 and found["2021"]["DDD"] == 0 and found["2024"]["DDD"] == 0.2
    assert camps.move("EEE") == pytest.approx(-0.2) and camps.move("AAA", column="error") == pytest.approx(0.08**0.5)
    assert camps.clear() == 3 and camps.clear(1) == 2 and camps.clear(-1) == 1
    assert camps.by_chance() == pytest.approx(0.7)
    assert camps.mover_title() == "3 of 7 states moved clearly from 2021 to 2024: 2 towards Washington, 1 away"


def test_who_is_shown_and_what_is_said(small):
    small.setattr(camps.votes, "without", lambda group: ["BBB"])
    found = camps.movers().set_index(["shown", "state"])
    assert found.move["moved clearly away", "Eee"] == pytest.approx(-0.2)
    assert list(found.loc["the four partners"].index) == ["Bbb"]
    said = camps.mover_captions().set_index("shown").caption
    assert (
        said["moved clearly towards Washington"]
        == "2 states moved clearly towards Washington; Aaa moved most, by +1.50"
    )
    assert said["moved clearly away"].endswith("Eee moved most, by −0.20")
    assert said["the four partners"] == "The four partners; Bbb moved most, by +0.20"


# ---- on the tables


def test_the_find_holds_on_the_table():
    """What the chapter says: the spread returns, the coefficient rises, most of the rise lies at six ends."""
    assert camps.spread(2021) == pytest.approx(positions.polarisation(2021))
    assert camps.spread(2023) < camps.spread(2021) - 0.05 and abs(camps.rise("spread")) < 1
    assert camps.rise("coefficient") > 20 and camps.rise("coefficient", left_out=5) < 5
    assert camps.share_of_rise_at_ends() > 50
    then, now = camps.points(2021), camps.points(2024)
    names = load("countries").set_index("short_name").iso3
    middle = (then.median() + now.median()) / 2
    assert all(abs(now[names[end]] - middle) < abs(then[names[end]] - middle) for end in camps.ends()), (
        "all came closer"
    )


def test_the_valley_is_no_deeper_after_the_invasion():
    """By any width from 0.15 to 0.25."""
    for width in (0.15, 0.2, 0.25):
        before = min(camps.valley(year, width).height for year in range(2012, 2022))
        assert camps.valley(2024, width).height > before and camps.valley(2023, width).height > before


def test_every_figure_has_a_caption_for_each_setting():
    assert set(camps.shape_captions().year) == set(camps.shapes().year)
    assert set(leaning.lean_captions().basis) == set(leaning.lean().basis)
    assert set(camps.mover_captions().shown) == set(camps.movers().shown) == set(camps.SHOWN)
    assert set(camps.indexed_captions().left_out) == set(camps.indexed().left_out)


def test_attempts_to_break_the_rise():
    found = camps.tries().set_index("try")
    assert found["rise"].idxmin() == "five left out at each end"
    assert (found["2024"] - found["2021"] - found["rise"]).abs().max() < 0.0011
    assert found["2021"]["ends of 2024 put back"] == found["2021"]["as estimated"]


def test_the_lean_is_the_median_of_the_outside_states():
    found = leaning.lean().set_index(["basis", "year", "reference"]).agreement
    south = votes.outside(*camps.WEST)
    assert found["ten noes in all", 2025, "China"] == pytest.approx(
        votes.median_agreement(south, 2025, "CHN"), abs=0.001
    )
    assert found.isna().groupby(level="year").all()[2024], "votes of 2024 are not known"


# ---- the exercise


def test_an_effect_is_without_minus_with():
    points = pd.DataFrame([[0, 1, 2, 3, 9.0], [0, 1, 2, 3, 4.0]], index=[2021, 2024], columns=list("abcde"))
    with_all = model.bimodality([0, 1, 2, 3, 4]) - model.bimodality([0, 1, 2, 3, 9])
    found = fields.effects(points, 2021, 2024)
    assert found["e"] == pytest.approx(0 - with_all), "without it nothing changes"
    b = model.bimodality([0, 2, 3, 4]) - model.bimodality([0, 2, 3, 9])
    assert found["b"] == pytest.approx(b - with_all) and found.is_monotonic_increasing


def test_no_two_cases_of_the_exercise_share_their_numbers():
    cases, measures = fields.cases(), fields.measure_table()
    assert len(cases) == len({case["field"] for case in cases}) == fields.CASES
    wide = measures.groupby("field")[["spread", "coefficient"]].agg(tuple)
    assert len({(*row.spread, *row.coefficient) for row in wide.itertuples()}) == fields.CASES
    members = fields.field_table().groupby("field").country.apply(set)
    assert all(case["country"] in members[case["field"]] for case in cases)
    assert members.str.len().isin(fields.SIZES).all(), "no state twice in a field"


def test_the_files_of_the_exercise_agree_with_each_other():
    points, case = fields.point_table(), fields.cases()[3]
    members = fields.field_table().query("field == @case['field']").country
    ours = points[points.country.isin(members)].pivot(index="country", columns="year", values="ideal_point")
    given = fields.measure_table().query("field == @case['field']").set_index("year")
    assert given.spread[case["after"]] == pytest.approx(ours[case["after"]].std(), abs=0.0006)
    moves = fields.move_table().query("field == @case['field']").set_index("country")
    assert (moves.after - ours[case["after"]]).abs().max() < 0.0006
    assert (moves.move - (ours[case["after"]] - ours[case["before"]])).abs().max() < 0.0011


def test_the_first_effects_of_a_case_stand_apart():
    every = fields.effect_table().assign(size=lambda d: d.effect.abs())
    largest = every.sort_values("size").groupby("field").tail(fields.TOP + 1)
    gaps = largest.groupby("field")["size"].apply(lambda s: s.diff().min())
    assert (gaps > 0.001).all()
