"""What nine capitals can still say: the claims that serve two kinds of advice, and the verdicts on them then and today.

An argument *stands* at a moment when the verdict of that moment is the one under which the claim helps; it *fell* when
it stood on the earlier day and does not today. Sources: ``capital_advice``, ``claim_verdicts``. Counts are
arguments (rows of ``capital_advice``) unless a function says otherwise.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures.rewordings import SIGNS

DIRECTIONS = {"closer": "come closer", "distance": "keep a distance"}
MOMENTS = {"then": "July 2023", "now": "today"}


def arguments() -> pd.DataFrame:
    """One row an argument: the columns of ``capital_advice``, then, now (verdicts), stood, stands, fell.

    Sources: ``capital_advice``, ``claim_verdicts``.
    """
    verdicts = load("claim_verdicts").pivot(index="claim_id", columns="as_of", values="verdict")[list(MOMENTS)]
    rows = load("capital_advice").merge(verdicts, on="claim_id")
    rows = rows.assign(stood=rows.then == rows.helps_when, stands=rows.now == rows.helps_when)
    return rows.assign(fell=rows.stood & ~rows.stands)


def fallen(direction: str | None = None) -> int:
    """How many arguments fell between July 2023 and today, for one advice or for both. Sources: see module."""
    rows = arguments()
    return int(rows.fell[(rows.direction == direction) | (direction is None)].sum())


def capitals_hit(direction: str, without: str | None = None) -> int:
    """How many capitals lost at least one argument for an advice; ``without``: leave one claim out. See module."""
    rows = arguments().query("direction == @direction and claim_id != @without and fell")
    return int(rows.capital.nunique())


def claims_fallen() -> list[str]:
    """Ids of the claims behind the arguments that fell, sorted. Sources: see module."""
    rows = arguments()
    return sorted(set(rows.claim_id[rows.fell]))


def fewest_hit() -> int:
    """Capitals hit on the less hit side when the claim that hurts most is left out, the worst case over all claims.

    0 would mean that one claim alone makes "both sides lost ground". Sources: see module.
    """
    return min(capitals_hit(side, claim) for claim in claims_fallen() for side in DIRECTIONS)


def balance() -> pd.DataFrame:
    """Arguments that stand, one row a capital and advice: capital, advice (in words), then, today. See module."""
    rows = arguments().groupby(["capital", "direction"], sort=False)[["stood", "stands"]].sum().reset_index()
    rows = rows.assign(advice=rows.direction.map(DIRECTIONS))
    return rows.rename(columns={"stood": "then", "stands": "today"})[["capital", "advice", "then", "today"]]


def told() -> pd.DataFrame:
    """What the figure of one capital draws: one row an argument and moment.

    Columns: capital, argument (advice, sentence, claim), moment (in words), sign, verdict, state (stood, stands,
    fell, not). Sources: see module.
    """
    rows = arguments()
    words = rows.direction.str.capitalize() + ": " + rows.reading + " (" + rows.claim_id + ")"
    rows = rows.assign(argument=words)
    today = rows.stands.map({True: "stands", False: "not"}).mask(rows.fell, "fell")
    then = rows.stood.map({True: "stood", False: "not"})
    parts = [
        rows.assign(moment=said, verdict=rows[name], state=state)
        for (name, said), state in zip(MOMENTS.items(), (then, today), strict=True)
    ]
    found = pd.concat(parts, ignore_index=True).sort_values(["capital", "direction"], kind="stable")
    return found.assign(sign=found.verdict.map(SIGNS))[["capital", "argument", "moment", "sign", "verdict", "state"]]


def told_captions() -> pd.DataFrame:
    """What to say for each capital of ``told``: capital, caption with its arguments that stand. Sources: see module."""
    rows = balance()
    found = []
    for capital, part in rows.groupby("capital", sort=False):
        said = [f"to {row.advice} {row.then} of 3 stood and {row.today} stand" for row in part.itertuples()]
        found.append((capital, f"{capital}: {'; '.join(said)}"))
    return pd.DataFrame(found, columns=["capital", "caption"])
