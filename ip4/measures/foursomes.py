"""Are four states a group? Their range on one number against the ranges of all other foursomes.

The test is a permutation test that leaves nothing to chance: no foursome is drawn, all are counted. In order of the
values, the foursomes with state i lowest and state j highest are as many as pairs of states between the two, so a table
of pairs counts millions of foursomes exactly. Tables: un_ideal_points and those of ``indicators``, which names them.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import indicators

SIZE = 4
HAIR = 1e-9  # two ranges that differ by less are equal
FIRST, LAST = 2014, 2024  # years of the figures on votes
UNUSUAL = 95  # of 100 foursomes are wider: the usual line for "not by chance"
STEPS, HIGHEST = 40, 4.0  # bars of the histogram and its last range in model units; wider ones stand in the last bar
SEED, DRAWS = 8, 200  # how often the points are shaken within their ranges
Z_90 = 1.645  # standard errors from the middle to the 5 or the 95 per cent quantile


# ---- the test


def ranges(points: pd.Series, size: int = SIZE) -> pd.DataFrame:
    """How many groups of ``size`` states have which range: columns range (highest minus lowest) and groups.

    One row a pair of states that can be the ends. points: a number a state. No table is read.
    """
    x, ends = np.sort(points.to_numpy(float)), _ends(len(points), size)
    return pd.DataFrame({"range": x[ends.high] - x[ends.low], "groups": ends.groups})


class _Ends(NamedTuple):
    """Pairs of places in rising order that can be the ends of a group, and how many groups each pair has."""

    low: np.ndarray
    high: np.ndarray
    groups: np.ndarray


def _ends(n: int, size: int) -> _Ends:
    low, high = np.triu_indices(n, k=size - 1)
    inside = np.array([comb(between, size - 2) for between in range(n)])
    return _Ends(low, high, inside[high - low - 1])


def _wider(values: np.ndarray, own: float, ends: _Ends) -> float:
    """Of 100 groups, how many have a range above ``own``."""
    x = np.sort(values)
    return float(100 * ends.groups[x[ends.high] - x[ends.low] > own + HAIR].sum() / ends.groups.sum())


def span(points: pd.Series, states: list[str]) -> float:
    """Highest minus lowest value of some states, in the unit of the points. No table is read."""
    own = points.loc[list(states)]
    return float(own.max() - own.min())


def closer_than(points: pd.Series, states: list[str]) -> float:
    """Of 100 groups of that size, how many have a wider range than these states (0 to 100). No table is read.

    An equal range is not wider, and the states themselves are one of the groups.
    """
    return _wider(points.to_numpy(float), span(points, states), _ends(len(points), len(states)))


def n_groups(points: pd.Series, size: int = SIZE) -> int:
    """Number of groups of that size that can be drawn from the states with a value. No table is read."""
    return comb(len(points), size)


def partners_closer(indicator: str, reference: str) -> float:
    """Of 100 foursomes of a reference, how many are wider than the four partners on an indicator (0 to 100).

    Names as in ``indicators.WORDS`` and ``indicators.REFERENCES``. Missing (NaN) where the reference has too few
    states with a figure. Tables as in ``indicators``.
    """
    points = indicators.among(indicators.values(indicator), reference)
    return closer_than(points, members(indicators.PARTNERS)) if len(points) else float("nan")


def votes_closer(reference: str, year: int, states: list[str] | None = None) -> float:
    """The same for ideal points of a year, for the four partners or any other states of the reference."""
    points = with_states(indicators.votes(year), reference, states or members(indicators.PARTNERS))
    return closer_than(points, states or members(indicators.PARTNERS))


def with_states(points: pd.Series, reference: str, states: list[str]) -> pd.Series:
    """The values of a reference and of some states that need not belong to it. Tables as in ``indicators``."""
    limit = indicators.reference(reference)
    return points if limit is None else points[points.index.isin({*limit, *states})]


def typical(reference: str, year: int = LAST) -> float:
    """Of 100 foursomes of all UN members, how many are wider in votes than the middle foursome of a reference.

    The middle one: half of the reference's foursomes are wider. Source: un_ideal_points; references: ``indicators``.
    """
    points = indicators.votes(year)
    own, every = ranges(indicators.among(points, reference)).sort_values("range"), ranges(points)
    middle = own.range[own.groups.cumsum() >= own.groups.sum() / 2].iloc[0]
    return float(100 * every.groups[every.range > middle + HAIR].sum() / every.groups.sum())


def shaken(reference: str, year: int = LAST) -> tuple[float, float]:
    """``votes_closer`` when every ideal point is drawn anew within its own range: the 5 and the 95 per cent quantile.

    DRAWS draws with a fixed seed; each point is normal and independent of the others. Source: un_ideal_points.
    """
    rows = load("un_ideal_points").query("year == @year").set_index("iso3")
    rows = rows.loc[indicators.among(rows.ideal_point, reference).index]
    places, error = (
        rows.index.get_indexer(members(indicators.PARTNERS)),
        ((rows.q95 - rows.q05) / 2 / Z_90).to_numpy(float),
    )
    noise = np.random.default_rng(SEED).normal(size=(DRAWS, len(rows)))
    ends, drawn = _ends(len(rows), SIZE), rows.ideal_point.to_numpy(float) + noise * error
    found = [_wider(one, np.ptp(one[places]), ends) for one in drawn]
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)


def mean_distance_closer(reference: str, year: int = LAST) -> float:
    """``votes_closer`` with the mean distance of the six pairs in place of the range, for small references only.

    Every foursome is listed, so the reference may have at most some fifty states. Source: un_ideal_points.
    """
    points = indicators.among(indicators.votes(year), reference).sort_values()
    own = _mean_distance(points.loc[members(indicators.PARTNERS)].sort_values().to_numpy()[None, :])
    found = _mean_distance(points.to_numpy()[all_foursomes(len(points))])
    return float(100 * (found > own + HAIR).mean())


def all_foursomes(n: int) -> np.ndarray:
    """Every foursome of n things: an array of places, one row a foursome, the places of a row in rising order."""
    pairs = np.array(np.triu_indices(n, k=1)).T
    first, second = np.nonzero(pairs[:, None, 1] < pairs[None, :, 0])
    return np.hstack([pairs[first], pairs[second]])


def _mean_distance(ordered: np.ndarray) -> np.ndarray:
    """Mean distance of the six pairs of each row of four values in rising order."""
    a, b, c, d = ordered.T
    return (3 * (d - a) + (c - b)) / 6


# ---- what the figures draw


def by_range() -> pd.DataFrame:
    """All foursomes of each reference by their range in votes, year by year: what the histogram draws.

    Columns: reference, year, range (middle of a bar), foursomes (percent of all), own (range of the four partners),
    closer (of 100 foursomes, how many are wider). Source: un_ideal_points; references: ``indicators``.
    """
    four, known, found = members(indicators.PARTNERS), indicators.limits(), []
    for year in range(FIRST, LAST + 1):
        points = indicators.votes(year)
        for reference in indicators.REFERENCES:
            some = indicators.among(points, reference, known)
            facts = {"own": span(some, four), "closer": closer_than(some, four)}
            found.append(_bars(ranges(some)).assign(reference=reference, year=year, **facts))
    rows = pd.concat(found, ignore_index=True).round({"own": 3, "closer": 1, "foursomes": 3, "range": 3})
    return rows[["reference", "year", "range", "foursomes", "own", "closer"]]


def by_year() -> pd.DataFrame:
    """Closeness of the four in votes in each reference and year: reference, year, closer (of 100, how many are wider).

    Source: un_ideal_points; references: ``indicators``.
    """
    four, known, found = members(indicators.PARTNERS), indicators.limits(), []
    for year in range(FIRST, LAST + 1):
        points = indicators.votes(year)
        found += [
            (name, year, closer_than(indicators.among(points, name, known), four)) for name in indicators.REFERENCES
        ]
    return pd.DataFrame(found, columns=["reference", "year", "closer"]).round(1)


def n_years(reference: str, least: float = UNUSUAL) -> int:
    """In how many years of ``by_year`` at least so many of 100 foursomes of a reference are wider."""
    rows = by_year()
    return int((rows[rows.reference == reference].closer >= least).sum())


def _bars(found: pd.DataFrame) -> pd.DataFrame:
    edges = np.linspace(0, HIGHEST, STEPS + 1)
    heights, _ = np.histogram(found.range.clip(upper=HIGHEST), edges, weights=found.groups)
    return pd.DataFrame({"range": (edges[:-1] + edges[1:]) / 2, "foursomes": 100 * heights / heights.sum()})


def by_indicator() -> pd.DataFrame:
    """Closeness of the four on each indicator in each reference: indicator and reference (words), states, closer, own.

    closer: of 100 foursomes, how many are wider. own: range of the four in the indicator's unit. Tests with too few
    states are left out. Tables as in ``indicators``.
    """
    four, known, found = members(indicators.PARTNERS), indicators.limits(), []
    for key, (words, unit) in indicators.WORDS.items():
        points = indicators.values(key)
        for reference in indicators.REFERENCES:
            some = indicators.among(points, reference, known)
            if len(some):
                cells = (words, reference, len(some), closer_than(some, four), span(some, four), unit)
                found.append(cells)
    rows = pd.DataFrame(found, columns=["indicator", "reference", "states", "closer", "own", "unit"])
    return rows.round({"closer": 1, "own": 2})


def n_unusual(least: float = UNUSUAL) -> int:
    """Tests of ``by_indicator`` in which at least so many of 100 foursomes are wider."""
    return int((by_indicator().closer >= least).sum())


def range_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``by_range`` say: reference, year, caption."""
    one = rows.drop_duplicates(["reference", "year"])
    said = [
        f"{row.reference[0].upper()}{row.reference[1:]}, {row.year}: the four, {row.own:.2f} apart, are closer than "
        f"{row.closer:.0f} of 100 foursomes"
        for row in one.itertuples()
    ]
    return one[["reference", "year"]].assign(caption=said)


