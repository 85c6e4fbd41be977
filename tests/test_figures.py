"""Figures tell the truth at every setting: what figure() refuses, and what the page says when each control is moved."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
import sphinx_run
import vl_convert
from accessible import violations
from conftest import ROOT, SITE, Quiet
from figure_probe import CATCH, CUT_IN_PAGE, MOVE, WAKE, faults, figures, kept, pause, tried
from test_build_failures import CONF

from coursekit import settings
from coursekit.book import drawing, layout
from coursekit.book import figures as book_figures
from coursekit.captions import caption_at
from coursekit.charts import figure
from coursekit.settings import FigureError

HERE = Path(__file__).parent
WORDS = {"title": "A finding", "description": "x" * 60, "source": "nato_spending", "name": "fig-t-one"}
ROWS = pd.DataFrame({"year": [2014, 2014, 2015], "ally": ["A", "B", "A"], "share": [1.0, 2.125, None]})
CHARTED = [page for page in sorted(SITE.rglob("*.html")) if 'class="course-figure"' in page.read_text(encoding="utf-8")]
OURS = """
html_theme = "sphinx_book_theme"
project, author, copyright = "A small book", "A. Writer", "2026"
"""


def slide(name="year", low=2014, high=2015, value=2015, **more):
    return alt.param(name=name, value=value, bind=alt.binding_range(min=low, max=high, step=1, name="Year", **more))


def choose(name="ally", options=("A", "B"), value="A", **more):
    return alt.param(name=name, value=value, bind=alt.binding_select(options=list(options), name="Ally", **more))


def chart():
    return alt.Chart(ROWS).mark_bar().encode(x="share:Q", y="ally:N")


def captions(*rows, columns=("year", "caption")):
    return pd.DataFrame(rows, columns=columns)


# What figure() refuses -----------------------------------------------------------------------------------------------

REFUSED = {
    "first setting without a caption": (
        {
            "rows": ROWS,
            "controls": [slide(), choose()],
            "captions": captions((2014, "A", "x"), columns=("year", "ally", "caption")),
        },
        "there is no caption for year=2014, ally='B'",
    ),
    "empty caption": (
        {"controls": [slide()], "captions": captions((2014, " "), (2015, "x"))},
        "no caption for year=2014",
    ),
    "caption key that is no control": (
        {"controls": [slide()], "captions": captions((2014, "x"), columns=("yaer", "caption"))},
        "the caption key 'yaer' is no control",
    ),
    "captions without their column": (
        {"controls": [slide()], "captions": pd.DataFrame({"year": [1]})},
        "no column 'caption'",
    ),
    "filter that is no column": (
        {"rows": ROWS[["ally"]], "controls": [slide()], "filters": ["year"], "captions": "x {year}"},
        "the filter 'year' is no column of rows",
    ),
    "filter that is no control": ({"rows": ROWS, "filters": ["share"]}, "the filter 'share' is no control"),
    "unknown comparison": (
        {"rows": ROWS, "controls": [slide()], "filters": {"year": "=<"}, "captions": "x"},
        "'=<' is no comparison",
    ),
    "filters without rows": ({"controls": [slide()], "filters": ["year"], "captions": "x"}, "filters without rows"),
    "default outside": ({"controls": [slide(value=2013)], "captions": "x"}, "the default 2013 of the control 'year'"),
    "no control": ({"controls": [alt.param(name="k", value=1)], "captions": "x"}, "'k' is no control"),
    "template with an unknown name": ({"controls": [slide()], "captions": "In {yaer}"}, "the caption names '{yaer}'"),
    "template with an unknown format": (
        {"controls": [slide()], "captions": "In {year:>9}"},
        "format '>9' is not known",
    ),
    "template without a row": (
        {"rows": ROWS, "controls": [slide(), choose()], "captions": "{share:.1f} in {year}"},
        "there is no caption for year=2015, ally='B'",
    ),
    "opens without a row": (
        {"rows": ROWS.assign(year=1999), "controls": [slide()], "captions": "In {year}"},
        "no row passes at the settings with which it opens",
    ),
    "note without an end": ({"note": "Not drawn: Tuvalu"}, "the note has no full stop"),
    "ill name": ({"name": "Fig 1"}, "a name reads like 'fig-c04-plane'"),
}
STRICT = {
    "no name": ({"name": ""}, "no name"),
    "controls and no captions": ({"controls": [slide()]}, "it has controls and no captions"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_figure_refuses_with_one_sentence(case):
    given, said = REFUSED[case]
    with pytest.raises(FigureError) as refused:
        figure(chart(), **WORDS | given)
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("case", STRICT)
def test_figure_refuses_what_the_page_needs(case):
    given, said = STRICT[case]
    with pytest.raises(FigureError, match=said):
        figure(chart(), **WORDS | given)


def test_a_control_hidden_in_the_chart_is_refused():
    with pytest.raises(FigureError, match="the chart has the control 'year' that controls= lacks"):
        figure(chart().add_params(slide()), **WORDS)


# What a figure knows -------------------------------------------------------------------------------------------------


def test_a_figure_computed_from_a_model_says_so_and_needs_no_table():
    own = {key: value for key, value in WORDS.items() if key != "source"}
    made = figure(chart(), model="Olson and Zeckhauser 1966", **own)
    assert made.words["credit"] == "computed from a model, see Olson and Zeckhauser 1966" and not made.words["sources"]
    both = figure(chart(), model="a book", **WORDS).words["credit"]
    assert both.startswith("computed from a model, see a book; ") and "vintage" in both
    with pytest.raises(FigureError, match="no source"):
        figure(chart(), **own)


def test_captions_and_rows_follow_the_setting():
    made = figure(
        chart(), rows=ROWS, controls=[slide()], captions=captions((2014, "then"), (2015, "not shown")), **WORDS
    )
    assert (made.caption(), made.caption(year=2014)) == ("A finding", "then")
    assert made.rows(year=2014).ally.tolist() == ["A", "B"] and made.rows().ally.tolist() == ["A"]


def test_a_control_that_changes_no_message_keeps_the_title():
    made = figure(chart(), controls=[slide(), choose()], captions=captions((2014, "then"), (2015, "now")), **WORDS)
    assert made.caption(ally="B") == "A finding" and made.caption(year=2014, ally="B") == "then"


def test_a_template_is_filled_from_controls_and_the_first_row():
    made = figure(
        chart(),
        rows=ROWS,
        controls=[slide()],
        filters={"year": "<="},
        captions="{ally} {share:+.2f} to {year:d}",
        **WORDS,
    )
    assert made.caption(year=2014) == "A +1.00 to 2014"
    assert made.rows(year=2015).shape == (3, 3)


def test_a_caption_has_a_minus_sign_and_no_hyphen_before_a_negative_number():
    rows = pd.DataFrame({"at": [-2, -1], "gain": [-0.3, 0.3], "block": ["2016-20", "2021-25"]})
    move = slide("at", -2, -1, value=-1)
    made = figure(chart(), rows=rows, controls=[move], captions="{at}: {gain:+.2f} in {block}", **WORDS)
    assert made.caption(at=-2) == "−2: −0.30 in 2016-20"


def test_the_option_all_lets_every_row_pass():
    pick = choose(options=("all", "A", "B"), value="all")
    made = figure(chart(), rows=ROWS, controls=[pick], filters={"ally": "all"}, captions="{ally}", **WORDS)
    assert (len(made.rows()), len(made.rows(ally="B"))) == (3, 1)


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [(0.125, ".2f", "0.13"), (-0.004, ".2f", "0.00"), (1234567.5, ",.0f", "1,234,568"), (2, "+.1f", "+2.0"),
     (7.0, "d", "7"), (None, ".1f", "no value"), (0.1 + 0.2, "", "0.3"), ("x", "s", "x")],
)  # fmt: skip
def test_formats(value, how, text):
    assert settings.formatted(value, how) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [(2024, "int", "2024"), (12000, "int", "12,000"), (1234.5, "float", "1,235"), (0.00012344, "float", "0.0001234"),
     (True, "text", "yes"), (None, "float", "no value"), (0.0, "float", "0"), (999.96, "float", "1000")],
)  # fmt: skip
def test_cells(value, kind, text):
    assert settings.shown(value, kind) == text


@pytest.mark.parametrize("name", ["private", "class", "PI", "two words", "a-b"])
def test_a_control_named_by_a_word_that_vega_keeps_is_refused_with_another_name(name):
    with pytest.raises(FigureError) as refused:
        figure(chart(), controls=[slide(name)], captions="x", **WORDS)
    said = str(refused.value)
    free = said.split("to '")[1].split("'")[0]
    assert f"control is named '{name}'" in said and "\n" not in said
    assert figure(chart(), controls=[slide(free)], captions="x", **WORDS).spec()


def reads_its_control(name: str) -> bool:
    """Whether Vega reads a word as the control of that name."""
    spec = chart().to_dict()
    spec |= {"params": [{"name": name, "value": 7}], "title": {"text": {"expr": f"'at ' + {name}"}}}
    try:
        return "at 7" in vl_convert.vegalite_to_svg(spec)
    except ValueError:
        return False


@pytest.mark.slow
def test_the_words_that_are_refused_are_those_that_vega_keeps():
    assert [name for name in sorted(settings.RESERVED) if reads_its_control(name)] == []
    assert reads_its_control("year") and reads_its_control("private_chosen")


def test_a_control_is_added_to_the_chart_once():
    year = slide()
    for drawn in (chart(), chart().add_params(year)):
        spec = figure(drawn, controls=[year], captions="{year}", **WORDS).spec()
        assert [param["name"] for param in spec["params"] if param["name"] == "year"] == ["year"]


def test_a_notebook_shows_the_caption_of_its_setting():
    made = figure(chart(), rows=ROWS, controls=[slide()], captions=captions((2014, "Long ago"), (2015, "x")), **WORDS)
    for year, said in ((2014, "Long ago"), (2015, "A finding")):
        spec = made.spec()
        next(param for param in spec["params"] if param["name"] == "year")["value"] = year
        svg = vl_convert.vegalite_to_svg(spec)
        assert said in svg and f"Year\u00a0{year}" in svg and ("A finding" in svg) == (year == 2015)


CHARTS = {
    "single": chart(),
    "layered": chart() + chart().mark_point(),
    "faceted": chart().facet("ally:N"),
    "concatenated": chart() | chart(),
}


@pytest.mark.parametrize("kind", CHARTS)
def test_the_setting_stands_in_the_picture(kind):
    """In the notebook at another setting than the default, and in both static pictures of the book."""
    control = choose(options=["a short one", "words " * 12], value="words " * 12)
    made = figure(CHARTS[kind], controls=[slide(), control], captions="{year}", **WORDS)
    spec, words = book_figures.for_page(made.spec(), made.spec()["usermeta"]["course"])
    drawn = drawing.draw(spec, "here")["pictures"]
    for shape in ("wide", "narrow"):
        text = " ".join(re.sub(r"<[^>]+>", " ", drawn[shape]["light"]).replace("\u00a0", " ").split())
        assert re.search(r"Year 2015( ·)? Ally", text), text
        assert drawing.picture_size(drawn[shape]["light"])[0] <= drawing.AT[shape] + 2


def test_panels_are_as_wide_as_the_page():
    spec, _words = book_figures.for_page(
        *(lambda s: (s, {**s["usermeta"]["course"]}))(figure(CHARTS["concatenated"], **WORDS).spec())
    )
    for width in (328, 500, 720):
        _made, _room, svg = drawing._fitted(spec, width)
        assert abs(drawing.picture_size(svg)[0] - width) <= 2
    assert "vconcat" in layout.lay_out(spec, 328, 328, 328) and "hconcat" in layout.lay_out(spec, 720, 720, 720)


def test_small_pictures_keep_their_colours_and_count_their_ids():
    path = '<path opacity="0.75" d="M0.123456,7.98765" clip-path="url(#clip17)"/>'
    svg = f'<svg width="9" height="9"><clipPath id="clip17"/><g><g></g></g>{path}</svg>'
    assert drawing.smaller(svg) == (
        '<svg width="9" height="9"><clipPath id="i1"/><path opacity="0.75" d="M0.1,8" clip-path="url(#i1)"/></svg>'
    )


def test_a_chart_that_the_page_could_not_run_is_refused():
    with pytest.raises(FigureError, match="leaves out geoshape"):
        drawing.refuse_absent({"marks": [{"marks": [], "transform": [{"type": "geoshape"}]}]}, "here")


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ({"signals": [{"update": "geoArea('p', datum)"}]}, "geoArea"),
        ({"data": [{"url": "x", "format": {"type": "topojson"}}]}, "topojson"),
        ({"data": [{"values": [{"words": "geoArea(1)"}]}]}, ""),
    ],
)
def test_what_stands_as_absent_in_the_bundle_is_refused(spec, what):
    if not what:
        return drawing.refuse_absent(spec, "here")
    with pytest.raises(FigureError, match=f"leaves out {what}"):
        drawing.refuse_absent(spec, "here")


def test_the_bundle_comes_over_a_slow_line_in_three_seconds():
    """At 400 kbit/s, compressed: the first chart is then live within 5 s of the text (python -m bench page)."""
    _name, content = drawing.bundle()
    assert len(gzip.compress(content, 6)) <= 142_000


def test_the_bundle_is_what_its_recipe_names():
    wanted = json.loads((drawing.VEGA / "package.json").read_text())["dependencies"]
    name, content = drawing.bundle()
    head = content[:400].decode()
    assert all(f"{package} {version}".lower() in head.lower() for package, version in wanted.items())
    assert re.fullmatch(r"vega-[0-9a-f]{12}\.js", name)


def test_files_are_named_by_all_they_depend_on(tmp_path):
    def files(**more):
        made = figure(chart(), **WORDS | more).spec()
        spec, words = book_figures.for_page(made, made["usermeta"]["course"])
        return book_figures.figure_files(spec, words, tmp_path, "here")

    plain, again, noted = files(), files(), files(note="A note.")
    other = files(rows=ROWS.head(1), filters=[])
    assert plain == again
    assert noted["data"] != plain["data"] and noted["wide-light"] == plain["wide-light"]
    assert other["csv"] != plain["csv"] and other["data"] != plain["data"]
    assert (tmp_path / other["csv"]).read_text() == "year,ally,share\n2014,A,1\n"


# The page ------------------------------------------------------------------------------------------------------------


def build(folder: Path, pages: dict[str, str]) -> subprocess.CompletedProcess:
    """A small book with the theme of the real one; every warning is an error."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(CONF + OURS)
    shutil.copy(ROOT / "references.bib", folder)
    (folder / "index.md").write_text("# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    return sphinx_run.run(folder, "-W", "--keep-going")


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Path:
    """A built book of one page of figures."""
    folder = tmp_path_factory.mktemp("figures")
    run = build(folder, {"one": (HERE / "figures" / "one.md").read_text()})
    assert run.returncode == 0, run.stderr
    return folder / "_out"


class Strict(Quiet):
    """A file server under a strict content security policy; paths in ``lost`` fail as often as said."""

    lost: dict[str, int] = {}

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def do_GET(self) -> None:
        """Drop the connection for a path that is to be lost once more."""
        part = next((part for part, times in self.lost.items() if part in self.path and times > 0), None)
        if part:
            self.lost[part] -= 1
            self.close_connection = True
            return
        super().do_GET()


@pytest.fixture
def strict(book):
    """Address of the small book behind the policy."""
    Strict.lost = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def open_tab(browser):
    """Open an address in a fresh tab; ``tab.faults`` fills with errors of the page."""
    made = []

    def open_(address, width=1280, scheme="light", wake=True, catch=True, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        context.add_init_script(f"localStorage.setItem('mode', '{scheme}'); localStorage.setItem('theme', '{scheme}')")
        made.append(context)
        tab = context.new_page()
        tab.faults = []
        tab.on("pageerror", lambda error: tab.faults.append(str(error)))
        tab.goto(address)
        if wake:
            assert tab.evaluate(WAKE) == [], f"these charts did not come alive: {tab.faults}"
        if catch:
            tab.evaluate(CATCH)
        return tab

    yield open_
    for context in made:
        context.close()


def check_page(tab, site: Path) -> dict[str, dict]:
    """Move each control of each figure; what the page says must be what Python says. The last settings come back."""
    last = {}
    for name, words in figures(tab, site).items():
        values = settings.defaults(words)
        for control in words["controls"]:
            drawn = set()
            for value in [*tried(control), control["default"]]:
                values |= {control["name"]: value}
                seen = tab.evaluate(MOVE, [name, control["name"], settings.canonical(value)])
                assert faults(seen, words, values) == [], f"{name} at {values}"
                drawn.add(seen["marks"])
            assert len(drawn) > 1, f"{name}: the control '{control['name']}' changes nothing in the picture"
            values |= {control["name"]: tried(control)[-1]}
            tab.evaluate(MOVE, [name, control["name"], settings.canonical(values[control["name"]])])
        if words["controls"]:
            last[name] = values
    return last


def check_address(tab, site: Path, last: dict[str, dict]) -> None:
    """The page's address holds the settings: opened anew, it shows the same."""
    pause(tab, 500)  # the page writes its address a moment after the last change
    tab.reload()
    assert tab.evaluate(WAKE) == []
    known = figures(tab, site)
    for name, values in last.items():
        shown = json.loads(tab.locator(f"#{name}").get_attribute("data-shows"))
        assert shown == values, name
        assert (
            tab.locator(f"#{name} .course-caption").inner_text().split() == caption_at(known[name], values).split()
        ), name


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_every_setting_of_every_kind_of_chart(open_tab, strict, book, width):
    tab = open_tab(f"{strict}one.html", width)
    last = check_page(tab, book)
    assert len(last) == 4
    check_address(tab, book, last)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.faults == []


@pytest.mark.browser
@pytest.mark.parametrize("page", CHARTED, ids=lambda page: page.stem)
def test_every_setting_of_the_course(open_tab, site, page):
    """What each figure of the built book says at every setting that is tried is what Python computes."""
    tab = open_tab(site + page.relative_to(SITE).as_posix())
    last = check_page(tab, SITE)
    check_address(tab, SITE, last)
    assert tab.faults == []


@pytest.mark.browser
def test_a_cut_word_would_be_found(open_tab, book):
    tab = open_tab((book / "one.html").as_uri(), 360)
    assert tab.evaluate(CUT_IN_PAGE) == {}
    away = "(text) => text.setAttribute('transform', 'translate(-300, 9)')"
    tab.locator("#fig-one-table .course-live svg text").first.evaluate(away)
    assert list(tab.evaluate(CUT_IN_PAGE)) == ["fig-one-table"]


@pytest.mark.parametrize(
    ("names", "narrow", "wide"),
    [
        (["yes", "abstain", "no", "not voting"], 2, 4),
        (["detected around Taiwan", "entered the zone"], 1, 4),
        ([], 2, 4),
    ],
)
def test_a_legend_has_as_many_columns_as_its_names_leave_room_for(names, narrow, wide):
    """By hand, at 7 pixels a letter and 26 a mark: 160 pixels beside names of categories on a phone, 590 at a desk."""
    y = {"field": "who", "type": "nominal"}
    color = {"field": "what", "type": "nominal", "scale": {"domain": names}}
    spec = {"layer": [{"mark": "bar", "encoding": {"y": y, "color": color}}, {"mark": "text", "encoding": {"y": y}}]}
    assert [layout.legend_columns(spec, width) for width in (328, 720)] == [narrow, wide]
    rows = {"layer": [{"mark": "bar", "encoding": {"y": y, "color": {"field": "what", "type": "nominal"}}}]}
    rows["datasets"] = {"a": [{"what": name} for name in names]}
    assert layout.legend_columns(rows, 328) == narrow


@pytest.mark.browser
def test_a_book_opened_as_a_file_is_alive(open_tab, book):
    tab = open_tab((book / "one.html").as_uri())
    assert check_page(tab, book) and tab.faults == []


@pytest.mark.browser
def test_a_lost_request_is_tried_again(open_tab, strict):
    Strict.lost = {"vega-": 2, "fig-one-table-": 2}
    tab = open_tab(f"{strict}one.html")
    assert not any(Strict.lost.values()) and tab.locator(".course-trouble button").count() == 0


@pytest.mark.browser
def test_a_file_that_stays_away_gives_one_sentence_and_a_button(open_tab, strict):
    Strict.lost = {"fig-one-table-": 3}
    tab = open_tab(f"{strict}one.html", wake=False)
    trouble = tab.locator("#fig-one-table .course-trouble")
    trouble.locator("button").wait_for()
    assert "did not arrive" in trouble.inner_text()
    trouble.locator("button").click()
    tab.wait_for_selector("#fig-one-table[data-live=yes]")
    assert trouble.inner_text() == ""


@pytest.mark.browser
def test_focus_stays_when_the_width_changes(open_tab, strict):
    tab = open_tab(f"{strict}one.html")
    slider = tab.locator("#fig-one-table input[type=range]")
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "2018"
    before = tab.locator("#fig-one-table .course-live svg").get_attribute("width")
    tab.set_viewport_size({"width": 500, "height": 900})
    tab.wait_for_function(
        "w => document.querySelector('#fig-one-table .course-live svg').getAttribute('width') !== w", arg=before
    )
    assert tab.evaluate("document.activeElement.id") == "fig-one-table.year"
    assert json.loads(tab.locator("#fig-one-table").get_attribute("data-shows"))["year"] == 2018


@pytest.mark.browser
def test_back_restores_the_setting_and_reset_returns_to_the_start(open_tab, strict):
    tab = open_tab(f"{strict}one.html?fig-one-table.year=2016&fig-one-table.place=nowhere#fig-one-table")
    caption = tab.locator("#fig-one-table .course-caption")
    tab.wait_for_function(
        "() => document.querySelector('#fig-one-table .course-caption').textContent.startsWith('In 2016')"
    )
    tab.evaluate("history.pushState(null, '', location.pathname + '?fig-one-table.year=2014#fig-one-table')")
    tab.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    tab.wait_for_function(
        "() => document.querySelector('#fig-one-table .course-caption').textContent.startsWith('In 2014')"
    )
    tab.go_back()
    tab.wait_for_function(
        "() => document.querySelector('#fig-one-table .course-caption').textContent.startsWith('In 2016')"
    )
    tab.locator("#fig-one-table button[type=reset]").click()
    tab.wait_for_function(
        "() => document.querySelector('#fig-one-table .course-caption').textContent.startsWith('North')"
    )
    pause(tab, 500)
    assert "fig-one-table" not in tab.evaluate("location.search") and caption.is_visible()


@pytest.mark.browser
def test_tools_give_link_citation_code_and_pictures(open_tab, strict, book):
    tab = open_tab(f"{strict}one.html", scheme="dark")
    tab.evaluate(MOVE, ["fig-one-table", "place", "South of the long river"])
    tools = tab.locator("#fig-one-table .course-tools")
    tools.locator("summary").click()
    tools.locator("button").first.wait_for()
    link, cite, code = (tools.locator(".course-take").nth(n).inner_text() for n in (1, 2, 3))
    assert "?fig-one-table.place=South+of+the+long+river#fig-one-table" in link
    caption = tab.locator("#fig-one-table .course-caption").inner_text()
    assert all(word in cite for word in ("A. Writer", caption, "A small book", "Page of figures", link.split()[1]))
    line = code.removeprefix("Rows in Python").removesuffix("Copy").strip()
    words = kept(book / "_static/figures", tab.locator("#fig-one-table").get_attribute("data-file").rsplit("/", 1)[1])[
        "words"
    ]
    rows = eval(line, {"pd": pd})  # noqa: S307 - the line that the page offers must run
    assert rows.values.tolist() == settings.rows_at(words, {"year": 2019, "place": "South of the long river"})
    for number, end in enumerate(("png", "svg")):
        tab.evaluate("window.caught.length = 0")
        tools.locator("button").nth(number).click()
        tab.wait_for_function("() => window.caught.length === 1")
        assert tab.evaluate("window.caughtName") == f"fig-one-table-south-of-the-long-river.{end}"
    svg = tab.evaluate("window.caught[0].text()")
    text = " ".join(re.findall(r">([^<]+)<", svg)).replace("\u00a0", " ")
    assert all(word in text for word in caption.split())
    assert "Source: NATO" in text and "Place South of the long river" in text and "var(" not in svg


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_a_picture_a_table_and_the_rows(open_tab, strict, scheme):
    tab = open_tab(f"{strict}one.html", wake=False, catch=False, java_script_enabled=False)
    shown = [p for p in tab.locator("figure.course-figure picture").all() if p.is_visible()]
    assert len(shown) == 4 and all(p.bounding_box()["height"] > 60 for p in shown)
    assert not tab.locator(".course-controls").first.is_visible()
    assert tab.request.get(f"{strict}{tab.locator('.course-csv').first.get_attribute('href')}").ok


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_are_accessible(open_tab, book, width, scheme):
    """With everything under the figures unfolded; read as a file, since axe itself may not run behind the policy."""
    tab = open_tab((book / "one.html").as_uri(), width, scheme)
    tab.evaluate("document.querySelectorAll('figure details').forEach(part => { part.open = true; })")
    tab.locator(".course-take button").last.wait_for()
    assert violations(tab, "figure", preload=True) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_link_to_a_folded_figure_unfolds_it(open_tab, strict):
    tab = open_tab(f"{strict}one.html#fig-one-plain", wake=False)
    tab.wait_for_selector("#fig-one-plain[data-live=yes]")
    assert tab.locator("#fig-one-plain").is_visible()


@pytest.mark.browser
def test_search_words_are_not_marked_inside_charts(open_tab, strict):
    tab = open_tab(f"{strict}one.html?highlight=year")
    assert tab.locator(".course-chart .highlighted, .course-chart rect.highlighted").count() == 0


@pytest.mark.browser
def test_print_from_a_dark_page_is_light(open_tab, strict):
    tab = open_tab(f"{strict}one.html", scheme="dark", wake=False)
    tab.emulate_media(media="print", color_scheme="dark")
    assert [p.is_visible() for p in tab.locator("#fig-one-concat picture").all()] == [True, False]


@pytest.mark.slow
def test_two_builds_give_the_same_bytes_and_doubles_are_refused(book, tmp_path):
    page = (HERE / "figures" / "one.md").read_text()
    assert build(tmp_path / "again", {"one": page}).returncode == 0
    first, second = (
        {path.name: path.read_bytes() for path in (out / "_static/figures").iterdir()}
        for out in (book, tmp_path / "again" / "_out")
    )
    assert first == second
    assert (book / "one.html").read_bytes() == (tmp_path / "again" / "_out" / "one.html").read_bytes()
    run = build(tmp_path / "twice", {"one": page, "two": page})
    assert run.returncode != 0 and "two: the figure name 'fig-one-table' is taken by a figure of one" in run.stderr
