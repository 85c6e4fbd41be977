"""Words inside a picture: names in place of a key, numbers beside marks, one line that reads the row shown."""

from __future__ import annotations

import altair as alt

from coursekit.charts import TEXT
from coursekit.marks import placing

READOUT = 38  # letters of a readout that fit a phone; longer ones break


def direct_labels(
    chart: alt.Chart, column: str, only: str | None = None, height: int | None = None, colour: str | None = None
) -> alt.Chart:
    """Names beside what they name, in place of a key.

    At the ends of lines: ``line(chart) + direct_labels(chart, "basis")``. The names stand in the margin, where no mark
    is, and keep apart from each other at every setting; ``height`` is that of the chart in pixels.
    Beside a dot: ``dots + direct_labels(dots, "ally", only=chosen(ally))``. The name of the one dot for which ``only``
    holds goes to the side that covers no other dot. Give one call for each dot with a name.
    """
    place = placing.at_line_ends(chart, column, height) if only is None else placing.beside_dot(chart, column, only)
    return placing.coloured(place, colour) if colour else place


def value_labels(chart: alt.Chart, column: str, format: str = ".1f", side: str = "above", **mark) -> alt.Chart:
    """Numbers beside bars or dots: ``bars + value_labels(bars, "share", ".1f")``. side: above, below, right or left."""
    look = placing.SIDES[side] | {"color": TEXT, "fontSize": 12, "opacity": 1, "fillOpacity": 1} | mark
    return placing.only_places(chart).mark_text(**look).encode(text=alt.Text(f"{column}:Q", format=format))


def readout(chart: alt.Chart, text: str, place: str = "above") -> alt.Chart:
    """One line of words from the row shown: ``readout(one, "{ally}, {year}: {share:.1f} % of GDP")``.

    text: a template over the columns of the (filtered) chart. place: "above" the plot (never over a mark), or a corner
    that the chart leaves free: "top left", "top right", "bottom left", "bottom right".
    """
    one = placing.first_row(placing.bare(chart)).transform_calculate(said=placing.sentence(text))
    one = one.transform_calculate(readout=placing.wrapped("datum.said", READOUT))
    look, position = placing.corner(place, placing.title_lines(chart))
    return one.mark_text(fontSize=13, fontWeight="bold", color=TEXT, lineHeight=placing.LINE, **look).encode(
        text="readout:N", **position
    )


def signs(chart: alt.Chart, sign: str, words: str, **mark) -> alt.LayerChart:
    """A sign with its word below, at each place of the chart: ``signs(chart.encode(x, y), "sign", "word")``.

    sign, words: columns; the word says what the sign alone would leave to a key. mark: settings of both, a colour.
    """
    above = chart.mark_text(**{"fontSize": 17, "dy": -6} | mark).encode(text=f"{sign}:N")
    return above + chart.mark_text(**{"fontSize": 12, "dy": 10} | mark).encode(text=f"{words}:N")
