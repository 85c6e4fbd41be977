"""The channel out of the sandbox: whatever comes, nothing breaks, nothing is believed."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.grading.judge.judge import _read
from coursekit.grading.sandbox import wire
from coursekit.grading.sandbox.picture import clean_png, only_data

scalars = st.none() | st.booleans() | st.integers(-(2**100), 2**100) | st.floats(allow_nan=False) | st.text(max_size=20)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
words = st.sampled_from(
    [
        "r",
        "i",
        "k",
        "v",
        "values",
        "names",
        "done",
        "at",
        "end",
        "data",
        "columns",
        "index",
        "chart",
        "table",
        "list",
        "dict",
    ]
)
records = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=4), inner, max_size=5),
    max_leaves=25,
)


def through(value):
    """A value as it arrives in the clean process."""
    return wire.decode(json.loads(json.dumps(wire.encode(value), allow_nan=False)))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 50))
def test_any_bytes_are_survived(data, step):
    records = wire.Records()
    for at in range(0, len(data), step):
        records.feed(data[at : at + step])
    assert not records.ended and not records.answers


@settings(max_examples=400, deadline=None)
@given(st.lists(records, max_size=8))
def test_any_json_is_survived_and_every_kept_value_is_shaped(lines):
    taken = wire.Records()
    taken.feed(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    for index, values in taken.answers.items():
        assert type(index) is int and all(value["k"] in wire.KINDS for value in values.values())
    for record in taken.done.values():
        assert isinstance(record["text"], str) and isinstance(record["error"], str)
        assert record["chart"] is None or isinstance(record["chart"], dict)


@settings(max_examples=500, deadline=None)
@given(records)
def test_any_coded_value_gives_a_value_or_a_sentence(coded):
    values, sentence = _read(["x"], {"x": coded if wire._valid(coded) else {"k": "big"}}, {"x": 1.0})
    assert sentence or "x" in values


@settings(max_examples=300, deadline=None)
@given(trees)
def test_plain_values_arrive_unchanged(value):
    def same(left, right):
        if isinstance(left, dict):
            return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
        if isinstance(left, list):
            return len(left) == len(right) and all(map(same, left, right))
        return left == right and isinstance(left, bool) == isinstance(right, bool)

    assert same(value, through(value))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_special_numbers_arrive(value):
    assert str(through(value)) == str(value)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, math.nan], "d": [True, False]}),
        pd.DataFrame({"a": pd.to_datetime(["2020-01-01", None])}),
        pd.DataFrame(),
        pd.DataFrame({"a": []}),
        pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="iso3")),
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["p", "q"])),
        pd.DataFrame([[1, 2]], columns=["same", "same"]),
        pd.DataFrame({"a": pd.Categorical(["x", "y"])}),
    ],
    ids=str,
)
def test_tables_arrive(frame):
    back = through(frame)
    assert list(back.columns) == list(frame.columns) and len(back) == len(frame)
    assert back.index.names == frame.index.names
    assert (
        back.astype(str).replace({"NaN": "nan", "None": "nan"}).to_numpy().tolist()
        == frame.astype(str).replace({"NaN": "nan", "None": "nan", "NaT": "NaT"}).to_numpy().tolist()
    )


@pytest.mark.parametrize(
    "value",
    [10**4000, "x" * 200_000, list(range(30_000)), pd.DataFrame({"a": range(500_000)})],
    ids=lambda v: type(v).__name__,
)
def test_too_large_is_said(value):
    assert wire.encode(value) == {"k": "big"}


def test_streams_have_a_limit():
    records = wire.Records()
    records.feed(b"x" * (wire.LINE_BYTES + 2))
    assert records.full
    records = wire.Records()
    for _ in range(wire.TOTAL_BYTES // 1_000_000 + 2):
        records.feed(b"y" * 999_999 + b"\n")
    assert records.full


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_only_pictures_pass_for_pictures(tail):
    assert clean_png(b"\x89PNG\r\n\x1a\n" + tail) is None or b"IEND" in tail
    assert clean_png(tail) is None


@pytest.mark.parametrize(
    "spec, plain",
    [
        (
            {
                "mark": "bar",
                "encoding": {"x": {"field": "a b", "type": "nominal"}},
                "data": {"values": [{"a b": "<script>"}]},
            },
            True,
        ),
        ({"mark": "bar", "data": {"url": "file:///etc/passwd"}}, False),
        ({"mark": "bar", "transform": [{"filter": "datum.x > 1"}]}, False),
        ({"mark": {"type": "bar", "href": "javascript:x"}}, False),
        ({"mark": "bar", "encoding": {"x": {"field": "a'] + alert(1) + ['"}}}, False),
        ({"mark": "bar", "params": []}, False),
        ({"mark": {"type": "text", "text": {"expr": "1"}}}, False),
    ],
)
def test_only_plain_charts_share_a_renderer(spec, plain):
    assert only_data(spec) is plain
