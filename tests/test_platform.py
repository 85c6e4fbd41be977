"""The built book where others put it: a host with a strict content policy, a USB stick, paper, a search."""

import re
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import numpy as np
import pytest
from conftest import CHAPTERS, SAMPLES, SITE, Quiet
from figure_probe import WAKE, still
from pypdfium2 import PdfDocument

pytestmark = pytest.mark.browser
POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]


class Strict(Quiet):
    """A host that forbids inline scripts and evaluation."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def strict_site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def visit(browser):
    """Open an address in a context of its own and collect what goes wrong on it."""
    contexts, tabs = [], []

    def open_(address, context=None, **options):
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            contexts.append(context)
        tab = context.new_page()
        tabs.append(tab)
        tab.wrong = []
        tab.on("console", lambda m: m.type in ("error", "warning") and tab.wrong.append(m.text))
        tab.on("pageerror", lambda e: tab.wrong.append(str(e)))
        tab.on("requestfailed", lambda r: tab.wrong.append(f"failed: {r.url}"))
        tab.goto(address)
        return tab

    yield open_
    for made in (*tabs, *contexts):
        made.close()


@pytest.fixture(scope="module")
def one_reader(browser):
    """A context for all pages that are opened one after the other: a browser that has read the book's files already."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


# Behind a strict policy


@pytest.mark.parametrize("page", SAMPLES)
def test_nothing_breaks_behind_a_strict_policy(visit, strict_site, one_reader, page):
    tab = visit(strict_site + page, one_reader)
    assert tab.evaluate(WAKE) == [], "these charts did not come alive"
    assert tab.wrong == []


def test_colour_mode_search_and_sidebar_work_behind_a_strict_policy(visit, strict_site):
    tab = visit(f"{strict_site}{CHAPTER_PAGES[0]}", color_scheme="light")
    modes = set()
    for _press in range(3):
        tab.locator(".article-header-buttons .theme-switch-button").click()
        modes.add(tab.evaluate("document.documentElement.dataset.mode"))
    assert modes == {"light", "dark", "auto"}
    shown = tab.locator("#pst-primary-sidebar").is_visible()
    tab.locator(".primary-toggle").first.click()
    still(tab, 300)
    box = tab.locator("#pst-primary-sidebar").bounding_box()
    assert shown and (box is None or box["x"] + box["width"] <= 0 or box["width"] == 0)
    tab.keyboard.press("Control+K")
    tab.locator("dialog[open] input[name=q]").fill("burden")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#search-results li .context")
    assert tab.wrong == []


