"""The built book in a real browser: as a reader with a mouse, a keyboard, a phone, a dark screen, or no JavaScript."""

import pytest
from accessible import violations
from conftest import CHAPTERS, ROOT, SAMPLES
from figure_probe import CUT_IN_PAGE, MARKS, WAKE, still

pytestmark = pytest.mark.browser
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]
CHARTED = ["index.html", *CHAPTER_PAGES]


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


# Each width is opened in one scheme and turned to the other by the page's own button; axe reads it as a reader meets it
# in the first, and with every fold open, which shows all of it and more, in the second.
VIEWS = [(1280, "dark", "light"), (360, "light", "dark")]
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
TURN = """scheme => { for (let n = 0; n < 3 && document.documentElement.dataset.mode !== scheme; n++)
    document.querySelector('.theme-switch-button').click(); }"""
TOOLS = """() => [...document.querySelectorAll('.course-take-away')].every(part => part.querySelector('button'))"""
# axe's nested-interactive passes over <summary>, so it is looked for by name.
CONTROLS_IN_SUMMARY = """[...document.querySelectorAll(
    'summary :is(a[href], button, input, select, textarea, summary, [tabindex])')].map(e => e.outerHTML.slice(0, 99))"""

# The theme's icon font is not loaded: a sign of it that a style sheet still asks for shows as an empty box.
LOST_ICONS = r"""[...document.querySelectorAll('body *')].flatMap(e => ['::before', '::after'].filter(side =>
    e.getBoundingClientRect().width && /[\uE000-\uF8FF]/.test(getComputedStyle(e, side).content))
    .map(side => e.tagName + '.' + e.className + side))"""


# Sides of the boxes that are tinted or have a bar: how much room the words have there.
BOXES = """() => [...document.querySelectorAll('.course-box, .course-quiz, .admonition')].flatMap(box => {
    const style = getComputedStyle(box);
    const tinted = style.backgroundColor !== 'rgba(0, 0, 0, 0)' || parseFloat(style.borderLeftWidth) > 0;
    const room = Math.min(parseFloat(style.paddingLeft), parseFloat(style.paddingRight));
    return tinted ? [[box.className, room]] : []; })"""


def turn(tab, scheme: str) -> None:
    """Turn an open page to a scheme as its reader does, whose system has it too: the page then remembers it."""
    tab.emulate_media(color_scheme=scheme)
    if tab.locator(".theme-switch-button").count():  # the page of a lost address has none
        tab.evaluate(TURN, scheme)


def check_fit(tab, page: str, width: int, scheme: str) -> None:
    """A page with all folds open: its scheme, its controls within reach, every icon there, no sideways scroll."""
    if page != "404.html":  # it must not need the theme's files, which it may not find
        assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    assert tab.evaluate(CONTROLS_IN_SUMMARY) == [], "a control within a control is out of reach"
    assert tab.evaluate(LOST_ICONS) == [], f"{width} {scheme}"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{width} {scheme}: the page scrolls sideways"


@pytest.mark.parametrize("page", SAMPLES)
def test_page_is_accessible_local_and_fits(open_page, page):
    """Two widths, light and dark: no axe violation, outside request, error, sideways scroll, cut word, tight box."""
    for width, opened, turned in VIEWS:
        tab, watch = open_page(page, width, opened, live=True)
        assert violations(tab) == [], f"{width} {opened}"
        assert width > 360 or tab.evaluate(CUT_IN_PAGE) == {}, "words of a picture run out of it"
        boxes = tab.evaluate(BOXES)
        assert [box for box in boxes if box[1] < 10] == [], f"{width}: words touch the side of their box"
        if page in CHAPTER_PAGES:
            assert {"course-card", "course-quiz"} <= {kind for name, _room in boxes for kind in name.split()}
        tab.evaluate(UNFOLD)
        tab.wait_for_function(TOOLS)
        still(tab, 100)
        check_fit(tab, page, width, opened)
        turn(tab, turned)
        still(tab, 100)
        assert violations(tab) == [], f"{width} {turned}, all folds opened"
        check_fit(tab, page, width, turned)
        assert watch == {"outside": [], "errors": []}, f"{width}"
        tab.close()


# All that a scheme can change of what is drawn, element by element.
DRAWN = """() => [...document.querySelectorAll('body, body *')].map(e => { const box = e.getBoundingClientRect();
    return [e.tagName, ...['color', 'backgroundColor', 'backgroundImage', 'borderTopColor', 'borderLeftColor', 'fill',
        'stroke', 'opacity', 'boxShadow', 'filter', 'colorScheme', 'display'].map(name => getComputedStyle(e)[name]),
        box.height ? e.currentSrc : '', Math.round(box.width), box.height > 0].join(' '); })"""


@pytest.mark.parametrize("page", ["index.html", CHAPTER_PAGES[3]])
@pytest.mark.parametrize(("width", "opened", "turned"), VIEWS)
def test_a_page_turned_to_a_scheme_is_the_page_that_opens_in_it(open_page, page, width, opened, turned):
    """So that axe may read a page once it was turned."""
    seen = {}
    for scheme in (opened, turned):
        tab, _watch = open_page(page, width, scheme, live=True)
        turn(tab, turned)
        tab.evaluate(UNFOLD)
        tab.wait_for_function(TOOLS)
        tab.evaluate("scrollTo(0, 0)")  # the header has a shadow where it is not at the top
        still(tab, 300)
        seen[scheme] = tab.evaluate(DRAWN)
    assert [pair for pair in zip(*seen.values(), strict=True) if pair[0] != pair[1]][:5] == []


STEPS = 5  # of a control, at most, until its picture must have changed
CONTROLS = "figure.course-figure .course-controls select, figure.course-figure .course-controls input"
SETTINGS = """f => [...f.closest('.course-controls').querySelectorAll('select, input')].map(
    i => i.type === 'radio' || i.type === 'checkbox' ? i.checked : i.value)"""

WIDTH = "id => document.querySelector(`#${id} .course-live svg`).width.baseVal.value"


def picture(tab, figure: str) -> str:
    """The marks of a live chart, without the line that names its setting."""
    return tab.locator(f"#{figure} .course-live svg").evaluate(MARKS)


@pytest.mark.parametrize("page", CHARTED)
def test_a_control_works_by_keyboard_and_survives_a_turn_of_the_phone(open_page, page):
    tab, _watch = open_page(page)
    field = tab.locator(
        CONTROLS.replace("input", "input:not([type=radio]), figure.course-figure input[type=radio]:checked")
    ).first
    figure = field.evaluate("f => f.closest('figure').id")
    assert tab.evaluate(WAKE.replace("figure.course-figure", f"#{figure}")) == [], "this chart did not come alive"
    before, start = picture(tab, figure), field.evaluate(SETTINGS)
    field.focus()
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft"):
        tab.keyboard.press(key)
        if field.evaluate(SETTINGS) != start:
            break
    for _ in range(STEPS):  # in some years of a map nobody joins
        still(tab, 100)
        if picture(tab, figure) != before:
            break
        tab.keyboard.press(key)
    assert picture(tab, figure) != before
    chosen = field.evaluate(SETTINGS)
    wide = tab.evaluate(WIDTH, figure)
    tab.set_viewport_size({"width": 400, "height": 900})
    tab.wait_for_function(f"([id, wide]) => ({WIDTH})(id) < wide", arg=[figure, wide])  # it was drawn anew
    still(tab, 300)
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
