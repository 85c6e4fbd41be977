"""Who sends ships, aircraft and missiles near whom, who counts them, and where a count has no room above.

Sources: grey_zone_places, senkaku_vessels, scs_patrols, taiwan_pla_daily, japan_scrambles, dprk_missile_launches,
grey_zone_counts, strait_transits, coercion_episodes, countries.
"""

from __future__ import annotations

import calendar

import pandas as pd

from coursekit.tables import load
from ip4.measures import counted, grey_zone

DAYS, SHIPS = "days with ships, in 100", "ships in ten days"
SENKAKU, SCARBOROUGH, TAIWAN = "Senkaku (Diaoyu) islands", "Scarborough Shoal", "around Taiwan (navy)"
CHINA_JAPAN, RUSSIA_JAPAN = "Chinese aircraft, met by Japan", "Russian aircraft, met by Japan"
LAUNCHES, JOINT = "North Korean launches", "Chinese and Russian aircraft in Korea's zone"
PASSAGES = "US warships, Taiwan Strait"
WHO_COUNTS, WHO_MEETS = "who counts", "who meets"
COUNTERS = {"the side that is met": "who is met", "a US institute": "US institute", "the sender": "who sends"}
SENDERS = ["China", "Russia", "North Korea", "United States"]
FIRST_YEAR = 2012


def meetings() -> pd.DataFrame:
    """Each place and sender in two readings: shown, meeting, sender, word, what, counter, also_called.

    meeting: sender and place. shown: ``WHO_COUNTS`` (word: who that is in the meeting) or ``WHO_MEETS`` (word: the
    state). Sources: grey_zone_places, countries.
    """
    rows, named = load("grey_zone_places"), load("countries").set_index("iso3")["name"]
    rows = rows.assign(sender=rows.sender_iso3.map(named), also_called=rows.also_called.fillna(""))
    counts, meets = rows.counter_is.map(COUNTERS), rows.met_by_iso3.map(named)
    found = pd.concat([rows.assign(shown=WHO_COUNTS, word=counts), rows.assign(shown=WHO_MEETS, word=meets)])
    found = found.assign(meeting=found.sender + ": " + found.place)
    return found[["shown", "meeting", "sender", "word", "what", "counter", "also_called"]].reset_index(drop=True)


def meetings_captions() -> pd.DataFrame:
    """What ``meetings`` says in each reading: shown, caption."""
    rows = meetings().query("shown == @WHO_MEETS")
    met = rows.groupby("sender").word.nunique().sort_values(ascending=False, kind="stable")
    listed = "; ".join(f"{sender} by {states}" for sender, states in met.items())
    sent, own = counted_by("the sender") or "none", counted_by("the side that is met")
    said = {
        WHO_COUNTS: f"Of {len(rows)} meetings the sender counts {sent}, the side that is met {own}",
        WHO_MEETS: f"States that meet each sender: {listed}",
    }
    return pd.DataFrame([*said.items()], columns=["shown", "caption"])


def counted_by(kind: str) -> int:
    """Meetings of grey_zone_places counted by "the side that is met", "a US institute" or "the sender"."""
    return int((load("grey_zone_places").counter_is == kind).sum())


def other_states_than_patrols() -> int:
    """Features of the South China Sea whose state differs between grey_zone_places and scs_patrols: none."""
    patrols = load("scs_patrols").dropna(subset="facing_iso3").set_index("feature").facing_iso3
    rows = load("grey_zone_places").query("counted_in == 'scs_patrols'")
    return int((rows.met_by_iso3 != rows.place.map(patrols[~patrols.index.duplicated()])).sum())


def presence() -> pd.DataFrame:
    """Ships at three places in two measures: measure, place, year, value.

    ``DAYS``: of 100 days those with at least one ship. ``SHIPS``: ships added up over the days, for ten days. Chinese
    government vessels at the Senkaku islands, coast guard at Scarborough Shoal, navy around Taiwan.
    """
    found = [*_senkaku(), *_scarborough(), *_taiwan()]
    return pd.DataFrame(found, columns=["measure", "place", "year", "value"]).round({"value": 1})


def present(place: str, year: int, measure: str = DAYS) -> float:
    """One value of ``presence``: of 100 days those with ships, or ships in ten days."""
    return float(presence().set_index(["measure", "place", "year"]).value[measure, place, year])


def presence_captions() -> pd.DataFrame:
    """What ``presence`` says in each measure: measure, caption."""
    days, ships = (presence().query("measure == @measure") for measure in (DAYS, SHIPS))
    last = days.sort_values("year").drop_duplicates("place", keep="last").set_index("place").value
    low = ships.query("place == @SCARBOROUGH").sort_values("year").value
    said = {
        DAYS: f"Days are full: ships at all three places on at least {last.min():.0f} of 100 days in the last year",
        SHIPS: f"Ships have no ceiling: Scarborough had {low.iloc[0]:.0f} in ten days, later {low.iloc[-1]:.0f}",
    }
    return pd.DataFrame([*said.items()], columns=["measure", "caption"])


