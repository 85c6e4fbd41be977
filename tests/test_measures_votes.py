"""Votes, ideal points and the exercise's files: cases worked by hand on a small world, then real properties."""

import ast
import csv
import inspect

import numpy as np
import pandas as pd
import pytest
import yaml

from coursekit import tables
from coursekit.tables import TableError, load
from ip4 import groups
from ip4.measures import comparisons, contested, cosines, dissent, positions, vote_checks, votes

# Five states. AAA, BBB and USA are allies (BBB from 2022), JPN is a partner, OOO is neither.
MEMBERSHIPS = pd.DataFrame(
    [
        ("AAA", "NATO", "member", 1949),
        ("BBB", "NATO", "member", 2022),
        ("USA", "NATO", "member", 1949),
        ("JPN", "NATO_IP4", "partner", 1990),
    ],
    columns=["iso3", "organisation", "status", "join_year"],
).assign(leave_date=pd.NaT)
COUNTRIES = pd.DataFrame({"iso3": ["AAA", "BBB", "JPN", "OOO", "USA"]}).assign(
    name=lambda d: "Land " + d.iso3, short_name=lambda d: d.iso3, is_un_member=True
)
SCORES = pd.DataFrame(
    [  # 2021: BBB is not yet an ally. 2025: everyone falls.
        ("AAA", 2021, 0.6),
        ("BBB", 2021, 0.9),
        ("JPN", 2021, 0.5),
        ("OOO", 2021, 0.2),
        ("USA", 2021, 1.0),
        ("AAA", 2023, 0.7),
        ("BBB", 2023, 0.8),
        ("JPN", 2023, 0.6),
        ("OOO", 2023, 0.3),
        ("AAA", 2025, 0.2),
        ("BBB", 2025, 0.4),
        ("JPN", 2025, 0.1),
        ("OOO", 2025, 0.1),
    ],
    columns=["iso3", "year", "agreement_score"],
).assign(reference="USA", basis="all", n_joint_votes=10)
CALLS = pd.DataFrame(
    [  # three regular roll calls of 2025, one of a special session, one of another year
        ("80/1", "2025-03-01", False, 3, 1, 0, 1),
        ("80/2", "2025-04-01", False, 3, 11, 0, 0),
        ("80/3", "2025-05-01", False, 2, 2, 1, 0),
        ("ES-11/7", "2025-02-24", True, 3, 1, 1, 0),
        ("ES-11/6", "2023-02-23", True, 4, 0, 0, 1),
    ],
    columns=["resolution", "date", "is_special_session", "yes", "no", "abstain", "not_voting"],
).assign(date=lambda d: pd.to_datetime(d.date), coverage="complete")
BALLOTS = pd.DataFrame(
    {
        "80/1": ["yes", "yes", "yes", "not_voting", "no"],
        "80/2": ["no", "no", "no", "yes", "no"],
        "80/3": ["yes", "abstain", "no", "yes", "no"],
        "ES-11/7": ["yes", "yes", "yes", "abstain", "no"],
        "ES-11/6": ["yes", "yes", "yes", "not_voting", "yes"],
    },
    index=["AAA", "BBB", "JPN", "OOO", "USA"],
)
VOTES = BALLOTS.rename_axis("iso3").reset_index().melt("iso3", var_name="resolution", value_name="vote")
COUNTS = pd.DataFrame(
    {"year": [2021, 2023, 2025], "n_regular": [12, 2, 3], "n_contested": [2, 1, 1], "n_outside": [1, 1, 0]}
)
COSINES = pd.DataFrame(
    {"iso3": ["AAA", "BBB", "JPN"], "year": 2024, "reference": "USA", "cosine_similarity": [0.2, 0.6, -0.4]}
)
POINTS = pd.DataFrame(
    [  # 1991: AAA and USA only; 2024: AAA, BBB, USA and the others
        ("AAA", 1991, 0.0),
        ("USA", 1991, 2.0),
        ("BBB", 1991, 9.0),
        ("AAA", 2024, 1.0),
        ("BBB", 2024, 2.0),
        ("USA", 2024, 3.0),
        ("JPN", 2024, 1.5),
        ("OOO", 2024, -2.5),
    ],
    columns=["iso3", "year", "ideal_point"],
).assign(q05=lambda d: d.ideal_point - 0.1, q95=lambda d: d.ideal_point + 0.1, n_votes=80)
WORLD = {
    "memberships": MEMBERSHIPS,
    "countries": COUNTRIES,
    "un_agreement": SCORES,
    "un_resolutions": CALLS,
    "un_votes": VOTES.assign(vote_basis="recorded"),
    "un_rollcall_counts": COUNTS,
    "un_cosine": COSINES,
    "un_ideal_points": POINTS,
}


