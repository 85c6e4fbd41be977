"""Groups of states come from the memberships table and know their date."""

from datetime import date

import pytest

from coursekit.tables import TableError
from ip4.groups import members


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
