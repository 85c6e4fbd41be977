"""The same aircraft in two counts: what Taiwan's ministry published before and after its count changed.

To 4 August 2022 a notice gives the aircraft that entered the air defence zone, from 5 August on all that were detected
around the island. Rates are aircraft a day: in the first count a day without a notice is a zero (nothing had entered),
in the second it is left out (the compilation has a gap). Sources: taiwan_pla_daily, grey_zone_counts;
drills also chronology.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load

ENTERED, DETECTED = "entered the zone", "detected around Taiwan"
COUNTS = {"adiz_entries": ENTERED, "detected_around_taiwan": DETECTED}
PUBLISHED = "entered, as others count"
ONE, TWO, THREE = "one line through all", "one line a count", "with entries since"
CHANGE = "2022-08-05"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def daily() -> pd.DataFrame:
    """One row a day: date, count (of ``COUNTS``), status, aircraft (empty: not known), vessels. taiwan_pla_daily."""
    rows = load("taiwan_pla_daily")
    aircraft = rows.pla_aircraft.astype("float64").mask(rows.day_status == "no_notice", 0.0)
    named = rows.assign(count=rows.series.map(COUNTS), aircraft=aircraft, vessels=rows.plan_vessels.astype("float64"))
    return named.rename(columns={"day_status": "status"})[["date", "count", "status", "aircraft", "vessels"]]


def monthly() -> pd.DataFrame:
    """Each month and count: month ("2022-08"), at (year with a fraction), count, aircraft, days, per_day.

    August 2022 has two rows: four days of the first count, the rest of the second.
    """
    rows = daily().assign(month=lambda day: day.date.dt.strftime("%Y-%m"))
    found = rows.groupby(["month", "count"], as_index=False).aircraft.agg(aircraft="sum", days="count", per_day="mean")
    found = found.assign(at=found.month.map(_middle), per_day=found.per_day.round(1))
    return found[["month", "at", "count", "aircraft", "days", "per_day"]]


def drawn() -> pd.DataFrame:
    """The months as three drawings of them: drawn, line, month, at, per_day. Sources: as the module.

    drawn: ``ONE`` joins both counts, ``TWO`` keeps them apart, ``THREE`` adds the entries that others published since.
    """
    rows = daily().assign(month=lambda day: day.date.dt.strftime("%Y-%m"))
    joined = rows.groupby("month", as_index=False).aircraft.mean().rename(columns={"aircraft": "per_day"})
    joined = joined.assign(at=joined.month.map(_middle), line="as published", per_day=joined.per_day.round(1))
    apart = monthly().rename(columns={"count": "line"})
    later = two_counts().rename(columns={"entered": "per_day"}).assign(line=PUBLISHED)
    parts = [joined.assign(drawn=ONE), apart.assign(drawn=TWO), apart.assign(drawn=THREE), later.assign(drawn=THREE)]
    return pd.concat(parts, ignore_index=True)[["drawn", "line", "month", "at", "per_day"]]


def drawn_captions() -> pd.DataFrame:
    """What each drawing of ``drawn`` says: drawn, caption."""
    before, after = _first_year(ENTERED), _first_year(DETECTED)
    said = {
        ONE: f"One line: from July to August 2022 the published count rises {jump():.0f}-fold",
        TWO: f"Two counts: {before:.1f} a day entered in the year before the change, {after:.1f} were detected in the "
        "year after; no number compares them",
        THREE: f"On the old count alone August 2022 was {jump(PUBLISHED):.0f} times July, not {jump():.0f} times",
    }
    return pd.DataFrame([*said.items()], columns=["drawn", "caption"])


def jump(line: str = "as published") -> float:
    """August 2022 as a multiple of July 2022, aircraft a day: "as published", or ``PUBLISHED`` (entries only)."""
    rows = drawn().query("drawn != @TWO and line == @line").set_index("month").per_day
    july = monthly().query("month == '2022-07'").aircraft.item() / 31
    exact = daily().query("date >= '2022-08-01' and date < '2022-09-01'").aircraft.mean()
    return float((exact if line == "as published" else rows["2022-08"]) / july)


def reported(period: str) -> float:
    """Entries of the zone in a year ("2024") or month ("2022-08") as another collector published them, aircraft.

    Raises TableError for a period that the table grey_zone_counts does not have.
    """
    return float(_entries(period).value)


def rate(year: int, what: str = DETECTED) -> float:
    """Aircraft a day in a year: ``DETECTED`` from the notices, ``ENTERED`` as published by year.

    Both run over the days of the published count where there is one (2025: to 15 December).
    """
    if what == ENTERED:
        row = _entries(str(year))
        return float(row.value / ((row.period_end - row.period_start).days + 1))
    rows = daily().query("count == @DETECTED and date.dt.year == @year")
    counts = load("grey_zone_counts").set_index("count_id").period_end
    end = counts.get(f"entries-{year}", pd.Timestamp(year, 12, 31))
    return float(rows.aircraft[rows.date <= end].mean())


def entered_share(year: int) -> float:
    """Of 100 aircraft detected around Taiwan in a year, those that entered the zone: ``rate`` over ``rate``."""
    return 100 * rate(year, ENTERED) / rate(year)


def change(first: int, last: int, what: str = DETECTED) -> float:
    """Change of ``rate`` from one year to a later one, percent."""
    return 100 * (rate(last, what) / rate(first, what) - 1)


def by_year() -> pd.DataFrame:
    """Both counts by year: count, year, per_day; entries 2021 to 2025, detected 2023 to the last year of the table."""
    last = int(daily().date.dt.year.max())
    found = [(ENTERED, year, round(rate(year, ENTERED), 1)) for year in range(2021, 2026)]
    found += [(DETECTED, year, round(rate(year), 1)) for year in range(2023, last + 1)]
    return pd.DataFrame(found, columns=["count", "year", "per_day"])


def two_counts() -> pd.DataFrame:
    """Months for which both counts are known: month, at, entered, detected (aircraft a day), share (percent).

    In August 2022 the detected are those from 5 August on. Sources: taiwan_pla_daily, grey_zone_counts.
    """
    table = load("grey_zone_counts").query("what == 'zone_entries'")
    table = table[table.count_id.str.fullmatch(r"entries-\d{4}-\d{2}")]
    days = (table.period_end - table.period_start).dt.days + 1
    found = pd.DataFrame({"month": table.count_id.str.removeprefix("entries-"), "entered": table.value / days})
    detected = monthly().query("count == @DETECTED").set_index("month").per_day
    found = found.assign(at=found.month.map(_middle), detected=found.month.map(detected))
    found = found.assign(share=(100 * found.entered / found.detected).round(0), entered=found.entered.round(1))
    return found[["month", "at", "entered", "detected", "share"]].reset_index(drop=True)


def share_in(month: str) -> float:
    """The share of ``two_counts`` in one month ("2023-02"), percent."""
    return float(two_counts().set_index("month").share[month])


def more_entered_than_detected() -> int:
    """Years and months with more aircraft in the zone than detected around Taiwan: none, if all is right."""
    years = sum(rate(year, ENTERED) > rate(year) for year in (2023, 2024, 2025))
    return int(years + (two_counts().share > 100).sum())


def calendar() -> pd.DataFrame:
    """Each day as a cell of a calendar: year, month ("Aug"), day, shown (aircraft, or why none), aircraft."""
    rows = daily()
    shown = rows.aircraft.map("{:.0f}".format).where(rows.status == "reported", rows.status.map(_WHY))
    month = rows.date.dt.month.map(lambda number: MONTHS[number - 1])
    cells = {"year": rows.date.dt.year, "month": month, "day": rows.date.dt.day, "shown": shown}
    return pd.DataFrame(cells | {"aircraft": rows.aircraft})


_WHY = {"no_notice": "no notice", "missing": "missing"}


def calendar_captions() -> pd.DataFrame:
    """What one year of ``calendar`` says: year, caption with the highest day and the days that are missing."""
    said = []
    for year, rows in calendar().groupby("year"):
        top = rows.loc[rows.aircraft.idxmax()]
        gaps = int((rows.shown == "missing").sum())
        text = f"{year}: most aircraft on {top.day} {top.month} ({top.aircraft:.0f}); days missing: {gaps}"
        said.append((year, text + ("; the count changes on 5 Aug" if year == 2022 else "")))
    return pd.DataFrame(said, columns=["year", "caption"])


def quiet_days(year: int, last_month: int = 12) -> int:
    """Days of a year, up to a month, with no aircraft detected around Taiwan, of those reported. taiwan_pla_daily."""
    rows = daily().query("count == @DETECTED and date.dt.year == @year and date.dt.month <= @last_month")
    return int((rows.aircraft == 0).sum())


def rolling(window: int, what: str = DETECTED) -> pd.DataFrame:
    """The mean of the days up to each day, over a window: date, at, mean. At least half of the window must be known.

    window: days, 1 or more. what: ``ENTERED`` or ``DETECTED``; no window reaches over the change of the count.
    """
    rows = daily().query("count == @what").sort_values("date")
    mean = rows.aircraft.rolling(window, min_periods=(window + 1) // 2).mean().round(2)
    at = rows.date.dt.year + (rows.date.dt.day_of_year - 1) / 365.25
    return pd.DataFrame({"date": rows.date.dt.strftime("%Y-%m-%d"), "at": at.round(4), "mean": mean})


def spells(window: int, threshold: float, what: str = DETECTED) -> pd.DataFrame:
    """Runs of days on which the mean of ``rolling`` lies above a threshold: first, last (ISO days), days, highest."""
    rows = rolling(window, what)
    above = rows["mean"] > threshold
    runs = rows[above].groupby((above != above.shift()).cumsum()[above])
    found = runs.agg(first=("date", "first"), last=("date", "last"), days=("date", "size"), highest=("mean", "max"))
    return found.reset_index(drop=True)


def drills() -> pd.DataFrame:
    """Drills around Taiwan that the course's chronology names: name, date, at (first day as a year with a fraction)."""
    rows = load("chronology")
    rows = rows[rows.event_id.str.startswith("drills-taiwan")]
    name = rows.title.str.extract(r"^Drills (?:of )?(.*) around Taiwan$")[0]
    at = (rows.date.dt.year + (rows.date.dt.day_of_year - 1) / 365.25).round(4)
    return pd.DataFrame({"name": name, "date": rows.date.dt.strftime("%Y-%m-%d"), "at": at}).reset_index(drop=True)


def _first_year(what: str) -> float:
    """Aircraft a day over the 365 days next to the change of the count, on the side of one count."""
    day = pd.Timestamp(CHANGE)
    near = {ENTERED: (day - pd.Timedelta(days=365), day), DETECTED: (day, day + pd.Timedelta(days=365))}
    rows = daily().query("count == @what")
    return float(rows.aircraft[(rows.date >= near[what][0]) & (rows.date < near[what][1])].mean())


def _entries(period: str) -> pd.Series:
    rows = load("grey_zone_counts").set_index("count_id")
    if f"entries-{period}" not in rows.index:
        known = ", ".join(rows.index[rows.what == "zone_entries"].str.removeprefix("entries-"))
        raise TableError(f"grey_zone_counts: no entries for {period}; take one of {known}.")
    return rows.loc[f"entries-{period}"]


def _middle(month: str) -> float:
    """A month as a year with a fraction: "2022-08" is 2022.625."""
    return round(int(month[:4]) + (int(month[5:]) - 0.5) / 12, 3)
