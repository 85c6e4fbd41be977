"""The vocabulary: each word renders, is what it says, and its words stand where no mark is."""

import ast
import inspect
import math
import re

import altair as alt
import pandas as pd
import pytest
import vl_convert
from conftest import ROOT
from lxml import etree

from coursekit import marks
from coursekit.charts import ACCENT, MUTED, REST
from coursekit.marks import (
    MarkError,
    band,
    choose,
    chosen,
    context,
    curve,
    direct_labels,
    dumbbells,
    estimate_stroke,
    highlight,
    line,
    line_at,
    matrix,
    measure,
    names,
    no_data,
    outlines,
    pale_if_estimate,
    readout,
    shares,
    show_gaps,
    signs,
    slide,
    small_multiples,
    steps,
    strip,
    value_labels,
    years,
)
from coursekit.marks.placing import DOT, LETTER

WORDS = sorted(set(marks.__all__) - {"MarkError"})
WIDTH, HEIGHT = 300, 280


def rows(dtype="object"):
    """Two allies, ten years, estimates at the end, one year without a value; text as pandas 2 or pandas 3 holds it."""
    table = pd.DataFrame(
        [
            (name, year, share + step * (year - 2014), year >= 2022)
            for name, share, step in (("Poland", 1.9, 0.2), ("United Kingdom", 2.1, 0.02), ("Italy", 1.1, 0.1))
            for year in range(2014, 2024)
            if (name, year) != ("Italy", 2018)
        ],
        columns=["ally", "year", "share", "is_estimate"],
    )
    table["half"] = table.share / 2
    return table.astype({"ally": dtype})


def base(table):
    return alt.Chart(table).encode(years(first=2014, last=2024), measure("y", "share", "% of GDP", 0, 5))


YEAR = slide("year", 2014, 2023, value=2023, label="Year")
ALLY = choose("ally", ["Poland", "United Kingdom", "Italy"], label="Ally")


def at(table, year=2023):
    return alt.Chart(table[table.year == year])


# One recipe a word: what a chapter would write.
RECIPES = {
    "slide": lambda t: base(t).transform_filter(alt.datum.year <= YEAR).mark_line().add_params(YEAR),
    "choose": lambda t: base(t).transform_filter(chosen(ALLY)).mark_line().add_params(ALLY),
    "chosen": lambda t: base(t).transform_filter(chosen(ALLY, YEAR)).mark_point().add_params(ALLY, YEAR),
    "years": lambda t: alt.Chart(t[t.ally == "Poland"]).mark_bar().encode(years(bars=True), y="share:Q"),
    "measure": lambda t: base(t).mark_point(),
    "names": lambda t: at(t).mark_bar().encode(names("ally", sort="-share"), measure("x", "share", "% of GDP", 0)),
    "line_at": lambda t: line_at(y=[2], label="2 %") + line_at(x=YEAR) + base(t).mark_point().add_params(YEAR),
    "no_data": lambda t: no_data(2018, 2018, "no figure") + base(t).mark_point(),
    "pale_if_estimate": lambda t: base(t).mark_circle().encode(fillOpacity=pale_if_estimate()),
    "estimate_stroke": lambda t: base(t).mark_circle(**estimate_stroke()).encode(fillOpacity=pale_if_estimate()),
    "highlight": lambda t: base(t).mark_line().encode(color=highlight("ally", ALLY), detail="ally").add_params(ALLY),
    "line": lambda t: line(base(show_gaps(t, "ally")).encode(detail="ally:N"), "is_estimate", points=True),
    "steps": lambda t: steps(base(t).encode(color="ally:N")),
    "context": lambda t: context(base(t), "ally"),
    "band": lambda t: band(base(t[t.ally == "Italy"]), "half", "share"),
    "curve": lambda t: curve(
        lambda s: s**2 / 10, 0, 10, measure("x", "s", "size", 0, 10), measure("y", "d", "cost", 0, 10)
    ),
    "show_gaps": lambda t: line(base(show_gaps(t, by="ally")).encode(detail="ally:N")),
    "direct_labels": lambda t: (
        line(base(t).encode(color="ally:N")) + direct_labels(base(t).encode(color="ally:N"), "ally")
    ),
    "value_labels": lambda t: base(t).mark_point() + value_labels(base(t), "share", ".1f"),
    "readout": lambda t: (
        base(t).mark_point() + readout(base(t).transform_filter(chosen(ALLY)).add_params(ALLY), "{ally}")
    ),
    "signs": lambda t: signs(at(t).encode(names("ally"), alt.X("year:O")), "ally", "ally"),
    "dumbbells": lambda t: dumbbells(at(t), "ally", "half", "share", "% of GDP", 0, 5, words=("half", "whole")),
    "strip": lambda t: strip(t, "share", "ally", "% of GDP", 0, 5),
    "shares": lambda t: shares(
        t, "year", "ally", "share", ["Poland", "Italy", "United Kingdom"], [ACCENT, REST, MUTED]
    ),
    "matrix": lambda t: matrix(at(t).encode(), "year", "ally", "ally", ["Poland", "Italy", "United Kingdom"]),
    "outlines": lambda t: outlines(alt.Chart(t.assign(outline="M-1000,-1000l2000,0l0,2000l-2000,0Z"))),
    "small_multiples": lambda t: small_multiples(line(base(t)), by="ally", columns=2),
}


