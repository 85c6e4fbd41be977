"""Student text made harmless for a marker's browser."""

from __future__ import annotations

import html
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` without control characters and direction tricks."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def paragraphs(text: str) -> str:
    """One line of HTML that shows `text` as it is: no markup, links, scripts or formulas survive."""
    parts = [html.escape(part).replace("\n", "<br>") for part in re.split(r"\n\s*\n", plain(text).strip())]
    return '<div class="tex2jax_ignore mathjax_ignore">' + "".join(f"<p>{part}</p>" for part in parts) + "</div>"


def sentence(text: object) -> str:
    """One line of HTML: `text` escaped, with what stands between backticks shown as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(plain(str(text))))


def safe(value: object) -> str:
    """`value` as spreadsheet text that no program takes for a formula."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return "'" + text if text.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else text
