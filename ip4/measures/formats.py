"""Groups, meetings and instruments that tie the four partners to each other, to NATO and to the region."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.groups import members

NOT_INSIDE = ["former member", "invited", "candidate", "suspended"]
NO_GROUP = ["UDCG", "EU_SDP"]  # a donors' meeting, and agreements of two that are listed together
NO_MINILATERAL = [*NO_GROUP, "NATO_IP4", "US_TREATY_ALLY", "G7"]
TALKS = ["ministerial meeting", "diplomatic mission", "dialogue and declaration"]
PRESENT = ["leader", "minister", "other"]
UKRAINE = "support to Ukraine"
IN_BOTH = {
    "Joint Political Declaration": ["aus-jpd", "jpn-jpd"],
    "IPCP": ["aus-ipcp", "jpn-ipcp", "kor-ipcp", "nzl-ipcp"],
    "ITPP": ["aus-itpp", "jpn-itpp", "kor-itpp", "nzl-itpp"],
    "CCDCOE": ["jpn-ccdcoe", "kor-ccdcoe"],
    "Mission to NATO": ["kor-mission"],
}


def groups() -> pd.DataFrame:
    """One row an organisation or informal format in which a state sits today. ``memberships``, ``organisations``.

    Columns: organisation, domain ("security", "politics", "economy" ...), is_asean_led, hub_iso3 (the state around
    which treaties of two are listed), partners (how many of the four are in it), reach (the same, the hub counted),
    has_usa, first_year and first_date (when its first member joined; text, YYYY-MM-DD). States that left, were invited,
    are candidates or suspended are not counted.
    """
    rows = _seats()
    by = rows.groupby("organisation")
    table = by[["domain", "is_asean_led", "hub_iso3"]].first()
    partner = set(members("IP4"))
    table["partners"] = by.iso3.agg(lambda states: len(partner.intersection(states)))
    hub_counts = table.hub_iso3.isin(partner) & ~_is_member(rows, table.hub_iso3)
    table["reach"] = table.partners + hub_counts
    table["has_usa"] = by.iso3.agg(lambda states: "USA" in set(states))
    table["first_year"], dated = by.join_year.min(), rows.dropna(subset="join_date")
    return table.assign(first_date=dated.groupby("organisation").join_date.min()).reset_index()


def new(since: int) -> pd.DataFrame:
    """Groups with at least one of the four partners whose first member joined in ``since`` or later.

    Columns as ``groups``, from ``memberships`` and ``organisations``; the donors' meeting for Ukraine and the EU's
    partnerships of two are no groups.
    """
    return groups().query("partners > 0 and first_year >= @since and organisation not in @NO_GROUP")


def convened(since: int) -> pd.DataFrame:
    """How the groups of ``new(since)`` were called together: organisation, first_date, convener, act.

    One row a group and act of ``conveners``; both cells are empty for a group of which no text was read that says so.
    Sources: ``conveners``, ``memberships``, ``organisations``.
    """
    acts = load("conveners")[["organisation", "convener", "act"]]
    return new(since)[["organisation", "first_date"]].merge(acts, how="left", on="organisation")


def called_by(state: str, since: int) -> int:
    """Groups of ``new(since)`` that one state hosted or launched: its own act, not a joint one.

    Sources: ``conveners``, ``memberships``, ``organisations``.
    """
    return convened(since).query("convener == @state and act in ['hosted', 'launched']").organisation.nunique()


def called_together(since: int) -> int:
    """Groups of ``new(since)`` whose founding text names no member before the others.

    Sources: ``conveners``, ``memberships``, ``organisations``.
    """
    return convened(since).query("act == 'together'").organisation.nunique()


def conveners_unknown() -> int:
    """Codes in ``conveners`` that are neither a state of ``countries`` nor of ``organisations``: none should be."""
    known = {*load("countries").iso3, *load("organisations").organisation}
    return int((~load("conveners").convener.str.split(";").explode().isin(known)).sum())


def conveners_outside() -> int:
    """States that, by ``conveners``, called a format together without a seat in it by ``memberships``: none should."""
    acts = load("conveners").query("act != 'leads'").assign(iso3=lambda rows: rows.convener.str.split(";"))
    named = acts.explode("iso3").query("iso3.str.len() == 3")
    seats = {*load("memberships")[["organisation", "iso3"]].itertuples(index=False, name=None)}
    return sum(pair not in seats for pair in named[["organisation", "iso3"]].itertuples(index=False, name=None))


def minilaterals() -> pd.DataFrame:
    """Small formats of security and politics that tie at least two of the four partners, by membership or as the hub.

    Columns as ``groups``, from ``memberships`` and ``organisations``; without forums that ASEAN leads, the G7, lists of
    treaties of two and the partnership with NATO itself.
    """
    small = groups().query("domain in ['security', 'politics'] and not is_asean_led and reach >= 2")
    return small[~small.organisation.isin(NO_MINILATERAL)]


def joined_with(state: str, other: str, since: int) -> int:
    """Security formats that ``state`` entered in ``since`` or later and of which ``other`` is a member or the hub.

    Sources: ``memberships``, ``organisations``.
    """
    rows = _seats().query("domain == 'security'")
    entered = rows.organisation[(rows.iso3 == state) & (rows.join_year >= since)]
    return len(set(entered) & set(rows.organisation[(rows.iso3 == other) | (rows.hub_iso3 == other)]))


def last_joined(organisation: str, states: list[str], before: int = 9999) -> int:
    """Year in which the last of some states joined an organisation. Source: ``memberships``.

    before: leave out those that joined in this year or later.
    """
    rows = load("memberships").query("organisation == @organisation and join_year < @before")
    return int(rows.join_year[rows.iso3.isin(states)].max())


def steps(practical: bool = False, until: str | None = None) -> pd.Series:
    """Distinct dated steps between NATO and the four partners a year, indexed by year; 0 in a year without one.

    A step that several partners took on one day counts once. practical: without ministers' meetings, missions and
    declarations. until: only steps up to this day (YYYY-MM-DD). Source: ``partnership_instruments``.
    """
    rows = load("partnership_instruments").drop_duplicates(["instrument", "date"])
    rows = rows if until is None else rows[rows.date.astype(str) <= until]
    rows = rows[~rows.family.isin(TALKS)] if practical else rows
    years = pd.to_datetime(rows.date).dt.year.value_counts()
    return years.reindex(range(years.index.min(), years.index.max() + 1), fill_value=0)


def flagships(but: str = f"Flagship project: {UKRAINE}") -> int:
    """Different flagship projects of NATO with the partners, one left out. Source: ``partnership_instruments``."""
    rows = load("partnership_instruments").query("family == 'flagship project' and instrument != @but")
    return int(rows.instrument.nunique())


def only_support_to_ukraine(since: str) -> int:
    """Steps from the day ``since`` on, all of which are support to Ukraine. Source: ``partnership_instruments``.

    Raises TableError when one is of another kind: then the sentence that uses the number is no longer true.
    """
    rows = load("partnership_instruments").query("date >= @since")
    if not (rows.family == UKRAINE).all():
        raise TableError(f"partnership_instruments: not every step since {since} is {UKRAINE}; read the verdict again.")
    return len(rows)


def with_instrument(instrument: str, until: str) -> int:
    """Partners that had agreed an instrument with NATO by a day. Source: ``partnership_instruments``."""
    rows = load("partnership_instruments").query("instrument == @instrument and date <= @until")
    return int(rows[rows.status != "under negotiation"].iso3.nunique())


def represented(*summits: str, level: str | None = None) -> pd.Series:
    """How many of the four partners sat at NATO's table at each summit, indexed by summit. ``summit_attendance``.

    level: "leader" or "minister"; None: anybody.
    """
    rows = load("summit_attendance").query("summit_id in @summits")
    there = rows[rows.level.isin([level] if level else PRESENT)]
    return there.groupby("summit_id").iso3.nunique().reindex(list(summits), fill_value=0)


def leaders() -> pd.Series:
    """How many of the four partners sent their leader to NATO's ordinary summit of a year, indexed by year.

    Missing where the level of one of the four is not sourced; years without a summit are left out. Sources:
    ``summit_attendance``, ``summits``.
    """
    ordinary = load("summits").query("meeting_type != 'extraordinary summit'")
    rows = load("summit_attendance").merge(ordinary[["summit_id", "start_date"]], on="summit_id")
    by = rows.groupby(rows.start_date.dt.year.rename("year"))["level"]
    return by.agg(lambda level: (level == "leader").sum()).where(by.count() == by.size()).astype("Int64")


def summits_without_four_rows(since: str = "2008-01-01") -> int:
    """Meetings of ``summits`` since a day that lack a row for one of the four in ``summit_attendance``."""
    wanted = load("summits").query("start_date >= @since").summit_id
    return int((load("summit_attendance").groupby("summit_id").iso3.nunique().reindex(wanted) != 4).sum())


def dates_off_chronology() -> int:
    """Programmes and declarations of ``partnership_instruments`` whose date is not that of the event in ``chronology``.

    The first three letters of an event's id are the partner.
    """
    dates = load("chronology").set_index("event_id").date
    known = load("partnership_instruments").groupby(["iso3", "instrument"]).date.agg(set)
    pairs = [(event, instrument) for instrument, events in IN_BOTH.items() for event in events]
    return sum(dates[event] not in known[(event[:3].upper(), instrument)] for event, instrument in pairs)


def _seats() -> pd.DataFrame:
    """One row a state and organisation in which it sits, with what ``organisations`` says of the latter."""
    about = load("organisations")[["organisation", "domain", "is_asean_led", "hub_iso3"]]
    return load("memberships").query("status not in @NOT_INSIDE").merge(about, on="organisation")


def _is_member(rows: pd.DataFrame, hubs: pd.Series) -> pd.Series:
    """Whether the hub of each organisation is also listed as its member."""
    pairs = set(zip(rows.organisation, rows.iso3, strict=True))
    return pd.Series([pair in pairs for pair in hubs.items()], index=hubs.index)


def at_summits(since: str = "2022-06-01") -> pd.DataFrame:
    """Who sat for each of the four at NATO's summits since a day: summit, partner, level (leader, minister, other, ?).

    other: another office. ?: not sourced, or known only that the leader stayed away. Sources: ``summit_attendance``,
    ``summits``.
    """
    known = load("summits").query("start_date >= @since")
    known = known.assign(summit=known.place.str.split(",").str[0] + " " + known.start_date.dt.strftime("%Y"))
    rows = load("summit_attendance").merge(known[["summit_id", "summit", "start_date"]], on="summit_id")
    names = load("countries").set_index("iso3").name
    rows = rows.assign(partner=rows.iso3.map(names), level=rows.level.where(rows.level.isin(PRESENT), "?"))
    return rows.sort_values(["start_date", "partner"], ignore_index=True)[["summit", "partner", "level"]]
