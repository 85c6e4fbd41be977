"""Trade and investment: shares of partners in trade, inflows into ASEAN, the EU's place among its investors."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members


def trade_share(country: str, partner: str, year: int, *, flow: str = "exports", dataset: str = "factbook") -> float:
    """Part of a country's trade in goods with a partner, in percent. Source: ``trade_partners``.

    country: iso3 of a partner, or of a member of ASEAN (factbook only). flow: "exports" or "imports". dataset: "wits"
    (customs data, to 2015) or "factbook" (rounded, from 2014); the two agree within a point. Raises ValueError unless
    exactly one row fits.
    """
    rows = load("trade_partners").query("iso3 == @country and partner_iso3 == @partner and year == @year")
    return float(rows.query("flow == @flow and dataset == @dataset").share_pct.item())


def trade_shares(partner: str, year: int, *, flow: str = "exports", dataset: str = "factbook") -> pd.Series:
    """Part of each of the four partners' trade with a state, in percent, indexed by iso3. ``trade_partners``."""
    rows = load("trade_partners").query("partner_iso3 == @partner and year == @year")
    shares = rows.query("flow == @flow and dataset == @dataset").set_index("iso3").share_pct
    return shares[shares.index.isin(members("IP4"))]


def gaps_between_datasets(partner: str = "CHN") -> pd.Series:
    """Differences, in points, of the share of a partner between the two data sets of ``trade_partners``, to 2015.

    Indexed by iso3, year and flow, where both have a figure.
    """
    rows = load("trade_partners").query("partner_iso3 == @partner and year in [2014, 2015]")
    shares = rows.pivot(index=["iso3", "year", "flow"], columns="dataset", values="share_pct")
    return (shares.factbook - shares.wits).abs().dropna()


def growth_of_eu_allies(first: int, last: int) -> float:
    """Real growth of the economies of today's allies in the EU, those with figures in both years, in percent.

    Output at purchasing power and constant prices (per head, times population), added up. Sources:
    ``world_bank_context``, ``memberships``.
    """
    rows = load("world_bank_context")
    rows = rows[rows.iso3.isin(set(members("EU")) & set(members("NATO")))]
    rows = rows.assign(output=rows.gdp_per_capita_ppp_usd * rows.population)
    both = rows.pivot(index="iso3", columns="year", values="output")[[first, last]].dropna().sum()
    return float(100 * (both[last] / both[first] - 1))


def inflow(investor: str, year: int) -> float:
    """Direct investment that flowed into ASEAN from an investor in a year, USD million. Source: ``asean_fdi``."""
    return float(_investors().inflow_usd_m[(year, investor)])


def rank(investor: str, year: int) -> int:
    """Place of an investor in ASEAN by inflow in a year, as printed. Source: ``asean_fdi``."""
    return int(_investors().rank_in_table[(year, investor)])


def eu_as_investor(period: str, column: str = "eu_rank") -> float:
    """One figure of the EU as an investor in ASEAN: its rank, "eu_share_pct" or "eu_usd_bn" (USD billion).

    period: as in ``eu_investor_rank``, where definitions differ from row to row.
    """
    return float(load("eu_investor_rank").set_index("period")[column][period])


def gap_printed_shares() -> float:
    """Largest difference, in points, of the printed share to inflow over total, 2012 to 2014. Source: ``asean_fdi``."""
    rows = load("asean_fdi").query("year <= 2014")
    total = rows[rows.kind == "total"].set_index("year").inflow_usd_m
    parts = rows[rows.kind != "total"]
    return float((parts.share_pct - 100 * parts.inflow_usd_m / parts.year.map(total)).abs().max())


def ranks_off_values() -> int:
    """Rows of 2012 to 2014 whose printed rank is not the rank of their inflow. Source: ``asean_fdi``."""
    rows = load("asean_fdi").query("year <= 2014 and kind != 'total'")
    return int((rows.groupby("year").inflow_usd_m.rank(ascending=False) != rows.rank_in_table).sum())


def _investors() -> pd.DataFrame:
    return load("asean_fdi").set_index(["year", "investor"])
