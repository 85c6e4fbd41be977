"""Whole charts in one word: dumbbells, strip plots, shares, grids of words, small multiples."""

from __future__ import annotations

import altair as alt
import pandas as pd

from coursekit.charts import ACCENT, MUTED, TEXT
from coursekit.marks import placing
from coursekit.marks.axes import measure, names

ROW = 19  # pixels a named row needs
CELL, CELL_LETTERS = 52, 7  # pixels of a row with a dot and a word; letters of a column's name before it breaks
FEW = 6  # so many rows get twice the room
PALE = 0.35  # fill of an estimate: neither full nor hollow, which means the start


def dumbbells(
    rows: pd.DataFrame | alt.Chart,
    row: str,
    start: str,
    end: str,
    title: str,
    low: float | None = None,
    high: float | None = None,
    sort: str | list | None = None,
    colour: str | alt.Color = ACCENT,
    words: tuple[str, str] | None = None,
    tick: str | None = None,
    estimate: str | None = None,
) -> alt.LayerChart:
    """Two values a row, joined: hollow at the start, filled at the end.

    ``dumbbells(rise, "ally", "before", "after", "% of GDP", words=("2021", "2026"))``.
    words: what the two dots are, written above the first row. tick: a third column, drawn as a small upright line.
    colour: one colour or an ``alt.Color``. sort: as in ``names``; by default the largest end value on top.
    estimate: a column, true where the end value is an estimate; its dot is pale with a full edge.
    """
    base, ink = placing.as_chart(rows), placing.ink(colour)
    sort = sort or f"-{end}"
    base = base.encode(names(row, sort), **ink.encoding).properties(height=_height(placing.count(base, row)))
    x = measure("x", start, title, low, high)
    layers = [base.mark_rule(strokeWidth=2.2, **ink.mark).encode(x, alt.X2(f"{end}:Q"))]
    if tick:
        layers.append(base.mark_tick(thickness=2, size=11).encode(alt.X(f"{tick}:Q"), color=alt.value(MUTED)))
    layers.append(base.mark_point(filled=False, size=50, strokeWidth=1.8, opacity=1, **ink.mark).encode(x))
    tips = [row, *([tick] if tick else []), start, end]
    layers += [dots.encode(alt.X(f"{end}:Q"), tooltip=tips) for dots in _end_dots(base, ink, estimate)]
    if words:
        layers += placing.above_first_row(base, sort, (start, end), words)
    return alt.layer(*layers)


def _height(rows: int) -> int:
    """Pixels of a chart of named rows; a few rows stand apart, many close."""
    return rows * (ROW if rows > FEW else 2 * ROW)


def _end_dots(base: alt.Chart, ink: placing.Ink, estimate: str | None) -> list[alt.Chart]:
    """The filled dots; with a column ``estimate`` those of estimates are pale, with a full edge."""
    dots = base.mark_circle(size=75, opacity=1, **ink.mark)
    if estimate is None:
        return [dots]
    pale = alt.condition(f"datum['{estimate}']", alt.value(PALE), alt.value(1))
    edge = base.mark_point(filled=False, size=75, strokeWidth=1.5, opacity=1, **ink.mark)
    return [dots.encode(fillOpacity=pale), edge]


def strip(
    rows: pd.DataFrame | alt.Chart,
    x: str,
    y: str,
    title: str,
    low: float | None = None,
    high: float | None = None,
    sort: str | list | None = None,
    colour: str = ACCENT,
    middle: str | None = "median",
) -> alt.LayerChart:
    """A strip plot: one dot a value, one line a name, an upright stroke at the median.

    ``strip(rows, "score", "president", "Agreement score")``.
    middle: "median", "mean" or None.
    """
    base = placing.as_chart(rows)
    base = base.encode(names(y, sort)).properties(height=2 * ROW * placing.count(base, y))
    dots = base.mark_circle(size=60, opacity=0.75, color=colour).encode(
        measure("x", x, title, low, high), tooltip=placing.columns(base)
    )
    if not middle:
        return alt.layer(dots)
    stroke = base.mark_tick(thickness=3, size=26, color=TEXT).encode(alt.X(f"{middle}({x}):Q"))
    return dots + stroke


