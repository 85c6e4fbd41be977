"""What pages say of themselves in the vocabulary of schema.org: held to that vocabulary, and read as data only."""

import json
import re
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

import pytest
import schema_org
from conftest import CHAPTERS, ROOT, SITE
from lxml import html
from pydantic import ValidationError

from coursekit import tables
from coursekit.book import linked
from coursekit.ledger import verdicts

CATALOGUE, LEDGER = "chapters/reference/catalogue.html", "chapters/reference/ledger.html"
TABLE_PAGES = [f"chapters/reference/data/{name}.html" for name in tables.names()]
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]
DAY = re.compile(r"\d{4}(-\d\d-\d\d)?")
WANTED = {  # what search engines and catalogues ask of each type
    "Dataset": {"name", "description", "license", "distribution", "creator", "isAccessibleForFree", "variableMeasured"},
    "DataCatalog": {"name", "description", "dataset", "license"},
    "ClaimReview": {"claimReviewed", "reviewRating", "itemReviewed", "author", "datePublished", "contentReferenceTime"},
    "Course": {"name", "description", "provider", "hasPart", "hasCourseInstance", "license"},
    "LearningResource": {"name", "description", "teaches", "timeRequired", "isPartOf", "learningResourceType"},
}


def vocabulary(value, known: dict):
    """The value as a model of schema.org: unknown types, properties and values out of range raise an error."""
    if isinstance(value, list):
        return [vocabulary(one, known) for one in value]
    if isinstance(value, dict):
        thing = known[value["@id"]] if set(value) == {"@id"} else value
        inside = {key: vocabulary(day(key, one), known) for key, one in thing.items() if not key.startswith("@")}
        return getattr(schema_org, thing["@type"])(**inside)
    return value


def day(key: str, value):
    """A date of JSON-LD, also one of which only the year is known, as the model wants it."""
    if key == "contentReferenceTime":
        return datetime.fromisoformat(value)
    if not key.startswith("date"):
        return value
    assert DAY.fullmatch(value), f"{key}: {value}"
    return date.fromisoformat(f"{value}-01-01"[:10])


def block(page: str) -> list[dict]:
    """The things that a built page describes."""
    found = html.parse(str(SITE / page)).xpath("//script[@type='application/ld+json']/text()")
    assert len(found) == 1, f"{page}: {len(found)} blocks"
    content = json.loads(found[0])
    assert content.pop("@context") == "https://schema.org"
    return content.get("@graph", [content])


def judge(things: list[dict]) -> None:
    known = {thing["@id"]: thing for thing in things if "@id" in thing}
    for thing in things:
        vocabulary(thing, known)


# --- the test itself can fail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "Dataset", "titel": "x"},
        {"@type": "Dataset", "distribution": {"@type": "Person", "name": "x"}},
        {"@type": "ClaimReview", "itemReviewed": {"@type": "Claim", "courseMode": "x"}},
        {"@type": "Course", "isAccessibleForFree": "yes, very"},
    ],
)
@pytest.mark.slow
def test_what_the_vocabulary_does_not_know_is_refused(wrong):
    with pytest.raises(ValidationError):
        judge([wrong])


def test_a_type_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError):
        judge([{"@type": "Datset", "name": "x"}])


def test_no_text_can_end_the_block():
    text = linked.as_block({"name": "</script><b>&"})
    assert "<" not in text and "&" not in text and json.loads(text)["name"] == "</script><b>&"


def test_properties_without_a_value_are_left_out():
    assert linked.typed("Thing", name="x", url=None, about=[]) == {"@type": "Thing", "name": "x"}


# --- the built pages ------------------------------------------------------------------------------------------------

EXPECTED = {
    "index.html": "Course",
    CATALOGUE: "DataCatalog",
    LEDGER: "ClaimReview",
    **dict.fromkeys(TABLE_PAGES, "Dataset"),
    **dict.fromkeys(CHAPTER_PAGES, "LearningResource"),
}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("page", EXPECTED)
def test_a_page_describes_itself_in_the_vocabulary(page):
    things = block(page)
    judge(things)
    main = [thing for thing in things if thing["@type"] == EXPECTED[page]]
    assert main
    for thing in main:
        assert WANTED[EXPECTED[page]] <= set(thing), WANTED[EXPECTED[page]] - set(thing)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("page", ["index.html", CATALOGUE, LEDGER, TABLE_PAGES[0], CHAPTER_PAGES[0]])
