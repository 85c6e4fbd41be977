"""One look for every chart, and ``figure``: a chart that says what it shows, where it comes from, and what it holds.

The chart carries its own controls (Altair parameters), so it answers a reader with no kernel. In a notebook it is drawn
by JupyterLab; in the book ``coursekit.book.figures`` draws the same specification from local files.
"""

from __future__ import annotations

import copy
import json
import re
import textwrap

import altair as alt
import pandas as pd

from coursekit import settings, tables
from coursekit.captions import caption_at, captions_of, every_caption
from coursekit.settings import FigureError

MIME = "application/vnd.vegalite.v5+json"
MIN_DESCRIPTION = 40
WIDTH = 640  # pixels in a notebook; the book draws the same chart as wide as its page
TITLE_LINE = 76  # characters of a title that fit over WIDTH
NAME = re.compile(r"fig(-[a-z0-9]+)+")
MANY = {"hconcat", "vconcat", "concat", "facet", "repeat"}
WIDTH_NAME = "figure_width"  # the parameter that tells the line of the setting how wide the picture is
KEPT = 34  # characters of a control's label and value that are not broken over two lines

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
        "axisX": {"grid": False, "labelAngle": 0, "labelOverlap": True, "labelSeparation": 8},
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
            "offset": 28,  # clears the title of the y axis, which stands above the axis
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
    """A chart with its words; displays itself in notebooks and in the book. Made by ``figure``.

    ``words`` holds what the page needs: title, description, credit, controls, rows, filters and captions. ``plain`` is
    the chart as Vega-Lite, which Altair takes long to check: it is asked once.
    """

    def __init__(self, chart, words: dict, plain: dict):
        self.chart, self.words, self.plain = chart, words, plain

    def caption(self, **values) -> str:
        """The caption at a setting; a control that is not named stands at its default."""
        return caption_at(self.words, settings.defaults(self.words) | values)

    def rows(self, **values) -> pd.DataFrame:
        """The rows shown at a setting; a control that is not named stands at its default."""
        found = settings.rows_at(self.words, settings.defaults(self.words) | values)
        return pd.DataFrame(found, columns=self.words["rows"]["columns"])

    def spec(self) -> dict:
        """The Vega-Lite specification with the figure's words under ``usermeta.course``.

        A chart of one panel gets a width in pixels and the word ``fits_page``: "container" would be 0 for a cell that
        JupyterLab keeps out of sight, and JupyterLab then draws the empty picture again and again.
        """
        spec = with_controls(copy.deepcopy(self.plain), self.words["controls"])
        words = dict(self.words)
        if not MANY & set(spec):
            words["fits_page"] = "width" not in spec
            spec = {"width": WIDTH, "autosize": {"type": "fit", "contains": "padding"}} | spec
        spec["title"] = notebook_title(words)
        spec["usermeta"] = {"course": words}
        return spec

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {MIME: self.spec(), "text/plain": f"{self.words['title']}. {self.words['description']}"}


def figure(
    chart,
    *,
    title: str,
    description: str,
    source: str | list[str] = (),
    name: str = "",
    rows: pd.DataFrame | None = None,
    controls: list | None = None,
    filters: list[str] | dict[str, str] | None = None,
    captions: pd.DataFrame | str | None = None,
    note: str = "",
    model: str = "",
) -> Figure:
    """Give a chart its words, true at every setting of its controls.

    chart: any Altair chart. name: ``fig-c04-plane``, the figure's address; it never changes and is unique.
    title: the finding at the default setting, one sentence. description: what the chart shows, for someone who cannot
    see it. source: name(s) of the tables drawn; their credit and vintage stand under the chart. model: the work that
    explains the model, for a chart that is computed from one and draws no table. note: one more sentence under the
    chart (estimates, breaks).

    controls: what ``slide`` and ``choose`` made; the figure adds them to the chart. rows: the plotted rows, tidy, with
    readable column names. filters: controls whose column of the same name must equal the control's value for a row to
    be shown in table, CSV and description; default: all controls that are columns; ``{"year": "<="}`` compares
    otherwise, ``{"partner": "all"}`` also lets the option "all" show every row, ``[]`` shows all rows always.

    captions: what the figure says at other settings. Either a table with one row per combination of the controls that
    change the message (columns named like them, and ``caption``), or a template such as
    ``"An ally of size {size:.0f} pays {small:.2f} % of its income"``, filled from the controls' values and, for other
    names, from the first row shown. Formats: ``.2f``, ``,.0f``, ``+.1f``, ``d`` or none.

    Raises FigureError when a word is missing, a control is none, or a setting has no caption (the first is named), and
    TableError when a source is not a table.
    """
    sources = [source] if isinstance(source, str) else list(source)
    _check_words(title, description, [*sources, *filter(None, [model])], name, note)
    label = name or title
    own = [settings.control(param, label) for param in controls or []]
    words = {
        "name": name,
        "title": title.strip(),
        "description": " ".join(description.split()),
        "sources": sources,
        "credit": _credit(sources, model),
        "note": note,
        "controls": settings.as_words(own),
        "filters": {},
    }
    if rows is not None:
        words["rows"] = settings.packed(rows)
        words["filters"] = settings.filters_of(filters, own, words["rows"]["columns"], label)
        _check_first_rows(words, label)
    elif filters:
        raise FigureError(f"figure('{label}'): filters without rows; pass rows=, the rows that the chart draws.")
    words["captions"] = captions_of(captions, own, words)
    plain = chart.to_dict(format="vega-lite")
    _check_strict(plain, words)
    return Figure(chart, words, plain)


