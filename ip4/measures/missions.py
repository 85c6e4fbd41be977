"""What evaluators outside the chain of command say of missions of the EU. Source: ``mission_evaluations``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

TASKS = {
    "watch": "watch",
    "protect": "guard",
    "build": "build up",
}
JUDGEMENTS = ["not enough", "partly", "success"]


def judged() -> pd.DataFrame:
    """One row an evaluation: mission, place, begins, task (words), judgement, evaluator, evaluated, finding.

    Missions that watch first, those that build last, each in the order of their first years. ``mission_evaluations``.
    """
    rows = load("mission_evaluations")
    rows = rows.assign(order=rows.task.map(list(TASKS).index), task=rows.task.map(TASKS))
    rows = rows.sort_values(["order", "start_year", "mission"], kind="stable", ignore_index=True)
    rows = rows.rename(columns={"start_year": "begins", "evaluation_year": "evaluated"})
    return rows[["mission", "place", "begins", "task", "judgement", "evaluator", "evaluated", "finding"]]


def evaluations(judgement: str | None = None, *, build: bool | None = None) -> int:
    """How many evaluations, of one judgement (``JUDGEMENTS``) or of all. Source: ``mission_evaluations``.

    build: only of missions that build up forces or courts (True), or only of the others (False).
    """
    rows = load("mission_evaluations")
    rows = rows if build is None else rows[(rows.task == "build") == build]
    return len(rows if judgement is None else rows[rows.judgement == judgement])


def missions() -> int:
    """How many missions were evaluated. Source: ``mission_evaluations``."""
    return load("mission_evaluations").mission_id.nunique()
