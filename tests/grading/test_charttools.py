"""A chart earns points by the marks that a reader sees: honest charts of many forms pass, others do not."""

import copy

import altair as alt
import pandas as pd
import pytest

from coursekit.exercises import chartlooks
from coursekit.exercises.charttools import draws, told_apart
from coursekit.grading.judge import blind

ROWS = pd.DataFrame(
    {
        "land": ["A", "B", "C", "D"],
        "year": [2001, 2002, 2003, 2004],
        "share": [1.5, 2.25, 0.5, 3.0],
        "own": [True, False, False, False],
    }
)
MORE = pd.concat([ROWS, ROWS.assign(land="Z", share=9.0)])


@pytest.fixture(autouse=True)
def usual_theme():
    """A student's notebook has Altair's own theme; another test of this process may have chosen the course's."""
    with alt.theme.enable("default"):
        yield


def test_the_theme_of_the_course_costs_nobody_a_point():
    import coursekit.charts  # noqa: F401  (registers the theme)

    with alt.theme.enable("course"):
        assert right(plain(base()))


def base(rows=ROWS, **mark):
    return alt.Chart(rows).mark_bar(**mark).encode(x="share:Q", y="land:N")


HONEST = {
    "plain": base(),
    "colour, opacity, title": base(color="#0b5394", opacity=0.8).properties(
        title="Shares", width=300, height={"step": 18}
    ),
    "sorted": base().encode(y=alt.Y("land:N", sort="-x")),
    "text over bars": base() + base().mark_text(color="white", dx=-9).encode(text="share:Q"),
    "a rule beside": base() + alt.Chart(pd.DataFrame({"x": [2]})).mark_rule(color="red").encode(x="x:Q"),
    "filtered by expression": base(MORE).transform_filter("datum.land != 'Z' && datum.share < 8"),
    "filtered by altair": base(MORE).transform_filter(alt.datum.land != "Z"),
    "filtered by predicate": base(MORE).transform_filter(alt.FieldOneOfPredicate("land", list("ABCD"))),
    "not filtered": base(MORE).transform_filter({"not": alt.FieldEqualPredicate(equal="Z", field="land")}),
    "own domain": base().encode(x=alt.X("share:Q", scale=alt.Scale(domain=[0, 4]))),
    "colour by field": base().encode(color="own:N"),
    "colour by condition": base().encode(
        color=alt.condition(alt.datum.land == "A", alt.value("red"), alt.value("grey"))
    ),
    "colours chosen": base().encode(color=alt.Color("own:N", scale=alt.Scale(range=["#c00", "#888"]))),
    "side by side": base() | base().mark_line(),
    "in two layers": base().transform_filter("datum.own") + base(color="grey").transform_filter("!datum.own"),
    "a dark page": base(color="yellow").configure(background="#111"),
    "no background of its own": base().configure(aria=False, background="transparent"),
    "rounding": base(ROWS.assign(share=ROWS.share + 0.004)),
    "tooltip": base(tooltip=True).encode(tooltip=["land", "share"]),
}


def plain(chart):
    return chart.to_dict()


def right(chart):
    return draws(chart, ROWS, mark="bar", tolerance=0.005, x="share", y="land")


def won(chart):
    """Whether the check would be passed; a sentence for the student counts as failed."""
    try:
        return right(chart)
    except AssertionError as sentence:
        assert str(sentence).endswith("."), sentence
        return False


@pytest.mark.parametrize("name", HONEST)
def test_honest_charts_of_many_forms_pass(name):
    assert right(plain(HONEST[name]))


FALSE = {
    "all zero": base(ROWS.assign(share=0.0)),
    "one value wrong": base(ROWS.assign(share=[1.5, 2.25, 0.5, 3.1])),
    "values exchanged": base(ROWS.assign(share=[2.25, 1.5, 0.5, 3.0])),
    "a row missing": base(ROWS[:3]),
    "a row too many": base(MORE),
    "no rows": base(ROWS[:0]),
    "another table": base(pd.DataFrame({"land": ["X"], "share": [1.0]})),
    "another column": base(ROWS.assign(share=ROWS.year)),
    "opacity 0": base(opacity=0),
    "opacity by channel": base().encode(opacity=alt.value(0)),
    "opacity by condition": base().encode(opacity=alt.condition("true", alt.value(0), alt.value(1))),
    "opacity by range": base().encode(opacity=alt.Opacity("share:Q", scale=alt.Scale(range=[0, 0]))),
    "opacity by domain": base().encode(opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[90, 99]))),
    "size 0": base(size=0),
    "white on white": base(color="white"),
    "nearly white": base(color="#fdfdfd"),
    "white by channel": base().encode(color=alt.value("rgb(255, 255, 255)")),
    "white by range": base().encode(color=alt.Color("own:N", scale=alt.Scale(range=["white", "white"]))),
    "blue on blue": base(color="steelblue").configure(background="steelblue"),
    "the usual colour behind": base().configure_view(fill="#4c78a8"),
    "transparent": base(color="transparent"),
    "thin air": base(color="rgba(0,0,0,0.02)"),
    "filled with nothing": base(fillOpacity=0),
    "domain elsewhere": base().encode(x=alt.X("share:Q", scale=alt.Scale(domain=[100, 200]))),
    "domain of other words": base().encode(y=alt.Y("land:N", scale=alt.Scale(domain=["X", "Y"]))),
    "domain far too wide": base().encode(x=alt.X("share:Q", scale=alt.Scale(domain=[0, 100000]))),
    "domain begins too late": base().encode(x=alt.X("share:Q", scale=alt.Scale(domainMin=50))),
    "range of no length": base().encode(x=alt.X("share:Q", scale=alt.Scale(range=[0, 0]))),
    "no width": base().properties(width=1),
    "no step": base().properties(height={"step": 0}),
    "filtered away": base().transform_filter("datum.share > 99"),
    "calculated away": base().transform_calculate(share="0"),
    "ends where it begins": base().encode(x2="share"),
    "moved away": base(xOffset=9999),
    "by the theme": base().configure_mark(opacity=0),
    "by the theme of bars": base().configure_bar(fillOpacity=0),
    "by a range of the theme": base().configure_range(category=["white"]),
    "a line": base().mark_line(),
    "axes exchanged": alt.Chart(ROWS).mark_bar().encode(y="share:Q", x="land:N"),
    "binned": base().encode(x=alt.X("share:Q", bin=True)),
    "a cover over it": base() + alt.Chart(ROWS).mark_rect(color="white").encode(y="land:N"),
    "a white bar over it": base() + base(color="white"),
    "a picture over it": base() + alt.Chart(ROWS).mark_image().encode(url="land:N"),
}


