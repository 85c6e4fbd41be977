"""Reference pages made from tables: chronology, glossary with its uses, annotated bibliography."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
from docutils import nodes
from markupsafe import Markup
from sphinx.transforms.post_transforms import SphinxPostTransform

from coursekit import sources, tables
from coursekit.book.directives import LEDGER, LOGGER, CourseDirective, link
from coursekit.book.html import render
from coursekit.book.listing import HOLE, Cell, around, filter_box, filter_table, web
from coursekit.files import parse_yaml

TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
TARGET = re.compile(r"^\(([\w-]+)\)=", re.M)
BEHIND_THE_SCENES = {LEDGER, "chapters/reference/bibliography", "chapters/reference/glossary"}


def anchor(url: str, words: str, title: str = "") -> str:
    """HTML of a link; ``title`` stands in its tooltip."""
    return render("list/link.html", url=url, words=words, title=title)


class Chronology(CourseDirective):
    """All dated events, filtered by actor and kind. The body names each category in words: ``category: words``."""

    def build(self) -> list:
        kinds = parse_yaml("\n".join(self.content), self.env.docname) or {}
        events = tables.load("chronology").sort_values("date")
        unnamed = sorted(set(events.category) - set(kinds))
        if unnamed:
            return self.refuse(
                f"chronology: no words for the category {', '.join(unnamed)}; "
                "add 'category: words' to the directive's body."
            )
        people = tables.load("countries").set_index("iso3").short_name
        rows = [event_cells(event, kinds[event.category], people) for event in events.itertuples()]
        return [web(filter_table(EVENT_COLUMNS, rows, "Actors|Kind", "Chronology", "events"))]


EVENT_COLUMNS = ["Date", "What happened", "Kind", "Actors", "Source"]


def event_cells(event, kind: str, people: pd.Series) -> list[Cell]:
    """The cells of one event. kind: its category in words; people: short names of actors by code."""
    actors = [people.get(code, code) for code in event.actors.split(";")]
    note = event.note if isinstance(event.note, str) else ""
    others = event.other_source_ids.split(";") if isinstance(event.other_source_ids, str) else []
    words = when(event.date, event.date_precision, event.end_date)
    return [
        Cell("Date", render("ledger/date.html", anchor=event.event_id, words=words), sort=f"{event.date:%Y-%m-%d}"),
        Cell("What happened", render("ledger/event.html", title=event.title, summary=event.summary, note=note)),
        Cell("Kind", kind),
        Cell("Actors", ", ".join(actors), value=";".join(actors)),
        Cell("Source", Markup("; ").join(source_anchor(source_id) for source_id in [event.source_id, *others])),
    ]


def when(day: pd.Timestamp, precision: str, last=pd.NaT) -> str:
    """A date as far as it is known: '11 July 2023', 'July 2023' or '2023'; a span when it has a last day.

    >>> when(pd.Timestamp("2023-07-11"), "day", pd.Timestamp("2023-07-12"))
    '11–12 July 2023'
    """
    if precision != "day":
        return f"{day:%B %Y}" if precision == "month" else f"{day:%Y}"
    if pd.isna(last) or last == day:
        return f"{day.day} {day:%B %Y}"
    if (day.year, day.month) == (last.year, last.month):
        return f"{day.day}–{last.day} {day:%B %Y}"
    year = "" if day.year == last.year else f" {day.year}"
    return f"{day.day} {day:%B}{year} – {last.day} {last:%B %Y}"


def source_anchor(source_id: str) -> str:
    """An HTML link to a source, named by its publisher; its title stands in the tooltip."""
    row, link = tables.source(source_id), sources.address(source_id)
    name = sources.name(source_id) + (" (a copy)" if sources.is_copy(source_id) else "")
    return anchor(link, name, f"{row.title} ({sources.told(source_id)})") if link else Markup.escape(name)


class Glossary(CourseDirective):
    """The glossary table as a Sphinx glossary, so that ``{term}`` links are checked; a term says where it is used."""

    def build(self) -> list:
        used = term_uses(Path(self.env.srcdir), self.env.found_docs)
        for docname in {docname for places in used.values() for docname, _anchor in places}:
            self.env.note_dependency(str(Path(self.env.srcdir, f"{docname}.md")))
        rows = tables.load("glossary").fillna("").sort_values("term", key=lambda s: s.str.lower())
        lines = ["````{glossary}"]
        for row in rows.itertuples():
            lines += [row.term, *[f"  {line}" for line in term_text(row, used.get(row.term.lower(), []), self.env)], ""]
        return [
            web(filter_box("Field", "terms", "dl.glossary")),
            self.markdown("\n".join([*lines, "````"]), "course-plain-box"),
        ]


def term_text(row, places: list[tuple[str, str]], env) -> list[str]:
    """The lines below a term: definition, field, related terms, where it is explained, where it is used."""
    see = f" See also {', '.join(f'{{term}}`{t}`' for t in row.see_also.split(';'))}." if row.see_also else ""
    short = f" Short: {row.abbreviation}." if row.abbreviation else ""
    source = f"{{cite}}`{row.reference}`" if row.reference else sources.markdown(row.source_id) if row.source_id else ""
    links = ", ".join(place_link(docname, anchor, env) for docname, anchor in places)
    facts = [
        f'<span data-name="Field">{row.category}</span>',
        *([f"explained in {source}"] if source else []),
        *([f"used in {links}"] if links else []),
    ]
    return [f"{row.definition}{short}{see}", "", " · ".join(facts)]


def place_link(docname: str, anchor: str, env) -> str:
    number = re.match(r"chapters/(\d+)-", docname)
    words = f"chapter {int(number[1])}" if number else docname.split("/")[-1].replace("-", " ")
    return f"{{ref}}`{words} <{anchor}>`" if anchor else f"{{doc}}`{words} </{docname}>`"


def term_uses(root: Path, docnames) -> dict[str, list[tuple[str, str]]]:
    """Where each term is first used on each page: lower-case term -> [(docname, label of the section, or '')].

    root: the book's folder; docnames: its pages. Read from the text of the pages, so it needs no list kept by hand.
    """
    found = defaultdict(list)
    for docname in sorted(set(docnames) - BEHIND_THE_SCENES):
        page = root / f"{docname}.md"
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        first = {}
        for match in TERM.finditer(text):
            first.setdefault(" ".join(match[1].lower().split()), match.start())
        for term, place in first.items():
            labels = TARGET.findall(text[:place])
            found[term].append((docname, labels[-1] if labels else ""))
    return dict(found)


class works(nodes.General, nodes.Element):
    """The place of the annotated works of one level; filled by ``AnnotateWorks``."""


class Works(CourseDirective):
    """The works of one level by topic: ``{works} level``. The page holds one ``{bibliography}`` that names them all."""

    required_arguments = 1

    def build(self) -> list:
        levels = sorted(set(tables.load("bibliography").level))
        if self.arguments[0] not in levels:
            return self.refuse(
                f"works: there is no level '{self.arguments[0]}' in the bibliography table; "
                f"levels are {', '.join(levels)}."
            )
        return [works("", level=self.arguments[0])]


class WorksFilter(CourseDirective):
    """Search and choices for the annotated works of the page."""

    def build(self) -> list:
        return [web(filter_box("Level|Topic", "works", ".course-work"))]


class AnnotateWorks(SphinxPostTransform):
    """Move each formatted citation to its level and topic and add what it is good for and who cites it."""

    default_priority = 6  # after the citations are formatted (5), before references are resolved (10)

    def run(self, **kwargs) -> None:
        places = list(self.document.findall(works))
        if not places:
            return
        domain = self.env.get_domain("cite")
        keys = {c.citation_id: c.key for c in domain.citations if c.bibliography_key.docname == self.env.docname}
        entries = {keys[node["ids"][0]]: node for node in self.document.findall(nodes.citation)}
        rows = tables.load("bibliography")
        for key in set(entries) ^ set(rows.key):
            LOGGER.warning(
                "bibliography: '%s' must be both in references.bib and in bibliography.csv.",
                key,
                type="course",
                subtype="content",
            )
        for place in places:
            mine = rows[(rows.level == place["level"]) & rows.key.isin(entries)]
            mine = mine.assign(name=mine.key).sort_values(["topic", "name"], key=lambda s: s.str.lower())
            place.replace_self([node for row in mine.itertuples() for node in self.work(row, entries[row.key])])

    def work(self, row, entry: nodes.citation) -> list:
        words = nodes.container(
            "", *[part for part in entry.children if not isinstance(part, nodes.label)], ids=entry["ids"]
        )
        entry.parent.remove(entry)  # a plain box takes its place: the role that docutils gives a citation is deprecated
        missing = f" (Incomplete entry: {row.to_complete}.)" if row.status == "incomplete" else ""
        note = nodes.paragraph("", row.annotation + missing, classes=["course-annotation"])
        html = render("ledger/work.html", topic=row.topic, level=row.level, stance=row.stance, hole=HOLE)
        return around(html, [[words, note], self.citing(row.key)])

    def citing(self, key: str) -> list:
        """Pages and claims that cite a work, as one line of links."""
        refs = self.env.get_domain("cite").citation_refs
        docs = sorted(
            {ref.docname for ref in refs if key in {target.key for target in ref.targets}} - BEHIND_THE_SCENES
        )
        references = tables.load("claim_references")
        claims = sorted(set(references.claim_id[references.reference == key]))
        links = [link(self.env, doc, self.env.titles[doc].astext()) for doc in docs]
        links += [link(self.env, LEDGER, c, f"#{c.lower()}") for c in claims]
        line = nodes.paragraph("", "Used in ", classes=["course-facts"])
        for place, node in enumerate(links):
            line += [nodes.Text(", "), node] if place else [node]
        return [line] if links else []


def setup(app) -> None:
    for name, directive in {
        "chronology": Chronology,
        "glossary-table": Glossary,
        "works": Works,
        "works-filter": WorksFilter,
    }.items():
        app.add_directive(name, directive)
    app.add_post_transform(AnnotateWorks)