def drawn(chart, **values):
    """The chart as SVG; ``values`` sets its controls."""
    spec = chart.to_dict()
    if "facet" not in spec:
        spec |= {"width": WIDTH, "height": spec.get("height", HEIGHT)}
    for param in spec.get("params", []):
        param["value"] = values.get(param["name"], param.get("value"))
    return etree.fromstring(vl_convert.vegalite_to_svg(spec).encode())


def shift(node):
    """Absolute position of an SVG node: the sum of the translations above it."""
    x = y = 0.0
    while node is not None:
        found = re.search(r"translate\(([-\d.e]+),([-\d.e]+)\)", node.get("transform", ""))
        if found:
            x, y = x + float(found[1]), y + float(found[2])
        node = node.getparent()
    return x, y


def texts(svg, kind=None):
    """Words with their place: all, or those of one mark group ("mark-text role-mark")."""
    found = []
    for node in svg.iter("{*}text"):
        group = node.getparent().get("class", "")
        if kind is None or kind in group:
            lines = [part.text for part in node.iter("{*}tspan")] or [node.text or ""]
            found.append((" ".join(lines), *shift(node), node))
    return found


def plot(svg):
    """Left and top of the plot."""
    frame = next(n for n in svg.iter("{*}g") if "mark-group role-frame" in n.get("class", ""))
    return shift(frame.find(".//{*}path"))


def symbols(svg):
    return [n for g in svg.iter("{*}g") if "mark-symbol role-mark" in g.get("class", "") for n in g.iter("{*}path")]


def test_every_word_has_a_recipe_and_an_example():
    assert set(RECIPES) == set(WORDS)
    for word in WORDS:
        assert f"{word}(" in inspect.getdoc(getattr(marks, word)), f"{word}: its docstring shows no example"


@pytest.mark.parametrize("dtype", ["object", "str"])
@pytest.mark.parametrize("word", WORDS)
def test_each_word_renders_on_old_and_new_text_columns(word, dtype):
    svg = drawn(RECIPES[word](rows(dtype)))
    assert [
        n
        for g in svg.iter("{*}g")
        if "role-mark" in g.get("class", "")
        for n in g.iter("{*}path", "{*}line", "{*}text")
    ]


@pytest.mark.parametrize("word", WORDS)
def test_each_word_returns_plain_altair(word):
    made = RECIPES[word](rows())
    assert isinstance(made.properties(title="mine"), type(made))


