"""Keys and points of exported quizzes: decimals that the tolerance leaves, shares of one point, what Canvas can keep."""

# ruff: noqa: E501

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.exercises.quiz_export import export
from coursekit.exercises.quiz_parts import rounded, shares, written

from .test_quiz_exports import SPACE, choices, moodle, number, of, qti_items


@pytest.mark.parametrize(
    "answer, tolerance, key",
    [
        (3.694375517, 0.06, "3.7"),
        (3.75, 0.06, "3.75"),
        (0.5014, 0.011, "0.5"),
        (1234567890.5, 0.5, "1234567890.5"),
        (1e15 + 0.3, 0, "1000000000000000.2"),
        (1234.4, 10, "1234"),
        (1.5, 1, "1.5"),
        (0.00001, 0, "0.00001"),
        (-0.04, 0.5, "0"),
        (-3.694, 0.06, "-3.7"),
    ],
)
def test_a_key_has_the_decimals_that_its_tolerance_leaves(answer, tolerance, key):
    assert written(rounded(answer, tolerance)) == key


@given(st.floats(-1e9, 1e9), st.floats(0.0001, 1e6))
def test_a_rounded_key_stays_well_within_the_tolerance(answer, tolerance):
    assert abs(rounded(answer, tolerance) - Decimal(answer)) <= Decimal(tolerance) / 2
    assert "e" not in written(rounded(answer, tolerance)).lower()


@given(st.integers(1, 60), st.sampled_from([2, 7]))
def test_shares_sum_to_one_point(count, digits):
    found = shares(count, digits)
    assert sum(found) == 1 and max(found) - min(found) <= Decimal(1).scaleb(-digits) and len(found) == count


def test_a_number_too_small_for_canvas_leaves_out_its_item_alone(tmp_path):
    bank = of(number(0.00005, 0.00001, ident="small"), choices("single", "a", "b"))
    made = export(bank, "qti", tmp_path / "x.zip")
    assert made.left_out == [
        "01-x.yml, item small: left out, because its answer is 0.00005 ± 0.00001 and Canvas keeps four decimals; use a larger unit."
    ]
    assert made.sentence(Path("x.zip")) == "1 item as 1 question in x.zip; each item is one point."
    answer = moodle(bank)["small"].find("answer")
    assert (answer.findtext("text"), answer.findtext("tolerance")) == ("0.00005", "0.00001")


def test_a_range_that_reaches_zero_and_a_long_number_are_written_in_qti():
    for answer, tolerance, ends in (
        (2.0, 2.0, ["2", "0", "4"]),
        (1234567890.5, 0.25, ["1234567890.5", "1234567890.25", "1234567890.75"]),
    ):
        text = qti_items(of(number(answer, tolerance)))["one"]
        assert [text.findtext(f".//{SPACE}{name}") for name in ("varequal", "vargte", "varlte")] == ends
