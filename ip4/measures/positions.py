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
Z_90 = 1.645  # standard errors from the middle to the 5 or the 95 per cent quantile
FOUNDERS = 1990  # who had joined by this year belongs to the sixteen members of the Cold War
SETS = {"the members of each year": None, "the sixteen members of 1990": FOUNDERS}
MEDIAN = "median without US"

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
    "contested": "agreement, ten noes in all",
    "outside": "agreement, ten outside noes",
    "cosine": "cosine similarity",
    "distance": "distance of ideal points",
}


# ---- the allies


def _allies(joined_by: int | None = None) -> pd.DataFrame:
    """Ideal points of NATO members since 1991, from the year each joined.

    Columns: iso3, name, year, ideal_point, q05, q95, n_votes. joined_by: only who had joined by that year.
    """
    rows, joined = load("un_ideal_points"), groups.members_since("NATO")
    rows = rows[(rows.year >= FIRST) & rows.iso3.isin(joined.index)].merge(load("countries")[["iso3", "name"]])
    since = rows.iso3.map(joined)
    rows = rows[(rows.year >= since) & ((since <= joined_by) if joined_by else True)]
    return rows[["iso3", "name", "year", "ideal_point", "q05", "q95", "n_votes"]].reset_index(drop=True)


def ally(iso3: str, year: int) -> pd.Series:
    """One ally's row of a year: ideal_point, q05, q95 and n_votes, the number of votes used."""
    return _allies().query("iso3 == @iso3 and year == @year").iloc[0]


def _median(allies: pd.DataFrame) -> pd.Series:
    """Median ideal point of the allies without the United States, by year, from the rows of ``_allies``."""
    return allies[allies.iso3 != "USA"].groupby("year").ideal_point.median()


def with_median() -> pd.DataFrame:
    """The allies' ideal points by year (ally: the name), and the median without the United States as if it were one.

    is_named: true for the United States and for that median (MEDIAN), which a figure names beside the chosen ally.
    """
    allies = _allies()
    middle = _median(allies).reset_index().assign(name=MEDIAN)
    rows = pd.concat([allies, middle], ignore_index=True).sort_values(["name", "year"], ignore_index=True)
    return rows.rename(columns={"name": "ally"}).assign(is_named=lambda d: (d.iso3 == "USA") | (d.ally == MEDIAN))


def gap() -> pd.Series:
    """Ideal point of the United States minus the median of the other allies, by year, in model units."""
    rows = _allies()
    return (rows[rows.iso3 == "USA"].set_index("year").ideal_point - _median(rows)).rename("gap")


def dispersion(without: str | None = None, joined_by: int | None = None) -> pd.Series:
    """Standard deviation (population formula) of the allies' ideal points by year, in model units.

    without: iso3 of one ally left out. joined_by: only who had joined by that year (FOUNDERS: the sixteen of 1990).
    """
    return _spread(_allies(joined_by), without)


def _spread(rows: pd.DataFrame, without: str | None = None) -> pd.Series:
    return rows[rows.iso3 != without].groupby("year").ideal_point.apply(model.dispersion).rename("dispersion")


def _leave_one_out(joined_by: int | None = None) -> pd.DataFrame:
    """Dispersion of the allies with everyone and without each ally in turn: name, year, everyone, without.

    Model units. Leaving out a state that does not belong to the group in a year changes nothing, so each of today's
    allies has a row for every year.
    """
    everybody = _allies()
    counted = _allies(joined_by) if joined_by else everybody
    full = _spread(counted)
    parts = {year: model.dispersion_without(one.set_index("name").ideal_point) for year, one in counted.groupby("year")}
    wide = pd.DataFrame(parts).T.reindex(columns=sorted(everybody.name.unique()))
    wide = wide.where(wide.notna(), full, axis=0)
    rows = wide.rename_axis("year").melt(ignore_index=False, var_name="name", value_name="without").reset_index()
    return rows.assign(everyone=rows.year.map(full))[["name", "year", "everyone", "without"]]


def ally_captions() -> pd.DataFrame:
    """What to say for each ally but the United States: ally (its name), caption with its newest point and range."""
    newest = _allies().query("iso3 != 'USA'").drop_duplicates("name", keep="last").sort_values("name")
    said = [
        f"{r.name} in {r.year}: {r.ideal_point:.2f}, 90 % range {r.q05:.2f} to {r.q95:.2f}"
        for r in newest.itertuples(index=False, name="Row")
    ]
    return pd.DataFrame({"ally": newest.name.to_numpy(), "caption": said})


