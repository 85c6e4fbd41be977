"""Plain data on the wire: what leaves the sandbox and how it is read back.

`encode(value)` runs beside student code and turns a value into nested lists and dicts with a
kind `k`. `Records` reads the sandbox's output in the grader: it believes nothing, bounds
everything and drops what does not fit. `decode(coded)` rebuilds numbers, texts, lists, dicts,
tables, series and chart specifications in the clean process; it never unpickles or evaluates.
"""

from __future__ import annotations

import datetime
import json
import math

LINE_BYTES = 4 << 20
TOTAL_BYTES = 24 << 20
TEXT = 100_000
ITEMS = 20_000
CELLS = 400_000
DEPTH = 8
JUDGED_WITHIN = 20  # seconds for the verdicts on one hand-in
KINDS = {"none", "bool", "number", "text", "time", "list", "dict", "table", "series", "chart", "other", "big"}


class Spec(dict):
    """A Vega-Lite specification."""


# --- inside the sandbox ------------------------------------------------------------------


def encode(value: object, depth: int = 0) -> dict:
    """`value` as JSON-ready data; what cannot be plain becomes its type's name."""
    if depth > DEPTH:
        return {"k": "big"}
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    for test, coder in _CODERS:
        if test(value):
            return coder(value, depth)
    return {"k": "other", "v": type(value).__name__[:100]}


def _named(value, *names):
    return any(
        cls.__name__ in names and cls.__module__.partition(".")[0] in ("pandas", "numpy", "altair")
        for cls in type(value).__mro__
    )


def _number(value, depth):
    if isinstance(value, int):
        return {"k": "number", "v": value} if value.bit_length() < 2000 else {"k": "big"}
    value = float(value)
    return {"k": "number", "v": value if math.isfinite(value) else str(value)}


def _text(value, depth):
    return {"k": "text", "v": value} if len(value) <= TEXT else {"k": "big"}


def _time(value, depth):
    return {"k": "time", "v": None if value != value else value.isoformat()}


def _list(value, depth):
    value = list(value)
    return {"k": "list", "v": [encode(item, depth + 1) for item in value]} if len(value) <= ITEMS else {"k": "big"}


def _dict(value, depth):
    if len(value) > ITEMS:
        return {"k": "big"}
    return {"k": "dict", "v": [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in value.items()]}


def _series(value, depth):
    return _frame(value.to_frame(name="0"), depth, {"k": "series", "name": _label(value.name)})


def _table(value, depth):
    return _frame(value, depth, {"k": "table"})


def _frame(frame, depth, coded):
    if len(frame) * (len(frame.columns) + 1) > CELLS:
        return {"k": "big"}
    coded["columns"] = [_label(name) for name in frame.columns]
    coded["data"] = [_column(frame.iloc[:, place]) for place in range(len(frame.columns))]
    if type(frame.index).__name__ != "RangeIndex":
        levels = range(frame.index.nlevels)
        coded["index"] = [_column(frame.index.get_level_values(level)) for level in levels]
        coded["index_names"] = [_label(name) for name in frame.index.names]
    return coded


def _label(name):
    name = name.item() if hasattr(name, "item") else name
    if isinstance(name, tuple):
        return " / ".join(str(part) for part in name)[:500]
    return name if name is None or isinstance(name, (int, float)) and name == name else str(name)[:500]


def _column(values):
    return [_scalar(value) for value in values.tolist()]


