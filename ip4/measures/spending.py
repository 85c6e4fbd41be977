"""Defence spending of the allies in NATO's yearly tables. One edition at a time: editions revise each other.

Source of every number here: the tables ``nato_spending`` (one row an ally and year of an edition) and
``nato_spending_aggregates`` (NATO's own sums). Percent means percent, not a part of one. *Real* is in constant prices
and exchange rates (2021 in the edition of 2026). Iceland has no armed forces and no row. The last two years of an
edition are estimates. "Europe and Canada" is every reporting ally but the United States.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import pledges
from ip4.models.burden_sharing import chance_band

NEWEST = 2026  # edition of NATO's tables that the course reads by default
BASE = 2021  # last full year before the war: what "since" means unless a call says otherwise
EUROPE_CANADA = "Europe and Canada"
SPLIT = "All spending", "Equipment", "Soldiers"
BORDER_RUSSIA = frozenset({"EST", "FIN", "LTU", "LVA", "NOR", "POL"})  # a land border, Kaliningrad's included


def spending(edition: int = NEWEST, members_only: bool = True) -> pd.DataFrame:
    """One row an ally and year of one edition, the ally's name in ``ally``; units as in the table ``nato_spending``.

    members_only: keep only the years in which the state was a member (year of accession included). Adds
    ``equipment_usd_m`` and ``equipment_current_usd_m``: spending on major equipment in million constant and current
    dollars, share times total.
    """
    rows = load("nato_spending").query("edition == @edition").merge(_names(), on="iso3")
    rows["equipment_usd_m"] = rows.constant_usd_m * rows.equipment_share_pct / 100
    rows["equipment_current_usd_m"] = rows.current_usd_m * rows.equipment_share_pct / 100
    return rows[rows.is_member] if members_only else rows


def in_year(year: int, edition: int = NEWEST, members_only: bool = True) -> pd.DataFrame:
    """``spending`` of one year, one row an ally, indexed by iso3."""
    return spending(edition, members_only).query("year == @year").set_index("iso3")


def value(iso3: str, year: int, column: str = "share_gdp_pct", edition: int = NEWEST) -> float:
    """One cell: an ally's figure for a year in an edition, in the unit of the column."""
    return float(in_year(year, edition, members_only=False)[column][iso3])


def allies_at(
    threshold: float, year: int, column: str = "share_gdp_pct", edition: int = NEWEST, members_only: bool = True
) -> int:
    """How many allies of a year reach a threshold (percent) in an edition.

    Shares are compared as published, not rounded. members_only=False counts today's allies also before they joined.
    """
    return int((in_year(year, edition, members_only)[column] >= threshold).sum())


def _yardsticks(edition: int = NEWEST) -> pd.DataFrame:
    """One row a year: ``allies`` with a figure, and how many reach 2 and 3.5 % of GDP and 20 % for equipment."""
    rows = spending(edition).dropna(subset=["share_gdp_pct"])
    return rows.groupby("year", as_index=False).agg(
        allies=("iso3", "size"),
        at_two=("share_gdp_pct", lambda share: int((share >= 2).sum())),
        at_core=("share_gdp_pct", lambda share: int((share >= 3.5).sum())),
        at_twenty=("equipment_share_pct", lambda share: int((share >= 20).sum())),
        is_estimate=("is_estimate", "any"),
    )


def plane(edition: int = NEWEST) -> pd.DataFrame:
    """Both yardsticks: one row a member and year with its share of GDP and its equipment share, percent."""
    columns = ["ally", "year", "share_gdp_pct", "equipment_share_pct", "is_estimate"]
    return spending(edition)[columns].reset_index(drop=True)


def names_above(threshold: float, year: int, edition: int = NEWEST) -> list[str]:
    """Names of the members above a share of GDP (percent, or exactly at it), the largest share first."""
    rows = in_year(year, edition).query("share_gdp_pct >= @threshold")
    return rows.sort_values("share_gdp_pct", ascending=False).ally.tolist()


