"""Groups of states come from the memberships table and know their date."""

from datetime import date

import pandas as pd
import pytest

from coursekit.tables import TableError
from ip4.groups import members, members_at_ends, members_since
from ip4.measures import formats


@pytest.mark.parametrize(
    ("group", "day", "count"),
    [
        ("NATO", "1949-04-03", 0),
        ("NATO", "1949-04-04", 12),
        ("NATO", "1999-03-12", 19),
        ("NATO", "2023-07-11", 31),
        ("NATO", "2024-03-06", 31),
        ("NATO", "2024-03-07", 32),
        ("NATO", None, 32),
        ("EU", "2020-01-30", 28),
        ("EU", None, 27),
        ("ASEAN", "1967-08-08", 5),
        ("SEATO", None, 0),
        ("SEATO", "1960-01-01", 8),
    ],
)
def test_size_of_a_group_at_a_day(group, day, count):
    assert len(members(group, on=day)) == count


def test_the_four_partners_are_the_same_four_without_a_day():
    assert members("IP4") == members("AP4") == ["AUS", "JPN", "KOR", "NZL"]
    assert members("IP4", on="1995-01-01") == ["JPN"]


def test_a_date_object_is_as_good_as_text():
    assert members("NATO", on=date(2023, 7, 11)) == members("NATO", on="2023-07-11")


def test_many_years_are_the_same_as_each_year_alone():
    found = members_at_ends("NATO", range(1948, 2027))
    assert found == {year: members("NATO", on=f"{year}-12-31") for year in range(1948, 2027)}
    assert [len(found[year]) for year in (1948, 1949, 2023, 2024)] == [0, 12, 31, 32]
    with pytest.raises(TableError, match="not sourced"):
        members_at_ends("ARF", [2023])


def test_finland_is_in_and_sweden_is_not_at_vilnius():
    vilnius = members("NATO", on="2023-07-11")
    assert "FIN" in vilnius and "SWE" not in vilnius


def test_candidates_partners_and_invited_states_do_not_count():
    assert len(members("CPTPP")) == 12
    assert "SAU" not in members("BRICS")


@pytest.mark.parametrize(
    ("group", "day", "words"),
    [
        ("NAT0", None, "Did you mean 'NATO'"),
        ("NATO", "July 2023", "YYYY-MM-DD"),
        ("ARF", "2023-07-11", "not sourced"),
    ],
)
def test_bad_input_gets_one_sentence(group, day, words):
    with pytest.raises(TableError, match=words):
        members(group, on=day)


def test_year_of_joining():
    since = members_since("NATO")
    assert list(since.index) == members("NATO") and since.dtype == "int64"
    assert (since["USA"], since["POL"], since["FIN"], since["SWE"]) == (1949, 1999, 2023, 2024)
    assert members_since("IP4").index.tolist() == members("IP4")


@pytest.mark.parametrize("group", ["NATO", "EU", "ASEAN", "BRICS"])
@pytest.mark.parametrize("day", ["1960-12-31", "1995-12-31", "2023-12-31"])
def test_the_year_of_joining_agrees_with_the_members_of_a_day(group, day):
    since = members_since(group)
    assert set(since.index[since <= int(day[:4])]) == set(members(group, on=day)) & set(members(group))


def test_those_who_left_have_no_year():
    assert "GBR" not in members_since("EU").index and members_since("SEATO").empty


def test_a_year_that_is_not_sourced_is_not_invented():
    with pytest.raises(TableError, match="joining years of .* in ARF are not sourced"):
        members_since("ARF")


def test_leaders_are_counted_only_where_all_four_are_known():
    counted = formats.leaders()
    assert counted.dropna().to_dict() == {2022: 4, 2023: 4, 2024: 3, 2025: 1}
    assert (
        counted[2026] is pd.NA and 2020 not in counted.index
    )  # Ankara is known for one of the four; no summit in 2020
