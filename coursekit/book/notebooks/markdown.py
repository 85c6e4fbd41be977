"""The running text of a page as plain Markdown: roles become words or links, labels go, links lead to the book."""

from __future__ import annotations

import re

from coursekit import tables
from coursekit.book.notebooks.page import Page

ROLE = re.compile(r"(?<![\\`\w])\{([\w:-]+)\}`([^`]+)`")
TARGETED = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.S)
LABEL = re.compile(r"^\([\w-]+\)=[ ]*\n?", re.M)
COMMENT = re.compile(r"^%.*\n?", re.M)
LINK = re.compile(r"(?<!!)\[([^\]\[]+)\]\(([^()\s]+)\)")
LEDGER, WORKS, TABLES = "chapters/reference/ledger", "chapters/reference/bibliography", "chapters/reference/data"


def plain(text: str, page: Page) -> str:
    """Running text without roles, labels and links that only the book understands. Raises NotebookError."""
    text = COMMENT.sub("", LABEL.sub("", text))
    text = LINK.sub(lambda found: _link(found[1], found[2], page), text)
    return ROLE.sub(lambda found: _role(found[1], found[2], page), text)


def split(body: str) -> tuple[str, str]:
    """Words and target of a role such as ``words <target>``; both are the body when it names one thing only.

    >>> split("a term <Its entry>"), split("Deterrence")
    (('a term', 'Its entry'), ('Deterrence', 'Deterrence'))
    """
    found = TARGETED.match(body)
    return (found[1], found[2]) if found else (body, body)


def _role(name: str, body: str, page: Page) -> str:
    if name not in ROLES:
        raise page.refuse(f"a notebook cannot show the role {{{name}}}; add it to ROLES in coursekit.book.notebooks.")
    return ROLES[name](body, page)


def _glue(body: str, page: Page) -> str:
    if body not in page.glued:
        raise page.refuse(f"no cell glued the value '{body}'; glue it or mend the name.")
    return page.glued[body]


def _cite(body: str, page: Page) -> str:
    works = [(key.strip(), page.cite(key.strip())) for key in body.split(",")]
    inside = "; ".join(page.book.link(f"{work.who} {work.year}", WORKS, key) for key, work in works)
    return f"({inside})"


def _cite_in_text(body: str, page: Page) -> str:
    works = [(key.strip(), page.cite(key.strip())) for key in body.split(",")]
    return " and ".join(f"{work.who} ({page.book.link(work.year, WORKS, key)})" for key, work in works)


def _term(body: str, page: Page) -> str:
    return split(body)[0]


def _source(body: str, page: Page) -> str:
    words, source_id = split(body)
    row = tables.source(source_id)
    return f"[{words}]({row.url})" if isinstance(row.url, str) else words


def _table(body: str, page: Page) -> str:
    return page.book.link(f"`{body}`", f"{TABLES}/{body}")


def _claim(body: str, page: Page) -> str:
    return page.book.link(body, LEDGER, body.lower())


def _ref(body: str, page: Page) -> str:
    words, name = split(body)
    docname, heading = page.label(name)
    return page.book.link(heading if words == name else words, docname, name)


def _doc(body: str, page: Page) -> str:
    words, target = split(body)
    docname = target.lstrip("/") if target.startswith("/") else page.beside(target)
    return page.book.link(page.book.title(docname) if words == target else words, docname)


ROLES = {
    "glue": _glue,
    "cite": _cite,
    "cite:p": _cite,
    "cite:t": _cite_in_text,
    "term": _term,
    "source": _source,
    "table": _table,
    "claim": _claim,
    "ref": _ref,
    "doc": _doc,
}


def _link(words: str, target: str, page: Page) -> str:
    """A Markdown link of the page: absolute ones stay, those within the book lead to its published page."""
    if re.match(r"\w+:", target):
        return f"[{words}]({target})"
    path, _, anchor = target.partition("#")
    if path.endswith(".md"):
        return page.book.link(words, page.beside(path.removesuffix(".md")), anchor)
    name = path or anchor
    return page.book.link(words, page.book.figures.get(name) or page.label(name)[0], name)
