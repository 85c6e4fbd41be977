"""What a cell gives, as plain JSON that the page draws: a figure, a table, controls of a lab, or text."""

from __future__ import annotations

import json
import re

import pandas as pd

from coursekit.book.live import standins
from coursekit.book.live.standins import Widget
from coursekit.book.spec import figure_html, for_page, words_of
from coursekit.charts import MIME
from coursekit.settings import FigureError

SHOWN_ROWS = 40
SHOWN_COLUMNS = 40
LONGEST = 20_000  # characters of a printed text
YOURS = "your-version"
TAG = re.compile(r"<[^>]+>")
MAP = re.compile(r'"(?:mark|type)": "geoshape"|"projection":')
NO_MAPS = "maps are not drawn in this page, whose Vega comes without them; use another chart, or run the notebook"


class Drawn:
    """The figures that a page shows of a reader's own code, by id: what the page lays out again for its width."""

    def __init__(self, docname: str = ""):
        self.docname, self.specs, self.count = docname, {}, 0

    def add(self, spec: dict) -> dict:
        """Keep a figure's specification; what the page needs to draw it. Raises FigureError for a map."""
        if MAP.search(json.dumps(spec, default=str)):
            raise FigureError(NO_MAPS)
        page, words = for_page(spec, words_of(spec))
        self.count += 1
        words["name"] = f"{words['name'] or 'chart'}-{YOURS}-{self.count}"
        words["number"] = ""
        self.specs[words["name"]] = page
        html = figure_html(words, self.docname, "", None, {})
        return {"kind": "figure", "id": words["name"], "words": words, "html": str(html)}


def packed(thing, drawn: Drawn) -> dict:
    """One thing that a cell displays, as JSON."""
    if isinstance(thing, pd.Series):
        thing = thing.to_frame()
    if isinstance(thing, pd.DataFrame):
        return table(thing)
    if isinstance(thing, Widget) and not isinstance(thing, standins.HTML):
        return {"kind": "controls", "widget": thing}
    return bundle(standins.format_display_data(thing)[0], drawn)


def bundle(data: dict, drawn: Drawn) -> dict:
    """A mime bundle as JSON; text with tags is shown as bare text."""
    if MIME in data:
        return drawn.add(data[MIME])
    text = data.get("text/html")
    return text_item(TAG.sub("", text) if text is not None else data.get("text/plain", ""))


def text_item(text: str) -> dict:
    return {"kind": "text", "text": text if len(text) <= LONGEST else f"{text[:LONGEST]} …"}


def table(rows: pd.DataFrame) -> dict:
    """The first rows and columns of a table, with its index unless that only counts."""
    rows = rows if isinstance(rows.index, pd.RangeIndex) else rows.reset_index(names=_index_names(rows))
    head = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in rows.columns]
    seen = rows.iloc[:SHOWN_ROWS, :SHOWN_COLUMNS].itertuples(index=False, name=None)
    body = [[_cell(value) for value in row] for row in seen]
    more = len(head) - SHOWN_COLUMNS
    if more > 0:
        head = [*head[:SHOWN_COLUMNS], f"and {more} more columns"]
        body = [[*row, "…"] for row in body]
    return {"kind": "table", "head": head, "rows": body, "count": len(rows)}


def _index_names(rows: pd.DataFrame) -> list:
    """Names for the columns that an index becomes: its own, changed where the table has such a column already."""
    names = [name if name is not None else f"index {n}".removesuffix(" 0") for n, name in enumerate(rows.index.names)]
    return [f"{name} (index)" if name in rows.columns else name for name in names]


def _cell(value) -> str:
    if not isinstance(value, list | dict | tuple) and pd.isna(value):
        return "no value"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return str(value)


# Controls of a lab ---------------------------------------------------------------------------------------------------


def flat(box: Widget) -> list[Widget]:
    """All controls and outputs in a box, in reading order; boxes themselves left out."""
    inner = [leaf for child in box.children for leaf in flat(child)]
    return inner if type(box).__name__ in standins.BOXES else [box, *inner]


def is_output(widget: Widget) -> bool:
    return type(widget).__name__ == "Output"


def described(widget: Widget) -> dict:
    """A control for the page: its kind, label, and value or options (by their place)."""
    kind = type(widget).__name__
    found = {"type": kind, "label": widget.description}
    if hasattr(widget, "options"):
        chosen = widget.value if kind == "SelectMultiple" else (widget.value,)
        pairs = widget.options_by_label()
        places = [place for place, (_label, value) in enumerate(pairs) if value in chosen]
        return found | {"options": [label for label, _value in pairs], "chosen": places}
    return found | {"value": widget.value} | {name: getattr(widget, name, None) for name in ("min", "max", "step")}


def value_from_page(widget: Widget, given):
    """The value that the page's field stands for: an option by its place, or a number or text of the control's kind."""
    if hasattr(widget, "options"):
        values = [widget.options_by_label()[int(place)][1] for place in given]
        return tuple(values) if type(widget).__name__ == "SelectMultiple" else values[0]
    return type(widget.value)(given)


def outputs(widgets: list[Widget], drawn: Drawn) -> list[dict]:
    """What the outputs of a lab show now."""
    return [bundle(output["data"], drawn) for widget in widgets for output in widget.outputs]
