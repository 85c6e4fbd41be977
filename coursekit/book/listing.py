"""Tables for readers, in HTML: plain ones that scroll inside themselves, and lists that ``filter.js`` makes searchable.

On a phone a list shows each row as a card, with the name of its column before each value; roles keep it a table for
screen readers.
"""

from __future__ import annotations

from html import escape

from docutils import nodes


def quoted(text: object) -> str:
    return escape(str(text), quote=True)


def cell(name: str, html: str, value: str = "", sort: str = "") -> str:
    """One ``<td>``. name: its column; value: what the filter compares (several, parted by semicolons); sort: the sort key."""
    extra = "".join(f' data-{key}="{quoted(text)}"' for key, text in (("value", value), ("sort", sort)) if text)
    return f'<td role="cell" data-name="{quoted(name)}"{extra}>{html}</td>'


def head(columns: list[str]) -> str:
    cells = "".join(f'<th scope="col" role="columnheader" data-name="{quoted(c)}">{escape(c)}</th>' for c in columns)
    return f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'


def plain_table(columns: list[str], rows: list[list[str]], name: str, css: str = "") -> str:
    """HTML of a table of texts (escaped here) that scrolls inside itself; ``name`` says what it is."""
    heads = "".join(f'<th scope="col">{escape(c)}</th>' for c in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(text))}</td>" for text in row) + "</tr>" for row in rows)
    return (
        f'<div class="course-scroll {css}" role="region" tabindex="0" aria-label="{quoted(name)}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def filter_box(filters: str, what: str, items: str = "") -> str:
    """The opening tag of a list. filters: columns with a choice, parted by bars; items: a selector when they lie elsewhere."""
    elsewhere = f' data-items="{quoted(items)}"' if items else ""
    return f'<div class="course-wide" data-course-filter="{quoted(filters)}" data-what="{quoted(what)}"{elsewhere}>'


def card_table(columns: list[str], rows: list[list[str]], name: str) -> str:
    """HTML of a table whose rows become cards where it is narrow; ``rows`` are lists of ready cells (see ``cell``)."""
    body = "".join(f'<tr role="row">{"".join(cells)}</tr>' for cells in rows)
    return (
        f'<div class="course-cards"><table role="table" aria-label="{quoted(name)}">{head(columns)}'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def filter_table(columns: list[str], rows: list[list[str]], filters: str, name: str, what: str) -> str:
    """HTML of a searchable ``card_table``; ``what`` says what a row is, in the plural."""
    return f"{filter_box(filters, what)}{card_table(columns, rows, name)}</div>"


def detail_table(
    columns: list[str], rows: list[tuple[str, list[str], nodes.Node]], filters: str, name: str, what: str, label: str
) -> list:
    """Nodes of a searchable table in which each row opens: ``rows`` are (anchor, cells, what is inside).

    The inside is docutils, so that Sphinx checks its links and citations; the table around it is HTML. A row and its
    inside share one ``<tbody>`` and stay together when the list is sorted.
    """
    out = [
        web(
            f'{filter_box(filters, what)}<div class="course-cards course-details"><table role="table" aria-label="{quoted(name)}">{head(columns)}'
        )
    ]
    for anchor, cells, inside in rows:
        out += [
            web(
                f'<tbody role="rowgroup" id="{quoted(anchor)}"><tr role="row">{"".join(cells)}</tr>'
                f'<tr role="row" class="course-inside"><td role="cell" colspan="{len(columns)}"><details><summary>{escape(label)}'
                f'<span class="visually-hidden"> ({escape(anchor.upper())})</span></summary>'
            ),
            inside,
            web("</details></td></tr></tbody>"),
        ]
    return [*out, web("</table></div></div>")]


def web(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")
