"""Who gave Ukraine most: Europe and the United States by measure and window, and the donors in their order.

Amounts in EUR billion at current prices, Ukraine Support Tracker, release 29, from 24 January 2022 to April 2026.
Tables: ukraine_aid_monthly, ukraine_aid_donors, memberships, countries. Months are texts such as "2023-07", both ends
of a window included.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.groups import members

MEASURES = {
    "arms allocated": "military_eur_bn",
    "all aid allocated": "total_eur_bn",
    "all aid promised": "commitments_eur_bn",
}
US, EUROPE, EU, STATES = "United States", "Europe", "the EU", "European states"
EUROPES = {
    EUROPE: "the EU, its institutions and four neighbours",
    EU: "the EU and its institutions",
    STATES: "the states without the institutions",
}
SIDES = [US, EUROPE]
NEIGHBOURS = ("CHE", "GBR", "ISL", "NOR")  # with the EU the tracker's own "Europe" in its older releases
FIRST, LAST = "2022-01", "2026-04"
DAYS = {
    "2022-12": "31 December 2022",
    "2023-07": "31 July 2023",
    "2024-12": "31 December 2024",
    LAST: "30 April 2026",
}


# ---- two sides


def months() -> pd.DataFrame:
    """``ukraine_aid_monthly`` with the month as a text ("2023-07")."""
    rows = load("ukraine_aid_monthly")
    return rows.assign(month=rows.month.dt.strftime("%Y-%m"))


def is_of(rows: pd.DataFrame, who: str) -> pd.Series:
    """Which rows belong to a side: "United States", "Europe", "the EU", "European states" or an iso3 code.

    Europe: members of the EU, its institutions, Iceland, Norway, Switzerland and the United Kingdom. The EU: members
    and institutions. European states: Europe without the institutions. Raises TableError for another word.
    """
    institutions, member = rows.channel == "EU institutions", rows.iso3.isin(members("EU"))
    near = member | rows.iso3.isin(NEIGHBOURS)
    known = {US: rows.iso3 == "USA", EUROPE: near | institutions, EU: member | institutions, STATES: near}
    if who in known:
        return known[who]
    if who not in set(rows.iso3.dropna()):
        raise TableError(f"ukraine_aid_monthly: there is no donor or side '{who}'; see ranking.is_of().")
    return rows.iso3 == who


def column(measure: str) -> str:
    """The column of a measure; raises TableError for an unknown one."""
    if measure not in MEASURES:
        raise TableError(f"ranking: there is no measure '{measure}'; take one of {', '.join(MEASURES)}.")
    return MEASURES[measure]


def amount(who: str, measure: str = "all aid allocated", first: str = FIRST, last: str = LAST) -> float:
    """What a side or a donor gave or promised in a window, in EUR billion. Source: ``ukraine_aid_monthly``."""
    rows = months()
    rows = rows[is_of(rows, who) & rows.month.between(first, last)]
    return float(rows[column(measure)].sum())


def leader(measure: str, first: str = FIRST, last: str = LAST, europe: str = EUROPE) -> str:
    """Which side gave more in a window: "United States" or "Europe" ("level" when both gave the same, as nothing)."""
    sums = pd.DataFrame({side: [amount(who, measure, first, last)] for side, who in ((US, US), (EUROPE, europe))})
    return str(_ahead(sums).iloc[0])


def by_first_month(measure: str, last: str, europe: str = EUROPE) -> pd.Series:
    """Who gave more in each window that ends with a month, by its first month ("2022-01" -> "Europe")."""
    sums = to_date(measure, europe)
    given = sums.loc[last] - sums.shift(fill_value=0).loc[:last]
    return _ahead(given)


def _ahead(sums: pd.DataFrame) -> pd.Series:
    """Who is ahead in each row of two columns: a side, or "level"."""
    ahead = (sums[EUROPE] > sums[US]).map({True: EUROPE, False: US})
    return ahead.mask(sums[EUROPE] == sums[US], "level")


def both_sides(first: str = FIRST, last: str = LAST) -> pd.DataFrame:
    """All measures of a window at once: index measure, columns United States, Europe (EUR billion) and ahead."""
    rows = months()
    rows = rows[rows.month.between(first, last)]
    columns = list(MEASURES.values())
    sums = pd.DataFrame({side: rows.loc[is_of(rows, side), columns].sum() for side in SIDES}).set_axis(list(MEASURES))
    return sums.assign(ahead=_ahead(sums)).rename_axis("measure")


def turning_month(measure: str, last: str, europe: str = EUROPE) -> str:
    """The earliest first month of a window to ``last`` whose leader is not that of the whole time to ``last``.

    Raises TableError when the same side gave more in each such window.
    """
    leaders = by_first_month(measure, last, europe)
    others = leaders[leaders != leaders.iloc[0]]
    if others.empty:
        raise TableError(
            f"ranking: {leaders.iloc[0]} gave more in each window that ends with {last}; take another end."
        )
    return str(others.index[0])


def answers(side: str, last: str = LAST) -> int:
    """How many of nine answers, three measures times three ways to count Europe, put a side ahead by a month."""
    return sum(leader(measure, last=last, europe=europe) == side for measure in MEASURES for europe in EUROPES)


def per_hundred(measure: str, last: str = LAST, europe: str = EUROPE) -> float:
    """Euros of Europe for every hundred of the United States, from January 2022 to a month."""
    return 100 * amount(europe, measure, last=last) / amount(US, measure, last=last)


def to_date(measure: str, europe: str = EUROPE) -> pd.DataFrame:
    """Running sums since January 2022 by month (index): columns "United States" and "Europe", EUR billion."""
    rows = months()
    sides = {US: is_of(rows, US), EUROPE: is_of(rows, europe)}
    sums = {side: rows[inside].groupby("month")[column(measure)].sum() for side, inside in sides.items()}
    return pd.DataFrame(sums, index=sorted(rows.month.unique())).rename_axis("month").fillna(0).cumsum()


def changes_of_lead(measure: str, europe: str = EUROPE) -> pd.Series:
    """The months in which the lead of the running sums passed to the other side: month -> the new leader."""
    sums = to_date(measure, europe)
    ahead = _ahead(sums)
    ahead = ahead[ahead != "level"]
    return ahead[ahead != ahead.shift()].iloc[1:]


def leads_since(measure: str, europe: str = EUROPE) -> str:
    """The month since which the present leader of the running sums has led without a break, such as "2025-03"."""
    return str(changes_of_lead(measure, europe).index[-1])


def three_measures() -> pd.DataFrame:
    """Both sides on each measure to each of four days, for each way to count Europe.

    Columns: until (the day in words), europe (in words), measure, United States, Europe (EUR billion, one decimal),
    more (the side that is ahead).
    """
    found = []
    for europe, words in EUROPES.items():
        for measure in MEASURES:
            sums = to_date(measure, europe).loc[list(DAYS)].round(1)
            ahead = (sums[EUROPE] > sums[US]).map({True: EUROPE, False: US})
            sums = sums.assign(until=list(DAYS.values()), europe=words, measure=measure, more=ahead)
            found.append(sums)
    return pd.concat(found, ignore_index=True)[["until", "europe", "measure", US, EUROPE, "more"]]


def three_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each day and each Europe in the rows of ``three_measures``: until, europe, caption."""
    said = []
    for (until, europe), part in rows.groupby(["until", "europe"], sort=False):
        parts = [f"{name} {a:.1f} to {b:.1f}" for name, a, b in zip(part.measure, part[US], part[EUROPE], strict=True)]
        said.append((until, europe, f"To {until}, United States to Europe, EUR bn: {', '.join(parts)}"))
    return pd.DataFrame(said, columns=["until", "europe", "caption"])


