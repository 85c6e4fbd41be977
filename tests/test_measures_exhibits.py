"""Exhibits and the first years that turn them, worked by hand on small tables."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import exhibits

SPENT = """iso3, year, share_gdp_pct
           AUS,  1994, 9
           AUS,  1995, 2
           AUS,  1996, 1
           AUS,  1998, 1.5
           AUS,  2012, 1.2
           AUS,  2025, 1.5
           FRA,  1995, 3
           FRA,  2014, 1.8
           FRA,  2025, 2
           POL,  1995, 9
           POL,  2025, 4
           USA,  1995, 1
           USA,  2025, 3"""
SPENT_NATO = """edition, iso3, year, share_gdp_pct
                2025,    FRA,  2014, 9
                2026,    FRA,  2014, 1.8
                2026,    FRA,  2025, 2.1
                2026,    TUR,  2014, 1
                2026,    TUR,  2025, 2"""
ARMS = """iso3, recipient_type, is_nonoverlapping, block_end, supplier_group, tiv_m
          AUS,  state,          True,              2020,      United States,  30
          AUS,  state,          True,              2020,      Europe,         10
          AUS,  state,          True,              2025,      United States,  10
          AUS,  state,          True,              2025,      Europe,         30
          AUS,  state,          False,             2023,      Europe,         99
          FRA,  state,          True,              2025,      Europe,         10
          USA,  state,          True,              2025,      United States,  90
              , group,          True,              2025,      Europe,         99"""
SINCE = {"NATO": {"FRA": 1949.0, "USA": 1949.0, "POL": 1999.0}}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {"sipri_spending": rows(SPENT), "arms_supplier_groups": rows(ARMS), "nato_spending": rows(SPENT_NATO)}
    use(monkeypatch, exhibits, None, **frames)
    kept = exhibits.MEASURES["military spending"]
    made = {"military spending": exhibits.Measure(lambda: rows(SPENT), kept.value, 2, "% of GDP", "sipri_spending")}
    monkeypatch.setattr(exhibits, "MEASURES", made | {"American arms": exhibits.MEASURES["American arms"]})
    since = lambda group: SINCE[group] if isinstance(group, str) else dict.fromkeys(group, 0.0)  # noqa: E731
    monkeypatch.setattr(exhibits.votes, "first_years", since)
    monkeypatch.setattr(exhibits, "CAPITALS", {"Canberra": ["AUS"], "Brussels (NATO)": "NATO"})


def test_a_series_begins_in_1995_and_an_exhibit_in_the_next_year_with_a_value():
    assert exhibits.series("Canberra", "military spending").to_dict() == {
        1995: 2,
        1996: 1,
        1998: 1.5,
        2012: 1.2,
        2025: 1.5,
    }
    assert exhibits.start("Canberra", "military spending", 1997) == 1998
    assert exhibits.change("Canberra", "military spending", 1995) == -0.5
    assert exhibits.change("Canberra", "military spending", 1996) == 0.5


def test_headlines_name_both_years_and_a_tie_is_no_move():
    assert exhibits.headline("Canberra", "military spending", 1995) == "fell from 2.00 in 1995 to 1.50 in 2025"
    assert exhibits.headline("Canberra", "military spending", 1996) == "rose from 1.00 in 1996 to 1.50 in 2025"
    assert exhibits.headline("Canberra", "military spending", 1997) == "stood at 1.50 in 1998 and in 2025"
    assert [exhibits.way(x) for x in (0.1, -0.1, 0)] == ["rose", "fell", "did not move"]


def test_members_count_from_the_year_of_joining():
    """1995: France 3 and the United States 1, the median is 2; 2025 with Poland 2, 3, 4: the median is 3."""
    assert exhibits.series("Brussels (NATO)", "military spending").to_dict() == {1995: 2, 2014: 1.8, 2025: 3}


def test_the_american_part_is_of_the_volume_of_the_members_without_the_protector():
    assert exhibits.series("Canberra", "American arms").to_dict() == {2020: 75, 2025: 25}
    assert exhibits.series("Brussels (NATO)", "American arms").to_dict() == {2025: 0}  # France; not the United States


def test_unknown_words_and_too_late_a_year_are_refused():
    with pytest.raises(TableError, match="'Oslo' is not known; choose one of Canberra"):
        exhibits.series("Oslo", "military spending")
    with pytest.raises(TableError, match="'tanks' is not known"):
        exhibits.series("Canberra", "tanks")
    with pytest.raises(TableError, match="no two years from 2025 on"):
        exhibits.start("Canberra", "military spending", 2025)


def test_first_years_are_counted_each_way():
    """From 1995 it fell, from 1996 and 2012 it rose, from 1998 it stood."""
    table = exhibits.table()
    ways = exhibits.directions(table).set_index(["capital", "measure"])
    row = ways.loc[("Canberra", "military spending")]
    assert (row.rises, row.falls, row.both, row.said) == (2, 1, "yes", "↑2\n↓1")
    assert exhibits.first_years("Canberra", "military spending", "rose") == 2
    assert exhibits.first_years("Canberra", "military spending", "did not move") == 1
    assert exhibits.both_ways() == exhibits.both_ways(capital="Canberra") + exhibits.both_ways(
        capital="Brussels (NATO)"
    )


@pytest.mark.parametrize(
    ("rule", "both"),
    [
        ("any first year", "yes"),
        ("three first years each way", "no"),  # one fall only
        ("a tenth of the range each way", "yes"),  # range 1: 0.5 down, 0.5 and 0.3 up
        ("first years from 2010", "no"),  # 2012 alone
    ],
)
def test_each_rule_asks_for_more(rule, both):
    ways = exhibits.directions(exhibits.table(), rule)
    assert ways.both[(ways.capital == "Canberra") & (ways.measure == "military spending")].item() == both
    rest = exhibits.left_from_2010("Canberra", "military spending")
    assert rest == "only one headline is left"


def test_rows_and_captions_of_the_figures():
    table = exhibits.table()
    assert list(table) == ["capital", "measure", "year", "value", "unit", "headline"]
    assert table.headline[table.year == 2025].unique().tolist() == ["the newest value"]
    rows_ = exhibits.all_directions(table)
    said = exhibits.direction_captions(rows_).set_index("rule").caption
    # Four pairs; spending in Canberra is the only one with both: NATO only rises, one series of arms has one value.
    assert said["any first year"] == "With any first year, 1 of 4 exhibits can be made to rise and to fall"
    two = exhibits.changes(["Canberra"], "military spending", [1995, 1996])
    assert two.to_dict("list") == {"capital": ["Canberra"] * 2, "first": [1995, 1996], "change": [-0.5, 0.5]}


def test_two_publishers_side_by_side(monkeypatch):
    known = {"NATO": ["FRA", "TUR"], "EU": ["FRA"]}
    monkeypatch.setattr(exhibits.groups, "members", lambda group: known[group])
    sipri = rows(SPENT + "\n TUR, 2014, 1.5\n TUR, 2025, 1.6")
    use(monkeypatch, exhibits, None, sipri_spending=sipri, nato_spending=rows(SPENT_NATO))
    found = exhibits.publishers().set_index("what")
    assert found.loc["Ankara, NATO"].tolist() == [1, 2, 1]
    assert found.loc["Ankara, SIPRI"].tolist() == [1.5, 1.6, 0.1]
    assert found.loc["NATO, NATO"].tolist() == [1.4, 2.05, 0.65]
    assert exhibits.largest_gap(exhibits.publishers()).to_dict() == {"who": "Ankara", "gap": 0.9}
    said = exhibits.publisher_title(exhibits.publishers())
    assert said == "Ankara, change in points of GDP since 2014: +1.00 after NATO, +0.10 after SIPRI"
