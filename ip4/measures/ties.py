"""What ties the four partners to the EU and to ASEAN, on one line of years. Tables: chronology, countries, memberships.

A tie known only by its month or year is held as the whole month or year: ``first`` and ``last`` are its ends.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures.chronology import day, days_between

MISSIONS, SECURITY, TREATY = "EU pact on missions", "EU security partnership", "ASEAN's treaty"
SHORT = {MISSIONS: "missions", SECURITY: "security", TREATY: "treaty"}
KINDS = {"fpa": MISSIONS, "sdp": SECURITY, "tac": TREATY}
EU, ASEAN, BOTH = "the EU", "ASEAN", "all"  # "all": the word that lets every row of a figure pass
WITH = {MISSIONS: EU, SECURITY: EU, TREATY: ASEAN}
VILNIUS, TOGETHER = "2023-vilnius", "madrid-ip4"  # the summit of the article; the first with all four leaders
DAY_WORDS = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}


def ties() -> pd.DataFrame:
    """One row a tie, oldest first: step (partner and kind), partner, kind, ties (with whom), date, first, last, middle.

    date is said as far as it is known; first, last and middle are years with a part (2012.3). Tables as in the module.
    """
    rows = load("chronology")
    made = rows.event_id.str.extract(r"^(?:eu-[a-z]{3}-(?P<eu>fpa|sdp)|(?P<asean>tac)-[a-z]{3})$").bfill(axis=1).eu
    rows = rows.assign(kind=made.map(KINDS)).dropna(subset="kind").sort_values("date", kind="stable")
    partner = rows.actors.str.split(";").str[-1].map(_names())
    found = pd.DataFrame({"step": partner + ": " + rows.kind.map(SHORT), "partner": partner, "kind": rows.kind})
    found = found.assign(ties=rows.kind.map(WITH), date=list(map(_said, rows.date, rows.date_precision)))
    first, last = rows.date.map(_year), list(map(_end, rows.date, rows.date_precision))
    found = found.assign(first=first, last=last).round({"first": 3, "last": 3})
    return found.assign(middle=((found["first"] + found["last"]) / 2).round(3)).reset_index(drop=True)


def tie_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``ties`` say for each choice of the control: ties, caption. Tables as in the module."""
    of, count = len(members("IP4")), rows.kind.value_counts()
    by_tie = rows.groupby("ties")["last"].agg(n="size", older=lambda ends: (ends <= summit_year()).sum())
    older = [f"{row.older} of {row.n} ties with {name}" for name, row in by_tie.iterrows()]
    eu = (
        f"The EU: a pact on missions with {count[MISSIONS]} of {of}, a security partnership with {count[SECURITY]}, "
        f"the first {days_after_vilnius()} days after Vilnius"
    )
    last = rows.partner[rows.kind == TREATY].iloc[-1]
    years = f"{years_before_madrid():.0f} years before Madrid"
    asean = f"ASEAN: its treaty binds {count[TREATY]} of {of}; {last} came last, {years}"
    both = f"Older than the first NATO summit with all four: {' and '.join(older)}"
    return pd.DataFrame({"ties": [BOTH, EU, ASEAN], "caption": [both, eu, asean]})


def days_after_vilnius() -> int:
    """Days from the opening of the Vilnius summit to the EU's first security partnership with one of the four."""
    return days_between(VILNIUS, "eu-jpn-sdp")


def years_before_madrid() -> float:
    """Years from the last partner's accession to ASEAN's treaty to the first NATO summit with all four leaders."""
    return days_between("tac-aus", TOGETHER) / 365.25


def summit_year() -> float:
    """The first NATO summit with all four leaders on the line of years. Table: chronology."""
    return round(_year(day(TOGETHER)), 3)  # as first and last are rounded, so that the same day is the same place


def _names() -> pd.Series:
    return load("countries").set_index("iso3").name[members("IP4")]


def _said(date: pd.Timestamp, precision: str) -> str:
    return date.strftime(DAY_WORDS[precision])


def _year(date: pd.Timestamp) -> float:
    """A day as a year with a part."""
    return date.year + (date.day_of_year - 1) / (366 if date.is_leap_year else 365)


def _end(date: pd.Timestamp, precision: str) -> float:
    """The end of what is known of a date: the day itself, or the first day after its month or year."""
    ends = {"day": date, "month": date + pd.DateOffset(months=1), "year": date + pd.DateOffset(years=1)}
    return _year(ends[precision])
