"""Tables for readers, in HTML: plain ones that scroll inside themselves, and lists that ``filter.js`` makes searchable.

On a phone a list shows each row as a card, with the name of its column before each value; roles keep it a table for
screen readers. The tags stand in ``templates/list/``.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes
from markupsafe import Markup

from coursekit.book.html import render

HOLE = Markup("<!-- here -->")  # where docutils nodes go into a template's HTML


@dataclass(frozen=True)
class Cell:
    """One ``<td>``. name: its column; content: text (escaped) or ``Markup``; value: what the filter compares (several,
    parted by semicolons), sort: the sort key; both default to the text."""

    name: str
    content: str
    value: str = ""
    sort: str = ""


def plain_table(columns: list[str], rows: list[list[str]], name: str, css: str = "") -> Markup:
    """HTML of a table of texts that scrolls inside itself; ``name`` says what it is."""
    return render("list/plain.html", columns=columns, rows=rows, name=name, css=css)


def filter_box(filters: str, what: str, items: str = "", content: str = "") -> Markup:
    """A list that can be searched. filters: columns with a choice, parted by bars; what: its rows, in the plural;
    items: a selector when they lie elsewhere; content: its HTML."""
    return render("list/filter.html", filters=filters, what=what, items=items, content=content)


def card_table(columns: list[str], rows: list[list[Cell]], name: str) -> Markup:
    """HTML of a table whose rows become cards where it is narrow."""
    return render("list/cards.html", columns=columns, rows=rows, name=name)


def filter_table(columns: list[str], rows: list[list[Cell]], filters: str, name: str, what: str) -> Markup:
    """HTML of a searchable ``card_table``; ``what`` says what a row is, in the plural."""
    return filter_box(filters, what, content=card_table(columns, rows, name))


def detail_table(
    columns: list[str], rows: list[tuple[str, list[Cell], nodes.Node]], filters: str, name: str, what: str, label: str
) -> list[nodes.Node]:
    """Nodes of a searchable table in which each row opens: ``rows`` are (anchor, cells, what is inside).

    The inside is docutils, so that Sphinx checks its links and citations; the table around it is HTML.
    """
    heads = [(anchor, cells) for anchor, cells, _inside in rows]
    html = render("list/details.html", columns=columns, rows=heads, name=name, label=label, hole=HOLE)
    return around(filter_box(filters, what, content=html), [[inside] for _anchor, _cells, inside in rows])


def around(html: str, insides: list[list[nodes.Node]]) -> list[nodes.Node]:
    """HTML with a list of nodes in each of its holes, as nodes."""
    first, *others = html.split(HOLE)
    pairs = zip(insides, others, strict=True)
    return [web(first), *(node for inside, after in pairs for node in (*inside, web(after)))]


def web(html: str) -> nodes.raw:
    """HTML as a node that other builders leave out."""
    return nodes.raw("", str(html), format="html")
