"""Do the UN tables agree with each other? Gaps between published values and those that follow from the single votes.

Tables: un_votes and un_resolutions against un_agreement, un_cosine and un_rollcall_counts.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures import cosines, votes
from ip4.measures.votes import YEAR
from ip4.models import agreement as model


def score_gap(reference: str, basis: str) -> float:
    """Largest gap between a score of 2025 in un_agreement and the same score computed from un_votes."""
    found = model.agreement_with(votes.vote_matrix(basis=basis), reference).agreement_score
    given = votes.scores(reference, basis).query("year == @YEAR").set_index("iso3").agreement_score
    return float((given - found).abs().max())


def cosine_gap(reference: str = "USA") -> float:
    """Largest gap between a cosine of 2025 in un_cosine and the same value computed from un_votes."""
    values = votes.votes_of_year().assign(value=lambda d: d.vote.map({"yes": 1.0, "no": -1.0}).fillna(0.0))
    wide = values.pivot(index="resolution", columns="iso3", values="value")
    length = (wide**2).sum() ** 0.5
    found = wide.T.dot(wide[reference]) / (length * length[reference])
    given = cosines.cosines(reference).query("year == @YEAR").set_index("iso3").cosine_similarity
    return float((given - found).abs().max())


def total_gap(year: int | None = None) -> int:
    """Largest gap between a published total of un_resolutions and the count of un_votes, in one year or in all."""
    calls = load("un_resolutions").query("coverage != 'partial'").set_index("resolution")
    calls = calls if year is None else calls[calls.date.dt.year == year]
    ballots = load("un_votes")
    found = pd.crosstab(ballots.resolution, ballots.vote)
    words = ["yes", "no", "abstain", "not_voting"]
    return int((calls[words] - found.loc[calls.index, words]).abs().max().max())


def known_gap() -> int:
    """Largest gap between the known votes of a resolution in un_votes and the number that un_resolutions states."""
    found = load("un_votes").query("vote != 'unknown'").groupby("resolution").size()
    return int((found - load("un_resolutions").set_index("resolution").n_votes_known).abs().max())


def counts_gap(basis: str = "all") -> int:
    """Roll calls of 2025 in un_rollcall_counts less those in un_resolutions."""
    return votes.n_roll_calls(YEAR, basis) - len(votes.roll_calls(basis))


def years_with_too_many_joint_votes() -> int:
    """Years in which a member has more joint votes with the United States than there were roll calls."""
    joint = load("un_agreement").query("reference == 'USA' and basis == 'all'").groupby("year").n_joint_votes.max()
    return int((joint > load("un_rollcall_counts").set_index("year").n_regular.dropna()).sum())


def more_outside_than_contested() -> int:
    """Rows of un_agreement with more joint votes on the basis outside than on contested, of which it is a part."""
    rows = load("un_agreement").query("basis != 'all'")
    wide = rows.pivot(index=["iso3", "year", "reference"], columns="basis", values="n_joint_votes")
    return int((wide.outside > wide.contested.fillna(0)).sum())


def not_recorded() -> int:
    """Votes of 2025 that are not copied from the roll call."""
    return int((votes.votes_of_year().vote_basis != "recorded").sum())
