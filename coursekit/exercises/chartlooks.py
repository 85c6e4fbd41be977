"""Can a reader see the marks of a chart: opacity, size, colour against the ground, room on the page.

A list of what is allowed, not of what is forbidden: a property, channel or setting that is not known here is refused
with a sentence, because it might hide a mark.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from coursekit.exercises.chartrows import cannot, holds

LOOKS = ("color", "fill", "stroke", "opacity", "fillOpacity", "strokeOpacity", "shape", "strokeDash", "size")
_LEAST = {"opacity": 0.15, "fillOpacity": 0.15, "strokeOpacity": 0.15, "size": 2, "strokeWidth": 0.3, "thickness": 0.5}
_COLOURS = ("color", "fill", "stroke")
_POSITIONS = {"x", "y", "xOffset", "yOffset", "facet", "row", "column"}
_HARMLESS = {"tooltip", "detail", "order", "text", "shape", "strokeDash", "description"}
_CHANNELS = {*_LEAST, *_COLOURS, *_POSITIONS, *_HARMLESS} - {"thickness"}
_OF_MARK = {*_LEAST, *_COLOURS, "type", "filled", "shape", "point", "tooltip", "strokeDash", "interpolate", "orient"}
_OF_MARK |= {"align", "baseline", "dx", "dy", "font", "fontSize", "fontWeight", "fontStyle", "clip", "limit", "line"}
_OF_MARK |= {"cornerRadius", "cornerRadiusEnd", "cornerRadiusTopLeft", "cornerRadiusTopRight", "aria", "strokeCap"}
_OF_CHANNEL = {"field", "type", "title", "scale", "axis", "legend", "sort", "aggregate", "stack", "value", "condition"}
_OF_CHANNEL |= {"format", "formatType", "header", "spacing", "columns", "datum", "labelAngle"}
_OF_SCALE = {"domain", "domainMin", "domainMax", "zero", "nice", "type", "scheme", "range", "reverse", "padding"}
_OF_SCALE |= {"paddingInner", "paddingOuter", "base", "constant", "exponent", "round"}
_OF_CONFIG = ("axis", "legend", "title", "header", "font", "view", "background", "facet", "concat", "customFormatTypes")
_OF_CONFIG += ("aria",)  # what a screen reader is told; the course's own theme sets it
_MARKS = {"bar", "line", "point", "circle", "square", "area", "tick", "rule", "text", "trail"}
_SMALLEST, _STEP = 30, 3  # pixels: of a side, and of a step of one
_CONTRAST = 0.12  # of the way from black to white in some channel


def kind(view: dict) -> str:
    """The type of a view's mark, such as "bar"."""
    mark = view.get("mark")
    return str(mark.get("type") if isinstance(mark, dict) else mark)


def must_be_seen(view: dict) -> None:
    """Raise AssertionError with a sentence when marks of a view are invisible, or when that cannot be told."""
    _must_be_known(view)
    for where, name, value in settings(view):
        if name in _LEAST and _below(value, _LEAST[name]):
            raise AssertionError(f"A mark of the chart cannot be seen: {name} is {value!r} in {where}.")
    for colour in _colours(view):
        if kind(view) != "text" and not contrasts(colour, ground(view)):
            raise AssertionError(f"A mark of the chart cannot be seen: {colour!r} on {ground(view)!r}.")
    _must_have_sides(view)


def _must_be_known(view: dict) -> None:
    if kind(view) not in _MARKS or view.get("repeat") or view.get("projection"):
        raise cannot(f"the mark {kind(view)!r}")
    _known(_mark(view), _OF_MARK, "the setting of a mark")
    _known(_encoding(view), _CHANNELS, "the channel")
    for name, part in _channels(view):
        _known(part, _OF_CHANNEL, "the setting of a channel")
        _known(_scale(part), _OF_SCALE, "the setting of a scale")
        _must_be_scaled(name, _scale(part))
    for name in view.get("config") or {}:
        if name not in _MARKS | {"mark"} and not name.startswith(_OF_CONFIG):
            raise cannot(f"the setting {name!r}")


def _mark(view: dict) -> dict:
    """The settings of a view's mark; {} when it is only named."""
    return view["mark"] if isinstance(view["mark"], dict) else {}


def _encoding(view: dict) -> dict:
    return view.get("encoding") or {}


def _scale(channel: dict) -> dict:
    return channel.get("scale") or {}


def _must_be_scaled(name: str, scale: dict) -> None:
    """Refuse what moves marks out of sight: a range of an axis, a domain that makes a mark smaller than nothing."""
    if name in ("x", "y") and scale.get("range") is not None:
        raise cannot("a range of an axis")
    if name in _LEAST and set(scale) & {"domain", "domainMin", "domainMax", "type"}:
        raise cannot(f"a scale of {name}")


def _known(part: dict, names: set[str], what: str) -> None:
    if strange := sorted(set(part) - names):
        raise cannot(f"{what} {strange[0]!r}")


