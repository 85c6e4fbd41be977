"""Search: HTML parts of a page are indexed word by word, and each page's text is kept by section for the search page.

Sphinx strips tags from raw HTML without a space, so that "<td>A</td><td>B</td>" becomes the word "AB". Here every such
part is replaced by a node that gives its words to the index and its HTML to the page; charts' descriptions, tables and
the labels in a picture are found in this way without being shown twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from docutils import nodes

from coursekit.files import write_text

FOLDER = "_static/course/texts"
SILENT = re.compile(r"<(style|script|noscript|svg)\b.*?</\1>", re.S | re.I)
TAG = re.compile(r"<[^<]+?>")


class spaced_html(nodes.raw):
    """HTML in the page; to the search index, its words with a space where a tag stood."""

    def astext(self) -> str:
        return words_of(self.html)

    @property
    def html(self) -> str:
        return nodes.raw.astext(self)


def words_of(html: str) -> str:
    """The text of HTML, tags replaced by spaces; scripts, styles and pictures left out."""
    return " ".join(unescape(TAG.sub(" ", SILENT.sub(" ", html))).split())


def space_html(app, doctree, docname) -> None:
    """Replace the raw HTML of a page by ``spaced_html``."""
    for node in list(doctree.findall(nodes.raw)):
        if type(node) is nodes.raw and "html" in node.get("format", "").split():
            node.replace_self(spaced_html("", nodes.raw.astext(node), format="html"))


def sections(doctree: nodes.document) -> list[tuple[str, str, str]]:
    """(id, title, text) of each section of a page, in order, without the sections inside it; the first id is empty.

    Code is left out: the passages are for readers.
    """
    found = []
    for number, section in enumerate(doctree.findall(nodes.section)):
        title = section.next_node(nodes.title)
        texts = [part for child in section.children if child is not title for part in own_texts(child)]
        text = " ".join(" ".join(texts).split())
        found.append((section["ids"][0] if number else "", title.astext() if number and title else "", text))
    return found


def own_texts(node: nodes.Node) -> Iterator[str]:
    """The texts of the paragraphs, titles and HTML parts in a node, without code and without inner sections."""
    if isinstance(node, nodes.section | nodes.literal_block | nodes.comment):
        return
    if isinstance(node, nodes.TextElement | nodes.Text):
        yield node.astext()
        return
    for child in node.children:
        yield from own_texts(child)


def keep_text(app, pagename, templatename, context, doctree) -> None:
    """Write the text of a page as a small script that the search page reads when the page is found."""
    if doctree is None or app.builder.format != "html":
        return
    said = json.dumps(sections(doctree), ensure_ascii=False, separators=(",", ":"))
    write_text(Path(app.outdir, FOLDER, file_name(pagename)), f'course.keep("text {pagename}",{said});\n')


def file_name(pagename: str) -> str:
    return f"{pagename.replace('/', '~')}.js"


def sweep_texts(app, error) -> None:
    """Remove the texts of pages that are gone."""
    folder = Path(app.outdir, FOLDER)
    if error or app.builder.format != "html" or not folder.exists():
        return
    wanted = {file_name(docname) for docname in app.env.found_docs}
    for stray in folder.iterdir():
        if stray.name not in wanted:
            stray.unlink()


def _write(self, node: spaced_html) -> None:
    self.body.append(node.html)
    raise nodes.SkipNode


def _leave_out(self, node: spaced_html) -> None:
    raise nodes.SkipNode


def setup(app) -> None:
    quiet = {name: (_leave_out, None) for name in ("latex", "text", "man", "texinfo")}
    app.add_node(spaced_html, html=(_write, None), **quiet)
    app.connect("doctree-resolved", space_html, priority=950)
    app.connect("html-page-context", keep_text, priority=901)
    app.connect("build-finished", sweep_texts)