def indicator_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``by_indicator`` say for each reference: reference, caption with the two ends."""
    said = []
    for reference in indicators.REFERENCES:
        some = rows[rows.reference == reference].sort_values("closer")
        ends = [f"{row.indicator} ({row.closer:.0f} of 100)" for row in (some.iloc[-1], some.iloc[0])]
        said.append(f"{reference[0].upper()}{reference[1:]}: closest on {ends[0]}, least close on {ends[1]}")
    return pd.DataFrame({"reference": indicators.REFERENCES, "caption": said})


OTHERS = {
    "the four partners": indicators.PARTNERS,
    "Denmark, Finland, Norway, Sweden": ["DNK", "FIN", "NOR", "SWE"],
    "Indonesia, Malaysia, Philippines, Thailand": ["IDN", "MYS", "PHL", "THA"],
    "Brazil, India, South Africa, Türkiye": ["BRA", "IND", "ZAF", "TUR"],
}
COMPARED = [indicators.WORLD, indicators.OECD, indicators.NATO]


def states_of(four: str) -> list[str]:
    """The iso3 codes of a foursome named in ``OTHERS``. Source: memberships, for the partners."""
    named = OTHERS[four]
    return members(named) if isinstance(named, str) else named


def tested(points: pd.Series, states: list[str]) -> pd.DataFrame:
    """Any states on any values in the references of ``COMPARED``: reference, closer (of 100 groups, how many wider).

    A reference holds the tested states too. Tables as in ``indicators``.
    """
    found = [(name, closer_than(with_states(points, name, states), states)) for name in COMPARED]
    return pd.DataFrame(found, columns=["reference", "closer"]).round(1)


def of_others() -> pd.DataFrame:
    """Some foursomes, tested on votes in two years: four, reference, 2014 and 2024 (of 100 foursomes, how many wider).

    A reference holds the tested states too. Source: un_ideal_points; references: ``indicators``.
    """
    found = []
    for four in OTHERS:
        states = states_of(four)
        for reference in COMPARED:
            both = {str(year): round(votes_closer(reference, year, states), 1) for year in (FIRST, LAST)}
            found.append({"four": four, "reference": reference, **both})
    return pd.DataFrame(found)


def others_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``of_others`` say for each foursome: four, caption."""
    said = []
    for four, part in rows.groupby("four", sort=False):
        lists = [f"{row.reference} {row[str(LAST)]:.0f}" for _, row in part.iterrows()]
        said.append({"four": four, "caption": f"{four[0].upper()}{four[1:]}, {LAST}: {'; '.join(lists)} of 100 wider"})
    return pd.DataFrame(said)


MEASURES = {
    "ideal points": lambda: indicators.votes(2023),
    "with Washington, all": lambda: indicators.agreement(2023, "USA", "all"),
    "Washington, contested": lambda: indicators.agreement(2023, "USA", "outside"),
    "with Beijing, all": lambda: indicators.agreement(2023, "CHN", "all"),
    "Beijing, contested": lambda: indicators.agreement(2023, "CHN", "outside"),
}


def by_measure() -> pd.DataFrame:
    """Ideal points and agreement (with whom, on which texts) of 2023: of 100 foursomes, how many are wider.

    contested: at least ten states outside NATO voted no. Columns measure, NATO and the four, all states with data.
    Sources: un_ideal_points, un_agreement, memberships.
    """
    found = []
    for measure, points in MEASURES.items():
        both = {
            name: closer_than(indicators.among(points(), name), members(indicators.PARTNERS))
            for name in (indicators.NATO, indicators.WORLD)
        }
        found.append({"measure": measure, **both})
    return pd.DataFrame(found).round(1)


def measured(measure: str, reference: str) -> float:
    """One cell of ``by_measure``."""
    return float(by_measure().set_index("measure")[reference][measure])
