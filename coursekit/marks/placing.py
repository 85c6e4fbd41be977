"""Where words stand in a picture so that they cover no mark: the arithmetic behind the labels of ``coursekit.marks``.

Everything is written as Vega-Lite transforms on the rows that are shown, so a label finds its place again at every
setting of a control and at every width.
"""

from __future__ import annotations

import json
import math
import string
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

from coursekit.charts import MUTED, TEXT
from coursekit.errors import CourseKitError

LETTER = 6.7  # pixels of an average letter at 12 px, on the generous side
LINE = 15  # pixels from one line of text to the next
WRAP = 18  # letters of a label in the margin before it breaks
UP = 16  # pixels from the plot to the title of its y axis: room for the words of an upright line
SIDES = {
    "above": {"align": "center", "baseline": "bottom", "dy": -6},
    "below": {"align": "center", "baseline": "top", "dy": 6},
    "right": {"align": "left", "baseline": "middle", "dx": 8},
    "left": {"align": "right", "baseline": "middle", "dx": -8},
}


class MarkError(CourseKitError):
    """A chart word was given something it cannot draw. The message says which word and what to give it."""


# --- reading a chart ---
def as_chart(rows: pd.DataFrame | alt.Chart) -> alt.Chart:
    return alt.Chart(rows) if isinstance(rows, pd.DataFrame) else rows


def column_of(channel) -> str:
    """The column of an encoding channel: "share" for ``alt.X("share:Q")``."""
    for name in ("field", "shorthand"):
        if isinstance(_set(channel, name), str):
            return channel[name].rsplit(":", 1)[0]
    raise MarkError("a label needs a chart with a column on x and a column on y; encode them before the labels.")


def _set(channel, name: str):
    """A setting of a channel, Undefined when it was not set (getattr would return Altair's setter)."""
    return channel._get(name) if isinstance(channel, alt.SchemaBase) else alt.Undefined


def _channel(chart: alt.Chart, name: str):
    if not isinstance(chart, alt.Chart):
        raise MarkError("a label needs one chart and not a sum of charts; give it the chart before the +.")
    try:
        return chart.encoding[name]
    except (KeyError, TypeError):  # none of that name, or no channels at all
        return alt.Undefined


def columns(chart: alt.Chart) -> list[str]:
    return list(chart.data.columns) if isinstance(chart.data, pd.DataFrame) else []


def count(chart: alt.Chart, column: str) -> int:
    """How many names a chart may show at once: no control can show more than there are."""
    return chart.data[column].nunique() if column in columns(chart) else 12


def domain(chart: alt.Chart, name: str) -> tuple[float, float]:
    """Ends of an axis: those that were set, else those of the data with zero (Vega-Lite's default)."""
    channel = _channel(chart, name)
    values = chart.data[column_of(channel)] if column_of(channel) in columns(chart) else pd.Series([0.0, 1.0])
    low, high = min(0.0, float(values.min())), float(values.max())
    scale = _set(channel, "scale")
    scale = scale.to_dict() if isinstance(scale, alt.Scale) else {}
    if "domain" in scale:
        return tuple(scale["domain"])
    return scale.get("domainMin", low), scale.get("domainMax", high)


def title_lines(chart) -> int:
    """Lines that the title of the y axis takes above the plot."""
    title = _set(_channel(chart, "y"), "title")
    return len(title) if isinstance(title, list) else int(isinstance(title, str))


# --- charts stripped to what a label needs ---
def bare(chart: alt.Chart) -> alt.Chart:
    """The same rows with nothing encoded."""
    copy = chart.copy()
    copy.encoding = alt.FacetedEncoding()
    return copy


def only_places(chart: alt.Chart) -> alt.Chart:
    """The same rows with nothing encoded but x and y (and their offsets)."""
    kept = {n: _channel(chart, n) for n in ("x", "y", "xOffset", "yOffset")}
    return bare(chart).encode(**{n: c for n, c in kept.items() if c is not alt.Undefined})


