"""``course data count-terms``: fetch the texts that a table lists, count terms in them, keep the counts only.

The table of counts has a manifest key ``refresh`` with ``format: texts``; ``documents`` (the table that lists the
texts by ``doc_id`` and ``url``); ``only`` (a pandas query: which of them are fetched); and ``reader``
("package.module:function", called as ``function(texts, table)`` with doc_id -> plain text). The reader returns
``editions`` and ``report``.
"""

from __future__ import annotations

import importlib
import re
import tempfile
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

from coursekit import tables
from coursekit.data import fetch
from coursekit.data.editions import EditionError
from coursekit.data.plans import plan
from coursekit.data.refresh import publish
from coursekit.progress import Progress

SKIPPED = {"script", "style", "noscript", "nav", "header", "footer", "aside", "form", "button", "figure", "head", "svg"}
BLOCKS = {
    "p",
    "li",
    "div",
    "br",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "main",
    "blockquote",
    "ol",
    "ul",
}
MAIN = {"main", "article"}  # a header inside them holds the title of the text
NO_END = {"br", "img", "hr", "input", "meta", "link", "source", "wbr", "col", "area", "base", "embed", "track"}


def count_terms(saved: Path | None = None, today: date | None = None, progress: Progress = iter) -> str:
    """Fetch, count, check and write; returns the report. Raises EditionError when nothing could be counted.

    saved: a folder of texts saved by hand as ``<doc_id>.txt`` or ``<doc_id>.html``; they are read instead of the
    internet, whatever ``only`` says.
    """
    name = _table()
    how = plan(name)
    listed = tables.load(how["documents"])
    texts, lines = _saved(saved, listed) if saved else _fetched(progress(list(listed.query(how["only"]).itertuples())))
    module, function = how["reader"].split(":")
    found = getattr(importlib.import_module(module), function)(texts, tables.load(name))
    lines = [*lines, *found["report"]]
    if not found["editions"]:
        raise EditionError(
            "\n".join([*lines, "No whole text was counted. Save the texts by hand and give their folder with --texts."])
        )
    return "\n".join([*lines, publish(found["editions"], today or date.today())])


def plain_text(html: str) -> str:
    """The text of a page, one block a line: its main part when it marks one, without scripts, menus and forms."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    text = "".join(parser.main or parser.all)
    return "\n".join(line for line in (re.sub(r"\s+", " ", part).strip() for part in text.split("\n")) if line)


def is_planned() -> bool:
    """Whether some table holds counts that can be made anew."""
    return bool(_counted())


def _counted() -> list[str]:
    return [name for name in tables.names() if plan(name).get("format") == "texts"]


def _table() -> str:
    found = _counted()
    if len(found) != 1:
        raise EditionError(f"{len(found)} tables have a refresh key with 'format: texts'; exactly one is needed.")
    return found[0]


def _fetched(rows: Iterable) -> tuple[dict[str, str], list[str]]:
    """Texts of the documents that could be fetched, and a line for each that could not. Pages are deleted at once."""
    texts, lines = {}, []
    for row in rows:
        with tempfile.TemporaryDirectory() as folder:
            try:
                texts[row.doc_id] = plain_text(fetch.fetch(row.url, "html", Path(folder)).read_text("utf-8", "replace"))
            except fetch.FetchError as error:
                lines.append(f"{row.doc_id}: not fetched, {str(error).split(';')[0]}.")
    return texts, lines


def _saved(folder: Path, listed: pd.DataFrame) -> tuple[dict[str, str], list[str]]:
    """Texts saved by hand, and a line for each file that is not named after a document."""
    files = sorted(path for path in Path(folder).iterdir() if path.suffix in (".txt", ".html", ".htm"))
    known = [path for path in files if path.stem in set(listed.doc_id)]
    lines = [
        f"{path.name}: no document is named '{path.stem}'; name the file after a doc_id."
        for path in files
        if path not in known
    ]
    raw = {path: path.read_text("utf-8", "replace") for path in known}
    return {path.stem: text if path.suffix == ".txt" else plain_text(text) for path, text in raw.items()}, lines


class _Text(HTMLParser):
    """Collects the text outside of skipped elements; inside <main> or <article> also apart."""

    def __init__(self) -> None:
        super().__init__()
        self.all, self.main, self.open = [], [], []

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in NO_END:
            self.open.append(tag)
        if tag in BLOCKS:
            self._add("\n")

    def handle_endtag(self, tag) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag in BLOCKS:
            self._add("\n")

    def handle_data(self, data) -> None:
        inside = bool(MAIN.intersection(self.open))
        if not SKIPPED.intersection(self.open) - ({"header"} if inside else set()):
            self._add(data.replace("\n", " "))

    def _add(self, text: str) -> None:
        self.all.append(text)
        if MAIN.intersection(self.open):
            self.main.append(text)
