"""Pressure below the threshold of war: scrambles, vessels, patrols and aircraft, counted by those who report them."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load


def scrambles(year: int, target: str = "all", period: str = "FY") -> int:
    """Scrambles of Japanese fighters in a fiscal year, which begins in April. Source: ``japan_scrambles``.

    target: whose aircraft were met, "all", "China" or "Russia". period: "FY" (whole year), "H1", "Q1-Q3". The rule of
    counting changed with fiscal 2025 (column scramble_rule). Raises ValueError unless exactly one row fits.
    """
    rows = load("japan_scrambles").query("fiscal_year == @year and target == @target and period == @period")
    return int(rows.scrambles.item())


def scrambles_above_all() -> int:
    """Periods in which the scrambles against China and Russia are more than all: none. ``japan_scrambles``."""
    rows = load("japan_scrambles").set_index(["fiscal_year", "period"])
    known = rows[rows.target != "all"].groupby(level=[0, 1]).scrambles.sum()
    return int((known > rows[rows.target == "all"].scrambles.reindex(known.index)).sum())


def senkaku(year: int, measure: str = "days", zone: str = "contiguous_zone") -> int:
    """Chinese government vessels near the Senkaku islands in a calendar year. Source: ``senkaku_vessels``.

    measure: "days" with vessels, "vessels_cumulative" or "incursion_cases". zone: "contiguous_zone" or
    "territorial_sea". Raises ValueError unless exactly one row fits.
    """
    rows = load("senkaku_vessels").query("period_type == 'year' and year == @year")
    return int(rows.query("zone == @zone and measure == @measure").value.item())


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


def senkaku_impossible() -> int:
    """Rows with more days than their period has, or fewer vessels than days. Source: ``senkaku_vessels``."""
    rows = load("senkaku_vessels")
    days = rows[rows.measure == "days"]
    too_many = days.value > (days.period_end - days.period_start).dt.days + 1
    vessels = rows[rows.measure == "vessels_cumulative"]
    both = vessels.merge(days, on=["period_type", "period_start", "zone"])
    return int(too_many.sum() + (both.value_x < both.value_y).sum())


def patrols(year: int, feature: str = "Scarborough Shoal", measure: str = "ship_days") -> int:
    """Days on which Chinese coast guard ships were seen at a feature of the South China Sea. Source: ``scs_patrols``.

    measure: "ship_days" (each ship counts) or "calendar_days". Seen by their transponders, so a lower bound. Raises
    ValueError unless exactly one row fits.
    """
    rows = load("scs_patrols").query("year == @year and feature == @feature and measure == @measure")
    return int(rows.days.item())


def gap_patrols_to_total() -> float:
    """Largest difference, in ship days, of the features added up to the total, since 2024. Source: ``scs_patrols``."""
    rows = load("scs_patrols")
    parts = rows.query("measure == 'ship_days' and not is_total and year >= 2024").groupby("year").days.sum()
    return float((parts - rows[rows.is_total].set_index("year").days).dropna().abs().max())


def patrols_impossible() -> int:
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


def _detected(year: int, last_month: int = 12) -> pd.DataFrame:
    rows = load("taiwan_pla_daily").query("series == 'detected_around_taiwan'")
    return rows[(rows.date.dt.year == year) & (rows.date.dt.month <= last_month)]
