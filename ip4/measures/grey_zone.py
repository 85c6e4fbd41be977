"""Pressure below the threshold of war: scrambles, vessels, patrols and aircraft, counted by those who report them."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load


def scrambles(target: str = "all", period: str = "FY") -> pd.Series:
    """Scrambles of Japanese fighters, indexed by fiscal year, which begins in April. Source: ``japan_scrambles``.

    target: whose aircraft were met, "all", "China" or "Russia". period: "FY" (whole year), "H1", "Q1-Q3". The rule of
    counting is not the same in all years (column scramble_rule).
    """
    rows = load("japan_scrambles").query("target == @target and period == @period")
    return _by_year(rows, "fiscal_year", "scrambles")


def scrambles_at_others() -> pd.Series:
    """Scrambles at aircraft that were neither China's nor Russia's, by fiscal year. Source: ``japan_scrambles``."""
    return scrambles() - scrambles("China") - scrambles("Russia")


def scrambles_above_all() -> int:
    """Periods in which the scrambles against China and Russia are more than all: none. ``japan_scrambles``."""
    rows = load("japan_scrambles").set_index(["fiscal_year", "period"])
    known = rows[rows.target != "all"].groupby(level=[0, 1]).scrambles.sum()
    return int((known > rows[rows.target == "all"].scrambles.reindex(known.index)).sum())


def senkaku(measure: str = "days", zone: str = "contiguous_zone") -> pd.Series:
    """Chinese government vessels near the Senkaku islands, indexed by calendar year. Source: ``senkaku_vessels``.

    measure: "days" with vessels, "vessels_cumulative" or "incursion_cases". zone: "contiguous_zone" or
    "territorial_sea".
    """
    rows = load("senkaku_vessels").query("period_type == 'year' and zone == @zone and measure == @measure")
    return _by_year(rows, "year", "value")


def gap_senkaku_sums(measure: str) -> float:
    """Largest difference of a year in the territorial sea to the sum of its three parts, 2018 to 2022.

    Years after the Coast Guard, parts of four months after the Ministry. Source: ``senkaku_vessels``.
    """
    rows = load("senkaku_vessels").query("zone == 'territorial_sea' and measure == @measure")
    parts = rows[rows.period_type == "four_months"].groupby("year").value.sum()
    return float((parts - rows[rows.period_type == "year"].set_index("year").value).dropna().abs().max())


def gap_senkaku_months() -> float:
    """Months of the Coast Guard less the Ministry, January to March 2023, territorial sea, days and vessels together.

    Source: ``senkaku_vessels``.
    """
    rows = load("senkaku_vessels")
    months = rows.query("period_type == 'month' and zone == 'territorial_sea' and period_start < '2023-04-01'")
    return float(months.value.sum() - rows.query("period_type == 'four_months' and year == 2023").value.sum())


def more_days_than_calendar() -> int:
    """Rows of ``senkaku_vessels`` with more days than their period has: none."""
    days = load("senkaku_vessels").query("measure == 'days'")
    return int((days.value > (days.period_end - days.period_start).dt.days + 1).sum())


def fewer_vessels_than_days() -> int:
    """Periods and zones of ``senkaku_vessels`` with fewer vessels than days with vessels: none."""
    rows = load("senkaku_vessels")
    keys = ["period_type", "period_start", "zone"]
    both = rows[rows.measure == "vessels_cumulative"].merge(rows[rows.measure == "days"], on=keys)
    return int((both.value_x < both.value_y).sum())


def patrols(feature: str, measure: str = "ship_days") -> pd.Series:
    """Days with Chinese coast guard ships at a feature of the South China Sea, indexed by year. ``scs_patrols``.

    measure: "ship_days" (each ship counts) or "calendar_days". Seen by their transponders, so a lower bound.
    """
    rows = load("scs_patrols").query("feature == @feature and measure == @measure")
    return _by_year(rows, "year", "days")


def gap_patrols_to_total() -> float:
    """Largest difference, in ship days, of the features added up to the total, since 2024. Source: ``scs_patrols``."""
    rows = load("scs_patrols")
    parts = rows.query("measure == 'ship_days' and not is_total and year >= 2024").groupby("year").days.sum()
    return float((parts - rows[rows.is_total].set_index("year").days).dropna().abs().max())


def fewer_ship_days_than_days() -> int:
    """Years and features with fewer ship days than calendar days: none. Source: ``scs_patrols``."""
    rows = load("scs_patrols")
    both = rows[rows.measure == "ship_days"].merge(rows[rows.measure == "calendar_days"], on=["year", "feature"])
    return int((both.days_x < both.days_y).sum())


def pla_aircraft(year: int, last_month: int = 12) -> int:
    """Military aircraft of China detected around Taiwan in a year, up to a month: sorties added up over the days.

    The series of the Ministry's notices that counts all aircraft around the island. Source: ``taiwan_pla_daily``.
    """
    return int(_detected(year, last_month).pla_aircraft.sum())


def days_with_aircraft(year: int) -> int:
    """Days of a year with at least one aircraft around Taiwan, of the days reported. Source: ``taiwan_pla_daily``."""
    return int((_detected(year).pla_aircraft > 0).sum())


def passages(operation: str = "strait_transit") -> pd.Series:
    """Passages of US warships through the Taiwan Strait, times a calendar year, as published: ``strait_transits``.

    operation: "strait_transit", or "scs_operation" (for the freedom of navigation in the South China Sea).
    """
    return _by_year(load("strait_transits").query("operation == @operation"), "year", "value")


def _detected(year: int, last_month: int = 12) -> pd.DataFrame:
    rows = load("taiwan_pla_daily").query("series == 'detected_around_taiwan'")
    return rows[(rows.date.dt.year == year) & (rows.date.dt.month <= last_month)]


def _by_year(rows: pd.DataFrame, year: str, column: str) -> pd.Series:
    """A column indexed by year. Raises TableError when a year has two rows: then more words are needed to choose."""
    series = rows.set_index(year)[column]
    if not series.index.is_unique:
        twice = series.index[series.index.duplicated()][0]
        raise TableError(f"grey_zone: {twice} has two values of {column}; the table holds two series, name one.")
    return series