# --- controls -------------------------------------------------------------------------------------------------------


def test_few_options_are_buttons_and_many_a_list():
    assert choose("a", "abcd").param.bind.to_dict()["input"] == "radio"
    assert choose("a", "abcde").param.bind.to_dict()["input"] == "select"


def test_a_default_that_is_no_option_is_refused():
    with pytest.raises(MarkError, match="'Prussia' is not one of the options"):
        choose("ally", ["Poland"], value="Prussia")


def test_options_may_come_from_a_table():
    bind = choose("year", pd.Series([2014, 2023]).unique()).param.bind.to_dict()
    assert bind["options"] == [2014, 2023] and {type(o) for o in bind["options"]} == {int}


def test_a_slider_in_tenths_finds_its_row():
    tenths = pd.DataFrame({"part": [0.1, 0.2, 0.3, 0.4], "y": [1, 2, 3, 4]})
    part = slide("part", 0, 1, value=0, step=0.1)
    chart = alt.Chart(tenths).transform_filter(chosen(part)).mark_point().encode(x="part:Q", y="y:Q").add_params(part)
    assert len(symbols(drawn(chart, part=0.1 + 0.2))) == 1


def test_controls_choose_together():
    chart = base(rows()).transform_filter(chosen(ALLY, YEAR)).mark_point().add_params(ALLY, YEAR)
    assert len(symbols(drawn(chart, ally="Italy", year=2020))) == 1
    assert len(symbols(drawn(chart, ally="Italy", year=2018))) == 0


# --- axes -----------------------------------------------------------------------------------------------------------


def test_years_have_no_comma_and_no_title():
    words = [w for w, *_ in texts(drawn(base(rows()).mark_point()))]
    assert "2016" in words and not any("," in w for w in words) and "year" not in words


def test_long_titles_and_names_break_into_lines_of_a_phone():
    title = "Spending on major equipment and related research, % of all defence expenditure"
    assert max(len(part) for part in measure("y", "share", title).to_dict()["title"]) <= 44
    long = pd.DataFrame({"who": ["All other members of the United Nations"], "n": [1]})
    svg = drawn(alt.Chart(long).mark_bar().encode(names("who"), x="n:Q"))
    node = next(node for words, *_, node in texts(svg) if words.startswith("All other"))
    assert 2 <= len(list(node.iter("{*}tspan"))) <= 4


def test_a_line_needs_one_axis():
    for wrong in ({}, {"x": 1, "y": 2}):
        with pytest.raises(MarkError, match="one of the two"):
            line_at(**wrong)


def test_reference_lines_stand_at_their_value_and_their_words_outside_the_plot():
    svg = drawn(line_at(x=[2016], y=None, label="Wales") + line_at(y=[2], label="2 %") + base(rows()).mark_point())
    left, top = plot(svg)
    by_words = {words: (x - left, y - top) for words, x, y, _ in texts(svg, "mark-text role-mark")}
    assert by_words["Wales"] == pytest.approx((WIDTH * 0.2, -5), abs=1)
    assert by_words["2 %"] == pytest.approx((WIDTH + 6, HEIGHT * 0.6), abs=5)


def test_a_reference_line_moves_no_end_of_an_axis():
    axis = measure("y", "share", "% of GDP", 1, 5)
    svg = drawn(line_at(y=[2]) + alt.Chart(rows()).mark_point().encode(years(first=2014, last=2024), axis))
    assert "0" not in [w for w, *_ in texts(svg, "role-axis-label")]


def test_a_marker_follows_its_control():
    chart = line_at(x=YEAR) + base(rows()).mark_point().add_params(YEAR)
    places = [
        shift(next(g for g in svg.iter("{*}g") if "mark-rule role-mark" in g.get("class", "")).find("{*}line"))[0]
        - plot(svg)[0]
        for svg in (drawn(chart, year=2014), drawn(chart, year=2024))
    ]
    assert places[1] - places[0] == pytest.approx(WIDTH, abs=1)


