"""Shares of trade, inflows into ASEAN and the checks of printed shares and ranks, worked by hand."""

import pytest
from small import rows, use

from ip4.measures import economy

TRADE = """iso3, year, flow,    partner_iso3, share_pct, dataset
           AUS,  2023, exports, CHN,          37,        factbook
           JPN,  2023, exports, CHN,          18,        factbook
           MYS,  2023, exports, CHN,          13,        factbook
           JPN,  2023, imports, CHN,          22,        factbook
           JPN,  2014, exports, CHN,          18.3,      wits
           JPN,  2014, exports, CHN,          18,        factbook
           AUS,  2015, exports, CHN,          32,        factbook
           AUS,  2012, exports, CHN,          29,        wits"""
FDI = """year, investor, kind,  inflow_usd_m, share_pct, rank_in_table
         2014, WORLD,    total, 100,          100,
         2014, EU,       group, 30,           30.4,      1
         2014, JPN,      state, 20,           20,        3
         2014, USA,      state, 15,           15,        2
         2022, WORLD,    total, 200,          100,
         2022, USA,      state, 40,           20,        1
         2022, JPN,      state, 30,           15,        2"""
RANKS = """period, start_year, end_year, definition, against, names_year, eu_rank, eu_usd_bn, finding
           2008-2010,       2008, 2010, inflow,    not said, true,  1,  ,      three years
           2012,            2012, 2012, inflow,    all,      true,  4,  ,      behind three
           2013 (stock),    2013, 2013, stock,     all,      true,  1,  ,      a stock
           2014,            2014, 2014, inflow,    all,      true,  1,  0.031, first
           2014 (members),  2014, 2014, inflow,    states,   true,  5,  ,      the largest member
           2014 (restated), 2014, 2014, inflow,    not said, true,   ,  0.025, lower
           2015,            2015, 2015, inflow,    outside,  true,  2,  ,      behind one
           2022 (statement), 2022, 2022, statement, not said, false, 3, ,      no year"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    groups = {"IP4": ["AUS", "JPN"]}
    frames = {"trade_partners": rows(TRADE), "asean_fdi": rows(FDI), "eu_investor_rank": rows(RANKS)}
    use(monkeypatch, economy, groups, **frames)


def test_one_share_and_those_of_the_partners():
    assert economy.trade_share("JPN", "CHN", 2023, flow="imports") == 22
    assert economy.trade_share("JPN", "CHN", 2014, dataset="wits") == 18.3
    assert economy.trade_shares("CHN", 2023).to_dict() == {"AUS": 37, "JPN": 18}  # Malaysia is none of the four
    with pytest.raises(ValueError):
        economy.trade_share("JPN", "CHN", 1999)


def test_two_data_sets_are_compared_where_both_have_a_figure():
    assert economy.gaps_between_datasets("CHN").round(9).to_dict() == {("JPN", 2014, "exports"): 0.3}


def test_growth_is_of_states_in_both_groups_with_figures_in_both_years(monkeypatch):
    table = """iso3, year, gdp_per_capita_ppp_usd, population
               POL, 1995, 10, 4
               POL, 2021, 20, 3
               FIN, 1995, 30, 2
               FIN, 2021, 30, 3
               EST, 1995, ,   1
               EST, 2021, 9,  1
               AUT, 1995, 1,  1
               AUT, 2021, 99, 1"""
    groups = {"EU": ["AUT", "EST", "FIN", "POL"], "NATO": ["EST", "FIN", "POL", "USA"]}
    use(monkeypatch, economy, groups, world_bank_context=rows(table))
    assert economy.growth_of_eu_allies(1995, 2021) == 50  # 100 to 150; Estonia lacks a year, Austria is no ally


def test_inflows_ranks_and_the_eu():
    assert economy.inflow("EU", 2014) == 30 and economy.rank("JPN", 2014) == 3
    assert economy.eu_as_investor("2014") == 1 and economy.eu_as_investor("2014", "eu_usd_bn") == 0.031


def test_printed_shares_and_ranks_against_the_inflows():
    assert economy.gap_printed_shares() == pytest.approx(0.4)
    assert economy.ranks_off_values() == 2  # Japan and the United States have changed places


MANY = """year, investor, kind, inflow_usd_m
          2012, WORLD, total, 9000
          2012, EU,    bloc,  2000
          2012, ASEAN, bloc,  3000
          2012, JPN,   state, 1500
          2012, USA,   state, 1000
          2012, CHN,   state, 500
          2015, EU,    bloc,  2000
          2015, ASEAN, bloc,  1000"""


def test_ranks_of_the_eu_by_way_of_counting():
    found = economy.eu_ranks()
    assert found[["counted", "year", "rank"]].values.tolist() == [
        ["the EU as one, outsiders only", 2014, 1],  # implied: first with ASEAN itself counted
        ["the EU as one, outsiders only", 2015, 2],
        ["the EU as one, ASEAN itself counted", 2012, 4],
        ["the EU as one, ASEAN itself counted", 2014, 1],
        ["its largest member, single states", 2014, 5],
    ]
    assert economy.eu_rank("its largest member, single states", 2014) == 5
    assert economy.eu_first() == [2014] and economy.eu_first("its largest member, single states") == []
    said = economy.eu_rank_captions().set_index("counted").caption
    assert said["the EU as one, ASEAN itself counted"].endswith("counted: first in 2014; other ranks: 4 in 2012")
    assert said["its largest member, single states"].endswith("first in no year; other ranks: 5 in 2014")
    assert economy.restated(2014) == pytest.approx(0.006)


def test_the_lead_over_the_largest_rival(monkeypatch):
    use(monkeypatch, economy, asean_fdi=rows(MANY))
    found = economy.leads()
    assert found[["year", "lead", "label"]].values.tolist() == [
        [2012, -1, "2012: ASEAN itself"],
        [2015, 1, "2015: ASEAN itself"],
    ]
    assert economy.leads(inside=False).label.tolist() == ["2012: Japan"]  # in 2015 no outsider is known
    assert economy.lead(2012, inside=False) == 0.5 and economy.rank_of_known("JPN", 2012) == 3


def test_known_investors_of_a_year(monkeypatch):
    use(monkeypatch, economy, asean_fdi=rows(MANY))
    found = economy.investors(inside=False).query("year == 2012")
    assert found.investor.tolist() == ["the EU", "Japan", "the United States", "China"]
    assert found.share.tolist() == [22.2, 16.7, 11.1, 5.6] and found.inflow.iloc[0] == 2
    assert economy.investors().investor.iloc[0] == "ASEAN itself"


def test_investors_in_both_units_and_in_words(monkeypatch):
    use(monkeypatch, economy, asean_fdi=rows(MANY))
    found = economy.investors_by_unit()
    assert len(found) == 7 + 5  # of 2015 no total is known
    said = economy.investor_captions(found).set_index(["year", "unit"]).caption
    assert said[2012, "% of all inflows"].endswith("known: ASEAN itself 33.3, the EU 22.2, Japan 16.7")
    assert said[2015, "billion dollars"].endswith("known: the EU 2.0, ASEAN itself 1.0")
    assert said[2015, "% of all inflows"].endswith("no total was found")
