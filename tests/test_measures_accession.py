"""The way into NATO: days worked by hand on a small invented race, then properties of the real one."""

import inspect

import pandas as pd
import pytest

from ip4.measures import accession, chronology

SIGNED = pd.Timestamp("2022-07-05")
DAYS = {"AAA": (0, 0), "BBB": (10, 10), "CCC": (20, 90), "DDD": (50, 400), "EEE": (60, 500)}  # Finland, Sweden
ROWS = pd.DataFrame(
    [(code, ally, days) for ally, pair in DAYS.items() for code, days in zip(("FIN", "SWE"), pair, strict=True)],
    columns=["candidate_iso3", "ally_iso3", "days_to_ratify"],
)
ROWS["protocol_signed"] = SIGNED
ROWS["ratification_date"] = SIGNED + pd.to_timedelta(ROWS.days_to_ratify, "D")
WORLD = {
    "accession": ROWS,
    "countries": pd.DataFrame({"iso3": list(DAYS), "name": [f"Land {iso3}" for iso3 in DAYS]}),
    "chronology": pd.DataFrame(
        {
            "event_id": ["fin-swe-apply", "fin-swe-protocol", "nato-enl-2023", "nato-enl-2024"],
            "date": pd.to_datetime(["2022-05-18", "2022-07-05", "2022-09-15", "2023-11-20"]),
        }
    ),
    "summits": pd.DataFrame({"summit_id": ["2023-x"], "start_date": pd.to_datetime(["2023-07-11"])}),
}


@pytest.fixture
def world(monkeypatch):
    for module in (accession, chronology):
        monkeypatch.setattr(module, "load", lambda name: WORLD[name].copy())


def test_days_of_one_ally_and_of_half_of_them(world):
    assert accession.days_of("SWE", "DDD") == 400
    assert accession.median_days("SWE") == 90
    assert accession.days_until("SWE", 3) == 90
    assert accession.allies() == 5


def test_the_last_two_and_how_long_they_made_the_others_wait(world):
    assert accession.last_allies("SWE") == ["EEE", "DDD"]
    assert accession.holdouts("SWE") == 2
    assert accession.holdouts("FIN") == 0
    assert accession.extra_delay("SWE") == 410
    assert accession.same_day() == 2


def test_ratifications_on_record_are_counted_and_the_rest_of_the_thirty_is_missing(world):
    assert accession.done("SWE") == len(DAYS)
    assert accession.not_done("SWE") == 30 - len(DAYS)
    assert accession.not_done("SWE", ["AAA", "ZZZ"]) == 1


def test_progress_has_a_step_for_each_day_on_which_an_ally_ratified(world):
    table = accession.progress()
    found = {name: list(zip(rows.day, rows.ratified, strict=True)) for name, rows in table.groupby("candidate")}
    assert found["Sweden"] == [(0, 1), (10, 2), (90, 3), (400, 4), (500, 5)]
    assert found["Finland"] == [(0, 1), (10, 2), (20, 3), (50, 4), (60, 5), (500, 5)]


def test_who_is_waited_for_is_named_when_few_are_missing(world):
    table = accession.by_day().set_index("day")
    assert table.loc[0, ["finland", "finland_waits_for"]].tolist() == [1, "4 allies"]
    assert list(table.index) == list(range(501))
    assert table.sweden_waits_for[10] == "3 allies"
    assert table.sweden_waits_for[90] == "Land DDD and Land EEE"
    assert table.sweden_waits_for[400] == "Land EEE"
    assert table.finland_waits_for[60] == "nobody"


def test_from_application_to_membership_and_around_a_day(world):
    assert accession.wait("FIN") == 120
    assert accession.wait("SWE") == 551
    assert accession.days_after("2023-11-15", "SWE") == 5
    assert accession.days_after("2022-09-20", "FIN") == -5
    assert accession.days_from_application("FIN") == 48 + 60


def test_both_ratified_by_a_day_and_dates_that_fit(world):
    assert accession.both_ratified_by("2022-08-01") == 2
    assert accession.dates_off() == 0
    assert accession.signatures_off() == 0
    assert accession.days_off("FIN", "2022-09-01") == 2


def test_dates_that_do_not_fit_are_counted(world, monkeypatch):
    odd = ROWS.assign(days_to_ratify=ROWS.days_to_ratify.where(ROWS.ally_iso3 != "CCC", 7))
    monkeypatch.setattr(accession, "load", lambda name: odd.copy() if name == "accession" else WORLD[name].copy())
    assert accession.dates_off() == 2


def test_the_real_race_is_complete_and_ends_with_the_same_two():
    assert accession.complete() == 2
    assert set(accession.last_allies("FIN")) == set(accession.last_allies("SWE"))
    last = accession.progress().groupby("candidate").ratified.max()
    assert set(last) == {accession.allies()}


def test_every_measure_says_what_it_is():
    for name, function in inspect.getmembers(accession, inspect.isfunction):
        if function.__module__ == accession.__name__ and not name.startswith("_"):
            assert inspect.getdoc(function), name
