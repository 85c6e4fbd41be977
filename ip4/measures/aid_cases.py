"""What the graded exercise on aid to Ukraine hands out: a case for each student, three files, and what its charts show.

A case is a window of months, a donor, and a month since which "through NATO" is measured. Amounts in EUR billion at
current prices. Sources: ``ukraine_aid_monthly``, ``ukraine_aid_donors``, ``ukraine_aid_origin``, ``memberships``,
``countries``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import ranking

STARTS, LENGTHS = range(0, 42, 3), (8, 13, 21)  # first months and numbers of months of the windows
SINCE = range(24, 44)  # months from which "through NATO" is measured: January 2024 to August 2025
PER_DONOR, STRIDE = 7, 11  # cases of one donor; from one window to the next, no factor of the number of windows
LEAST = 0.01  # EUR billion that a donor must have given in its window
APART = 0.3  # EUR billion by which one side must lead on each measure
SHOWN = 10  # states in the chart of the exercise


def windows() -> list[tuple[str, str]]:
    """First and last month of each window, both included, such as ("2022-01", "2022-08")."""
    months = sorted(ranking.months().month.unique())
    pairs = [(start, start + length - 1) for length in LENGTHS for start in STARTS]
    return [(months[first], months[last]) for first, last in pairs if last < len(months)]


def cases() -> list[dict]:
    """All cases: donor, first, last, since. Out are windows in which a lead is narrow, and donors that gave nothing."""
    given = {(first, last): _given(rows) for (first, last), rows in _clear().groupby(["first", "last"])}
    clear, months = sorted(given), sorted(ranking.months().month.unique())
    names = [name for name in sorted(donor_file().donor) if name not in ("United States", "EU institutions")]
    drawn = [(donor, n, k) for n, donor in enumerate(names) for k in range(PER_DONOR)]
    found = []
    for donor, n, k in drawn:
        first, last = window = clear[(n * 5 + k * STRIDE) % len(clear)]
        if donor in given[window]:
            since = months[SINCE[(n * 3 + k * 7) % len(SINCE)]]
            found.append({"donor": donor, "first": first, "last": last, "since": since})
    return found


def _clear() -> pd.DataFrame:
    """The rows of ``places_shown`` for windows in which one side leads by more than APART on each measure."""
    sums = sides_shown().pivot(index=["first", "last", "measure"], columns="side", values="amount")
    apart = sums.diff(axis=1).iloc[:, -1].abs().groupby(level=["first", "last"]).min()
    return places_shown().set_index(["first", "last"]).loc[apart.index[apart > APART]].reset_index()


def _given(rows: pd.DataFrame) -> set[str]:
    """Donors that gave at least LEAST in a window and whose places nobody shares."""
    alone = ~rows.amount_place.duplicated(keep=False) & ~rows.share_place.duplicated(keep=False)
    return set(rows.donor[alone & (rows.amount > LEAST)])


def donor_file() -> pd.DataFrame:
    """Columns donor, channel, gdp_2021, is_european, in_nato: each donor by name; GDP in EUR billion."""
    rows = load("ukraine_aid_donors").merge(load("countries")[["iso3", "name"]], how="left")
    donor = rows.name.fillna("EU institutions")
    rows = rows.assign(
        donor=donor,
        is_european=ranking.is_of(rows, ranking.EUROPE),
        in_nato=rows.iso3.isin(members("NATO")),
        gdp_2021=rows.gdp_2021_eur_bn,
    )
    return rows.sort_values("donor")[["donor", "channel", "gdp_2021", "is_european", "in_nato"]].reset_index(drop=True)


def aid_file() -> pd.DataFrame:
    """Columns donor, channel, month, military, financial, humanitarian, total, commitments, EUR billion.

    Only rows with some amount: a month that is missing is a month with nothing recorded.
    """
    rows = ranking.months().merge(load("countries")[["iso3", "name"]], how="left")
    rows = rows.assign(donor=rows.name.fillna("EU institutions"))
    kinds = ["military", "financial", "humanitarian", "total", "commitments"]
    rows = rows.rename(columns={f"{kind}_eur_bn": kind for kind in kinds})
    some = rows[kinds].sum(axis=1) > 0
    return rows[some].sort_values(["donor", "month"])[["donor", "channel", "month", *kinds]].reset_index(drop=True)


def scheme_file() -> pd.DataFrame:
    """Columns month, purl: military aid paid for through NATO's purchase scheme, EUR billion, every month."""
    rows = load("ukraine_aid_origin")
    return pd.DataFrame({"month": rows.month.dt.strftime("%Y-%m"), "purl": rows.nato_purl_eur_bn})