# ---- windows


def windows(europe: str = EUROPE) -> pd.DataFrame:
    """Who gave more in every window of whole quarters: measure, first, last (such as "2022 Q1"), both sums, more.

    The first quarter begins on 24 January 2022, the last one holds April 2026 only. Sums in EUR billion, one decimal.
    """
    found = []
    for measure in MEASURES:
        sums = to_date(measure, europe)
        sums.index = pd.PeriodIndex(sums.index, freq="M").asfreq("Q")
        ends = sums.groupby(level=0).last()
        before = ends.shift(fill_value=0)
        found += [
            (measure, _quarter(first), _quarter(last), *(ends.loc[last] - before.loc[first]).round(1))
            for first in ends.index
            for last in ends.index[ends.index >= first]
        ]
    rows = pd.DataFrame(found, columns=["measure", "first", "last", US, EUROPE])
    return rows.assign(more=(rows[EUROPE] >= rows[US]).map({True: EUROPE, False: US}))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _quarter(period: pd.Period) -> str:
    return f"{period.year} Q{period.quarter}"


def windows_led(measure: str, side: str = US, last: str | None = None) -> float:
    """Percent of all windows of whole quarters in which a side gave more; last: only those that end by this quarter."""
    rows = windows().query("measure == @measure")
    rows = rows[rows["last"] <= last] if last else rows
    return float(100 * (rows.more == side).mean())