def _senkaku() -> list[tuple]:
    rows = load("senkaku_vessels").query("period_type == 'year' and zone == 'contiguous_zone'")
    length = (rows.period_end - rows.period_start).dt.days + 1
    words = rows.measure.map({"days": DAYS, "vessels_cumulative": SHIPS})
    value = (10 * rows.value / length).where(words == SHIPS, 100 * rows.value / length)
    return [*zip(words, [SENKAKU] * len(rows), rows.year, value, strict=True)]


def _scarborough() -> list[tuple]:
    found = []
    for measure, words, factor in (("calendar_days", DAYS, 100), ("ship_days", SHIPS, 10)):
        days = grey_zone.patrols("Scarborough Shoal", measure)
        found += [(words, SCARBOROUGH, year, factor * value / _length(year)) for year, value in days.items()]
    return found


def _taiwan() -> list[tuple]:
    rows = counted.daily().dropna(subset="vessels")
    rows = rows[rows.date.dt.year.between(2023, 2025)]
    years = rows.groupby(rows.date.dt.year).vessels
    shares, means = years.apply(lambda day: 100 * (day > 0).mean()), 10 * years.mean()
    found = [(DAYS, TAIWAN, year, value) for year, value in shares.items()]
    return found + [(SHIPS, TAIWAN, year, value) for year, value in means.items()]


def _length(year: int) -> int:
    return 366 if calendar.isleap(year) else 365


def by_year() -> pd.DataFrame:
    """Other senders by year, since 2012: series, year, value, other_rule (Chinese aircraft before 2020).

    Scrambles are by fiscal year from April, launches, joint flights and passages by calendar year (2026 is left out).
    """
    parts = {
        CHINA_JAPAN: grey_zone.scrambles("China"),
        RUSSIA_JAPAN: grey_zone.scrambles("Russia"),
        LAUNCHES: launches(),
        JOINT: joint_flights(),
        PASSAGES: grey_zone.passages(),
    }
    rows = pd.concat(
        [pd.DataFrame({"series": name, "year": part.index, "value": part.values}) for name, part in parts.items()]
    )
    rows = rows[rows.year.between(FIRST_YEAR, 2025)].reset_index(drop=True)
    return rows.assign(other_rule=(rows.series == CHINA_JAPAN) & (rows.year < 2020))


def by_year_captions() -> pd.DataFrame:
    """What the rows of ``by_year`` say: series, caption with the highest and the last year."""
    said = []
    for series, rows in by_year().groupby("series", sort=False):
        top, last = rows.loc[rows.value.idxmax()], rows.loc[rows.year.idxmax()]
        text = f"{series}: most in {top.year} ({top.value}), {last.value} in {last.year}"
        said.append((series, text + ("; another rule before 2020" if rows.other_rule.any() else "")))
    return pd.DataFrame(said, columns=["series", "caption"])


def launches() -> pd.Series:
    """North Korean missile launches by calendar year, no launch counted as zero. Source: dprk_missile_launches."""
    years = load("dprk_missile_launches").date.dt.year.value_counts()
    return years.reindex(range(years.index.min(), years.index.max() + 1), fill_value=0)


def joint_flights() -> pd.Series:
    """Aircraft of China and Russia that flew into Korea's zone together, by year, as far as found: grey_zone_counts."""
    rows = load("grey_zone_counts").query("what == 'joint_flight'")
    return rows.groupby(rows.period_end.dt.year)["value"].sum()


def turned(series: str, first: int, last: int) -> float:
    """A value of ``by_year`` in one year less that in an earlier one."""
    values = by_year().set_index(["series", "year"]).value
    return float(values[series, last] - values[series, first])


def episodes() -> pd.DataFrame:
    """Economic coercion against the four: case, sender, target, first, last (years with a fraction), ended, measures.

    last: the end, or the vintage of the table where none was sourced. Sources: coercion_episodes, countries.
    """
    rows, names = load("coercion_episodes"), load("countries").set_index("iso3")["name"]
    sender, target = rows.sender_iso3.map(names), rows.target_iso3.map(names)
    first, last = rows.start.map(_fraction), rows.end.fillna("2026-02").map(_fraction)
    found = pd.DataFrame({"case": target + ", " + rows.start.str[:4], "sender": sender, "target": target})
    return found.assign(first=first, last=last, ended=rows.end.notna(), measures=rows.measures)


def sent_by(sender: str) -> int:
    """Cases of ``episodes`` with one sender, by its name ("China")."""
    return int((episodes().sender == sender).sum())


def _fraction(text: str) -> float:
    """A date as a year with a fraction: "2019-07" is 2019.5."""
    month = int(text[5:7])
    return round(int(text[:4]) + (month - 1) / 12, 2)
