"""A ``{term}`` link says what the term means: on hover, on focus and at the first tap, without leaving the page.

The definition stands beside the link in the page, so that it needs no script and a screen reader reads it as the link's
description; ``terms.js`` only adds what style sheets cannot: Escape closes it, the first tap opens it.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

from coursekit import tables
from coursekit.book.html import render


class TermLink(nodes.General, nodes.Inline, nodes.Element):
    """A link to the glossary with its definition: attributes ``address``, ``ident``, ``words``, and the link's text.

    A node of its own and not raw HTML, because the search index reads raw HTML: a page would be found by the words of
    the definitions that it only shows on demand.
    """


class TermTips(SphinxPostTransform):
    """Put a term's definition beside each resolved ``{term}`` link of a page."""

    default_priority = 20  # after Sphinx's own resolver (10)
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Wrap each link; the links of the glossary itself stay as they are."""
        found = [node for node in self.document.findall(nodes.reference) if is_term(node)]
        if not found or is_glossary(self.document):
            return
        known = definitions()
        for number, link in enumerate(found, 1):
            if words := known.get(label_of(link)):
                wrap(link, f"term-tip-{number}", words)


def is_term(node: nodes.reference) -> bool:
    """True for a link that Sphinx made of a ``{term}`` role."""
    return any("std-term" in child.get("classes", []) for child in node.findall(nodes.inline))


def is_glossary(document: nodes.document) -> bool:
    """True for the page that defines the terms."""
    return any("glossary" in node.get("classes", []) for node in document.findall(nodes.definition_list))


def label_of(link: nodes.reference) -> str:
    """The term that a link leads to, as Sphinx spells it in an anchor."""
    return (link.get("refuri", "").partition("#")[2] or link.get("refid", "")).removeprefix("term-").lower()


def definitions() -> dict[str, str]:
    """Definitions of the glossary table by the spelling of their anchors."""
    rows = tables.load("glossary")
    return {spelling(row.term): row.definition for row in rows.itertuples()}


def spelling(term: str) -> str:
    """A term as it stands in an anchor: ``Public good`` becomes ``public-good``."""
    return nodes.make_id(term) or re.sub(r"\W+", "-", term.lower())


def wrap(link: nodes.reference, ident: str, words: str) -> None:
    """Put a ``TermLink`` in the place of ``link``."""
    address = link.get("refuri") or f"#{link['refid']}"
    link.replace_self(TermLink("", *link.children, address=address, ident=ident, words=words))


def visit(writer, node: TermLink) -> None:
    """Open the link."""
    writer.body.append(parts(node)[0])


def depart(writer, node: TermLink) -> None:
    """Close the link and add the definition."""
    writer.body.append(parts(node)[1])


def parts(node: TermLink) -> tuple[str, str]:
    """The HTML before and after the link's words."""
    html = render("term.html", address=node["address"], ident=node["ident"], words=node["words"])
    before, after = str(html).strip().split("<!-- words -->")
    return before, after


def note_glossary(app, doctree: nodes.document) -> None:
    """Read the glossary while a page with terms is read: what a page reads then is noted as what it was drawn from."""
    if any(node.get("reftype") == "term" for node in doctree.findall(pending_xref)):
        tables.load("glossary")


def setup(app) -> None:
    """Register the node, the transform and the script."""
    app.connect("doctree-read", note_glossary, priority=400)
    app.add_node(TermLink, html=(visit, depart))
    app.add_post_transform(TermTips)
    app.add_js_file("course/terms.js", defer="defer")
