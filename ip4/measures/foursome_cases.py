"""What the graded exercise on foursomes hands out: a case for each student, three files, and what its charts show.

A case is four neighbours, a year and an earlier year. Ideal points in model units, three decimals; continents as in
``countries``. Sources: ``un_ideal_points``, ``countries``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.measures import foursomes

FIRST, LAST = 2014, 2024
YEARS = ((2024, 2014), (2022, 2017), (2023, 2015), (2021, 2016), (2020, 2018), (2024, 2018), (2022, 2015))
PER_REGION, LEAST = 6, 4  # foursomes of one region at most; states a region must have
DRAWN, SEED = 2000, 80  # foursomes of the drawn sample, and the seed with which they were drawn
SAMPLE = "drawn sample"
APART = 0.004  # model units by which the ranges that a case compares must differ


def points() -> pd.DataFrame:
    """Columns state, continent, year, ideal_point, low, high: states with a value in every year from FIRST to LAST.

    low, high: the 90 per cent range of the estimate.
    """
    rows = load("un_ideal_points").query("@FIRST <= year <= @LAST")
    rows = rows.merge(load("countries")[["iso3", "short_name", "continent", "region"]])
    rows = rows[rows.groupby("iso3").year.transform("size") == LAST - FIRST + 1]
    rows = rows.rename(columns={"short_name": "state", "q05": "low", "q95": "high"})
    columns = ["state", "continent", "region", "year", "ideal_point", "low", "high"]
    return rows[columns].round(3).sort_values(["state", "year"], ignore_index=True)


def point_file() -> pd.DataFrame:
    """``points`` without the region: what students get."""
    return points().drop(columns="region")


def drawn_file() -> pd.DataFrame:
    """A sample of DRAWN foursomes of all states, drawn with a fixed seed: columns a, b, c and d, names of states."""
    states = np.array(sorted(points().state.unique()))
    return pd.DataFrame(states[_places(len(states))], columns=list("abcd"))


def _places(n: int) -> np.ndarray:
    return np.random.default_rng(SEED).random((DRAWN, n)).argsort(axis=1)[:, : foursomes.SIZE]


def neighbours() -> list[list[str]]:
    """Foursomes of neighbours: from each region with enough states some that share as few states as its size allows."""
    found = []
    for _region, part in points().groupby("region"):
        states = sorted(part.state.unique())
        n = min(PER_REGION, len(states) // 2)
        if len(states) >= LEAST:
            found += [sorted(states[(start * 2 + k * 3) % len(states)] for k in range(4)) for start in range(n)]
    unique = {tuple(four) for four in found if len(set(four)) == foursomes.SIZE}
    return [list(four) for four in sorted(unique)]


def cases() -> list[dict]:
    """All cases: four (names with a semicolon between them), year, before. Out are those with a range that is too near.

    Each foursome has up to two pairs of years. Two of its leave-one-out ranges, or its ranges in both years, must not
    be equal within APART.
    """
    wide, found = _wide(), []
    for n, four in enumerate(neighbours()):
        for year, before in (YEARS[(2 * n) % len(YEARS)], YEARS[(2 * n + 1) % len(YEARS)]):
            if _is_clear(wide, four, year, before):
                case = {"four": "; ".join(four), "year": year, "before": before}
                found += [case] if case not in found else []
    return found


def _is_clear(wide: pd.DataFrame, four: list[str], year: int, before: int) -> bool:
    smallest = without(wide.loc[year], four).nsmallest(2)
    gaps = (
        smallest.iloc[1] - smallest.iloc[0],
        foursomes.span(wide.loc[year], four),
        foursomes.span(wide.loc[before], four),
    )
    return gaps[0] > APART and abs(gaps[1] - gaps[2]) > APART


def without(values: pd.Series, four: list[str]) -> pd.Series:
    """Range of the other three when each of the four is left out, by state. No table is read."""
    own = values.loc[four].to_numpy()
    return pd.Series([np.ptp(np.delete(own, place)) for place in range(len(four))], index=four)


def _wide() -> pd.DataFrame:
    return points().pivot(index="year", columns="state", values="ideal_point")


def four_shown() -> pd.DataFrame:
    """What the chart of questions 1 and 4 shows: four, year, state, ideal_point, low, high, span_without.

    One row a foursome, year (of a case, or the earlier one) and state.
    """
    rows, wide, found = points().set_index("state"), _wide(), []
    by_year = {year: part for year, part in rows.groupby("year")}
    for four, year in _asked():
        states = four.split("; ")
        own = by_year[year].loc[states].reset_index()
        spans = without(wide.loc[year], states).round(3).to_numpy()
        found.append(own.assign(four=four, span_without=spans))
    columns = ["four", "year", "state", "ideal_point", "low", "high", "span_without"]
    return pd.concat(found, ignore_index=True)[columns]


def _asked() -> list[tuple[str, int]]:
    """Each foursome with each year that one of its cases names, in order."""
    return sorted({(case["four"], case[when]) for case in cases() for when in ("year", "before")})


def shares_shown() -> pd.DataFrame:
    """What the chart of questions 2 and 3 shows: four, year, company, states, foursomes, wider (of 100, two decimals).

    company: the four's continent, every foursome counted, or "drawn sample", the foursomes of ``drawn_file``.
    """
    home, wide = points().drop_duplicates("state").set_index("state").continent, _wide()
    places, found = _places(len(home)), []
    drawn = {year: np.ptp(values.to_numpy()[places], axis=1) for year, values in wide.iterrows()}
    for four, year in sorted({(case["four"], case["year"]) for case in cases()}):
        states = four.split("; ")
        near = wide.loc[year, home.index[home == home[states[0]]]]
        far = 100 * (drawn[year] > foursomes.span(near, states) + foursomes.HAIR).mean()
        close = foursomes.closer_than(near, states)
        found.append((four, year, home[states[0]], len(near), foursomes.n_groups(near), close))
        found.append((four, year, SAMPLE, len(home), DRAWN, far))
    columns = ["four", "year", "company", "states", "foursomes", "wider"]
    return pd.DataFrame(found, columns=columns).round({"wider": 2})
