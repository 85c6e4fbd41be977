"""The cases and files of the graded exercise on polarisation: a field of states for each case, two years, one state.

A field is a part of the UN's members, drawn so that no two cases share their numbers; only states with an estimate in
every year belong. Table: un_ideal_points, names from countries. Model units; the coefficient runs from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.measures import camps
from ip4.models import polarisation as model

FIRST = 2012
BEFORE, AFTER = (2015, 2016, 2017, 2018, 2019, 2020, 2021), (2022, 2023, 2024)
SIZES = (50, 56, 62, 68)
STRIDES = (1, 5, 7, 11, 13)  # from one state of a field to the next in the list; none divides the list's length
DRAWN = 200  # fields tried
CASES = 80
APART = 0.0015  # effects that lie closer cannot be told apart with three decimals
TOP = 3


@dataclass(frozen=True)
class Field:
    """Some states (iso3), the first the case's own, and the two years that the case compares."""

    name: str
    states: tuple[str, ...]
    before: int
    after: int


def _wide() -> pd.DataFrame:
    """Ideal points since 2012, year by iso3, of the states that have one in every year."""
    rows = load("un_ideal_points").query("year >= @FIRST")
    return rows.pivot(index="year", columns="iso3", values="ideal_point").dropna(axis=1)


def _fields() -> tuple[Field, ...]:
    """The fields of all cases: those drawn in which the first effects stand apart. Source: un_ideal_points."""
    wide = _wide()
    states = list(wide)
    clear = (one for n in range(DRAWN) if _is_clear(one := _drawn(n, states), wide))
    return tuple(islice(clear, CASES))


def _drawn(n: int, states: list[str]) -> Field:
    """The n-th field: states at a stride round the list; years and size by turns."""
    stride = STRIDES[n % len(STRIDES)]
    size = SIZES[n // len(STRIDES) % len(SIZES)]
    picked = tuple(states[(n * 37 + stride * place) % len(states)] for place in range(size))
    return Field(f"Field {n + 1}", picked, BEFORE[n % len(BEFORE)], AFTER[n % len(AFTER)])


def effects(points: pd.DataFrame, before: int, after: int) -> pd.Series:
    """What leaving out each state in both years does to the coefficient's change, by state, smallest first.

    points: ideal points, year by state. Change without the state minus change with it.
    """
    found = _effects(points.loc[before].to_numpy(), points.loc[after].to_numpy())
    return pd.Series(found, points.columns, name="effect").sort_values()


def _effects(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The same from the points of two years, in the order of the states."""
    n = len(first)
    others = np.arange(n)[None, :].repeat(n, axis=0)[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    without = model.bimodality(last[others]) - model.bimodality(first[others])
    return without - (model.bimodality(last) - model.bimodality(first))


def _is_clear(one: Field, wide: pd.DataFrame) -> bool:
    """Whether the largest effects stand apart, so that their order is the same to three decimals."""
    place = wide.columns.get_indexer(list(one.states))
    first, last = (wide.loc[year].to_numpy()[place] for year in (one.before, one.after))
    largest = np.sort(np.abs(_effects(first, last)))[-TOP - 1 :]
    return bool((np.diff(largest) > APART).all())


def cases() -> list[dict]:
    """All cases: a field, one of its states, and two years. Sources: un_ideal_points, countries."""
    names = _names()
    return [
        {"field": one.name, "country": names[one.states[0]], "before": one.before, "after": one.after}
        for one in _fields()
    ]


def field_table() -> pd.DataFrame:
    """Columns field, country: the states of each field by name. Sources: un_ideal_points, countries."""
    names = _names()
    rows = [(one.name, name) for one in _fields() for name in sorted(names[list(one.states)])]
    return pd.DataFrame(rows, columns=["field", "country"])


def point_table() -> pd.DataFrame:
    """Columns country, year, ideal_point, q05, q95, n_votes since 2012, of states with a point in every year.

    Sources: un_ideal_points, countries.
    """
    rows = load("un_ideal_points").query("year >= @FIRST")
    rows = rows[rows.iso3.isin(_wide().columns)]
    rows = rows.assign(country=rows.iso3.map(_names()))
    return rows[["country", "year", "ideal_point", "q05", "q95", "n_votes"]].reset_index(drop=True)


def measure_table() -> pd.DataFrame:
    """Columns field, year, states, spread, coefficient: both measures of each field in its two years.

    Three decimals. Source: un_ideal_points.
    """
    wide, found = _wide(), []
    for one in _fields():
        for year in (one.before, one.after):
            points = wide.loc[year, list(one.states)]
            found.append((one.name, year, len(points), model.spread(points), model.bimodality(points)))
    return pd.DataFrame(found, columns=["field", "year", "states", "spread", "coefficient"]).round(3)


def effect_table() -> pd.DataFrame:
    """Columns field, country, effect: what leaving out each state does to its field's rise, four decimals.

    Sources: un_ideal_points, countries.
    """
    wide, names, parts = _wide(), _names(), []
    for one in _fields():
        found = effects(wide[list(one.states)], one.before, one.after).rename_axis("iso3").reset_index()
        parts.append(found.assign(field=one.name, country=found.iso3.map(names)))
    return pd.concat(parts, ignore_index=True).round(4)[["field", "country", "effect"]]


def move_table() -> pd.DataFrame:
    """Columns field, country, before, after, move, error: each state's points in its field's two years, three decimals.

    Sources: un_ideal_points, countries.
    """
    names, parts = _names(), []
    moves = {(first, last): camps.moves(first, last).set_index("iso3") for first in BEFORE for last in AFTER}
    for one in _fields():
        rows = moves[one.before, one.after].loc[list(one.states)]
        rows = rows.rename(columns={str(one.before): "before", str(one.after): "after"}).reset_index()
        parts.append(rows.assign(field=one.name, country=rows.iso3.map(names)))
    found = pd.concat(parts, ignore_index=True).sort_values(["field", "country"], ignore_index=True)
    return found[["field", "country", "before", "after", "move", "error"]].round(3)


def _names() -> pd.Series:
    return load("countries").set_index("iso3").name
