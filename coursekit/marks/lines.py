"""Lines, bands and curves, and the signs for estimates and for the one that matters."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd

from coursekit.charts import ACCENT, REST
from coursekit.marks import placing

GAP = "break-paths-show-path-domains"  # Vega-Lite's word for: a missing value interrupts the line
DASH = [4, 3]


def pale_if_estimate(full: float = 0.75, column: str = "is_estimate") -> dict:
    """Estimates pale, final figures full: ``dots.encode(fillOpacity=pale_if_estimate())``."""
    return alt.condition(f"datum['{column}']", alt.value(0.1), alt.value(full))


def estimate_stroke(colour: str = ACCENT) -> dict:
    """Mark settings that keep a pale mark's edge visible: ``chart.mark_circle(size=70, **estimate_stroke(colour))``."""
    return {"color": colour, "stroke": colour, "strokeWidth": 1.5, "strokeOpacity": 1, "opacity": 1}


def highlight(column: str, control: alt.Parameter, colour: str = ACCENT, rest: str = REST) -> dict:
    """One in colour, the rest grey: ``lines.encode(color=highlight("ally", ally), detail="ally")``."""
    return alt.condition(f"datum['{column}'] == {control.name}", alt.value(colour), alt.value(rest))


def line(chart: alt.Chart, estimate: str | None = None, points: bool = False, **mark) -> alt.LayerChart:
    """Lines that break at missing values; dashed where the column ``estimate`` is true. ``line(chart, "is_estimate")``.

    points: also draw each value, so that a year alone between two gaps can be seen.
    """
    layers = [chart.mark_line(invalid=GAP, **mark)]
    if estimate:
        known = chart.transform_filter(f"!datum['{estimate}']")
        layers = [chart.mark_line(invalid=GAP, **{"strokeDash": DASH} | mark), known.mark_line(invalid=GAP, **mark)]
    if points:
        layers.append(
            chart.mark_point(filled=True, size=30, **{k: v for k, v in mark.items() if k in {"color", "clip"}})
        )
    return alt.layer(*layers)


def steps(chart: alt.Chart, **mark) -> alt.Chart:
    """Step lines: a value holds until the next. ``steps(chart.encode(x, y, color="candidate"))``."""
    return chart.mark_line(interpolate="step-after", **mark)


def context(chart: alt.Chart, by: str, colour: str = REST) -> alt.Chart:
    """All lines, thin and grey but visible, as the background of one: ``context(chart, "ally") + line(chosen_one)``."""
    return chart.mark_line(color=colour, strokeWidth=1, opacity=0.9, invalid=GAP).encode(detail=f"{by}:N")


def band(chart: alt.Chart, low: str, high: str, colour: str = ACCENT, opacity: float = 0.22) -> alt.Chart:
    """Uncertainty: an area from column ``low`` to column ``high``. ``band(chart, "q05", "q95") + line(chart)``."""
    return chart.mark_area(color=colour, opacity=opacity, invalid=GAP).encode(alt.Y(f"{low}:Q"), alt.Y2(f"{high}:Q"))


def curve(function: Callable, low: float, high: float, x: alt.X, y: alt.Y, flip: bool = False, **mark) -> alt.Chart:
    """The curve of a formula that follows the controls: ``curve(lambda s: reply(40, taste, s), 0, 6, x, y)``.

    function: takes an Altair expression (and may use controls) and returns one. flip: its argument is on the y axis.
    """
    across, up = placing.column_of(x), placing.column_of(y)
    argument, value = (up, across) if flip else (across, up)
    points = alt.Chart(alt.sequence(low, high + (high - low) / 200, (high - low) / 100, as_=argument))
    made = points.transform_calculate(**{value: placing.expression(function(alt.datum[argument]))})
    return made.mark_line(clip=True, **mark).encode(x, y, order=f"{argument}:Q")


def show_gaps(rows: pd.DataFrame, by: str | list[str], along: str = "year") -> pd.DataFrame:
    """Rows with an empty one for each missing year, so that ``line`` breaks there: ``show_gaps(rows, by="ally")``.

    Returns the rows sorted by ``by`` and ``along``; from the first to the last year of a group no year is left out.
    """
    keys = [by] if isinstance(by, str) else list(by)
    ends = rows.groupby(keys, as_index=False)[along].agg(["min", "max"])
    full = [(*key, at) for *key, first, last in ends.itertuples(index=False) for at in range(int(first), int(last) + 1)]
    return pd.DataFrame(full, columns=[*keys, along]).merge(rows, on=[*keys, along], how="left")
