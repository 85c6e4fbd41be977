"""What a page says of itself to other programs: description, canonical address, where to report a mistake, 404 page.

The site's own address comes from ``html_baseurl`` or ``$COURSE_SITE``, its repository from ``course_repository`` or
``$COURSE_REPOSITORY``. Both may be unknown: then canonical links and report links are left out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from docutils import nodes

from coursekit.book.html import render
from coursekit.files import write_text

LONGEST = 155  # characters of a description that search engines show
SHORTEST = 40
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\s*')
NEW_ISSUE = {
    "github.com": ("issues/new", "title", "body"),
    "gitlab.com": ("-/issues/new", "issue[title]", "issue[description]"),
}


def know_address(app, config) -> None:
    """Take the site's address from the environment when the configuration does not name it."""
    address = config.html_baseurl or os.environ.get("COURSE_SITE", "")
    config.html_baseurl = f"{address.rstrip('/')}/" if address else ""


def describe(app, pagename, templatename, context, doctree) -> None:
    """Give a page its description and its link to report a mistake."""
    context["course_description"] = description(doctree) if doctree is not None else ""
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", ""))  # the layout has one
    context["course_report"] = report_link(app.config.course_repository, pagename, context.get("title", ""))


def description(doctree: nodes.document) -> str:
    """The page's first paragraph of plain text, cut after a sentence or at a word."""
    paragraphs = (p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    text = next((text for p in paragraphs if len(text := " ".join(p.astext().split())) >= SHORTEST), "")
    if len(text) <= LONGEST:
        return text
    sentences = text[:LONGEST].rpartition(". ")[0]
    return f"{sentences}." if len(sentences) >= SHORTEST else f"{text[:LONGEST].rpartition(' ')[0].rstrip(',;:.')} …"


def report_link(repository: str, pagename: str, title: str) -> str:
    """The address of a new issue that already names the page; empty when the host of the repository is not known.

    >>> report_link("https://github.com/us/book", "chapters/01-a", "A")[:52]
    'https://github.com/us/book/issues/new?title=Mistake+'
    """
    place = NEW_ISSUE.get(urlsplit(repository).hostname or "")
    if not place:
        return ""
    path, title_key, body_key = place
    body = f"Page: {pagename}\n\nWhat is wrong:\n\nWhat it should say, and the source:\n"
    return f"{repository.rstrip('/')}/{path}?{urlencode({title_key: f'Mistake on the page {title}', body_key: body})}"


def write_lost_page(app, error) -> None:
    """Write ``404.html``, whose links start from the site's root, and ``.nojekyll``, so that ``_static`` is served."""
    if error or app.builder.format != "html":
        return
    env = app.env
    docs = [app.config.root_doc, *(doc for doc in toc_order(env, app.config.root_doc) if doc.count("/") <= 1)]
    html = render(
        "page/404.html",
        language=app.config.language or "en",
        book=app.config.html_title or app.config.project,
        root=urlsplit(app.config.html_baseurl).path or "/",
        pages=[(doc, env.titles[doc].astext()) for doc in docs],
    )
    write_text(Path(app.outdir, "404.html"), f"{html}\n")
    write_text(Path(app.outdir, ".nojekyll"), "")


def toc_order(env, start: str) -> list[str]:
    """All pages below ``start`` in the order of the table of contents."""
    below = env.toctree_includes.get(start, [])
    return [doc for child in below for doc in (child, *toc_order(env, child))]


def setup(app) -> None:
    app.connect("config-inited", know_address)
    app.connect("html-page-context", describe, priority=890)
    app.connect("build-finished", write_lost_page)
