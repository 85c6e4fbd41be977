"""Days between events, and checks of dates in one table against another, worked by hand."""

import pandas as pd
import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import chronology

EVENTS = """event_id, date, date_precision, end_date, category, actors
            nato-founding, 1949-04-04, day, ,           nato_enlargement, NATO;USA;GBR
            nato-enl-1952, 1952-02-18, day, ,           nato_enlargement, NATO;TUR
            apply,         2022-05-18, day, ,           nato_enlargement, FIN;SWE
            meeting,       2022-06-28, day, 2022-06-30, summit,           NATO
            elsewhere,     2022-07-05, day, 2022-07-06, summit,           NATO
            vague,         2022-08-01, month, 2022-08-31, summit,         NATO"""
SUMMITS = """summit_id, start_date, end_date
             madrid,  2022-06-29, 2022-06-30
             vilnius, 2023-07-11, 2023-07-12
             odd,     2023-07-12, 2023-07-11"""
JOINED = """iso3, organisation, join_date
            USA,  NATO,         1949-04-04
            TUR,  NATO,         1952-02-19
            TUR,  OECD,         1961-08-02"""
VOTES = """candidate_iso3, ratification_date
           FIN, 2023-03-30
           FIN, 2022-07-05
           SWE, 2024-02-26"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(
        monkeypatch,
        chronology,
        chronology=rows(EVENTS, "date", "end_date"),
        summits=rows(SUMMITS, "start_date", "end_date"),
        memberships=rows(JOINED),
        accession=rows(VOTES, "ratification_date"),
    )


def test_days_between_two_events_or_an_event_and_a_summit():
    assert chronology.days_between("apply", "meeting") == 41
    assert chronology.days_between("meeting", "apply") == -41
    assert chronology.days_between("madrid", "vilnius") == 377
    assert chronology.day("vilnius") == pd.Timestamp("2023-07-11")


def test_an_unknown_event_is_named():
    with pytest.raises(TableError, match="Neither chronology nor summits has 'yalta'"):
        chronology.days_between("yalta", "apply")


def test_allies_are_counted_from_the_events_that_made_them_so():
    assert chronology.allies_joined() == 3 and chronology.allies_joined("1950-01-01") == 2
    assert chronology.joined_on_other_days() == 1  # Türkiye, by a day; the OECD does not count


def test_the_last_vote_on_a_candidate():
    assert chronology.last_vote("FIN") == pd.Timestamp("2023-03-30")


def test_meetings_that_overlap_and_events_outside_of_them():
    assert chronology.summits_overlap() == 2  # "odd" begins while Vilnius lasts, and ends before it begins
    assert chronology.events_outside_summits() == 2  # both: the first begins a day early; the vague one does not count
