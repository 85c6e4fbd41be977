"""Is a chart right, judged with the marks that it draws: rows, channels, and whether a reader can see them.

Only hidden checks use these tools. A chart earns its points when the visible marks of one view show exactly the
wanted rows. Data are read where the chart has them: inline, named, or in a file of ``data/``. Whatever could hide a
mark and is not known here is refused with a sentence that names it: a trick that nobody thought of wins nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coursekit.exercises import chartlooks, chartrows
from coursekit.exercises.checktools import channel_fits, inner_views, same_table

_INHERITED = ("data", "width", "height")
_AGAINST = ("repeat", "projection")


def views(chart: object) -> Iterator[dict]:
    """The single views of a chart with all they inherit: encoding, transforms, data, size, and the top's settings."""
    if not isinstance(chart, dict):
        return
    top = {name: chart.get(name) or {} for name in ("datasets", "config")} | {"background": chart.get("background")}
    queue = [chart]
    while queue:
        part = queue.pop(0)
        inner = inner_views(part)
        if not inner and "mark" in part:
            yield {**part, **top}
        queue.extend(_inherit(part, child) for child in inner)


def _inherit(part: dict, child: dict) -> dict:
    """A view with what it takes over from the one around it."""
    kept = {name: part[name] for name in (*_INHERITED, *_AGAINST) if name in part}
    encoding = {**(part.get("encoding") or {}), **(child.get("encoding") or {})}
    steps = [*(part.get("transform") or []), *(child.get("transform") or [])]
    return {**kept, **child, "encoding": encoding, "transform": steps}


def draws(
    chart: object, wanted: pd.DataFrame, mark: str | tuple | None = None, tolerance: float = 1e-6, **channels: str
) -> bool:
    """Whether the visible marks of one view show exactly the rows ``wanted``.

    chart: a Vega-Lite specification as plain data. channels: as for ``encodes``, such as ``x="year"``; their fields are
    the columns of ``wanted`` that are compared, numbers within ``tolerance``. mark: a type or several that will do.
    Raises AssertionError with a sentence for the student when a mark of the chart is hidden, or cannot be judged.
    """
    found = list(views(chart))
    for view in found:
        chartlooks.must_be_seen(view)
    return any(_shows(view, wanted, mark, tolerance, channels) for view in found)


def _shows(view: dict, wanted: pd.DataFrame, mark: str | tuple | None, tolerance: float, channels: dict) -> bool:
    kinds = (mark,) if isinstance(mark, str) else mark
    if kinds and chartlooks.kind(view) not in kinds or not _fits(view, channels):
        return False
    fields = list(dict.fromkeys(view["encoding"][name]["field"] for name in channels))
    rows = chartrows.shown(view)
    if not rows or any(set(fields) - set(row) for row in rows):
        return False
    chartlooks.must_have_room(view, rows)
    return same_table(_distinct(pd.DataFrame(rows), fields), _distinct(wanted, fields), tolerance=tolerance)


def _fits(view: dict, channels: dict[str, str]) -> bool:
    encoding = view.get("encoding") or {}
    return all(channel_fits(encoding.get(name), text) for name, text in channels.items())


def _distinct(table: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    return table[fields].drop_duplicates().reset_index(drop=True)


def told_apart(chart: object, field: str, value: object, channels: tuple[str, ...] = chartlooks.LOOKS) -> bool:
    """Whether the marks with ``field`` equal to ``value`` look different from all others, in one view with both kinds.

    channels: those that may tell them apart, by a field of their own or by a condition.
    """
    return any(_splits(view, field, value, channels) for view in views(chart))


def _splits(view: dict, field: str, value: object, channels: tuple[str, ...]) -> bool:
    rows = chartrows.shown(view)
    looks = {True: set(), False: set()}
    for row in rows:
        looks[row.get(field) == value].add(chartlooks.look(view, row, channels))
    return all(looks.values()) and not looks[True] & looks[False]


HIDDEN_TOOLS = {"draws": draws, "told_apart": told_apart}