def shares(
    rows: pd.DataFrame | alt.Chart,
    row: str,
    part: str,
    value: str,
    order: list[str],
    colours: list[str],
    title: str = "Share",
    sort: str | list | None = None,
    beside: str | None = None,
    under: str | None = None,
) -> alt.LayerChart:
    """Bars of 100 %, one a row, split into parts.

    ``shares(votes, "text", "vote", "n", ["yes", "abstain", "no"], colours)``.
    order, colours: the parts from left to right. beside: a column of words at the right of a bar; under: below it.
    """
    base = placing.as_chart(rows)
    room, lift = (2.1, -9) if under else (1.4, 0)
    across = names(row, sort)
    across["axis"]["labelOffset"] = lift
    base = base.encode(across).properties(height=round(ROW * room * placing.count(base, row)))
    colour = alt.Color(f"{part}:N", title=None, scale=alt.Scale(domain=order, range=colours), sort=order)
    x = alt.X(f"{value}:Q", stack="normalize", title=title, axis=alt.Axis(format="%", tickCount=4, labelSeparation=10))
    bars = base.transform_calculate(part_order=f"indexof({order}, datum['{part}'])").mark_bar(
        height=14,
        yOffset=lift,
        stroke=MUTED,
        strokeWidth=0.8,  # a pale part still has an edge to be seen
    )
    layers = [bars.encode(x, color=colour, order="part_order:Q", tooltip=[row, part, value])]
    one = placing.first_row(base, row)
    if beside:
        layers.append(
            one.mark_text(align="left", dx=6, dy=lift, color=TEXT).encode(x=alt.value("width"), text=f"{beside}:N")
        )
    if under:
        layers.append(one.mark_text(align="left", dy=6, color=TEXT).encode(x=alt.value(0), text=f"{under}:N"))
    return alt.layer(*layers)


def matrix(
    rows: pd.DataFrame | alt.Chart,
    column: str,
    row: str,
    word: str,
    order: list[str],
    sort: list | None = None,
    colour: str = ACCENT,
) -> alt.LayerChart:
    """One word in each cell of a table, under a dot that is larger the earlier the word stands in ``order``.

    ``matrix(bonds, "partner", "with", "bond", order=["treaty", "programme", "no text"])``. The last word has no dot.
    sort: the rows from top to bottom.
    """
    base = placing.as_chart(rows)
    look = {"orient": "top", "domain": False, "ticks": False, "labelAngle": 0, "labelPadding": placing.LINE + 3}
    words = alt.Axis(labelExpr=placing.wrapped("datum.label", CELL_LETTERS), labelOverlap=False, **look)
    across = alt.X(f"{column}:N", title=None, axis=words)
    base = base.encode(across, names(row, sort)).properties(height=CELL * placing.count(base, row))
    sizes = [round(60 + 340 * (1 - place / (len(order) - 1))) for place in range(len(order) - 1)] + [0]
    size = alt.Size(f"{word}:O", scale=alt.Scale(type="ordinal", domain=order, range=sizes), legend=None)
    dots = base.mark_circle(color=colour, opacity=1, yOffset=-8).encode(size, tooltip=[row, column, word])
    return dots + base.mark_text(dy=14, color=TEXT).encode(text=f"{word}:N")


def small_multiples(
    chart: alt.Chart | alt.LayerChart,
    by: str,
    columns: int = 3,
    width: int = 180,
    height: int = 170,
    order: list | None = None,
) -> alt.FacetChart:
    """One small chart for each value of a column, on the same axes: ``small_multiples(line(chart), by="measure")``."""
    facet = alt.Facet(f"{by}:N", title=None, sort=order, header=alt.Header(labelAnchor="start", labelLimit=width))
    return chart.properties(width=width, height=height).facet(facet=facet, columns=columns)
