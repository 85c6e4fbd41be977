"""Mathematics as MathML: the browser draws it, so a formula needs no script and a screen reader can say it."""

from __future__ import annotations

import re

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from markupsafe import Markup
from sphinx.util import logging

from coursekit.book.html import render

LOGGER = logging.getLogger(__name__)


def _mathml(latex: str, display: str, node) -> str:
    try:
        return re.sub(r"\s*\n\s*", "", convert(latex.strip(), display=display))
    except (
        Exception
    ) as error:  # latex2mathml raises many kinds; a formula that fails must fail the build, with its place
        LOGGER.warning("formula '%s' cannot be drawn: %s", latex, error, location=node, type="course", subtype="math")
        return latex


def inline(self, node) -> None:
    self.body.append(_mathml(node.astext(), "inline", node))
    raise SkipNode


def block(self, node) -> None:
    formula = Markup(_mathml(node.astext(), "block", node))
    self.body.append(render("chapter/math.html", formula=formula))
    raise SkipNode


def setup(app) -> None:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
