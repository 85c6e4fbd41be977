"""Size and share: who pays how much of its income, and whether the large pay more. SIPRI since 1990, NATO since 2014.

GDP is what spending and share imply (spending / share, current dollars), so size and share come from one source. States
without a figure or with a share of 0 (no armed forces) are left out. Sources: ``sipri_spending``, ``nato_spending``,
``memberships``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.groups import members, members_at_ends
from ip4.measures.spending import BORDER_RUSSIA, spending
from ip4.models import burden_sharing as formulas
from ip4.models.burden_sharing import chance_band, equilibria, rank_correlation

NATO, WITH_FOUR, WITHOUT_USA = "NATO", "NATO and the four partners", "NATO without the United States"
GROUPS = (NATO, WITH_FOUR, WITHOUT_USA)
SIPRI_YEARS = range(1990, 2026)
NATO_EDITION = "NATO, edition of 2026"


def states(group: str, year: int) -> frozenset[str]:
    """iso3 codes of a group of GROUPS: allies at the end of the year, the four partners in every year.

    Source: ``memberships``.
    """
    return _groups([group], [year])[group, year]


def _groups(groups: Sequence[str], years: Sequence[int]) -> dict[tuple[str, int], frozenset[str]]:
    """``states`` of several groups and years, each table read once."""
    past, today = members_at_ends("NATO", [year for year in years if year < 2026]), members("NATO")
    partners = members("IP4") if WITH_FOUR in groups else []
    added, left = {WITH_FOUR: partners}, {WITHOUT_USA: {"USA"}}
    return {
        (group, year): frozenset({*past.get(year, today), *added.get(group, ())} - left.get(group, set()))
        for group in groups
        for year in years
    }


def size_and_share(year: int, group: str = NATO, source: str = "SIPRI") -> pd.DataFrame:
    """One row a state, largest first: ``iso3``, ``name``, ``gdp_usd_bn`` (implied), ``share_gdp_pct``.

    source: "SIPRI" (1990 to 2025) or "NATO, edition of 2026" (2014 to 2026; no figures for the four partners).
    """
    rows = _reported(source)
    return _chosen(rows[rows.year == year], states(group, year))


def _chosen(rows: pd.DataFrame, chosen: frozenset[str]) -> pd.DataFrame:
    """The rows of one year for some states, largest first."""
    rows = rows[rows.iso3.isin(chosen)]
    return rows.sort_values("gdp_usd_bn", ascending=False, ignore_index=True).drop(columns="year")


def _reported(source: str) -> pd.DataFrame:
    """Every state and year with size and share in a source."""
    rows = load("sipri_spending") if source == "SIPRI" else spending()
    rows = rows[(rows.share_gdp_pct > 0) & rows.current_usd_m.notna()]
    rows = rows.merge(load("countries")[["iso3", "name"]], on="iso3")
    rows = rows.assign(gdp_usd_bn=rows.current_usd_m / rows.share_gdp_pct / 10)
    return rows[["iso3", "name", "gdp_usd_bn", "share_gdp_pct", "year"]]


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


def ranks(source: str = "SIPRI", groups: Sequence[str] = GROUPS, years: Sequence[int] | None = None) -> pd.DataFrame:
    """One row a group and year: ``n`` states, ``rank`` correlation, ``chance`` (half the width of the band)."""
    years = SIPRI_YEARS if source == "SIPRI" else sorted(spending().year.unique())
    by_year = dict(list(_reported(source).groupby("year")))
    inside = _groups(groups, years)
    frames = {key: by_year[key[1]][by_year[key[1]].iso3.isin(chosen)] for key, chosen in inside.items()}
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


def beyond_band(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``ranks`` whose rank correlation leaves the band. No table is read."""
    return rows.query("rank.abs() > chance")


def positive_years(rows: pd.DataFrame) -> int:
    """Rows of ``ranks`` of one group whose rank correlation is above zero: years that depend on each other, no tests.

    No table is read.
    """
    return int((rows["rank"] > 0).sum())


def rank_captions(rows: pd.DataFrame, turns: tuple[int, ...] = (1990, 2007, 2012, 2019)) -> pd.DataFrame:
    """What SIPRI's rows of ``ranks`` say for each group: the value in the years of the curve's turns, and the band.

    No table is read.
    """
    at = rows.set_index(["group", "year"])["rank"]
    outside = beyond_band(rows).groupby("group").size().reindex(GROUPS, fill_value=0)
    said = [
        f"{group}: rank correlation "
        + ", ".join(f"{at[group, year]:.2f} in {year}".replace("-", "−") for year in turns)
        + f"; outside the band in {outside[group]} of {len(SIPRI_YEARS)} years"
        for group in GROUPS
    ]
    return pd.DataFrame({"group": GROUPS, "caption": said})


TASTE = 0.03  # both allies of the figure would spend 3 % of their income if alone
SIZES, JOINTS, THREATS = range(5, 101), (0, 0.2, 0.4, 0.6, 0.8, 1), (1, 2)


def two_allies() -> pd.DataFrame:
    """The model with a large ally of size 100 and a small one: one row a setting, shares in percent of own income.

    ``size`` of the small ally, ``private_part`` of defence (0 to 1), ``threat`` as multiple of the taste TASTE;
    ``large`` and ``small`` pay, two decimals. A model, not data.
    """
    rows = pd.DataFrame(itertools.product(SIZES, JOINTS, THREATS), columns=["size", "private_part", "threat"])
    incomes = np.column_stack([np.full(len(rows), 100), rows["size"]])
    tastes = TASTE * np.column_stack([np.ones(len(rows)), rows.threat])
    paid = 100 * equilibria(incomes, tastes, rows.private_part) / incomes
    return rows.assign(large=paid[:, 0].round(2), small=paid[:, 1].round(2))


def stops_paying_below() -> float:
    """Size up to which the small ally of ``two_allies`` pays nothing when defence is a pure public good."""
    return formulas.stops_paying_below(100, TASTE)


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
