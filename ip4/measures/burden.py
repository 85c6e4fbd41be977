"""Size and share: who pays how much of its income, and whether the large pay more. SIPRI since 1990, NATO since 2014.

GDP is what spending and share imply (spending / share, current dollars), so size and share come from one source. States
without a figure or with a share of 0 (no armed forces) are left out. Sources: ``sipri_spending``, ``nato_spending``,
``memberships``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures.spending import BORDER_RUSSIA, spending
from ip4.models.burden_sharing import chance_band, rank_correlation

NATO, WITH_FOUR, WITHOUT_USA = "NATO", "NATO and the four partners", "NATO without the United States"
GROUPS = (NATO, WITH_FOUR, WITHOUT_USA)
SIPRI_YEARS = range(1990, 2026)
NATO_EDITION = "NATO, edition of 2026"


def sipri(iso3: str, year: int, column: str = "share_gdp_pct") -> float:
    """One cell of SIPRI's table, in the unit of the column (percent of GDP, million dollars)."""
    return float(load("sipri_spending").set_index(["iso3", "year"])[column][iso3, year])


def sipri_growth(iso3: str, until: int, since: int) -> float:
    """Real growth of a state's military expenditure by SIPRI, percent, prices of 2024."""
    return 100 * (sipri(iso3, until, "constant_2024_usd_m") / sipri(iso3, since, "constant_2024_usd_m") - 1)


def eu_allies_growth(until: int, since: int) -> float:
    """Real growth by SIPRI, percent, of the sum over today's allies in the EU that have a figure in both years."""
    states = set(members("EU")) & set(members("NATO"))
    rows = load("sipri_spending")
    wide = rows[rows.iso3.isin(states)].pivot(index="iso3", columns="year", values="constant_2024_usd_m")
    both = wide[[since, until]].dropna().sum()
    return float(100 * (both[until] / both[since] - 1))


def states(group: str, year: int) -> list[str]:
    """iso3 codes of a group of GROUPS: allies at the end of the year, the four partners in every year."""
    allies = members("NATO", on=f"{year}-12-31") if year < 2026 else members("NATO")
    return {
        NATO: allies,
        WITH_FOUR: sorted(allies + members("IP4")),
        WITHOUT_USA: [state for state in allies if state != "USA"],
    }[group]


def size_and_share(year: int, group: str = NATO, source: str = "SIPRI") -> pd.DataFrame:
    """One row a state, largest first: ``iso3``, ``name``, ``gdp_usd_bn`` (implied), ``share_gdp_pct``.

    source: "SIPRI" (1990 to 2025) or "NATO, edition of 2026" (2014 to 2026; no figures for the four partners).
    """
    rows = load("sipri_spending") if source == "SIPRI" else spending()
    rows = rows[(rows.year == year) & rows.iso3.isin(states(group, year)) & (rows.share_gdp_pct > 0)]
    rows = rows.dropna(subset=["current_usd_m"]).merge(load("countries")[["iso3", "name"]], on="iso3")
    rows = rows.assign(gdp_usd_bn=rows.current_usd_m / rows.share_gdp_pct / 10)
    columns = ["iso3", "name", "gdp_usd_bn", "share_gdp_pct"]
    return rows.sort_values("gdp_usd_bn", ascending=False, ignore_index=True)[columns]


def rank(year: int, group: str = NATO, source: str = "SIPRI") -> float:
    """Rank correlation of GDP and share of GDP, -1 to 1: high when the large pay the larger share."""
    rows = size_and_share(year, group, source)
    return rank_correlation(rows.gdp_usd_bn, rows.share_gdp_pct)


def allies(year: int, group: str = NATO, source: str = "SIPRI") -> int:
    """Number of states behind ``rank``."""
    return len(size_and_share(year, group, source))


def band(year: int, group: str = NATO, source: str = "SIPRI") -> float:
    """How large ``rank`` gets when the shares of the same states are dealt out again at random (19 times in 20).

    The states are all there are, not a sample: the band asks whether the order could be anybody's, no more.
    """
    return chance_band(allies(year, group, source))


def ranks(source: str = "SIPRI", groups=GROUPS, years=None) -> pd.DataFrame:
    """One row a group and year: ``n`` states, ``rank`` correlation, ``chance`` (half the width of the band)."""
    years = SIPRI_YEARS if source == "SIPRI" else sorted(spending().year.unique())
    frames = {(group, year): size_and_share(year, group, source) for group in groups for year in years}
    return pd.DataFrame([
        {
            "source": source,
            "group": group,
            "year": int(year),
            "n": len(rows),
            "rank": rank_correlation(rows.gdp_usd_bn, rows.share_gdp_pct),
            "chance": chance_band(len(rows)),
        }
        for (group, year), rows in frames.items()
    ])  # fmt: skip


def nearness_rank(year: int = 2026, source: str = NATO_EDITION) -> float:
    """Rank correlation of share of GDP and a land border with Russia (1 or 0) among the allies of a year."""
    rows = size_and_share(year, NATO, source)
    return rank_correlation(rows.iso3.isin(BORDER_RUSSIA), rows.share_gdp_pct)


def beyond_band(group: str = NATO) -> pd.DataFrame:
    """Years in which SIPRI's rank correlation leaves the band, as rows of ``ranks``."""
    return ranks(groups=[group]).query("rank.abs() > chance")


def relative_size(year: int = 2025) -> pd.Series:
    """GDP of each ally by SIPRI's figures with the United States at 100, indexed by iso3."""
    sizes = size_and_share(year).set_index("iso3").gdp_usd_bn
    return 100 * sizes / sizes["USA"]


def four_partners(year: int = 2025) -> pd.Series:
    """SIPRI's share of GDP (percent) of the four partners, indexed by iso3."""
    rows = load("sipri_spending").query("year == @year").set_index("iso3").share_gdp_pct
    return rows[members("IP4")]


def base_year_differs(but: str = "MMR", tolerance: float = 0.005) -> int:
    """Countries whose constant and current dollars differ in SIPRI's base year 2024 by more than the tolerance."""
    rows = load("sipri_spending").query("year == 2024 and current_usd_m > 0 and iso3 != @but")
    return int((rows.eval("constant_2024_usd_m / current_usd_m - 1").abs() >= tolerance).sum())


def gdp_ratio() -> pd.Series:
    """GDP implied by SIPRI as a multiple of the World Bank's, one value a country-year since 1990 that both have."""
    rows = load("world_bank_context").merge(load("sipri_spending"), on=["iso3", "year"]).query("share_gdp_pct > 0")
    return rows.eval("current_usd_m / share_gdp_pct * 100 / gdp_usd_m").dropna()


def gdp_agrees(within: float = 0.05) -> float:
    """Share of those country-years, percent, in which the two differ by at most ``within`` (a part of one)."""
    return float(100 * ((gdp_ratio() - 1).abs() <= within).mean())


def world_bank_ratio(iso3: str = "USA", year: int = 2021) -> float:
    """Income per head in 2021 prices and purchasing power against nominal GDP per head, as a ratio."""
    row = load("world_bank_context").set_index(["iso3", "year"]).loc[(iso3, year)]
    return float(row.gdp_per_capita_ppp_usd * row.population / 1e6 / row.gdp_usd_m)
