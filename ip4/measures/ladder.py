"""The two models of deterrence as the chapter draws them: a ladder of forces, and what quiet tells.

No table is read: chances are the reader's own, in steps of the controls.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from ip4.models.deterrence import deterred, quiet, support, worth

CHANCES = np.round(np.arange(0, 1.01, 0.1), 1)
COSTS = [0.5, 1, 2, 4]  # of the allies' answer, in prizes
INTENTS = np.round(np.arange(0.05, 0.951, 0.05), 2)
HOLDS = [0.5, 0.9, 1]
# A ladder to begin with: (chance of success on the ground, chance that the allies answer). An example, no estimate.
LADDER = {
    "no allied troops": (0.9, 0.3),
    "a battlegroup": (0.8, 0.5),
    "a brigade kept at home": (0.7, 0.6),
    "a brigade on the spot": (0.4, 0.7),
}


def grid() -> pd.DataFrame:
    """What an attack is worth at every setting of the controls: success, answer, cost, worth (prizes), verdict."""
    rows = pd.DataFrame(product(CHANCES, CHANCES, COSTS), columns=["success", "answer", "cost"])
    rows["worth"] = worth(rows.success, rows.answer, rows.cost).round(2)
    return rows.assign(verdict=rows.worth.map(_verdict))


def rungs(ladder: dict[str, tuple[float, float]] | None = None, cost: float = 1) -> pd.DataFrame:
    """What an attack is worth at each rung of a ladder: rung, success, answer, worth (prizes), verdict.

    ladder: chance of success and chance of an answer by the name of the rung; without it ``LADDER``.
    """
    rows = [(name, *chances) for name, chances in (ladder or LADDER).items()]
    found = pd.DataFrame(rows, columns=["rung", "success", "answer"])
    found["worth"] = worth(found.success, found.answer, cost).round(2)
    return found.assign(verdict=found.worth.map(_verdict))


def first_that_holds(cost: float = 1) -> str:
    """The lowest rung of ``LADDER`` at which an attack no longer pays, or "none"."""
    rows = rungs(cost=cost).query("worth < 0")
    return "none" if rows.empty else rows.rung.iloc[0]


def odds() -> pd.DataFrame:
    """What quiet tells, by intent and by what deterrence holds back, each in percent.

    Columns: intent, holds, seen (quiet years in 100 with deterrence), unseen (without any), times (how many times as
    likely quiet is with it), held (of 100 quiet years, those in which an attack was meant and held back).
    """
    rows = pd.DataFrame(product(INTENTS, HOLDS), columns=["intent", "holds"])
    seen, unseen = quiet(rows.intent, rows.holds), quiet(rows.intent, 0)
    found = rows.assign(seen=100 * seen, unseen=100 * unseen, times=support(rows.intent, rows.holds))
    found = found.assign(held=100 * deterred(rows.intent, rows.holds))
    found = found.assign(intent=100 * rows.intent, holds=100 * rows.holds)
    return found.round({"intent": 0, "holds": 0, "seen": 1, "unseen": 1, "times": 2, "held": 1})


def _verdict(value: float) -> str:
    return "it pays" if value > 0 else "it does not pay"
