"""Foursomes: the exact test, its references, profiles and nearness, worked by hand on a handful of states."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from small import rows

from coursekit.tables import TableError
from ip4.explorers import nearness as lab
from ip4.measures import foursome_cases, foursomes, indicators, nearness, profiles

FOUR = ["AUS", "JPN", "KOR", "NZL"]
LINE = pd.Series({"AUS": 1.0, "JPN": 2.0, "KOR": 3.0, "NZL": 4.0, "CHN": 8.0})


# ---- the test itself, which reads no table


def test_each_pair_of_ends_stands_for_the_foursomes_between_them():
    found = foursomes.ranges(LINE)
    assert found.groups.sum() == foursomes.n_groups(LINE) == 5, "five states, one stays out"
    by_range = found.groupby("range")["groups"].sum()
    assert by_range.to_dict() == {3.0: 1, 6.0: 1, 7.0: 3}, "1-4; 2-8; 1-8 with two of three in between"


def test_counting_pairs_is_counting_all_foursomes_ties_included():
    values = pd.Series([0.0, 0.0, 0.5, 0.5, 0.5, 1.0, 2.0, 2.0, 3.5], index=list("abcdefghi"))
    every = [max(some) - min(some) for some in combinations(values, 4)]
    for four in (["a", "b", "c", "d"], ["c", "d", "e", "f"], ["a", "c", "g", "i"]):
        own = values[four].max() - values[four].min()
        assert foursomes.closer_than(values, four) == pytest.approx(100 * np.mean([one > own for one in every]))


def test_an_equal_range_is_not_wider_and_the_widest_group_is_closer_than_none():
    assert foursomes.span(LINE, FOUR) == 3 and foursomes.closer_than(LINE, FOUR) == 80
    assert foursomes.closer_than(LINE, ["AUS", "JPN", "KOR", "CHN"]) == 0
    assert foursomes.closer_than(pd.Series(1.0, index=FOUR), FOUR) == 0, "all alike: nobody is wider"
    assert foursomes.closer_than(LINE, FOUR[:3]) == 80, "of ten threesomes two are as narrow, itself among them"


def test_every_foursome_is_listed_once_in_rising_order():
    listed = foursomes.all_foursomes(6)
    assert [tuple(row) for row in listed.tolist()] == sorted(combinations(range(6), 4))


# ---- indicators and references


IDEAL = """iso3, year, ideal_point, q05, q95
           AUS,  2024, 1,           1,   1
           JPN,  2024, 2,           2,   2
           KOR,  2024, 3,           3,   3
           NZL,  2024, 4,           4,   4
           CHN,  2024, 8,           8,   8
           USA,  2024, 9,           9,   9"""
TABLES = {
    "un_ideal_points": rows(IDEAL),
    "un_agreement": rows(
        """iso3, year, reference, basis,   agreement_score
           AUS,  2023, CHN,       outside, 0.2
           JPN,  2023, CHN,       outside, 0.4
           JPN,  2023, USA,       all,     0.6"""
    ),
    "sipri_spending": rows(
        """iso3, year, share_gdp_pct, constant_2024_usd_m
           AUS,  2021, 2.0,           100
           AUS,  2025, 1.9,           150
           JPN,  1999, 0.9,           50
           JPN,  2021, 1.0,           200
           JPN,  2025, 1.4,           100
           USA,  2025, 3.0,"""
    ),
    "arms_supplier_groups": rows(
        """iso3, block,   supplier_group, share_pct
           AUS,  2021-25, United States,  80
           AUS,  2021-25, Europe,         20
           USA,  2021-25, United States,  0
           ,     2021-25, United States,  70
           JPN,  2016-20, United States,  90"""
    ),
    "trade_partners": rows(
        """iso3, year, flow,    partner_iso3, share_pct, dataset
           AUS,  2023, exports, CHN,          37,        factbook
           AUS,  2023, exports, JPN,          12,        factbook
           AUS,  2023, imports, CHN,          26,        factbook
           AUS,  2023, exports, CHN,          36.5,      wits"""
    ),
    "isaf": rows(
        """as_of,      iso3, personnel
           2010-11-15, AUS,  50
           2010-11-15, ,     7
           2012-04-18, AUS,  99""",
        "as_of",
    ),
    "world_bank_context": rows(
        """iso3, year, population, gdp_per_capita_ppp_usd
           AUS,  2010, 1000000,    40000
           JPN,  2010, 5000000,    30000
           AUS,  2024, 27,         60000
           JPN,  2024, 124,        46000
           KOR,  2024, 52,         55000
           NZL,  2024, 5,          49000
           CHN,  2024, 1400,       25000
           CAN,  2024, 40,         58000"""
    ),
    "countries": rows(
        """iso3, short_name,    region,                    continent
           AUS,  Australia,     Australia and New Zealand, Oceania
           JPN,  Japan,         Eastern Asia,              Asia
           KOR,  South Korea,   Eastern Asia,              Asia
           NZL,  New Zealand,   Australia and New Zealand, Oceania
           CHN,  China,         Eastern Asia,              Asia
           USA,  United States, Northern America,          Americas
           CAN,  Canada,        Northern America,          Americas"""
    ),
    "partnership_instruments": rows(
        """iso3, date,       family,                 instrument
           JPN,  1990-01-01, dialogue and declaration, Political dialogue
           NZL,  2012-06-04, partnership programme,  IPCP
           NZL,  2012-06-05, partnership programme,  Annex""",
        "date",
    ),
    "opinion_polls": rows(
        """population, question,        about_iso3, survey_year, pct
           AUS,        greatest_threat, CHN,        2025,        52
           KOR,        greatest_threat, CHN,        2025,        33
           KOR,        greatest_threat, PRK,        2025,        40"""
    ),
}
GROUPS = {"IP4": FOUR, "OECD": [*FOUR, "USA"], "NATO": ["USA", "CAN"]}


@pytest.fixture
def small(monkeypatch):
    for module in (indicators, foursomes, profiles, nearness, foursome_cases, lab):
        if hasattr(module, "load"):
            monkeypatch.setattr(module, "load", lambda name: TABLES[name].copy())
        if hasattr(module, "members"):
            monkeypatch.setattr(module, "members", lambda group, day=None: GROUPS[group])
    monkeypatch.setattr(indicators, "FEWEST", 5)


def test_each_indicator_is_one_number_a_state(small):
    assert indicators.values(indicators.VOTES).to_dict() == {"AUS": 1, "JPN": 2, "KOR": 3, "NZL": 4, "CHN": 8, "USA": 9}
    assert indicators.votes(2024)["USA"] == 9
    assert indicators.values(indicators.SPENDING).to_dict() == {"AUS": 1.9, "JPN": 1.4, "USA": 3.0}
    assert (
        indicators.values(indicators.GROWTH).to_dict()
        == {"AUS": 50, "JPN": -50}
        == indicators.growth(2021, 2025).to_dict()
    )
    assert (
        indicators.from_america("2021-25").to_dict() == {"AUS": 80} == indicators.values(indicators.ARMS).to_dict()
    ), "no group, no maker itself"
    assert indicators.values(indicators.ARMS_BEFORE).to_dict() == {"JPN": 90}
    assert indicators.values(indicators.EXPORTS).to_dict() == {"AUS": 37} and indicators.china(
        2023, "imports"
    ).to_dict() == {"AUS": 26}
    assert indicators.soldiers("2010-11").to_dict() == {"AUS": 50, "JPN": 0}, "per million; who is not listed sent none"
    assert indicators.values(indicators.INCOME)["JPN"] == 46
    assert indicators.agreement(2023, "CHN", "outside").to_dict() == {"AUS": 0.2, "JPN": 0.4}
    with pytest.raises(TableError, match="no indicator 'wealth'"):
        indicators.values("wealth")


def test_references_hold_the_four_and_a_small_one_gives_no_test(small):
    assert indicators.reference(indicators.WORLD) is None
    assert indicators.reference(indicators.REGION) == {*FOUR, "CHN"}
    assert indicators.reference(indicators.OECD) == {*FOUR, "USA"} and indicators.reference(indicators.NATO) == {
        *FOUR,
        "USA",
        "CAN",
    }
    assert indicators.reference(indicators.SIZE) == {*FOUR, "CAN"}, "from New Zealand's size to Japan's"
    assert sorted(indicators.among(indicators.votes(2024), indicators.REGION).index) == sorted([*FOUR, "CHN"])
    assert indicators.among(indicators.values(indicators.SPENDING), indicators.NATO).empty, "three states are too few"
    with pytest.raises(TableError, match="no reference 'Mars'"):
        indicators.reference("Mars")


# ---- what the chapter says


def test_the_company_changes_the_answer(small):
    assert (
        foursomes.votes_closer(indicators.REGION, 2024)
        == foursomes.partners_closer(indicators.VOTES, indicators.REGION)
        == 80
    )
    assert np.isnan(foursomes.partners_closer(indicators.SPENDING, indicators.NATO))
    others = ["AUS", "JPN", "KOR", "CHN"]
    assert foursomes.votes_closer(indicators.NATO, 2024, others) == pytest.approx(100 * 6 / 15), (
        "six of fifteen run from 1 to 9"
    )
    assert set(foursomes.with_states(indicators.votes(2024), indicators.OECD, ["CHN"]).index) == {*FOUR, "USA", "CHN"}
    tested = foursomes.tested(indicators.votes(2024), FOUR).set_index("reference").closer
    assert tested[indicators.OECD] == 80 and tested[indicators.WORLD] == pytest.approx(93.3)


def test_the_middle_foursome_of_a_reference_is_placed_in_the_world(small):
    assert foursomes.typical(indicators.OECD) == pytest.approx(100 * 0 / 15), "its middle foursome runs from 1 to 9"
    assert foursomes.typical(indicators.REGION) == pytest.approx(100 * 3 / 15 * 2), (
        "from 1 to 8: six of fifteen run from 1 to 9"
    )


def test_without_noise_shaking_changes_nothing_and_the_mean_distance_agrees(small):
    assert foursomes.shaken(indicators.REGION) == (80, 80)
    assert foursomes.mean_distance_closer(indicators.REGION) == 80


def test_a_histogram_holds_all_foursomes_and_marks_the_four(small, monkeypatch):
    monkeypatch.setattr(foursomes, "FIRST", 2024)
    monkeypatch.setattr(indicators, "REFERENCES", [indicators.REGION, indicators.WORLD])
    drawn = foursomes.by_range()
    part = drawn[drawn.reference == indicators.REGION]
    assert part.foursomes.sum() == pytest.approx(100, abs=0.1) and set(part.own) == {3} and set(part.closer) == {80}
    assert part[part.range > 3.9].foursomes.item() == 80, "wider ones stand in the last bar"
    captions = foursomes.range_captions(drawn).set_index("reference").caption
    assert (
        captions[indicators.REGION] == "Their region, 2024: the four, 3.00 apart, are closer than 80 of 100 foursomes"
    )


def test_years_above_the_line_are_counted(small, monkeypatch):
    monkeypatch.setattr(foursomes, "FIRST", 2024)
    monkeypatch.setattr(indicators, "REFERENCES", [indicators.REGION, indicators.WORLD])
    assert indicators.limits() == {indicators.REGION: {*FOUR, "CHN"}, indicators.WORLD: None}
    assert foursomes.by_year().values.tolist() == [[indicators.REGION, 2024, 80], [indicators.WORLD, 2024, 93.3]]
    assert foursomes.n_years(indicators.WORLD) == 0 and foursomes.n_years(indicators.WORLD, 90) == 1


def test_tests_without_enough_states_are_left_out(small, monkeypatch):
    monkeypatch.setattr(indicators, "WORDS", {indicators.VOTES: indicators.WORDS[indicators.VOTES]})
    monkeypatch.setattr(indicators, "REFERENCES", [indicators.REGION, indicators.OECD, indicators.NATO])
    found = foursomes.by_indicator()
    assert found[["reference", "states", "closer", "own"]].values.tolist() == [
        [indicators.REGION, 5, 80, 3],
        [indicators.OECD, 5, 80, 3],
        [indicators.NATO, 5, 80, 3],
    ]
    assert foursomes.n_unusual(80) == 3 and foursomes.n_unusual() == 0
    said = foursomes.indicator_captions(found).caption.iloc[0]
    assert said == "Their region: closest on UN votes, 2024 (80 of 100), least close on UN votes, 2024 (80 of 100)"


def test_any_foursome_can_be_tested_in_two_years(small, monkeypatch):
    monkeypatch.setattr(foursomes, "FIRST", 2024)
    monkeypatch.setattr(
        foursomes, "OTHERS", {"the four partners": "IP4", "three and China": ["AUS", "JPN", "KOR", "CHN"]}
    )
    found = foursomes.of_others()
    assert foursomes.states_of("the four partners") == FOUR
    row = found[(found.four == "three and China") & (found.reference == indicators.WORLD)]
    assert row["2024"].item() == pytest.approx(40), "six of fifteen run from 1 to 9"
    said = foursomes.others_captions(found).set_index("four").caption["three and China"]
    assert said.startswith("Three and China, 2024: all states with data 40; ")


def test_measures_of_one_vote_stand_side_by_side(small, monkeypatch):
    monkeypatch.setattr(foursomes, "MEASURES", {"ideal points": lambda: indicators.votes(2024)})
    assert foursomes.by_measure().values.tolist() == [["ideal points", 80, 93.3]]
    assert foursomes.measured("ideal points", indicators.NATO) == 80


def test_profiles_name_what_was_not_asked(small, monkeypatch):
    monkeypatch.setattr(profiles, "SHOWN", {indicators.VOTES: "UN votes, ideal point"})
    shown = profiles.side_by_side()
    assert shown[shown.indicator.str.startswith("UN votes")].said.tolist() == ["1.0", "2.0", "3.0", "4.0"]
    asked = shown[shown.indicator == profiles.POLL].set_index("partner").said.to_dict()
    assert asked == {"Australia": "52", "Japan": "not asked", "South Korea": "33", "New Zealand": "not asked"}
    assert profiles.threat()["KOR"] == 33
    assert profiles.value(indicators.VOTES, "NZL") == 4


def test_steps_of_a_year_are_one_dot(small):
    found = profiles.steps()
    dot = found[(found.kind == profiles.PROGRAMME) & (found.partner == "New Zealand")]
    assert dot[["year", "steps", "what"]].values.tolist() == [[2012, 2, "IPCP; Annex"]]
    assert profiles.kinds() == [profiles.ALL, "dialogue and declaration", "partnership programme"]
    assert profiles.first_step("JPN") == 1990 and profiles.first_step("NZL", profiles.PROGRAMME) == 2012
    said = profiles.step_captions(found).set_index("kind").caption
    assert said[profiles.ALL] == "All steps: Japan 1 (first 1990), New Zealand 2 (first 2012)"


def test_spending_is_drawn_for_the_four_since_2000(small):
    assert profiles.spending().values.tolist() == [
        ["Australia", 2021, 2.0],
        ["Australia", 2025, 1.9],
        ["Japan", 2021, 1.0],
        ["Japan", 2025, 1.4],
    ]


# ---- nearness


def on_a_line(monkeypatch):
    """Six states on two indicators: on votes 1, 2, 3, 4, 8, 9, on income all alike but Japan."""
    income = pd.Series({"AUS": 0.0, "JPN": 6.0, "KOR": 0.0, "NZL": 0.0, "CHN": 0.0, "USA": 0.0})
    points = {indicators.VOTES: indicators.votes(2024), indicators.INCOME: income}
    monkeypatch.setattr(indicators, "values", lambda key: points[key].rename(key))
    monkeypatch.setattr(nearness, "WEIGHED", [indicators.VOTES, indicators.INCOME])


def test_weights_decide_who_is_near(small, monkeypatch):
    on_a_line(monkeypatch)
    here = nearness.ground()
    assert here.scores.mean().abs().max() < 1e-12 and here.scores.std(ddof=0).round(12).tolist() == [1, 1]
    assert here.states[indicators.OECD] == sorted([*FOUR, "USA"]) and here.foursomes[indicators.OECD].shape == (5, 4)
    votes = nearness.distances({indicators.VOTES: 2}, here.scores)
    assert votes.loc["AUS", "NZL"] == pytest.approx(3 * votes.loc["AUS", "JPN"])
    both = nearness.distances({}, here.scores)
    income = nearness.distances({indicators.INCOME: 1}, here.scores)
    assert both.loc["AUS", "JPN"] ** 2 == pytest.approx(
        (votes.loc["AUS", "JPN"] ** 2 + income.loc["AUS", "JPN"] ** 2) / 2
    )
    assert nearness.near("AUS", {indicators.VOTES: 1}, here).index.tolist() == ["JPN", "KOR", "NZL", "CHN", "USA"]
    assert nearness.nearest("AUS", votes=1) == "Japan" and nearness.nearest("AUS", income=1) != "Japan"


def test_every_foursome_counts_for_the_share(small, monkeypatch):
    on_a_line(monkeypatch)
    shown = nearness.closeness({indicators.VOTES: 1}).set_index("reference")
    assert shown.closer[indicators.OECD] == 80 and shown.states[indicators.OECD] == 5
    assert (
        nearness.closer(indicators.OECD, votes=1) == 80 and nearness.closer(indicators.OECD, [indicators.VOTES]) == 80
    )


def test_the_lab_says_what_it_draws(small, monkeypatch):
    on_a_line(monkeypatch)
    near, together = lab.draw("AUS", votes=1, income=0)
    assert near.words["title"] == "Nearest to Australia: Japan, South Korea, New Zealand"
    assert f"{indicators.OECD} 80" in together.words["title"]


# ---- the exercise's cases


def years(*found: tuple[int, dict]) -> pd.DataFrame:
    lines = [(iso3, year, value) for year, values in found for iso3, value in values.items()]
    table = pd.DataFrame(lines, columns=["iso3", "year", "ideal_point"])
    return table.assign(q05=table.ideal_point - 0.1, q95=table.ideal_point + 0.1)


@pytest.fixture
def case_tables(small, monkeypatch):
    early, late = {"AUS": 0.0, "JPN": 1.0, "KOR": 2.0, "NZL": 3.5}, {"AUS": 0.0, "JPN": 1.0, "KOR": 1.1, "NZL": 1.3}
    points = years((2014, early | {"CHN": 4.0}), (2015, late | {"CHN": -4.0, "USA": 2.0}))
    place = TABLES["countries"].assign(continent="Asia", region="Eastern Asia")
    monkeypatch.setattr(foursome_cases, "load", {"un_ideal_points": points, "countries": place}.__getitem__)
    for name, value in {"FIRST": 2014, "LAST": 2015, "DRAWN": 6}.items():
        monkeypatch.setattr(foursome_cases, name, value)


def test_files_hold_states_with_a_value_in_every_year(case_tables):
    assert set(foursome_cases.point_file().state) == {"Australia", "Japan", "South Korea", "New Zealand", "China"}
    assert "region" in foursome_cases.points() and "region" not in foursome_cases.point_file()
    drawn = foursome_cases.drawn_file()
    assert drawn.shape == (6, 4) and all(row.nunique() == 4 for _, row in drawn.iterrows())
    assert drawn.equals(foursome_cases.drawn_file()), "the seed is fixed"


def test_neighbours_are_four_of_one_region(case_tables):
    for four in foursome_cases.neighbours():
        assert len(set(four)) == 4 and four == sorted(four)


def test_a_case_has_one_odd_state_and_a_change(case_tables, monkeypatch):
    four = ["Australia", "Japan", "New Zealand", "South Korea"]
    monkeypatch.setattr(foursome_cases, "neighbours", lambda: [four])
    monkeypatch.setattr(foursome_cases, "YEARS", ((2015, 2014),))
    assert foursome_cases.cases() == [{"four": "; ".join(four), "year": 2015, "before": 2014}]
    shown = foursome_cases.four_shown()
    late = shown[shown.year == 2015].set_index("state")
    assert late.span_without.round(3).to_dict() == {
        "Australia": 0.3,
        "Japan": 1.3,
        "New Zealand": 1.1,
        "South Korea": 1.3,
    }
    values = pd.Series({"Australia": 0.0, "Japan": 1.0, "South Korea": 1.1, "New Zealand": 1.3})
    assert foursome_cases.without(values, four).idxmin() == "Australia"
    near, drawn = foursome_cases.shares_shown().to_dict("records")
    assert near["company"] == "Asia" and near["states"] == 5 and near["foursomes"] == 5 and near["wider"] == 80
    assert drawn["company"] == foursome_cases.SAMPLE and drawn["foursomes"] == 6 and 0 <= drawn["wider"] <= 100