def test_a_kept_dark_mode_is_there_before_the_page_is_drawn(visit, strict_site):
    tab = visit(strict_site)
    tab.evaluate("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
    tab.route("**/*.css*", lambda route: route.abort())
    tab.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    tab.goto(f"{strict_site}index.html")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


# From a USB stick


@pytest.mark.parametrize("page", [page for page in SAMPLES if page != "404.html"])
def test_nothing_breaks_from_a_file(visit, one_reader, page):
    tab = visit((SITE / page).as_uri(), one_reader)
    assert tab.evaluate(WAKE) == [], "these charts did not come alive"
    assert tab.wrong == []


def test_the_ledger_filters_from_a_file(visit):
    tab = visit((SITE / "chapters/reference/ledger.html").as_uri())
    everything = tab.locator(".course-filter-count").inner_text()
    tab.locator(".course-filter input[type=search]").fill("zzzz")
    assert tab.locator(".course-filter-count").inner_text().startswith("0 ") and not everything.startswith("0 ")
    assert tab.wrong == []


# Search


@pytest.fixture(params=["server", "file"])
def search_page(request, site):
    return f"{site}search.html" if request.param == "server" else (SITE / "search.html").as_uri()


def test_search_shows_the_passage_and_leads_to_its_section(visit, search_page):
    tab = visit(f"{search_page}?q=burden+sharing")
    tab.wait_for_selector("#search-results li .context mark")
    tab.wait_for_load_state("networkidle")
    passages = tab.locator("#search-results li").all_inner_texts()
    assert passages and all(re.search("burden|shar|Found in the code", text, re.I) for text in passages)
    assert sum("Found in the code" in text for text in passages) < len(passages) / 4
    assert not [text for text in passages if "import " in text], "code is no passage"
    assert not [text for text in passages if re.search(r"\.md\b|\.ipynb|Toggle", text)]
    link = tab.locator("#search-results li a[href*='#']").first
    link.click()
    tab.wait_for_load_state()
    assert "#" in tab.url and tab.locator("article mark").count() > 0
    assert tab.locator("article svg mark, article svg .highlighted").count() == 0
    tab.get_by_role("button", name="Unmark").click()
    assert tab.locator("article mark").count() == 0
    assert tab.wrong == []


@pytest.mark.parametrize("chapter", CHAPTER_PAGES)
def test_search_finds_words_that_stand_in_figures_only(visit, site, chapter):
    """A word of a figure's description or table finds its chapter."""
    tab = visit(f"{site}{chapter}")
    words = tab.evaluate("""() => { const rest = document.querySelector('article').cloneNode(true);
        const figures = [...rest.querySelectorAll('figure.course-figure details')];
        const inside = figures.flatMap(f => [...f.querySelectorAll('p, td')]).map(n => n.textContent).join(' ');
        for (const part of rest.querySelectorAll('figure, script, pre')) part.remove();
        const outside = new Set(rest.textContent.toLowerCase().match(/[a-z]{5,}/g));
        return [...new Set(inside.match(/[A-Z][a-z]{5,}/g) ?? [])].filter(w => !outside.has(w.toLowerCase())); }""")
    assert words, "no word stands in figures only"
    for word in words[:3]:
        tab.goto(f"{site}search.html?q={word}")
        tab.wait_for_selector(f"#search-results li a[href^='{chapter}']", state="attached")
        found = [link.get_attribute("href") for link in tab.locator("#search-results li a").all()]
        assert any(href.startswith(chapter) for href in found), word


# Paper

BRIGHTNESS = """() => [getComputedStyle(document.querySelector('article p')).color,
    getComputedStyle(document.body).backgroundColor].map(
        colour => Math.max(...colour.match(/[0-9.]+/g).slice(0, 3).map(Number)))"""
FADED = """() => [...document.querySelectorAll('article details > :not(summary)')].map(
    part => getComputedStyle(part).opacity)"""
CLIPPED = """() => [...document.querySelectorAll('article pre')].filter(p => p.checkVisibility() &&
    (p.scrollWidth > p.clientWidth + 1 || p.scrollHeight > p.clientHeight + 1)).map(p => p.textContent.slice(0, 60))"""


@pytest.fixture
def printed(visit, site):
    """A page as it is printed by a reader in dark mode."""

    def print_(page):
        tab = visit(site + "404.html", color_scheme="dark", viewport={"width": 720, "height": 1000})
        tab.evaluate("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
        tab.goto(site + page)
        assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
        tab.emulate_media(media="print")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        return tab

    return print_


def filled(page) -> float:
    """How far down a printed page its last ink is, 0 to 1. ``page`` is a page of pypdfium2."""
    picture = np.asarray(page.render(scale=0.5, grayscale=True).to_numpy()).squeeze()
    inked = np.flatnonzero((picture < 200).any(axis=1))
    return inked.max() / len(picture) if len(inked) else 0.0


@pytest.mark.parametrize("page", ["index.html", *CHAPTER_PAGES])
def test_print_is_light_whole_and_open_and_fills_its_pages(printed, page):
    """A figure that may not break pushes itself to the next page: never so that most of a page stays white."""
    tab = printed(page)
    ink, paper = tab.evaluate(BRIGHTNESS)
    assert ink < 110 and paper > 240
    assert tab.evaluate("[...document.querySelectorAll('article details:not([open])')].length") == 0
    hidden = tab.evaluate("""() => [...document.querySelectorAll('article .sd-tab-content')].filter(
        t => !t.checkVisibility()).length""")
    assert hidden == 0, "a tab is not printed"
    assert tab.evaluate(CLIPPED) == []
    assert set(tab.evaluate(FADED)) <= {"1"}
    for gone in (".course-run", ".course-controls", ".article-header-buttons", ".bd-sidebar-primary"):
        assert not any(node.is_visible() for node in tab.locator(gone).all()), gone
    pages = list(PdfDocument(tab.pdf(format="A4", print_background=True)))
    assert len(pages) > 1
    white = [number + 1 for number, sheet in enumerate(pages[:-1]) if filled(sheet) < 0.45]
    assert not white, "pages that end in their upper half"
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert tab.evaluate("[...document.querySelectorAll('article details[open]')].length") == 0