def test_years_without_data_do_not_stretch_the_axis():
    svg = drawn(no_data(2018, 2018, "no figure") + alt.Chart(rows()).mark_point().encode(years(), y="share:Q"))
    assert min(int(w) for w, *_ in texts(svg, "role-axis-label") if w.isdigit() and len(w) == 4) >= 2014


# --- estimates and lines --------------------------------------------------------------------------------------------


def test_estimates_are_pale_with_a_full_edge():
    table = rows()
    dots = symbols(drawn(base(table).mark_circle(**estimate_stroke()).encode(fillOpacity=pale_if_estimate(0.8))))
    pale = [float(d.get("fill-opacity")) for d in dots]
    assert pale.count(0.1) == table.is_estimate.sum() and pale.count(0.8) == (~table.is_estimate).sum()
    assert {d.get("stroke") for d in dots} == {ACCENT} and {d.get("opacity", "1") for d in dots} == {"1"}


def line_paths(svg):
    return [n for g in svg.iter("{*}g") if "mark-line" in g.get("class", "") for n in g.iter("{*}path")]


def test_a_line_breaks_where_a_year_is_missing():
    italy = rows().query("ally == 'Italy'")
    whole, broken = (line_paths(drawn(line(base(t))))[0].get("d").count("M") for t in (italy, show_gaps(italy, "ally")))
    assert (whole, broken) == (1, 2)


def test_a_lone_year_between_gaps_is_a_dot():
    lone = pd.DataFrame({"year": [2014, 2015, 2017, 2019], "share": [1, 2, 3, 2], "ally": "Italy"})
    assert len(symbols(drawn(line(base(show_gaps(lone, "ally")), points=True)))) == 4


def test_gaps_are_filled_with_nothing_and_no_row_is_lost():
    full = show_gaps(rows(), "ally")
    assert len(full) == 30 and full.share.isna().sum() == 1
    pd.testing.assert_frame_equal(
        full.dropna(subset="share").astype({"is_estimate": bool})[rows().columns].reset_index(drop=True),
        rows().sort_values(["ally", "year"]).reset_index(drop=True),
        check_dtype=False,
    )


def test_the_estimated_end_of_a_line_is_dashed_and_joined():
    dashed, solid = line_paths(drawn(line(base(rows().query("ally == 'Poland'")), "is_estimate")))
    assert dashed.get("stroke-dasharray") and not solid.get("stroke-dasharray")
    points = [path.get("d").count("L") for path in (dashed, solid)]
    assert points == [
        9,
        7,
    ]  # the dashed line runs through all years beneath the solid one, so no gap opens between them


def test_one_line_is_highlighted_and_the_control_chooses_it():
    chart = RECIPES["highlight"](rows())
    for ally in ("Poland", "Italy"):
        assert sorted(n.get("stroke") for n in line_paths(drawn(chart, ally=ally))) == sorted([ACCENT, REST, REST])


def test_a_curve_is_its_formula():
    size = slide("size", 1, 5, value=2)
    x, y = measure("x", "s", "s", 0, 10), measure("y", "d", "d", 0, 10)

    def formula(s, size, sqrt=math.sqrt):
        return size * sqrt(s)

    chart = curve(lambda s: formula(s, size, alt.expr.sqrt), 0, 10, x, y).add_params(size)
    path = line_paths(drawn(chart, size=3))[0].get("d")
    points = [(float(a), float(b)) for a, b in re.findall(r"[ML]([-\d.e]+),([-\d.e]+)", path)]
    assert len(points) == 101
    for px, py in points[::20]:
        assert (HEIGHT - py) / HEIGHT * 10 == pytest.approx(formula(px / WIDTH * 10, 3), abs=0.02)