def first_row(chart: alt.Chart, by: str | None = None) -> alt.Chart:
    """Only the first of the rows shown (of each group)."""
    window = chart.transform_window(row_of_label="row_number()", groupby=[by] if by else [])
    return window.transform_filter("datum.row_of_label == 1")


def coloured(chart: alt.Chart, colour: str) -> alt.Chart:
    copy = chart.copy()
    copy.mark.color, copy.encoding.color = colour, alt.Undefined
    return copy


@dataclass
class Ink:
    """A colour as mark settings or as an encoding."""

    mark: dict = field(default_factory=dict)
    encoding: dict = field(default_factory=dict)


def ink(colour: str | alt.Color) -> Ink:
    return Ink(mark={"color": colour}) if isinstance(colour, str) else Ink(encoding={"color": colour})


# --- words ---
def expression(value) -> str:
    """What a formula returned, as Vega reads it (a number, or what Altair made of columns and controls)."""
    return value._to_expr() if hasattr(value, "_to_expr") else str(value)


def wrapped(text: str, letters: int) -> str:
    """A Vega expression: words of more than so many letters are broken at spaces into a list of lines."""
    pattern = json.dumps(f"(.{{{letters // 2},{letters}}}) ")
    lines = f"split(replace({text}, regexp({pattern}, 'g'), '$1\\n'), '\\n')"
    return f"length({text}) > {letters} ? {lines} : [{text}]"


def sentence(template: str) -> str:
    """A template with columns in braces as a Vega expression: ``"{ally}: {share:.1f} %"``. Empty: "not known"."""
    parts = []
    for words, column, format_, _ in string.Formatter().parse(template):
        if words:
            parts.append(json.dumps(words, ensure_ascii=False))
        if column:
            cell = f"datum[{json.dumps(column)}]"
            shown = f"format({cell}, {json.dumps(format_)})" if format_ else cell
            parts.append(f"(isValid({cell}) ? {shown} : 'not known')")
    return " + ".join(parts)


def corner(place: str, title: int) -> tuple[dict, dict]:
    """Mark settings and position of a line of words. title: lines of the y axis title, above the plot, too."""
    if place == "above":
        return {"align": "left", "baseline": "bottom", "dy": _lifted("readout")}, {
            "x": alt.value(0),
            "y": alt.value(-UP - LINE * title - 2),
        }
    down, _, side = place.partition(" ")
    if down not in {"top", "bottom"} or side not in {"left", "right"}:
        raise MarkError(
            f"readout(): there is no place '{place}'; write above, top left, top right, bottom left or bottom right."
        )
    look = {
        "align": side,
        "baseline": down,
        "dx": 4 if side == "left" else -4,
        "dy": 4 if down == "top" else _lifted("readout", -4),
    }
    across = alt.value(0) if side == "left" else alt.value("width")
    return look, {"x": across, "y": alt.value(0) if down == "top" else alt.value("height")}


def at(channel: str, place: float | alt.Parameter, **scale):
    """A place on an axis: a number or a control."""
    kind = {"x": alt.XDatum, "y": alt.YDatum}[channel]
    value = alt.ExprRef(place.name) if isinstance(place, alt.Parameter) else place
    return kind(value, type="quantitative", **({"scale": alt.Scale(**scale)} if scale else {}))


def _lifted(column: str, dy: int = 0) -> alt.expr:
    """Moves several lines of text up by all but one: Vega hangs them below the place of the first."""
    return alt.expr(f"{dy} - (length(datum.{column}) - 1) * {LINE}")