def median(year: int, column: str = "share_gdp_pct", edition: int = NEWEST) -> float:
    """Median over the allies of a year, in the unit of the column."""
    return float(in_year(year, edition, members_only=False)[column].median())


def eu_median(year: int, column: str = "share_gdp_pct", edition: int = NEWEST) -> float:
    """Median over today's allies that are EU members today, whether or not they had joined NATO in that year."""
    rows = in_year(year, edition, members_only=False)
    return float(rows[rows.index.isin(members("EU"))][column].median())


def rises(until: int = NEWEST, since: int = BASE, edition: int = NEWEST) -> pd.DataFrame:
    """How far EU allies raised their share of GDP: one row an ally, indexed by iso3, largest gain first.

    Columns ``ally``, ``where`` ("borders Russia" or "other EU ally"), shares in percent of GDP in 2014, in ``before``
    (the year ``since``) and in ``end`` (``until``), ``gain`` in points of GDP from before to end, ``is_estimate`` (of
    the end) and ``year`` (``until``). Finland and Sweden count before they joined, too.
    """
    wide = spending(edition, members_only=False).pivot(index="iso3", columns="year", values="share_gdp_pct")
    wide = wide[wide.index.isin(members("EU"))]
    where = pd.Series("other EU ally", wide.index).mask(wide.index.isin(BORDER_RUSSIA), "borders Russia")
    rows = pd.DataFrame(
        {"year": until, "where": where, "in_2014": wide[2014], "before": wide[since], "end": wide[until]}
    )
    rows.insert(0, "ally", _names().set_index("iso3").ally)
    estimates = in_year(until, edition, members_only=False).is_estimate
    rows = rows.assign(gain=rows.end - rows.before, is_estimate=estimates.reindex(rows.index))
    return rows.sort_values("gain", ascending=False)


def median_rise(where: str, until: int = NEWEST, since: int = BASE, edition: int = NEWEST) -> float:
    """Median gain of ``rises`` in points of GDP among the EU allies of a place: "borders Russia" or "other EU ally"."""
    return float(rises(until, since, edition).query("where == @where").gain.median())


def rise_captions(years: tuple[int, ...] = (2023, 2024, 2025, 2026), edition: int = NEWEST) -> pd.DataFrame:
    """What the figure of ``rises`` says for each last year: ``year``, ``caption``."""
    return pd.DataFrame({"year": years, "caption": [_rise_caption(year, edition) for year in years]})


def _rise_caption(year: int, edition: int) -> str:
    rows = rises(year, edition=edition)
    gains, medians = rows.gain.dropna(), rows.groupby("where").gain.median()
    near, far = medians["borders Russia"], medians["other EU ally"]
    return (
        f"From {BASE} to {year}{_estimate(year, edition)}, {(gains > 0.005).sum()} of {len(gains)} EU allies raised "
        f"their share: beside Russia by {near:.1f} points of GDP, elsewhere by {far:.1f} (medians)"
    )


def _estimate(year: int, edition: int) -> str:
    return " (estimate)" if year >= edition - 1 else ""


def growth(column: str, until: int, since: int = BASE, edition: int = NEWEST) -> float:
    """Growth in percent of a sum over today's allies in Europe and Canada, members or not in the first year.

    column: ``constant_usd_m``, ``equipment_usd_m`` (both real) or ``personnel_thousand``.
    """
    sums = _sums(column, edition)
    return float(100 * (sums[until] / sums[since] - 1))


def total(column: str, year: int, edition: int = NEWEST) -> float:
    """Sum of a column over today's allies in Europe and Canada in a year, in the unit of the column."""
    return float(_sums(column, edition)[year])


def times(iso3: str, column: str, until: int, since: int = BASE, edition: int = NEWEST) -> float:
    """An ally's figure in one year as a multiple of another year's."""
    return value(iso3, until, column, edition) / value(iso3, since, column, edition)


