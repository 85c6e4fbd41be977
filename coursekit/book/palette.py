"""Colours that follow the page: each known hex of a chart becomes a CSS variable with the light value as fallback."""

from __future__ import annotations

import re
from pkgutil import resolve_name

from coursekit.charts import INK

_VARIABLE = re.compile(r"var\(--c-\w+, ?(#\w+)\)")
_pairs: dict[str, str] = {light: dark for light, dark in INK.values()}


def register(import_path: str) -> None:
    """Add the course's own (light, dark) pairs, named as ``package.module:LIST`` in the configuration."""
    _pairs.update({light: dark for light, dark in resolve_name(import_path)})


def with_variables(part):
    """A copy of a specification in which every known colour reads ``var(--c-rrggbb, #rrggbb)``."""
    if isinstance(part, dict):
        return {key: with_variables(value) for key, value in part.items()}
    if isinstance(part, list):
        return [with_variables(value) for value in part]
    if isinstance(part, str) and part in _pairs:
        return f"var(--c-{part[1:]}, {part})"
    return part


def stylesheet() -> str:
    """The variables for both schemes; paper is light."""
    light = "".join(f"--c-{a[1:]}:{a};" for a in _pairs)
    dark = "".join(f"--c-{a[1:]}:{b};" for a, b in _pairs.items())
    return f"html{{{light}}}\n@media not print{{html[data-theme=dark]{{{dark}}}}}\n"


def fixed(text: str, scheme: str) -> str:
    """A picture without variables, for one scheme: ``light`` or ``dark``."""
    return _VARIABLE.sub(lambda found: _pairs.get(found[1], found[1]) if scheme == "dark" else found[1], text)
