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
RANKS = """period, eu_rank, eu_usd_bn
           2014,   1,       0.031
           2022 (statement), 3, """


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
