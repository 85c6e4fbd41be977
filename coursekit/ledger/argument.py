"""The argument map of the claims ledger: where each claim stands, and the line of each step between two claims.

Places are in units of the chart: x is the paragraph of the article, y the place in that paragraph's column (0 in the
middle). Nothing is drawn here.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

STEPS = 12
BOW = (0.16, 0.05, 0.6)  # a line within a column bows by the first and by the second for each place, at most the third


def layout(claims: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Give each claim a place: columns claim_id, x (its paragraph) and y, in the order of ``claims``.

    claims: columns claim_id and paragraph; links: columns from_claim and to_claim. Two claims of a paragraph swap
    places as long as that makes the links shorter in all, so the result is never longer than the order given.
    Deterministic.
    Raises ValueError when a link names a claim that is not there.
    """
    unknown = (set(links.from_claim) | set(links.to_claim)) - set(claims.claim_id)
    if unknown:
        raise ValueError(
            f"claim_links names {', '.join(sorted(unknown))}, which the claims do not have; mend the link."
        )
    number = {claim_id: place for place, claim_id in enumerate(claims.claim_id)}
    ends = np.array([links.from_claim.map(number), links.to_claim.map(number)], dtype=int)
    column = claims.paragraph.to_numpy()
    height = claims.groupby("paragraph").cumcount() - (claims.groupby("paragraph").claim_id.transform("size") - 1) / 2
    height = height.to_numpy(float, copy=True)
    while swap_once(height, column, ends):
        pass
    return pd.DataFrame({"claim_id": claims.claim_id.to_numpy(), "x": column, "y": height})


def swap_once(height: np.ndarray, column: np.ndarray, ends: np.ndarray) -> bool:
    """Swap every pair of a column whose swap shortens the links, in place; False when no pair did."""
    changed = False
    for one, two in combinations(range(len(height)), 2):
        if column[one] == column[two]:
            before = length(height, ends)
            height[[one, two]] = height[[two, one]]
            if length(height, ends) < before:
                changed = True
            else:
                height[[one, two]] = height[[two, one]]
    return changed


def length(height: np.ndarray, ends: np.ndarray) -> float:
    """How far up or down the links run in all; ``ends`` holds the two claims of each link, by number."""
    return float(np.abs(height[ends[0]] - height[ends[1]]).sum())


def curves(places: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The lines of the links: the columns of ``links`` and link (its number), step (0 to 12), x and y, one row a point.

    A line between two columns leaves and arrives level. A line within one column bows to the right, so that it does not
    run through the claims between. places: as ``layout`` gives them.
    """
    at = places.set_index("claim_id")
    start, end = (at.loc[side, ["x", "y"]].to_numpy(float) for side in (links.from_claim, links.to_claim))
    same = start[:, 0] == end[:, 0]
    bow = np.minimum(BOW[0] + BOW[1] * np.abs(start[:, 1] - end[:, 1]), BOW[2])
    middle = (start[:, 0] + end[:, 0]) / 2 + np.where(same, bow, 0)
    t = np.linspace(0, 1, STEPS + 1)[None, :]
    x = (1 - t) ** 3 * start[:, :1] + 3 * t * (1 - t) * middle[:, None] + t**3 * end[:, :1]
    y = (1 - t) ** 2 * (1 + 2 * t) * start[:, 1:] + t**2 * (3 - 2 * t) * end[:, 1:]
    points = links.reset_index(drop=True).rename_axis("link").reset_index()
    points = points.loc[points.index.repeat(STEPS + 1)].reset_index(drop=True)
    return points.assign(step=np.tile(np.arange(STEPS + 1), len(links)), x=x.ravel(), y=y.ravel())
