"""Who gave most: two sides, windows, places and promises, worked by hand on six donors and three months."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.explorers import ukraine_aid
from ip4.measures import aid_cases, promises, ranking

MONTHS = """donor_id, iso3, channel,          month,      military_eur_bn, total_eur_bn, commitments_eur_bn
            USA,      USA,  United States,    2022-12-01, 6,               8,            20
            DEU,      DEU,  EU members,       2022-12-01, 2,               2,            3
            USA,      USA,  United States,    2023-07-01, 1,               1,            0
            DEU,      DEU,  EU members,       2023-07-01, 2,               3,            3
            EU_INST,  ,     EU institutions,  2023-07-01, 0,               5,            20
            NOR,      NOR,  Other NATO allies,2024-12-01, 2,               2,            9
            JPN,      JPN,  IP4,              2024-12-01, 0,               1,            1
            USA,      USA,  United States,    2026-04-01, 0,               0,            0"""
DONORS = """donor_id, iso3, channel,           total_eur_bn, eu_share_eur_bn, gdp_2021_eur_bn
            USA,      USA,  United States,     9,            ,                2000
            DEU,      DEU,  EU members,        5,            5,               400
            EU_INST,  ,     EU institutions,   5,            ,
            NOR,      NOR,  Other NATO allies, 2,            ,                100
            JPN,      JPN,  IP4,               1,            ,                500"""
NAMES = """iso3, name
           USA, United States
           DEU, Germany
           NOR, Norway
           JPN, Japan"""
REPORTS = """figure_id,             value
             usa-2023-promised,     19
             europe-2023-promised,  30
             usa-2024-allocated,    8
             europe-2024-allocated, 11"""
SCHEME = """month,      nato_purl_eur_bn
            2022-12-01, 0
            2026-04-01, 1"""
ARMS, ALL, PROMISED = ranking.MEASURES


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {
        "ukraine_aid_monthly": rows(MONTHS, "month").assign(financial_eur_bn=0, humanitarian_eur_bn=0),
        "ukraine_aid_donors": rows(DONORS),
        "countries": rows(NAMES),
        "ukraine_aid_reports": rows(REPORTS),
        "ukraine_aid_origin": rows(SCHEME, "month"),
    }
    groups = {"EU": ["DEU"], "IP4": ["JPN"], "NATO": ["USA", "DEU", "NOR"]}
    for module in (ranking, promises, aid_cases):
        use(monkeypatch, module, **frames)
    monkeypatch.setattr(ranking, "members", groups.__getitem__)
    monkeypatch.setattr(aid_cases, "members", groups.__getitem__)


def test_a_side_is_a_set_of_donors_and_a_window_holds_both_its_months():
    assert ranking.amount("United States", ARMS) == 7 and ranking.amount("United States", ARMS, "2023-01") == 1
    assert ranking.amount("Europe") == 2 + 3 + 5 + 2
    assert ranking.amount("the EU") == 2 + 3 + 5 and ranking.amount("European states") == 2 + 3 + 2
    assert ranking.amount("DEU", PROMISED, last="2022-12") == 3


def test_an_unknown_side_or_measure_is_named():
    with pytest.raises(TableError, match="no donor or side 'Atlantis'"):
        ranking.amount("Atlantis")
    with pytest.raises(TableError, match="no measure 'gifts'"):
        ranking.amount("Europe", "gifts")


def test_the_leader_depends_on_measure_window_and_who_is_europe():
    assert ranking.leader(ARMS, last="2023-07") == "United States"  # 7 to 4
    assert ranking.leader(ALL, last="2023-07") == "Europe"  # 9 to 10
    assert ranking.leader(ALL, last="2023-07", europe="European states") == "United States"  # 9 to 5
    assert ranking.leader(ARMS, "2023-07", "2023-07") == "Europe"  # 1 to 2
    assert ranking.leader(ARMS, "2026-04", "2026-04") == "level"
    # Arms 7:4 three times, all 9:10, 9:10, 9:5, promised 20:26, 20:26, 20:6.
    assert (ranking.answers("United States", "2023-07"), ranking.answers("Europe", "2023-07")) == (5, 4)


def test_both_sides_of_a_window_at_once():
    found = ranking.both_sides("2023-07", "2023-07")
    assert list(found.loc[ALL]) == [1, 8, "Europe"] and found.ahead[ARMS] == "Europe"


def test_the_lab_draws_both_figures_and_refuses_a_window_that_ends_before_it_begins(monkeypatch):
    monkeypatch.undo()  # the lab reads the course's own tables
    sides, order = ukraine_aid.draw("2022-01", "2023-07", ALL, "% of GDP")
    assert sides.words["title"].startswith(
        "2022-01 to 2023-07, arms: United States ahead (United States 41.1, Europe 27.8"
    )
    assert order.words["title"].startswith("All aid allocated, % of GDP:")
    with pytest.raises(ValueError, match="ends before it begins"):
        ukraine_aid.draw("2023-07", "2022-01", ALL, "% of GDP")


def test_euros_for_every_hundred():
    assert ranking.per_hundred(PROMISED, "2023-07") == 100 * 26 / 20


def test_the_lead_of_the_running_sums_and_its_changes():
    sums = ranking.to_date(ALL)
    assert list(sums["United States"]) == [8, 9, 9, 9] and list(sums.Europe) == [2, 10, 12, 12]
    assert ranking.changes_of_lead(ALL).to_dict() == {"2023-07": "Europe"}
    assert ranking.leads_since(ALL) == "2023-07" and ranking.changes_of_lead(ARMS).empty


def test_the_first_month_that_turns_the_order():
    assert ranking.by_first_month(ARMS, "2023-07").to_dict() == {"2022-12": "United States", "2023-07": "Europe"}
    assert ranking.turning_month(ARMS, "2023-07") == "2023-07"
    with pytest.raises(TableError, match="Europe gave more in each window"):
        ranking.turning_month(ALL, "2024-12", "Europe")


def test_three_measures_have_a_row_and_a_caption_for_each_setting():
    found = ranking.three_measures()
    assert len(found) == 4 * 3 * 3
    (row,) = found.query("until == '31 July 2023' and measure == @ALL and europe.str.startswith('the states')").to_dict(
        "records"
    )
    assert (row["United States"], row["Europe"], row["more"]) == (9, 5, "United States")
    said = ranking.three_captions(found).set_index(["until", "europe"]).caption
    assert said["31 July 2023", ranking.EUROPES["Europe"]].endswith(
        "arms allocated 7.0 to 4.0, all aid allocated 9.0 to 10.0, all aid promised 20.0 to 26.0"
    )


def test_every_window_of_quarters_once():
    found = ranking.windows().query("measure == @ARMS").set_index(["first", "last"])
    assert len(found) == 4 * 5 / 2
    assert list(found.loc[("2022 Q4", "2023 Q3"), ["United States", "Europe"]]) == [7, 4]
    assert list(found.loc[("2023 Q3", "2024 Q4"), ["United States", "Europe"]]) == [1, 4]
    assert ranking.windows_led(ARMS, last="2022 Q4") == 100
    led = 100 * (found.more == "United States").sum() / 10
    assert ranking.windows_led(ARMS) == led == 40  # the four windows from the first quarter
    assert ranking.window_captions(ranking.windows()).caption.iloc[0].endswith("in 4 of 10 windows")


def test_places_by_amount_and_by_share_of_gdp():
    found = ranking.donors(ALL).set_index("iso3")
    assert found.amount.to_dict() == {"USA": 9, "DEU": 5, "NOR": 2, "JPN": 1}
    assert found.share.to_dict() == {"USA": 0.45, "DEU": 1.25, "NOR": 2, "JPN": 0.2}
    assert ranking.place("USA", "amount") == 1 and ranking.place("USA") == 3 and ranking.place("NOR") == 1
    assert ranking.donors(ALL, last="2022-12").set_index("iso3").amount["DEU"] == 2
    assert ranking.donors(ranking.WITH_EU).set_index("iso3").amount["DEU"] == 10


def test_the_top_holds_the_leaders_and_always_the_united_states_and_the_partners():
    found = ranking.top(1).query("measure == @ALL and unit == '% of GDP'")
    assert list(found.donor) == ["Norway", "United States", "Japan"] and list(found.group) == [
        "Others",
        "United States",
        "IP4",
    ]
    assert found.said.iloc[1] == "0.45, place 3"
    said = ranking.top_captions(ranking.top(1)).set_index(["measure", "unit"]).caption
    assert said[ALL, "% of GDP"] == "All aid allocated, % of GDP: Norway first, United States 3"


def test_promised_and_allocated_run_apart():
    found = promises.running().query("group == 'EU institutions'")
    assert list(found.line) == ["promised", "allocated"] and list(found.amount) == [20, 5]
    everybody = promises.running().query("group == 'All donors' and line == 'promised'")
    assert list(everybody.amount) == [23, 46, 56, 56] and everybody.year.iloc[0] == 2023
    assert "EU institutions: 20 promised, 5 allocated, EUR bn" in set(
        promises.running_captions(promises.running()).caption
    )
    assert promises.left_open("Europe") == (3 + 3 + 20 + 9) - 12


def test_a_promise_can_be_taken_out():
    assert promises.largest_promises()["2023-07"] == 20
    assert promises.promised_without("2023-07") == 26 - 20


def test_older_readings_stand_beside_the_release(monkeypatch):
    monkeypatch.setattr(promises.published, "figure", {"kiel-2022-usa": 21, "kiel-2022-eu": 4}.__getitem__)
    found = promises.releases().set_index("what")
    assert list(found.loc["US, promises 2023", ["reported", "recounted"]]) == [19, 20]
    assert list(found.loc["Europe, allocated 2024", ["reported", "recounted"]]) == [11, 10]


def test_the_exercise_hands_out_sums_of_its_windows(monkeypatch):
    monkeypatch.setattr(aid_cases, "STARTS", range(0, 1))
    monkeypatch.setattr(aid_cases, "LENGTHS", (2, 9))
    assert aid_cases.windows() == [("2022-12", "2023-07")]
    shares = aid_cases.shares_shown().set_index("channel")
    assert shares.military_pct["United States"] == round(100 * 7 / 11, 2) and shares.total_pct[
        "EU institutions"
    ] == round(100 * 5 / 19, 2)
    sides = aid_cases.sides_shown().set_index(["measure", "side"]).amount
    assert sides["military", "Europe"] == 4 and sides["commitments", "United States"] == 20
    places = aid_cases.places_shown().set_index("donor")
    assert places.amount["Germany"] == 5 and places.share_place["Germany"] == 1 and places.promised["Germany"] == 6
    assert places.amount["Norway"] == 0


def test_the_exercise_marks_who_is_european_and_who_is_a_member():
    found = aid_cases.donor_file().set_index("donor")
    assert list(found.index[found.is_european]) == ["EU institutions", "Germany", "Norway"]
    assert list(found.index[found.in_nato]) == ["Germany", "Norway", "United States"]
    assert len(aid_cases.aid_file()) == 7, "a month without any amount has no row"


def test_through_nato_since_a_month(monkeypatch):
    monkeypatch.setattr(aid_cases, "SINCE", range(2, 3))
    (row,) = aid_cases.nato_shown().to_dict("records")
    assert row == {"since": "2024-12", "military": 2, "purl": 1, "from_members": 2}


def test_a_case_is_a_donor_that_gave_in_a_window_with_a_clear_lead(monkeypatch):
    monkeypatch.setattr(aid_cases, "STARTS", range(0, 1))
    monkeypatch.setattr(aid_cases, "LENGTHS", (2,))
    monkeypatch.setattr(aid_cases, "SINCE", range(2, 3))
    monkeypatch.setattr(aid_cases, "PER_DONOR", 1)
    assert aid_cases.cases() == [{"donor": "Germany", "first": "2022-12", "last": "2023-07", "since": "2024-12"}]