@pytest.fixture
def world(monkeypatch):
    for module in (votes, cosines, vote_checks, positions, groups, comparisons):
        monkeypatch.setattr(module, "load", lambda name: WORLD[name].copy())


# ---- agreement


def test_a_later_ally_counts_from_the_year_it_joined_and_not_before(world):
    found = votes.agreement("USA", "all").set_index(["iso3", "year"]).group
    assert found["BBB", 2023] == "NATO"
    assert ("BBB", 2021) not in found.index
    assert found["JPN", 2021] == "IP4"
    assert found["OOO", 2025] == "rest"
    assert "USA" not in found.index.get_level_values("iso3")


def test_median_of_a_group_by_year_and_in_one_year(world):
    assert votes.median_agreement("NATO", basis="all").to_dict() == pytest.approx({2021: 0.6, 2023: 0.75, 2025: 0.3})
    assert votes.median_agreement("IP4", 2025, basis="all") == 0.1
    assert votes.median_agreement(["JPN", "OOO"], 2023, basis="all") == pytest.approx(0.45)


def test_a_fall_is_positive_when_agreement_falls(world):
    assert votes.fall("NATO", "all") == pytest.approx(0.45)
    assert votes.fall(["OOO"], "all", 2021, 2023) == pytest.approx(-0.1)


def test_one_score_and_the_sentence_when_there_is_none(world):
    assert votes.score("AAA", 2023, "USA", "all") == 0.7
    with pytest.raises(TableError, match="no score of USA with USA"):
        votes.score("USA", 2021, "USA", "all")
    with pytest.raises(TableError, match="on the basis 'contested'"):
        votes.agreement("USA", "contested")


def test_who_stands_outside(world):
    assert votes.outside("NATO") == ["JPN", "OOO"]
    assert votes.outside("NATO", "IP4") == ["OOO"]
    assert votes.without("NATO", "USA") == ["AAA", "BBB"]


# ---- what was put to the vote


def test_contested_keeps_roll_calls_with_ten_noes_and_leaves_special_sessions_out(world):
    assert list(votes.roll_calls().index) == ["80/1", "80/2", "80/3"]
    assert list(votes.roll_calls("contested").index) == ["80/2"]
    assert len(votes.roll_calls(regular=False)) == 4
    with pytest.raises(TableError, match="no basis 'love'; bases are all, contested, outside"):
        votes.roll_calls("love")


def test_outside_noes_leave_out_the_noes_of_allies_and_of_any_group_named(world):
    # 80/2 has eleven noes, four of them known: AAA, BBB and USA (allies) and JPN
    assert votes.own_noes(["AAA", "JPN"]).to_dict() == {"80/2": 2, "80/3": 1}
    assert votes.roll_calls().no_outside.to_dict() == {"80/1": 0, "80/2": 8, "80/3": 1}
    assert votes.roll_calls("outside").empty
    assert list(votes.contested_outside(["JPN"]).index) == ["80/2"]
    assert list(votes.contested_outside(["JPN", "AAA"]).index) == []
    assert (votes.n_roll_calls(2023, "outside"), votes.n_roll_calls(2025, "outside")) == (1, 0)


def test_agreement_on_what_the_filters_leave_out(world):
    # 80/1 and 80/3: AAA agrees with USA not at all, BBB abstains once where USA says no (0.25); the median is 0.125
    assert contested.n_left_out() == 2
    assert contested.left_out() == pytest.approx(0.125)
    assert contested.through_own() == 1  # 80/2, on which all allies say no
    keep = pd.Series({"80/3": True})
    assert contested.agreement_where(["BBB", "USA"], keep) == 0.5  # the reference is no member of its own group


def test_each_filter_has_a_row_with_its_roll_calls_and_its_fall(world, monkeypatch):
    more = [SCORES.assign(basis=basis, agreement_score=lambda d: (d.agreement_score + 1) / 2) for basis in votes.BASES]
    monkeypatch.setitem(WORLD, "un_agreement", pd.concat([SCORES, *more[1:]]))
    rows = comparisons.filters("NATO")
    assert list(rows.basis) == list(votes.BASES.values())
    assert comparisons.filter_note(rows) == (
        "Roll calls of the regular sessions in 2023 and 2025: "
        "all roll calls 2 and 3, ten noes in all 1 and 1, ten outside noes 1 and 0."
    )
    assert rows[["2023", "2025"]].iloc[0].tolist() == [0.75, 0.3]
    assert rows.fall.tolist() == pytest.approx([0.45, 0.22, 0.22], abs=0.011)
    assert comparisons.filter_title(rows).startswith("A fall of 0.45 on all roll calls, 0.2")
    assert votes.lowest_year("NATO", "outside") == 2025


