"""Places drawn from their outlines: a map without a map projection in the page."""

from __future__ import annotations

import altair as alt

from coursekit.charts import MUTED

UNITS = 1000  # of an outline, from the middle of the map to its side
ACROSS = "span(range('x'))"  # the width of the panel in pixels, at any width of the page


def outlines(chart: alt.Chart, column: str = "outline", **mark) -> alt.Chart:
    """Outlines that a column holds as SVG paths: ``outlines(alt.Chart(places).encode(color="kind:N"), "outline")``.

    A path has its middle at 0,0 and reaches 1000 units to each side, y downwards; it must be projected already. All
    rows lie on one map, later ones on top; the map is as wide as its panel, so give the panel the height of its width.
    mark: settings of the outline, such as ``stroke``.
    """
    look = {"filled": True, "opacity": 1, "stroke": MUTED, "strokeWidth": 0.4, "clip": True} | mark
    middle = {"scale": alt.Scale(domain=[-1, 1], nice=False), "axis": None}
    shaped = chart.transform_calculate(middle_of_map="0").mark_point(
        size=alt.ExprRef(f"pow({ACROSS} / {UNITS}, 2)"), **look
    )
    return shaped.encode(
        x=alt.X("middle_of_map:Q", **middle),
        y=alt.Y("middle_of_map:Q", **middle),
        shape=alt.Shape(f"{column}:N", scale=None, legend=None),
    )
