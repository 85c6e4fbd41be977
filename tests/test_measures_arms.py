"""Arms transfers: shares of volume, first suppliers, orders, and checks of one table against another, by hand."""

import pandas as pd
import pytest
from small import rows, use

from ip4.measures import arms

FLOWS = """year, supplier_iso3, recipient_iso3, tiv_m
           2016, KOR, POL, 30
           2021, KOR, POL, 60
           2021, KOR, USA, 20
           2025, KOR, IDN, 20
           2022, USA, JPN, 45
           2022, SWE, JPN, 5
           2017, USA, JPN, 25"""
GROUPS = """recipient_id, iso3, recipient_type, block, is_nonoverlapping, supplier_group, tiv_m, share_pct
            EUR_NATO, ,     group, 2021-25, true, United States, 60, 60
            EUR_NATO, ,     group, 2021-25, true, Europe,        40, 40
            EUR_NATO, ,     group, 2016-20, true, United States, 25, 50
            EUR_NATO, ,     group, 2016-20, true, Europe,        25, 50
            POL,      POL,  state, 2021-25, true, United States, 70, 70
            POL,      POL,  state, 2016-20, true, Europe,        50, 100
            JPN,      JPN,  state, 2021-25, true, United States, 45, 91"""
TOP = """recipient_id, iso3, recipient_type, block, rank, supplier_iso3, tiv_m, share_pct
         POL, POL, state, 2021-25, 1, USA, 70,  68
         POL, POL, state, 2021-25, 2, KOR, 71,  30
         DEU, DEU, state, 2021-25, 1, ISR, 10,  60
         JPN, JPN, state, 2021-25, 1, USA, 45,  91
         POL, POL, state, 2016-20, 1, KOR, 30,  60
         EUR, ,    group, 2021-25, 1, USA, 99,  50"""
ORDERS = """supplier_iso3, recipient_iso3, order_year, weapon, number_ordered, \
            number_delivered, first_delivery, last_delivery, tiv_delivered
            KOR, POL, 2022, K-2 Black Panther, 180, 90, 2022, 2025, 450
            KOR, POL, 2025, K-2 Black Panther, 180, 0,  ,     ,     0
            KOR, POL, 2022, K-9 Thunder,       212, 10, 2021, 2025, 50
            AUS, UKR, 2024, M-1A1 Abrams,      49,  40, 2025, 2026, 40
            AUS, DEU, 2021, Boxer,             100, 5,  ,     ,     4"""
PUBLISHED = """entity_id, iso3, indicator, block, block_start, block_end, published_pct, recomputed_pct
               USA, USA, world_exports_share_pct,   2021-25, 2021, 2025, 42, 
               JPN, JPN, imports_change_pct,        2021-25, 2021, 2025, 93, 90
               POL, POL, us_share_of_imports_pct,   2021-25, 2021, 2025, 72, 69"""
KOREA = """contract_id, is_total, is_framework, k2_tanks, value_usd_bn
           framework,      false, true,  980, 
           executive-1,    false, false, 180, 5
           phase-1-total,  true,  false, 180, 12
           executive-2-k2, false, false, 180, 6.5
           executive-2-k9, false, false, ,    2.6"""
GIVEN = """iso3, weapon_class, n_items
           AUS,  tanks,        49
           AUS,  howitzers,    6"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        arms,
        {"NATO": ["CAN", "DEU", "POL", "TUR", "USA"], "EU": ["AUT", "DEU", "POL"], "IP4": ["JPN"]},
        arms_ip4_flows=rows(FLOWS),
        arms_supplier_groups=rows(GROUPS),
        arms_top_suppliers=rows(TOP),
        arms_ip4_orders=rows(ORDERS).astype({"first_delivery": "Int64", "last_delivery": "Int64"}),
        arms_published=rows(PUBLISHED),
        arms_korea_poland=rows(KOREA),
        ukraine_heavy_weapons=rows(GIVEN),
    )


def test_european_nato_is_without_three():
    assert arms.european_nato() == ["DEU", "POL"]


def test_shares_and_volumes_of_a_block():
    assert arms.group_share("EUR_NATO", "Europe", "2021-25") == 40
    assert arms.volume("EUR_NATO", "2021-25") / arms.volume("EUR_NATO", "2016-20") == 2


def test_first_suppliers_are_those_of_states_of_european_nato_in_one_block():
    assert arms.top_suppliers().set_index("iso3").supplier_iso3.to_dict() == {"POL": "USA", "DEU": "ISR"}
    assert arms.top_suppliers("2016-20").supplier_iso3.tolist() == ["KOR"]


def test_flows_by_side_and_years():
    assert arms.flow("KOR", "POL") == 90 and arms.flow("KOR", None, 2021, 2025) == 100
    assert arms.flow(None, "JPN", 2021, 2025) == 50 and arms.flow("KOR", ["POL", "IDN"], 2021) == 80
    assert arms.import_share("JPN", "USA", 2021, 2025) == 90
    assert arms.export_share("KOR", arms.european_nato(), 2021, 2025) == 60


def test_orders_by_part_of_the_designation():
    assert arms.ordered("KOR", "POL", "K-2").number_ordered.tolist() == [180, 180]
    assert arms.ordered(weapon="M-1A1").supplier_iso3.tolist() == ["AUS"]
    assert arms.polish_orders("K-2") == 360 and arms.polish_orders("K-2", 2025) == 180
    assert arms.contracted("k2_tanks", "executive-1") == 180


def test_orders_of_states_in_both_and_orders_out_of_time():
    assert arms.orders_of_eu_allies(2022) == 3  # not Ukraine, not the order of 2021
    assert arms.orders_out_of_time() == 3  # delivered before 2022, after 2025, and a number without a year


def test_polands_contracts_leave_frameworks_and_parts_of_a_total_out():
    assert arms.poland_in_korea() == pytest.approx(12 + 6.5 + 2.6)


def test_published_percentages_and_the_same_from_the_register():
    assert arms.published("USA", "world_exports_share_pct") == 42
    assert arms.published("JPN", "imports_change_pct", "2021-25", column="recomputed_pct") == 90
    assert arms.supplied("POL", "KOR", "2016-20") == 30


def test_gaps_between_the_tables():
    assert arms.gap_recomputed_change("JPN", "2021-25") == -10  # 50 after 25 is a rise of 100 percent
    assert arms.gap_recomputed_changes() == 10
    assert arms.gap_us_shares("arms_published") == 1 and arms.gap_us_shares("arms_top_suppliers") == 2
    assert arms.gap_partners_to_flows() == 1
    assert arms.gap_members_to_aggregate() == 30  # 70 of 100; 50 of 50
    assert arms.gap_australian_tanks() == -9
    assert arms.ranks_out_of_order() == 1 and arms.ranks_out_of_order(tolerance=1) == 0


def test_a_share_of_a_block_that_is_not_there_is_no_zero():
    with pytest.raises(KeyError):
        arms.group_share("EUR_NATO", "IP4", "2021-25")
    assert isinstance(arms.top_suppliers("1990-94"), pd.DataFrame) and arms.top_suppliers("1990-94").empty
