"""Aid to Ukraine in the Ukraine Support Tracker, release 29: allocations in EUR billion at current prices.

The months run from January 2022 (from the 24th) to April 2026; an allocation stands in the month of its decision.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.groups import members

MILLIONS = {"EUR million": 1000, "EUR billion": 1}


def _monthly(first: str | None = None, last: str | None = None) -> pd.DataFrame:
    """One row a donor and month of ``ukraine_aid_monthly``, from month ``first`` to month ``last``, both included.

    first, last: "2023-06"; left out: from the first or to the last month. Amounts in EUR billion.
    """
    return _between(load("ukraine_aid_monthly"), first, last)


def share(
    channels: str | list[str], kind: str = "total", *, first: str | None = None, last: str | None = None
) -> float:
    """Part of all aid of a kind that came through one or more channels, in percent. Source: ``ukraine_aid_monthly``.

    channels: "United States", "EU members" (bilateral), "EU institutions", "Other NATO allies", "IP4", "Other donors".
    kind: "military", "financial", "humanitarian" or "total". Months ``first`` to ``last``, both included.
    Raises TableError for an unknown channel.
    """
    rows = _monthly(first, last)
    wanted = [channels] if isinstance(channels, str) else channels
    unknown = set(wanted) - set(rows.channel)
    if unknown:
        raise TableError(f"ukraine_aid_monthly: there is no channel {', '.join(sorted(unknown))}; see aid.share().")
    amount = rows[f"{kind}_eur_bn"]
    return float(100 * amount[rows.channel.isin(wanted)].sum() / amount.sum())


def europe(last: str | None = None) -> float:
    """Aid of the EU, its members, Iceland, Norway, Switzerland and the United Kingdom to ``last``, in EUR billion.

    The tracker's own "Europe" in its older releases. Source: ``ukraine_aid_monthly``.
    """
    rows = _monthly(last=last)
    inside = [*members("EU"), "CHE", "GBR", "ISL", "NOR"]
    return float(rows.total_eur_bn[rows.iso3.isin(inside) | (rows.channel == "EU institutions")].sum())


def donors_above(donor: str, channel: str = "EU members") -> int:
    """How many donors of a channel gave more than ``donor`` as a share of the GDP of 2021, all months together.

    Bilateral aid of all kinds; the EU's own aid is not attributed to members. Source: ``ukraine_aid_donors``.
    """
    rows = load("ukraine_aid_donors").set_index("donor_id")
    return int((rows.total_pct_gdp[rows.channel == channel] > rows.total_pct_gdp[donor]).sum())


def purl_share(first: str | None = None) -> float:
    """Part of all military aid that is PURL, allies' payments for American arms, in percent from month ``first`` on.

    Numerator: ``nato_purl_eur_bn`` of ``ukraine_aid_origin``; denominator: military aid of ``ukraine_aid_monthly``.
    """
    purl = _between(load("ukraine_aid_origin"), first).nato_purl_eur_bn.sum()
    return float(100 * purl / _monthly(first).military_eur_bn.sum())


def purl_bn() -> float:
    """All military aid that is PURL, in EUR billion. Source: ``ukraine_aid_origin``."""
    return float(load("ukraine_aid_origin").nato_purl_eur_bn.sum())


def fund_share(fact: str, kind: str = "total", *, last: str) -> float:
    """An amount of ``ukraine_institutions`` as percent of all aid of a kind in ``ukraine_aid_monthly`` up to ``last``.

    fact: a ``fact_id`` in EUR million or billion, such as "cap-02", what NATO's trust fund had received. Raises
    TableError for another unit: no exchange rate is in the course.
    """
    row = load("ukraine_institutions").set_index("fact_id").loc[fact]
    if row.unit not in MILLIONS:
        raise TableError(f"ukraine_institutions, {fact}: the unit is {row.unit}; choose a fact in euros.")
    return float(100 * row.value / MILLIONS[row.unit] / _monthly(last=last)[f"{kind}_eur_bn"].sum())


CHANNELS = {
    "United States": "United States",
    "EU institutions": "EU institutions",
    "EU members": "EU members, one by one",
    "Other NATO allies": "Other NATO allies",
    "IP4": "The four partners",
    "Other donors": "Other donors",
}
KINDS = {"all aid": "total", "arms": "military", "money": "financial", "humanitarian help": "humanitarian"}


def by_month() -> pd.DataFrame:
    """Aid by kind, channel and month in EUR billion: kind, channel (in words), month ("2022-01"), year, amount.

    year: the middle of the month as a part of a year (2022.04), for an axis. Source: ``ukraine_aid_monthly``.
    """
    rows = _monthly()
    sums = rows.groupby(["channel", "month"])[[f"{kind}_eur_bn" for kind in KINDS.values()]].sum()
    sums = sums.set_axis(list(KINDS), axis=1).rename_axis(columns="kind").stack().rename("amount").reset_index()
    sums["year"] = (sums.month.dt.year + (sums.month.dt.month - 0.5) / 12).round(3)
    sums = sums.assign(channel=sums.channel.map(CHANNELS), month=sums.month.dt.strftime("%Y-%m")).round({"amount": 3})
    place = {words: n for n, words in enumerate(CHANNELS.values())}
    sums = sums.sort_values(["kind", "channel", "month"], key=lambda c: c.map(place) if c.name == "channel" else c)
    return sums[["kind", "channel", "month", "year", "amount"]].reset_index(drop=True)


def month_captions(turn: str = "2025-01") -> pd.DataFrame:
    """What to say for each kind of aid: kind, caption with the United States' part before a month and from it on.

    Source: ``ukraine_aid_monthly``.
    """
    before = str(pd.Period(turn, "M") - 1)
    said = []
    for words, kind in KINDS.items():
        parts = share("United States", kind, last=before), share("United States", kind, first=turn)
        said.append((words, f"United States: {parts[0]:.0f} % of {words} to {before[:4]}, {parts[1]:.1f} % since"))
    return pd.DataFrame(said, columns=["kind", "caption"])


def allies_share(first: str | None = None, last: str | None = None) -> float:
    """Part of all military aid that members of NATO gave, in percent. Tables: ukraine_aid_monthly, memberships."""
    rows = _monthly(first, last)
    return float(100 * rows.military_eur_bn[rows.iso3.isin(members("NATO"))].sum() / rows.military_eur_bn.sum())


def through_nato() -> pd.DataFrame:
    """Four readings of "through NATO": reading (in words), share (percent, one decimal), of what.

    Sources: ``ukraine_aid_monthly``, ``ukraine_aid_origin``, ``ukraine_institutions``, ``memberships``.
    """
    found = [
        ("members of NATO", allies_share(), "arms, 2022 to April 2026"),
        ("NATO's scheme, lately", purl_share("2025-08"), "arms since August 2025"),
        ("NATO's scheme, all war", purl_share(), "arms, 2022 to April 2026"),
        ("NATO's own fund", fund_share("cap-02", last="2023-06"), "all aid to June 2023"),
    ]
    return pd.DataFrame(found, columns=["reading", "share", "of"]).round({"share": 1})


def gap_donors_to_months() -> float:
    """Largest difference of a donor's row to the sum of its months, total and military together, in EUR billion.

    Compares ``ukraine_aid_donors`` with ``ukraine_aid_monthly``.
    """
    columns = ["total_eur_bn", "military_eur_bn"]
    whole = load("ukraine_aid_donors").set_index("donor_id")[columns]
    return float((whole - _monthly().groupby("donor_id")[columns].sum()).abs().sum(axis=1, skipna=False).max())


def gap_origins_to_months() -> float:
    """Largest difference of a month's military aid by origin to the sum over its donors, in EUR billion.

    Compares all columns of ``ukraine_aid_origin`` with ``ukraine_aid_monthly``.
    """
    by_origin = load("ukraine_aid_origin").set_index("month").filter(like="_eur_bn").sum(axis=1)
    return float((by_origin - _monthly().groupby("month").military_eur_bn.sum()).abs().max())


def gap_shares_of_gdp() -> float:
    """Largest difference of the printed shares of GDP to amount over GDP, in points, summed over the three shares.

    Columns ``military_pct_gdp``, ``total_pct_gdp`` and ``total_with_eu_share_pct_gdp`` of ``ukraine_aid_donors``.
    """
    rows = load("ukraine_aid_donors")
    with_eu = rows.total_eur_bn + rows.eu_share_eur_bn
    gap = (100 * rows.military_eur_bn / rows.gdp_2021_eur_bn - rows.military_pct_gdp).abs()
    gap += (100 * rows.total_eur_bn / rows.gdp_2021_eur_bn - rows.total_pct_gdp).abs()
    gap += (100 * with_eu / rows.gdp_2021_eur_bn - rows.total_with_eu_share_pct_gdp).abs().fillna(0)
    return float(gap.max())


def weapons_above_military_aid() -> int:
    """Donors whose heavy weapons are worth more than all their military aid: none, if both are right.

    Compares ``ukraine_heavy_weapons`` with ``ukraine_aid_donors``.
    """
    weapons = load("ukraine_heavy_weapons").groupby("iso3").value_eur_m.sum() / 1000
    aid = load("ukraine_aid_donors").set_index("iso3").military_eur_bn
    return int((weapons > aid.reindex(weapons.index)).sum())


def items_off_their_list() -> int:
    """Rows of ``ukraine_heavy_weapons`` whose number of items is not the sum of the numbers in brackets of its list."""
    rows = load("ukraine_heavy_weapons")
    listed = rows["items"].str.extractall(r"\((\d+)\)(?:;|$)")[0].astype(int).groupby(level=0).sum()
    return int((listed != rows.n_items).sum())


def _between(rows: pd.DataFrame, first: str | None = None, last: str | None = None) -> pd.DataFrame:
    months = rows.month.dt.strftime("%Y-%m")
    return rows[(months >= (first or "")) & (months <= (last or "9999"))]
