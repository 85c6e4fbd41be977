"""Explorer: take out a state or a format, in any year, and read what still connects the four partners."""

from __future__ import annotations

from functools import partial

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.marks import matrix
from ip4.explorers.explore import choice, explorer
from ip4.measures import connections, networks

SOURCES = ["memberships", "organisations", "conveners"]


def by_pair(tables: networks.Book, removal: str, year: int, words: str) -> Figure:
    """Bars: formats that each pair still shares, and those that are lost; the title counts the pairs cut off."""
    rows = connections.left_by_pair(tables, removal, year)
    cut = int((rows.formats[rows.what == "left"] == 0).sum())
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("formats:Q", title="Formats that a pair shares"),
            y=alt.Y("pair:N", title=None),
            color=alt.Color("what:N", title=None, scale=alt.Scale(domain=["left", "lost"], range=[ACCENT, REST])),
            tooltip=["pair", "what", "formats"],
        )
    )
    return figure(
        bars.properties(height=220),
        name="fig-lab-pairs-left",
        rows=rows,
        source=SOURCES,
        title=f"End of {year}, taken out: {words}. Pairs that share no format: {cut} of 6",
        description="Stacked bars for the six pairs of the four partners: formats left and formats lost.",
    )


def who_sits(tables: networks.Book, removal: str, year: int, words: str) -> Figure:
    """A grid: who of the four sits in each format that still ties two of them; the title counts those with all."""
    rows = connections.left_seats(tables, removal, year)
    everywhere = (rows[rows.sits == "yes"].format.value_counts() == len(connections.PLACES)).sum()
    return figure(
        matrix(rows, "state", "format", "sits", order=["yes", "no"], sort=list(rows.format.unique())),
        name="fig-lab-who-sits",
        rows=rows,
        source=SOURCES,
        title=f"End of {year}, taken out: {words}. Formats with all four: {everywhere}",
        description="A dot where a partner sits in a format that still ties two of them, no where it does not.",
    )


def draw(removal: str, year: int, lab: tuple[networks.Book, dict[str, str]] | None = None) -> list[Figure]:
    """Both figures for one choice: words of ``connections.nodes_to_remove`` and the end of a year.

    lab: the tables and the codes, read once; without them they are read here.
    """
    tables, codes = lab or (networks.book(), connections.nodes_to_remove())
    return [part(tables, codes[removal], year, removal) for part in (by_pair, who_sits)]


def explore() -> widgets.VBox:
    """Choose what to take out and the year; see which pairs are cut off and which formats still hold them."""
    lab = networks.book(), connections.nodes_to_remove()
    years = [(str(year), year) for year in (2000, 2006, 2013, 2021, 2023, 2026)]
    return explorer(
        partial(draw, lab=lab),
        removal=choice("Take out", lab[1], "United States"),
        year=choice("End of", years, 2026),
    )