def without() -> pd.DataFrame:
    """The spread with everyone and without each ally in turn, for both SETS.

    Columns: members (the set), ally, year, with everyone, without this ally (model units, three decimals).
    """
    rows = pd.concat([_leave_one_out(by).assign(members=name) for name, by in SETS.items()], ignore_index=True)
    rows = rows.rename(columns={"name": "ally", "everyone": "with everyone", "without": "without this ally"})
    return rows.round(3)[["members", "ally", "year", "with everyone", "without this ally"]]


def without_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each ally and set in the rows of ``without``: ally, members, caption."""
    rows = rows.query("year == year.max()")
    inside = {name: set(_allies(by).name) for name, by in SETS.items()}
    said = [_said_without(*row, inside[row[0]]) for row in rows.itertuples(index=False, name=None)]
    return rows.assign(caption=said)[["ally", "members", "caption"]]


def _said_without(members: str, ally: str, year: int, everyone: float, less: float, inside: set[str]) -> str:
    if ally not in inside:
        return f"{ally} is not one of {members}: leaving it out changes nothing"
    return f"{ally} left out of {members}: the spread of {year} is {less:.2f} and not {everyone:.2f}"


# ---- partners and all members


def span(group: str, year: int) -> float:
    """Highest minus lowest ideal point of today's members of a group in a year."""
    points = _wide().loc[year, groups.members(group)]
    return float(points.max() - points.min())


def span_error(group: str, year: int) -> float:
    """Half the width of the 90 per cent range of ``span``, in model units.

    The two estimates at the ends are taken as independent and normal, each with its own range from q05 to q95. Which
    states are the ends is taken as known, so the true range is somewhat wider. Source: un_ideal_points.
    """
    rows = _points_of(group, year)
    ends = rows.loc[[rows.ideal_point.idxmin(), rows.ideal_point.idxmax()]]
    return float((((ends.q95 - ends.q05) / 2) ** 2).sum() ** 0.5)


def span_low(group: str, year: int) -> float:
    """Lower end of the 90 per cent range of ``span``, in model units."""
    return span(group, year) - span_error(group, year)


def span_high(group: str, year: int) -> float:
    """Upper end of the 90 per cent range of ``span``, in model units."""
    return span(group, year) + span_error(group, year)


def span_change_z(group: str, first: int, last: int) -> float:
    """The change of ``span`` between two years in its own standard errors; beyond 1.64 it leaves the 90 per cent range.

    Negative: the group came closer together. The two years are taken as independent.
    """
    error = (span_error(group, first) ** 2 + span_error(group, last) ** 2) ** 0.5
    return (span(group, last) - span(group, first)) / (error / Z_90)


def _points_of(group: str, year: int) -> pd.DataFrame:
    rows = load("un_ideal_points").query("year == @year").set_index("iso3")
    return rows[rows.index.isin(groups.members(group))]


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

    all, contested, outside: agreement, 0 to 1; cosine: -1 to 1; distance: ideal points, where lower is closer.
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


def _president_of(year: int) -> str:
    """Who took office in the January of that year or of the newest year before it that has a change (TERMS)."""
    return TERMS[max(start for start in TERMS if start <= year)]


def by_president() -> pd.DataFrame:
    """All years of all measures: measure (key), year, president, value (3 decimals), term (median of the term)."""
    parts = [yearly(name).rename("value").rename_axis("year").reset_index().assign(measure=name) for name in MEASURES]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows.year >= FIRST].assign(president=lambda d: d.year.map(_president_of))
    rows["term"] = rows.groupby(["measure", "president"]).value.transform("median")
    return rows.round({"value": 3, "term": 3})[["measure", "year", "president", "value", "term"]]


def president_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``by_president`` say: measure (in words), caption with the medians of three terms.

    No table is read.
    """
    terms = rows.drop_duplicates(["measure", "president"]).pivot(index="measure", columns="president", values="term")
    terms = terms.map(lambda value: "no value" if pd.isna(value) else f"{value:.2f}".replace("-", "−"))
    said = [
        f"{words[0].upper()}{words[1:]}: {terms['Trump I'][name]} in the median year of Trump's first term, "
        f"{terms['Biden'][name]} of Biden's, {terms['Trump II'][name]} in 2025"
        for name, words in MEASURES.items()
    ]
    return pd.DataFrame({"measure": MEASURES.values(), "caption": said})
