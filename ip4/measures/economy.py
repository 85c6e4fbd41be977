"""Trade and investment: shares of partners in trade, inflows into ASEAN, the EU's place among its investors."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members

INVESTORS = {
    "EU": "the EU",
    "USA": "the United States",
    "JPN": "Japan",
    "CHN": "China",
    "ASEAN": "ASEAN itself",
    "HKG": "Hong Kong",
    "KOR": "South Korea",
    "AUS": "Australia",
}
# How the EU can be ranked among investors in ASEAN: words of a control, and the code of ``eu_investor_rank``.
COUNTED = {
    "the EU as one, outsiders only": "outside",
    "the EU as one, ASEAN itself counted": "all",
    "the EU as one, as the source words it": "not said",
    "its largest member, single states": "states",
}

UNITS = {"billion dollars": "inflow", "% of all inflows": "share"}


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


def rank_of_known(investor: str, year: int) -> int:
    """Place of an investor in ASEAN among those whose inflow of a year is known, 1 the largest. Source: ``asean_fdi``.

    Where the table by source is incomplete (after 2014) a missing investor could stand higher.
    """
    known = _known(year)
    return int((known > known[investor]).sum()) + 1


def eu_ranks() -> pd.DataFrame:
    """Ranks of the EU among investors in ASEAN, one row a year and way of counting. Source: ``eu_investor_rank``.

    Columns: counted (a key of ``COUNTED``), year, rank, finding. Inflows of one year and statements that name theirs;
    who is first with ASEAN itself counted is first among outsiders, too.
    """
    rows = load("eu_investor_rank").query("names_year and start_year == end_year and definition != 'stock'")
    rows = rows.dropna(subset="eu_rank").rename(columns={"start_year": "year", "eu_rank": "rank"})
    implied = rows.query("against == 'all' and rank == 1").assign(against="outside")
    rows = pd.concat([rows, implied]).drop_duplicates(["year", "against"])
    words = {code: counted for counted, code in COUNTED.items()}
    rows = rows.assign(counted=rows.against.map(words), rank=rows["rank"].astype(int))
    order = rows.counted.map(list(COUNTED).index)
    rows = rows.assign(order=order).sort_values(["order", "year"], ignore_index=True)
    return rows[["counted", "year", "rank", "finding"]]


def eu_rank(counted: str, year: int) -> int:
    """Rank of the EU among investors in ASEAN in a year, by a way of counting (``COUNTED``). ``eu_investor_rank``."""
    return int(eu_ranks().set_index(["counted", "year"])["rank"][counted, year])


def eu_first(counted: str | None = None) -> list[int]:
    """Years in which the EU ranked first, by one way of counting or by any. Source: ``eu_investor_rank``."""
    rows = eu_ranks().query("rank == 1")
    return sorted(set(rows.year if counted is None else rows.year[rows.counted == counted]))


def eu_rank_captions() -> pd.DataFrame:
    """What the ranks say for each way of counting: counted, caption. Source: ``eu_investor_rank``."""
    said = []
    for counted, rows in eu_ranks().groupby("counted", sort=False):
        first = ", ".join(str(year) for year in rows.year[rows["rank"] == 1]) or "no year"
        others = ", ".join(f"{r.rank} in {r.year}" for r in rows[rows["rank"] > 1].itertuples()) or "none"
        said.append((counted, f"{counted[0].upper()}{counted[1:]}: first in {first}; other ranks: {others}"))
    return pd.DataFrame(said, columns=["counted", "caption"])


def leads(inside: bool = True) -> pd.DataFrame:
    """The EU beside its largest rival among investors in ASEAN, where both are known. Source: ``asean_fdi``.

    Columns: year, eu, rival (billion dollars), who, lead, label (year, rival). inside: ASEAN itself is a rival; without
    it only years with three rivals or more count, for the largest of fewer may be missing.
    """
    found = []
    for year in sorted(load("asean_fdi").year.unique()):
        known = _known(year, inside)
        if "EU" in known and len(known) > (1 if inside else 3):
            others = known.drop("EU")
            found.append((int(year), known["EU"] / 1000, others.max() / 1000, INVESTORS[others.idxmax()]))
    rows = pd.DataFrame(found, columns=["year", "eu", "rival", "who"]).round(1)
    label = [f"{r.year}: {r.who.removeprefix('the ')}" for r in rows.itertuples()]
    return rows.assign(lead=(rows.eu - rows.rival).round(1), label=label)


def lead(year: int, inside: bool = True) -> float:
    """Inflow from the EU less that of its largest rival in a year, billion dollars. Source: ``asean_fdi``."""
    return float(leads(inside).set_index("year").lead[year])


def restated(year: int) -> float:
    """How far a later report lowered the EU's inflow of a year, billion dollars. Source: ``eu_investor_rank``."""
    return eu_as_investor(str(year), "eu_usd_bn") - eu_as_investor(f"{year} (restated)", "eu_usd_bn")


def investors(inside: bool = True) -> pd.DataFrame:
    """Known inflows into ASEAN by named investor: year, investor, inflow (billion dollars), share (percent of all).

    inside: keep investment inside ASEAN as an investor. share is empty where the total is not known; the investors of
    ``INVESTORS`` only, the largest first. Source: ``asean_fdi``.
    """
    rows = load("asean_fdi")
    total = rows[rows.kind == "total"].set_index("year").inflow_usd_m
    rows = rows[rows.investor.isin(INVESTORS) & (inside | (rows.investor != "ASEAN"))]
    share = (100 * rows.inflow_usd_m / rows.year.map(total)).round(1)
    rows = rows.assign(inflow=(rows.inflow_usd_m / 1000).round(1), share=share, investor=rows.investor.map(INVESTORS))
    rows = rows.sort_values(["year", "inflow"], ascending=[True, False], ignore_index=True)
    return rows[["year", "investor", "inflow", "share"]]


def investors_by_unit() -> pd.DataFrame:
    """Known inflows into ASEAN in both units: year, unit (``UNITS``), investor, value. Source: ``asean_fdi``."""
    parts = [investors().assign(unit=unit, value=lambda d, c=column: d[c]) for unit, column in UNITS.items()]
    rows = pd.concat(parts, ignore_index=True).dropna(subset="value")
    return rows[["year", "unit", "investor", "value"]]


def investor_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``investors_by_unit`` (``asean_fdi``) say for each year and unit: year, unit, caption."""
    said = []
    for year in sorted(rows.year.unique()):
        for unit in UNITS:
            part = rows.query("year == @year and unit == @unit").head(3)
            named = ", ".join(f"{r.investor} {r.value:.1f}" for r in part.itertuples()) or "no total was found"
            said.append((year, unit, f"{year}, {unit}, the largest that are known: {named}"))
    return pd.DataFrame(said, columns=["year", "unit", "caption"])


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


def _known(year: int, inside: bool = True) -> pd.Series:
    """Known inflows of a year without the total, million dollars, indexed by investor."""
    rows = load("asean_fdi").query("year == @year and kind != 'total'").set_index("investor").inflow_usd_m
    return rows if inside else rows.drop("ASEAN", errors="ignore")


def _investors() -> pd.DataFrame:
    return load("asean_fdi").set_index(["year", "investor"])