def test_a_new_filter_needs_one_line(world, monkeypatch):
    monkeypatch.setitem(votes.FILTERS, "close", lambda calls: calls.no * 2 >= calls.yes)
    assert list(votes.roll_calls("close").index) == ["80/2", "80/3"]


def test_texts_added_and_what_they_would_have_made_of_the_first_year(world):
    assert votes.added_texts() == 1
    # (2 roll calls at 0.75 and 1 at 1) / 3 = 0.8333; the fall from there to 0.3
    assert votes.agreement_if_silent("NATO") == pytest.approx(2.5 / 3)
    assert votes.fall_without_agenda("NATO") == pytest.approx(2.5 / 3 - 0.3)


def test_votes_cast_and_noes_nearly_alone(world):
    assert [votes.cast("USA", word) for word in ("yes", "no", "abstain", "not_voting")] == [0, 4, 0, 0]
    assert votes.noes_with_at_most("USA", 1) == 2  # 80/1 and ES-11/7
    assert votes.noes_with_at_most("USA", 2) == 3
    assert votes.noes_with_at_most("JPN", 2) == 1


# ---- single roll calls


def test_counts_and_index_of_one_roll_call(world):
    assert votes.count("ES-11/7", "yes") == 3
    assert votes.count("ES-11/7", "no", ["AAA", "USA"]) == 1
    assert votes.index_of("ES-11/7", ["AAA", "BBB", "USA"]) == 0.5  # (2 - 1/2) / 3
    assert votes.index_of("80/1", ["AAA", "BBB", "OOO"]) == 1  # who does not vote does not count


def test_index_with_dissenters_is_arithmetic():
    assert votes.index_with(32, 1) == pytest.approx(1 - 1.5 / 32)
    assert votes.index_with(4, 2) == pytest.approx(0.25)  # (2 - 2 / 2) / 4


def test_what_each_group_did_on_the_ukraine_texts(world):
    table = votes.ukraine_tally(["AAA", "BBB", "USA"]).set_index(["text", "vote"])
    assert list(dict.fromkeys(table.index.get_level_values("text"))) == ["6: Feb 2023", "7: Feb 2025"]
    assert table.members["7: Feb 2025", "yes"] == 2
    assert table["index"]["7: Feb 2025", "no"] == 0.5
    assert table.others["7: Feb 2025", "no"] == "USA"
    assert table.others["6: Feb 2023", "yes"] == ""


def test_the_filter_is_moved_by_the_noes_of_the_group_itself(world):
    assert votes.contested_only_by("IP4") == 0  # 80/2: ten of eleven noes remain without JPN
    assert votes.contested_only_by("NATO") == 1  # eight remain without AAA, BBB and USA


def test_the_range_of_a_group_comes_with_its_own_error(world):
    # the allies of today in 2024: 1.0, 2.0 and 3.0, each known to 0.1: the span is 2, its error the root of 0.1² + 0.1²
    assert positions.span("NATO", 2024) == 2
    assert positions.span_error("NATO", 2024) == pytest.approx(0.02**0.5)
    assert positions.span_low("NATO", 2024) == pytest.approx(2 - 0.02**0.5)
    assert positions.span_high("NATO", 2024) == pytest.approx(2 + 0.02**0.5)
    # in 1991 the span was 9 with the same error: the change of -7 in units of the root of 0.04, over 1.645
    assert positions.span_change_z("NATO", 1991, 2024) == pytest.approx(-7 / (0.2 / 1.645))


def test_what_scores_exist_is_read_from_the_data(world):
    assert votes.compared() == {("USA", "all"): "the United States, all roll calls"}


def test_leaving_out_the_one_who_stands_apart_raises_the_index(world):
    # Index of AAA, BBB, USA: 80/1 (2 - 1/2) / 3 = 0.5, 80/2 1, 80/3 0. Without USA: 1, 1, (1 - 1/2) / 2 = 0.25.
    effect = votes.leave_one_out(["AAA", "BBB", "USA"])
    assert effect["USA"] == pytest.approx(0.75 - 0.5)
    assert effect.index[-1] == "USA"


