"""What a reader of the labs should find: the keys of the values that a lab's task asks for."""

from __future__ import annotations

import numpy as np

from coursekit.tables import load
from ip4.measures import votes
from ip4.measures.burden import NATO, size_and_share
from ip4.models.burden_sharing import equilibria

TASTES = np.round(np.arange(0.5, 6.05, 0.1), 1)  # % of GDP spent if alone: the steps of the lab's slider
PARTS = np.round(np.arange(0, 1.01, 0.05), 2)  # private part of defence: likewise


def closest(year: int, group: str = NATO) -> tuple[float, float, float]:
    """The model's best fit on the lab's sliders: mean distance (points of GDP), taste (%), private part (0 to 1).

    The distance is that of the lab: the mean over allies of the absolute gap between the share that the model gives and
    SIPRI's. Source: sipri_spending, memberships.
    """
    rows = size_and_share(year, group)
    taste, part = (grid.ravel() for grid in np.meshgrid(TASTES, PARTS))
    incomes = np.tile(rows.gdp_usd_bn.to_numpy(float), (len(taste), 1))
    spent = equilibria(incomes, np.broadcast_to(taste[:, None] / 100, incomes.shape), part)
    gaps = np.abs(100 * spent / incomes - rows.share_gdp_pct.to_numpy(float)).mean(axis=1)
    best = int(gaps.argmin())
    return float(gaps[best]), float(taste[best]), float(part[best])


def distance(year: int) -> float:
    """The lowest mean distance between model and data that the lab's sliders reach for NATO, in points of GDP.

    Source: sipri_spending, memberships.
    """
    return closest(year)[0]


def private_part(year: int) -> float:
    """The private part of defence (0 to 1) at which that lowest distance is reached.

    Source: sipri_spending, memberships.
    """
    return closest(year)[2]


def apart(group: str = "NATO", basis: str = "all") -> str:
    """The name of the member without which a group's cohesion changes most in 2025. Source: un_votes, memberships."""
    effects = votes.leave_one_out(votes.without(group), basis)
    return load("countries").set_index("iso3").name[effects.abs().idxmax()]


def effect(group: str = "NATO", basis: str = "all") -> float:
    """By how much the agreement index of 2025 (0 to 1) changes without that member. Source: un_votes."""
    effects = votes.leave_one_out(votes.without(group), basis)
    return float(effects[effects.abs().idxmax()])
