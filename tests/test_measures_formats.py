"""Groups, steps and seats of the four partners, worked by hand."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import formats

SEATS = """iso3, organisation, status, join_date, join_year
           AUS, QUAD, member, 2007-05-25, 2007
           JPN, QUAD, member, 2007-05-25, 2007
           USA, QUAD, member, 2007-05-25, 2007
           AUS, AUKUS, member, 2021-09-15, 2021
           USA, AUKUS, member, 2021-09-15, 2021
           JPN, SQUAD, member, 2023-06-03, 2023
           AUS, SQUAD, member, 2023-06-03, 2023
           PHL, SQUAD, member, 2023-06-03, 2023
           PHL, JPN_RAA, member, 2024-07-08, 2024
           AUS, JPN_RAA, member, 2022-01-06, 2022
           AUS, ARF, member, 1994-07-25, 1994
           JPN, ARF, member, 1994-07-25, 1994
           KOR, ARF, member, 1994-07-25, 1994
           NZL, ARF, member, 1994-07-25, 1994
           NZL, QUAD, invited, 2024-01-01, 2024
           AUS, EU_SDP, member, 2025-01-01, 2025
           JPN, EU_SDP, member, 2024-11-01, 2024
           POL, NATO, member, 1999-03-12, 1999
           FIN, NATO, member, 2023-04-04, 2023"""
KINDS = """organisation, domain, is_asean_led, hub_iso3
           QUAD,    security, false,
           AUKUS,   security, false,
           SQUAD,   security, false,
           JPN_RAA, security, false, JPN
           ARF,     security, true,
           EU_SDP,  security, false,
           NATO,    security, false, """
STEPS = """iso3, date, family, instrument, status
           JPN, 2021-02-01, programme, ITPP, in force
           KOR, 2021-02-01, programme, ITPP, in force
           AUS, 2023-07-12, programme, ITPP, under negotiation
           NZL, 2023-05-01, ministerial meeting, Talks, held
           NZL, 2024-01-01, flagship project, Flagship project: cyber, started
           KOR, 2024-01-01, flagship project, Flagship project: support to Ukraine, started
           JPN, 2025-09-01, support to Ukraine, PURL, announced
           AUS, 2025-10-01, support to Ukraine, PURL, announced"""
TABLE = """summit_id, iso3, level
           madrid, AUS, leader
           madrid, JPN, leader
           madrid, KOR, minister
           madrid, NZL,
           hague,  NZL, leader
           hague,  JPN, other
           hague,  AUS,
           hague,  KOR, """


CALLED = """organisation, date, convener, act
           AUKUS,   2021-09-15, AUS;USA, together
           QUAD,    2021-09-24, USA,     hosted
           JPN_RAA, 2022-01-06, USA,     launched
           JPN_RAA, 2022-01-07, AUS,     proposed
           ARF,     1994-07-25, ASEAN,   leads"""

NAMES = """iso3, name
           AUS, Australia
           JPN, Japan
           KOR, South Korea
           NZL, New Zealand
           USA, United States"""

SUMMITS = """summit_id, start_date, place
             old, 2006-01-01, Riga
             madrid, 2022-06-29, Madrid
             ankara, 2026-07-07, Ankara"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        formats,
        {"IP4": ["AUS", "JPN", "KOR", "NZL"]},
        memberships=rows(SEATS),
        organisations=rows(KINDS),
        conveners=rows(CALLED),
        partnership_instruments=rows(STEPS, "date"),
        summit_attendance=rows(TABLE),
        summits=rows(SUMMITS, "start_date"),
        countries=rows(
            "iso3, name\nAUS, Australia\nJPN, Japan\nKOR, South Korea\nNZL, New Zealand\nUSA, United States"
        ),
        chronology=rows("event_id, date\njpn-itpp, 2021-02-01\nkor-itpp, 2021-02-02", "date"),
    )