# --- words in the picture -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [[2.0, 2.0, 2.01, 2.02], [0, 0, 0, 0.1], [5, 5, 4.9, 0], [1, 2, 3, 4]])
def test_names_at_line_ends_stand_in_the_margin_and_apart(ends):
    table = pd.DataFrame(
        [(f"State {i}", y, v) for i, v in enumerate(ends) for y in (2014, 2024)], columns=["ally", "year", "share"]
    )
    svg = drawn(line(base(table).encode(detail="ally:N")) + direct_labels(base(table), "ally"))
    left, top = plot(svg)
    words = sorted(texts(svg, "mark-text role-mark"), key=lambda w: w[2])
    assert len(words) == 4 and all(x >= left + WIDTH for _, x, *_ in words)
    heights = [y - top for _, _, y, _ in words]
    assert min(b - a for a, b in zip(heights, heights[1:], strict=False)) >= 14.5
    assert heights[0] >= 0 and heights[-1] <= HEIGHT + 5


def test_a_lone_label_stands_exactly_at_its_line():
    table = rows().query("ally == 'Italy'")
    svg = drawn(line(base(table)) + direct_labels(base(table), "ally"))
    _, _, y, _ = texts(svg, "mark-text role-mark")[0]
    assert y - plot(svg)[1] == pytest.approx(HEIGHT * (1 - 2.0 / 5), abs=5)


def test_labels_follow_the_rows_that_a_control_shows():
    chart = base(rows()).transform_filter(chosen(ALLY)).add_params(ALLY)
    assert [
        w for w, *_ in texts(drawn(line(chart) + direct_labels(chart, "ally"), ally="Italy"), "mark-text role-mark")
    ] == ["Italy"]


