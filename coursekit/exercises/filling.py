"""Texts with places for computed values: ``{name}`` or ``{name:format}``, as question banks and tasks hold them."""

from __future__ import annotations

import re
from collections.abc import Callable
from numbers import Number
from typing import NoReturn

# No place: a role such as {term}`...`, a brace of TeX, a doubled one.
PLACE = re.compile(r"(?<![{\\$^_])\{([a-z_]\w*)(?::([^{}`]*))?\}(?!`)")


def filled(text: str, values: dict, what: str, fail: Callable[[str], NoReturn]) -> str:
    """``text`` with its places filled from ``values``; a negative number gets a minus sign and no hyphen.

    ``fail`` is called with a sentence about ``what`` when a value is unknown or cannot be formatted.
    """

    def fill(match: re.Match) -> str:
        name, spec = match[1], match[2] or ""
        if name not in values:
            fail(f"the {what} uses {{{name}}}, but the values are: {', '.join(values) or 'none'}.")
        try:
            shown = format(values[name], spec)
        except (ValueError, TypeError) as fault:
            fail(f"the {what} cannot format {{{name}:{spec}}}: {fault}.")
        return shown.replace("-", "−") if isinstance(values[name], Number) else shown

    return PLACE.sub(fill, text.strip())
