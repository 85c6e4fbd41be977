"""Explorer: aircraft around Taiwan under a rolling window, a threshold, and the drills that had a name."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, MUTED, TEXT, Figure, figure
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer, slider
from ip4.measures import counted

SHOWN, HIDDEN = "shown", "hidden"


def over_time(count: str, window: int, threshold: int, events: str) -> Figure:
    """The rolling mean with the threshold; drills as upright lines when events are shown."""
    rows = counted.rolling(window, count).dropna(subset="mean")
    spells = counted.spells(window, threshold, count)
    x = alt.X("at:Q", title=None, scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(format="d", tickMinStep=1))
    mean = alt.Chart(rows).mark_line(color=HEX["China"], strokeWidth=1.5).encode(x, alt.Y("mean:Q", title="Aircraft"))
    line = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=ACCENT, strokeDash=[6, 3])
    layers = mean + line.encode(y=alt.datum(threshold))
    drilled = events == SHOWN and count == counted.DETECTED
    if drilled:
        base = alt.Chart(counted.drills()).encode(alt.X("at:Q"))
        words = base.mark_text(angle=270, align="right", dx=-4, dy=-6, color=TEXT, fontSize=12)
        layers += base.mark_rule(color=MUTED) + words.encode(text="name:N", y=alt.value(0))
    return figure(
        layers.properties(height=300),
        name="fig-lab-window",
        source=["taiwan_pla_daily", "chronology"],
        rows=rows,
        title=f"Window of {window} days, threshold {threshold}: {len(spells)} crises ({count})"
        + (", named drills drawn" if drilled else ""),
        description="A line of the mean of the last days, with a threshold and the days of named drills.",
    )


def crises(count: str, window: int, threshold: int) -> Figure:
    """Bars: how many days each run above the threshold lasted; ValueError when there is none."""
    rows = counted.spells(window, threshold, count)
    if rows.empty:
        raise ValueError("No day lies above this threshold; lower it, or take a shorter window.")
    top = rows.loc[rows.highest.idxmax()]
    bars = (
        alt.Chart(rows)
        .mark_bar(color=HEX["China"])
        .encode(
            x=alt.X("days:Q", title="Days above the threshold"),
            y=alt.Y("first:N", title=None, axis=alt.Axis(labelLimit=120)),
            tooltip=["first", "last", "days", "highest"],
        )
    )
    return figure(
        bars.properties(height=max(60, 16 * len(rows))),
        name="fig-lab-crises",
        source="taiwan_pla_daily",
        rows=rows,
        title=f"{len(rows)} crises; the highest begins on {top['first']}, mean {top.highest:.1f}",
        description="One bar a run of days above the threshold, from its first day.",
    )


def draw(count: str, window: int, threshold: int, events: str) -> list[Figure]:
    """Both figures for one choice of the controls."""
    return [over_time(count, window, threshold, events), crises(count, window, threshold)]


def explore() -> widgets.VBox:
    """Choose a count, a window and a threshold; see how many crises there were, with or without the named drills."""
    return explorer(
        draw,
        count=choice("Count", [counted.DETECTED, counted.ENTERED]),
        window=slider("Window, days", 7, 1, 56, 1),
        threshold=slider("Threshold, aircraft a day", 20, 2, 50, 1),
        events=choice("Named drills", [SHOWN, HIDDEN]),
    )
