"""Who pays for a shared good? The alliance model of Olson and Zeckhauser, with joint products.

Each ally divides its income Y between private consumption c and defence d (price 1). Defence protects all allies (the
total D) and, with weight ``joint``, also does something for the payer alone (its own coast, jobs, police tasks):

    (1 - a) ln c + a [joint ln d + (1 - joint) ln D]

``taste`` a is the share of income the ally would spend alone. ``joint`` = 0 is the pure public good of Olson and
Zeckhauser (1966), ``joint`` = 1 a wholly private good; between them lies the joint-product view reviewed by Sandler and
Hartley (1999). The logarithms are our choice of utility: they give the closed forms below.

- best reply to the others' total S, with q = a joint and b = 1 - a + q:
      d = (a Y - b S + sqrt((a Y - b S)^2 + 4 q Y S)) / 2,     for joint = 0 the corner max(0, a Y - (1 - a) S)
- the same ally's spending when the total is D (root of r d^2 + (b - r Y) d - q Y = 0 with r = a (1 - joint) / D);
  it falls as D rises, so exactly one D equals the sum of what all spend: the Nash equilibrium is unique.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

HALVINGS = 80  # of an interval that holds the total: far below the rounding of a float


def best_reply(income, others, taste, joint=0.0, sqrt=None):
    """What one ally spends when the others together spend ``others``; never below zero. Same unit as income.

    Numbers give a number. With ``sqrt=alt.expr.sqrt`` every argument may be an Altair control or expression, and the
    result is the expression that draws this very formula in a page. Numbers out of range raise ValueError.
    """
    if sqrt is None:
        _check([income], taste, joint)
        sqrt = math.sqrt
    private = taste * joint
    gap = taste * income - (1 - taste + private) * others
    return (gap + sqrt(gap * gap + 4 * private * income * others)) / 2


def equilibrium(incomes, taste, joint: float = 0.0) -> np.ndarray:
    """Defence spending of each ally when each gives its best reply to the rest (Nash equilibrium).

    incomes: n positive numbers. taste: one number or n numbers, each above 0 and below 1. joint: 0 to 1.
    Returns n numbers in the unit of the incomes; with joint = 0 free riders get exactly 0.
    Raises ValueError for values outside these ranges.
    """
    incomes, taste = _check(incomes, taste, joint)
    return _solve(incomes, taste, joint)


def equilibria(incomes: np.ndarray, taste: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """``equilibrium`` of many alliances at once: one row an alliance, one column an ally; joint one number a row.

    incomes, taste: m rows of n numbers; joint: m numbers. Returns m rows of n numbers in the unit of the incomes.
    """
    return _solve(np.asarray(incomes, dtype=float), np.asarray(taste, dtype=float), np.asarray(joint)[:, None])


def _solve(incomes: np.ndarray, taste: np.ndarray, joint) -> np.ndarray:
    """Halve the interval that holds the total until what all spend adds up to it; allies run along the last axis."""
    alone = taste * incomes
    low = alone.max(-1, keepdims=True)  # nobody gains from less than the keenest would buy alone
    high = alone.sum(-1, keepdims=True)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        more = _spending_at(middle, incomes, taste, joint).sum(-1, keepdims=True) > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return _spending_at(high, incomes, taste, joint)


def _spending_at(total, incomes: np.ndarray, taste: np.ndarray, joint) -> np.ndarray:
    """Each ally's spending that is consistent with the total; no difference of near-equal numbers is taken."""
    private = taste * joint
    shared = taste * (1 - joint) / total
    gap = shared * incomes - (1 - taste + private)
    root = np.sqrt(gap**2 + 4 * shared * private * incomes)
    above = (gap + root) / np.where(shared > 0, 2 * shared, 1)
    below = 2 * private * incomes / np.where(root > gap, root - gap, 1)
    return np.where(gap > 0, above, below)


def stops_paying_below(large: float, taste: float) -> float:
    """Income below which a small ally pays nothing beside a large one when defence is a pure public good, equal tastes.

    The large ally then spends taste x large, and the small one's best reply to that is 0 while
    taste x small <= (1 - taste) x taste x large. Same unit as ``large``.
    """
    _check([large], taste, 0.0)
    return (1 - taste) * large


def efficient_total(incomes, taste: float) -> float:
    """Total defence that would be best for all together when defence is a pure public good and tastes are equal.

    Samuelson's rule (the marginal values of all allies add up to the price) gives taste times the sum of incomes,
    however the bill is divided.
    """
    incomes, taste = _check(incomes, taste, 0.0)
    if np.ptp(taste) > 0:
        raise ValueError("efficient_total(): tastes differ; the best total then depends on who pays. Give one taste.")
    return float(taste[0] * incomes.sum())


def burdens(incomes, taste, joint: float = 0.0, names=None) -> pd.DataFrame:
    """Equilibrium as a table: name, income, spending, share_pct (percent of income), rides_free (spends nothing)."""
    spending = equilibrium(incomes, taste, joint)
    incomes = np.asarray(incomes, dtype=float)
    return pd.DataFrame(
        {
            "name": list(names) if names is not None else [f"Ally {n}" for n in range(1, len(incomes) + 1)],
            "income": incomes,
            "spending": spending,
            "share_pct": 100 * spending / incomes,
            "rides_free": spending == 0,
        }
    )


def rank_correlation(x, y) -> float:
    """Spearman's rank correlation of two equally long columns; ties share their mean rank, missing pairs are left out.

    1: the larger, the higher; -1: the larger, the lower; nan with fewer than three pairs or no variation.
    """
    pairs = pd.DataFrame({"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float)}).dropna()
    if len(pairs) < 3 or pairs.nunique().min() < 2:
        return float("nan")
    ranks = pairs.rank()
    return float(ranks.x.corr(ranks.y))


def chance_band(n: int) -> float:
    """How large a rank correlation of n unrelated pairs gets by chance: 19 times in 20 it stays within plus or minus.

    The large-sample rule 1.96 / sqrt(n - 1); good enough from about ten pairs on.
    """
    if n < 3:
        raise ValueError(f"chance_band(): {n} pairs are too few; give at least 3.")
    return 1.96 / float(np.sqrt(n - 1))


def _check(incomes, taste, joint: float) -> tuple[np.ndarray, np.ndarray]:
    incomes = np.asarray(incomes, dtype=float)
    taste = np.asarray(taste, dtype=float)
    if incomes.ndim != 1 or not len(incomes) or not (incomes > 0).all():
        raise ValueError("incomes must be a list of numbers above 0; leave out states without a figure.")
    if taste.ndim and taste.shape != incomes.shape:
        raise ValueError(f"taste has {taste.size} values for {incomes.size} incomes; give one, or one for each ally.")
    if not ((taste > 0) & (taste < 1)).all():
        raise ValueError("taste must lie between 0 and 1; 0.02 means that an ally alone would spend 2 percent.")
    if not 0 <= joint <= 1:
        raise ValueError(f"joint is {joint}; it is the private part of defence and must lie between 0 and 1.")
    return incomes, np.broadcast_to(taste, incomes.shape).astype(float)
