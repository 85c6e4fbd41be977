"""The built book in a real browser: as a reader with a mouse, a keyboard, a phone, a dark screen, or no JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import CHAPTERS, PAGES

pytestmark = pytest.mark.browser
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]
CHARTED = ["index.html", *CHAPTER_PAGES]
VIEWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
WAKE = """async () => { for (const figure of document.querySelectorAll("figure.course-figure")) {
    figure.scrollIntoView();
    for (let n = 0; n < 300 && !figure.dataset.live; n++) await new Promise(r => setTimeout(r, 100)); }
    window.scrollTo(0, 0); return [...document.querySelectorAll("figure.course-figure")]
        .filter(f => f.dataset.live !== "yes").map(f => f.id); }"""


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


def violations(tab) -> list[str]:
    found = Axe().run(tab, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target']} ({len(v['nodes'])}x)" for v in found]


@pytest.mark.parametrize("page", PAGES)
def test_page_is_accessible_local_and_fits(open_page, page):
    """Two widths, light and dark: no axe violation, no outside request, no error, no sideways scroll."""
    for width, scheme in VIEWS:
        tab, watch = open_page(page, width, scheme, live=True)
        assert tab.evaluate("document.documentElement.dataset.theme") == scheme
        assert violations(tab) == [], f"{width} {scheme}"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{width} {scheme}: the page scrolls sideways"
        )
        assert watch == {"outside": [], "errors": []}, f"{width} {scheme}"
        tab.close()


CONTROLS = "figure.course-figure .course-controls select, figure.course-figure .course-controls input"
SETTINGS = """f => [...f.closest('.course-controls').querySelectorAll('select, input')].map(
    i => i.type === 'radio' || i.type === 'checkbox' ? i.checked : i.value)"""


def picture(tab, figure: str) -> str:
    return tab.locator(f"#{figure} .course-live svg").inner_html()


@pytest.mark.parametrize("page", CHARTED)
def test_every_control_changes_its_chart(open_page, page):
    tab, _watch = open_page(page, live=True)
    fields = tab.locator(CONTROLS)
    assert fields.count() > 0
    for place in range(fields.count()):
        field = fields.nth(place)
        figure = field.evaluate("f => f.closest('figure').id")
        leave(field)
        tab.wait_for_timeout(200)
        before = picture(tab, figure)
        assert any(changed(tab, field, value, figure, before) for value in other_values(field)), (
            f"{figure}: control {place} changes nothing"
        )


def changed(tab, field, value, figure, before) -> bool:
    use(field, value)
    tab.wait_for_timeout(250)
    return picture(tab, figure) != before


def leave(field) -> None:
    """A chosen radio button is left for its neighbour, so that choosing it is a change."""
    field.evaluate("""f => { if (f.type === 'radio' && f.checked) {
        [...document.getElementsByName(f.name)].find(other => other !== f).click(); } }""")


def other_values(field) -> list:
    kind = field.evaluate("f => f.type")
    if kind.startswith("select"):
        return field.evaluate("f => [...f.options].map(o => o.value).filter(v => v !== f.value)")[:4]
    if kind == "range":
        return [field.get_attribute("max"), field.get_attribute("min")]
    return ["toggle"] if kind in ("checkbox", "radio") else ["NATO", "0"]


def use(field, value) -> None:
    kind = field.evaluate("f => f.type")
    if kind.startswith("select"):
        field.select_option(value)
    elif kind in ("checkbox", "radio"):
        field.click()
    else:
        field.evaluate(
            "(f, v) => { f.value = v; f.dispatchEvent(new Event('input')); f.dispatchEvent(new Event('change')); }",
            value,
        )


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
    tab.wait_for_timeout(300)
    assert picture(tab, figure) != before
    chosen = field.evaluate(SETTINGS)
    tab.set_viewport_size({"width": 400, "height": 900})
    tab.wait_for_timeout(1500)
    assert tab.locator(f"#{figure} .course-controls").locator("select, input").first.evaluate(SETTINGS) == chosen


@pytest.mark.parametrize("page", CHARTED)
def test_without_javascript_the_picture_is_there(open_page, page):
    tab, _watch = open_page(page, java_script_enabled=False)
    pictures = tab.locator("figure.course-figure .course-static svg")
    assert pictures.count() == tab.locator("figure.course-figure").count() > 0
    assert all(pictures.nth(n).bounding_box()["height"] > 80 for n in range(pictures.count()))


def test_a_late_chart_is_loaded_only_when_seen(open_page):
    tab, _watch = open_page(CHAPTER_PAGES[0])
    tab.wait_for_timeout(800)
    states = tab.evaluate("[...document.querySelectorAll('figure.course-figure')].map(f => f.dataset.live ?? 'still')")
    assert states[-1] == "still"


def test_the_ledger_filters(open_page):
    tab, _watch = open_page("chapters/reference/ledger.html")
    shown = tab.locator(".course-filter-count")
    everything = shown.inner_text()
    verdict = tab.locator(".course-filter label:has(span:text-is('Verdict')) select")
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
