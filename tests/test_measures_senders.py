"""Who sends, who counts, ceilings and years, by hand."""

import pytest
from small import rows, use

from ip4.measures import counted, grey_zone, senders

PLACES = """place, also_called, sender_iso3, met_by_iso3, what, counter, counter_is, counted_in
            Scarborough Shoal, Huangyan Dao, CHN, PHL, ships, AMTI, a US institute, scs_patrols
            Luconia Shoals, , CHN, PHL, ships, AMTI, a US institute, scs_patrols
            Korea's zone, , RUS, KOR, aircraft, Joint Chiefs, the side that is met, grey_zone_counts"""
NAMES = """iso3, name
           CHN, China
           RUS, Russia
           PHL, Philippines
           KOR, South Korea
           JPN, Japan"""
PATROLS = """year, feature, measure, days, facing_iso3
             2023, Scarborough Shoal, calendar_days, 365, PHL
             2023, Scarborough Shoal, ship_days, 73, PHL
             2024, Scarborough Shoal, ship_days, 366, PHL
             2023, Luconia Shoals, ship_days, 40, MYS
             2023, All features, ship_days, 479,"""
VESSELS = """year, period_type, period_start, period_end, zone, measure, value
             2022, year, 2022-01-01, 2022-12-31, contiguous_zone, days, 73
             2025, year, 2025-01-01, 2025-04-10, contiguous_zone, days, 98
             2022, year, 2022-01-01, 2022-12-31, contiguous_zone, vessels_cumulative, 730
             2022, year, 2022-01-01, 2022-12-31, territorial_sea, days, 20"""
PLA = """date, series, day_status, pla_aircraft, plan_vessels
         2022-07-01, adiz_entries, reported, 1,
         2023-01-01, detected_around_taiwan, reported, 9, 4
         2023-01-02, detected_around_taiwan, reported, 9, 0
         2026-01-01, detected_around_taiwan, reported, 9, 9"""
SCRAMBLES = """fiscal_year, period, target, scrambles
               2019, FY, China,  675
               2020, FY, China,  458
               2019, FY, Russia, 268
               2020, FY, Russia, 258
               2011, FY, Russia, 999"""
LAUNCHES = """date
              2022-01-05
              2022-01-11
              2024-03-18"""
COUNTS = """count_id, what, period_end, value
            korea-2023-06, joint_flight, 2023-06-06, 8
            korea-2023-12, joint_flight, 2023-12-14, 6
            entries-2023, zone_entries, 2023-12-31, 1709"""
PASSAGES = """year, operation, value
              2011, strait_transit, 10
              2018, strait_transit, 3
              2020, strait_transit, 13
              2020, scs_operation, 9"""
CASES = """target_iso3, sender_iso3, start, end, measures
           KOR, JPN, 2019-07-04, 2023-03, licences
           JPN, CHN, 2026-01-06, , ban"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {
        "grey_zone_places": rows(PLACES),
        "countries": rows(NAMES),
        "scs_patrols": rows(PATROLS),
        "senkaku_vessels": rows(VESSELS, "period_start", "period_end"),
        "taiwan_pla_daily": rows(PLA, "date"),
        "japan_scrambles": rows(SCRAMBLES),
        "dprk_missile_launches": rows(LAUNCHES, "date"),
        "grey_zone_counts": rows(COUNTS, "period_end"),
        "strait_transits": rows(PASSAGES),
        "coercion_episodes": rows(CASES),
    }
    for module in (senders, counted, grey_zone):
        use(monkeypatch, module, **frames)


def test_meetings_in_words_and_who_counts_them():
    found = senders.meetings()
    assert found.word.tolist()[:3] == ["US institute", "US institute", "who is met"]
    assert found.query("shown == @senders.WHO_MEETS").word.tolist() == ["Philippines", "Philippines", "South Korea"]
    said = senders.meetings_captions().set_index("shown").caption
    assert said[senders.WHO_COUNTS] == "Of 3 meetings the sender counts none, the side that is met 1"
    assert said[senders.WHO_MEETS] == "States that meet each sender: China by 1; Russia by 1"
    assert senders.counted_by("a US institute") == 2 and senders.counted_by("the sender") == 0
    assert senders.other_states_than_patrols() == 1  # Luconia: Malaysia in the patrols


def test_days_have_a_ceiling_and_ships_have_none():
    assert senders.present(senders.SENKAKU, 2022) == 20
    assert senders.present(senders.SENKAKU, 2025) == 98  # 98 of 100 days counted
    assert senders.present(senders.SENKAKU, 2022, senders.SHIPS) == 20  # two a day
    assert senders.present(senders.SCARBOROUGH, 2023) == 100
    assert senders.present(senders.SCARBOROUGH, 2024, senders.SHIPS) == 10
    assert senders.present(senders.TAIWAN, 2023) == 50
    assert senders.present(senders.TAIWAN, 2023, senders.SHIPS) == 20
    said = senders.presence_captions().set_index("measure").caption
    assert "at least 50 of 100 days" in said[senders.DAYS]
    assert said[senders.SHIPS].endswith("2 in ten days, later 10")


def test_other_senders_by_year_with_the_rule_that_changed():
    found = senders.by_year().set_index(["series", "year"])
    assert found.value[senders.LAUNCHES, 2023] == 0 and found.value[senders.JOINT, 2023] == 14
    assert found.other_rule[senders.CHINA_JAPAN, 2019] and not found.other_rule[senders.RUSSIA_JAPAN, 2019]
    assert (senders.RUSSIA_JAPAN, 2011) not in found.index
    assert senders.turned(senders.CHINA_JAPAN, 2019, 2020) == -217
    assert senders.turned(senders.RUSSIA_JAPAN, 2019, 2020) == -10
    said = senders.by_year_captions().set_index("series").caption
    assert said[senders.CHINA_JAPAN].endswith("most in 2019 (675), 458 in 2020; another rule before 2020")
    assert said[senders.JOINT].endswith("most in 2023 (14), 14 in 2023")
    assert said[senders.PASSAGES].endswith("most in 2020 (13), 13 in 2020")


def test_passages_and_operations_are_two_series():
    assert grey_zone.passages().to_dict() == {2011: 10, 2018: 3, 2020: 13}
    assert grey_zone.passages("scs_operation").to_dict() == {2020: 9}
    assert senders.turned(senders.PASSAGES, 2018, 2020) == 10


def test_cases_of_coercion_with_open_ends():
    found = senders.episodes().set_index("case")
    assert found["last"]["South Korea, 2019"] == 2023.17 and found["first"]["South Korea, 2019"] == 2019.5
    assert not found.ended["Japan, 2026"] and found["last"]["Japan, 2026"] == 2026.08
    assert senders.sent_by("China") == 1 and senders.sent_by("Russia") == 0
