"""Can a reader see the marks of a chart: opacity, size, colour against the ground, room on the page.

A list of what is allowed, not of what is forbidden: a property, channel or setting that is not known here is refused
with a sentence, because it might hide a mark.
"""

from __future__ import annotations

import json
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
    mark = view["mark"] if isinstance(view["mark"], dict) else {}
    _known(mark, _OF_MARK, "the setting of a mark")
    _known(view.get("encoding") or {}, _CHANNELS, "the channel")
    for part in _channels(view):
        _known(part, _OF_CHANNEL, "the setting of a channel")
        _known(part.get("scale") or {}, _OF_SCALE, "the setting of a scale")
    for name in view.get("config") or {}:
        if name not in _MARKS | {"mark"} and not name.startswith(_OF_CONFIG):
            raise cannot(f"the setting {name!r}")
    for name, part in (view.get("encoding") or {}).items():
        if isinstance(part, dict):
            _must_be_scaled(name, part.get("scale") or {})


def _must_be_scaled(name: str, scale: dict) -> None:
    """Refuse what moves marks out of sight: a range of an axis, a domain that makes a mark smaller than nothing."""
    if name in ("x", "y") and scale.get("range") is not None:
        raise cannot("a range of an axis")
    if name in _LEAST and set(scale) & {"domain", "domainMin", "domainMax", "type"}:
        raise cannot(f"a scale of {name}")


def _known(part: dict, names: set[str], what: str) -> None:
    if strange := sorted(set(part) - names):
        raise cannot(f"{what} {strange[0]!r}")


def _channels(view: dict) -> Iterator[dict]:
    """The channels of a view that are mappings (a tooltip may be a list)."""
    return (part for part in (view.get("encoding") or {}).values() if isinstance(part, dict))


def settings(view: dict) -> Iterator[tuple[str, str, object]]:
    """(where, name, value) of each value that a mark of the view may have: by the theme, the mark, or a channel."""
    config, name = view.get("config") or {}, kind(view)
    mark = view["mark"] if isinstance(view["mark"], dict) else {}
    for where, part in (("the theme", config.get("mark")), ("the theme", config.get(name)), ("the mark", mark)):
        for key, value in (part or {}).items():
            yield where, key, value
    for key, channel in (view.get("encoding") or {}).items():
        if isinstance(channel, dict):
            yield from ((f"the channel {key}", key, value) for value in _values(channel))


def _values(channel: dict) -> Iterator[object]:
    """The values a channel names: its own, those of its conditions and of its range."""
    conditions = channel.get("condition") or []
    for part in [channel, *(conditions if isinstance(conditions, list) else [conditions])]:
        if "value" in part:
            yield part["value"]
    span = (channel.get("scale") or {}).get("range")
    yield from span if isinstance(span, list) else []


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
    return max(abs(a - b) for a, b in zip(front[:3], back[:3], strict=True)) * front.alpha >= _CONTRAST


def _must_have_sides(view: dict) -> None:
    for name in ("width", "height"):
        side = view.get(name)
        step = side.get("step") if isinstance(side, dict) else None
        small = _below(step, _STEP) if isinstance(side, dict) else isinstance(side, (int, float)) and side < _SMALLEST
        if small:
            raise AssertionError(f"The chart is too small to be read: its {name} is {side}.")


def must_have_room(view: dict, rows: list[dict]) -> None:
    """Raise AssertionError when the values fill less than a fiftieth of an axis whose domain the chart sets itself."""
    for name in ("x", "y"):
        channel = view["encoding"].get(name) or {}
        span = _span((channel.get("scale") or {}).get("domain"))
        values = [row.get(channel.get("field")) for row in rows]
        if span and all(isinstance(value, (int, float)) for value in values):
            reach = max(max(values) - min(values), max(map(abs, values)) if min(values) < 0 < max(values) else 0)
            if max(reach, _from_zero(channel, values)) < span / 50:
                raise AssertionError(
                    f"The marks cannot be told apart: the domain of {name} is far wider than the values."
                )


def _span(domain: object) -> float:
    numbers = isinstance(domain, list) and all(isinstance(end, (int, float)) for end in domain)
    return float(max(domain) - min(domain)) if numbers and domain else 0.0


def _from_zero(channel: dict, values: list[float]) -> float:
    """How far the values reach from zero, when the domain starts there."""
    return max(map(abs, values)) if 0 in channel["scale"]["domain"] else 0


def look(view: dict, row: dict, channels: tuple[str, ...]) -> str:
    """How the mark of a row looks in these channels, as a text to compare."""
    encoding = view.get("encoding") or {}
    return json.dumps([_one_look(encoding.get(name), row) for name in channels], default=str)


def _one_look(channel: object, row: dict) -> object:
    if not isinstance(channel, dict):
        return None
    conditions = channel.get("condition") or []
    for part in conditions if isinstance(conditions, list) else [conditions]:
        if "test" not in part:
            raise cannot("a condition that depends on a control")
        if holds(part["test"], row):
            return part.get("value", row.get(part.get("field")))
    span = (channel.get("scale") or {}).get("range")
    same = isinstance(span, list) and len({json.dumps(value) for value in span}) < 2
    return channel.get("value", None if same else row.get(channel.get("field")))
