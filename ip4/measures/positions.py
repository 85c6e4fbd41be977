"""Ideal points at the UN: how far apart allies, partners and all members stand, and the same by president.

An ideal point places a state on a line so that its votes become likely ones (Bailey, Strezhnev and Voeten); the unit is
that of their model, with a standard deviation near 1 over all states and years. Table: un_ideal_points (to 2024), with
the 5 and the 95 per cent quantile of each estimate. Allies count from the year they joined.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4 import groups
from ip4.measures import cosines, votes
from ip4.models import agreement as model

FIRST = 1991
MEDIAN = "median without US"
FOUNDERS = 1990  # who had joined by this year belongs to the sixteen members of the Cold War

# The year in whose January each president took office; a year belongs to that president.
TERMS = {
    1991: "Bush (41)",
    1993: "Clinton",
    2001: "Bush (43)",
    2009: "Obama",
    2017: "Trump I",
    2021: "Biden",
    2025: "Trump II",
}
MEASURES = {
    "all": "agreement, all roll calls",
    "contested": "agreement, contested only",
    "cosine": "cosine similarity",
    "distance": "distance of ideal points",
}


# ---- the allies


def allies(joined_by: int | None = None) -> pd.DataFrame:
    """Ideal points of NATO members since 1991, from the year each joined.

    Columns: iso3, name, year, ideal_point, q05, q95, n_votes. joined_by: only who had joined by that year.
    """
    rows = load("un_ideal_points").query("year >= @FIRST").merge(load("countries")[["iso3", "name"]])
    since = rows.iso3.map(groups.members_since("NATO"))
    rows = rows[(rows.year >= since) & ((since <= joined_by) if joined_by else True)]
    return rows[["iso3", "name", "year", "ideal_point", "q05", "q95", "n_votes"]].reset_index(drop=True)


def ally(iso3: str, year: int) -> pd.Series:
    """One ally's row of a year: ideal_point, q05, q95 and n_votes, the number of votes used."""
    return allies().query("iso3 == @iso3 and year == @year").iloc[0]


def allies_median() -> pd.Series:
    """Median ideal point of the allies without the United States, by year."""
    return allies().query("iso3 != 'USA'").groupby("year").ideal_point.median()


def with_median() -> pd.DataFrame:
    """The allies' ideal points by year, and the median of all but the United States as if it were one (MEDIAN)."""
    middle = allies_median().reset_index().assign(name=MEDIAN)
    return pd.concat([allies(), middle], ignore_index=True).sort_values(["name", "year"], ignore_index=True)


def gap() -> pd.Series:
    """Ideal point of the United States minus the median of the other allies, by year, in model units."""
    return (allies().query("iso3 == 'USA'").set_index("year").ideal_point - allies_median()).rename("gap")


def dispersion(without: str | None = None, joined_by: int | None = None) -> pd.Series:
    """Standard deviation (population formula) of the allies' ideal points by year, in model units.

    without: iso3 of one ally left out. joined_by: only who had joined by that year (FOUNDERS: the sixteen of 1990).
    """
    rows = allies(joined_by)
    return rows[rows.iso3 != without].groupby("year").ideal_point.apply(model.dispersion).rename("dispersion")


def leave_one_out(joined_by: int | None = None) -> pd.DataFrame:
    """Dispersion of the allies with everyone and without each ally in turn: name, year, everyone, without.

    Model units. Leaving out a state that does not belong to the group in a year changes nothing, so each of today's
    allies has a row for every year.
    """
    full = dispersion(joined_by=joined_by)
    parts = {
        year: model.dispersion_without(one.set_index("name").ideal_point)
        for year, one in allies(joined_by).groupby("year")
    }
    rows = pd.DataFrame({name: full for name in sorted(allies().name.unique())})
    rows.update(pd.DataFrame(parts).T)
    rows = rows.rename_axis("year").melt(ignore_index=False, var_name="name", value_name="without").reset_index()
    return rows.assign(everyone=rows.year.map(full))[["name", "year", "everyone", "without"]]


# ---- partners and all members


def span(group: str, year: int) -> float:
    """Highest minus lowest ideal point of today's members of a group in a year."""
    points = _wide().loc[year, groups.members(group)]
    return float(points.max() - points.min())


def between(group: str, other: str) -> pd.Series:
    """Median ideal point of today's members of one group minus that of another, by year."""
    wide = _wide()
    return wide[groups.members(group)].median(axis=1) - wide[groups.members(other)].median(axis=1)


def polarisation(year: int) -> float:
    """Standard deviation (sample formula) of the ideal points of all UN members in a year."""
    return float(_wide().loc[year].std())


def agreement_correlation(year: int) -> float:
    """Correlation over UN members of agreement with the United States (all roll calls) and distance of ideal points."""
    points = _wide().loc[year].dropna()
    scores = votes.of_group(list(points.index), "USA", "all").query("year == @year").set_index("iso3").agreement_score
    return float(scores.corr((points - points["USA"]).abs()))


def outside_own_range() -> int:
    """Rows of un_ideal_points whose estimate lies outside its own range from q05 to q95."""
    table = load("un_ideal_points")
    return int(((table.ideal_point < table.q05) | (table.ideal_point > table.q95)).sum())


def _wide() -> pd.DataFrame:
    return load("un_ideal_points").pivot(index="year", columns="iso3", values="ideal_point")


# ---- by president


def yearly(measure: str) -> pd.Series:
    """How close the median ally votes to the United States, by year, in one of MEASURES.

    all, contested: agreement, 0 to 1; cosine: -1 to 1; distance: ideal points, where lower is closer.
    Raises TableError for another word.
    """
    if measure in votes.BASES:
        return votes.median_agreement("NATO", basis=measure)
    known = {"cosine": lambda: cosines.median_cosine("NATO"), "distance": gap}
    if measure not in known:
        raise TableError(f"yearly(): there is no measure '{measure}'; measures are {', '.join(MEASURES)}.")
    return known[measure]()


def in_years(measure: str, first: int, last: int) -> float:
    """The median of the years first to last in one of MEASURES: the course's one value of a president's time.

    A median, because a term has few years and one odd year should not decide. Years without a value are left out.
    """
    return float(yearly(measure).loc[first:last].median())


def president_of(year: int) -> str:
    """Who took office in the January of that year or of the newest year before it that has a change (TERMS)."""
    return TERMS[max(start for start in TERMS if start <= year)]


def by_president() -> pd.DataFrame:
    """All years of all measures: measure, year, president, value (3 decimals) and term, the median of the term."""
    parts = [yearly(name).rename("value").rename_axis("year").reset_index().assign(measure=name) for name in MEASURES]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows.year >= FIRST].assign(president=lambda d: d.year.map(president_of))
    rows["term"] = rows.groupby(["measure", "president"]).value.transform("median")
    return rows.round({"value": 3, "term": 3})[["measure", "year", "president", "value", "term"]]
