"""What a filter of roll calls keeps and leaves out: agreement on the parts of the votes of 2025.

A filter by noes in all lets in what a group says no to itself; one by outside noes does not; both leave out the texts
that one state alone opposes. Scores run from 0 to 1. Sources: un_votes, un_resolutions, memberships.
"""

from __future__ import annotations

import pandas as pd

from ip4.measures import votes
from ip4.models import agreement as model


def agreement_where(group: votes.Group, keep: pd.Series, reference: str = "USA") -> float:
    """Agreement (0 to 1) of a group's median member with a reference over chosen regular roll calls of 2025.

    keep: true or false by resolution. A group as elsewhere; the reference never counts among its members.
    """
    matrix = votes.vote_matrix()
    scores = model.agreement_with(matrix[keep.reindex(matrix.index, fill_value=False)], reference).agreement_score
    return float(scores.reindex([iso3 for iso3 in votes.first_years(group) if iso3 != reference]).median())


def left_out(group: votes.Group = votes.ALLIANCE, reference: str = "USA") -> float:
    """Agreement (0 to 1) of the median member with a reference on its noes of 2025 that are not contested at all.

    The texts that the basis "contested" leaves out and on which the reference voted no. Source: un_votes.
    """
    return agreement_where(group, _left_out(reference), reference)


def n_left_out(reference: str = "USA") -> int:
    """How many such roll calls there were in 2025: a no of the reference, and fewer than ten noes in all."""
    return int(_left_out(reference).sum())


def _left_out(reference: str) -> pd.Series:
    against = votes.vote_matrix([reference])[reference] == model.SCORES["no"]
    return against & ~votes.FILTERS["contested"](votes.roll_calls()).reindex(against.index)


def through_own(group: votes.Group = votes.ALLIANCE, reference: str = "USA") -> float:
    """Agreement (0 to 1) of the median member on roll calls of 2025 that only the group's own noes make contested."""
    calls = votes.roll_calls("contested")
    inside = ~calls.index.isin(votes.contested_outside(votes.first_years(group)).index)
    return agreement_where(group, pd.Series(inside, calls.index), reference)
