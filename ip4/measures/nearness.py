"""Who is near whom on several indicators at once, with weights that a reader sets: what the lab on the four draws.

Only states that have every indicator are compared. Each indicator is brought to a mean of 0 and a standard deviation of
1 over them, so that a unit is worth the same on each. The distance of two states is the root of the weighted mean of
squared differences. Tables: un_ideal_points, sipri_spending, arms_supplier_groups, world_bank_context, memberships.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ip4.groups import members
from ip4.measures import foursomes, indicators

WEIGHED = [indicators.VOTES, indicators.SPENDING, indicators.ARMS, indicators.INCOME]
REFERENCES = [indicators.WORLD, indicators.OECD, indicators.NATO]
TABLES = ["un_ideal_points", "sipri_spending", "arms_supplier_groups", "world_bank_context"]


class Ground(NamedTuple):
    """What no weight changes: standard scores by state, and for each reference its states and all their foursomes."""

    scores: pd.DataFrame
    states: dict[str, list[str]]
    foursomes: dict[str, np.ndarray]


def ground(keys: list[str] | None = None) -> Ground:
    """The states and scores on which distances rest; keys: other indicators than ``WEIGHED``. Tables as above.

    Prepare it once where weights change often. A reference with too few states is left out.
    """
    wide = pd.concat([indicators.values(key) for key in keys or WEIGHED], axis=1).dropna()
    scores = (wide - wide.mean()) / wide.std(ddof=0)
    states = {name: list(indicators.among(scores.iloc[:, 0], name).index) for name in REFERENCES}
    states = {name: some for name, some in states.items() if some}
    return Ground(scores, states, {name: foursomes.all_foursomes(len(some)) for name, some in states.items()})


def distances(weights: dict[str, float], scores: pd.DataFrame) -> pd.DataFrame:
    """Weighted distance of each two states, in standard deviations, iso3 by iso3. No table is read.

    weights: indicator -> weight, 0 or more; an indicator that is not named has 0. With nothing above 0 all count alike.
    """
    share = np.array([weights.get(key, 0) for key in scores], float)
    share = share / share.sum() if share.sum() else np.full(len(share), 1 / len(share))
    gaps = scores.to_numpy()[:, None, :] - scores.to_numpy()[None, :, :]
    return pd.DataFrame(np.sqrt((gaps**2 * share).sum(axis=2)), index=scores.index, columns=scores.index)


def near(state: str, weights: dict[str, float], on_ground: Ground | None = None) -> pd.Series:
    """Distance of all other states from one, the nearest first, by iso3. Weights as in ``distances``, tables above."""
    found = distances(weights, (on_ground or ground()).scores)
    return found[state].drop(state).sort_values(kind="stable")


def closeness(weights: dict[str, float], on_ground: Ground | None = None) -> pd.DataFrame:
    """Of 100 foursomes, how many have a larger mean distance than the four partners: reference, states, closer.

    For each of ``REFERENCES``; every foursome is counted. Weights as in ``distances``, tables above.
    """
    here = on_ground or ground()
    table, four, found = distances(weights, here.scores), members(indicators.PARTNERS), []
    for name, states in here.states.items():
        own = np.sort(pd.Index(states).get_indexer(four))[None, :]
        some = table.loc[states, states].to_numpy()
        wider = _six_pairs(some, here.foursomes[name]) > _six_pairs(some, own) + foursomes.HAIR
        found.append((name, len(states), 100 * wider.mean()))
    return pd.DataFrame(found, columns=["reference", "states", "closer"]).round(1)


def closer(reference: str, keys: list[str] | None = None, **weights: float) -> float:
    """One cell of ``closeness``: weights by indicator, none: all alike. keys: other indicators than ``WEIGHED``."""
    return float(closeness(weights, ground(keys)).set_index("reference").closer[reference])


def nearest(state: str, **weights: float) -> str:
    """The short name of the state nearest to one. Weights by indicator, none: all alike. Also reads countries."""
    return indicators.load("countries").set_index("iso3").short_name[near(state, weights).index[0]]


def _six_pairs(table: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Mean distance of the six pairs of each row of four places."""
    return sum(table[some[:, i], some[:, j]] for i in range(3) for j in range(i + 1, 4)) / 6
