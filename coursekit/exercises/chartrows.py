"""The rows that a view of a chart draws: where its data lie, which filters keep, what its scales leave."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from pathlib import Path

_FILE = re.compile(r"(?:\./)?data/[\w-]+\.csv")
_COMPARE = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_PREDICATES: dict[str, Callable] = {
    "equal": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "oneOf": lambda value, wanted: value in wanted,
    "range": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "valid": lambda value, wanted: (not missing(value)) == wanted,
}
_WORDS = {"&&": " and ", "||": " or ", "===": "==", "!==": "!=", "!": " not "}
_CONSTANTS = {"true": True, "false": False, "null": None}


def cannot(what: str) -> AssertionError:
    """The sentence for a chart that does something this check cannot follow."""
    return AssertionError(
        f"This check cannot follow {what} in the chart: prepare the table with pandas and leave that out."
    )


def missing(value: object) -> bool:
    """Whether a value of a row is blank, so that nothing is drawn for it."""
    return value is None or isinstance(value, float) and math.isnan(value)


def shown(view: dict) -> list[dict]:
    """The rows of a view that are drawn, in order. Raises AssertionError for data or transforms it cannot follow."""
    rows = table(view)
    for step in view.get("transform") or []:
        rows = _filtered(rows, step)
    rows = [row for row in rows if isinstance(row, dict)]
    return [row for row in rows if all(_in_picture(view, name, row) for name in ("x", "y"))]


def table(view: dict) -> list:
    """The rows of a view before its transforms: inline, named in the chart, or from a file of ``data/``."""
    data = view.get("data") or {}
    if "name" in data and "values" not in data:
        data = {"values": (view.get("datasets") or {}).get(data["name"])}
    if isinstance(data.get("values"), list):
        return data["values"]
    if _FILE.fullmatch(str(data.get("url", ""))) and Path(data["url"]).is_file():
        import pandas as pd

        return pd.read_csv(data["url"]).to_dict("records")
    raise AssertionError("The chart has no table that can be read: give it a table of pandas.")


def _filtered(rows: list, step: object) -> list:
    if not isinstance(step, dict) or set(step) != {"filter"}:
        raise cannot("a transform other than a filter")
    return [row for row in rows if isinstance(row, dict) and holds(step["filter"], row)]


def holds(test: object, row: dict) -> bool:
    """Whether a filter or the test of a condition holds for a row: an expression, or a predicate on a field."""
    if isinstance(test, str):
        return bool(_value(_parsed(test), row))
    if not isinstance(test, dict):
        raise cannot("a filter of this form")
    if set(test) & {"and", "or"}:
        return all(holds(part, row) for part in test["and"]) if "and" in test else _any(test["or"], row)
    if "not" in test:
        return not holds(test["not"], row)
    return _predicate(test, row)


def _any(parts: list, row: dict) -> bool:
    return any(holds(part, row) for part in parts)


def _predicate(test: dict, row: dict) -> bool:
    words = set(test) - {"field"}
    if "field" not in test or len(words) != 1 or not words <= set(_PREDICATES):
        raise cannot("a filter that depends on a control")
    word = words.pop()
    try:
        return bool(_PREDICATES[word](row.get(test["field"]), test[word]))
    except TypeError:
        return False


def _parsed(text: str) -> ast.expr:
    """The expression of Vega as a tree of Python; words in quotes stay as they are."""
    parts = re.split(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", text)
    parts[::2] = [re.sub(r"&&|\|\||!==|===|!(?!=)", lambda found: _WORDS[found[0]], part) for part in parts[::2]]
    try:
        return ast.parse("".join(parts).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise cannot("a filter of this form") from None


def _value(node: ast.expr, row: dict) -> object:
    """The value of a node: comparisons, and, or, not, constants and fields of ``datum``; nothing else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    if isinstance(node, ast.BoolOp):
        return (all if isinstance(node.op, ast.And) else any)(_value(part, row) for part in node.values)
    if isinstance(node, ast.UnaryOp):
        return _unary(node, row)
    if isinstance(node, ast.Compare):
        return _compared(node, row)
    return _field(node, row)


def _unary(node: ast.UnaryOp, row: dict) -> object:
    value = _value(node.operand, row)
    return not value if isinstance(node.op, ast.Not) else -value


def _compared(node: ast.Compare, row: dict) -> bool:
    compare = _COMPARE.get(type(node.ops[0]))
    if len(node.ops) != 1 or compare is None:
        raise cannot("a filter of this form")
    try:
        return compare(_value(node.left, row), _value(node.comparators[0], row))
    except TypeError:
        return False


def _field(node: ast.expr, row: dict) -> object:
    """The field that ``datum.name`` or ``datum["name"]`` names."""
    if isinstance(node, ast.Attribute):
        owner, name = node.value, node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        owner, name = node.value, node.slice.value
    else:
        raise cannot("a filter of this form")
    if not (isinstance(owner, ast.Name) and owner.id == "datum"):
        raise cannot("a filter that depends on a control")
    return row.get(name)


def _in_picture(view: dict, name: str, row: dict) -> bool:
    """Whether a mark for the row lies within the axis ``name``: its value is there and the scale's domain holds it."""
    channel = (view.get("encoding") or {}).get(name)
    if not isinstance(channel, dict) or "field" not in channel:
        return True
    value, scale = row.get(channel["field"]), channel.get("scale") or {}
    if missing(value):
        return False
    return (
        _in_domain(value, scale.get("domain"))
        and _above(value, scale, "domainMin", operator.ge)
        and _above(value, scale, "domainMax", operator.le)
    )


def _above(value: object, scale: dict, word: str, compare: Callable) -> bool:
    try:
        return scale.get(word) is None or bool(compare(value, scale[word]))
    except TypeError:
        return False


def _in_domain(value: object, domain: object) -> bool:
    if domain is None:
        return True
    if not isinstance(domain, list) or not domain:
        raise cannot("a domain that is no list")
    numbers = all(isinstance(end, (int, float)) for end in domain) and isinstance(value, (int, float))
    return min(domain) <= value <= max(domain) if numbers and len(domain) == 2 else value in domain
