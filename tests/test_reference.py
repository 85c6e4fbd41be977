"""Reference pages made from tables: dates as far as known, uses found by reading, the map, lists in the browser."""

import re

import pandas as pd
import pytest
from conftest import ROOT, SITE
from docutils import nodes
from lxml import html as lxml_html
from markupsafe import Markup

from coursekit import tables
from coursekit.book import listing, pages, reference
from coursekit.ledger import argument
from coursekit.ledger.verdicts import both

REFERENCE = "chapters/reference"
LISTS = ["ledger", "catalogue", "chronology", "glossary", "bibliography"]


@pytest.mark.parametrize(
    ("day", "precision", "last", "text"),
    [
        ("2023-07-11", "day", None, "11 July 2023"),
        ("2023-07-11", "day", "2023-07-11", "11 July 2023"),
        ("2023-07-11", "day", "2023-07-12", "11–12 July 2023"),
        ("2022-06-30", "day", "2022-07-01", "30 June – 1 July 2022"),
        ("2022-12-31", "day", "2023-01-02", "31 December 2022 – 2 January 2023"),
        ("2022-11-01", "month", None, "November 2022"),
        ("2019-01-01", "year", None, "2019"),
    ],
)
def test_a_date_says_no_more_than_is_known(day, precision, last, text):
    assert reference.when(pd.Timestamp(day), precision, pd.Timestamp(last) if last else pd.NaT) == text


def test_term_uses_finds_the_first_use_on_each_page_with_its_section(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "01-a.md").write_text(
        "(c01-one)=\n## One\n{term}`Hedging` and {term}`hedge <Hedging>`\n\n(c01-two)=\n## Two\n{term}`Grey zone`\n"
    )
    (tmp_path / "chapters" / "02-b.md").write_text("{term}`they\nhedge <Hedging>`\n")
    found = reference.term_uses(tmp_path, ["chapters/02-b", "chapters/01-a"])
    assert found == {
        "hedging": [("chapters/01-a", "c01-one"), ("chapters/02-b", "")],
        "grey zone": [("chapters/01-a", "c01-two")],
    }


def test_table_users_are_pages_of_the_book_and_claims():
    books, claims = pages.table_users(ROOT, "summit_attendance", {f"{REFERENCE}/timeline"})
    assert books == [(f"{REFERENCE}/timeline", "Summits and partnerships: a time line")]
    assert claims and set(claims) <= set(tables.load("claims").claim_id)
    assert pages.table_users(ROOT, "no_such_table", {f"{REFERENCE}/timeline"}) == ([], [])


def test_a_cell_escapes_its_text_and_what_it_compares():
    cells = [listing.Cell("Who", "<b>x</b>", value='a"b;c'), listing.Cell("Where", Markup("<b>y</b>"), sort="1")]
    html = listing.card_table(["Who", "Where"], [cells], "List")
    assert '<td role="cell" data-name="Who" data-value="a&#34;b;c">&lt;b&gt;x&lt;/b&gt;</td>' in html
    assert '<td role="cell" data-name="Where" data-sort="1"><b>y</b></td>' in html


def test_nodes_stand_where_a_template_leaves_holes():
    parts = listing.around(f"a{listing.HOLE}b{listing.HOLE}c", [[nodes.Text("1"), nodes.Text("2")], []])
    assert [part.astext() for part in parts] == ["a", "1", "2", "b", "c"]


@pytest.mark.parametrize("table", tables.names())
def test_the_first_rows_stand_as_in_the_file(table):
    html = pages.preview(table, tables.manifest(table))
    assert html.count("<tr>") == min(len(tables.load(table)), pages.FIRST_ROWS) + 1


# The argument map


def test_each_step_is_told_from_both_of_its_claims():
    links = tables.load("claim_links")
    ids = tables.load("claims").claim_id
    assert (
        sum(len(argument.steps_from(name)) for name in ids)
        == len(links)
        == sum(len(argument.steps_to(name)) for name in ids)
    )
    link = links[links.relation == "qualifies"].iloc[0]
    ahead = next(step for step in argument.steps_from(link.from_claim) if step.other == link.to_claim)
    behind = next(step for step in argument.steps_to(link.to_claim) if step.other == link.from_claim)
    assert (ahead.words, behind.words, ahead.sign) == ("qualifies", "qualified by", behind.sign)
    assert ahead.reading == behind.reading == link.reading


def test_an_unknown_relation_is_named(monkeypatch):
    links = pd.DataFrame({"from_claim": ["C1"], "to_claim": ["C2"], "relation": ["refutes"], "reading": ["x"]})
    monkeypatch.setattr(argument, "load", lambda name: links)
    with pytest.raises(tables.TableError, match="no relation 'refutes'; write one of supports, qualifies, contrasts"):
        argument.steps_from("C1")


def test_weights_and_paragraphs_are_counted(monkeypatch):
    links = pd.DataFrame({"from_claim": ["A", "B", "A"], "to_claim": ["B", "C", "C"], "relation": "supports"})
    claims = pd.DataFrame({"claim_id": ["A", "B", "C"], "paragraph": [1, 1, 2]})
    monkeypatch.setattr(argument, "load", lambda name: {"claim_links": links, "claims": claims}[name])
    assert argument.weights().to_dict() == {"A": 2, "B": 2, "C": 2} and argument.inside_a_paragraph() == 1


# The built pages


def html(page: str) -> str:
    return (SITE / REFERENCE / f"{page}.html").read_text(encoding="utf-8")


def test_every_claim_opens_on_its_other_side():
    text = html("ledger")
    assert len(re.findall(r"<details>\s*<summary>Why", text)) == len(tables.load("claims"))
    assert text.count("The strongest reading against it.") == len(tables.load("claims"))


