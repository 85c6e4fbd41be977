"""One look for every chart, and ``figure``: a chart that says what it shows, where it comes from, and what it holds.

The chart carries its own controls (Altair parameters), so it answers a reader with no kernel. In a notebook it is drawn
by JupyterLab; in the book ``coursekit.book.figures`` draws the same specification from local files.
"""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from coursekit import tables
from coursekit.errors import CourseKitError

MIME = "application/vnd.vegalite.v5+json"
MIN_DESCRIPTION = 40
WIDTH = 640  # pixels in a notebook; the book draws the same chart as wide as its page
TITLE_LINE = 76  # characters of a title that fit over WIDTH

# Colours of the page's own marks, as (light page, dark page). Altair gets the light one; the book swaps it in the dark.
INK = {
    "text": ("#1d2733", "#e8edf2"),
    "muted": ("#566270", "#a9b4c0"),
    "grid": ("#dde2e8", "#3a444f"),
    "rest": ("#779999", "#667788"),
    "accent": ("#9a3412", "#fdba74"),
    "page": ("#ffffff", "#14181d"),
}
TEXT, MUTED, GRID, REST, ACCENT, PAGE = (light for light, _dark in INK.values())

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


class FigureError(CourseKitError):
    """A figure lacks its title, description or source. The message says which."""


def theme_config() -> dict:
    """The Vega-Lite config shared by all charts: quiet axes, direct labels, nothing that needs a white page."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "domainColor": GRID,
        "tickColor": GRID,
        "gridColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 180,
    }
    return {
        "background": "transparent",
        "font": FONT,
        "aria": False,
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 320},
        "axis": axis,
        "axisX": {"grid": False, "labelAngle": 0, "labelOverlap": True},
        "axisY": {
            "domain": False,
            "ticks": False,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "start",
            "titleX": 0,
            "titleY": -12,
            "titleBaseline": "bottom",
        },
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelColor": TEXT,
            "titleColor": MUTED,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 2,
            "columns": 4,
            "labelLimit": 220,
        },
        "header": {"labelColor": TEXT, "titleColor": MUTED, "labelFontSize": 12, "labelFontWeight": "bold"},
        "title": {"color": TEXT, "subtitleColor": MUTED, "anchor": "start", "fontSize": 15, "subtitleFontSize": 12},
        "text": {"color": TEXT, "fontSize": 12},
        "mark": {"color": ACCENT},
        "line": {"strokeWidth": 2.2},
        "point": {"filled": True, "size": 60},
        "rule": {"color": MUTED},
        "bar": {"color": REST},
    }


@alt.theme.register("course", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return {"config": theme_config()}


def _renderer(spec: dict, **_options) -> dict:
    """One mime bundle that JupyterLab, the browser kernel and the book all draw."""
    return {MIME: spec, "text/plain": "<Chart without a description: wrap it in figure(...)>"}


alt.renderers.register("course", _renderer)
alt.renderers.enable("course")


class Figure:
    """A chart with its title, description, source line and table; displays itself in notebooks and in the book."""

    def __init__(self, chart, meta: dict, table: pd.DataFrame | None):
        self.chart, self.meta, self.table = chart, meta, table

    def spec(self) -> dict:
        """The Vega-Lite specification with the figure's words under ``usermeta.course``.

        A chart of one panel gets a width in pixels and the word ``fits_page``: "container" would be 0 for a cell that
        JupyterLab keeps out of sight, and JupyterLab then draws the empty picture again and again.
        """
        spec = self.chart.to_dict(format="vega-lite")
        words = self.meta | ({"table": _records(self.table)} if self.table is not None else {})
        if not {"hconcat", "vconcat", "concat", "facet", "repeat"} & set(spec):
            words["fits_page"] = "width" not in spec
            spec = {"width": WIDTH, "autosize": {"type": "fit", "contains": "padding"}} | spec
        spec["title"] = textwrap.wrap(self.meta["title"], TITLE_LINE)
        spec["usermeta"] = {"course": words}
        return spec

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {MIME: self.spec(), "text/plain": f"{self.meta['title']}. {self.meta['description']}"}


def figure(
    chart, *, title: str, description: str, source: str | list[str], table: pd.DataFrame | None = None, note: str = ""
) -> Figure:
    """Give a chart its words.

    chart: any Altair chart, controls included. title: the finding or the question, one sentence. description: what the
    chart shows, for someone who cannot see it. source: name(s) of the tables drawn; their credit and vintage stand
    under the chart. table: rows of the table alternative, when the chart's own data would not read well. note: one more
    sentence under the chart (estimates, breaks).

    Raises FigureError when a word is missing and TableError when a source is not a table.
    """
    names = [source] if isinstance(source, str) else list(source)
    if not title.strip():
        raise FigureError("figure(): the title is empty; write the finding or the question as one sentence.")
    if len(description.strip()) < MIN_DESCRIPTION:
        raise FigureError(
            f"figure('{title}'): the description has fewer than {MIN_DESCRIPTION} characters; "
            "say in a sentence what the chart shows to someone who cannot see it."
        )
    if not names:
        raise FigureError(f"figure('{title}'): no source; name the table(s) the chart draws.")
    meta = {
        "title": title.strip(),
        "description": " ".join(description.split()),
        "sources": names,
        "credit": tables.cite(*names),
        "note": note,
    }
    return Figure(chart, meta, table)


def _records(table: pd.DataFrame) -> list[dict]:
    clean = table.copy()
    for name in clean.select_dtypes(include=["datetime", "datetimetz"]):
        clean[name] = clean[name].dt.strftime("%Y-%m-%d")
    return clean.astype(object).where(clean.notna(), None).to_dict("records")