def test_groups_count_seats_of_today_and_the_hub_once():
    table = formats.groups().set_index("organisation")
    assert table.partners.to_dict() == {
        "ARF": 4, "AUKUS": 1, "EU_SDP": 2, "JPN_RAA": 1, "NATO": 0, "QUAD": 2, "SQUAD": 2,
    }  # fmt: skip
    assert table.reach["JPN_RAA"] == 2 and table.reach["QUAD"] == 2  # New Zealand is only invited to the Quad
    assert table.has_usa["AUKUS"] and not table.has_usa["SQUAD"]
    assert (table.first_year["JPN_RAA"], table.first_date["JPN_RAA"]) == (2022, "2022-01-06")


def test_new_groups_and_minilaterals():
    assert sorted(formats.new(2021).organisation) == ["AUKUS", "JPN_RAA", "SQUAD"]
    assert sorted(formats.minilaterals().organisation) == ["JPN_RAA", "QUAD", "SQUAD"]  # no forum, no list of treaties


def test_who_called_the_new_groups_together():
    """AUKUS together, the access agreement launched by one; of the Squad nothing is known; the Quad is not new."""
    table = formats.convened(2021)
    assert table.organisation.tolist() == ["AUKUS", "JPN_RAA", "JPN_RAA", "SQUAD"] and table.act.isna().sum() == 1
    assert formats.called_by("USA", 2021) == 1 and formats.called_by("USA", 2000) == 2
    assert formats.called_by("AUS", 2021) == 0, "a joint act and a proposal are not its own"
    assert formats.called_together(2021) == 1
    assert formats.conveners_unknown() == 1, "ASEAN is no row of the small table of organisations"
    assert formats.conveners_outside() == 1, "the United States has no seat in the access agreement"


def test_formats_entered_with_another_state_as_member_or_hub():
    assert formats.joined_with("PHL", "JPN", 2023) == 2 and formats.joined_with("PHL", "JPN", 2024) == 1


def test_who_joined_last():
    assert formats.last_joined("NATO", ["POL", "FIN", "SWE"]) == 2023
    assert formats.last_joined("NATO", ["POL", "FIN", "SWE"], before=2022) == 1999


def test_a_step_of_several_on_one_day_counts_once_and_a_year_without_is_zero():
    assert formats.steps().to_dict() == {2021: 1, 2022: 0, 2023: 2, 2024: 2, 2025: 2}
    assert formats.steps(practical=True)[2023] == 1
    assert formats.steps(until="2023-12-31").to_dict() == {2021: 1, 2022: 0, 2023: 2}


def test_instruments():
    assert formats.flagships() == 1 and formats.flagships(but="") == 2
    assert formats.with_instrument("ITPP", "2023-12-31") == 2  # Australia still negotiates
    assert formats.only_support_to_ukraine("2025-07-01") == 2
    with pytest.raises(TableError, match="not every step since 2024-01-01 is support to Ukraine"):
        formats.only_support_to_ukraine("2024-01-01")


def test_seats_at_the_summits():
    assert formats.represented("madrid", "hague", "vilnius").to_dict() == {"madrid": 3, "hague": 2, "vilnius": 0}
    assert formats.represented("madrid", level="leader")["madrid"] == 2
    assert formats.summits_without_four_rows() == 1  # Ankara; the old one is before 2008


def test_dates_that_differ_from_the_chronology(monkeypatch):
    monkeypatch.setattr(formats, "IN_BOTH", {"ITPP": ["jpn-itpp", "kor-itpp"]})
    assert formats.dates_off_chronology() == 1


def test_who_sat_at_the_summits_since_a_day():
    found = formats.at_summits("2022-01-01").set_index(["summit", "partner"]).level
    assert found.to_dict() == {
        ("Madrid 2022", "Australia"): "leader", ("Madrid 2022", "Japan"): "leader",
        ("Madrid 2022", "New Zealand"): "?", ("Madrid 2022", "South Korea"): "minister",
    }  # fmt: skip