def test_every_event_has_a_date_and_a_link_to_its_source():
    rows = re.findall(r'<tr role="row"><td role="cell" data-name="Date".*?</tr>', html("chronology"), re.S)
    assert len(rows) == len(tables.load("chronology"))
    assert all(re.search(r'data-name="Source"[^>]*><a href="http', row) for row in rows)


def test_every_work_stands_once_under_its_level():
    text = html("bibliography")
    works = tables.load("bibliography")
    for level, mine in works.groupby("level"):
        assert text.count(f'<span data-name="Level">{level}</span>') == len(mine)
    assert text.count('class="course-work"') == len(works) and "doc-biblioentry" not in text


def test_every_term_has_its_field_and_used_terms_say_where():
    text = html("glossary")
    assert text.count('data-name="Field"') == len(tables.load("glossary"))
    used = reference.term_uses(
        ROOT, [str(p.relative_to(ROOT).with_suffix("")) for p in (ROOT / "chapters").glob("*.md")]
    )
    assert text.count("used in ") >= len(used) > 0


def test_the_time_line_draws_what_is_sourced_and_says_once_that_the_rest_is_not():
    text = html("timeline")
    seats = tables.load("summit_attendance")
    meetings = seats.groupby("summit_id")["level"].count()
    figure = re.search(r"<figure.*?</figure>", text, re.S)[0]
    rows = re.findall(r"<tr>", re.search(r"<tbody.*?</tbody>", figure, re.S)[0])
    assert len(rows) == seats["level"].count(), "one row and one sign for each sourced place, none for the others"
    assert "It is not an absence." in figure and "not sourced</td>" not in figure
    assert f"For {(meetings == 0).sum()} meetings no source" in re.sub(r"<[^>]+>", "", text).replace("\n", " ")


@pytest.fixture
def tab(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.base = f"{site}{REFERENCE}/"
    yield page
    context.close()


VISIBLE = """() => [...document.querySelectorAll(
    '.course-cards tbody tr:not(.course-inside), .course-work, dl.glossary > dt')]
    .filter(e => e.checkVisibility()).length"""


@pytest.mark.browser
@pytest.mark.parametrize("page", LISTS)
def test_a_list_filters_keeps_its_address_and_clears(tab, page):
    tab.goto(f"{tab.base}{page}.html")
    everything = tab.evaluate(VISIBLE)
    select = tab.locator(".course-filter select").first
    value = select.evaluate("s => s.options[1].value")
    select.select_option(value)
    some = tab.evaluate(VISIBLE)
    assert 0 < some < everything and f"{some} of {everything}" in tab.locator(".course-filter-count").inner_text()
    tab.goto(tab.url)
    assert tab.evaluate(VISIBLE) == some and tab.locator(".course-filter select").first.input_value() == value
    tab.get_by_role("button", name="Clear").click()
    assert tab.evaluate(VISIBLE) == everything and "?" not in tab.url
    tab.locator(".course-filter input:not([name])").fill("zzzz")
    assert tab.evaluate(VISIBLE) == 0


@pytest.mark.browser
def test_the_ledger_sorts_with_what_is_inside_each_row(tab):
    tab.goto(f"{tab.base}ledger.html")
    tab.get_by_role("button", name="Claim", exact=True).click()
    tab.get_by_role("button", name="Claim", exact=True).click()
    assert tab.locator("thead th").first.get_attribute("aria-sort") == "descending"
    last = tables.load("claims").claim_id.max()
    assert tab.locator(".course-cards tbody").first.get_attribute("id") == last.lower() and "sort-by=-Claim" in tab.url
    assert tab.locator(".course-cards tbody").first.locator("details").count() == 1


@pytest.mark.browser
def test_a_link_to_a_claim_opens_it(tab):
    tab.goto(f"{tab.base}ledger.html#c20")
    assert (
        tab.locator("#c20 details").get_attribute("open") is not None
        and tab.locator("details[open]:not(nav details)").count() >= 1
    )
    assert 0 <= tab.locator("#c20").bounding_box()["y"] < 400


@pytest.mark.browser
def test_on_a_phone_a_row_is_a_card(tab):
    tab.set_viewport_size({"width": 360, "height": 800})
    for page in ("ledger", "catalogue", "chronology"):
        tab.goto(f"{tab.base}{page}.html")
        assert tab.locator(".course-cards td").first.evaluate("e => getComputedStyle(e).display") == "block"
        assert tab.get_by_label("Sort by").is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_built_map_shows_every_claim_and_step_and_each_link_arrives():
    page = lxml_html.fromstring((SITE / REFERENCE / "argument-map.html").read_text(encoding="utf-8"))
    cards = {
        card.get("id"): card
        for card in page.xpath("//*[contains(@class, 'course-step') and starts-with(@id, 'step-')]")
    }
    claims = tables.load("claims")
    assert set(cards) == {f"step-{name.lower()}" for name in claims.claim_id}
    for row in claims.itertuples():
        words = cards[f"step-{row.claim_id.lower()}"].text_content()
        assert row.paraphrase in words
        assert all(f"{when}: {verdict.mark} {verdict.word}" in words for when, verdict in both(row.claim_id) if verdict)
        steps = argument.steps_from(row.claim_id) + argument.steps_to(row.claim_id)
        assert all(step.reading in words for step in steps)
    targets = {node.get("id") for node in page.xpath("//*[@id]")}
    local = {link.get("href")[1:] for link in page.xpath("//article//a[starts-with(@href, '#')]")}
    assert local <= targets
