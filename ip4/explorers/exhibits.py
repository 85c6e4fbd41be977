"""Explorer: make an exhibit for a memo: a capital, a measure and a first year, with caption, source and table."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, MUTED, REST, Figure, figure
from coursekit.marks import line, measure, value_labels, years
from ip4.explorers.explore import choice, explorer, slider
from ip4.measures import exhibits


def exhibit(rows: pd.DataFrame, capital: str, what: str, first: int) -> Figure:
    """The exhibit that a memo prints: the series from the first year on, earlier years in grey, both ends in numbers.

    rows: as ``exhibits.table`` gives them. Raises ValueError when no two years are left.
    """
    one = _of(rows, capital, what)
    shown = one[one.year >= first]
    if len(shown) < 2:
        raise ValueError("No two years are left from this first year on; choose an earlier one.")
    about = exhibits.MEASURES[what]
    ends = shown.iloc[[0, -1]]
    axes = years(), measure("y", "value", about.unit)
    kept = alt.Chart(shown).encode(*axes)
    chart = line(alt.Chart(one).encode(*axes), color=REST) + line(kept, points=True, color=ACCENT)
    labels = value_labels(alt.Chart(ends).encode(*axes), "value", f".{about.decimals}f")
    return figure(
        (chart + labels).properties(height=300),
        name="fig-lab-exhibit",
        source=about.table,
        rows=shown[["year", "value"]],
        title=f"{capital}, {what}: {shown.headline.iloc[0]}",
        description=f"One line by year: {what} of {capital}; the years before {shown.year.iloc[0]} are grey.",
        note="An organisation is its median member, for arms the sum of those known, from the year of joining on.",
    )


def turns(rows: pd.DataFrame, capital: str, what: str, first: int) -> Figure:
    """For each first year, how far the newest value lies above or below it: where does the headline turn?

    The chosen first year is in colour. rows: as ``exhibits.table`` gives them.
    """
    one = _of(rows, capital, what).set_index("year")
    begun = int(one.loc[first:].index[0])
    changes = (one.value.iloc[-1] - one.value.iloc[:-1]).rename("change").reset_index()
    way = exhibits.directions(one.reset_index()).iloc[0]
    title = f"{capital}, {what}: first years that give a rise {way.rises}, a fall {way.falls}"
    bars = (
        alt.Chart(changes)
        .mark_bar()
        .encode(
            years(bars=True),
            measure("y", "change", f"Newest value less that of the year, {exhibits.MEASURES[what].unit}"),
            color=alt.condition(f"datum.year == {begun}", alt.value(ACCENT), alt.value(MUTED)),
            tooltip=["year", "change"],
        )
    )
    return figure(
        bars.properties(height=220),
        name="fig-lab-turns",
        source=exhibits.MEASURES[what].table,
        rows=changes.round(3),
        title=title,
        description="One bar a first year: above the line the exhibit would say rose, below it fell.",
        note="Counted are first years to 2020.",
    )


def _of(rows: pd.DataFrame, capital: str, what: str) -> pd.DataFrame:
    return rows.query("capital == @capital and measure == @what")


def explore() -> widgets.VBox:
    """Choose a capital, a measure and a first year; get the exhibit, and the first years that would turn it round."""
    rows = exhibits.table()  # read once: each change of a control only filters

    def draw(capital: str, what: str, first: int) -> list[Figure]:
        return [make(rows, capital, what, first) for make in (exhibit, turns)]

    return explorer(
        draw,
        capital=choice("Capital", list(exhibits.CAPITALS), "Wellington"),
        what=choice("Measure", list(exhibits.MEASURES), "military spending"),
        first=slider("First year", 2014, exhibits.FIRST, exhibits.LAST_START, 1),
    )
