"""A chart laid out for the width of a page: panels share the room or stand below each other.

A chart of one panel fills the width by itself. The widths of several panels are set here; ``drawing`` measures what
came out and asks again, so that the picture is as wide as the page and never wider.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from coursekit.charts import MANY, WIDTH_NAME

NARROW = 560  # pixels: below, panels stand under each other
NARROWEST = 290  # pixels: a picture in a fold on a phone of 360
PANEL = 220  # wanted width of one of many panels
CATEGORY_AXIS, NUMBER_AXIS = 130, 56  # first guess of the room that a y axis takes
LETTER, SYMBOL = 7, 26  # pixels: a letter of a legend in a wide face, and the mark with the gaps beside it
KEYED = ("color", "fill", "stroke", "shape", "strokeDash", "opacity", "size")  # channels that may have a legend


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
    config["legend"] = config.get("legend", {}) | {"columns": legend_columns(page, columns_for)}
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


def legend_columns(page: dict, width: float) -> int:
    """How many names of a legend stand in a line, so that none runs out of the picture on a page of ``width`` pixels.

    A legend begins where the plot does, right of the y axis, and gives each column the room of its longest name. A
    narrow page may be narrower still than the one for which a picture is laid out: a fold on a phone is.
    """
    parts, most = list(_parts(page)), 2 if width < NARROW else 4
    room = (min(width, NARROWEST) if width < NARROW else width) - max(axis_room(part) for part in parts)
    keys = [names for part in parts for names in _keys(part, page)]
    return min((_fitting(names, room, most) for names in keys), default=most)


def _parts(spec: dict) -> Iterator[dict]:
    """A chart and all charts within it: panels and layers."""
    yield spec
    inner = [spec["spec"]] if "spec" in spec else []
    for part in (*inner, *(part for name in ("layer", "vconcat", "hconcat", "concat") for part in spec.get(name, []))):
        yield from _parts(part)


def _keys(part: dict, page: dict) -> Iterator[list[str]]:
    """The names in each legend of a chart."""
    for channel in KEYED:
        shown = part.get("encoding", {}).get(channel, {})
        if shown.get("field") and shown.get("type") in ("nominal", "ordinal") and shown.get("legend", {}) is not None:
            domain = (shown.get("scale") or {}).get("domain")
            yield [str(name) for name in (domain if isinstance(domain, list) else _values(page, shown["field"]))]


def _fitting(names: list[str], room: float, most: int) -> int:
    """The most columns in which names, laid line by line, fit the room; at least one."""

    def takes(columns: int) -> float:
        return sum(max(map(len, names[at::columns])) * LETTER + SYMBOL for at in range(min(columns, len(names))))

    return next((columns for columns in range(most, 1, -1) if takes(columns) <= room), 1)


def _values(page: dict, field: str) -> list:
    """The distinct values of a field, in the order of the rows, in the first table that has it."""
    sets = page.get("datasets", {}).values()
    found = (list(dict.fromkeys(row[field] for row in rows if field in row)) for rows in sets)
    return next((values for values in found if values), [])


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
