"""Explorer: how close should a partner come? The loss at each depth of ties, and which conclusions survive.

from ip4.explorers.bet import explore
explore()
"""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import numpy as np
import pandas as pd

from coursekit.charts import ACCENT, MUTED, Figure, figure
from ip4.explorers.explore import choice as chooser
from ip4.explorers.explore import explorer, slider
from ip4.measures import choice
from ip4.models.partner_choice import best_depth, loss

MODEL = "the sum in this chapter, after Snyder 1984"
DEPTHS = np.round(np.arange(0, 1.01, 0.05), 2)


def line(abandonment: float, help: float, entrapment: float, neighbours: float) -> Figure:
    """What a partner expects to lose at each depth of ties, with a mark where it loses least."""
    weights = (abandonment, help, entrapment, neighbours)
    best = best_depth(*weights)
    rows = pd.DataFrame({"depth": DEPTHS, "loss": loss(DEPTHS, *weights).round(3)})
    least = pd.DataFrame({"depth": [round(best, 2)], "loss": [round(loss(best, *weights), 3)]})
    x = alt.X("depth:Q", title="Depth of ties with NATO", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("loss:Q", title="Expected loss, of the worst", scale=alt.Scale(domain=[0, 1]))
    drawn = alt.Chart(rows).mark_line(color=MUTED, strokeWidth=3).encode(x, y)
    dot = alt.Chart(least).mark_point(filled=True, size=140, color=ACCENT, opacity=1).encode(x, y)
    return figure(
        (drawn + dot).properties(height=240),
        name="fig-lab-loss",
        model=MODEL,
        rows=rows,
        title=choice.SAID.format(depth=best, conclusion=choice.conclusion(best)),
        description="A line of the expected loss over the depth of ties, and a dot at its lowest point.",
    )


def survivors(fixed: str) -> Figure:
    """Bars: at how many settings of the weights each conclusion is best, when one thing is held for certain."""
    rows = choice.survival().query("fixed == @fixed")
    share = rows.set_index("conclusion").share
    near, far = choice.CONCLUSIONS[-1], choice.CONCLUSIONS[0]
    bars = alt.Chart(rows).mark_bar(color=ACCENT)
    bars = bars.encode(
        alt.X("share:Q", title="% of the settings of the other weights", scale=alt.Scale(domain=[0, 100])),
        alt.Y("conclusion:N", title=None, sort=choice.CONCLUSIONS),
    )
    return figure(
        bars.properties(height=130),
        name="fig-lab-survive",
        model=MODEL,
        rows=rows,
        title=f"If {fixed}: {far} at {share[far]:.0f} % of the weights, {near} at {share[near]:.0f} %",
        description="Three bars, one a conclusion: the part of all settings of the weights at which it is best.",
    )


def draw(abandonment: float, help: float, entrapment: float, neighbours: float, fixed: str) -> list[Figure]:
    """Both figures for one choice of the controls."""
    return [line(abandonment, help, entrapment, neighbours), survivors(fixed)]


def explore() -> widgets.VBox:
    """Set the four weights and hold one thing for certain; see the best depth and which conclusions survive."""
    return explorer(
        draw,
        abandonment=slider("Fear of being left alone", 0.5, 0.0, 1.0, 0.05),
        help=slider("What Europe could make good", 0.5, 0.0, 1.0, 0.05),
        entrapment=slider("Fear of being drawn in", 0.5, 0.0, 1.0, 0.05),
        neighbours=slider("Cost among neighbours", 0.5, 0.0, 1.0, 0.05),
        fixed=chooser("Held for certain", list(choice.FIXED)),
    )