def window_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each measure in the rows of ``windows``: measure, caption."""
    said = [
        (
            measure,
            f"{_capital(measure)}: the United States gave more in {(part.more == US).sum()} of {len(part)} windows",
        )
        for measure, part in rows.groupby("measure", sort=False)
    ]
    return pd.DataFrame(said, columns=["measure", "caption"])


# ---- donors


WITH_EU = "all aid, with the share in EU aid"
UNITS = {"EUR billion": "amount", "% of GDP": "share"}


def donors(measure: str, first: str = FIRST, last: str = LAST) -> pd.DataFrame:
    """Each state in a window: iso3, name, channel, amount (EUR billion), share (percent of GDP of 2021), places.

    amount_place, share_place: 1 for the largest among the 41 states. measure: one of MEASURES, or WITH_EU, which adds
    the part of the EU institutions' aid that the tracker attributes to each member (whole period only).
    Sources: ``ukraine_aid_monthly``, ``ukraine_aid_donors``, ``countries``.
    """
    states = load("ukraine_aid_donors").dropna(subset="iso3").set_index("iso3")
    states["amount"] = _with_share(states) if measure == WITH_EU else _in_window(measure, first, last)
    states["amount"] = states.amount.fillna(0)  # no row in the window: nothing recorded
    rows = placed(states).reset_index().merge(load("countries")[["iso3", "name"]])
    return rows[["iso3", "name", "channel", "amount", "share", "amount_place", "share_place"]]


def placed(states: pd.DataFrame) -> pd.DataFrame:
    """States with ``amount`` and ``gdp_2021_eur_bn``, and their share (percent of GDP) and both places (1: largest)."""
    rows = states.assign(share=100 * states.amount / states.gdp_2021_eur_bn)
    for name in ("amount", "share"):
        rows[f"{name}_place"] = rows[name].rank(ascending=False, method="min").astype(int)
    return rows


def _with_share(states: pd.DataFrame) -> pd.Series:
    return states.total_eur_bn + states.eu_share_eur_bn.fillna(0)


def _in_window(measure: str, first: str, last: str) -> pd.Series:
    rows = months()
    return rows[rows.month.between(first, last)].groupby("iso3")[column(measure)].sum()


def place(
    iso3: str, by: str = "share", measure: str = "all aid allocated", first: str = FIRST, last: str = LAST
) -> int:
    """A state's place among the 41 states in a window, by "amount" or by "share" of GDP."""
    return int(donors(measure, first, last).set_index("iso3")[f"{by}_place"][iso3])


def top(shown: int = 12) -> pd.DataFrame:
    """The leading states of the whole period, and always the United States and the four partners.

    Columns: measure, unit ("EUR billion" or "% of GDP"), donor, value (two decimals), place, group, said (value and
    place in words).
    """
    always = ["USA", *members("IP4")]
    found = []
    for measure in [*MEASURES, WITH_EU]:
        rows = donors(measure).assign(group=lambda d: d.channel.map(GROUPS).fillna("Others"))
        for unit, by in UNITS.items():
            part = rows.assign(measure=measure, unit=unit, value=rows[by].round(2), place=rows[f"{by}_place"])
            found.append(part[(part.place <= shown) | part.iso3.isin(always)].sort_values("place"))
    rows = pd.concat(found, ignore_index=True).rename(columns={"name": "donor"})
    rows["said"] = [f"{r.value:.2f}, place {r.place}" for r in rows.itertuples()]
    return rows[["measure", "unit", "donor", "value", "place", "group", "said"]]


GROUPS = {US: US, "IP4": "IP4"}  # named by colour in a figure; all other channels are "Others"


def top_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each measure and unit in the rows of ``top``: measure, unit, caption."""
    said = []
    for (measure, unit), part in rows.groupby(["measure", "unit"], sort=False):
        named = part.set_index("donor").place
        first = part.donor.iloc[0]
        said.append((measure, unit, f"{_capital(measure)}, {unit}: {first} first, United States {named[US]}"))
    return pd.DataFrame(said, columns=["measure", "unit", "caption"])
