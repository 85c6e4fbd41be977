"""Item analysis against cases worked by hand, and the page of a graded class."""

import csv

import pytest
from click.testing import CliRunner

from coursekit.cli.marking import analyse, marks
from coursekit.grading.intake.collect import collect
from coursekit.grading.marks import analysis as items
from coursekit.grading.marks import markers
from coursekit.grading.marks.analysis import analysis

from .conftest import SLUG, answer, grade, put
from .test_desk import essay, mark


def test_difficulty_is_the_mean_share_of_points():
    assert items.difficulty([4, 2, 0, 2], 4) == 0.5
    assert items.difficulty([], 4) is None


def test_discrimination_worked_by_hand():
    """Item 0 0 1 1, rest 1 2 2 3: deviations -.5 -.5 .5 .5 and -1 0 0 1, products sum to 1, r = 1 / sqrt(1 * 2)."""
    assert items.discrimination([0, 0, 1, 1], [1, 2, 2, 3]) == pytest.approx(2**-0.5)
    assert items.discrimination([1, 1, 0, 0], [1, 2, 2, 3]) == pytest.approx(-(2**-0.5))


@pytest.mark.parametrize("points, rest", [([1, 1, 1], [1, 2, 3]), ([0, 1, 1], [2, 2, 2]), ([0, 1], [1, 2]), ([], [])])
def test_no_correlation_without_variance(points, rest):
    assert items.discrimination(points, rest) is None


def test_the_own_points_are_left_out_of_the_rest(release):
    """Two students, q1 of 4 and q2 of 3: for q1 the rest is what they have elsewhere, for a check all but the check."""
    cells = {cell["id"]: 0 for cell in release.of_kind("check", "essay")}
    first = release.of_kind("check")[0]
    scores = {"ann": {**cells, first["id"]: 1, "answer-q4": 5}, "ben": {**cells, "answer-q4": None}}
    rests = items.rest_scores(release, scores)
    assert rests["ann"] == {"q1": 1, "q2": 0, "q3": 0}, "q4 waits for ben, so nobody's q4 counts in the rest"
    scores["ben"]["answer-q4"] = 2
    rests = items.rest_scores(release, scores)
    question, check = (items.Item(kind, "q1", "q1", 4) for kind in ("question", "check"))
    assert items._rest(rests["ann"], question, 1) == 5 and items._rest(rests["ann"], check, 1) == 5
    assert items._rest(rests["ben"], question, 0) == 2


def test_agreement_worked_by_hand():
    assert items.agreement([0, 1, None, 0.5, 0]) == (4, 0.5, 0.375)
    assert items.agreement([None]) == (0, None, None)


def test_the_three_most_frequent_sentences():
    def result(*failed):
        return {"checks": {name: ["failed", f"Sentence {name[0]}."] for name in failed} | {"z": ["passed", ""]}}

    results = [result("a1", "a2"), result("a1", "b"), result("b", "c"), result("d", "a1")]
    assert items.wrong_answers(results, ["a1", "a2", "b", "c", "d", "z"]) == [
        ("Sentence a.", 3),
        ("Sentence b.", 2),
        ("Sentence c.", 1),
    ]


@pytest.mark.parametrize("n, words", [(0, "No hand-in"), (4, "up to 0.25"), (28, "between about -0.37 and 0.37")])
def test_a_small_class_is_told_so(n, words):
    assert words in items.in_words(n)[0]


def test_a_class_of_thirty_needs_no_warning():
    assert items.in_words(30) == []


@pytest.mark.parametrize(
    "share, r, words",
    [
        (0.97, 0.3, "Nearly everybody"),
        (0.2, 0.3, "Few have it"),
        (0.5, -0.5, "check the key"),
        (0.6, -0.1, "hardly"),
        (0.5, 0.05, "hardly"),
        (0.6, 0.4, ""),
    ],
)
def test_what_an_item_says(share, r, words):
    item = items.Item("check", "q1", "q1-1", 1, n=40, difficulty=share, discrimination=r)
    assert words in item.words and bool(item.words) == bool(words)
    assert items.Item("check", "q1", "q1-1", 1, n=9, difficulty=share, discrimination=r).words == ""
    assert items.Item("check", "q1", "q1-1", 1, n=20, difficulty=0.5, discrimination=-0.1).words == "", "chance"


@pytest.fixture
def graded(course, release, tmp_path, honest):
    """Four students: two honest, one wrong in q1, one who left q1 and the essay blank."""
    put(tmp_path / "in", "ann", honest("ann"))
    put(tmp_path / "in", "ben", honest("ben"))
    put(tmp_path / "in", "cat", answer(honest("cat"), "q1", "share = 50"))
    put(tmp_path / "in", "dan", essay(honest("dan", skip=("q1",)), ""))
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=2)
    for student, points in {"ann": (2, 2, 1), "ben": (2, 1, 1), "cat": (1, 0, 1), "dan": (0, 0, 0)}.items():
        mark(course, release, "anna", student, points)
    mark(course, release, "ben", "ann", (2, 1, 1))
    markers.settle(course, release)
    return course


def test_a_graded_class(graded, release):
    """q1 has 4 4 0 0 of 4 points, the essay 5 4 2 0 of 5, the rest 12 11 9 7."""
    found = analysis(graded, release)
    by_name = {(item.kind, item.name): item for item in found.items}
    first = by_name["question", "q1"]
    assert (first.difficulty, first.blank, first.n) == (0.5, 0.25, 4)
    # q1 deviates 2 2 -2 -2 from its mean; the rest 12 11 9 7 deviates 2.25 1.25 -.75 -2.75; sum of products 14
    assert first.discrimination == pytest.approx(14 / (16 * 14.75) ** 0.5)
    assert first.wrong[0][1] >= 1 and sum(count for _, count in first.wrong) >= 2
    fourth = by_name["question", "q4"]
    assert fourth.difficulty == 11 / 20 and fourth.blank == 0.25
    assert by_name["question", "q2"].discrimination is None, "all have the same points"
    limits = by_name["criterion", "limits"]
    assert (limits.pairs, limits.exact, limits.apart) == (1, 0, 1) and limits.difficulty == 3 / 8
    assert "4 hand-ins are too few" in found.sentences[0]


def test_page_and_csv(graded, release, browser):
    from accessible import violations

    group = CliRunner()
    done = group.invoke(analyse, [SLUG, "-C", str(graded.root)])
    assert done.exit_code == 0 and "4 hand-ins" in done.output, done.output
    path = graded.root / "reports" / f"{SLUG}-analysis.html"
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme, bypass_csp=True)
        page.goto(path.as_uri())
        assert violations(page, preload=True) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "question q1" in page.inner_text("main") and "Marked twice" in page.inner_text("main")
        page.close()
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = {(row["kind"], row["name"]): row for row in csv.DictReader(stream)}
    assert rows["question", "q1"]["difficulty"] == "0.5" and rows["question", "q1"]["blank"] == "0.25"
    assert rows["criterion", "limits"]["mean_difference"] == "1" and rows["question", "q1"]["same_points"] == ""


def test_the_markers_compared_on_the_command_line(graded):
    done = CliRunner().invoke(marks, ["compare", SLUG, "-C", str(graded.root)])
    assert done.exit_code == 0 and "markers differ on 1" in done.output and "--marker settled" in done.output
    with (graded.root / "reports" / f"{SLUG}-markers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"student", "anna", "ben", "difference"} <= set(rows[0]) and len(rows) == 12
