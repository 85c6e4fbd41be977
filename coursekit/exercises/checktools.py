"""Tools for checks: compare values, tables and charts. Pure pandas; copied into student notebooks.

Each function imports what it needs inside, because release copies the source of those that a
visible check uses, and of the tools that these need (`NEEDS`), into the student's notebook.
"""

import functools
import inspect
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def close(value: object, wanted: float, tolerance: float) -> bool:
    """Whether a number is within `tolerance` of `wanted`; False for anything that is no number."""
    try:
        return not isinstance(value, (bool, str)) and abs(float(value) - float(wanted)) <= tolerance
    except (TypeError, ValueError):
        return False


def same_table(table: object, wanted: "pd.DataFrame", by: object = None, tolerance: float = 1e-06) -> bool:
    """Whether two tables hold the same rows: row order counts only when `by` is "order".

    `by` names the columns that identify a row (default: all that hold text). Column order and
    the index never count; numbers may differ by `tolerance`.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        return False
    left, right = plain_table(table), plain_table(wanted)
    if not set(right.columns) <= set(left.columns) or len(left) != len(right) or left.columns.duplicated().any():
        return False
    left = left[list(right.columns)]
    if left.equals(right):
        return True  # most right answers: no need to sort
    if by != "order":
        left, right = sorted_rows(left, right, by), sorted_rows(right, right, by)
    return all(same_column(left[name], right[name], tolerance) for name in right.columns)


def plain_table(frame: "pd.DataFrame") -> "pd.DataFrame":
    """A table with its named index as columns and all column names as text."""
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index(drop=not named).rename(columns=str)


def sorted_rows(frame: "pd.DataFrame", wanted: "pd.DataFrame", by: object = None) -> "pd.DataFrame":
    """The rows of a table in the order of the columns `by` (default: the columns of text in `wanted`), read as text."""
    import pandas as pd

    texts = [name for name in wanted.columns if not pd.api.types.is_float_dtype(wanted[name])]
    keys = [by] if isinstance(by, str) else by or texts or list(wanted.columns)
    return frame.sort_values(keys, key=lambda column: column.astype(str)).reset_index(drop=True)


def same_column(mine: "pd.Series", other: "pd.Series", tolerance: float) -> bool:
    """Whether two columns hold the same values in the same order; numbers may differ by `tolerance`."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(other) or pd.api.types.is_bool_dtype(other):
        return list(mine.astype(str)) == list(other.astype(str))
    numbers = pd.to_numeric(mine, errors="coerce").astype(float)
    gap = (numbers - other.astype(float)).abs()
    return bool(((gap <= tolerance) | (numbers.isna() & other.isna())).all())


def chart_layers(chart: object) -> list:
    """The single views of a chart (its layers, facets and concatenations), each a plain dict."""
    spec = chart if isinstance(chart, dict) else chart.to_dict() if hasattr(chart, "mark_bar") else {}
    views, queue = [], [spec]
    while queue:
        part = queue.pop()
        inner = inner_views(part)
        if not inner and "mark" in part:
            views.append(part)
        for child in inner:
            encoding = {**part.get("encoding", {}), **child.get("encoding", {})}
            steps = [*part.get("transform", []), *child.get("transform", [])]
            queue.append({**child, "encoding": encoding, "transform": steps})
    return views


def inner_views(part: dict) -> list:
    """The views inside one view: those of its layers and concatenations, and the one it repeats."""
    lists = [part.get(word) for word in ("layer", "hconcat", "vconcat", "concat")]
    found = [child for inner in lists if isinstance(inner, list) for child in inner]
    return [child for child in [*found, part.get("spec")] if isinstance(child, dict)]


def encodes(chart: object, mark: object = None, filtered: object = None, **channels: str) -> bool:
    """Whether one view of the chart has this mark and these channels.

    Channels are written as in Altair: x="year", y="sum(usd_bn)", color="iso3:N". A scale type is
    asked with a second word: y="usd_bn log". `filtered=True` wants a filter, False wants none.
    """
    for view in chart_layers(chart):
        encoding = view.get("encoding") or {}
        fits = [channel_fits(encoding.get(name), wanted) for name, wanted in channels.items()]
        if view_fits(view, mark, filtered) and all(fits):
            return True
    return False


def view_fits(view: dict, mark: object, filtered: object) -> bool:
    """Whether a view has a mark, and a filter or none; None asks for nothing."""
    drawn = view["mark"].get("type") if isinstance(view["mark"], dict) else view["mark"]
    has_filter = any("filter" in step for step in view.get("transform") or [] if isinstance(step, dict))
    return mark in (None, drawn) and filtered in (None, has_filter)


def channel_fits(channel: object, wanted: str) -> bool:
    """Whether a channel shows what is wanted, written as for `encodes`."""
    import re

    if not isinstance(channel, dict):
        return False
    shorthand, _, scale = wanted.partition(" ")
    aggregate, field, kind = re.fullmatch(r"(?:(\w+)\()?([^():]*)\)?(?::(\w))?", shorthand).groups()
    long = {None: channel.get("type"), "Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
    return (
        (channel.get("field") or "") == field
        and (channel.get("aggregate") or None) == aggregate
        and channel.get("type") == long[kind]
        and scale in ("", (channel.get("scale") or {}).get("type"))
    )


CHART_TOOLS = (chart_layers, inner_views, encodes, view_fits, channel_fits)
TOOLS = {
    function.__name__: function for function in (close, same_table, plain_table, sorted_rows, same_column, *CHART_TOOLS)
}
NEEDS = {
    "same_table": {"plain_table", "sorted_rows", "same_column"},
    "chart_layers": {"inner_views"},
    "encodes": {"chart_layers", "inner_views", "view_fits", "channel_fits"},
}


@functools.cache
def source(name: str) -> str:
    """The source of one tool; read once, for every hand-in is laid beside a notebook that holds it."""
    return inspect.getsource(TOOLS[name]).strip()


def source_of(names: Iterable[str]) -> str:
    """The source of the named tools and of what they need, ready for a notebook cell."""
    wanted = set(names) & set(TOOLS)
    wanted |= {other for name in wanted for other in NEEDS.get(name, ())}
    return "\n\n".join(source(name) for name in TOOLS if name in wanted)
