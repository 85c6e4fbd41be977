"""Demand for the guarantee: polls on joining and views of NATO, before and after.

Sources: ``joining_polls``, ``opinion_polls``, ``countries``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

INVASION = "2022-02-24"
JOINING = "For joining NATO, before and after February 2022"
VIEWS = {
    "Favourable view of NATO, 2019 and 2024": (2019, 2024),
    "Favourable view of NATO, 2024 and 2025": (2024, 2025),
}
MEDIAN = {"NATO_MEDIAN": "Median of members asked"}


def joining(state: str, day: str) -> float:
    """Share for joining NATO in the poll of a state that is dated by a day (YYYY-MM-DD), in percent."""
    rows = load("joining_polls")
    return float(rows.favour_pct[(rows.iso3 == state) & (rows.as_of == day)].iloc[0])


def before_after() -> pd.DataFrame:
    """Two polls a country: question, country, before, after (percent), when (both dates), rise (points).

    Joining: the last poll dated before the invasion, and the last of all. Views of NATO: Pew, in the two years of the
    question. Sources: ``joining_polls``, ``opinion_polls``.
    """
    found = pd.concat([_joining(), *(_views(question, *years) for question, years in VIEWS.items())])
    return found.assign(rise=found.after - found.before).reset_index(drop=True)


def captions() -> pd.DataFrame:
    """What to say for each question in the rows of ``before_after``: question, caption."""
    said = []
    for question, rows in before_after().groupby("question", sort=False):
        single = rows[rows.country != MEDIAN["NATO_MEDIAN"]]
        top = single.loc[single.rise.idxmax()]
        higher = f"higher in {(single.rise > 0).sum()} of {len(single)} countries"
        said.append((question, f"{question}: {higher}, most in {top.country} ({top.rise:+.0f} points)"))
    return pd.DataFrame(said, columns=["question", "caption"])


def rise(country: str, question: str = JOINING) -> float:
    """Points between the two polls of a country (by its name) in ``before_after``."""
    rows = before_after().query("country == @country and question == @question")
    return float(rows.rise.iloc[0])


def _joining() -> pd.DataFrame:
    polls = load("joining_polls").sort_values("as_of")
    ends = [polls[polls.as_of < INVASION].groupby("iso3").last(), polls.groupby("iso3").last()]
    return _pair(*(rows.favour_pct for rows in ends), *(rows.as_of.dt.strftime("%Y-%m") for rows in ends), JOINING)


def _views(question: str, first: int, last: int) -> pd.DataFrame:
    rows = load("opinion_polls").query("question == 'favourable_view' and answer == 'favourable'")
    wide = rows.pivot(index="population", columns="survey_year", values="pct")[[first, last]].dropna()
    dates = [pd.Series(str(year), wide.index) for year in (first, last)]
    return _pair(wide[first], wide[last], *dates, question)


def _pair(before: pd.Series, after: pd.Series, start: pd.Series, end: pd.Series, question: str) -> pd.DataFrame:
    names = load("countries").set_index("iso3").name.to_dict() | MEDIAN
    rows = pd.DataFrame({"before": before, "after": after, "when": start + " and " + end})
    rows = rows.assign(question=question, country=[names[code] for code in rows.index])
    return rows[["question", "country", "before", "after", "when"]]
