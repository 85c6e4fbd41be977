"""Is a chart right, judged with the marks that it draws: rows, channels, and whether a reader can see them.

Only hidden checks use these tools. A chart earns its points when the visible marks of one view show exactly the
wanted rows. Data are read where the chart has them: inline, named, or in a file of ``data/``. Whatever could hide a
mark and is not known here is refused with a sentence that names it: a trick that nobody thought of wins nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from coursekit.exercises import chartlooks, chartrows
from coursekit.exercises.checktools import channel_fits, inner_views, same_table

if TYPE_CHECKING:
    import pandas as pd

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
    """Whether the visible marks of one view, or of several together, show exactly the rows ``wanted``.

    chart: a Vega-Lite specification as plain data. channels: as for ``encodes``, such as ``x="year"``; their fields are
    the columns of ``wanted`` that are compared, numbers within ``tolerance``. mark: a type or several that will do.
    Raises AssertionError with a sentence for the student when a mark of the chart is hidden, or cannot be judged.
    """
    found = list(views(chart))
    for view in found:
        chartlooks.must_be_seen(view)
    fields = list(dict.fromkeys(map(_field, channels.values())))
    fitting = [view for view in found if _is_kind(view, mark) and _fits(view, channels)]
    return any(_same(rows, wanted, fields, tolerance) for rows in _pictures(fitting, fields))


def _pictures(found: list[dict], fields: list[str]) -> Iterator[pd.DataFrame]:
    """The rows that each view draws, then those that several draw together; every view is read before the first."""
    import pandas as pd  # here: the grader itself only needs the names of these tools, and starts half a second sooner

    parts = [rows for rows in [_rows(view, fields) for view in found] if rows is not None]
    yield from parts
    if len(parts) > 1:
        yield pd.concat(parts)


def _is_kind(view: dict, mark: str | tuple | None) -> bool:
    kinds = (mark,) if isinstance(mark, str) else mark
    return not kinds or chartlooks.kind(view) in kinds


def _fits(view: dict, channels: dict[str, str]) -> bool:
    encoding = view.get("encoding") or {}
    return all(channel_fits(encoding.get(name), text) for name, text in channels.items())


def _field(text: str) -> str:
    """The field in a channel as ``encodes`` writes it: "share:Q" and "share:Q log" name share."""
    return text.partition(" ")[0].partition(":")[0]


def _rows(view: dict, fields: list[str]) -> pd.DataFrame | None:
    """The rows that a view draws, with these fields; None when a row lacks one, or there is none."""
    import pandas as pd

    rows = chartrows.shown(view)
    if not rows or any(set(fields) - set(row) for row in rows):
        return None
    chartlooks.must_have_room(view, rows)
    return pd.DataFrame(rows)[fields]


def _same(rows: pd.DataFrame, wanted: pd.DataFrame, fields: list[str], tolerance: float) -> bool:
    mine, right = (table[fields].reset_index(drop=True) for table in (rows, wanted))
    if mine.equals(right):
        return True  # most right charts
    mine, right = (table.drop_duplicates().reset_index(drop=True) for table in (mine, right))
    return same_table(mine, right, tolerance=tolerance)


def told_apart(chart: object, field: str, value: object, channels: tuple[str, ...] = chartlooks.LOOKS) -> bool:
    """Whether the marks with ``field`` equal to ``value`` look different from all others.

    channels: those that may tell them apart in one view, by a field of their own or by a condition. Or each kind has
    views of its own, whose marks differ in type or settings.
    """
    found = [_looks(view, field, value, channels) for view in views(chart)]
    pure = [looks for looks in found if not all(looks)]
    return any(map(_apart, found)) or _apart(
        tuple(set().union(*side) for side in zip(*pure, strict=True)) or (set(), set())
    )


def _looks(view: dict, field: str, value: object, channels: tuple[str, ...]) -> tuple[set, set]:
    """(looks of the marks with the value, looks of the others) in a view."""
    looks = (set(), set())
    for row in chartrows.shown(view):
        looks[row.get(field) != value].add(chartlooks.look(view, row, channels))
    return looks


def _apart(looks: tuple[set, set]) -> bool:
    return all(looks) and not looks[0] & looks[1]


HIDDEN_TOOLS = {"draws": draws, "told_apart": told_apart}
