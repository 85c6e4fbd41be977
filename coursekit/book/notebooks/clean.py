"""A page of the book as a notebook: plain Markdown, numbers filled in, set-up cells collapsed, a first cell that works.

Nothing in it needs MyST, Sphinx or this package's builder: only the reader, which its first cell finds or installs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Template

import nbformat

from coursekit.book.notebooks.blocks import CELL, converted
from coursekit.book.notebooks.page import Book, Page, glued

HIDDEN = {"remove-cell", "hide-input", "remove-input", "hide-cell"}
STARTER = re.compile(rf"^{CELL}\n(.*?)\n```$", re.M | re.S)
WHERE = "_static/notebooks"


def clean(path: Path, ran: Path, book: Book) -> nbformat.NotebookNode:
    """The clean notebook of a page. ``ran``: the page as it ran.

    Raises NotebookError for a role, directive or reference that no notebook can show.
    """
    import jupytext

    page = Page(book, book.docname(path), glued(ran))
    cells = [cell for source in jupytext.read(path).cells for cell in _cells(source, page)]
    title, _, rest = cells[0].source.partition("\n")
    cells = [_words(title), *_beginning(path.stem, page), _words(rest.strip()), *cells[1:], *_works(page)]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:03}"  # nbformat would give names at random
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _cells(source, page: Page) -> Iterator[nbformat.NotebookNode]:
    """The cells that a cell of the page becomes; none for one that has nothing to show, more where a task starts."""
    if source.cell_type == "code":
        yield _code(source.source, source.metadata.get("tags", []))
        return
    words = STARTER.split(converted(source.source, page))
    for place, text in enumerate(words):
        if text.strip():
            yield _code(text) if place % 2 else _words(text.strip())


def _words(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text)


def _code(source: str, tags=()) -> nbformat.NotebookNode:
    """A code cell; one that the page hides is collapsed, in JupyterLab by this flag, elsewhere by its tag."""
    hidden = bool(HIDDEN & set(tags))
    metadata = {"tags": list(tags)} | ({"jupyter": {"source_hidden": True}} if hidden else {})
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def _beginning(stem: str, page: Page) -> list[nbformat.NotebookNode]:
    """What stands under the title: where the notebook comes from, and the cell that makes it run anywhere."""
    where = page.book.link("its page in the book", page.docname)
    words = f"This notebook is {where}, to run and to change: *Run*, then *Run all cells*. Charts keep their controls."
    return [_words(words), _code(first_cell(stem, page.book.site), ["hide-input"])]


def first_cell(stem: str, site: str) -> str:
    """The code that finds, fetches or installs what a notebook needs."""
    text = (resources.files(__package__) / "first_cell.txt").read_text(encoding="utf-8")
    address = f"{site.rstrip('/')}/{WHERE}/{stem}.zip" if site else ""
    return Template(text).substitute(pack=f"{stem}.zip", address=address).rstrip()


def _works(page: Page) -> list[nbformat.NotebookNode]:
    """The works that the text cites, in full."""
    if not page.cited:
        return []
    texts = sorted(page.book.works[key].text for key in page.cited)
    return [_words("\n".join(["## Works cited", "", *(f"- {text}" for text in texts)]))]
