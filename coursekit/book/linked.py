"""What a page says of itself in the vocabulary of schema.org, as JSON-LD: data that no browser runs.

A table's page is a ``Dataset``, the catalogue a ``DataCatalog``, each row of the ledger a ``ClaimReview``, a chapter a
``LearningResource``, the front page the ``Course``. Addresses are full where the site knows its own, else relative.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursekit import tables
from coursekit.book import chapter_map, reading
from coursekit.book.card import CARD, parse
from coursekit.book.catalogue import CATALOGUE
from coursekit.book.directives import LEDGER
from coursekit.book.meta import description
from coursekit.book.pages import ARCHIVE, DATA_PAGES
from coursekit.data.archive import contents
from coursekit.files import up_to_root
from coursekit.ledger import claims as ledger
from coursekit.ledger import verdicts

CONTEXT = "https://schema.org"
WORK = "#tested-work"  # the text whose claims are reviewed, told once on the page of the ledger
CHAPTER = re.compile(r"chapters/\d+-[\w-]+")
Thing = dict[str, object]


@dataclass(frozen=True)
class Page:
    """A page of the book while it is written: name, title, its first words, the Sphinx application."""

    name: str
    title: str
    words: str
    app: object

    @property
    def course(self) -> str:
        """The title of the book."""
        return self.app.config.html_title or self.app.config.project

    def url(self, path: str = "") -> str:
        """The address of a file of the site: full when the site's is known, else relative to this page."""
        path = path or f"{self.name}.html"
        return f"{self.app.config.html_baseurl or up_to_root(self.name)}{path}"

    def common(self) -> Thing:
        """What every part of the course says: whose it is, on which terms, in which language."""
        return {
            "creator": team(),
            "license": tables.setting("licence", {}).get("url", ""),
            "inLanguage": self.app.config.language or "en",
            "isAccessibleForFree": True,
        }


def typed(kind: str, **properties: object) -> Thing:
    """A thing of schema.org without the properties that are empty."""
    return {"@type": kind} | {key: value for key, value in properties.items() if value not in (None, "", [], {})}


def team() -> Thing:
    """Who makes the course, from CITATION.cff."""
    return typed("Organization", name=", ".join(contents.authors()))


def dataset(page: Page, name: str, full: bool = True) -> Thing:
    """One table; ``full``: with its columns, sources and licences, as on its own page."""
    entry = tables.manifest(name)
    found = typed(
        "Dataset",
        name=entry["title"],
        description=f"{entry['description'].strip()} Source: {entry['short_source']}.",
        url=page.url(f"{DATA_PAGES.as_posix()}/{name}.html"),
        license=[licence(term) for term in entry["licenses"]],
        distribution=[download(page, f"_static/data/{entry['path']}", "text/csv")],
    )
    return found | (details(page, entry) if full else {})


def details(page: Page, entry: dict) -> Thing:
    """What only the table's own page says of it."""
    return {
        "alternateName": entry["name"],
        "creator": team(),
        "dateModified": str(entry["retrieved"]),
        "isAccessibleForFree": True,
        "isBasedOn": [work(source) for source in entry["sources"]],
        "variableMeasured": [variable(field) for field in entry["schema"]["fields"]],
        "includedInDataCatalog": typed("DataCatalog", name=page.course, url=page.url(f"{CATALOGUE}.html")),
    }


def licence(entry: dict) -> str | Thing:
    """Terms by their address, or in words where they have none."""
    return entry.get("path") or typed("CreativeWork", name=entry["title"])


def work(entry: dict) -> Thing:
    """A publication on which a table rests."""
    return typed("CreativeWork", name=entry["title"], url=entry.get("path"))


def variable(field: dict) -> Thing:
    """A column of a table."""
    return typed("PropertyValue", name=field["name"], description=field["description"], unitText=field.get("unit"))


def download(page: Page, path: str, kind: str) -> Thing:
    """A file of the site to download; ``kind``: its media type."""
    return typed("DataDownload", contentUrl=page.url(path), encodingFormat=kind)


def catalogue(page: Page) -> Thing:
    """All tables, each in short, and the archive that holds those that may be passed on."""
    about = contents.citation()
    whole = typed(
        "Dataset",
        name=about["title"],
        description=about["abstract"],
        version=str(about["version"]),
        creator=team(),
        license=tables.setting("licence", {}).get("url"),
        distribution=[download(page, f"{ARCHIVE}/{contents.settings()['name']}.zip", "application/zip")],
    )
    each = [dataset(page, name, full=False) for name in tables.names()]
    return typed("DataCatalog", name=page.title, description=page.words, url=page.url(), **page.common()) | {
        "dataset": [whole, *each]
    }


