"""How a chapter draws: a small vocabulary of chart words over Altair.

Each word returns plain Altair, so ``.encode()``, ``.properties()`` and ``+`` go on from there. The polish lives here:
estimates are pale or hollow, labels stand where no mark is, missing values are shown as missing, text fits a phone.

    year = slide("year", 2014, 2026, value=2026, label="Year")
    chart = alt.Chart(rows).encode(measure("x", "share", "% of GDP", 0, 6), measure("y", "arms", "% of budget", 0, 65))
    now = chart.transform_filter(chosen(year))
    dots = now.mark_circle(**estimate_stroke()).encode(fillOpacity=pale_if_estimate())
    figure(line_at(x=[2], label="guideline") + dots, controls=[year], ...)
"""

from coursekit.marks.axes import line_at, measure, names, no_data, years
from coursekit.marks.controls import choose, chosen, slide
from coursekit.marks.lines import (
    band,
    context,
    curve,
    estimate_stroke,
    highlight,
    line,
    pale_if_estimate,
    show_gaps,
    steps,
)
from coursekit.marks.maps import outlines
from coursekit.marks.placing import MarkError
from coursekit.marks.whole import dumbbells, matrix, shares, small_multiples, strip
from coursekit.marks.words import direct_labels, readout, signs, value_labels

__all__ = [
    "slide",
    "choose",
    "chosen",
    "years",
    "measure",
    "names",
    "line_at",
    "no_data",
    "pale_if_estimate",
    "estimate_stroke",
    "highlight",
    "line",
    "steps",
    "context",
    "band",
    "curve",
    "show_gaps",
    "direct_labels",
    "value_labels",
    "readout",
    "signs",
    "dumbbells",
    "strip",
    "shares",
    "matrix",
    "outlines",
    "small_multiples",
    "MarkError",
]
