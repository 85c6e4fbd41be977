"""A bank's texts for an LMS: one conversion from the bank's Markdown to what an importer shows as it was written.

``Words(form)`` turns a text into inline HTML or into bare text. Every character that is no markup of the bank arrives
as itself: ``x < 5``, ``- 6 per cent``, ``2026. It was``, ``3*4*5``. A formula goes as ``\\( \\)`` to Moodle, which
draws it, and as MathML to the others. Links and pictures travel when their address is absolute; others are a
``QuizError``, since nothing in an LMS answers at a relative address.
"""

from __future__ import annotations

import html
import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from coursekit.exercises.quiz_kinds import QuizError

_ROLE = re.compile(r"(?<![\\`])\{([\w:-]+)\}`([^`]+)`")
_TARGET = re.compile(r"\s*<[^<>]*>$")
_STARS = re.compile(r"\*+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ABSOLUTE = re.compile(r"(https?|mailto):", re.IGNORECASE)
_TEX_BRACKET = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")


def literal(text: str) -> str:
    """Markdown that shows ``text`` as it stands: every mark of ASCII punctuation behind a backslash."""
    return _PUNCTUATION.sub(r"\\\1", text)


class Words:
    """The texts of one export. ``form``: qti or moodle; it decides how a formula is written."""

    def __init__(self, form: str):
        self.form = form

    def html(self, text: str) -> str:
        """Inline HTML of a bank's text; ``QuizError`` (without the item's name) for what cannot travel."""
        return _one_line("".join(self._html(token) for token in _tokens(text)))

    def paragraph(self, *texts: str) -> str:
        """One HTML paragraph of texts put side by side, each converted alone; nothing of nothing."""
        inside = " ".join(self.html(text) for text in texts if text)
        return f"<p>{inside}</p>" if inside else ""

    def bare(self, text: str) -> str:
        """The text without markup, for places that hold no HTML; a formula stays TeX."""
        return _one_line("".join(self._bare(token) for token in _tokens(text)))

    def _html(self, token: Token) -> str:
        if token.type in ("text", "code_inline"):
            inside = html.escape(token.content, quote=False)
            inside = _no_formula(inside) if self.form == "moodle" else inside
            return f"<code>{inside}</code>" if token.type == "code_inline" else inside
        return self._markup(token)

    def _markup(self, token: Token) -> str:
        if token.type.startswith("math"):
            return self._formula(token.content.strip())
        if token.type in ("softbreak", "hardbreak"):
            return " " if token.type == "softbreak" else "<br> "
        if token.type == "image":
            words = html.escape("".join(self._bare(child) for child in token.children or []))
            return f'<img src="{_address(token, "src", "picture")}" alt="{words}">'
        if token.type == "link_open":
            return f'<a href="{_address(token, "href", "link")}">'
        return f"<{token.tag}>" if token.nesting == 1 else f"</{token.tag}>"

    def _formula(self, tex: str) -> str:
        if self.form == "moodle":
            return html.escape(rf"\({tex}\)", quote=False)
        from latex2mathml.converter import convert

        try:
            return convert(tex)
        except Exception as fault:  # latex2mathml raises many kinds
            raise QuizError(f"the formula ${tex}$ cannot be drawn ({type(fault).__name__})") from None

    def _bare(self, token: Token) -> str:
        if token.type == "image":
            return "".join(self._bare(child) for child in token.children or [])
        return " " if token.type in ("softbreak", "hardbreak") else token.content


def format_string(text: str) -> str:
    """``text`` for Moodle's names, which lose what looks like a tag and read entities; here both become entities."""
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _no_formula(escaped: str) -> str:
    """Brackets that Moodle would take for a formula's, parted by an empty element that nobody sees."""
    return _TEX_BRACKET.sub(lambda found: f"{found.group()}<span></span>", escaped)


def _address(token: Token, key: str, what: str) -> str:
    address = str(token.attrs.get(key, ""))
    if not _ABSOLUTE.match(address):
        raise QuizError(f"the {what} {address!r} has no full address (https://…), so an LMS cannot show it")
    return html.escape(address)


def _tokens(text: str) -> list[Token]:
    text = _ROLE.sub(_role, _one_line(text))
    return _markdown().parseInline(text)[0].children or []


def _one_line(text: str) -> str:
    """Spaces, tabs and line ends as single spaces, as HTML shows them; a space that does not break stays."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


def _role(found: re.Match) -> str:
    """What a MyST role shows in a line: a formula, or its words without the target."""
    name, inside = found.groups()
    return f"${inside}$" if name == "math" else literal(_TARGET.sub("", inside))


@cache
def _markdown() -> MarkdownIt:
    """CommonMark as the page reads it, with formulas; no raw HTML, and a star inside a word or number is a star."""
    markdown = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin, allow_space=False, allow_digits=False)
    return stars_in_words(markdown)


def stars_in_words(markdown: MarkdownIt) -> MarkdownIt:
    """``markdown`` with one more rule, for the page and the LMS alike: ``3*4*5`` is no emphasis."""
    markdown.inline.ruler.before("emphasis", "star_in_word", _star_in_word)
    return markdown


def _star_in_word(state, silent: bool) -> bool:
    """Rule of the parser: stars between letters or digits are stars."""
    run = _STARS.match(state.src, state.pos)
    if not run or state.pos == 0 or run.end() >= len(state.src):
        return False
    if not (state.src[state.pos - 1].isalnum() and state.src[run.end()].isalnum()):
        return False
    if not silent:
        state.pending += run.group()
    state.pos = run.end()
    return True
