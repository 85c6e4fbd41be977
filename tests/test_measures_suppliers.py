"""Suppliers of European NATO: shares, volumes, sales and single buyers, by hand."""

import pytest
from small import rows, use

from ip4.measures import arms, suppliers

FLOWS = """direction, basis, block, block_end, partner_group, tiv_m, share_pct, lines_without_value
           delivered, all,          2006-10, 2010, Europe,        60, 60, 0
           delivered, all,          2006-10, 2010, United States, 40, 40, 0
           delivered, all,          2016-20, 2020, Europe,        15, 25, 0
           delivered, all,          2016-20, 2020, United States, 40, 66.7, 0
           delivered, all,          2016-20, 2020, China,         3,  5, 0
           delivered, all,          2016-20, 2020, Russia,        2,  3.3, 0
           delivered, all,          2021-25, 2025, Europe,        30, 30, 0
           delivered, all,          2021-25, 2025, United States, 70, 70, 0
           delivered, without F-35, 2006-10, 2010, Europe,        60, 60, 0
           delivered, without F-35, 2016-20, 2020, Europe,        15, 50, 0
           ordered,   all,          2021-25, 2025, Europe,        10, 20, 3
           ordered,   all,          2021-25, 2025, IP4,           40, 80, 2
           ordered,   all,          2016-20, 2020, Europe,        10, 20, 9
           exported,  all,          2021-25, 2025, European NATO, 25, 25, 0
           exported,  all,          2021-25, 2025, Other,         75, 75, 0
           exported,  all,          2016-20, 2020, European NATO, 16, 16, 0"""
WORLD = """exporter_group, block, block_end, share_pct
           European NATO, 2021-25, 2025, 32
           EU members,    2021-25, 2025, 28"""
GROUPS = """recipient_id, iso3, block, block_end, is_nonoverlapping, supplier_group, tiv_m, share_pct
            EUR_NATO, ,    2006-10, 2010, true,  Europe,        60, 60
            EUR_NATO, ,    2006-10, 2010, true,  United States, 41, 40
            POL, POL,      2006-10, 2010, true,  Europe,        40, 80
            POL, POL,      2006-10, 2010, true,  United States, 10, 20
            POL, POL,      2021-25, 2025, true,  Europe,        50, 25
            POL, POL,      2021-25, 2025, true,  IP4,           120, 60
            POL, POL,      2021-25, 2025, true,  China,         30, 15
            POL, POL,      2019-23, 2023, false, Europe,        99, 99
            GRC, GRC,      2006-10, 2010, true,  Europe,        5,  50
            GRC, GRC,      2006-10, 2010, true,  Israel,        5,  50
            GRC, GRC,      2021-25, 2025, true,  Europe,        9,  90
            GRC, GRC,      2021-25, 2025, true,  Israel,        1,  10
            JPN, JPN,      2021-25, 2025, true,  United States, 7,  100"""
ORDERS = """recipient_iso3, order_year, tiv_order
            POL, 2022, 30
            POL, 2019, 99
            USA, 2023, 50"""
PRINTED = """entity_id, indicator, block, published_pct, recomputed_pct
             EUR_NATO, us_share_of_imports_pct, 2015-19, 52, 53
             EUR_NATO, us_share_of_imports_pct, 2020-24, 64, 62
             EUROPE,   us_share_of_imports_pct, 2021-25, 48, 48
             USA,      world_exports_share_pct, 2021-25, 42, 41
             EUROPE,   world_exports_share_pct, 2021-25, 28, """
