"""The built book in a real browser: as a reader with a mouse, a keyboard, a phone, a dark screen, or no JavaScript."""

import pytest
from accessible import violations
from conftest import CHAPTERS, ROOT, SAMPLES
from figure_probe import MARKS, WAKE, still

pytestmark = pytest.mark.browser
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]
CHARTED = ["index.html", *CHAPTER_PAGES]
VIEWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture(scope="session")
def contexts(browser):
    """One browser context a view, kept for the whole run: making one costs more than opening a page in it."""
    made = {}

    def context(width, scheme, **options):
        key = (width, scheme, *options.items())
        if key not in made:
            made[key] = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
            made[key].add_init_script(
                f"localStorage.setItem('mode', '{scheme}'); localStorage.setItem('theme', '{scheme}')"
            )
        return made[key]

    return context


@pytest.fixture
def open_page(contexts, site):
    """Open a page and watch it: ``watch['outside']`` and ``watch['errors']`` fill as it lives."""
    tabs = []

    def open_(page, width=1280, scheme="light", live=False, **options):
        tab = contexts(width, scheme, **options).new_page()
        tabs.append(tab)
        watch = {"outside": [], "errors": []}
        tab.on("request", lambda r: r.url.startswith((site, "data:", "blob:")) or watch["outside"].append(r.url))
        tab.on("console", lambda m: m.type == "error" and watch["errors"].append(m.text))
        tab.on("response", lambda r: r.status >= 400 and watch["errors"].append(f"{r.status} {r.url}"))
        tab.on("pageerror", lambda e: watch["errors"].append(str(e)))
        tab.goto(site + page)
        if live:
            assert tab.evaluate(WAKE) == [], "these charts did not come alive"
        return tab, watch

    yield open_
    for tab in tabs:
        tab.close()


# Axe reads each width and each scheme once with every fold open, which shows all that the page shows and more, and once
# as a reader meets the page.
UNFOLDED = [(1280, "light"), (360, "dark")]
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
TOOLS = """() => [...document.querySelectorAll('.course-take-away')].every(part => part.querySelector('button'))"""
# axe's nested-interactive passes over <summary>, so it is looked for by name.
CONTROLS_IN_SUMMARY = """[...document.querySelectorAll(
    'summary :is(a[href], button, input, select, textarea, summary, [tabindex])')].map(e => e.outerHTML.slice(0, 99))"""

# The theme's icon font is not loaded: a sign of it that a style sheet still asks for shows as an empty box.
LOST_ICONS = r"""[...document.querySelectorAll('body *')].flatMap(e => ['::before', '::after'].filter(side =>
    e.getBoundingClientRect().width && /[\uE000-\uF8FF]/.test(getComputedStyle(e, side).content))
    .map(side => e.tagName + '.' + e.className + side))"""


@pytest.mark.parametrize("page", SAMPLES)
def test_page_is_accessible_local_and_fits(open_page, page):
    """Two widths, light and dark: no axe violation, no outside request, no error, no sideways scroll."""
    for width, scheme in VIEWS:
        tab, watch = open_page(page, width, scheme, live=True)
        if page != "404.html":  # it must not need the theme's files, which it may not find
            assert tab.evaluate("document.documentElement.dataset.theme") == scheme
        if (width, scheme) not in UNFOLDED:
            assert violations(tab) == [], f"{width} {scheme}"
        tab.evaluate(UNFOLD)
        tab.wait_for_function(TOOLS)
        still(tab, 100)
        if (width, scheme) in UNFOLDED:
            assert violations(tab) == [], f"{width} {scheme}, all folds opened"
        assert tab.evaluate(CONTROLS_IN_SUMMARY) == [], "a control within a control is out of reach"
        assert tab.evaluate(LOST_ICONS) == [], f"{width} {scheme}"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{width} {scheme}: the page scrolls sideways"
        )
        assert watch == {"outside": [], "errors": []}, f"{width} {scheme}"
        tab.close()


STEPS = 5  # of a control, at most, until its picture must have changed
CONTROLS = "figure.course-figure .course-controls select, figure.course-figure .course-controls input"
SETTINGS = """f => [...f.closest('.course-controls').querySelectorAll('select, input')].map(
    i => i.type === 'radio' || i.type === 'checkbox' ? i.checked : i.value)"""


def picture(tab, figure: str) -> str:
    """The marks of a live chart, without the line that names its setting."""
    return tab.locator(f"#{figure} .course-live svg").evaluate(MARKS)


