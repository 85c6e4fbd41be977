"""The map of two regions: which state belongs to what in a year. Sources: map_outlines, memberships, countries.

Both maps are equal-area and have the same scale; three further maps of another scale (WORLD) show the whole
world. Years are those of ``overlaps``: a state counts at the year's end.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4 import groups
from ip4.measures import overlaps

NEVER = 9999  # stands for "has not joined" and for "has not left", so that a chart can compare
KINDS = ["in both", "in NATO only", "in the EU only", "talks with NATO", "none of these"]
MAPS = ["North Atlantic", "Indo-Pacific"]
WORLD = ["Americas", "Africa, Europe and West Asia", "Asia and the Pacific"]  # together they show the whole world


def outlines() -> pd.DataFrame:
    """One row a place on a map: map, place, outline (SVG path, 1000 units to each side), nato, eu, eu_until and talks.

    nato, eu: year of joining. eu_until: year of leaving the EU. talks: first year of dialogue between NATO and one of
    the four. NEVER where there is none. is_member: a UN member, whose status nobody disputes.
    """
    rows = (
        load("map_outlines")
        .query("map in @MAPS")
        .merge(load("countries")[["iso3", "short_name"]], on="iso3", how="left")
    )
    when = {name: rows.iso3.map(_years(group)) for name, group in [("nato", "NATO"), ("eu", "EU"), ("talks", "IP4")]}
    left = _rows("EU").dropna(subset="leave_date").set_index("iso3").leave_date.str[:4].astype(int)
    rows = rows.assign(**when, eu_until=rows.iso3.map(left), is_member=rows.iso3.notna())
    rows = rows.assign(place=rows.short_name.fillna(rows.place))
    years = ["nato", "eu", "eu_until", "talks"]
    rows[years] = rows[years].fillna(NEVER).astype(int)
    return rows[["map", "place", "is_member", *years, "outline"]]


def _rows(group: str) -> pd.DataFrame:
    rows = load("memberships")
    known = rows.status.isin(["member", "former member", "partner"])
    return rows[known & (rows.organisation == groups.ALIASES.get(group, group))]


def _years(group: str) -> pd.Series:
    return _rows(group).set_index("iso3").join_year.astype(int)


def changes() -> pd.DataFrame:
    """What happened, in order of years: year, state, change (joins NATO, joins the EU, leaves the EU, talks begin).

    Sources: memberships, countries.
    """
    known = load("countries").set_index("iso3").short_name
    words = {"NATO": "joins NATO", "EU": "joins the EU", "IP4": "begins to talk with NATO"}
    parts = [_years(group).rename("year").reset_index().assign(change=said) for group, said in words.items()]
    left = _rows("EU").dropna(subset="leave_date")[["iso3", "leave_date"]]
    gone = pd.DataFrame({"iso3": left.iso3, "year": left.leave_date.str[:4].astype(int), "change": "leaves the EU"})
    rows = pd.concat([*parts, gone], ignore_index=True)
    rows = rows.assign(state=rows.iso3.map(known)).sort_values(["year", "change", "state"], ignore_index=True)
    return rows[["year", "state", "change"]]


def captions() -> pd.DataFrame:
    """What the map says in each year: year, caption."""
    years = range(overlaps.FIRST, overlaps.LAST + 1)
    talks = _years("IP4")
    said = [
        f"{year}: {len(overlaps.inside('NATO', year))} allies, {len(overlaps.inside('EU', year))} members of the EU; "
        f"NATO talks with {int((talks <= year).sum())} of the four"
        for year in years
    ]
    return pd.DataFrame({"year": years, "caption": said})


def missing() -> int:
    """Members of NATO, of the EU and partners that are on neither map. Sources: map_outlines, memberships."""
    wanted = {iso3 for group in ("NATO", "EU", "IP4") for iso3 in groups.members(group)}
    return len(wanted - set(load("map_outlines").query("map in @MAPS").iso3.dropna()))


def off_the_world() -> list[str]:
    """UN members that stand on none of the three maps of the world, by name. Sources: map_outlines, countries."""
    states = load("countries").query("is_un_member")
    drawn = load("map_outlines").query("map in @WORLD").iso3
    return sorted(states.short_name[~states.iso3.isin(drawn)])
