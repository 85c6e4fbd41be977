"""A figure's specification, words and HTML as a page has them: for the book's build and for the live cells.

This module also runs in the reader's browser, where a changed cell gives a new figure: it needs no Sphinx.
"""

from __future__ import annotations

import copy
import re

from markupsafe import Markup

from coursekit import settings
from coursekit.book import palette
from coursekit.book.due import figure_line
from coursekit.book.html import render
from coursekit.charts import WIDTH_NAME, setting_line
from coursekit.files import up_to_root

SHOWN_ROWS = 40
NO_WORDS = {
    "title": "Chart", "description": "", "credit": "", "sources": [], "note": "", "controls": [], "filters": {},
    "captions": None, "name": "",
}  # fmt: skip
SETTING_LOOK = {
    "fontSize": 12,
    "fontWeight": "normal",
    "color": "#566270",
    "anchor": "start",
    "offset": 10,
    "frame": "bounds",
}


def words_of(spec: dict) -> dict:
    """The words that ``figure`` put into a specification; for a bare chart those of no figure."""
    return NO_WORDS | spec.get("usermeta", {}).get("course", {})


def figure_html(words: dict, docname: str, folder: str, files: dict | None, sizes: dict) -> Markup:
    """The HTML of one figure at its default setting.

    folder: relative address of the figures' files; files: their names (``figures.figure_files``), None for a figure of
    the reader's own, which has neither pictures nor files; sizes: width and height of the pictures, by kind.
    """
    values = settings.defaults(words)
    rows = settings.rows_at(words, values)
    kinds = words["rows"]["kinds"]
    return render(
        "figure.html",
        words=words,
        root=up_to_root(docname),
        folder=folder,
        files=files,
        sizes=sizes,
        controls=[control_html(c, words["name"]) for c in words["controls"]],
        state=settings.state_sentence(words, values),
        heads=[label(name) for name in words["rows"]["columns"]],
        cells=[[settings.shown(v, k) for v, k in zip(row, kinds, strict=True)] for row in rows[:SHOWN_ROWS]],
        more=more_sentence(len(rows)),
        due=figure_line(words["sources"]) if files else "",
    )


def more_sentence(count: int) -> str:
    return f"The first {SHOWN_ROWS} of {count:,} rows; the CSV file has all of them." if count > SHOWN_ROWS else ""


def control_html(control: dict, figure: str) -> Markup:
    """A control as native form fields: a slider, a choice or a box, labelled in words."""
    options = [
        {
            "value": settings.canonical(v),
            "label": text,
            "chosen": settings.canonical(v) == settings.canonical(control["default"]),
        }
        for v, text in zip(control["values"], control["labels"], strict=True)
    ]
    return render("figure-control.html", control=control, options=options, id=f"{figure}.{control['name']}")


def for_page(spec: dict, words: dict) -> tuple[dict, dict]:
    """Specification and words as the page uses them.

    The title moves to the caption and leaves its place to the line of the setting; the controls' bindings move to the
    page's own fields; colours follow the page's scheme; every figure has rows.
    """
    page, words = copy.deepcopy(spec), copy.deepcopy(words)
    page.pop("title", None)
    page.pop("usermeta", None)
    # A setting with longer labels or a second line of text is laid out anew, so that nothing is cut.
    page["autosize"] = {"type": "pad"} | page.get("autosize", {}) | {"resize": True}
    if words.pop("fits_page", False):
        page["width"] = "container"
    bound = [param for param in page.get("params", []) if _is_control(param)]
    for param in bound:
        del param["bind"]
    if words["controls"]:
        page["params"].append({"name": WIDTH_NAME, "value": 0})
        page["title"] = {"text": {"expr": setting_line(words["controls"])}, **SETTING_LOOK}
    words["rows"] = words.get("rows") or plotted_rows(spec)
    return palette.with_variables(page), words


def _is_control(param: dict) -> bool:
    """Whether a parameter is bound to a field of the page, not to a selection in the chart."""
    return "input" in (param.get("bind") or {}) and "select" not in param


def plotted_rows(spec: dict) -> dict:
    """Rows of the specification's largest data set, cut to the fields that the chart encodes."""
    rows = _largest_set(spec)
    there = list(rows[0]) if rows else []
    fields = [name for name in encoded_fields(spec) if name in there] or there
    data = [[_day(row.get(name)) for name in fields] for row in rows]
    kinds = ["float" if any(isinstance(row[n], float) for row in data) else "text" for n in range(len(fields))]
    return {"columns": fields, "kinds": kinds, "data": data}


def _largest_set(spec: dict) -> list[dict]:
    sets = list(spec.get("datasets", {}).values()) or [spec.get("data", {}).get("values", [])]
    return max((rows for rows in sets if isinstance(rows, list)), key=len, default=[])


def _day(value):
    return re.sub(r"T00:00:00(\.0+)?$", "", value) if isinstance(value, str) else value


def encoded_fields(spec) -> list[str]:
    """Field names in the order in which the specification first uses them."""
    found: dict[str, None] = {}

    def walk(part):
        if isinstance(part, dict):
            if isinstance(part.get("field"), str):
                found.setdefault(part["field"])
            for key, value in part.items():
                if key not in ("datasets", "data", "transform", "params"):
                    walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(spec)
    return list(found)


def label(name: str) -> str:
    return name.replace("_", " ").replace(" pct", " (%)").strip()
