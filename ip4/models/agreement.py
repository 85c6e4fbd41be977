"""Agreement and cohesion in votes: how alike two voters vote, how united a group is, what one dissenter does to it.

A vote is scored yes = 1, abstain = 0.5, no = 0. Not voting is missing: it never counts as a no.

========================  =======================================================================================
agreement                 mean over the roll calls where both voted of 1 - |v_a - v_b|; from 0 to 1
S (Signorino and Ritter)  1 - 2 * mean |v_a - v_b| on this scale, with equal weights; S = 2 * agreement - 1
Rice index                |yes - no| / (yes + no); abstentions are left out; from 0 (split in half) to 1 (united)
agreement index           (max - (n - max) / 2) / n, with max the largest of the three counts and n their sum;
                          from 0 (three equal parts) to 1 (united). Hix, Noury and Roland used it for the
                          European Parliament (British Journal of Political Science 35, 2005, 209-234)
dispersion                standard deviation of positions over the members of a group (population formula)
leave-one-out effect      cohesion of the group without one voter, minus cohesion with it
========================  =======================================================================================
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from coursekit.errors import CourseKitError

SCORES = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
MISSING = ("not_voting", "unknown", "abstain_or_not_voting")


class VoteError(CourseKitError):
    """Votes cannot be scored or compared. The message says what is wrong and what to do."""


def vote_matrix(votes: pd.DataFrame) -> pd.DataFrame:
    """Scores with one row a roll call and one column a voter.

    votes: columns resolution, iso3, vote (yes, abstain, no or a word for a missing vote). Raises VoteError for others.
    """
    odd = set(votes.vote.dropna().unique()) - set(SCORES) - set(MISSING)
    if odd:
        raise VoteError(f"vote_matrix(): '{sorted(odd)[0]}' is not a vote; use {', '.join(SCORES)} or not_voting.")
    return votes.assign(score=votes.vote.map(SCORES)).pivot(index="resolution", columns="iso3", values="score")


def agreement(a: pd.Series, b: pd.Series) -> float:
    """Agreement of two voters, 0 to 1, over the roll calls where both voted; missing when there is none."""
    return float((1 - (a - b).abs()).mean())


def s_score(a: pd.Series, b: pd.Series) -> float:
    """The S-score of two voters, -1 to 1: the same information as ``agreement`` on another scale."""
    return 2 * agreement(a, b) - 1


def agreement_with(matrix: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Agreement of every other voter with one reference: agreement_score and n_joint_votes by voter.

    Raises VoteError when the reference is not in the matrix.
    """
    if reference not in matrix:
        raise VoteError(
            f"agreement_with(): there is no voter '{reference}' in these votes; "
            f"use an ISO code such as {matrix.columns[0]}."
        )
    same = 1 - matrix.drop(columns=reference).sub(matrix[reference], axis=0).abs()
    return pd.DataFrame({"agreement_score": same.mean(), "n_joint_votes": same.count()})


def rice_index(yes, no, abstain=0):
    """Rice index of one roll call (numbers) or many (arrays); missing when nobody voted yes or no."""
    yes, no = np.asarray(yes, float), np.asarray(no, float)
    return _ratio(np.abs(yes - no), yes + no)


def agreement_index(yes, no, abstain=0):
    """Agreement index of one roll call (numbers) or many (arrays); missing when nobody voted."""
    counts = np.stack(np.broadcast_arrays(*(np.asarray(part, float) for part in (yes, no, abstain))))
    n, largest = counts.sum(axis=0), counts.max(axis=0)
    return _ratio(largest - (n - largest) / 2, n)


def _ratio(part, whole):
    value = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
    return float(value) if value.ndim == 0 else value


def counts(matrix: pd.DataFrame) -> pd.DataFrame:
    """How many voted yes, abstain and no on each roll call of a matrix."""
    return pd.DataFrame({word: matrix.eq(score).sum(axis=1) for word, score in SCORES.items()})


def cohesion(matrix: pd.DataFrame, index: Callable = agreement_index) -> pd.Series:
    """Cohesion of the voters of a matrix on each roll call, by ``agreement_index`` or ``rice_index``."""
    tally = counts(matrix)
    return pd.Series(index(tally.yes, tally.no, tally.abstain), index=matrix.index, name="cohesion")


def leave_one_out(matrix: pd.DataFrame, index: Callable = agreement_index) -> pd.Series:
    """What each voter does to the group: mean cohesion without it minus mean cohesion with it, smallest first.

    A positive value means that the group looks more united without that voter. Raises VoteError below three voters.
    """
    if matrix.shape[1] < 3:
        raise VoteError(f"leave_one_out(): a group of {matrix.shape[1]} is too small; give at least three voters.")
    effect = effects(matrix.to_numpy(float), index)
    return pd.Series(effect, index=matrix.columns, name="effect").rename_axis(None).sort_values()


def effects(scores: np.ndarray, index: Callable = agreement_index) -> np.ndarray:
    """``leave_one_out`` of an array of scores, a row a roll call and a column a voter: one effect a column."""
    words = ["yes", "no", "abstain"]  # the order of an index's arguments
    own = np.stack([scores == SCORES[word] for word in words]).astype(float)  # word, roll call, voter
    tally = own.sum(axis=2)
    without = np.nanmean(index(*(tally[:, :, None] - own)), axis=0)
    return without - np.nanmean(index(*tally))


def dispersion(positions: pd.Series) -> float:
    """Standard deviation of the members' positions (population formula); missing positions are left out."""
    return float(positions.std(ddof=0))


def dispersion_without(positions: pd.Series) -> pd.Series:
    """Dispersion of the group without each of its members in turn. positions: one value a member, indexed by member."""
    values = positions.to_numpy(float)
    left = np.array([np.delete(values, place) for place in range(len(values))])  # a row for each member left out
    n = np.count_nonzero(~np.isnan(left), axis=1)
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody with a position is left: missing
        squares = (left - (np.nansum(left, axis=1) / n)[:, None]) ** 2
        spread = np.sqrt(np.nansum(squares, axis=1) / n)
    return pd.Series(spread, index=positions.index, name="dispersion")
