"""Explorer: a ladder of forces, each rung with the reader's own chances, and the first rung at which no attack pays.

from ip4.explorers.deterrence import explore
explore()
"""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, Figure, figure
from coursekit.marks import line_at, value_labels
from ip4.colours import HEX
from ip4.explorers.explore import explorer, slider
from ip4.measures.ladder import LADDER, rungs


def said(rows: pd.DataFrame) -> str:
    """One sentence on a ladder: the first rung at which an attack does not pay, and what it is worth there."""
    holding = rows.query("worth < 0")
    if holding.empty:
        return "An attack pays at every rung: no force on this ladder holds"
    first = holding.iloc[0]
    return f"The first rung that holds is {first.rung}: an attack is worth {first.worth:+.2f} prizes there"


def picture(rows: pd.DataFrame) -> Figure:
    """Bars of what an attack is worth at each rung, lowest rung at the bottom."""
    colour = alt.condition("datum.worth > 0", alt.value(ACCENT), alt.value(HEX["NATO"]))
    chart = alt.Chart(rows).encode(
        alt.X("worth:Q", title="What an attack is worth, in prizes"),
        alt.Y("rung:N", title=None, sort=list(rows.rung[::-1])),
        tooltip=list(rows),
    )
    bars = chart.mark_bar(height=22).encode(color=colour)
    return figure(
        (line_at(x=[0]) + bars + value_labels(chart, "worth", "+.2f", "right")).properties(height=190),
        name="fig-lab-ladder",
        title=said(rows),
        description="Bars for the rungs of a ladder of forces: to the right of zero an attack pays, to the left not.",
        model="the sum of chapter 3, after Mazarr 2018",
        rows=rows,
        note="A model with your own chances, not data.",
    )


def draw(cost: float, **chances: float) -> Figure:
    """The ladder for a cost of the answer (in prizes) and two chances a rung: success_0, answer_0 and so on."""
    ladder = {name: (chances[f"success_{number}"], chances[f"answer_{number}"]) for number, name in enumerate(LADDER)}
    return picture(rungs(ladder, cost))


def explore() -> widgets.VBox:
    """Set a cost and two chances for each rung; see where an attack stops paying."""
    chances = {}
    for number, (name, (success, answer)) in enumerate(LADDER.items()):
        chances[f"success_{number}"] = slider(f"{name}: a grab works", success, 0.0, 1.0, 0.1)
        chances[f"answer_{number}"] = slider(f"{name}: allies answer", answer, 0.0, 1.0, 0.1)
    return explorer(draw, cost=slider("Cost of the answer, in prizes", 1.0, 0.5, 4.0, 0.5), **chances)