def equipment_part(until: int, since: int = BASE, edition: int = NEWEST) -> float:
    """Part of the real rise in spending of Europe and Canada that is equipment, percent of the rise."""
    money, equipment = (_sums(column, edition) for column in ("constant_usd_m", "equipment_usd_m"))
    return float(100 * (equipment[until] - equipment[since]) / (money[until] - money[since]))


def equipment_part_at(quantile: float, until: int, since: int = BASE, edition: int = NEWEST) -> float:
    """A quantile (0 to 1) of the same part over the allies whose spending rose, percent of each ally's rise."""
    money, equipment = (_wide(column, edition) for column in ("constant_usd_m", "equipment_usd_m"))
    rise = money[until] - money[since]
    parts = (equipment[until] - equipment[since]) / rise
    return float(100 * parts[rise > 0].quantile(quantile))


def money_and_soldiers(until: int = NEWEST, since: int = BASE, edition: int = NEWEST) -> float:
    """Rank correlation over the allies of Europe and Canada: growth of real spending against growth of personnel."""
    money, people = (_wide(column, edition) for column in ("constant_usd_m", "personnel_thousand"))
    return float((money[until] / money[since]).rank().corr((people[until] / people[since]).rank()))


def money_and_soldiers_n(until: int = NEWEST, since: int = BASE, edition: int = NEWEST) -> int:
    """How many allies stand behind ``money_and_soldiers``: those with both figures in both years."""
    money, people = (_wide(column, edition) for column in ("constant_usd_m", "personnel_thousand"))
    return int(len(pd.concat([money[[since, until]], people[[since, until]]], axis=1).dropna()))


def money_and_soldiers_band(until: int = NEWEST, since: int = BASE, edition: int = NEWEST) -> float:
    """How large ``money_and_soldiers`` gets when the same growth rates are dealt out again at random (19 times in 20).

    The allies are all there are, not a sample: the band asks whether the order could be anybody's, no more.
    """
    return chance_band(money_and_soldiers_n(until, since, edition))


def indexed(since: int = BASE, edition: int = NEWEST) -> pd.DataFrame:
    """Spending, equipment money (both real) and soldiers by year with the first year at 100.

    One row an ally, measure ("All spending", "Equipment", "Soldiers") and year; Europe and Canada together stand among
    the allies. ``index`` has no unit.
    """
    columns = ["constant_usd_m", "equipment_usd_m", "personnel_thousand"]
    rows = spending(edition, members_only=False).query("year >= @since")
    sums = rows[rows.iso3 != "USA"].groupby(["year", "is_estimate"], as_index=False)[columns].sum()
    rows = pd.concat([rows, sums.assign(ally=EUROPE_CANADA)]).set_index(["ally", "year", "is_estimate"])[columns]
    first = rows.xs(since, level="year").droplevel("is_estimate")
    index = (100 * rows / first.reindex(rows.index, level="ally")).set_axis(list(SPLIT), axis=1)
    return index.reset_index().melt(["ally", "year", "is_estimate"], var_name="measure", value_name="index").dropna()


def index_captions(until: int = NEWEST, since: int = BASE) -> pd.DataFrame:
    """What the figure of ``indexed`` says for each ally: ``ally``, ``caption``."""
    last = indexed(since).query("year == @until").pivot(index="ally", columns="measure", values="index") / 100
    said = [
        f"{row.Index}, {since} to {until} (estimate): equipment money times {row.Equipment:.1f}, "
        f"soldiers times {row.Soldiers:.2f}"
        for row in last.itertuples()
    ]
    return pd.DataFrame({"ally": last.index, "caption": said})