@pytest.mark.parametrize("name", FALSE)
def test_hidden_and_false_charts_earn_nothing(name):
    assert not won(plain(FALSE[name]))


@pytest.mark.parametrize("number", range(len(blind.SPOILT)))
def test_each_spoilt_chart_of_the_self_check_earns_nothing(number):
    """The list that `course exercise check` tries; a change that leaves this chart as it was proves nothing here."""
    honest = plain(base().encode(color="own:N"))
    spoilt = blind.SPOILT[number](copy.deepcopy(honest))
    assert spoilt != honest
    assert not won(spoilt)


@pytest.mark.parametrize(
    "chart", [None, 1, "chart", [], {}, {"mark": "bar"}, {"layer": []}, {"mark": {}, "encoding": {}}]
)
def test_what_is_no_chart_earns_nothing(chart):
    assert not won(chart)


def test_data_are_read_where_the_chart_has_them(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    ROWS.to_csv(tmp_path / "data" / "rows.csv", index=False)
    monkeypatch.chdir(tmp_path)
    chart = plain(base())
    del chart["datasets"]
    assert right({**chart, "data": {"values": ROWS.to_dict("records")}})
    assert right({**chart, "data": {"name": "rows"}, "datasets": {"rows": ROWS.to_dict("records")}})
    assert right({**chart, "data": {"url": "data/rows.csv"}})
    for url in ("data/other.csv", "https://example.org/rows.csv", "../rows.csv", "/etc/passwd"):
        with pytest.raises(AssertionError, match="no table that can be read"):
            right({**chart, "data": {"url": url}})


def test_data_of_a_layer_come_from_the_chart_around_it():
    inner = {"mark": "bar", "encoding": {"y": {"field": "land", "type": "nominal"}}}
    chart = {
        "data": {"values": ROWS.to_dict("records")},
        "encoding": {"x": {"field": "share", "type": "quantitative"}},
        "layer": [inner],
    }
    assert right(chart)
    assert not right({**chart, "transform": [{"filter": "datum.land == 'A'"}]})


def test_marks_are_told_apart_by_a_field_or_a_condition():
    looks = ("color", "opacity")
    by_field = plain(base().encode(color="own:N"))
    by_condition = plain(HONEST["colour by condition"])
    assert told_apart(by_field, "land", "A", looks) and told_apart(by_condition, "land", "A", looks)
    assert not told_apart(by_condition, "land", "B", looks)
    assert not told_apart(plain(base()), "land", "A", looks)
    same = base().encode(color=alt.Color("own:N", scale=alt.Scale(range=["red", "red"])))
    assert not told_apart(plain(same), "land", "A", looks)
    both_grey = base().encode(color=alt.condition(alt.datum.land == "A", alt.value("grey"), alt.value("grey")))
    assert not told_apart(plain(both_grey), "land", "A", looks)
    assert not told_apart(by_field, "land", "nobody", looks), "none of this kind is drawn"


def test_marks_are_told_apart_by_layers_of_their_own():
    own, others = "datum.land == 'A'", "datum.land != 'A'"
    layers = base(color="red").transform_filter(own) + base(color="grey").transform_filter(others)
    assert told_apart(plain(layers), "land", "A", ("color",))
    alike = base(color="red").transform_filter(own) + base(color="red").transform_filter(others)
    assert not told_apart(plain(alike), "land", "A", ("color",))
    assert not told_apart(plain(base().transform_filter(own)), "land", "A", ("color",))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("datum.share >= 1.5 && datum.own == false", "BD"),
        ("datum['land'] === \"A\" || datum.share > 2.5", "AD"),
        ("!(datum.land == 'A')", "BCD"),
        ("datum.land == 'A && B'", ""),
        ("true", "ABCD"),
    ],
)
def test_filters_are_followed(text, kept):
    wanted = ROWS[ROWS.land.isin(list(kept))]
    chart = plain(base().transform_filter(text))
    assert draws(chart, wanted, x="share", y="land") is bool(kept)


@pytest.mark.parametrize("text", ["datum.share > limit", "isValid(datum.share)", "datum.share +", "__import__('os')"])
def test_a_filter_that_cannot_be_followed_is_told(text):
    with pytest.raises(AssertionError, match="cannot follow"):
        draws(plain(base().transform_filter(text)), ROWS, x="share", y="land")


def test_colours_are_compared_with_the_ground():
    assert chartlooks.contrasts("black", "white") and chartlooks.contrasts("hsl(10, 80%, 40%)", "#fff")
    assert not chartlooks.contrasts("ivory", "white") and not chartlooks.contrasts("no colour", "white")
    assert not chartlooks.contrasts("rgba(0, 0, 0, 0.05)", "white")
