"""One style sheet for all pages: rules that no page can use are gone, all others are there, in their order."""

import re
from types import SimpleNamespace

import pytest
from conftest import ROOT

from coursekit.book import styles

SITE = ROOT / "_build" / "html"
KNOWN = styles.words_of(
    ['<p class="a b" id="c"><details data-x="y" class=\'d\'>'],
    ['body.classList.add("shown"); const mine = `kind-${kind}`; box.outerHTML = "<mark class=hit>";'],
)


def kept(sheet: str, known=KNOWN) -> str:
    return styles.pruned(styles.parsed(sheet), known).replace("\n", "")


@pytest.mark.parametrize(
    "selector",
    [
        "p", ".a", ".a.b > p", "#c", ".d:hover::before", "*", ":root", "[data-mode=dark]", ".d[open] .a",
        ".a:not(.nowhere)", ":is(.nowhere,.a) p", ".shown", ".kind-later", "mark.hit", "DETAILS", "::selection",
    ],
)  # fmt: skip
def test_a_selector_that_a_page_or_a_script_can_meet_is_kept(selector):
    assert kept(f"{selector} {{ color: red; }}") == f"{selector}{{color: red}}"


@pytest.mark.parametrize("selector", [".nowhere", "#nowhere", "video", ".a .nowhere", "p.a.x:hover", "mine", ".const"])
def test_a_selector_that_nothing_can_meet_is_dropped(selector):
    assert kept(f"{selector} {{ color: red }} p {{ margin: 0 }}") == "p{margin: 0}"


def test_only_the_useless_part_of_a_list_is_dropped():
    assert kept(".nowhere, .a, p:is(.x, .y) { margin: 0; /* why */ --x: 1 }") == ".a,p:is(.x, .y){margin: 0;--x: 1}"


def test_groups_stay_around_what_they_hold_and_vanish_when_empty():
    sheet = "@media print { .a { margin: 0 } .no { margin: 0 } } @supports (x: y) { @media all { .no { margin: 0 } } }"
    assert kept(sheet) == "@media print{.a{margin: 0}}"


def test_fonts_and_imports_are_left_out_and_the_rest_is_kept():
    fonts = '@import "b.css"; @font-face { font-family: F; src: url(f.woff2) }'
    assert (
        kept(f"{fonts} @keyframes k {{ to {{ top: 0 }} }} @page {{ margin: 0 }}")
        == "@keyframes k { to { top: 0 } }@page { margin: 0 }"
    )


@pytest.mark.parametrize(
    ("folder", "given", "wanted"),
    [
        ("", "url(file.png)", 'url("../file.png")'),
        ("styles", "url('../a/b.svg')", 'url("../a/b.svg")'),
        ("course", 'url("x.svg")', 'url("x.svg")'),
        ("", "url(data:image/png;base64,AA)", "url(data:image/png;base64,AA)"),
        ("", "url(\"data:image/svg+xml,%3Csvg xmlns='http://x/'%3E\")", "url(\"data:image/svg+xml,%3Csvg xmlns='http://x/'%3E\")"),
    ],
)  # fmt: skip
def test_addresses_lead_where_they_led(folder, given, wanted):
    assert styles.parsed(f".a {{ background: {given} }}", folder)[0][2] == f"background: {wanted}"


def test_a_sheet_is_parsed_again_only_when_it_changes(tmp_path, monkeypatch):
    (tmp_path / "one.css").write_text(".a { top: 0 }")
    (tmp_path / "two.css").write_text(".b { top: 0 }")
    seen, parse = [], styles.parsed
    monkeypatch.setattr(styles, "parsed", lambda text, folder: seen.append(text) or parse(text, folder))

    def read() -> str:
        tree = styles.parse_all(tmp_path, ["one.css", "two.css"], tmp_path / "kept.json")
        return styles.pruned(tree, KNOWN).replace("\n", "")

    assert read() == read() == ".a{top: 0}.b{top: 0}" and len(seen) == 2
    (tmp_path / "one.css").write_text(".a { left: 0 }")
    assert read() == ".a{left: 0}.b{top: 0}" and len(seen) == 3


def test_pages_link_to_the_sheet_by_its_content(tmp_path):
    static, page = tmp_path / "_static", tmp_path / "page.html"
    (static / "course").mkdir(parents=True)
    page.write_text('<link href="_static/course/book.css"><p class="a">')
    file = SimpleNamespace(filename="_static/own.css?v=1", priority=1, attributes={})
    builder = SimpleNamespace(format="html", _css_files=[file])
    app = SimpleNamespace(builder=builder, outdir=tmp_path, doctreedir=tmp_path)
    names = []
    for colour in ("red", "blue", "blue"):
        (static / "own.css").write_text(f".a {{ color: {colour} }} .b {{ top: 0 }}")
        styles.write_sheet(app, None)
        (sheet,) = (static / "course").glob("book-*.css")
        assert sheet.read_text() == f".a{{color: {colour}}}\n"
        assert f'href="_static/course/{sheet.name}"' in page.read_text()
        names.append(sheet.name)
    assert names[0] != names[1] == names[2]


def built() -> list:
    return sorted(page for page in SITE.rglob("*.html") if "_static" not in page.parts and page.name != "404.html")


@pytest.mark.browser
def test_nothing_but_one_sheet_and_the_colour_mode_holds_up_a_page():
    assert built()
    for page in built():
        text = page.read_text(encoding="utf-8")
        (sheet,) = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', text)
        assert (page.parent / sheet).resolve().stat().st_size <= 180_000
        held = [tag for tag in re.findall(r"<script[^>]*>", text) if "defer" not in tag and "ld+json" not in tag]
        assert len(held) == 1 and "course/theme.js" in held[0], (page.name, held)


@pytest.mark.browser
def test_no_page_asks_for_a_font():
    (sheet,) = SITE.glob("_static/course/book-*.css")
    assert "@font-face" not in sheet.read_text(encoding="utf-8")


@pytest.mark.browser
def test_vega_is_named_at_the_end_of_a_page_with_figures():
    """In the head it took three seconds of a slow line from the text."""
    for page in built():
        text = page.read_text(encoding="utf-8")
        hints = [hint.start() for hint in re.finditer(r'<link rel="preload"', text)]
        assert len(hints) == ('class="course-figure"' in text), page.name
        assert all(text.index("</article>") < hint for hint in hints), page.name
