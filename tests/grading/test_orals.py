"""The sheet of oral questions: on the student's own hand-in, the same each time, also when parts are missing."""

import re

import pytest
from click.testing import CliRunner

from coursekit.cli.main import main
from coursekit.exercises import release as releases
from coursekit.exercises.cells import SourceError
from coursekit.grading import orals
from coursekit.grading.intake.collect import collect

from .conftest import EXERCISE, answer, grade, put

ESSAY = "Arland pays the largest share of all four states in this table. A share says nothing about what is bought."


def say(content, text):
    cell = next(cell for cell in content["cells"] if cell["id"] == "answer-q4")
    cell["source"] = cell["source"].splitlines()[0] + "\n" + text
    return content


@pytest.fixture
def graded(course, release, tmp_path, honest):
    inbox = tmp_path / "inbox"
    put(inbox, "ann", say(honest("ann"), ESSAY))
    put(inbox, "bob", answer(say(honest("bob"), ESSAY), "q1", 'share = 3.25 * 1  # <b>"hm"</b> {case}'))
    put(inbox, "eve", say(honest("eve", skip={"q1", "q2", "q3"}), ""))
    put(inbox, "off", b"no notebook")
    collect(course, release, inbox)
    grade(course, release.slug, workers=1)
    return course


def by_name(found):
    return {re.search(r"\((\w+)\)", sheet.who)[1]: sheet for sheet in found}


def test_each_student_is_asked_on_the_own_hand_in(graded, release):
    found = by_name(orals.sheets(graded, release))
    assert set(found) == {"ann", "bob", "eve"}
    for sheet in found.values():
        assert len(sheet.questions) == 3 and len({(row.on, row.ask) for row in sheet.questions}) == 3
        assert all(row.good for row in sheet.questions)
    value, line, essay = found["bob"].questions
    case = release.case("bob")
    assert f"You give 3.25 per cent for {case['country']} in {case['year']}" in value.ask
    assert "The solution has" in value.good and "3.25" not in value.good
    assert line.on.startswith("Question") and "`" in line.ask
    assert any(sentence in essay.ask for sentence in ESSAY.split(". "))
    assert dict(found["bob"].case) == {name: str(part) for name, part in case.items()}


def test_a_failed_check_is_told_with_the_line(release, graded):
    result = {"version": "code", "checks": {"check-q1-1": ["failed", "Wrong unit."]}}
    question = orals._on_line(release, result, "q1", "share = 3.25 * 1", False)
    assert "The machine found: Wrong unit." in question.good and "share" in question.ask


def test_missing_parts_are_asked_for(graded, release):
    sheet = by_name(orals.sheets(graded, release))["eve"]
    assert len(sheet.questions) == 3 and all("left this part open" in row.ask for row in sheet.questions)


def test_the_same_hand_in_gives_the_same_sheet(graded, release):
    assert orals.sheets(graded, release) == orals.sheets(graded, release)
    assert [sheet.who for sheet in orals.sheets(graded, release, only=["ann"])] == ["ann (ann)"]


def test_names_can_be_hidden(graded, release):
    found = orals.sheets(graded, release, hidden=True)
    assert {sheet.who for sheet in found} == {"Hand-in 1", "Hand-in 2", "Hand-in 3"}


def test_what_was_handed_out_is_no_line_of_the_student(release):
    stub = "# Your answer to q1. Keep this line.\nshare = None  # type it here"
    assert orals.own_lines(stub + "\nx = 1\n# a comment = 1\nshare = f(table, 2020)", stub) == [
        "share = f(table, 2020)"
    ]


def test_a_page_to_print_one_sheet_a_student(graded, release, browser):
    done = CliRunner().invoke(main, ["orals", release.slug, "--folder", str(graded.root)])
    assert done.exit_code == 0 and "3 sheets" in done.output
    path = graded.root / "reports" / f"{release.slug}-orals.html"
    text = path.read_text(encoding="utf-8")
    assert "<b>" not in text and text.count("<article>") == 3 and text.count("2 minutes") == 9
    assert "&lt;b&gt;" in text or "3.25 * 1" not in text
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 3
    breaks = page.evaluate("[...document.querySelectorAll('article')].map(a => getComputedStyle(a).breakAfter)")
    assert breaks == ["page", "page", "auto"]
    page.close()


def test_without_graded_work_the_command_says_what_comes_first(course, release):
    done = CliRunner().invoke(main, ["orals", release.slug, "--folder", str(course.root)])
    assert done.exit_code == 1 and f"course grade {release.slug}" in done.output


FAULTS = {
    "unknown question": ("q1:", "q9:", "q9 must be a question of the exercise"),
    "unknown name": ("needs: [share]", "needs: [shares]", "no check asks for 'shares'"),
    "name not in needs": ("{share} per cent", "{latest} per cent", "'latest' is used and stands not in needs"),
    "question holds the answer": ("{share} per cent", "{right[share]} per cent", "must not hold the answer"),
    "open brace": ("{share} per cent", "{share per cent", "row 1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_questions_is_one_sentence(tmp_path, name):
    old, new, message = FAULTS[name]
    for file in EXERCISE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "orals.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        releases.load(tmp_path)