def reference(channel: str, place, word: str | None, dash: list[int], colour: str) -> alt.LayerChart | alt.Chart:
    """One rule at a number or a control; its word stands outside the plot, above or right of it."""
    one, spot = alt.Chart(alt.InlineData(values=[{}])), at(channel, place)
    rule = one.mark_rule(strokeDash=dash, color=colour).encode(spot)
    if not word:
        return rule
    if channel == "x":
        text = one.mark_text(align="center", baseline="bottom", dy=-2, color=colour, fontSize=12).encode(
            spot, y=alt.value(0)
        )
    else:
        text = one.mark_text(align="left", baseline="middle", dx=6, color=colour, fontSize=12).encode(
            spot, x=alt.value("width")
        )
    return rule + text.encode(text=alt.value(word))


def above_first_row(chart: alt.Chart, sort, ends: tuple[str, str], words: tuple[str, str]) -> list[alt.Chart]:
    """What the two dots of a row are, written over the top row: the left word ends, the right one starts there."""
    if not isinstance(sort, str):
        raise MarkError("dumbbells(): words need a column to sort by, so that the first row is known.")
    order = alt.SortField(sort.removeprefix("-"), order="descending" if sort[0] == "-" else "ascending")
    top = chart.transform_window(row_of_label="row_number()", sort=[order]).transform_filter("datum.row_of_label == 1")
    labels = []
    for here, there, word in (*[(*ends, words[0])], (ends[1], ends[0], words[1])):
        left = alt.expr(f"datum['{here}'] < datum['{there}'] ? 'right' : 'left'")
        nudge = alt.expr(f"datum['{here}'] < datum['{there}'] ? 4 : -4")
        mark = bare(top).mark_text(align=left, dx=nudge, baseline="bottom", color=MUTED, fontSize=12)
        labels.append(mark.encode(x=alt.X(f"{here}:Q"), y=alt.value(-2), text=alt.value(word)))
    return labels


# --- at the ends of lines ---
def at_line_ends(chart: alt.Chart, column: str, height: int | None) -> alt.Chart:
    """Labels in the right margin at the height of each line's last value, pushed apart until none touches another.

    With the values y sorted upwards and g the least distance, pushing up gives ``i g + max(y_j - j g, j <= i)`` and
    pushing down ``i g + min(y_j - j g, j >= i)``. Both keep the distance, and so does their mean, which moves a lone
    label not at all. Running maxima and minima are window transforms, so this follows every filter.
    """
    x, y = column_of(_channel(chart, "x")), column_of(_channel(chart, "y"))
    low, high = domain(chart, "y")
    longest = chart.data[column].astype(str).str.len().max() if column in columns(chart) else 0
    gap = f"({LINE * math.ceil(longest / WRAP or 1) * (high - low):.6g} / {height or 'height'})"
    label = (
        chart.transform_filter(f"isValid(datum['{y}'])")
        .transform_joinaggregate(last_of_label=f"max({x})", groupby=[column])
        .transform_filter(f"datum['{x}'] == datum.last_of_label")
        .transform_window(rank_of_label="row_number()", sort=[alt.SortField(y)])
        .transform_calculate(lifted=f"datum['{y}'] - datum.rank_of_label * {gap}")
        .transform_window(up="max(lifted)", sort=[alt.SortField(y)], frame=[None, 0])
        .transform_window(down="min(lifted)", sort=[alt.SortField(y)], frame=[0, None])
        .transform_joinaggregate(labels="count()")
        .transform_calculate(
            wanted=f"(datum.up + datum.down) / 2 + datum.rank_of_label * {gap}",
            least=f"{low} + (datum.rank_of_label - 0.5) * {gap}",
            most=f"{high} - (datum.labels - datum.rank_of_label + 0.5) * {gap}",
            words_of_label=wrapped(f"'' + datum['{column}']", WRAP),
        )
        .transform_calculate(place_of_label="max(datum.least, min(datum.most, datum.wanted))")
    )
    colour = _channel(chart, "color")
    kept = {} if colour is alt.Undefined else {"color": colour}
    rise = alt.expr(
        f"(1 - length(datum.words_of_label)) * {LINE / 2}"
    )  # Vega hangs the lines of a label below its place
    mark = bare(label).mark_text(
        align="left", baseline="middle", dx=8, dy=rise, fontSize=12, fontWeight="bold", lineHeight=LINE, opacity=1
    )
    place = alt.Y("place_of_label:Q", title=_set(_channel(chart, "y"), "title"))
    return mark.encode(x=alt.value("width"), y=place, text="words_of_label:N", **kept)


