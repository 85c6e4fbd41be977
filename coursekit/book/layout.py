"""A chart laid out for the width of a page: panels share the room or stand below each other.

A chart of one panel fills the width by itself. The widths of several panels are set here; ``drawing`` measures what
came out and asks again, so that the picture is as wide as the page and never wider.
"""

from __future__ import annotations

import copy

from coursekit.charts import MANY, WIDTH_NAME

NARROW = 560  # pixels: below, panels stand under each other
PANEL = 220  # wanted width of one of many panels
CATEGORY_AXIS, NUMBER_AXIS = 130, 56  # first guess of the room that a y axis takes


def has_panels(spec: dict) -> bool:
    """Whether a specification draws several panels, whose widths Vega-Lite does not fit to the page."""
    return bool(MANY & set(spec)) or bool({"row", "column", "facet"} & set(spec.get("encoding", {})))


def lay_out(spec: dict, width: float, room: float, columns_for: int) -> dict:
    """A copy of a Vega-Lite specification for a page of ``width`` pixels.

    room: pixels that the panels may share (``width`` at first, corrected after a look). columns_for: the width that
    decides what stands beside what, so that all widths of one kind of page have the same order.
    """
    page = copy.deepcopy(spec)
    narrow = columns_for < NARROW
    if page.get("width") == "container":
        page["width"] = width
    if narrow and "hconcat" in page:
        page["vconcat"] = page.pop("hconcat")
    _share(page, room, columns_for)
    config = page.setdefault("config", {})
    config["legend"] = config.get("legend", {}) | {"columns": 2 if narrow else 4}
    if narrow:
        config["axis"] = config.get("axis", {}) | {"labelLimit": 110}
    page["params"] = [
        param | ({"value": width} if param["name"] == WIDTH_NAME else {}) for param in page.get("params", [])
    ]
    return page


def _share(page: dict, room: float, columns_for: int) -> None:
    """Set the widths of panels."""
    if "spec" in page:
        _grid(page, room, columns_for)
    elif {"row", "column", "facet"} & set(page.get("encoding", {})):
        _faceted(page, room, columns_for)
    for part in page.get("vconcat", []):
        _part(part, room, columns_for)
    for part in page.get("hconcat", []):
        _part(part, room / len(page["hconcat"]) - 10, columns_for)


def _part(part: dict, room: float, columns_for: int) -> None:
    if has_panels(part):
        _share(part, room, columns_for)
    else:
        part["width"] = round(room - axis_room(part))


def _grid(page: dict, room: float, columns_for: int) -> None:
    """Panels of a facet or a repeat: as many in a row as are wanted and fit."""
    inner, facet = page["spec"], page.get("facet") or page.get("repeat") or {}
    if isinstance(facet, dict) and "column" in facet:
        across = _count(page, facet["column"])
    elif isinstance(facet, dict) and "row" in facet:
        across = 1
    else:
        across = page["columns"] = _across(page.get("columns"), inner.get("width"), columns_for)
    inner["width"] = _panel(room, across)


def _faceted(page: dict, room: float, columns_for: int) -> None:
    """A chart whose encoding names a facet: rows take the whole width, columns and a wrapped facet share it."""
    encoding, across = page["encoding"], 1
    if "facet" in encoding:
        across = _across(encoding["facet"].get("columns"), page.get("width"), columns_for)
        encoding["facet"]["columns"] = across
    elif "column" in encoding:
        across = _count(page, encoding["column"])
    page["width"] = _panel(room, across)


def _across(most: int | None, wanted, columns_for: int) -> int:
    """How many panels stand in a row."""
    wanted = wanted if isinstance(wanted, int | float) else PANEL
    fit = (columns_for - 16) // (min(wanted, columns_for - 76) + 40)
    return max(1, int(min(most or fit, fit)))


def _count(page: dict, facet) -> int:
    """How many columns of panels a field makes: its distinct values in the largest table that has it."""
    field = facet.get("field") if isinstance(facet, dict) else None
    sets = page.get("datasets", {}).values()
    found = [{str(row[field]) for row in rows if field in row} for rows in sets]
    return max(map(len, found), default=0) or (len(facet) if isinstance(facet, list) else 1)


def _panel(room: float, across: int) -> int:
    return max(40, round((room - 44) / across) - 16)


def axis_room(part: dict) -> int:
    """The room for a panel's y axis: names of categories need more than numbers."""
    layers = [part, *part.get("layer", [])]
    y = next((layer["encoding"]["y"] for layer in layers if layer.get("encoding", {}).get("y")), {})
    return CATEGORY_AXIS if y.get("type") in ("nominal", "ordinal") else NUMBER_AXIS