def reviews(page: Page) -> Thing:
    """Each verdict of the ledger, of then and of today, as the review of a claim."""
    found = [
        review(page, row, words, verdict)
        for row in tables.load("claims").itertuples()
        for words, verdict in verdicts.both(row.claim_id)
        if verdict
    ]
    return {"@graph": [tested_work(page), *found]}


def review(page: Page, row, words: str, found: verdicts.Verdict) -> Thing:
    """One verdict on a row of the ledger, as the review of a claim that the tested work makes.

    ``words``: the moment, as the page calls it. A verdict of then was given later, from what was known by its day:
    ``contentReferenceTime`` is the day of which it is true, ``datePublished`` the day on which it was given.
    """
    given = f"{found.row.verdict_date:%Y-%m-%d}"
    as_of = tables.day_of(found.row.as_of)
    return typed(
        "ClaimReview",
        name=f"{row.claim_id}. {words}",
        url=f"{page.url()}#{row.claim_id.lower()}",
        claimReviewed=row.paraphrase,
        datePublished=given,
        contentReferenceTime=f"{as_of or given}T23:59:59Z",  # the end of that day
        author=team(),
        itemReviewed=typed("Claim", name=row.claim_id, appearance={"@id": WORK}),
        reviewRating=typed("Rating", alternateName=found.word, ratingExplanation=found.reason()),
    )


def tested_work(page: Page) -> Thing:
    """The text whose claims are tested, from the bibliography; ``ledger: reference:`` in ``course.yaml`` is its key."""
    key = tables.setting("ledger", {}).get("reference", "")
    entry = page.app.env.get_domain("cite").bibdata.data.entries.get(key)
    if entry is None:
        return typed("CreativeWork", name=ledger.word("work")) | {"@id": WORK}
    fields = entry.fields
    return typed(
        "Article",
        headline=fields.get("title", "").strip("{}"),
        author=[typed("Person", name=_full_name(person)) for person in entry.persons.get("author", [])],
        publisher=typed("Organization", name=fields.get("howpublished", "")),
        datePublished=fields.get("year"),
        url=fields.get("url"),
    ) | {"@id": WORK}


def _full_name(person) -> str:
    return " ".join([*person.first_names, *person.last_names])


def chapter(page: Page) -> Thing:
    """A chapter: what it teaches and asks for, how long it takes."""
    file = Path(page.app.env.doc2path(page.name))
    card = CARD.search(file.read_text(encoding="utf-8"))
    if not card:
        return {}
    promise = parse(card[1], page.name)
    minutes = reading.loads(file, Path(page.app.srcdir))[reading.CORE].minutes
    return typed(
        "LearningResource",
        name=page.title,
        description=page.words,
        url=page.url(),
        learningResourceType="chapter",
        timeRequired=f"PT{minutes}M",
        teaches=[outcome["text"] for outcome in promise["outcomes"]],
        competencyRequired=promise["before"],
        isPartOf=typed("Course", name=page.course, url=page.url("index.html")),
        **page.common(),
    )


def course(page: Page) -> Thing:
    """The course: its chapters that are written, and the time that these take."""
    parts = chapter_map.load_plan(Path(page.app.srcdir), page.app.env.found_docs)
    written = [chapter for part in parts for chapter in part.chapters if chapter.written]
    minutes = sum(chapter.minutes for chapter in written)
    return typed(
        "Course",
        name=page.course,
        description=page.words,
        url=page.url(),
        provider=team(),
        hasCourseInstance=typed("CourseInstance", courseMode="online", courseWorkload=f"PT{minutes}M"),
        hasPart=[typed("LearningResource", name=one.title, url=page.url(f"{one.page}.html")) for one in written],
        **page.common(),
    )


def thing(page: Page) -> Thing:
    """What a page is in the vocabulary; empty for pages that are none of these things."""
    exact: dict[str, Callable[[Page], Thing]] = {LEDGER: reviews, CATALOGUE: catalogue}
    if page.name == page.app.config.root_doc and (Path(page.app.srcdir) / chapter_map.PLAN).exists():
        return course(page)
    if page.name.startswith(f"{DATA_PAGES.as_posix()}/"):
        return dataset(page, page.name.rpartition("/")[2])
    if CHAPTER.fullmatch(page.name):
        return chapter(page)
    return exact[page.name](page) if page.name in exact else {}


def as_block(content: Thing) -> str:
    """JSON-LD that may stand inside a ``script`` element: no text in it can end that element."""
    text = json.dumps({"@context": CONTEXT, **content}, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def link_data(app, pagename, templatename, context, doctree) -> None:
    """Give the page's template its JSON-LD."""
    title = html.unescape(re.sub(r"<[^>]*>", "", str(context.get("title", ""))))
    words = description(doctree) if doctree is not None else ""
    found = thing(Page(pagename, title, words, app)) if doctree is not None else {}
    context["course_linked"] = as_block(found) if found else ""


def setup(app) -> None:
    app.connect("html-page-context", link_data, priority=895)