def _credit(sources: list[str], model: str) -> str:
    """Where a chart's numbers come from: its tables with their vintage, a model, or both."""
    computed = [f"computed from a model, see {model}"] if model else []
    return "; ".join([*computed, *filter(None, [tables.cite(*sources)])])


def _check_first_rows(words: dict, label: str) -> None:
    """Refuse a figure that opens with an empty table below a full picture, or with nothing at all."""
    if words["rows"]["data"] and not settings.rows_at(words, settings.defaults(words)):
        raise FigureError(
            f"figure('{label}'): no row passes at the settings with which it opens; give a control a default that rows "
            "have, or name it in filters: filters={'control': 'all'} lets every row pass at the option \"all\"."
        )


def _check_words(title: str, description: str, sources: list[str], name: str, note: str) -> None:
    if not title.strip():
        raise FigureError("figure(): the title is empty; write the finding or the question as one sentence.")
    if len(description.strip()) < MIN_DESCRIPTION:
        raise FigureError(
            f"figure('{title}'): the description has fewer than {MIN_DESCRIPTION} characters; "
            "say in a sentence what the chart shows to someone who cannot see it."
        )
    if not sources:
        raise FigureError(
            f"figure('{title}'): no source; name the table(s) the chart draws, or model= if it draws none."
        )
    if name and not NAME.fullmatch(name):
        raise FigureError(f"figure('{name}'): a name reads like 'fig-c04-plane': fig, the page, one or two words.")
    if note and not note.endswith((".", "!", "?", ".)")):
        raise FigureError(f"figure('{title}'): the note has no full stop; give it one, for the source follows it.")


def _check_strict(plain: dict, words: dict) -> None:
    """A figure needs a name, its controls where the page can see them, and captions for each of their settings."""
    if not words["name"]:
        raise FigureError(
            f"figure('{words['title']}'): no name; give it one that never changes, such as 'fig-c04-plane'."
        )
    given = {c["name"] for c in words["controls"]}
    for param in plain.get("params", []):
        if "input" in (param.get("bind") or {}) and param["name"] not in given:
            raise FigureError(
                f"figure('{words['name']}'): the chart has the control '{param['name']}' that controls= lacks; "
                "pass it there."
            )
    if words["controls"] and not words["captions"]:
        raise FigureError(
            f"figure('{words['name']}'): it has controls and no captions; give captions= for each setting."
        )


def with_controls(spec: dict, controls: list[dict]) -> dict:
    """The specification with each control as a parameter with its binding, once."""
    known = {param["name"] for param in spec.get("params", [])}
    added = [_param(c) for c in controls if c["name"] not in known]
    return spec | {"params": [*spec.get("params", []), *added]} if added else spec


def _param(control: dict) -> dict:
    bind = {"input": control["kind"], "name": f"{control['label']} "}
    if control["kind"] == "range":
        bind |= {"min": control["values"][0], "max": control["values"][-1], "step": control["step"] or 1}
    elif control["kind"] != "checkbox":
        bind |= {"options": control["values"], "labels": control["labels"]}
    return {"name": control["name"], "value": control["default"], "bind": bind}


def setting_line(controls: list[dict], width: str = WIDTH_NAME) -> str:
    """A Vega expression: the setting as lines of text, broken at spaces where the picture ends.

    A value and its label stay together when both are short; ``width`` is an expression of the room in pixels.
    """
    return f"split({_setting_text(controls, width)}, '\\n')"


def _setting_text(controls: list[dict], width: str) -> str:
    said = " + '\u00a0\u00b7 ' + ".join(_kept_together(c) for c in controls)
    broken = f"replace({said}, regexp('(.{{1,' + floor({width} / 7.2) + '}})( |$)', 'g'), '$1\\n')"
    return f"replace(replace({broken}, regexp('\\n$'), ''), regexp('\u00a0\u00b7\\n', 'g'), '\\n')"


def _kept_together(control: dict) -> str:
    longest = len(control["label"]) + max(map(len, control["labels"]))
    said = _phrase(control)
    return f"replace({said}, regexp(' ', 'g'), '\u00a0')" if longest <= KEPT else said


def _phrase(control: dict) -> str:
    value = control["name"]
    plain = [settings.canonical(v) for v in control["values"]]
    if plain != list(control["labels"]):
        value = f"{json.dumps(dict(zip(plain, control['labels'], strict=True)), ensure_ascii=False)}['' + {value}]"
    return f"({json.dumps(control['label'] + ' ', ensure_ascii=False)} + {value})"


def notebook_title(words: dict) -> list[str] | dict:
    """Title of the chart in a notebook: the caption of its setting, and the setting.

    Where the settings are too many to list, another setting than the default has no caption, only its line.
    """
    lines = textwrap.wrap(words["title"], TITLE_LINE)
    if not words["controls"]:
        return lines
    keys, said = every_caption(words)
    key = " + '\\t' + ".join(f"({name} + '')" for name in keys) or "''"
    known = {k: "\n".join(textwrap.wrap(text, TITLE_LINE)) + "\n" for k, text in said.items()}
    caption = f"({json.dumps(known, ensure_ascii=False)}[{key}] || '')"
    return {"text": {"expr": f"split({caption} + {_setting_text(words['controls'], str(WIDTH))}, '\\n')"}}