def test_published_totals_and_votes_agree_or_the_gap_is_shown(world):
    assert vote_checks.total_gap(2025) == 7  # 80/2 prints eleven noes, four states cast one
    assert vote_checks.total_gap(2023) == 0
    assert vote_checks.counts_gap("all") == 0
    assert vote_checks.years_with_too_many_joint_votes() == 2  # ten joint votes, two and three roll calls
    assert vote_checks.not_recorded() == 0
    # USA says no three times, JPN no on two of them: 2/3 against 0.1 in the table, the largest gap
    assert vote_checks.score_gap("USA", "all") == pytest.approx(2 / 3 - 0.1)


def test_cosine_of_the_median_member(world):
    assert cosines.cosine("AAA", 2024) == 0.2
    assert cosines.median_cosine("NATO", 2024) == pytest.approx(0.4)


# ---- ideal points


def test_gap_is_washington_minus_the_median_of_the_others(world):
    assert positions.gap().to_dict() == {1991: 2.0, 2024: 1.5}


def test_dispersion_with_and_without_one_ally_and_of_the_founders(world):
    assert positions.dispersion()[2024] == pytest.approx(np.sqrt(2 / 3))  # 1, 2, 3
    assert positions.dispersion("USA")[2024] == pytest.approx(0.5)
    assert positions.dispersion(joined_by=1990)[2024] == pytest.approx(1)


def test_leaving_out_a_state_that_is_not_in_the_group_changes_nothing(world):
    table = positions._leave_one_out(joined_by=1990).set_index(["name", "year"])
    assert table.loc[("Land BBB", 2024)].tolist() == pytest.approx([1, 1])
    assert table.loc[("Land AAA", 2024)].tolist() == pytest.approx([1, 0])
    every = positions._leave_one_out().set_index(["name", "year"]).without
    assert every["Land AAA", 2024] == pytest.approx(0.5)
    assert len(every) == 6  # three allies of today, two years


def test_groups_apart_and_the_spread_of_all(world):
    assert positions.span("NATO", 2024) == 2
    assert positions.between("NATO", "IP4")[2024] == pytest.approx(0.5)
    assert positions.polarisation(2024) == pytest.approx(np.std([1, 2, 3, 1.5, -2.5], ddof=1))
    assert positions.outside_own_range() == 0


def test_a_presidents_years_have_one_value_their_median(world):
    assert positions.in_years("all", 2021, 2025) == pytest.approx(0.6)  # 0.6, 0.75, 0.3
    assert positions._president_of(2020) == "Trump I"
    assert positions._president_of(2025) == "Trump II"
    with pytest.raises(TableError, match="no measure 'love'"):
        positions.yearly("love")


# ---- the real tables


@pytest.mark.parametrize("basis", list(votes.BASES))
def test_counts_of_two_tables_are_the_same(basis):
    assert votes.n_roll_calls(2025, basis) == len(votes.roll_calls(basis))
    assert votes.n_roll_calls(2023, basis) <= votes.n_roll_calls(2023)


def test_what_the_chapter_says_of_the_two_filters():
    assert votes.contested_only_by("NATO") == votes.n_roll_calls(2025, "contested") - votes.n_roll_calls(
        2025, "outside"
    )
    falls = [votes.fall("NATO", basis) for basis in ("all", "contested", "outside")]
    assert falls == sorted(falls, reverse=True) and falls[2] < falls[0] / 3  # "less than a third of the fall"
    medians = votes.median_agreement("NATO", basis="outside")
    assert medians.index.min() == 1995 and votes.lowest_year("NATO", "all") == 2025
    assert contested.left_out() < contested.through_own() < votes.median_agreement("NATO", 2025, basis="outside")


def test_scores_of_2025_follow_from_the_votes():
    assert vote_checks.score_gap("CHN", "contested") < 0.0006
    assert vote_checks.score_gap("USA", "outside") < 0.0006
    assert vote_checks.more_outside_than_contested() == 0
    assert vote_checks.cosine_gap() < 0.0006


def test_the_group_of_77_holds_members_of_the_un_and_no_ally():
    south = set(votes.without("G77"))
    assert len(south) == 133 and {"CHN", "CHL", "IND"} <= south  # with the observer Palestine it counts 134 itself
    assert not south & {*votes.without("NATO"), "RUS", "UKR", "MEX", "MCO"}
    assert votes.count("ES-11/7", "yes", south) < votes.count("ES-11/1", "yes", south)


