"""The settings of a figure: its controls, all values they can take, and the rows that belong to each.

The page's script holds the twin of ``rows_at``, ``formatted`` and ``shown`` (``assets/figures-words.js``); a browser
test compares the two at every setting of every figure.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from coursekit.errors import CourseKitError

SLACK = 1e-9  # a slider's 0.3 and a row's 0.1 + 0.2 are the same setting
COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
YES_NO = {True: "yes", False: "no"}
COMPARISONS = ("==", "!=", *COMPARE, "all")
# Words that Vega's expressions keep for themselves: a control of such a name is not read as the control.
RESERVED = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends false finally for "
    "function implements import in instanceof interface let new null package private protected public return static "
    "super switch this throw true try typeof var void while with yield NaN E LN2 LN10 LOG2E LOG10E MAX_VALUE MIN_VALUE "
    "PI SQRT1_2 SQRT2 datum event item".split()
)
FORMAT = re.compile(r"(\+?)(,?)\.(\d)f|(\+?)(,?)d|s?")


class FigureError(CourseKitError):
    """A figure lacks a word or a setting lacks its caption. The message says which."""


@dataclass(frozen=True)
class Control:
    """One control of a figure. ``values``: all it can take, in order; ``labels``: what a reader sees for each."""

    name: str
    label: str
    kind: str
    default: object
    values: tuple
    labels: tuple
    step: float | None = None

    def shown(self, value) -> str:
        """The words for a value, as the page's control and the picture show it."""
        at = self.values.index(value) if value in self.values else 0
        if canonical(self.values[at]) != canonical(value):  # 1 equals True, and a day as text no day
            at = [canonical(v) for v in self.values].index(canonical(value))
        return self.labels[at]


def control(param, figure: str) -> Control:
    """The control behind an Altair parameter with a binding, or its dictionary. Raises FigureError without one."""
    given = param if isinstance(param, dict) else getattr(getattr(param, "param", None), "to_dict", dict)()
    bind = _binding(given, param, figure)
    _check_name(given["name"], figure)
    values = _values(bind, figure, given["name"])
    labels = tuple(bind.get("labels") or (YES_NO[v] if isinstance(v, bool) else canonical(v) for v in values))
    label = (bind.get("name") or given["name"].replace("_", " ").capitalize()).strip()
    made = Control(given["name"], label, bind["input"], given.get("value"), values, labels, bind.get("step"))
    if canonical(made.default) not in map(canonical, values):
        raise FigureError(
            f"figure('{figure}'): the default {made.default!r} of the control '{made.name}' is not among its values; "
            "give it one of them."
        )
    return made


def _check_name(name: str, figure: str) -> None:
    """A chart's expressions speak of a control by its name, so it must be a word that they leave free."""
    if name in RESERVED or not name.isidentifier():
        why = "which Vega keeps for itself" if name in RESERVED else "which is not one word of letters and digits"
        free = f"{re.sub(r'[^0-9a-zA-Z_]', '_', name)}_chosen"
        raise FigureError(
            f"figure('{figure}'): a control is named '{name}', {why}; rename it, to '{free}' for example, and give it "
            "the old word as its label."
        )


def _binding(given: dict, param, figure: str) -> dict:
    bind = given.get("bind")
    if not isinstance(bind, dict) or "input" not in bind or "select" in given:
        name = given.get("name", param)
        raise FigureError(f"figure('{figure}'): {name!r} is no control; make it with slide() or choose().")
    return bind


def _values(bind: dict, figure: str, name: str) -> tuple:
    if bind["input"] == "range":
        low, high, step = bind.get("min", 0), bind.get("max", 100), bind.get("step", 1)
        return tuple(_tidy(low + n * step) for n in range(math.floor((high - low) / step + SLACK) + 1))
    if bind["input"] == "checkbox":
        return (False, True)
    if bind["input"] in ("radio", "select") and bind.get("options"):
        return tuple(bind["options"])
    raise FigureError(f"figure('{figure}'): the control '{name}' is neither a slider nor a choice among options.")


def _tidy(number: float) -> float | int:
    number = round(number, 10)
    return int(number) if number == int(number) else number


def canonical(value) -> str:
    """A value as a key: the same text in Python and in the page's script, whatever the number's type."""
    if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = f"{float(value) + 0.0:.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# Rows ---------------------------------------------------------------------------------------------------------------


