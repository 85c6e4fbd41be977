"""Scrambles, vessels, patrols and aircraft by year, and checks of impossible rows, worked by hand."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import grey_zone

SCRAMBLES = """fiscal_year, period, target, scrambles
               2022, FY, all,    778
               2022, FY, China,  575
               2022, FY, Russia, 150
               2023, FY, all,    669
               2023, FY, China,  479
               2023, FY, Russia, 200
               2025, H1, all,    265"""
VESSELS = """year, period_type, period_start, period_end, zone, measure, value
             2022, year, 2022-01-01, 2022-12-31, contiguous_zone, days, 336
             2023, year, 2023-01-01, 2023-12-31, contiguous_zone, days, 352
             2022, year, 2022-01-01, 2022-12-31, territorial_sea, days, 40
             2022, four_months, 2022-01-01, 2022-04-30, territorial_sea, days, 10
             2022, four_months, 2022-05-01, 2022-08-31, territorial_sea, days, 12
             2022, four_months, 2022-09-01, 2022-12-31, territorial_sea, days, 15
             2023, four_months, 2023-01-01, 2023-04-30, territorial_sea, days, 9
             2023, month, 2023-01-01, 2023-01-31, territorial_sea, days, 32
             2023, month, 2023-01-01, 2023-01-31, territorial_sea, vessels_cumulative, 31
             2023, month, 2023-04-01, 2023-04-30, territorial_sea, days, 5"""
PATROLS = """year, feature, is_total, measure, days
             2024, Scarborough Shoal, false, ship_days, 516
             2024, Second Thomas Shoal, false, ship_days, 300
             2024, All, true, ship_days, 820
             2025, Scarborough Shoal, false, ship_days, 1099
             2024, Scarborough Shoal, false, calendar_days, 300
             2024, Second Thomas Shoal, false, calendar_days, 301"""
PLA = """date, series, pla_aircraft
         2025-01-01, detected_around_taiwan, 10
         2025-09-01, detected_around_taiwan, 0
         2025-09-02, detected_around_taiwan, 5
         2025-01-01, adiz_entries,           7
         2026-01-01, detected_around_taiwan, 3"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        grey_zone,
        japan_scrambles=rows(SCRAMBLES),
        senkaku_vessels=rows(VESSELS, "period_start", "period_end"),
        scs_patrols=rows(PATROLS),
        taiwan_pla_daily=rows(PLA, "date"),
    )


def test_scrambles_by_year_target_and_period():
    assert grey_zone.scrambles().to_dict() == {2022: 778, 2023: 669}
    assert grey_zone.scrambles("China")[2022] == 575 and grey_zone.scrambles(period="H1").to_dict() == {2025: 265}
    assert grey_zone.scrambles_at_others().to_dict() == {2022: 53, 2023: -10}
    assert grey_zone.scrambles_above_all() == 1  # 2023: 679 of 669


def test_vessels_by_year_and_the_sums_of_their_parts():
    assert grey_zone.senkaku().diff()[2023] == 16 and grey_zone.senkaku(zone="territorial_sea").to_dict() == {2022: 40}
    assert grey_zone.gap_senkaku_sums("days") == 3  # 10 + 12 + 15 against 40
    assert grey_zone.gap_senkaku_months() == 32 + 31 - 9  # April is not among the months


def test_impossible_rows_are_counted():
    assert grey_zone.more_days_than_calendar() == 1  # 32 days in January
    assert grey_zone.fewer_vessels_than_days() == 1  # 31 vessels on 32 days
    assert grey_zone.fewer_ship_days_than_days() == 1  # Second Thomas Shoal: 300 on 301 days


def test_patrols_by_year_and_their_total():
    assert grey_zone.patrols("Scarborough Shoal").pct_change()[2025] + 1 == pytest.approx(1099 / 516)
    assert grey_zone.patrols("Scarborough Shoal", "calendar_days").to_dict() == {2024: 300}
    assert grey_zone.gap_patrols_to_total() == 4


def test_two_rows_for_one_year_are_refused(monkeypatch):
    use(monkeypatch, grey_zone, japan_scrambles=rows(SCRAMBLES + "\n2023, FY, all, 670"))
    with pytest.raises(TableError, match="2023 has two values of scrambles"):
        grey_zone.scrambles()


def test_aircraft_of_one_series_up_to_a_month():
    assert grey_zone.pla_aircraft(2025) == 15 and grey_zone.pla_aircraft(2025, 8) == 10
    assert grey_zone.days_with_aircraft(2025) == 2
