"""What a figure says at each setting: a table of captions, or a template filled from controls and rows.

Python checks, when the figure is made, that every setting has a caption; the page's script
(``assets/figures-words.js``) looks up or fills in what this module wrote into the figure's words.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from string import Formatter

import pandas as pd

from coursekit.settings import FORMAT, Control, FigureError, canonical, defaults, formatted, passes, rows_at

NEGATIVE = re.compile(r"-(?=[\d.])")
MOST_CHECKED = 50_000  # settings of the filtering controls that a template is tried at
MOST_LISTED = 500  # settings whose captions a notebook carries in the chart's own title


def captions_of(captions, controls: list[Control], words: dict) -> dict | None:
    """Captions as the page looks them up: {"keys", "table"} or {"parts"}. Raises FigureError without one."""
    if captions is None:
        return None
    if isinstance(captions, str):
        return _template(captions, controls, words)
    return _table(captions, {c.name: c for c in controls}, words["name"])


def _table(captions: pd.DataFrame, controls: dict[str, Control], figure: str) -> dict:
    keys = [str(name) for name in captions.columns if name != "caption"]
    if "caption" not in captions.columns:
        raise FigureError(f"figure('{figure}'): captions have no column 'caption'; add it.")
    for strange in sorted(set(keys) - set(controls)):
        raise FigureError(f"figure('{figure}'): the caption key '{strange}' is no control; name the column after one.")
    rows = captions[[*keys, "caption"]].itertuples(index=False, name=None)
    table = {"\t".join(map(canonical, key)): str(text).strip() for *key, text in rows}
    for values in itertools.product(*(controls[key].values for key in keys)):
        if not table.get("\t".join(map(canonical, values))):
            setting = _said(dict(zip(keys, values, strict=True)))
            raise FigureError(f"figure('{figure}'): there is no caption for {setting}; add a row to captions.")
    return {"keys": keys, "table": table}


def _said(setting: dict) -> str:
    """A setting in words, as the author wrote the names of the controls."""
    return ", ".join(f"{name}={value!r}" for name, value in setting.items())


def _template(text: str, controls: list[Control], words: dict) -> dict:
    parts = []
    for before, name, how, _conversion in Formatter().parse(text):
        parts += [{"text": before}] if before else []
        if name is None:
            continue
        _check_part(name, how, controls, words)
        parts.append({"name": name, "format": how or ""})
    found = {"parts": parts}
    _try_settings(found, controls, words)
    return found


def _check_part(name: str, how: str, controls: list[Control], words: dict) -> None:
    known = [c.name for c in controls] + words.get("rows", {}).get("columns", [])
    if name not in known:
        raise FigureError(
            f"figure('{words['name']}'): the caption names '{{{name}}}', which is no control and no column of rows."
        )
    if not FORMAT.fullmatch(how or ""):
        raise FigureError(
            f"figure('{words['name']}'): the caption's format '{how}' is not known; use .2f, ,.0f, +.1f, d or none."
        )


def _try_settings(found: dict, controls: list[Control], words: dict) -> None:
    """Fill the template at every setting of the controls that choose rows; a setting without a row has no caption."""
    filtering = [c for c in controls if c.name in words.get("filters", {})]
    if math.prod(len(c.values) for c in filtering) > MOST_CHECKED:
        raise FigureError(
            f"figure('{words['name']}'): its controls have too many settings to check; give a slider a larger step."
        )
    rest = {c.name: c.default for c in controls}
    first_row = _first_rows(words)
    for values in itertools.product(*(c.values for c in filtering)):
        setting = dict(zip((c.name for c in filtering), values, strict=True))
        try:
            filled(found["parts"], words, rest | setting, first_row(setting))
        except (FigureError, ValueError, TypeError) as why:
            raise FigureError(f"figure('{words['name']}'): there is no caption for {_said(setting)}: {why}") from None


def _first_rows(words: dict) -> Callable[[dict], list | None]:
    """A function that gives the first row of a setting, None without one.

    Rows are sorted once by the controls whose value they must equal; a setting looks only through its own.
    """
    filters = words.get("filters", {})
    place = {name: words["rows"]["columns"].index(name) for name in filters}
    equal = [name for name, how in filters.items() if how == "=="]
    others = [(name, how) for name, how in filters.items() if how != "=="]
    groups: dict[tuple, list] = {}
    for row in words["rows"]["data"] if filters else []:
        groups.setdefault(tuple(canonical(row[place[name]]) for name in equal), []).append(row)

    def first(setting: dict) -> list | None:
        rows = groups.get(tuple(canonical(setting[name]) for name in equal), [])
        passing = (row for row in rows if all(passes(row[place[name]], how, setting[name]) for name, how in others))
        return next(passing, None)

    return first


def filled(parts: list[dict], words: dict, values: dict, first: list | None = None) -> str:
    """A template at a setting: controls give their own value, other names the first row that passes the filters.

    first: that row, where it is known.
    """
    controls = {c["name"]: Control(**c) for c in words["controls"]}
    said = []
    for part in parts:
        if "text" in part:
            said.append(part["text"])
        elif part["name"] in controls:
            value = values[part["name"]]
            text = formatted(value, part["format"]) if part["format"] else controls[part["name"]].shown(value)
            said.append(_signed(text))
        else:
            first = first or next(iter(rows_at(words, values)), None)
            if first is None:
                raise FigureError(
                    f"no row passes, and the caption needs '{{{part['name']}}}'; add it or give captions as a table."
                )
            said.append(_signed(formatted(first[words["rows"]["columns"].index(part["name"])], part["format"])))
    return "".join(said)


def _signed(text: str) -> str:
    """A value as a sentence shows it: a minus sign, not a hyphen, before a negative number."""
    return "−" + text[1:] if NEGATIVE.match(text) else text


def caption_at(words: dict, values: dict) -> str:
    """The caption at a setting: the title where all controls that change the message stand at their default."""
    captions = words.get("captions")
    keys = (captions or {}).get("keys") or [c["name"] for c in words["controls"]]
    if not captions or all(
        canonical(values[c["name"]]) == canonical(c["default"]) for c in words["controls"] if c["name"] in keys
    ):
        return words["title"]
    if "table" in captions:
        return captions["table"]["\t".join(canonical(values[key]) for key in keys)]
    return filled(captions["parts"], words, values)


def _all_settings(keys: list[str], controls: list[dict], start: dict) -> list[dict]:
    """All settings of some controls, the others as in ``start``; [] when there are more than MOST_LISTED."""
    values = {c["name"]: c["values"] for c in controls}
    choices = [values[name] for name in keys]
    if math.prod(map(len, choices)) > MOST_LISTED:
        return []
    return [start | dict(zip(keys, chosen, strict=True)) for chosen in itertools.product(*choices)]


def every_caption(words: dict) -> tuple[list[str], dict[str, str]]:
    """Names of the controls that change the message, and the caption by their values (joined by a tab).

    Where there are more than MOST_LISTED settings, or no captions, the default setting only.
    """
    controls = words["controls"]
    keys = (words["captions"] or {}).get("keys") or [c["name"] for c in controls]
    settings = [defaults(words)]
    if words["captions"]:
        settings = _all_settings(keys, controls, settings[0]) or settings
    return keys, {"\t".join(canonical(values[key]) for key in keys): caption_at(words, values) for values in settings}