def yardstick_captions(edition: int = NEWEST) -> pd.DataFrame:
    """What a picture of the two yardsticks says for each year and chosen ally: ``year``, ``ally``, ``caption``.

    The allies that reach 2 % of GDP and 20 % for equipment in the year, and where the chosen one stands.
    Table: ``nato_spending``.
    """
    allies = {
        row.year: f"{row.year}{_estimate(row.year, edition)}: {row.at_two} of {row.allies} allies at 2 % of GDP, "
        f"{row.at_twenty} at 20 % for equipment"
        for row in _yardsticks(edition).itertuples()
    }
    places = plane(edition).set_index(["year", "ally"])
    keys = pd.MultiIndex.from_product([allies, sorted(places.index.unique("ally"))], names=["year", "ally"])
    said = [f"{allies[row.Index[0]]}; {_stands(*row)}" for row in places.reindex(keys).itertuples()]
    return keys.to_frame(index=False).assign(caption=said)


def _stands(place: tuple[int, str], share: float, equipment: float, _estimated: object) -> str:
    """Where one ally stands in one year; ``place``: (year, ally), the figures in percent, NaN where there are none."""
    if pd.isna(share) or pd.isna(equipment):
        return f"no point for {place[1]}"
    return f"{place[1]} at {share:.1f} % and {equipment:.0f} %"


def published(aggregate: str = "europe_canada", edition: int = NEWEST) -> pd.DataFrame:
    """NATO's own sums by year, indexed by year. aggregate: "europe_canada" or "nato_total"; members of each year.

    Adds ``rise_real_pct`` and ``rise_current_pct`` (percent on the year before), ``rise_real_bn`` and
    ``rise_current_bn`` (billion dollars) and ``gdp_pct``, growth of the real GDP that spending and share imply.
    """
    rows = load("nato_spending_aggregates").query("edition == @edition and aggregate == @aggregate").set_index("year")
    return rows.assign(
        rise_real_pct=100 * rows.constant_usd_m.pct_change(),
        rise_current_pct=100 * rows.current_usd_m.pct_change(),
        rise_real_bn=rows.constant_usd_m.diff() / 1000,
        rise_current_bn=rows.current_usd_m.diff() / 1000,
        gdp_pct=100 * (rows.constant_usd_m / rows.share_gdp_pct).pct_change(),
    )


MEASURES = {
    "constant prices, %": "real_pct",
    "current dollars, %": "current_pct",
    "constant dollars, billion": "real_bn",
    "current dollars, billion": "current_bn",
}
AGGREGATES = {EUROPE_CANADA: "europe_canada", "all of NATO": "nato_total"}


def yearly_rises() -> pd.DataFrame:
    """Rise on the year before since 2015: one row a group of AGGREGATES, measure of MEASURES and year, edition of 2026.

    ``rise`` and ``claimed`` (the White House's figure on Ankara, table ``pledges``) in the unit of the measure;
    ``is_estimate``. Source: ``nato_spending_aggregates``.
    """
    return pd.concat([_rises_of(group, measure) for group in AGGREGATES for measure in MEASURES], ignore_index=True)


def _rises_of(group: str, measure: str) -> pd.DataFrame:
    rows = published(AGGREGATES[group]).iloc[1:].reset_index()
    claimed = "usa-ankara-2026-growth" if measure.endswith("%") else "usa-ankara-2026-amount"
    rows = rows.assign(
        group=group, measure=measure, rise=rows[f"rise_{MEASURES[measure]}"], claimed=pledges.value(claimed)
    )
    return rows[["group", "measure", "year", "rise", "claimed", "is_estimate"]]


def rise(measure: str, year: int, aggregate: str = "europe_canada") -> float:
    """One rise on the year before, edition of 2026: measure "real_pct", "current_pct", "real_bn" or "current_bn"."""
    return float(published(aggregate)[f"rise_{measure}"][year])


def _names() -> pd.DataFrame:
    return load("countries")[["iso3", "name"]].rename(columns={"name": "ally"})


def _wide(column: str, edition: int) -> pd.DataFrame:
    """Europe and Canada: one row an ally (iso3), one column a year."""
    rows = spending(edition, members_only=False).query("iso3 != 'USA'")
    return rows.pivot(index="iso3", columns="year", values=column)


def _sums(column: str, edition: int) -> pd.Series:
    return _wide(column, edition).sum()