def test_the_four_came_closer_by_less_than_their_error_allows_to_say():
    assert abs(positions.span_change_z("IP4", 2021, 2024)) < positions.Z_90


def test_chapter_and_verdict_use_one_measure_of_a_presidents_years():
    terms = positions.by_president().drop_duplicates(["measure", "president"]).set_index(["measure", "president"]).term
    assert terms["outside", "Trump I"] == round(positions.in_years("outside", 2017, 2020), 3)
    rows = load("claim_numbers").set_index("number_id").expression
    for number in ("c25_gap_trump1", "c25_gap_biden", "c25_out_trump1", "c25_out_biden_then"):
        assert rows[number].startswith("positions.in_years("), number


@pytest.mark.slow
def test_the_exercise_gives_every_case_a_member_of_its_group_and_a_year_with_scores():
    members = dissent.member_table().groupby("group").country.apply(set)
    scores = dissent.agreement_table().query("basis == 'outside'").set_index(["country", "year"])
    for case in dissent.cases():
        assert case["member"] in members[case["group"]]
        assert (case["member"], case["year"]) in scores.index
    ballots = dissent.ballot_table().set_index("group")
    assert ballots[dissent.WORDS].sum(axis=1).to_dict() == members.str.len().to_dict()
    assert ballots.resolution.to_dict() == {case["group"]: case["resolution"] for case in dissent.cases()}
    assert (ballots[["yes", "abstain", "no"]].gt(0).sum(axis=1) > 1).all(), "the group is divided on its roll call"


def test_no_two_cases_of_the_exercise_share_their_numbers():
    """What a student computes for one case is of no use for another: at least nine in ten pairs of means are alone."""
    means = dissent.effect_table().groupby(["group", "set"]).mean_index.first().unstack()
    assert len(means) >= 80
    assert len(means.drop_duplicates()) > 0.9 * len(means)


def test_the_exercise_counts_noes_from_outside_the_panel():
    panel = dissent.panels()[0]
    contested_ones = dissent.Assembly().of(panel, "contested").index
    assert sorted(contested_ones) == sorted(votes.contested_outside(panel.states).index)
    effect = votes.leave_one_out(list(panel.states), "all")
    table = dissent.effect_table().set_index(["group", "set", "country"]).effect
    name = load("countries").set_index("iso3").name[panel.states[0]]
    assert table[panel.name, "all", name] == round(effect[panel.states[0]], 4)


def test_the_three_largest_effects_of_a_case_can_be_told_apart():
    every = dissent.effect_table().query("set == 'all'").assign(size=lambda d: d.effect.abs())
    for _name, rows in every.groupby("group"):
        largest = rows["size"].nlargest(4)
        assert (-largest.diff().dropna() > 0).all()


# ---- short expressions


OURS = {"votes", "cosines", "vote_checks", "positions", "accession", "dissent", "contested"}


def expressions():
    with open(tables.data_dir() / "claim_numbers.csv", encoding="utf-8") as file:
        found = [(row["number_id"], row["expression"]) for row in csv.DictReader(file)]
    names = [name for name in tables.names() if name.startswith("un_") or name in ("accession", "memberships")]
    found += [(n, check["expression"]) for n in names for check in tables.manifest(n).get("checks", [])]
    root = tables.data_dir().parent / "exercises"
    bank = yaml.safe_load((root / "quizzes" / "06-cohesion.yml").read_text(encoding="utf-8"))
    for item in bank["items"]:
        found += [(item["id"], text) for text in item.get("values", {}).values()]
        found += [(item["id"], item["number"]["answer"])] if "number" in item else []
    meta = yaml.safe_load((root / "06-cohesion" / "exercise.yml").read_text(encoding="utf-8"))
    return found + [("pool", meta["variants"]["pool"]), *meta["data"].items()]


def of_votes(text):
    return any(
        f"'{name}'" in text for name in ("un_agreement", "un_votes", "un_ideal_points", "un_cosine", "accession")
    )


def test_every_number_from_votes_is_a_short_call_of_a_documented_measure():
    for name, text in expressions():
        assert not of_votes(text), f"{name} reads a table itself: {text}"
        for node in ast.walk(ast.parse(text.strip(), mode="eval")):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OURS:
                assert len(text) <= 100, f"{name}: {text}"
                module = {
                    "votes": votes,
                    "cosines": cosines,
                    "vote_checks": vote_checks,
                    "positions": positions,
                    "dissent": dissent,
                    "contested": contested,
                }.get(node.value.id)
                assert module is None or inspect.getdoc(getattr(module, node.attr)), text
