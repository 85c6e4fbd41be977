"""Agreement and cohesion: hand-computed results, published scores recomputed, and properties that must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.tables import load
from ip4.models import agreement as model

WORDS = ["yes", "abstain", "no", "not_voting"]

# Four voters, five roll calls. A against B: 1, 0, 1/2, 1, missing -> mean 5/8.
SMALL = {
    "A": ["yes", "yes", "yes", "no", "yes"],
    "B": ["yes", "no", "abstain", "no", "not_voting"],
    "C": ["yes", "no", "no", "no", "abstain"],
    "D": ["not_voting", "no", "no", "abstain", "no"],
}


def tidy(table: dict[str, list[str]]) -> pd.DataFrame:
    rows = [(f"r{i}", voter, vote) for voter, votes in table.items() for i, vote in enumerate(votes)]
    return pd.DataFrame(rows, columns=["resolution", "iso3", "vote"])


@pytest.fixture
def small():
    return model.vote_matrix(tidy(SMALL))


def test_matrix_scores_votes_and_leaves_absence_missing(small):
    assert small.loc["r0"].tolist()[:3] == [1, 1, 1]
    assert np.isnan(small.loc["r0", "D"])
    assert small.loc["r2", "B"] == 0.5


def test_matrix_refuses_an_unknown_vote_in_one_sentence():
    with pytest.raises(model.VoteError, match="'maybe' is not a vote"):
        model.vote_matrix(tidy({"A": ["maybe"]}))


def test_agreement_by_hand(small):
    assert model.agreement(small.A, small.B) == pytest.approx(5 / 8)
    assert model.s_score(small.A, small.B) == pytest.approx(1 / 4)
    assert model.agreement(small.A, small.A) == 1


def test_agreement_with_a_reference_by_hand(small):
    with_a = model.agreement_with(small, "A")
    assert with_a.loc["B"].tolist() == [pytest.approx(5 / 8), 4]
    # A against C: 1, 0, 0, 1, 1/2 -> 2.5 / 5. A against D: missing, 0, 0, 1/2, 0 -> 0.5 / 4.
    assert with_a.loc["C"].tolist() == [pytest.approx(0.5), 5]
    assert with_a.loc["D"].tolist() == [pytest.approx(0.125), 4]
    assert "A" not in with_a.index


def test_unknown_reference_is_refused(small):
    with pytest.raises(model.VoteError, match="no voter 'Z'"):
        model.agreement_with(small, "Z")


@pytest.mark.parametrize(
    "yes, no, abstain, rice, index",
    [
        (32, 0, 0, 1, 1),
        (31, 1, 0, 30 / 32, 1 - 1.5 / 32),
        (31, 0, 1, 1, 1 - 1.5 / 32),
        (29, 2, 1, 27 / 31, (29 - 1.5) / 32),
        (3, 1, 0, 0.5, 0.625),
        (10, 10, 10, 0, 0),
        (16, 16, 0, 0, 0.25),
        (0, 0, 5, np.nan, 1),
        (0, 0, 0, np.nan, np.nan),
    ],
)
def test_indices_by_hand(yes, no, abstain, rice, index):
    assert model.rice_index(yes, no, abstain) == pytest.approx(rice, nan_ok=True)
    assert model.agreement_index(yes, no, abstain) == pytest.approx(index, nan_ok=True)


def test_cohesion_of_each_roll_call_by_hand(small):
    # r0: 3-0-0. r1: 1 yes, 3 no. r2: 1 yes, 1 abstain, 2 no. r3: 3 no, 1 abstain. r4: one of each.
    assert model.cohesion(small).tolist() == pytest.approx([1, 0.625, 0.25, 0.625, 0])
    assert model.cohesion(small, model.rice_index).tolist() == pytest.approx([1, 0.5, 1 / 3, 1, 0])


def test_leave_one_out_by_hand(small):
    effect = model.leave_one_out(small)
    # Without A: 1 (two yes), 1 (three no), 1/2 (two no, one abstain), 1/2, 1/4 (one abstain, one no).
    assert effect["A"] == pytest.approx(np.mean([1, 1, 0.5, 0.5, 0.25]) - np.mean([1, 0.625, 0.25, 0.625, 0]))
    assert effect.idxmax() == "A"
    assert model.effects(small.to_numpy()).tolist() == [effect[name] for name in small.columns]
    with pytest.raises(model.VoteError, match="at least three"):
        model.leave_one_out(small[["A", "B"]])


def test_dispersion_by_hand():
    points = pd.Series({"A": 1.0, "B": 1.0, "C": 4.0})
    assert model.dispersion(points) == pytest.approx(2**0.5)
    assert model.dispersion_without(points).to_dict() == pytest.approx({"A": 1.5, "B": 1.5, "C": 0})
    missing = pd.Series({"A": 1.0, "B": None, "C": 4.0}, dtype=float)  # B has no position: only A and C count
    assert model.dispersion_without(missing).to_dict() == pytest.approx({"A": 0, "B": 1.5, "C": 0})
    assert model.dispersion_without(points[:1]).isna().all()  # nobody is left


def test_votes_of_allies_on_the_text_of_february_2025():
    votes = load("un_votes").query("resolution == 'ES-11/7'")
    nato = load("memberships").query("organisation == 'NATO' and status == 'member'").iso3
    tally = model.counts(model.vote_matrix(votes)[nato]).loc["ES-11/7"]
    assert tally.to_dict() == {"yes": 29, "abstain": 1, "no": 2}
    assert model.agreement_index(*tally[["yes", "no", "abstain"]]) == pytest.approx(0.859375)


@pytest.mark.parametrize("reference", ["USA", "CHN", "RUS"])
@pytest.mark.parametrize("basis", ["all", "contested", "outside"])
def test_published_scores_of_2025_are_reproduced(reference, basis):
    published = load("un_agreement").query("year == 2025 and reference == @reference and basis == @basis")
    published = published.set_index("iso3")
    if published.empty:
        assert reference == "RUS" and basis != "all"
        return
    calls = load("un_resolutions").query("date.dt.year == 2025 and not is_special_session")
    votes = load("un_votes")
    allies = load("memberships").query("organisation == 'NATO'").iso3
    noes = votes[(votes.vote == "no") & (~votes.iso3.isin(allies) if basis == "outside" else True)]
    contested = noes.groupby("resolution").size().loc[lambda n: n >= 10].index
    calls = calls if basis == "all" else calls[calls.resolution.isin(contested)]
    ours = model.agreement_with(model.vote_matrix(votes[votes.resolution.isin(calls.resolution)]), reference)
    gap = (ours.agreement_score - published.agreement_score).dropna()
    assert len(gap) == len(published) > 150
    assert gap.abs().max() < 0.0006
    assert (ours.n_joint_votes.loc[published.index] == published.n_joint_votes).all()


voters = st.lists(st.lists(st.sampled_from(WORDS), min_size=4, max_size=4), min_size=3, max_size=7)


def matrix_of(columns: list[list[str]]) -> pd.DataFrame:
    return model.vote_matrix(tidy({f"v{i}": votes for i, votes in enumerate(columns)}))


@settings(max_examples=60, deadline=None)
@given(voters)
def test_agreement_is_symmetric_and_bounded(columns):
    matrix = matrix_of(columns)
    forth, back = model.agreement(matrix.v0, matrix.v1), model.agreement(matrix.v1, matrix.v0)
    assert forth == pytest.approx(back, nan_ok=True)
    assert np.isnan(forth) or 0 <= forth <= 1


@settings(max_examples=60, deadline=None)
@given(voters)
def test_turning_every_vote_round_changes_no_index(columns):
    matrix = matrix_of(columns)
    for index in (model.agreement_index, model.rice_index):
        pd.testing.assert_series_equal(model.cohesion(matrix, index), model.cohesion(1 - matrix, index))
    turned = model.agreement(1 - matrix.v0, 1 - matrix.v1)
    assert model.agreement(matrix.v0, matrix.v1) == pytest.approx(turned, nan_ok=True)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_indices_stay_in_their_range_and_one_means_united(yes, no, abstain):
    index, rice = model.agreement_index(yes, no, abstain), model.rice_index(yes, no, abstain)
    if yes + no + abstain:
        assert -1e-12 <= index <= 1
        assert (index == 1) == (max(yes, no, abstain) == yes + no + abstain)
    assert np.isnan(rice) or 0 <= rice <= 1


@given(st.integers(3, 60), st.data())
def test_each_dissenter_costs_three_halves_of_a_seat(members, data):
    dissenters = data.draw(st.integers(0, members // 2))
    assert model.agreement_index(members - dissenters, dissenters) == pytest.approx(1 - 1.5 * dissenters / members)


@settings(max_examples=40, deadline=None)
@given(voters)
def test_leaving_out_a_copy_of_a_united_group_changes_nothing(columns):
    united = matrix_of([columns[0]] * 4)
    assert model.leave_one_out(united).fillna(0).abs().max() == pytest.approx(0)
