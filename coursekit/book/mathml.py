"""Mathematics as MathML: the browser draws it, so a page with formulas loads no script and a screen reader can say it."""

from __future__ import annotations

import re

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from sphinx.util import logging

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
    self.body.append(
        f'<div class="course-math" tabindex="0" role="group" aria-label="Formula">{_mathml(node.astext(), "block", node)}</div>'
    )
    raise SkipNode


def setup(app) -> None:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
