"""NATO's liaison office in Tokyo, from the idea to the statement that it was not under discussion (``chronology``)."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures.chronology import day

SHORT = {
    "jpn-mission-2018": "Embassy accredited",
    "jpn-mission-2023": "Mission announced",
    "jpn-mission-2025": "Mission opened",
    "office-idea": "Idea in Tokyo",
    "office-reported": "Report of a plan",
    "office-postponed": "Put off",
    "macron-geography": "Paris says no",
    "office-not-active": "Not discussed (US)",
    "office-dropped": "Not discussed (NATO)",
}
REPORTED, OFFICE, MISSION = "office-reported", "office", "mission"


def steps() -> pd.DataFrame:
    """One row a step: step, date (text), days (from the first report; negative before it), kind, title.

    kind: "mission" for Japan's in Brussels, else "office". Source: ``chronology``.
    """
    rows = load("chronology").query("event_id in @SHORT").sort_values("date")
    start = day(REPORTED)
    is_japans = rows.event_id.str.startswith("jpn-mission")
    found = pd.DataFrame({"step": rows.event_id.map(SHORT), "date": rows.date.dt.strftime("%Y-%m-%d")})
    found = found.assign(days=(rows.date - start).dt.days, title=rows.title)
    return found.assign(kind=is_japans.map({True: MISSION, False: OFFICE})).reset_index(drop=True)
