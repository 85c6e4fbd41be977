"""Axes with their units, and what stands behind the marks: reference lines and years without data."""

from __future__ import annotations

import textwrap

import altair as alt

from coursekit.charts import MUTED, REST
from coursekit.marks import placing
from coursekit.marks.placing import MarkError

TITLE_LINE = 44  # characters of an axis title that fit a phone
NAME_LINE = 22  # characters of a name before it breaks
DASH = [4, 3]


def years(column: str = "year", first: int | None = None, last: int | None = None, bars: bool = False) -> alt.X:
    """The x axis of years: no title, no comma in 2,026. ``years(first=1991, last=2026)``; ``bars=True`` under bars."""
    if bars:
        return alt.X(f"{column}:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=8))
    scale = alt.Scale(zero=False, nice=False)  # zero is said for the sake of reference lines, which would bring it in
    if first is not None:
        scale = alt.Scale(domain=[first, last], zero=False, nice=False)
    return alt.X(
        f"{column}:Q",
        title=None,
        scale=scale,
        axis=alt.Axis(format="d", tickCount=6, tickMinStep=1, labelSeparation=10),
    )


def measure(
    channel: str,
    column: str,
    title: str,
    low: float | None = None,
    high: float | None = None,
    format: str | None = None,
) -> alt.X | alt.Y:
    """A numeric axis with its unit: ``measure("y", "share", "% of GDP", 0, 5.6)``. channel: "x" or "y".

    Without ``low`` and ``high`` the data decide. Long titles break into lines that fit a phone.
    """
    kind = {"x": alt.X, "y": alt.Y}[channel]
    scale = {k: v for k, v in (("domainMin", low), ("domainMax", high)) if v is not None} | {"nice": high is None}
    if low is not None and high is not None:
        scale = {"domain": [low, high], "nice": False}
    if low is not None:
        scale["zero"] = False  # else a reference line would bring zero in
    axis = alt.Axis(
        tickCount=6,
        labelSeparation=8,
        **({"format": format} if format else {}),
        **({"titleY": -placing.UP} if channel == "y" else {}),
    )
    lines = textwrap.wrap(title or "", TITLE_LINE)
    return kind(f"{column}:Q", title=lines if len(lines) > 1 else title, scale=alt.Scale(**scale), axis=axis)


def names(column: str, sort: str | list | None = None) -> alt.Y:
    """The y axis of names; long ones break into lines. ``names("ally", sort="-share")``: the largest share on top.

    sort: a column ("-" before it for descending), a list of names in order, or None for the order of the rows.
    """
    order = sort
    if isinstance(sort, str):
        order = alt.EncodingSortField(
            sort.removeprefix("-"), op="max", order="descending" if sort[0] == "-" else "ascending"
        )
    axis = alt.Axis(domain=False, ticks=False, labelExpr=placing.wrapped("datum.label", NAME_LINE), labelLimit=170)
    return alt.Y(f"{column}:N", title=None, sort=order, axis=axis)


def line_at(x=None, y=None, label: str | list | None = None, colour: str = MUTED) -> alt.LayerChart:
    """Dashed reference lines, labelled outside the plot: ``line_at(x=[2, 3.5], label=["2 %", "3.5 %"])``.

    A place may be a control: ``line_at(x=day)`` is a marker that moves with it.
    """
    if (x is None) == (y is None):
        raise MarkError("line_at(): give x=[...] or y=[...], one of the two.")
    channel, places = ("x", x) if y is None else ("y", y)
    places = list(places) if isinstance(places, (list, tuple)) else [places]
    words = label if isinstance(label, list) else [label] * len(places)
    return alt.layer(
        *[placing.reference(channel, place, word, DASH, colour) for place, word in zip(places, words, strict=True)]
    )


def no_data(first: float, last: float, label: str = "no data") -> alt.LayerChart:
    """A grey band over years for which nothing is known, named above it: ``no_data(2024, 2024, "no votes")``."""
    one, middle = alt.Chart(alt.InlineData(values=[{}])), (first + last) / 2
    box = one.mark_rect(color=REST, opacity=0.25).encode(
        placing.at("x", first - 0.5, zero=False), x2=alt.datum(last + 0.5)
    )
    word = one.mark_text(baseline="bottom", dy=-2, color=MUTED, fontSize=12)
    return box + word.encode(placing.at("x", middle, zero=False), y=alt.value(0), text=alt.value(label))