def packed(rows: pd.DataFrame) -> dict:
    """A table as the page keeps it: ``columns``, their ``kinds`` (int, float or text) and ``data``, a list a row."""
    clean = rows.copy()
    for name in clean.columns:
        if pd.api.types.is_datetime64_any_dtype(clean[name]):
            clean[name] = clean[name].dt.strftime("%Y-%m-%d")
    kinds = [_kind(rows[name]) for name in rows.columns]
    data = clean.astype(object).where(clean.notna(), None).to_numpy().tolist()
    return {
        "columns": [str(name) for name in clean.columns],
        "kinds": kinds,
        "data": [[_plain(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in data],
    }


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return "text"
    known = column.dropna()
    return "int" if len(known) and (known == known.round()).all() else "float"


def _plain(value, kind: str):
    """A cell as JSON has it: whole numbers without a point, texts for what is neither number nor text."""
    if value is None:
        return None
    value = int(value) if kind == "int" else value.item() if hasattr(value, "item") else value
    return value if isinstance(value, (int, float, str)) else str(value)


def filters_of(filters, controls: list[Control], columns: list[str], figure: str) -> dict[str, str]:
    """Comparison by control. ``filters``: None (all controls that are columns), names, or {name: comparison}."""
    if filters is None:
        return {c.name: "==" for c in controls if c.name in columns}
    wanted = dict(filters) if isinstance(filters, dict) else dict.fromkeys(filters, "==")
    for name, compare in wanted.items():
        if name not in {c.name for c in controls}:
            raise FigureError(f"figure('{figure}'): the filter '{name}' is no control; name one of its controls.")
        if name not in columns:
            raise FigureError(
                f"figure('{figure}'): the filter '{name}' is no column of rows; add the column or leave it out."
            )
        if compare not in COMPARISONS:
            raise FigureError(f"figure('{figure}'): {compare!r} is no comparison; use one of {', '.join(COMPARISONS)}.")
    return wanted


def passes(cell, compare: str, value) -> bool:
    """Whether a row's cell passes a control's value. ``all``: equal, and the option "all" lets every row pass."""
    if compare in COMPARE:
        return cell is not None and _in_order(cell, compare, value)
    same = canonical(cell) == canonical(value)
    return not same if compare == "!=" else same or (compare == "all" and value == "all")


def _in_order(cell, compare: str, value) -> bool:
    """Whether a cell stands to a value as a comparison says; numbers that differ by rounding are equal."""
    if isinstance(cell, str) or isinstance(value, str):
        return COMPARE[compare](str(cell), str(value))
    return "=" in compare if abs(cell - value) < SLACK else COMPARE[compare](cell, value)


def rows_at(words: dict, values: dict) -> list[list]:
    """The rows of a figure's words that pass its filters at ``values`` (control -> value)."""
    columns = words["rows"]["columns"]
    tests = [(columns.index(name), how, values[name]) for name, how in words["filters"].items()]
    return [row for row in words["rows"]["data"] if all(passes(row[n], how, value) for n, how, value in tests)]


# Words about a setting ----------------------------------------------------------------------------------------------


def setting_words(controls: list[dict], values: dict) -> list[str]:
    """One phrase a control, as it stands in the picture: ``["Year 2023", "Ally Poland"]``."""
    return [f"{c['label']} {Control(**c).shown(values[c['name']])}" for c in controls]


def state_sentence(words: dict, values: dict) -> str:
    """The live sentence of a figure's description: its setting and how many rows it shows."""
    setting = "; ".join(setting_words(words["controls"], values))
    count = len(rows_at(words, values)) if words.get("rows") else None
    rows = "" if count is None else f" {count:,} row{'' if count == 1 else 's'} shown."
    return f"Setting: {setting}.{rows}" if setting else rows.strip()


def formatted(value, how: str) -> str:
    """A value in one of the formats that captions know; halves are rounded away from zero, in the script as here."""
    if value is None:
        return "no value"
    match = FORMAT.fullmatch(how)
    if how in ("", "s") or not match:
        return canonical(value)
    number = Decimal(float(value)).quantize(Decimal(1).scaleb(-int(match[3] or 0)), ROUND_HALF_UP)
    plus, comma = "+" if how.startswith("+") else "", "," if "," in how else ""
    sign = "" if not number else "-" if number < 0 else plus
    return sign + f"{abs(number):{comma}f}"


def shown(value, kind: str) -> str:
    """A cell of the page's table. Numbers: four significant digits below 1,000, whole above; years stay as they are."""
    if value is None:
        return "no value"
    if kind == "int":
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, bool):
        return YES_NO[value]
    return _four_digits(value) if kind == "float" else str(value)


def _four_digits(value: float) -> str:
    """A number with four significant digits, or whole from 1,000 on; no idle zeros."""
    if abs(value) >= 1000:
        return formatted(value, ",.0f")
    digits = min(12, max(0, 3 - int(f"{value:.3e}".split("e")[1]))) if value else 0
    text = f"{Decimal(float(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def defaults(words: dict) -> dict:
    """The default value of each control."""
    return {c["name"]: c["default"] for c in words["controls"]}


def as_words(controls: list[Control]) -> list[dict]:
    """Controls as plain dictionaries for the figure's words."""
    return [asdict(c) | {"values": list(c.values), "labels": list(c.labels)} for c in controls]
