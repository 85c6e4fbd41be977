"""A partner's choice between two fears, at every setting of the reader's weights.

No table is read: the weights are the reader's own, in steps of the controls; the model is
``ip4.models.partner_choice``.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from ip4.models.partner_choice import best_depth, loss

LEVELS = [0.0, 0.25, 0.5, 0.75, 1.0]
WEIGHTS = ["abandonment", "help", "entrapment", "neighbours"]
BANDS = [(1 / 3, "keep a distance"), (2 / 3, "keep the ties as they are"), (1.01, "move closer")]
CONCLUSIONS = [words for _edge, words in BANDS]
SAID = "Least is lost at a depth of {depth:.2f}: {conclusion}"
# What a reader may hold for certain before any weight is set: one weight fixed.
FIXED = {
    "nothing is certain": {},
    "Washington would surely leave": {"abandonment": 1.0},
    "Washington would never leave": {"abandonment": 0.0},
    "Europe could not help": {"help": 0.0},
    "Europe could help in full": {"help": 1.0},
    "no neighbour minds": {"neighbours": 0.0},
    "the neighbours mind most": {"neighbours": 1.0},
    "no one is drawn in": {"entrapment": 0.0},
    "being drawn in is the worst": {"entrapment": 1.0},
}


def grid() -> pd.DataFrame:
    """The model at every setting of the four weights (0 to 1): the weights, depth (0 to 1), lost there, conclusion."""
    rows = pd.DataFrame(product(LEVELS, repeat=len(WEIGHTS)), columns=WEIGHTS)
    rows["depth"] = [round(best_depth(*row), 2) for row in rows.itertuples(index=False)]
    rows["lost"] = loss(rows.depth, *(rows[name] for name in WEIGHTS)).round(3)
    return rows.assign(conclusion=rows.depth.map(conclusion))


def conclusion(depth: float) -> str:
    """What a depth of ties (0 to 1) means: below a third keep a distance, above two thirds move closer."""
    return next(words for edge, words in BANDS if depth < edge)


def survival() -> pd.DataFrame:
    """Which conclusions survive which weights: fixed (what is held for certain), conclusion, share.

    share: percent of the settings of the other weights, all counted alike, at which the conclusion is best. A
    conclusion *survives* when it is best somewhere.
    """
    rows = grid()
    found = []
    for fixed, values in FIXED.items():
        part = rows[(rows[list(values)] == pd.Series(values)).all(axis=1)] if values else rows
        share = part.conclusion.value_counts(normalize=True).reindex(CONCLUSIONS, fill_value=0)
        found += [(fixed, words, round(100 * value, 1)) for words, value in share.items()]
    return pd.DataFrame(found, columns=["fixed", "conclusion", "share"])


def share_of(words: str, fixed: str = "nothing is certain") -> float:
    """One share of ``survival``, percent."""
    return float(survival().set_index(["fixed", "conclusion"]).share[fixed, words])


def lost(words: str) -> list[str]:
    """What one may hold for certain that rules a conclusion out at every other weight, in the words of ``FIXED``."""
    rows = survival().query("conclusion == @words and share == 0")
    return rows.fixed.tolist()
