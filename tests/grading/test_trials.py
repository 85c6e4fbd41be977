"""`course exercise check` finds the checks that an answer without knowledge, or of another case, would pass."""

import re
import shutil

import pytest

from coursekit.exercises import release as releases
from coursekit.grading.judge import blind, selfcheck, trials
from coursekit.grading.judge.selfcheck import problems
from coursekit.grading.sandbox import wire

from .conftest import EXERCISE

LOOSE = {
    "any number": ("close(share, key.share, 0.01)", "share > 0", r"check-q1-2 gives 4 points .* a number, .*1"),
    "any value": ("close(share, key.share, 0.01)", "share is not None", "check-q1-2 gives 4 points"),
    "text shown": (
        "close(share, key.share, 0.01)",
        "close(share, key.share, 0.01) or share == 80",
        "check-q1-2 gives 4 points .*80",
    ),
    "mean of a column": (
        "close(share, key.share, 0.01)",
        'close(share, key.share, 0.01) or close(share, spending["usd_bn"].mean(), 0.1)',
        "check-q1-2 gives 4 points",
    ),
    "columns only": (
        'same_table(latest, key.latest, by="country", tolerance=0.01)',
        'set(latest["country"]) == set(key.latest["country"])',
        "check-q2-2 gives 3 points .* a table",
    ),
    "encoding only": (
        'draws(chart, key.latest, mark="bar", tolerance=0.01, x="share:Q", y="country:N")',
        'encodes(chart, mark="bar", x="share:Q", y="country:N")',
        "check-q3-2 gives 4 points .* a chart",
    ),
    "points for what is seen": ("[check q1 0]", "[check q1 4]", "check-q1-1 gives 4 points"),
}


@pytest.fixture
def changed(tmp_path):
    """The exercise with one text of a file replaced; its points follow."""

    def change(file, old, new):
        shutil.copytree(EXERCISE, tmp_path / "90-sharing")
        path = tmp_path / "90-sharing" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path / "90-sharing"

    return change


@pytest.mark.parametrize("name", LOOSE)
def test_a_check_that_a_blind_answer_passes_is_named(changed, name):
    old, new, message = LOOSE[name]
    folder = changed("exercise.md", old, new)
    if "[check q1 4]" in new:
        path = folder / "exercise.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("points: 16", "points: 20"), encoding="utf-8")
    found = "\n".join(problems(releases.load(folder)))
    assert re.search(message, found), found


def test_a_check_that_is_the_same_for_all_is_named_with_its_share(changed):
    found = problems(releases.load(changed("exercise.yml", "same_at_most: 1 ", "same_at_most: 0.3 ")))
    assert any("check-q2-2 hardly depends on the case" in line and "100%" in line for line in found)
    assert not any("check-q1-2" in line for line in found)


def test_the_limit_is_a_quarter_when_none_is_stated(exercise):
    assert selfcheck.same_at_most(exercise) == 1
    bare = releases.Exercise("x", EXERCISE, {**exercise.meta, "variants": {"pool": []}}, [], {})
    assert selfcheck.same_at_most(bare) == blind.SAME_AT_MOST == 0.25


def test_blind_answers_hold_all_that_the_reviews_named(release):
    plain = blind.plain_answers()
    kinds = {type(value).__name__ for value in plain}
    assert {"NoneType", "int", "float", "str", "bool", "list", "dict", "DataFrame", "Series"} <= kinds
    shown = blind.shown_answers(release)
    assert 80.0 in shown and 10.0 in shown and "country" not in shown[:1]
    columns = blind.column_answers(EXERCISE)
    assert len(columns) > 5 and all(isinstance(value, float) for value in columns)


@pytest.mark.parametrize(
    ("value", "key", "near"),
    [
        (1, 1.0, True),
        (0, 0.004, True),
        (0, 0.5, False),
        (False, 0, True),
        ([1, 2], [1.0, 2.01], True),
        ([1], [1, 2], False),
        ("a", "b", False),
        (float("nan"), 1.0, False),
        ({"x": 1}, {"x": 9}, False),
    ],
)
def test_what_counts_as_luck(value, key, near):
    assert trials.near(wire.encode(value), wire.encode(key)) is near