def shares_shown() -> pd.DataFrame:
    """What the chart of question 1 shows: first, last, channel, military_pct, total_pct (percent, two decimals)."""
    rows, found = ranking.months(), []
    for first, last in windows():
        part = rows[rows.month.between(first, last)].groupby("channel")[["military_eur_bn", "total_eur_bn"]].sum()
        part = (100 * part / part.sum()).round(2).set_axis(["military_pct", "total_pct"], axis=1)
        found.append(part.reset_index().assign(first=first, last=last))
    return pd.concat(found, ignore_index=True)[["first", "last", "channel", "military_pct", "total_pct"]]


def sides_shown() -> pd.DataFrame:
    """What the chart of question 2 shows: first, last, measure, side, amount (EUR billion, three decimals)."""
    found = []
    for how in ranking.MEASURES:
        sums = ranking.to_date(how)
        before = sums.shift(fill_value=0)
        for first, last in windows():
            part = (sums.loc[last] - before.loc[first]).rename_axis("side").rename("amount").reset_index()
            found.append(part.assign(first=first, last=last, measure=ranking.column(how).removesuffix("_eur_bn")))
    return pd.concat(found, ignore_index=True)[["first", "last", "measure", "side", "amount"]].round(3)


def places_shown() -> pd.DataFrame:
    """What the charts of questions 3 and 5 show: first, last, donor, amount, share, both places, promised.

    share: percent of GDP of 2021, three decimals; promised: commitments of the window, EUR billion, four decimals.
    """
    states = load("ukraine_aid_donors").dropna(subset="iso3").merge(load("countries")[["iso3", "name"]])
    states = states.rename(columns={"name": "donor"}).set_index("donor")
    by_month = aid_file().pivot_table(index="month", columns="donor", values=["total", "commitments"], fill_value=0)
    found = []
    for first, last in windows():
        sums = by_month.loc[first:last].sum().unstack(level=0).reindex(states.index)
        rows = ranking.placed(states.assign(amount=sums.total)).assign(promised=sums.commitments)
        found.append(rows.reset_index().assign(first=first, last=last))
    rows = pd.concat(found, ignore_index=True).round({"amount": 4, "share": 3, "promised": 4})
    columns = ["first", "last", "donor", "amount", "share", "amount_place", "share_place", "promised"]
    return rows[columns].sort_values(["first", "last", "share_place", "donor"], ignore_index=True)


def nato_shown() -> pd.DataFrame:
    """What the chart of question 4 shows: since, all military aid, of it PURL and from members, EUR billion.

    From the month to April 2026, three decimals.
    """
    rows, scheme = ranking.months(), scheme_file()
    months, inside = sorted(rows.month.unique()), rows.iso3.isin(members("NATO"))
    found = []
    for since in (months[n] for n in SINCE):
        late = rows.month >= since
        sums = rows.military_eur_bn[late].sum(), rows.military_eur_bn[late & inside].sum()
        found.append((since, sums[0], scheme.purl[scheme.month >= since].sum(), sums[1]))
    return pd.DataFrame(found, columns=["since", "military", "purl", "from_members"]).round(3)
