"""The page of sources: how many of which kind and read in which way, what is known only from a copy, and the list."""

from __future__ import annotations

from coursekit import sources, tables
from coursekit.book.directives import CourseDirective
from coursekit.book.html import render
from coursekit.book.listing import Cell, filter_table, plain_table, web
from coursekit.book.reference import source_anchor


class SourceCounts(CourseDirective):
    """Sources by kind and by how they were read: ``{source-counts}``."""

    def build(self) -> list:
        counts = sources.counts()
        ways = list(counts.columns)
        rows = [
            [kind, *(str(number) for number in row), str(sum(row))]
            for kind, row in zip(counts.index, counts.values, strict=True)
        ]
        heads = ["Kind", *(sources.READ.get(way, way) for way in ways), "All"]
        return [web(plain_table(heads, rows, "Sources by kind and by how they were read"))]


class SourceCopies(CourseDirective):
    """What could be read only in a copy, with the reason: ``{source-copies}``."""

    columns = ("Source", "Form", "Copy", "What was looked for")

    def build(self) -> list:
        rows = [self.cells(row) for row in tables.load("source_copies").fillna("").itertuples()]
        html = filter_table([*self.columns], rows, "Form", "Sources known from a copy", "sources")
        return [web(html)]

    def cells(self, row) -> list[Cell]:
        source = tables.source(row.source_id)
        copy = linked(row.copy_url, row.copy_publisher)
        words = f"{sources.name(row.source_id)}: {source.title}"
        contents = [linked(source.url, words), row.form, copy, row.why]
        compared = [words, row.form, row.copy_publisher, ""]
        return [Cell(*cell) for cell in zip(self.columns, contents, compared, compared, strict=True)]


class SourceList(CourseDirective):
    """Every source with its kind and how it was read: ``{source-list}``."""

    columns = ("Source", "Title", "Kind", "Read", "On")

    def build(self) -> list:
        rows = [self.cells(row) for row in tables.load("sources").itertuples()]
        return [web(filter_table([*self.columns], rows, "Kind|Read", "Sources of every row", "sources"))]

    def cells(self, row) -> list[Cell]:
        name, way, day = sources.name(row.source_id), sources.READ[row.read], f"{row.read_on:%Y-%m-%d}"
        contents = [source_anchor(row.source_id), row.title, row.kind, way, day]
        compared = [name, row.title, row.kind, way, day]
        return [Cell(*cell) for cell in zip(self.columns, contents, compared, compared, strict=True)]


class RefusedHosts(CourseDirective):
    """Sites that may not stand as a source, with the reason: ``{refused-hosts}``."""

    columns = ("Site", "Kind", "Why it is refused")

    def build(self) -> list:
        refused = tables.load("source_hosts").query("~is_allowed")
        rows = [
            [Cell(*pair) for pair in zip(self.columns, self.texts(row), strict=True)] for row in refused.itertuples()
        ]
        return [web(filter_table([*self.columns], rows, "Kind", "Refused sites", "sites"))]

    @staticmethod
    def texts(row) -> tuple[str, str, str]:
        return row.host, row.standing, row.reason


def signed(author: str, side: str) -> str:
    """An author with the institution spoken for, which is not said twice where the institution is the author."""
    return author if side in ("", author) else f"{author} ({side})"


class Voices(CourseDirective):
    """Works and official texts with their positions: ``{voices}``."""

    columns = ("Whose", "Author", "Date", "Position", "Where it stands", "Claims")

    def build(self) -> list:
        rows = [self.cells(row) for row in tables.load("voices").fillna("").itertuples()]
        return [
            web(filter_table([*self.columns], rows, "Whose|Where it stands", "Voices and their positions", "voices"))
        ]

    def cells(self, row) -> list[Cell]:
        texts = (
            row.voice_group,
            signed(row.author, row.side),
            row.date or "undated",
            row.position,
            row.stance,
            row.claims,
        )
        return [Cell(*pair) for pair in zip(self.columns, texts, strict=True)]


class Passages(CourseDirective):
    """What the texts say, by paragraph: ``{passages}``."""

    columns = ("Whose", "Document", "Date", "Paragraph", "What it says", "Claims")

    def build(self) -> list:
        rows = [self.cells(row) for row in tables.load("text_passages").fillna("").itertuples()]
        return [web(filter_table([*self.columns], rows, "Whose", "Passages of texts", "passages"))]

    def cells(self, row) -> list[Cell]:
        link = linked(sources.address(row.source_id), row.document)
        says = (
            row.says + (f" “{row.quote}”" if row.quote else "") + ("" if row.how_read == "whole" else " (passage read)")
        )
        contents = [row.side, link, row.date, row.paragraph or "no number seen", says, row.claims]
        compared = [row.side, row.document, row.date, "", row.says, row.claims]
        return [Cell(*cell) for cell in zip(self.columns, contents, compared, compared, strict=True)]


def linked(url: object, words: str):
    """The words as a link, or as they are when there is no address."""
    has_address = isinstance(url, str) and url
    return render("list/link.html", url=url, words=words, title="") if has_address else words


def setup(app) -> None:
    for name, directive in {
        "source-counts": SourceCounts,
        "source-copies": SourceCopies,
        "source-list": SourceList,
        "refused-hosts": RefusedHosts,
        "voices": Voices,
        "passages": Passages,
    }.items():
        app.add_directive(name, directive)
