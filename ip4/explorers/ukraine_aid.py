"""Explorer: who gave Ukraine most in a window of one's own, by measure and unit."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.marks import measure, names, value_labels
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer
from ip4.measures import ranking

SHOWN = 12  # bars in the second figure
SOURCE = ["ukraine_aid_monthly", "ukraine_aid_donors"]


def month_list() -> list[str]:
    """All months of the table, "2022-01" to the last."""
    return sorted(ranking.months().month.unique())


def sides(first: str, last: str) -> Figure:
    """The two sides on each measure in a window, as bars; the title says who is ahead on the arms."""
    found = ranking.both_sides(first, last)
    rows = found.drop(columns="ahead").melt(ignore_index=False, var_name="side", value_name="amount")
    rows = rows.reset_index().round(1)
    colour = alt.Scale(domain=ranking.SIDES, range=[HEX["United States"], HEX["EU"]])
    chart = alt.Chart(rows, height=190).encode(
        measure("x", "amount", "EUR billion"),
        names("measure", list(ranking.MEASURES)),
        alt.YOffset("side:N", sort=ranking.SIDES),
    )
    bars = chart.mark_bar().encode(alt.Color("side:N", title=None, scale=colour), tooltip=list(rows))
    arms = found.loc["arms allocated"]
    return figure(
        bars + value_labels(chart, "amount", ".1f", "right"),
        name="fig-lab-sides",
        source=SOURCE,
        rows=rows,
        title=f"{first} to {last}, arms: {arms.ahead} ahead "
        f"(United States {arms['United States']:.1f}, Europe {arms['Europe']:.1f})",
        description="Two bars for each measure, the United States and Europe with the EU institutions.",
        note="Release 29 of the tracker. Both months are included.",
    )


def order(first: str, last: str, how: str, unit: str) -> Figure:
    """The leading states in a window, and always the United States and the four partners."""
    by = ranking.UNITS[unit]
    rows = ranking.donors(how, first, last).sort_values(f"{by}_place")
    always = rows.channel.isin(["United States", "IP4"])
    shown = rows[(rows[f"{by}_place"] <= SHOWN) | always].round({"amount": 2, "share": 3})
    chart = alt.Chart(shown, height=20 * len(shown) + 30).encode(measure("x", by, unit, 0), names("name", f"-{by}"))
    marked = alt.condition("datum.channel == 'United States'", alt.value(ACCENT), alt.value(REST))
    place = rows.set_index("name")[f"{by}_place"]
    return figure(
        chart.mark_bar().encode(color=marked) + value_labels(chart, by, ".2f", "right"),
        name="fig-lab-order",
        source=SOURCE,
        rows=shown,
        title=f"{how[0].upper()}{how[1:]}, {unit}: {shown.name.iloc[0]} first, United States in place "
        f"{place['United States']}, Australia {place['Australia']}, Japan {place['Japan']}",
        description="Bars for the leading states of the window, the United States and the four partners.",
        note="Release 29. EU institutions are no state and stand in no place here. GDP of 2021.",
    )


def draw(first: str, last: str, how: str, unit: str) -> list[Figure]:
    """Both figures for one choice of the controls. Raises ValueError when the window ends before it begins."""
    if first > last:
        raise ValueError("The window ends before it begins: choose a later last month.")
    return [sides(first, last), order(first, last, how, unit)]


def explore() -> widgets.VBox:
    """Choose a window, a measure and a unit; see both sides and the donors in their order."""
    months = month_list()
    return explorer(
        draw,
        first=choice("First month", months),
        last=choice("Last month", months, "2023-07"),
        how=choice("Count", list(ranking.MEASURES)),
        unit=choice("In", list(ranking.UNITS)),
    )
