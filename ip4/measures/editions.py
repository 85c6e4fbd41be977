"""One year in several readings: NATO's editions against each other, and NATO against SIPRI.

Sources: ``nato_spending`` and ``sipri_spending``; shares in percent of GDP, gaps in points of GDP. SIPRI counts from
open sources by calendar year, NATO what allies report under an agreed definition.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures.spending import NEWEST, allies_at, in_year, published, spending

READINGS = {2024: "NATO, edition of 2024", 2025: "NATO, edition of 2025", NEWEST: "NATO, edition of 2026"}
SIPRI = "SIPRI"
OTHERS = [*list(READINGS.values())[:-1], SIPRI]  # what the newest edition is compared with


def readings(years: tuple[int, ...] = (2023, 2024, 2025), line: float = 2) -> pd.DataFrame:
    """Each ally's share in NATO's newest edition (``now``) beside another reading (``other``) of the same year.

    One row an ally, year and reading where both have a figure. ``gap``: other minus now, points of GDP. ``side``:
    whether the two fall on different sides of the line (percent of GDP). ``is_estimate``: of ``now``.
    """
    wanted = spending().query("year in @years")[["iso3", "ally", "year", "share_gdp_pct", "is_estimate"]]
    both = wanted.rename(columns={"share_gdp_pct": "now"}).merge(_others(), on=["iso3", "year"])
    both = both.dropna(subset=["now", "other"]).drop(columns="iso3").assign(gap=lambda rows: rows.other - rows.now)
    crosses = (both.now >= line) != (both.other >= line)
    return both.assign(side=crosses.map({True: f"crosses {line} %", False: "same side"}))


def _counts(year: int, line: float = 2) -> pd.DataFrame:
    """How many allies stood at the line for one year: one row a reading, with ``then``, ``now`` and ``allies``.

    Only allies that both the reading and the newest edition report, so the two counts can be compared.
    """
    rows = readings((year,), line)
    at = {"then": rows.other >= line, "now": rows.now >= line}
    return rows.assign(**at).groupby("reading").agg(then=("then", "sum"), now=("now", "sum"), allies=("now", "size"))


def counts_by_edition(year: int, line: float = 2) -> pd.Series:
    """Members at the line for one year in each edition that has the year, indexed by "edition of 2024" and so on."""
    has = [edition for edition in sorted(READINGS) if year in set(spending(edition).year)]
    return pd.Series({f"edition of {edition}": allies_at(line, year, edition=edition) for edition in has})


def captions(years: tuple[int, ...] = (2023, 2024, 2025), line: float = 2) -> pd.DataFrame:
    """What the figure of ``readings`` says at each setting: ``reading``, ``year``, ``caption``."""
    found = {year: _counts(year, line) for year in years}
    said = [(reading, year, _caption(reading, year, found[year], line)) for reading in OTHERS for year in years]
    return pd.DataFrame(said, columns=["reading", "year", "caption"])


def _caption(reading: str, year: int, found: pd.DataFrame, line: float) -> str:
    if reading not in found.index:
        return f"{reading}, has no figure for {year}: each edition ends with its own year"
    row = found.loc[reading]
    return (
        f"Allies at {line} % in {year}: {row.then} of {row.allies} by {reading}, {row.now} by NATO, edition of {NEWEST}"
    )


def crossed(year: int, edition: int, line: float = 2) -> list[str]:
    """Allies that an older edition had at the line or above for a year and the newest edition has below, by name."""
    rows = readings((year,), line)
    return sorted(rows.ally[(rows.reading == READINGS[edition]) & (rows.other >= line) & (rows.now < line)])


def revision(year: int, edition: int) -> pd.DataFrame:
    """Why a share changed between an older edition and the newest: one row an ally (iso3), for one year.

    ``share_then`` and ``share_now`` in percent of GDP; ``spending_pct`` and ``gdp_pct``: how much spending in current
    dollars, and the GDP that spending and share imply, were revised, percent. A share falls when spending is revised
    down or GDP up. Dollar figures also carry revised exchange rates, alike in both columns.
    """
    then, now = in_year(year, edition), in_year(year)
    size = [rows.current_usd_m / rows.share_gdp_pct for rows in (then, now)]
    rows = pd.DataFrame({
        "ally": now.ally,
        "share_then": then.share_gdp_pct,
        "share_now": now.share_gdp_pct,
        "spending_pct": 100 * (now.current_usd_m / then.current_usd_m - 1),
        "gdp_pct": 100 * (size[1] / size[0] - 1),
    })  # fmt: skip
    return rows.dropna()


def revised_down(year: int, edition: int) -> int:
    """How many allies have a lower share for a year in the newest edition than in an older one."""
    return int(revision(year, edition).eval("share_now < share_then").sum())


def sipri_pairs(years: list[int] | None = None) -> pd.DataFrame:
    """Ally-years that NATO's newest edition and SIPRI both report: ``share_gdp_pct``, ``share_sipri_pct``, ``gap``."""
    sipri = load("sipri_spending")[["iso3", "year", "share_gdp_pct"]].rename(
        columns={"share_gdp_pct": "share_sipri_pct"}
    )
    rows = (
        spending(members_only=False)
        .merge(sipri, on=["iso3", "year"])
        .dropna(subset=["share_gdp_pct", "share_sipri_pct"])
    )
    rows = rows if years is None else rows[rows.year.isin(years)]
    return rows[["ally", "year", "share_gdp_pct", "share_sipri_pct"]].assign(
        gap=(rows.share_sipri_pct - rows.share_gdp_pct).abs()
    )


def sipri_correlation() -> float:
    """Correlation of the two shares of GDP over all ally-years that both report."""
    pairs = sipri_pairs()
    return float(pairs.share_gdp_pct.corr(pairs.share_sipri_pct))


def sipri_gap() -> float:
    """Median absolute gap between the two shares, points of GDP."""
    return float(sipri_pairs().gap.median())


def sum_gap(column: str = "constant_usd_m") -> float:
    """Largest gap in any year between the sum over members in Europe and Canada and NATO's own sum, million dollars."""
    sums = spending().query("iso3 != 'USA'").groupby("year")[column].sum()
    return float((sums - published()[column]).abs().max())


def total_gap(column: str = "constant_usd_m") -> float:
    """Largest gap in any year of NATO's total less Europe and Canada against the United States, million dollars."""
    usa = spending().query("iso3 == 'USA'").set_index("year")[column]
    return float((published("nato_total")[column] - published()[column] - usa).abs().max())


def equipment_gap(edition: int, until: int) -> float:
    """Largest gap in equipment shares between an older edition and the newest in years up to ``until``, points."""
    old, new = (
        spending(e, members_only=False).set_index(["iso3", "year"]).equipment_share_pct for e in (edition, NEWEST)
    )
    gaps = (new - old).abs()
    return float(gaps[gaps.index.get_level_values("year") <= until].max())


def _others() -> pd.DataFrame:
    """Every reading but the newest edition: iso3, year, ``reading``, ``other``."""
    nato = load("nato_spending").query("edition != @NEWEST").assign(reading=lambda rows: rows.edition.map(READINGS))
    sipri = load("sipri_spending").assign(reading=SIPRI)
    rows = pd.concat([nato, sipri])[["iso3", "year", "reading", "share_gdp_pct"]]
    return rows.rename(columns={"share_gdp_pct": "other"})
