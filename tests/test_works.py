"""The bibliography: what a reference of each kind must say to be complete, and that nothing else is called complete."""

import re
from urllib.parse import urlparse

import pytest
from conftest import ROOT
from pybtex.database import Entry, parse_file

from coursekit import tables

WORKS = parse_file(ROOT / "references.bib").entries
ROWS = tables.load("bibliography").set_index("key")

# Pages that only describe, copy or review a work. An entry is never linked to one of them.
COPIES = {
    "asianintegration.org",
    "ciaotest.cc.columbia.edu",
    "docslib.org",
    "johnmenadue.com",
    "openrijk.nl",
    "ouci.dntb.gov.ua",
    "pacificaffairs.ubc.ca",
    "readkong.com",
    "www.academia.edu",
    "www.scribd.com",
    "www.semanticscholar.org",
}
# In place of volume and pages: a journal that numbers its articles, or only its issues; an article ahead of print, with
# its day, which is all that can be cited then.
IN_PLACE_OF_PAGES = re.compile(r"(Article|Issue) \d+|Published online ahead of print, \d{1,2} [A-Z][a-z]+ \d{4}\b")
BY_YEAR = "Journal numbered by year and issue"  # as most Chinese journals: then year and issue stand for the volume

# kind -> what it asks, each by the words of the table's column to_complete: the fields of which one must be there.
# A book and a paper in a numbered series are found in any library without an address; an article is not.
ASKED = {
    "article": {
        "volume": ("volume", "place", "by_year"),
        "page": ("pages", "place"),
        "DOI or stable address": ("doi", "url"),
        "journal": ("journal",),
    },
    "book": {"publisher": ("publisher",), "place or ISBN": ("isbn", "address", "doi", "url")},
    "incollection": {"book": ("booktitle",), "publisher": ("publisher",), "DOI or stable address": ("doi", "url")},
    "techreport": {"institution": ("institution",), "DOI or stable address": ("doi", "url", "number")},
    "misc": {"where it appeared": ("howpublished", "body"), "DOI or stable address": ("doi", "url")},
}
SAID = {  # other words by which to_complete may name the same gap
    "DOI or stable address": "DOI|address|university|publisher's own page",
    "place or ISBN": "place|ISBN|publisher",
}
OF_EVERY_KIND = {"title": ("title",), "author": ("author", "editor"), "date": ("year", "undated")}


def fields(entry: Entry) -> set[str]:
    """The fields that an entry fills, with five that it says otherwise: place, by_year, body, undated, author."""
    note = entry.fields.get("note", "")
    said = {
        "place": bool(IN_PLACE_OF_PAGES.match(note)),
        "by_year": BY_YEAR in note and "number" in entry.fields,
        "undated": note.startswith("Undated"),
        "body": any(not person.first_names for person in entry.persons.get("author", [])),
    }
    return {*entry.fields, *entry.persons, *(name for name, is_so in said.items() if is_so)}


def lacking(entry: Entry) -> list[str]:
    """What a full reference of the entry's kind asks for and the entry does not have."""
    has = fields(entry)
    return [what for what, either in {**OF_EVERY_KIND, **ASKED[entry.type]}.items() if not has & set(either)]


VP, AHEAD = ("volume", "page"), "Published online ahead of print"


@pytest.mark.parametrize("key", WORKS)
def test_an_entry_is_called_complete_only_when_it_is(key):
    """What is missing stands in one place, the table's column to_complete; nothing else is missing."""
    missing, row = lacking(WORKS[key]), ROWS.loc[key]
    if row.status == "verified":
        assert missing == [], f"{key} lacks {missing}: find it, or call the entry incomplete and say so in to_complete"
    unsaid = [what for what in missing if not re.search(SAID.get(what, what), row.to_complete)]
    assert unsaid == [], f"{key} lacks {missing}; to_complete says only: {row.to_complete}"


@pytest.mark.parametrize("key", [key for key in WORKS if "url" in WORKS[key].fields])
def test_a_work_is_not_linked_to_a_copy_of_it(key):
    assert urlparse(WORKS[key].fields["url"]).netloc not in COPIES


@pytest.mark.parametrize(
    ("kind", "given", "missing"),
    [
        ("article", {"journal": "J", "volume": "1", "pages": "2--3", "year": "1990"}, ["DOI or stable address"]),
        ("article", {"journal": "J", "doi": "10.1/x", "year": "1990", "note": "Issue 112"}, []),
        ("article", {"journal": "J", "doi": "10.1/x", "year": "1990"}, ["volume", "page"]),
        ("article", {"journal": "J", "doi": "10.1/x", "year": "1990", "note": "Published online 1 May 1990"}, [*VP]),
        ("article", {"journal": "J", "url": "https://x.org", "year": "1990", "note": f"{AHEAD}, 1 May 1990"}, []),
        ("article", {"journal": "J", "url": "https://x.org", "year": "1990", "note": AHEAD}, [*VP]),
        ("article", {"journal": "J", "url": "https://x.org", "year": "1990", "number": "5", "note": BY_YEAR}, ["page"]),
        (
            "article",
            {"journal": "J", "url": "https://x.org", "year": "1990", "pages": "1", "note": BY_YEAR},
            ["volume"],
        ),
        ("book", {"publisher": "P", "year": "1990"}, ["place or ISBN"]),
        ("book", {"publisher": "P", "year": "1990", "isbn": "9781"}, []),
        ("techreport", {"institution": "I", "year": "1998", "number": "5.66"}, []),
        ("techreport", {"institution": "I", "year": "1998"}, ["DOI or stable address"]),
        ("misc", {"howpublished": "H", "url": "https://x.org", "note": "Undated on the page read"}, []),
        ("misc", {"howpublished": "H", "url": "https://x.org"}, ["date"]),
    ],
)
def test_each_kind_asks_what_libraries_ask(kind, given, missing):
    from pybtex.database import Person

    entry = Entry(kind, fields={"title": "T", **given}, persons={"author": [Person("Walt, Stephen")]})
    assert lacking(entry) == missing