@pytest.mark.parametrize("page", CHARTED)
def test_a_control_works_by_keyboard_and_survives_a_turn_of_the_phone(open_page, page):
    tab, _watch = open_page(page, live=True)
    field = tab.locator(
        CONTROLS.replace("input", "input:not([type=radio]), figure.course-figure input[type=radio]:checked")
    ).first
    figure = field.evaluate("f => f.closest('figure').id")
    before, start = picture(tab, figure), field.evaluate(SETTINGS)
    field.focus()
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft"):
        tab.keyboard.press(key)
        if field.evaluate(SETTINGS) != start:
            break
    for _ in range(STEPS):  # in some years of a map nobody joins
        tab.wait_for_timeout(300)
        if picture(tab, figure) != before:
            break
        tab.keyboard.press(key)
    assert picture(tab, figure) != before
    chosen = field.evaluate(SETTINGS)
    tab.set_viewport_size({"width": 400, "height": 900})
    tab.wait_for_timeout(1500)
    assert tab.locator(f"#{figure} .course-controls").locator("select, input").first.evaluate(SETTINGS) == chosen


@pytest.mark.parametrize("page", CHARTED)
def test_without_javascript_the_picture_is_there(open_page, page):
    tab, _watch = open_page(page, java_script_enabled=False)
    pictures = tab.locator("figure.course-figure .course-static .course-on-light img")
    assert pictures.count() == tab.locator("figure.course-figure").count() > 0
    seen = set()
    for fold in tab.locator("details:has(figure.course-figure) > summary").all():
        fold.click()
    for tab_of_paths in [None, *tab.locator(".sd-tab-set:has(figure.course-figure) > label").all()]:
        if tab_of_paths:
            tab_of_paths.click()
        boxes = {n: pictures.nth(n).bounding_box() for n in range(pictures.count())}
        seen |= {n for n, box in boxes.items() if box and box["height"] > 80}
    assert seen == set(range(pictures.count())), "each picture is there, once its fold or tab is opened"


def test_a_late_chart_is_loaded_only_when_seen(open_page):
    tab, _watch = open_page(CHAPTER_PAGES[0])
    tab.wait_for_timeout(800)
    states = tab.evaluate("[...document.querySelectorAll('figure.course-figure')].map(f => f.dataset.live ?? 'still')")
    assert states[-1] == "still"


def test_the_ledger_filters(open_page):
    tab, _watch = open_page("chapters/reference/ledger.html")
    shown = tab.locator(".course-filter-count")
    everything = shown.inner_text()
    verdict = tab.locator(".course-filter label:has(span:text-is('Today')) select")
    verdict.select_option("mixed")
    assert shown.inner_text() != everything and not shown.inner_text().startswith("0 ")
    verdict.select_option("")
    assert shown.inner_text() == everything
    tab.locator(".course-filter input[type=search]").fill("zzzz")
    assert shown.inner_text().startswith("0 ")


def test_search_finds_a_chapter(open_page, site):
    tab, watch = open_page("search.html?q=burden")
    tab.wait_for_selector("#search-results li a")
    assert "04-money" in "".join(a.get_attribute("href") for a in tab.locator("#search-results li a").all())
    assert watch["outside"] == []


PLANS = sorted((ROOT / "chapters" / "teaching" / "class").glob("*.md"))
CLASSES = [f"chapters/teaching/class/{path.stem}.html" for path in PLANS]
SIDEWAYS = """() => [...document.querySelectorAll('.pst-scrollable-table-container')].filter(
    box => box.scrollWidth > box.clientWidth + 1 && box.querySelector('thead th:nth-child(3)'))
    .map(box => box.textContent.trim().slice(0, 60))"""
PLAN = """() => { const table = document.querySelector('.pst-scrollable-table-container > table');
    return { layout: getComputedStyle(table).display, roles: [...new Set([...table.querySelectorAll('*')].map(
        part => part.getAttribute('role')).filter(Boolean))].sort(),
        labels: [...table.tBodies[0].rows[0].cells].map(cell => getComputedStyle(cell, '::before').content) }; }"""


@pytest.mark.parametrize("page", CLASSES)
def test_no_table_of_a_class_page_scrolls_sideways_on_a_phone(open_page, page):
    """Wide tables stand as cards there, each cell with its column; on a wide screen they are tables."""
    tab, _ = open_page(page, width=360)
    assert tab.evaluate(SIDEWAYS) == []
    plan = tab.evaluate(PLAN)
    assert plan["layout"] == "block" and {"cell", "columnheader", "row", "rowgroup"} == set(plan["roles"])
    assert plan["labels"][0].replace('" "', "") == '"Minutes: "' and all(
        "none" not in label for label in plan["labels"]
    )
    tab, _ = open_page(page)
    assert tab.evaluate(PLAN)["layout"] == "table" and tab.evaluate(PLAN)["labels"][0] == "none"
