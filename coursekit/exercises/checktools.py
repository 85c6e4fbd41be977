"""Tools for checks: compare values, tables and charts. Pure pandas; copied into student notebooks.

Each function stands alone (imports inside) because release copies the source of those that a
visible check uses into the student's notebook.
"""

import inspect


def close(value, wanted, tolerance):
    """Whether a number is within `tolerance` of `wanted`; False for anything that is no number."""
    try:
        return not isinstance(value, (bool, str)) and abs(float(value) - float(wanted)) <= tolerance
    except (TypeError, ValueError):
        return False


def same_table(table, wanted, by=None, tolerance=1e-6):
    """Whether two tables hold the same rows: row order counts only when `by` is "order".

    `by` names the columns that identify a row (default: all that hold text). Column order and
    the index never count; numbers may differ by `tolerance`.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        return False

    def flat(frame):
        named = any(name is not None for name in frame.index.names)
        frame = frame.reset_index() if named else frame.reset_index(drop=True)
        return frame.rename(columns=str)

    left, right = flat(table), flat(wanted)
    if not set(right.columns) <= set(left.columns) or len(left) != len(right) or left.columns.duplicated().any():
        return False
    left = left[list(right.columns)]
    if by != "order":
        texts = [name for name in right.columns if not pd.api.types.is_float_dtype(right[name])]
        keys = [by] if isinstance(by, str) else by or texts or list(right.columns)
        left, right = (
            frame.sort_values(keys, key=lambda column: column.astype(str)).reset_index(drop=True)
            for frame in (left, right)
        )

    def equal(mine, other):
        if not pd.api.types.is_numeric_dtype(other) or pd.api.types.is_bool_dtype(other):
            return list(mine.astype(str)) == list(other.astype(str))
        numbers = pd.to_numeric(mine, errors="coerce").astype(float)
        gap = (numbers - other.astype(float)).abs()
        return bool(((gap <= tolerance) | (numbers.isna() & other.isna())).all())

    return all(equal(left[name], right[name]) for name in right.columns)


def chart_layers(chart):
    """The single views of a chart (its layers, facets and concatenations), each a plain dict."""
    spec = chart if isinstance(chart, dict) else chart.to_dict() if hasattr(chart, "mark_bar") else {}
    views, queue = [], [spec]
    while queue:
        part = queue.pop()
        if not isinstance(part, dict):
            continue
        inner = [
            child
            for word in ("layer", "hconcat", "vconcat", "concat")
            if isinstance(part.get(word), list)
            for child in part[word]
        ]
        inner += [part["spec"]] if isinstance(part.get("spec"), dict) else []
        shared = {word: part[word] for word in ("encoding", "transform") if word in part}
        if not inner and "mark" in part:
            views.append(part)
        for child in inner:
            if isinstance(child, dict):
                child = dict(child)
                child["encoding"] = {**shared.get("encoding", {}), **child.get("encoding", {})}
                child["transform"] = [*shared.get("transform", []), *child.get("transform", [])]
                queue.append(child)
    return views


def encodes(chart, mark=None, filtered=None, **channels):
    """Whether one view of the chart has this mark and these channels.

    Channels are written as in Altair: x="year", y="sum(usd_bn)", color="iso3:N". A scale type is
    asked with a second word: y="usd_bn log". `filtered=True` wants a filter, False wants none.
    """
    import re

    def fits(channel, wanted):
        if not isinstance(channel, dict):
            return False
        shorthand, _, scale = wanted.partition(" ")
        aggregate, field, kind = re.fullmatch(r"(?:(\w+)\()?([^():]*)\)?(?::(\w))?", shorthand).groups()
        long = {"Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
        return (
            (channel.get("field") or "") == field
            and (channel.get("aggregate") or None) == aggregate
            and (kind is None or channel.get("type") == long[kind])
            and (not scale or (channel.get("scale") or {}).get("type") == scale)
        )

    for view in chart_layers(chart):
        drawn = view["mark"].get("type") if isinstance(view["mark"], dict) else view["mark"]
        has_filter = any("filter" in step for step in view.get("transform") or [] if isinstance(step, dict))
        encoding = view.get("encoding") or {}
        if (
            (mark is None or drawn == mark)
            and (filtered is None or has_filter == filtered)
            and all(fits(encoding.get(name), wanted) for name, wanted in channels.items())
        ):
            return True
    return False


TOOLS = {function.__name__: function for function in (close, same_table, chart_layers, encodes)}


def source_of(names):
    """The source of the named tools and of what they need, ready for a notebook cell."""
    wanted = set(names) & set(TOOLS)
    if "encodes" in wanted:
        wanted.add("chart_layers")
    return "\n\n".join(inspect.getsource(function).strip() for name, function in TOOLS.items() if name in wanted)
