"""Explorer: was the EU the first investor in ASEAN? Choose a year, who counts as a rival, and the unit."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import REST, Figure, figure
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer
from ip4.measures import economy

RIVALS = {"ASEAN itself counted": True, "outsiders only": False}
COUNTED = {
    "ASEAN itself counted": "the EU as one, ASEAN itself counted",
    "outsiders only": "the EU as one, outsiders only",
}


def of_year(year: int, rivals: str, unit: str) -> Figure:
    """Bars of the investors that are known in a year; the title says whether the EU stands first among them."""
    rows = economy.investors_by_unit().query("year == @year and unit == @unit")
    rows = rows if RIVALS[rivals] else rows[rows.investor != economy.INVESTORS["ASEAN"]]
    if rows.empty:
        raise ValueError(f"No total was found for {year}; choose billion dollars.")
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("value:Q", title=unit.capitalize()),
            y=alt.Y("investor:N", title=None, sort="-x"),
            color=alt.condition("datum.investor == 'the EU'", alt.value(HEX["EU"]), alt.value(REST)),
            tooltip=["investor", "value"],
        )
    )
    return figure(
        bars.properties(height=220),
        name="fig-lab-investors",
        source="asean_fdi",
        rows=rows,
        title=f"{year}, {rivals}: {said(rows)}",
        description="One bar an investor whose inflow into ASEAN is known in the year.",
    )


def said(rows: pd.DataFrame) -> str:
    """Whether the sentence is true of the rows, in words; rows with the columns investor and value."""
    by_name = rows.set_index("investor").value
    if "the EU" not in by_name:
        return "no value of the EU was found, the sentence cannot be dated"
    if len(by_name) == 1:
        return "only the EU is known, so nothing is ranked"
    place = int((by_name > by_name["the EU"]).sum()) + 1
    return f"the EU is number {place} of the {len(by_name)} that are known"


def reported(year: int, rivals: str) -> Figure:
    """Ranks of the EU that sources give for one choice of rivals, by year, and what the source of the year says."""
    counted = COUNTED[rivals]
    ranks = economy.eu_ranks()
    rows = ranks[ranks.counted == counted]
    there = rows[rows.year == year]
    finding = there.finding.item() if len(there) else "no source ranks the EU in this way"
    dots = (
        alt.Chart(rows)
        .mark_circle(size=110, opacity=1)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("rank:Q", title="Rank", scale=alt.Scale(domain=[6.5, 0.5]), axis=alt.Axis(format="d")),
            color=alt.condition(f"datum.year == {year}", alt.value(HEX["EU"]), alt.value(REST)),
            tooltip=["year", "rank", "finding"],
        )
    )
    return figure(
        dots.properties(height=180),
        name="fig-lab-ranks",
        source="eu_investor_rank",
        rows=rows,
        title=f"{year}: {finding}",
        description="One dot a year: the rank that a source gives the EU, or that published values imply.",
    )


def draw(year: int, rivals: str, unit: str) -> list[Figure]:
    """Both figures for one choice of the controls."""
    return [of_year(year, rivals, unit), reported(year, rivals)]


def explore() -> widgets.VBox:
    """Choose a year, the rivals and the unit; see who is first among the known, and what the sources say."""
    known = sorted(economy.investors().year.unique().tolist())
    return explorer(
        draw,
        year=choice("Year", known, 2016),
        rivals=choice("Rivals", RIVALS),
        unit=choice("Unit", economy.UNITS),
    )
