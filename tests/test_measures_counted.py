"""The same aircraft in two counts: rates, breaks, spells and calendars, by hand."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import counted

DAILY = """date, series, day_status, pla_aircraft, plan_vessels
           2022-07-30, adiz_entries, reported, 31,
           2022-07-31, adiz_entries, no_notice, ,
           2022-08-04, adiz_entries, reported, 6,
           2022-08-05, detected_around_taiwan, reported, 68, 13
           2022-08-06, detected_around_taiwan, missing, ,
           2022-08-07, detected_around_taiwan, reported, 26, 14
           2023-02-01, detected_around_taiwan, reported, 10, 2
           2023-02-02, detected_around_taiwan, reported, 30, 0
           2024-01-01, detected_around_taiwan, reported, 20, 1
           2024-01-02, detected_around_taiwan, missing, ,
           2025-01-01, detected_around_taiwan, reported, 24, 1
           2025-12-31, detected_around_taiwan, reported, 99, 1
           2026-01-01, detected_around_taiwan, reported, 0, 1"""
COUNTS = """count_id, what, period_start, period_end, value
            entries-2021, zone_entries, 2021-01-01, 2021-12-31, 730
            entries-2022, zone_entries, 2022-01-01, 2022-12-31, 1460
            entries-2023, zone_entries, 2023-01-01, 2023-12-31, 3650
            entries-2024, zone_entries, 2024-01-01, 2024-12-31, 5490
            entries-2025, zone_entries, 2025-01-01, 2025-12-15, 3490
            entries-2022-08, zone_entries, 2022-08-01, 2022-08-31, 62
            entries-2023-02, zone_entries, 2023-02-01, 2023-02-28, 140
            korea-2023-06, joint_flight, 2023-06-06, 2023-06-06, 8"""
EVENTS = """event_id, date, title
            drills-taiwan-2022, 2022-08-04, Drills of August 2022 around Taiwan
            drills-taiwan-2024b, 2024-10-14, Drills Joint Sword 2024B around Taiwan
            vilnius-summit, 2023-07-11, Summit"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {
        "taiwan_pla_daily": rows(DAILY, "date"),
        "grey_zone_counts": rows(COUNTS, "period_start", "period_end"),
        "chronology": rows(EVENTS, "date"),
    }
    use(monkeypatch, counted, **frames)


def test_no_notice_is_a_zero_and_a_missing_day_is_none():
    found = counted.daily().set_index("date").aircraft
    assert found["2022-07-31"] == 0 and str(found["2022-08-06"]) == "nan"


def test_a_month_with_both_counts_has_two_rows():
    found = counted.monthly().query("month == '2022-08'").set_index("count").per_day
    assert found[counted.ENTERED] == 6 and found[counted.DETECTED] == 47  # (68 + 26) / 2


def test_three_drawings_of_the_same_months_and_what_they_say():
    found = counted.drawn()
    joined = found.query("drawn == @counted.ONE").set_index("month").per_day
    assert joined["2022-08"] == 33.3  # (6 + 68 + 26) / 3
    assert set(found.query("drawn == @counted.TWO").line) == {counted.ENTERED, counted.DETECTED}
    later = found.query("drawn == @counted.THREE and line == @counted.PUBLISHED").set_index("month").per_day
    assert later.to_dict() == {"2022-08": 2, "2023-02": 5}
    said = counted.drawn_captions().set_index("drawn").caption
    assert "33-fold" in said[counted.ONE] and "2 times July, not 33 times" in said[counted.THREE]


def test_the_jump_on_both_rulers():
    assert counted.jump() == pytest.approx((100 / 3) / 1)  # 31 aircraft in July, one a day
    assert counted.jump(counted.PUBLISHED) == pytest.approx(2)


def test_rates_share_and_change_of_a_year():
    assert counted.rate(2023) == 20 and counted.rate(2023, counted.ENTERED) == 10
    assert counted.rate(2024, counted.ENTERED) == 15 and counted.rate(2025) == 24  # 31 December lies after the count
    assert counted.entered_share(2023) == 50 and counted.entered_share(2024) == 75
    assert counted.change(2023, 2024) == 0 and counted.change(2023, 2024, counted.ENTERED) == pytest.approx(50)
    assert counted.by_year().query("count == @counted.DETECTED").per_day.tolist() == [20, 20, 24, 0]
    assert counted.more_entered_than_detected() == 0


def test_a_period_that_nobody_published_is_refused():
    assert counted.reported("2023-02") == 140
    with pytest.raises(TableError, match="no entries for 2019; take one of 2021"):
        counted.reported("2019")


def test_months_with_both_counts():
    found = counted.two_counts().set_index("month")
    assert found.entered["2023-02"] == 5 and found.detected["2023-02"] == 20 and counted.share_in("2023-02") == 25


def test_a_calendar_says_why_a_day_is_empty():
    found = counted.calendar().set_index(["year", "month", "day"]).shown
    assert (
        found[2022, "Jul", 31] == "no notice" and found[2022, "Aug", 6] == "missing" and found[2023, "Feb", 2] == "30"
    )
    said = counted.calendar_captions().set_index("year").caption
    assert said[2022] == "2022: most aircraft on 5 Aug (68); days missing: 1; the count changes on 5 Aug"
    assert counted.quiet_days(2026) == 1 and counted.quiet_days(2025) == 0


def test_runs_above_a_threshold():
    assert counted.rolling(1)["mean"].dropna().tolist() == [68, 26, 10, 30, 20, 24, 99, 0]
    found = counted.spells(1, 25)
    assert found["first"].tolist() == ["2022-08-05", "2022-08-07", "2023-02-02", "2025-12-31"]
    assert found.days.tolist() == [1, 1, 1, 1] and found.highest.max() == 99
    assert counted.spells(2, 40)[["first", "last", "days"]].values.tolist() == [
        ["2022-08-05", "2022-08-06", 2],
        ["2025-12-31", "2026-01-01", 2],
    ]


def test_drills_with_their_names():
    assert counted.drills().name.tolist() == ["August 2022", "Joint Sword 2024B"]
    assert counted.drills()["at"].iloc[1] == pytest.approx(2024.786, abs=0.001)


def test_the_explorer_draws_and_says_when_nothing_is_above():
    from ip4.explorers import grey_zone

    first, second = grey_zone.draw(counted.DETECTED, 1, 25, grey_zone.SHOWN)
    assert "4 crises" in first.words["title"] and "2025-12-31, mean 99.0" in second.words["title"]
    with pytest.raises(ValueError, match="lower it"):
        grey_zone.crises(counted.DETECTED, 1, 100)
