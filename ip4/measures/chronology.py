"""Dates of the course's chronology and of the summits: how many days lay between two events."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load

NATO_GREW = "nato-(?:founding|enl-)"


def day(event: str) -> pd.Timestamp:
    """The (first) day of an event of ``chronology``, or the opening day of a meeting of ``summits``, by its id.

    Raises TableError for an id that neither table has.
    """
    dates = pd.concat(
        [load("chronology").set_index("event_id").date, load("summits").set_index("summit_id").start_date]
    )
    if event not in dates.index:
        raise TableError(f"Neither chronology nor summits has '{event}'; give an event_id or a summit_id.")
    return dates[event]


def days_between(first: str, last: str) -> int:
    """Days from one event to another; negative when the second came first. ``chronology``, ``summits``."""
    return int((day(last) - day(first)).days)


def allies_joined(until: str = "9999") -> int:
    """States that founded NATO or joined it up to a day (YYYY-MM-DD), as the events of ``chronology`` name them."""
    return int(_joining().query("iso3 != 'NATO' and text_date <= @until").iso3.nunique())


def joined_on_other_days() -> int:
    """Members whose joining date in ``memberships`` is not the day of the event in ``chronology``."""
    dates = load("memberships").query("organisation == 'NATO'")[["iso3", "join_date"]]
    return int(_joining().merge(dates, on="iso3").eval("text_date != join_date").sum())


def last_vote(candidate: str) -> pd.Timestamp:
    """The day on which the last ally's parliament voted on a candidate's accession. Source: ``accession``."""
    return load("accession").query("candidate_iso3 == @candidate").ratification_date.max()


def summits_overlap() -> int:
    """Meetings of ``summits`` that begin before the one before has ended, or end before they begin."""
    rows = load("summits").sort_values("start_date")
    return int((rows.end_date.shift() >= rows.start_date).sum() + (rows.end_date < rows.start_date).sum())


def events_outside_summits() -> int:
    """Summit events of ``chronology`` that last several days and begin on no day of a meeting of ``summits``."""
    events = load("chronology").query("category in ['summit', 'summit_attendance'] and date_precision == 'day'")
    meetings = load("summits")
    days = events[events.end_date.notna()].date
    return sum(not ((meetings.start_date <= date) & (date <= meetings.end_date)).any() for date in days)


def _joining() -> pd.DataFrame:
    """One row a state that founded or joined NATO: iso3, text_date (YYYY-MM-DD)."""
    rows = load("chronology")
    rows = rows[rows.event_id.str.match(NATO_GREW)]
    rows = rows.assign(iso3=rows.actors.str.split(";"), text_date=rows.date.dt.strftime("%Y-%m-%d"))
    return rows.explode("iso3")[["iso3", "text_date"]]
