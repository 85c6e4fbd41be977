"""What each page was drawn from besides its own text, so that Sphinx draws it anew when one of these changes.

While a page is read, the tables that its directives load and the expressions that they compute are noted, and the
digest of what its code gave. Pages that list other pages (tables with their users, the glossary, chapters that are
written) note the texts of all pages. Sphinx asks at the next build which pages no longer hold.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from coursekit import tables
from coursekit.book.card import CARD
from coursekit.book.execute import kept_outputs, pages
from coursekit.book.pages import table_users
from coursekit.book.together import outputs
from coursekit.data import expressions
from coursekit.data.inputs import Inputs, digest

# Directives that list pages, terms, works or tables wherever these stand in the book.
LISTS = re.compile(
    r"\{(?:glossary-table|catalogue|variables|my-course|works|works-filter|ledger|chronology|verdict-progress|chapter-map|chapter-start)"
    r"\}"
)
TABLE_PAGE = re.compile(r"\{table-page\} (\w+)")
# What such lists take from other pages: titles, anchors, cards, and references to terms, works, claims and tables.
MARKS = re.compile(
    r"^# .*$|^\([\w-]+\)=|\{(?:term|cite[^}`]*|claim|table)\}`[^`]*`|^```\{(?:claim-box|verdict)\}.*$", re.M
)


class Uses:
    """The digests that hold now; made at the beginning of a build."""

    def __init__(self, source: Path, built: Path, docs: set[str]):
        self.inputs = Inputs(tables.data_dir(), still=True)
        self.source, self.docs = source, docs
        self.ran = kept_outputs(built / ".jupyter_cache")

    def now(self, use: str) -> str:
        """The digest of one use: ``table:NAME``, ``expression:TEXT``, ``notebook:PAGE``, ``users:TABLE``, ``book:``."""
        kind, _, name = use.partition(":")
        return getattr(self, f"_{kind}")(name)

    def _table(self, name: str) -> str:
        return "".join(self.inputs.now(f"file:{part}") for part in expressions.files_of(name))

    def _expression(self, text: str) -> str:
        return expressions.current().fingerprint(text)

    def _notebook(self, docname: str) -> str:
        return outputs().get(docname) or self.ran.get(docname, "")

    def _users(self, table: str) -> str:
        return digest(repr(table_users(self.source, table, self.docs)).encode())

    def _book(self, _nothing: str) -> str:
        return self._marks

    @cached_property
    def _marks(self) -> str:
        texts = [path.read_text(encoding="utf-8") for path in pages(self.source) if path.exists()]
        marks = [[*MARKS.findall(text), *CARD.findall(text)] for text in texts]
        return digest(repr([sorted(self.docs), tables.names(), marks]).encode())


def begin(app) -> None:
    """Open the notes of this build: those of the last one, when there was one."""
    app.env.course_uses = getattr(app.env, "course_uses", {})


def outdated(app, env, _added, _changed, _removed) -> list[str]:
    """The pages of which a use no longer holds."""
    app.course_uses = Uses(Path(app.srcdir), Path(app.outdir).parent, env.found_docs)
    now = app.course_uses.now
    return [doc for doc, uses in env.course_uses.items() if any(now(use) != was for use, was in uses.items())]


def open_page(app, docname, content) -> None:
    """Begin to note what a page uses."""
    close_notes(app)
    app.course_notes = ExitStack()
    app.course_tables = app.course_notes.enter_context(tables.watched())
    app.course_expressions = set()
    expressions.ASKED.append(app.course_expressions)
    app.course_notes.callback(expressions.ASKED.clear)
    text = content[0]
    app.course_lists = {f"users:{table}" for table in TABLE_PAGE.findall(text)} | (
        {"book:"} if LISTS.search(text) else set()
    )


def close_page(app, doctree) -> None:
    """Keep what the page used, with the digests that hold now."""
    docname = app.env.docname
    close_notes(app)
    uses = {f"notebook:{docname}", *app.course_lists}
    uses |= {f"table:{name}" for name in app.course_tables}
    uses |= {f"expression:{text}" for text in app.course_expressions}
    app.env.course_uses[docname] = {use: app.course_uses.now(use) for use in sorted(uses)}


def close_notes(app) -> None:
    """End the notes of the page that was read last, also when reading it failed."""
    if notes := getattr(app, "course_notes", None):
        notes.close()


def setup(app) -> None:
    app.connect("builder-inited", begin)
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", open_page, priority=100)
    app.connect("doctree-read", close_page)
    app.connect("env-purge-doc", lambda app, env, docname: getattr(env, "course_uses", {}).pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: env.course_uses.update(other.course_uses))
