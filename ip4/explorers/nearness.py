"""Explorer: weigh indicators, see which states are near one of the four partners, and whether the four are a group."""

from __future__ import annotations

from functools import partial

import altair as alt
import ipywidgets as widgets

from coursekit.charts import REST, Figure, figure
from coursekit.tables import load
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer, slider
from ip4.groups import members
from ip4.measures import indicators, nearness

SHOWN = 10  # neighbours in the first figure


def neighbours(state: str, weights: dict[str, float], ground: nearness.Ground) -> Figure:
    """Bars: the states nearest to a partner by weighted distance, the other partners told apart."""
    names = load("countries").set_index("iso3").short_name
    near = nearness.near(state, weights, ground).head(SHOWN)
    rows = near.rename("distance").rename_axis("iso3").reset_index()
    rows = rows.assign(country=rows.iso3.map(names), partner=rows.iso3.isin(members(indicators.PARTNERS)))
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("distance:Q", title="Weighted distance, in standard deviations"),
            y=alt.Y("country:N", title=None, sort=None),
            color=alt.condition("datum.partner", alt.value(HEX["IP4"]), alt.value(REST)),
            tooltip=["country", alt.Tooltip("distance:Q", format=".2f")],
        )
    )
    return figure(
        bars.properties(height=24 * SHOWN),
        name="fig-lab-near",
        rows=rows[["country", "distance"]].round(3),
        source=nearness.TABLES,
        title=f"Nearest to {names[state]}: {', '.join(rows.country[:3])}",
        description="Bars for the ten states nearest to the chosen partner, the nearest on top.",
        note="Partners are coloured. Only states with a figure on every indicator.",
    )


def together(weights: dict[str, float], ground: nearness.Ground) -> Figure:
    """Bars: of 100 foursomes, how many lie further apart than the four partners, in each reference."""
    rows = nearness.closeness(weights, ground)
    said = ", ".join(f"{row.reference} {row.closer:.0f}" for row in rows.itertuples())
    bars = (
        alt.Chart(rows)
        .mark_bar(color=HEX["IP4"])
        .encode(
            x=alt.X("closer:Q", title="Of 100 foursomes, how many are wider", scale=alt.Scale(domain=[0, 100])),
            y=alt.Y("reference:N", title=None, sort=None),
            tooltip=["reference", "states", "closer"],
        )
    )
    return figure(
        bars.properties(height=40 * len(rows)),
        name="fig-lab-together",
        rows=rows,
        source=nearness.TABLES,
        title=f"Of 100 foursomes, wider than the four: {said}",
        description="One bar a reference: the share of foursomes with a larger mean distance than the four partners.",
        note="Mean weighted distance of the six pairs; every foursome is counted.",
    )


def draw(state: str, ground: nearness.Ground | None = None, **weights: float) -> list[Figure]:
    """Both figures for one choice of the controls; with all weights at 0, every indicator counts alike."""
    here = ground or nearness.ground()
    return [neighbours(state, weights, here), together(weights, here)]


def explore() -> widgets.VBox:
    """Choose a partner and weigh the indicators; see who is near, and whether the four belong together."""
    names = load("countries").set_index("iso3").short_name
    partners = [(names[iso3], iso3) for iso3 in members(indicators.PARTNERS)]
    labels = {key: indicators.WORDS[key][0] for key in nearness.WEIGHED}
    weights = {key: slider(words[0].upper() + words[1:], 1, 0, 3, 1) for key, words in labels.items()}
    return explorer(partial(draw, ground=nearness.ground()), state=choice("Partner", partners), **weights)
