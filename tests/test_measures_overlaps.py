"""Who is in one organisation, in two, in none; and the map of it: worked by hand on seven states."""

import pandas as pd
import pytest
from small import rows, use

from ip4 import groups
from ip4.measures import maps, overlaps

SEATS = """iso3, organisation, status,        join_date,  join_year, leave_date
           FRA,  NATO,         member,        1949-04-04, 1949,
           NOR,  NATO,         member,        1949-04-04, 1949,
           GBR,  NATO,         member,        1949-04-04, 1949,
           FRA,  EU,           member,        1958-01-01, 1958,
           GBR,  EU,           former member, 1973-01-01, 1973,      2020-01-31
           IRL,  EU,           member,        1973-01-01, 1973,
           JPN,  NATO_IP4,     partner,       1990,       1990,
           KOR,  NATO_IP4,     partner,       2005,       2005,
           JPN,  G7,           member,        1975,       1975,
           FRA,  G7,           member,        1975,       1975,
           GBR,  G7,           member,        1975,       1975,
           JPN,  EAS,          member,        2005-12-14, 2005,
           KOR,  EAS,          member,        2005-12-14, 2005,
           CHN,  EAS,          member,        2005-12-14, 2005,
           JPN,  OECD,         member,        1964,       1964,
           KOR,  OECD,         member,        1996,       1996,
           FRA,  OECD,         member,        1961,       1961, """
NAMES = """iso3, short_name
           FRA, France
           NOR, Norway
           GBR, UK
           IRL, Ireland
           JPN, Japan
           KOR, South Korea
           USA, US
           CHN, China"""
PLACES = """map, iso3, place, km2, outline
            North Atlantic, FRA, France, 1, M0
            North Atlantic, GBR, United Kingdom, 1, M1
            North Atlantic, , Crimea, 1, M2
            Indo-Pacific, JPN, Japan, 1, M3"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    tables = {"memberships": rows(SEATS), "countries": rows(NAMES), "map_outlines": rows(PLACES)}
    for module in (groups, overlaps, maps):
        use(monkeypatch, module, **tables)
    few = {code: overlaps.COMPARED[code] for code in ("NATO", "EU", "G7", "OECD", "EAS")}
    monkeypatch.setattr(overlaps, "COMPARED", few)


def test_the_three_parts_of_a_year():
    assert overlaps.parts(1958) == {"in both": {"FRA"}, "in NATO only": {"NOR", "GBR"}, "in the EU only": set()}
    assert overlaps.parts(1973) == {"in both": {"FRA", "GBR"}, "in NATO only": {"NOR"}, "in the EU only": {"IRL"}}
    assert overlaps.size("in both", 2019) == 2 and overlaps.size("in both", 2020) == 1, "it left on 31 January 2020"
    assert overlaps.inside("NATO", 1948) == set()
    assert overlaps.parts_by_year(1958, 1973)[1973] == overlaps.parts(1973)
    assert overlaps.short_names()["KOR"] == "South Korea" and overlaps.names({"KOR"}, {"KOR": "Korea"}) == "Korea"


def test_each_year_has_its_counts_names_and_caption():
    lines, named = overlaps.by_year(), overlaps.named().set_index("year")
    assert len(lines) == 3 * 78 and lines.query("year == 1958 and part == 'in NATO only'").states.item() == 2
    assert named.loc[1958].tolist() == [1, "Norway, UK", "nobody"] and named.loc[1973].eu_only == "Ireland"
    assert overlaps.captions().caption.iloc[-1] == "2026: 1 states in both; in the EU only: Ireland"


def test_the_share_of_the_eu_that_is_in_nato():
    share = overlaps.share_in_both()
    assert share[1958] == 100 and share[1973] == pytest.approx(200 / 3) and share[2020] == 50


def test_pairs_of_organisations_and_who_is_left_out():
    pair = overlaps.compared().set_index(["one", "other"])
    assert pair.loc[("NATO", "G7"), ["shared", "only_one", "only_other"]].tolist() == [2, 1, 1]
    assert pair.loc[("G7", "OECD"), ["partners_in_both", "partners_in_neither"]].tolist() == ["Japan", "nobody"]
    assert pair.loc[("NATO", "European Union"), "partners_in_neither"] == "Japan, South Korea"
    said = overlaps.compared_captions().set_index("one").caption
    assert said["NATO"] == "NATO shares most states with G7: 2"


def test_tables_where_all_partners_sit_with_and_without_another_state():
    assert overlaps.with_all_four() == ["OECD", "EAS"]
    assert overlaps.with_all_four_without("CHN") == ["OECD"]


def test_how_often_a_state_sits_and_where():
    assert overlaps.in_all(["NATO", "EU", "G7"]) == {"FRA"} and overlaps.in_all(["EAS", "NATO"]) == set()
    assert overlaps.in_how_many(["NATO", "G7"]).to_dict() == {"FRA": 2, "GBR": 2, "NOR": 1, "JPN": 1}
    sits = overlaps.seated(["G7", "EAS"]).set_index(["state", "organisation"]).sits
    assert (
        sits["Japan", "G7"] == "yes"
        and sits["South Korea", "G7"] == "no"
        and sits["China", "East Asia Summit"] == "yes"
    )
    assert len(sits) == 4 * 2, "the partners of the table, the United States and China"


def test_the_map_knows_when_each_place_joined_and_left():
    places = maps.outlines().set_index("place")
    assert places.loc["UK", ["nato", "eu", "eu_until"]].tolist() == [1949, 1973, 2020]
    assert places.loc["France", ["eu_until", "talks"]].tolist() == [maps.NEVER, maps.NEVER]
    assert places.loc["Japan", ["nato", "talks"]].tolist() == [maps.NEVER, 1990]
    assert not places.loc["Crimea"].is_member and places.loc["Crimea"].nato == maps.NEVER


def test_changes_come_in_order_and_captions_count_them():
    found = maps.changes()
    assert found.year.is_monotonic_increasing
    assert found.iloc[-1].tolist() == [2020, "UK", "leaves the EU"]
    assert found.query("state == 'Japan'").change.tolist() == ["begins to talk with NATO"]
    said = maps.captions().set_index("year").caption
    assert said[1990] == "1990: 3 allies, 3 members of the EU; NATO talks with 1 of the four"


def test_a_member_on_neither_map_is_counted():
    assert maps.missing() == 3, "Norway, Ireland and South Korea have no outline here"
    assert isinstance(overlaps.in_how_many([]), pd.Series)


def test_the_explorer_names_who_is_in_all_and_who_is_out():
    from ip4.explorers import belonging as lab

    everywhere, out = lab.draw("NATO", "G7")
    assert everywhere.words["title"] == "In all of NATO, G7: 2 states (France, UK)"
    assert out.words["title"].endswith("is out of 2 of 2")
    assert lab.draw("G7", "G7")[0].words["title"] == "In all of G7: 3 states (France, Japan, UK)"


def test_the_explorer_redraws_when_another_organisation_is_chosen():
    from ip4.explorers.belonging import explore

    controls, output = explore().children
    before = str(output.outputs)
    controls.children[2].value = "G7"
    assert len(controls.children) == 3 and str(output.outputs) != before