# --- beside one dot ---
# Candidates in order of preference: (align, dx, dy); FAR is taken only when all that are near cover a dot.
NEAR = [("left", 9, 0), ("right", -9, 0), ("center", 0, -14), ("center", 0, 14)]
NEAR += [(align, dx, dy) for align, dx in (("left", 6), ("right", -6)) for dy in (-11, 11)]
FAR = [(align, dx, dy) for align, dx in (("center", 0), ("left", 12), ("right", -12)) for dy in (-22, 22)]
CANDIDATES = NEAR + FAR
SHARE_LEFT = {"left": 0, "center": 0.5, "right": 1}  # how much of the words lies left of their anchor
DOT = 5.5  # pixels from the middle of a dot to its edge
HALF = 5  # pixels from the middle of a line of text to its edge


def beside_dot(chart: alt.Chart, column: str, only: str) -> alt.Chart:
    """The name of one dot on the side where the fewest other dots (and no edge of the plot) are in the way."""
    x, y = column_of(_channel(chart, "x")), column_of(_channel(chart, "y"))
    (x0, x1), (y0, y1) = domain(chart, "x"), domain(chart, "y")
    placed = chart.transform_calculate(
        px=f"(datum['{x}'] - {x0}) / {x1 - x0} * width", py=f"({y1} - datum['{y}']) / {y1 - y0} * height"
    )
    placed = placed.transform_calculate(
        own_x=f"({only}) ? datum.px : null",
        own_y=f"({only}) ? datum.py : null",
        own_w=f"({only}) ? length('' + datum['{column}']) * {LETTER} : null",
    ).transform_joinaggregate(at_x="max(own_x)", at_y="max(own_y)", wide="max(own_w)")
    placed = placed.transform_calculate(**{f"hit{i}": _hit(*box, only) for i, box in enumerate(CANDIDATES)})
    placed = placed.transform_joinaggregate(**{f"hits{i}": f"sum(hit{i})" for i in range(len(CANDIDATES))})
    hits = ", ".join(f"datum.hits{i}" for i in range(len(CANDIDATES)))
    label = placed.transform_filter(only).transform_calculate(best=f"indexof([{hits}], min({hits}))")
    align, dx, dy = ([c[k] for c in CANDIDATES] for k in range(3))
    look = {
        "align": alt.expr(f"{align}[datum.best]"),
        "dx": alt.expr(f"{dx}[datum.best]"),
        "dy": alt.expr(f"{dy}[datum.best]"),
    }
    mark = only_places(label).mark_text(
        baseline="middle", fontSize=12, fontWeight="bold", color=TEXT, opacity=1, fillOpacity=1, **look
    )
    return mark.encode(text=f"{column}:N")


def _hit(align: str, dx: int, dy: int, only: str) -> str:
    """1 for a dot under the words at a candidate place; 100 for the dot itself when the words would leave the plot."""
    left = f"(datum.at_x + {dx} - {SHARE_LEFT[align]} * datum.wide)"
    inside_x = f"datum.px > {left} - {DOT} && datum.px < {left} + datum.wide + {DOT}"
    inside_y = f"abs(datum.py - datum.at_y - {dy}) < {DOT + HALF}"
    leaves = f"{left} < 0 || {left} + datum.wide > width || datum.at_y + {dy} < 6 || datum.at_y + {dy} > height - 6"
    return f"({only}) ? (({leaves}) ? 100 : 0) : (({inside_x} && {inside_y}) ? 1 : 0)"