def test_its_addresses_lead_to_pages_and_files_that_are_there(page):
    def addresses(value):
        if isinstance(value, list):
            return [found for one in value for found in addresses(one)]
        if isinstance(value, dict):
            own = [value[key] for key in ("url", "contentUrl") if key in value]
            return own + [found for one in value.values() for found in addresses(one) if not isinstance(one, str)]
        return []

    local = {urlsplit(urljoin(page, a)).path for a in addresses(block(page)) if not urlsplit(a).scheme}
    assert local and not [path for path in local if not (SITE / path).is_file()]


@pytest.mark.usefixtures("site")
def test_the_ledger_reviews_every_claim_as_of_then_and_today():
    """Two reviews a claim, each with its verdict, its reason, the day it speaks of and the day it was given."""
    given = tables.load("claim_verdicts").set_index(["claim_id", "as_of"])
    reviews = {thing["name"]: thing for thing in block(LEDGER) if thing["@type"] == "ClaimReview"}
    assert len(reviews) == len(given)
    for row in tables.load("claims").itertuples():
        for moment, words in (("then", "As of 31 July 2023"), ("now", "Today")):
            thing, judged = reviews[f"{row.claim_id}. {words}"], given.loc[row.claim_id, moment]
            assert thing["claimReviewed"] == row.paraphrase and thing["url"].endswith(f"#{row.claim_id.lower()}")
            assert thing["reviewRating"]["alternateName"] == verdicts.verdict(row.claim_id, moment).word
            assert thing["reviewRating"]["ratingExplanation"].startswith(judged.reason.split("{")[0])
            assert thing["datePublished"] == f"{judged.verdict_date:%Y-%m-%d}"
            assert thing["contentReferenceTime"][:10] == ("2023-07-31" if moment == "then" else thing["datePublished"])


@pytest.mark.usefixtures("site")
def test_the_catalogue_lists_every_table():
    (catalogue,) = block(CATALOGUE)
    assert len(catalogue["dataset"]) == len(tables.names()) + 1
    archive = catalogue["dataset"][0]["distribution"][0]["contentUrl"]
    assert archive.endswith(f"{tables.setting('archive')['name']}.zip")


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index.html", LEDGER, CATALOGUE])
def test_a_strict_host_sees_data_and_no_script(browser, site, page):
    """The block is data: a policy without inline scripts is not broken by it."""
    policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
    tab = browser.new_page()

    def strict(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    tab.route("**/*.html", strict)
    tab.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (e) => window.broken.push(e.blockedURI));"
    )
    try:
        tab.goto(site + page)
        assert tab.evaluate(
            "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)['@context']"
        )
        assert tab.evaluate("window.broken") == []
    finally:
        tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("start", ["http", "file"])
def test_a_search_in_the_catalogue_finds_variables_by_keyboard_also_from_a_file(browser, site, start):
    tab = browser.new_page()
    try:
        tab.goto((site if start == "http" else f"{SITE.as_uri()}/") + CATALOGUE)
        box = tab.get_by_label(re.compile(r"Search all \d+ variables"))
        box.focus()
        tab.keyboard.type("Gleditsch")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/variables.html?search=Gleditsch")
        shown = tab.locator("tbody tr:visible")
        assert tab.get_by_role("searchbox", name="Search", exact=True).input_value() == "Gleditsch"
        assert [row.split("\t")[0] for row in shown.all_inner_texts()] == ["gw_code", "gw_abb"]
        assert re.fullmatch(r"2 of \d+ variables", tab.locator(".course-filter-count").inner_text())
    finally:
        tab.close()


@pytest.mark.usefixtures("site")
def test_the_page_of_variables_has_every_column_of_every_table():
    page = html.parse(str(SITE / "chapters/reference/variables.html"))
    rows = page.xpath("//tbody/tr")
    wanted = [(field["name"], name) for name in tables.names() for field in tables.manifest(name)["schema"]["fields"]]
    assert [tuple(cell.text_content().strip() for cell in row.xpath("td")[:2]) for row in rows] == wanted


@pytest.mark.usefixtures("site")
def test_the_site_publishes_the_archive_and_each_table_page_leads_to_it_or_says_why_not():
    from coursekit.data.archive import contents

    name = f"{tables.setting('archive')['name']}.zip"
    assert (SITE / "_static/archive" / name).read_bytes()[:2] == b"PK"
    for table in tables.names():
        text = (SITE / f"chapters/reference/data/{table}.html").read_text(encoding="utf-8")
        why = contents.closed(table)
        assert (f"_static/archive/{name}" in text) != bool(why) and (not why or why in text)
    assert f"_static/archive/{name}" in (SITE / CATALOGUE).read_text(encoding="utf-8")
    assert "make data" in (ROOT / "README.md").read_text(encoding="utf-8")
    package = json.loads((SITE / "_static/data/datapackage.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in package["resources"]} <= {
        path.name for path in (SITE / "_static/data").iterdir()
    }
