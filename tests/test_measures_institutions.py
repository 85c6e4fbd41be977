"""Battlegroups and troops in Afghanistan, and two measures on SIPRI's table, worked by hand."""

import pytest
from small import rows, use

from ip4.measures import institutions, pledges, sipri

GROUPS = """host_iso3, as_of, framework_iso3, personnel
            EST, 2022-06-28, GBR, 1500
            LVA, 2022-06-28, CAN, 2500
            EST, 2019-05-01, GBR, 1000"""
CONTRIBUTORS = """host_iso3, as_of, iso3, role, personnel
                  EST, 2019-05-01, GBR, framework,   900
                  EST, 2019-05-01, DNK, contributor, 90
                  LVA, 2022-06-28, ESP, framework,   500"""
SPENDING = """edition, iso3, year, personnel_thousand
              2024, USA, 2022, 999
              2026, USA, 2022, 1300
              2026, GBR, 2022, 100
              2026, GBR, 2023, 150"""
ISAF = """as_of, iso3, contributor_group, personnel
          2010-11-15, AUS, partner,   1550
          2008-06-03, AUS, partner,   1000
          2010-11-15, ALB, nato_ally, 250
          2008-06-03, ALB, nato_ally, 140
          2010-11-15, ,    other,     9"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        institutions,
        battlegroups=rows(GROUPS, "as_of"),
        battlegroup_contributors=rows(CONTRIBUTORS, "as_of"),
        nato_spending=rows(SPENDING),
        isaf=rows(ISAF, "as_of"),
        memberships=rows("iso3, organisation, join_date\nALB, NATO, 2009-04-01"),
    )


def test_battlegroups_of_a_day():
    assert institutions.battlegroups("2022-06-28").personnel.sum() == 4000
    assert institutions.battlegroups("2022-06-27").empty
    assert institutions.strength("EST", "2022-06-28") == 1500 and institutions.contributed("EST", "2019-05-01") == 990


def test_their_share_of_all_personnel_is_of_the_newest_edition():
    assert institutions.battlegroup_share("2022-06-28") == pytest.approx(100 * 4000 / 1_400_000)


def test_lead_states_that_differ():
    assert institutions.frameworks_that_differ() == 1  # Latvia: Canada here, Spain there


def test_troops_in_a_month_and_allies_before_they_joined():
    assert institutions.isaf("AUS", "2010-11") == 1550
    assert institutions.isaf_groups_that_differ() == 1  # Albania was no ally in 2008


def test_sipri_shares_and_growth(monkeypatch):
    table = """iso3, year, share_gdp_pct, constant_2024_usd_m
               JPN, 2022, 1.1, 40
               JPN, 2025, 1.4, 50
               KOR, 2025, 2.6, 48
               NZL, 2025, ,
               POL, 2025, 4.5, 40"""
    use(monkeypatch, sipri, {"IP4": ["JPN", "KOR", "NZL"]}, sipri_spending=rows(table))
    assert sipri.shares("IP4", 2025).to_dict() == {"JPN": 1.4, "KOR": 2.6}
    assert sipri.growth("JPN", 2022, 2025) == 25


def test_spending_beside_trust_in_years_that_have_both(monkeypatch):
    money = """iso3, year, constant_2024_usd_m
               JPN, 2021, 42000
               JPN, 2022, 40050
               USA, 2022, 900000"""
    polls = """pollster, survey_year, population, question, about, answer, pct
               ISEAS, 2022, ASEAN10, trust, JPN, trust, 54
               ISEAS, 2022, ASEAN10, trust, JPN, distrust, 20
               ISEAS, 2022, ASEAN10, trust, USA, trust, 50
               ISEAS, 2025, ASEAN10, trust, JPN, trust, 67"""
    use(monkeypatch, sipri, sipri_spending=rows(money), opinion_polls=rows(polls))
    assert sipri.trusted("JPN").values.tolist() == [[2022, 40.0, 100, 54]]


def test_spending_and_trust_of_several_powers_in_words(monkeypatch):
    money = """iso3, year, constant_2024_usd_m
               JPN, 2021, 40000
               JPN, 2025, 60000
               CHN, 2025, 300000
               USA, 2025, 900000"""
    polls = """pollster, survey_year, population, question, about, answer, pct
               ISEAS, 2021, ASEAN10, trust, JPN, trust, 68
               ISEAS, 2025, ASEAN10, trust, JPN, trust, 67
               ISEAS, 2025, ASEAN10, trust, CHN, trust, 37
               ISEAS, 2025, ASEAN10, trust, USA, trust, 47"""
    use(monkeypatch, sipri, sipri_spending=rows(money), opinion_polls=rows(polls))
    found = sipri.trusted_powers()
    assert found.power.tolist() == ["Japan", "Japan", "China", "United States"] and found["index"].iloc[1] == 150
    said = sipri.trusted_captions(found).caption
    assert said[0] == "Japan: spending 100 in 2021, 150 in 2025; trust 68.0 and 67.0 per cent"


def test_a_pledge_as_a_part_of_another(monkeypatch):
    use(monkeypatch, pledges, pledges=rows("pledge_id, value\nrelated, 1.5\nwhole, 5"))
    assert pledges.part("related", "whole") == 30