NAMES = """iso3, name
           POL, Poland
           GRC, Greece
           JPN, Japan"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {
        "arms_europe_flows": rows(FLOWS),
        "arms_world_exports": rows(WORLD),
        "arms_supplier_groups": rows(GROUPS),
        "arms_ip4_orders": rows(ORDERS),
        "arms_published": rows(PRINTED),
        "countries": rows(NAMES),
    }
    groups = {"NATO": ["GRC", "POL", "TUR", "USA"]}
    use(monkeypatch, suppliers, groups, **frames)
    use(monkeypatch, arms, groups, **frames)


def test_share_volume_and_multiple_of_a_block():
    assert suppliers.share("Europe", "2016-20") == 25
    assert suppliers.share("Europe", "2016-20", "without the F-35") == 50
    assert suppliers.volume("IP4", "2021-25", "orders") == 40
    assert suppliers.times("Europe", "2006-10", "2016-20") == 0.25
    assert suppliers.times("United States", "2006-10", "2016-20") == 1  # the share rose all the same
    assert suppliers.series("Europe").to_dict() == {"2006-10": 60, "2016-20": 25, "2021-25": 30}


def test_a_fall_with_and_without_one_programme():
    assert suppliers.fall() == 35 and suppliers.fall("Europe", "without the F-35") == 10
    assert suppliers.fall("Europe", first="2016-20", last="2021-25") == -5


def test_sales_and_orders_without_value():
    assert suppliers.went_to("European NATO", "2021-25") == 25
    assert suppliers.world_share("EU members", "2021-25") == 28
    assert suppliers.unvalued() == 5 and suppliers.unvalued("2016-20") == 9


def test_rows_by_block_put_small_suppliers_together_and_say_the_blocks():
    found = suppliers.by_block()
    others = found.query("supplier == 'others' and block == '2016-20'")
    assert others.share.tolist() == [8.3] and found.counted.nunique() == 3  # China and Russia
    assert found.query("counted == 'orders' and supplier == 'the four partners'").volume.tolist() == [0.04]
    everything = found[found.counted == "all deliveries"]
    (said,) = suppliers.captions(everything, "share").caption
    assert said == (
        "All deliveries, 2006-10, 2016-20, 2021-25: Europe 60.0, 25.0, 30.0 per cent; "
        "United States 40.0, 66.7, 70.0 per cent"
    )
    jets = suppliers.captions(everything.assign(counted="without the F-35"), "share").caption.item()
    assert jets.startswith("Without the F-35, "), "a name keeps its capitals"
    assert "0.1, 0.0, 0.0 thousand" in suppliers.captions(everything, "volume").caption.item()


def test_three_lines_of_european_makers():
    found = suppliers.against().set_index(["line", "block"]).share
    assert found["of world exports", "2021-25"] == 32
    assert found["of allies' imports", "2016-20"] == 25 and found["of allies' orders", "2021-25"] == 20


def test_members_with_their_suppliers_total_and_order():
    found = suppliers.of_members()
    poland = found.query("member == 'Poland' and block == '2021-25'").set_index("supplier")
    assert poland.share.to_dict() == {"Europe": 25, "others": 15, "the four partners": 60}
    assert set(poland.total) == {"200"} and set(poland.europe) == {25}
    assert set(found.member) == {"Poland", "Greece"}  # neither groups nor partners
    said = suppliers.member_captions(found).set_index("block").caption["2006-10"]
    assert said == "2006-10: 1 of 2 members had more than half of their imports from Europe, 0 from the United States"


def test_one_member_and_the_number_that_fell():
    assert suppliers.member_share("POL", "Europe", "2021-25") == 25
    assert suppliers.falling() == 1  # Poland; the Greek share rose
    assert suppliers.of_states(["GRC"], ["2006-10", "2021-25"]).share.tolist() == [50, 90]


def test_any_buyer_in_both_measures_and_its_largest_supplier():
    found = suppliers.recipients()
    assert found.recipient.unique().tolist() == ["European NATO", "Greece", "Poland"]
    said = suppliers.recipient_captions(found).set_index(["recipient", "measure"]).caption
    assert said["Poland", "share, %"] == (
        "Poland, share, %: most from Europe in 2006-10 (80.0); most from the four partners in 2021-25 (60.0)"
    )


def test_who_gained_between_two_blocks_counts_absence_as_zero():
    found = suppliers.ends("Poland", "2006-10", "2021-25", "share, %").set_index("supplier").change
    assert found.to_dict() == {"the four partners": 60, "Europe": -55, "United States": -20, "others": 15}
    assert suppliers.change("Poland", "Europe", "volume, thousand TIV", "2006-10", "2021-25") == 0.01


def test_printed_shares_beside_our_own_and_two_europes():
    found = suppliers.published_and_own()
    assert found.published.tolist() == [52, 64, 48, 42, 28, 28]
    assert found.own.tolist() == [53, 62, 48, 41, 28, 32]


def test_gaps_to_the_other_tables():
    assert suppliers.gap_to_groups() == 1  # 40 against 41
    assert suppliers.gap_of_orders() == 10  # 40 against Poland's 30 since 2021
    assert suppliers.more_sold_than_bought() == 1  # 16 sold, 15 bought


def test_the_explorer_draws_and_refuses_blocks_out_of_order():
    from ip4.explorers import pillar

    for shown in pillar.draw("Poland", "share, %", "2006-10", "2021-25"):
        assert "Poland" in shown.words["title"]
    with pytest.raises(ValueError, match="earlier first block"):
        pillar.between("Poland", "share, %", "2021-25", "2006-10")
