"""The way of Finland and Sweden into NATO: days each ally took, who was missing when, from application to membership.

Days count from the signing of both protocols on 5 July 2022 to the end of an ally's parliamentary procedure (not the
deposit of the instrument). Population: the thirty allies of that day. Tables: accession, chronology.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coursekit.tables import load
from ip4.groups import members_since
from ip4.measures import chronology

CANDIDATES = {"FIN": "Finland", "SWE": "Sweden"}
APPLIED = "fin-swe-apply"
JOINED = {"FIN": "nato-enl-2023", "SWE": "nato-enl-2024"}
NAMED = 2  # so many missing allies are named, more are counted
MEMBERS_2022 = 30  # allies on 5 July 2022, each of which had to ratify
LONG = 365  # days after which an ally counts as one that held the accession up


def _days() -> pd.DataFrame:
    """Days to ratify: one row an ally (iso3), columns FIN and SWE."""
    return load("accession").pivot(index="ally_iso3", columns="candidate_iso3", values="days_to_ratify")


def days_of(candidate: str, ally: str) -> int:
    """Days that one ally took to ratify one candidate's protocol."""
    return int(_days().loc[ally, candidate])


def allies() -> int:
    """Allies that had to ratify."""
    return len(_days())


def done(candidate: str) -> int:
    """Allies whose ratification of a candidate is on record. Source: ``accession``."""
    return len(_ratified(candidate))


def not_done(candidate: str, among: Sequence[str] = ()) -> int:
    """Allies whose ratification is not on record, as of a day for instance: of all thirty, or of those named (iso3).

    Source: ``accession``.
    """
    return len(set(among) - _ratified(candidate)) if among else MEMBERS_2022 - done(candidate)


def _ratified(candidate: str) -> set[str]:
    rows = load("accession")
    return set(rows.ally_iso3[rows.candidate_iso3 == candidate])


def median_days(candidate: str) -> float:
    """Days after which half of the allies had ratified."""
    return float(_days()[candidate].median())


def days_until(candidate: str, ratified: int) -> int:
    """Days after which so many allies had ratified: ``days_until("SWE", 28)``."""
    return int(_days()[candidate].nsmallest(ratified).max())


def last_allies(candidate: str, n: int = 2) -> list[str]:
    """The last allies to ratify (iso3), slowest first."""
    return list(_days()[candidate].nlargest(n).index)


def holdouts(candidate: str) -> int:
    """Allies that took more than a year."""
    return int((_days()[candidate] > LONG).sum())


def extra_delay(candidate: str) -> int:
    """Days between the third-last ratification and the last: how long the last two made all others wait."""
    return days_until(candidate, allies()) - days_until(candidate, allies() - 2)


def same_day() -> int:
    """Allies that ratified both candidates after the same number of days."""
    return int((_days().FIN == _days().SWE).sum())


def both_ratified_by(day: str) -> int:
    """Allies that had ratified both accessions before a day (YYYY-MM-DD)."""
    done = load("accession").query("ratification_date < @day")
    return int(done.groupby("ally_iso3").size().eq(len(CANDIDATES)).sum())


def by_day() -> pd.DataFrame:
    """How far both candidates were on each day from the signing to the last vote.

    Columns: day, then finland, finland_waits_for, sweden and sweden_waits_for: how many allies had ratified, and which
    were missing, by name when they are two or fewer, else their number.
    """
    rows = load("accession").merge(load("countries"), left_on="ally_iso3", right_on="iso3")
    found = pd.DataFrame({"day": range(int(rows.days_to_ratify.max()) + 1)})
    for code, candidate in CANDIDATES.items():
        race = rows[rows.candidate_iso3 == code].sort_values(["days_to_ratify", "name"])
        took = list(zip(race.name, race.days_to_ratify, strict=True))
        missing = [[name for name, days in took if days > day] for day in found.day]
        found[candidate.lower()] = [len(race) - len(names) for names in missing]
        found[f"{candidate.lower()}_waits_for"] = [_said(names) for names in missing]
    return found


def progress() -> pd.DataFrame:
    """Steps of the race: candidate, day, ratified (allies), one row for each day on which an ally ratified.

    The day of the signing and the last day of all stand there for both candidates.
    """
    rows = by_day().rename(columns={name.lower(): name for name in CANDIDATES.values()})
    long = rows.melt("day", list(CANDIDATES.values()), "candidate", "ratified")
    changes = long.ratified != long.groupby("candidate").ratified.shift()
    return long[changes | (long.day == long.day.max())][["candidate", "day", "ratified"]].reset_index(drop=True)


def _said(names: list[str]) -> str:
    return f"{len(names)} allies" if len(names) > NAMED else " and ".join(names) or "nobody"


def wait(candidate: str) -> int:
    """Days from the application to membership."""
    return chronology.days_between(APPLIED, JOINED[candidate])


def days_after(day: str, candidate: str) -> int:
    """Days from a day (YYYY-MM-DD) to a candidate's membership; negative when membership came first."""
    return int((chronology.day(JOINED[candidate]) - pd.Timestamp(day)).days)


# ---- do the tables agree with each other and with what was published?


def dates_off() -> int:
    """Rows whose days differ from the difference of their two dates."""
    table = load("accession")
    return int(((table.ratification_date - table.protocol_signed).dt.days != table.days_to_ratify).sum())


def signatures_off() -> int:
    """Rows whose day of signature is not that of the chronology."""
    return int((load("accession").protocol_signed != chronology.day("fin-swe-protocol")).sum())


def complete() -> int:
    """Candidates for which each of the thirty allies has a row."""
    return int(load("accession").groupby("candidate_iso3").ally_iso3.nunique().eq(30).sum())


def days_from_application(candidate: str) -> int:
    """Days from the common application to the last ally's vote."""
    return int((_last_vote(candidate) - chronology.day(APPLIED)).days)


def years_off(first: int = 2014) -> int:
    """Allies whose year of joining differs from their first year as a member in NATO's spending table.

    The table begins in 2014; Iceland, which has no forces, is not in it.
    """
    spent = load("nato_spending").query("is_member and edition == edition.max()").groupby("iso3").year.min()
    joined = members_since("NATO").drop("ISL").clip(lower=first)
    return int(spent.sub(joined).ne(0).sum())


def _last_vote(candidate: str) -> pd.Timestamp:
    """The day of the last ratification."""
    return load("accession").query("candidate_iso3 == @candidate").ratification_date.max()


def days_off(candidate: str, published: str) -> int:
    """Days between the last ratification and a published date (YYYY-MM-DD), without sign."""
    return abs((_last_vote(candidate) - pd.Timestamp(published)).days)
