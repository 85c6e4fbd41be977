"""Aid to Ukraine: shares, sums and comparisons of tables, worked by hand on four donors and three months."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import aid

MONTHS = """donor_id, iso3, channel,          month,      military_eur_bn, total_eur_bn
            USA,      USA,  United States,    2023-06-01, 6,               8
            DEU,      DEU,  EU members,       2023-06-01, 2,               2
            EU_INST,  ,     EU institutions,  2023-07-01, 0,               5
            NOR,      NOR,  Other NATO allies,2023-08-01, 2,               5"""
ORIGIN = """month,     nato_purl_eur_bn, stockpile_eur_bn
            2023-06-01, 0,               8
            2023-07-01, 0,               0
            2023-08-01, 1,               1"""
DONORS = """donor_id, iso3, channel,    total_eur_bn, military_eur_bn, total_pct_gdp, \
            eu_share_eur_bn, gdp_2021_eur_bn, military_pct_gdp, total_with_eu_share_pct_gdp
            USA,      USA,  United States,   8, 6, 0.4, ,  2000, 0.3,
            DEU,      DEU,  EU members,      2, 2, 0.5, 2, 400,  0.5, 1.2
            EU_INST,  ,     EU institutions, 5, 0, ,    ,  ,     ,
            NOR,      NOR,  Other NATO allies, 5, 2, 5, ,  100,  2,"""
FACTS = """fact_id, value, unit
           a, 500, EUR million
           b, 2,   EUR billion
           c, 7,   USD billion"""
WEAPONS = """iso3, n_items, value_eur_m, items
             DEU,  7,      1500,         tank (4); howitzer (3)
             DEU,  2,      600,          launcher (3)
             NOR,  1,      10,           gun (1)"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        aid,
        groups={"EU": ["DEU"]},
        ukraine_aid_monthly=rows(MONTHS, "month"),
        ukraine_aid_origin=rows(ORIGIN, "month"),
        ukraine_aid_donors=rows(DONORS),
        ukraine_institutions=rows(FACTS),
        ukraine_heavy_weapons=rows(WEAPONS),
    )


def test_a_share_counts_one_channel_or_several_in_the_months_named():
    assert aid.share("United States") == 100 * 8 / 20
    assert aid.share("United States", "military", last="2023-06") == 100 * 6 / 8
    assert aid.share(["EU members", "EU institutions"]) == 100 * 7 / 20
    assert aid.share("EU institutions", first="2023-07", last="2023-07") == 100
    assert aid.share("Other NATO allies", "military", first="2023-07") == 100


def test_an_unknown_channel_is_named():
    with pytest.raises(TableError, match="no channel Atlantis"):
        aid.share(["EU members", "Atlantis"])


def test_europe_is_the_eu_its_members_and_four_more():
    assert aid.europe() == 2 + 5 + 5 and aid.europe("2023-07") == 7


def test_donors_of_a_channel_that_gave_a_larger_share():
    assert aid.donors_above("USA") == 1 and aid.donors_above("DEU") == 0
    assert aid.donors_above("DEU", "Other NATO allies") == 1


def test_purl_is_a_part_of_all_military_aid_of_the_same_months():
    assert aid.purl_share() == 100 * 1 / 10 and aid.purl_share("2023-08") == 50


def test_a_fund_in_millions_or_billions_is_set_against_the_aid_up_to_a_month():
    assert aid.fund_share("a", last="2023-06") == 100 * 0.5 / 10
    assert aid.fund_share("b", "military", last="2023-08") == 100 * 2 / 10
    with pytest.raises(TableError, match="c: the unit is USD billion"):
        aid.fund_share("c", last="2023-06")


def test_tables_that_agree_have_no_gap_and_one_that_does_not_shows_it(monkeypatch):
    assert aid.gap_donors_to_months() == 0 and aid.gap_origins_to_months() == 0
    assert aid.gap_shares_of_gdp() == pytest.approx(abs(100 * 4 / 400 - 1.2))
    use(
        monkeypatch,
        aid,
        ukraine_aid_monthly=rows(MONTHS, "month"),
        ukraine_aid_donors=rows(DONORS.replace("8, 6", "9, 7")),
    )
    assert aid.gap_donors_to_months() == 2


def test_weapons_worth_more_than_all_aid_and_lists_that_do_not_add_up():
    assert aid.weapons_above_military_aid() == 1  # Germany: 2.1 against 2 bn EUR
    assert aid.items_off_their_list() == 1  # 2 items, 3 in the list


def test_by_month_has_every_kind_and_channel_in_words(monkeypatch):
    later = "\n            USA,      USA,  United States,    2023-07-01, 0,               0"
    frame = rows(MONTHS + later, "month").assign(financial_eur_bn=1, humanitarian_eur_bn=1)
    use(monkeypatch, aid, groups={"EU": ["DEU"]}, ukraine_aid_monthly=frame)
    found = aid.by_month().query("kind == 'arms'")
    assert list(found.channel)[1:3] == ["United States", "EU institutions"] and list(found.amount) == [6, 0, 0, 2, 2]
    assert found.year.iloc[0] == round(2023 + 5.5 / 12, 3)
    said = aid.month_captions("2023-07").set_index("kind").caption
    assert said["arms"] == "United States: 75 % of arms to 2023, 0.0 % since"


def test_four_readings_of_through_nato(monkeypatch):
    frames = {"ukraine_aid_monthly": rows(MONTHS.replace("2023-08", "2025-08"), "month")}
    frames["ukraine_aid_origin"] = rows(ORIGIN.replace("2023-08", "2025-08"), "month")
    frames["ukraine_institutions"] = rows(FACTS.replace("a, 500", "cap-02, 500"))
    use(monkeypatch, aid, groups={"NATO": ["USA", "DEU"]}, **frames)
    assert aid.allies_share() == 80 and aid.allies_share("2025-08") == 0
    assert aid.purl_bn() == 1
    assert list(aid.through_nato().share) == [80, 50, 10, 5]
