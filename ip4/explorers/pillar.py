"""Explorer: from whom a buyer has its arms, block by block, and who gained and lost between two blocks."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, MUTED, REST, Figure, figure
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer
from ip4.measures import suppliers

COLOURS = {
    "Europe": HEX["EU"],
    "United States": HEX["United States"],
    "the four partners": HEX["IP4"],
    "Israel": MUTED,
    suppliers.OTHERS: REST,
}
MEASURES = ["share, %", "volume, thousand TIV"]
BLOCKS = ["2001-05", "2006-10", "2011-15", "2016-20", "2021-25"]


def over_time(recipient: str, measure: str) -> Figure:
    """One line a supplier over the five blocks."""
    rows = suppliers.recipients().query("recipient == @recipient and measure == @measure")
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    chart = (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("block:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=measure.capitalize()),
            color=alt.Color("supplier:N", title=None, scale=scale),
            strokeDash=alt.StrokeDash("supplier:N", title=None, scale=alt.Scale(domain=list(COLOURS))),
            tooltip=["supplier", "block", "value"],
        )
    )
    captions = suppliers.recipient_captions(rows)
    return figure(
        chart.properties(height=300),
        name="fig-lab-suppliers",
        source="arms_supplier_groups",
        rows=rows,
        title=captions.caption.item(),
        description="One line a group of suppliers over five-year blocks.",
    )


def between(recipient: str, measure: str, first: str, last: str) -> Figure:
    """Bars: what each supplier gained or lost between two blocks; ValueError when they are out of order."""
    if first >= last:
        raise ValueError("The first block must lie before the second; choose an earlier first block.")
    rows = suppliers.ends(recipient, first, last, measure)
    top = rows.iloc[0]
    unit = "points" if measure == MEASURES[0] else "thousand TIV"
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("change:Q", title=f"Change from {first} to {last}, {unit}"),
            y=alt.Y("supplier:N", title=None, sort=alt.SortField("change", "descending")),
            color=alt.condition("datum.change > 0", alt.value(ACCENT), alt.value(REST)),
            tooltip=["supplier", "first", "last", "change"],
        )
    )
    return figure(
        bars.properties(height=170),
        name="fig-lab-change",
        source="arms_supplier_groups",
        rows=rows,
        title=f"{recipient}, {first} to {last}: the largest change is {top.supplier}, {top.change:+.2f} {unit}",
        description="One bar a group of suppliers: to the right it gained, to the left it lost.",
    )


def draw(recipient: str, measure: str, first: str, last: str) -> list[Figure]:
    """Both figures for one choice of the controls."""
    return [over_time(recipient, measure), between(recipient, measure, first, last)]


def explore() -> widgets.VBox:
    """Choose a buyer, a measure and two blocks; see its suppliers, and who gained and lost."""
    return explorer(
        draw,
        recipient=choice("Buyer", list(suppliers.recipients().recipient.unique()), "Poland"),
        measure=choice("Measure", MEASURES),
        first=choice("First block", BLOCKS, "2016-20"),
        last=choice("Second block", BLOCKS, "2021-25"),
    )