def _scalar(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < 2000 else str(value)[:100]
    if isinstance(value, float):
        return value if math.isfinite(value) else None if value != value else str(value)
    if hasattr(value, "isoformat"):
        return {"t": None if value != value else value.isoformat()}
    return str(value)[:1000]


def _chart(value, depth):
    return {"k": "chart", "v": value.to_dict()}


_CODERS = (
    (lambda v: v is None or _named(v, "NAType"), lambda v, d: {"k": "none"}),
    (lambda v: isinstance(v, bool), lambda v, d: {"k": "bool", "v": v}),
    (lambda v: isinstance(v, (int, float)), _number),
    (lambda v: type(v).__name__ in ("Decimal", "Fraction"), _number),
    (lambda v: isinstance(v, str), _text),
    (lambda v: isinstance(v, (datetime.date, datetime.datetime)), _time),
    (lambda v: _named(v, "DataFrame"), _table),
    (lambda v: _named(v, "Series"), _series),
    (lambda v: _named(v, "TopLevelMixin"), _chart),
    (lambda v: isinstance(v, Spec), lambda v, d: {"k": "chart", "v": dict(v)}),
    (lambda v: isinstance(v, dict), _dict),
    (lambda v: isinstance(v, (list, tuple, set, frozenset)) or _named(v, "ndarray", "Index", "ExtensionArray"), _list),
)


# --- in the grader -----------------------------------------------------------------------


def _refuse(name):
    raise ValueError(f"{name} is not plain data")


class Records:
    """Collects the records of one run from raw bytes; `feed` never raises on bad input.

    started: index of the last cell that began; done: index -> {"text", "error", "chart"};
    answers: index of a check -> {name: coded value}; ended: the run reached its end;
    full: the byte limit was met and reading should stop.
    """

    def __init__(self):
        self.started, self.done, self.answers = None, {}, {}
        self.ended = self.full = False
        self.bad = self.total = 0
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self.total += len(data)
        if self.total > TOTAL_BYTES:
            self.full = True
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE_BYTES:
            self.full = True
        for line in lines:
            self._take(line)

    def _take(self, line):
        try:
            if len(line) > LINE_BYTES:
                raise ValueError("too long")
            record = json.loads(line.decode("utf-8"), parse_constant=_refuse)
            self._store(record)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, OverflowError):
            self.bad += 1

    def _store(self, record):
        kind, index = record["r"], record["i"]
        if type(index) is not int or not 0 <= index < 10_000 or not self.bad < 1000:
            raise ValueError("no such cell")
        if kind == "at":
            self.started = index
        elif kind == "done":
            self.done[index] = {
                "text": _short(record.get("text"), 20_000),
                "error": _short(record.get("error"), 500),
                "chart": _valid_chart(record.get("chart")),
            }
        elif kind == "names":
            self.answers[index] = {
                str(name)[:100]: value if _valid(value) else {"k": "big"} for name, value in record["values"].items()
            }
        elif kind == "end":
            self.ended = True
        else:
            raise ValueError("unknown record")


def _short(text, limit):
    return text.encode("utf-8", "replace").decode("utf-8")[:limit] if isinstance(text, str) and text else ""


def _valid_chart(spec):
    return spec if isinstance(spec, dict) else None


def _valid(coded):
    return isinstance(coded, dict) and isinstance(coded.get("k"), str) and coded["k"] in KINDS


# --- in the clean process ----------------------------------------------------------------


def decode(coded: object, depth: int = 0) -> object:
    """The value behind `coded`; raises ValueError when it is malformed."""
    if depth > DEPTH + 1 or not _valid(coded):
        raise ValueError("malformed value")
    kind = coded["k"]
    if kind in ("none", "bool", "number", "text", "time"):
        return _decode_scalar(kind, coded.get("v"))
    if kind in ("list", "dict"):
        return _decode_items(kind, coded["v"], depth + 1)
    if kind in ("table", "series"):
        return _decode_frame(coded)
    if kind == "chart" and isinstance(coded["v"], dict):
        return Spec(coded["v"])
    raise ValueError("not plain data")


def _decode_items(kind, items, depth):
    if kind == "list":
        return [decode(item, depth) for item in items]
    return {_key(decode(key, depth)): decode(item, depth) for key, item in items}


def _decode_scalar(kind, value):
    if kind == "number" and value in ("nan", "inf", "-inf"):
        return float(value)
    wanted = {"none": type(None), "bool": bool, "number": (int, float), "text": str, "time": (str, type(None))}
    if not isinstance(value, wanted[kind]) or kind == "number" and isinstance(value, bool):
        raise ValueError("malformed value")
    if kind == "time":
        import pandas as pd

        return pd.Timestamp(value)
    return value


def _key(value):
    return tuple(value) if isinstance(value, list) else value


def _decode_frame(coded):
    import pandas as pd

    columns = [_read_column(column) for column in coded["data"]]
    if len(columns) != len(coded["columns"]) or len({len(column) for column in columns}) > 1:
        raise ValueError("malformed table")
    frame = pd.concat([pd.Series(column) for column in columns], axis=1) if columns else pd.DataFrame()
    frame.columns = [_flat(name) for name in coded["columns"]]
    if "index" in coded:
        frame.index = _decode_index(coded)
    if coded["k"] == "series":
        return frame.iloc[:, 0].rename(_flat(coded.get("name")))
    return frame


def _decode_index(coded):
    import pandas as pd

    levels = [_read_column(level) for level in coded["index"]]
    names = [_flat(name) for name in coded["index_names"]]
    return pd.Index(levels[0], name=names[0]) if len(levels) == 1 else pd.MultiIndex.from_arrays(levels, names=names)


def _flat(name):
    if name is not None and not isinstance(name, (str, int, float)):
        raise ValueError("malformed label")
    return name


def _read_column(values):
    if not isinstance(values, list):
        raise ValueError("malformed column")
    if any(isinstance(value, dict) for value in values):
        import pandas as pd

        return [pd.Timestamp(value["t"]) if isinstance(value, dict) else value for value in values]
    if any(isinstance(value, list) for value in values):
        raise ValueError("malformed column")
    return values