def cloud(seed, n=30):
    """Scattered dots, some of them near the edges of the plot."""
    values = pd.Series(range(2 * n)).mul(0.6180339887 * (seed + 1)).mod(1)
    return pd.DataFrame(
        {
            "name": [f"State number {i}" for i in range(n)],
            "x": values[:n].to_numpy() * 5,
            "y": values[n:].to_numpy()[::-1] ** 2 * 60,
        }
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_name_of_a_dot_covers_no_other_dot_and_stays_inside(seed):
    table = cloud(seed)
    who = choose("name", table.name)
    chart = alt.Chart(table).encode(measure("x", "x", "x", 0, 5), measure("y", "y", "y", 0, 60)).add_params(who)
    chart = chart.mark_circle(size=70) + direct_labels(chart, "name", only=chosen(who))
    for name in table.name[::7]:
        svg = drawn(chart, name=name)
        ((words, x, y, node),) = texts(svg, "mark-text role-mark")
        left, top = plot(svg)
        wide = len(words) * LETTER
        start = x - left - {"start": 0, "middle": wide / 2, "end": wide}[node.get("text-anchor", "start")]
        middle = y - top - 4
        assert words == name and start >= -1 and start + wide <= WIDTH + 1 and 0 <= middle <= HEIGHT
        other = table[table.name != name]
        covered = ((other.x / 5 * WIDTH).between(start - DOT + 1, start + wide + DOT - 1)) & (
            ((1 - other.y / 60) * HEIGHT - middle).abs() < DOT + 3
        )
        assert not covered.any(), (name, other[covered])


def test_a_readout_says_the_row_shown_above_the_plot():
    one = base(rows()).transform_filter(chosen(ALLY, YEAR)).add_params(ALLY, YEAR)
    chart = base(rows()).mark_point() + readout(one, "{ally}, {year}: {share:.1f} % of GDP")
    svg = drawn(chart, ally="Poland", year=2020)
    ((words, _, y, _),) = texts(svg, "mark-text role-mark")
    assert words == "Poland, 2020: 3.1 % of GDP" and y < plot(svg)[1] - 12


def test_a_readout_says_that_a_value_is_missing():
    gaps = show_gaps(rows(), "ally").query("ally == 'Italy' and year == 2018")
    assert [
        w
        for w, *_ in texts(drawn(base(gaps).mark_point() + readout(base(gaps), "{share:.1f} %")), "mark-text role-mark")
    ] == ["not known %"]


@pytest.mark.parametrize("place", ["top left", "top right", "bottom left", "bottom right"])
def test_a_readout_in_a_corner_stays_inside(place):
    svg = drawn(base(rows()).mark_point() + readout(base(rows()), "{ally}", place))
    left, top = plot(svg)
    ((_, x, y, _),) = texts(svg, "mark-text role-mark")
    assert left <= x <= left + WIDTH and top <= y <= top + HEIGHT
    assert ("right" in place) == (x > left + WIDTH / 2) and ("bottom" in place) == (y > top + HEIGHT / 2)


def test_an_unknown_corner_is_refused():
    with pytest.raises(MarkError, match="no place 'middle'"):
        readout(base(rows()), "x", "middle")


def test_labels_want_one_chart():
    with pytest.raises(MarkError, match="not a sum of charts"):
        direct_labels(line(base(rows())), "ally")


def test_values_stand_above_their_bars():
    bars = at(rows()).encode(alt.X("ally:N"), measure("y", "share", "% of GDP", 0, 5))
    svg = drawn(bars.mark_bar() + value_labels(bars, "share", ".2f"))
    assert sorted(w for w, *_ in texts(svg, "mark-text role-mark")) == ["2.00", "2.28", "3.70"]
    for words, _, y, _ in texts(svg, "mark-text role-mark"):
        assert y - plot(svg)[1] < HEIGHT * (1 - float(words) / 5)


# --- whole charts ---------------------------------------------------------------------------------------------------


def test_a_sign_stands_above_its_word():
    chart = alt.Chart(pd.DataFrame({"x": [1], "sign": ["✓"], "word": ["held"]})).encode(alt.X("x:O"))
    (above, below) = texts(drawn(signs(chart, "sign", "word", color=ACCENT)), "mark-text role-mark")
    assert (above[0], below[0]) == ("✓", "held")
    assert above[1] == below[1] and above[2] < below[2]
    assert {node.get("fill") for *_place, node in (above, below)} == {ACCENT}


def test_dumbbells_are_hollow_at_the_start_and_filled_at_the_end():
    svg = drawn(dumbbells(at(rows()), "ally", "half", "share", "% of GDP", 0, 5, words=("half", "whole")))
    fills = [n.get("fill") for n in symbols(svg)]
    assert fills == [None] * 3 + [ACCENT] * 3
    labels = [w for w, *_ in texts(svg, "role-axis-label")]
    assert [w for w in labels if w in {"Poland", "Italy", "United Kingdom"}] == ["Poland", "United Kingdom", "Italy"]
    above = {w: (x, y) for w, x, y, _ in texts(svg, "mark-text role-mark")}
    assert above["half"][0] < above["whole"][0] and above["half"][1] < plot(svg)[1]


@pytest.mark.parametrize("colour", [ACCENT, alt.Color("ally:N", scale=alt.Scale(range=[ACCENT, REST, MUTED]))])
def test_dumbbells_pale_the_estimates_and_keep_their_edge(colour):
    table = rows().query("year in [2021, 2022]").drop_duplicates("ally", keep="last")
    table["is_estimate"] = table.ally == "Italy"
    svg = drawn(dumbbells(table, "ally", "half", "share", "% of GDP", 0, 5, colour=colour, estimate="is_estimate"))
    dots = [n for n in symbols(svg) if n.get("fill") and n.get("fill") != "transparent"]
    assert sorted(float(n.get("fill-opacity") or 1) for n in dots)[:3] == [0.35, 1, 1]
    edges = [n for n in symbols(svg) if n.get("stroke")]
    assert len(edges) == 6  # three hollow starts, three edges of the ends


def test_a_strip_marks_the_median():
    svg = drawn(strip(rows(), "share", "ally", "% of GDP", 0, 5))
    ticks = [n for g in svg.iter("{*}g") if "mark-rect role-mark" in g.get("class", "") for n in g.iter("{*}path")]
    assert len(symbols(svg)) == 29 and len(ticks) == 3


def test_shares_fill_each_bar_and_keep_the_order():
    table = rows().query("year >= 2022").assign(words=lambda d: "n = " + d.year.astype(str))
    order = ["Poland", "Italy", "United Kingdom"]
    svg = drawn(shares(table, "year", "ally", "share", order, [ACCENT, REST, MUTED], beside="words", under="words"))
    bars = [n for g in svg.iter("{*}g") if "mark-rect role-mark" in g.get("class", "") for n in g.iter("{*}path")]
    widths = [float(re.match(r"M[-\d.]+,[-\d.]+h([-\d.]+)", b.get("d"))[1]) for b in bars]
    assert sum(widths) == pytest.approx(2 * WIDTH, abs=1)
    first = min(bars, key=lambda b: float(re.match(r"M([-\d.]+)", b.get("d"))[1]))
    assert first.get("fill") == ACCENT
    assert len(texts(svg, "mark-text role-mark")) == 4


def test_small_multiples_have_one_panel_a_name():
    svg = drawn(RECIPES["small_multiples"](rows()))
    assert {"Poland", "Italy", "United Kingdom"} <= {w for w, *_ in texts(svg)}


# --- the page that explains them ------------------------------------------------------------------------------------


def test_every_word_is_shown_on_the_methods_page():
    page = (ROOT / "chapters" / "reference" / "methods.md").read_text(encoding="utf-8")
    section = page.split("(methods-words-of-a-chart)=")[1].split("\n(methods-")[0]
    code = "\n".join(re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", section, re.M | re.S))
    called = {
        node.func.id
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set(WORDS) - called == set()
    table = section.split("```")[0]
    assert not [word for word in WORDS if f"`{word}`" not in table], "the section's table names every word"


# --- grids of words and maps ----------------------------------------------------------------------------------------


def areas(svg):
    """Width and height of each symbol's path, in pixels."""
    found = []
    for node in symbols(svg):
        x = y = 0.0
        places = []
        for kind, numbers in re.findall(r"([MLlHhVvZ])([^MLlHhVvZ]*)", node.get("d")):
            if kind in "MLl":
                pairs = [float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", numbers)]
                x, y = (pairs[0] + x, pairs[1] + y) if kind == "l" else pairs[:2]
                places.append((x, y))
        across, down = zip(*places, strict=True)
        found.append((max(across) - min(across), max(down) - min(down)))
    return found


@pytest.mark.parametrize("width", [200, 300])
def test_a_map_is_as_wide_as_its_panel(width):
    """A square of 1000 units to each side fills the width of the panel, whatever that is."""
    table = pd.DataFrame({"outline": ["M-1000,-1000L1000,-1000L1000,1000L-1000,1000Z"]})
    svg = drawn(outlines(alt.Chart(table)).properties(width=width, height=width))
    spec = outlines(alt.Chart(table)).properties(width=width, height=width).to_dict()
    svg = etree.fromstring(vl_convert.vegalite_to_svg(spec).encode())
    assert areas(svg) == [pytest.approx((width, width))]


def test_a_grid_has_larger_dots_for_earlier_words_and_none_for_the_last():
    table = pd.DataFrame({
        "state": ["A", "B", "C"], "with": ["X", "X", "X"], "bond": ["treaty", "programme", "no text"],
    })  # fmt: skip
    svg = drawn(matrix(table, "state", "with", "bond", order=["treaty", "programme", "no text"]))
    dots = [float(re.search(r"A(\d+\.?\d*)", n.get("d"))[1]) if "A" in n.get("d") else 0.0 for n in symbols(svg)]
    assert dots[0] > dots[1] > dots[2] == 0
    assert {"treaty", "programme", "no text", "A", "B", "C", "X"} <= {text for text, *_ in texts(svg)}