def _channels(view: dict) -> Iterator[tuple[str, dict]]:
    """(name, channel) of a view's channels that are mappings (a tooltip may be a list)."""
    return ((name, part) for name, part in _encoding(view).items() if isinstance(part, dict))


def settings(view: dict) -> Iterator[tuple[str, str, object]]:
    """(where, name, value) of each value that a mark of the view may have: by the theme, the mark, or a channel."""
    config = view.get("config") or {}
    for where, part in (("theme", config.get("mark")), ("theme", config.get(kind(view))), ("mark", _mark(view))):
        yield from ((f"the {where}", key, value) for key, value in (part or {}).items())
    for key, channel in _channels(view):
        yield from ((f"the channel {key}", key, value) for value in _values(channel))


def _values(channel: dict) -> Iterator[object]:
    """The values a channel names: its own, those of its conditions and of its range."""
    yield from (part["value"] for part in [channel, *_conditions(channel)] if "value" in part)
    yield from _range(channel)


def _conditions(channel: dict) -> list[dict]:
    found = channel.get("condition") or []
    return found if isinstance(found, list) else [found]


def _range(channel: dict) -> list:
    """The values between which a channel's scale chooses, when the chart lists them."""
    span = _scale(channel).get("range")
    return span if isinstance(span, list) else []


def _below(value: object, least: float) -> bool:
    return not isinstance(value, (int, float)) or value < least


def _colours(view: dict) -> Iterator[str]:
    """Every colour that a mark of the view may have, the usual one of Vega-Lite included."""
    named = [value for _, name, value in settings(view) if name in _COLOURS]
    yield from (value if isinstance(value, str) else "none" for value in named)
    if not named:
        yield "#4c78a8"


def ground(view: dict) -> str:
    """The colour behind the marks."""
    config, own = view.get("config") or {}, view.get("view") or {}
    fill = own.get("fill") or (config.get("view") or {}).get("fill")
    return str(fill or view.get("background") or config.get("background") or "white")


def contrasts(colour: str, behind: str) -> bool:
    """Whether a colour of CSS stands out from another; False for one that is none or hardly there."""
    from tinycss2.color3 import RGBA, parse_color

    front, back = parse_color(colour), parse_color(behind)
    if not isinstance(front, RGBA) or not isinstance(back, RGBA) or front.alpha < _LEAST["opacity"]:
        return False
    paper = [part * back.alpha + 1 - back.alpha for part in back[:3]]  # what shows through is the white page
    return max(abs(a - b) for a, b in zip(front[:3], paper, strict=True)) * front.alpha >= _CONTRAST


def _must_have_sides(view: dict) -> None:
    for name in ("width", "height"):
        side = view.get(name)
        if _too_small(side):
            raise AssertionError(f"The chart is too small to be read: its {name} is {side}.")


def _too_small(side: object) -> bool:
    if isinstance(side, dict):
        return _below(side.get("step"), _STEP)
    return isinstance(side, (int, float)) and side < _SMALLEST


def must_have_room(view: dict, rows: list[dict]) -> None:
    """Raise AssertionError when the values fill less than a fiftieth of an axis whose domain the chart sets itself."""
    for name, channel in _channels(view):
        values = [row.get(channel.get("field")) for row in rows]
        if name in ("x", "y") and _reach(values, _scale(channel)) < _span(_scale(channel)) / 50:
            raise AssertionError(f"The marks cannot be told apart: the domain of {name} is far wider than the values.")


def _reach(values: list, scale: dict) -> float:
    """How much of an axis the values fill, from zero where the domain holds it; no limit for words."""
    if not all(isinstance(value, (int, float)) for value in values):
        return math.inf
    ends = [*values, 0] if min(_ends(scale), default=0) <= 0 <= max(_ends(scale), default=0) else values
    return max(ends) - min(ends)


def _ends(scale: dict) -> list[float]:
    """The numbers at which the chart itself lets an axis begin and end."""
    domain = scale.get("domain")
    named = [*(domain if isinstance(domain, list) else []), scale.get("domainMin"), scale.get("domainMax")]
    return [end for end in named if isinstance(end, (int, float))]


def _span(scale: dict) -> float:
    return max(_ends(scale)) - min(_ends(scale)) if len(_ends(scale)) > 1 else 0.0


def look(view: dict, row: dict, channels: tuple[str, ...]) -> str:
    """How the mark of a row looks in these channels, as a text to compare."""
    own = {name: value for name, value in _mark(view).items() if name not in ("tooltip", "aria", "clip")}
    seen = [kind(view), own, *(_one_look(_encoding(view).get(name), row) for name in channels)]
    return json.dumps(seen, default=str, sort_keys=True)


def _one_look(channel: object, row: dict) -> object:
    if not isinstance(channel, dict):
        return None
    for part in _conditions(channel):
        if "test" not in part:
            raise cannot("a condition that depends on a control")
        if holds(part["test"], row):
            return part.get("value", row.get(part.get("field")))
    same = len({json.dumps(value) for value in _range(channel)}) == 1
    return channel.get("value", None if same else row.get(channel.get("field")))
