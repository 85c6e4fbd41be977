"""The public page and the handout of each exercise: complete, and without a word of what students must not see."""

import io
import json
import re
import sys
import zipfile
from fractions import Fraction
from functools import cache

import pytest
import yaml
from conftest import ROOT

from coursekit.book import exercise_pages, reading
from coursekit.exercises import checktools
from coursekit.exercises import release as releases
from coursekit.exercises.cells import solution

FOLDERS = sorted(path.parent for path in (ROOT / "exercises").glob("*/exercise.md"))
by_exercise = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
SHORTEST = 12  # shorter lines (x = 1) may stand anywhere by chance


@cache
def load(folder):
    return releases.load(folder)


@cache
def packed(folder):
    """Names and texts of the files in the handout."""
    with zipfile.ZipFile(io.BytesIO(exercise_pages.handout(load(folder)))) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def lines(source):
    return {line.strip() for line in source.splitlines() if len(line.strip()) >= SHORTEST}


def secret_lines(exercise):
    """Lines of solutions, hidden checks and wrong answers that no released cell and no tool for checks holds."""
    secret, open_lines = set(), set()
    for cell in exercise.cells:
        if cell.kind == "wrong" or cell.kind == "check" and cell.hidden:
            secret |= lines(cell.source)
        elif cell.kind in ("answer", "no-code"):
            released = lines(solution(cell.source, stub=[]))
            open_lines |= released
            secret |= lines(solution(cell.source)) - released
        else:
            open_lines |= lines(cell.source)
    return secret - open_lines - lines(checktools.source_of(checktools.TOOLS))


def sources(folder):
    """The cells' text of the notebooks in the handout."""
    return {
        name: "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        for name, text in packed(folder).items()
        if name.endswith(".ipynb")
    }


def test_there_are_two_model_exercises():
    assert {folder.name for folder in FOLDERS} >= {"04-burden-sharing", "06-cohesion"}


@by_exercise
@pytest.mark.slow
def test_nothing_secret_is_in_the_page_or_the_handout(folder):
    exercise = load(folder)
    secret = secret_lines(exercise)
    assert len(secret) > 30
    for name, text in {"page": exercise_pages.page(exercise), **sources(folder)}.items():
        found = [line for line in secret if line in text]
        assert not found, f"{name}: {found[:3]}"


@by_exercise
def test_no_message_of_a_hidden_check_is_public(folder):
    exercise = load(folder)
    public = exercise_pages.page(exercise) + "".join(packed(folder).values())
    for cell in exercise.cells:
        if cell.kind == "check" and cell.hidden:
            assert not [text for text in re.findall(r', "([^"]{20,})"$', cell.source, re.M) if text in public]


@by_exercise
def test_the_page_says_all_a_student_must_know(folder):
    exercise = load(folder)
    text = exercise_pages.page(exercise)
    meta = exercise.meta
    assert meta["title"] in text and f"{meta['points']} points" in text and f"{meta['minutes']} minutes" in text
    assert all(outcome in text for outcome in exercise.meta["outcomes"].values())
    assert all(row["text"] in text for rows in exercise.rubric.values() for row in rows)
    assert "no-code" in text and f"{folder.name}.zip" in text
    rows = re.findall(r"^\| \d+ \| [^|]* \| ([\d.]*) \| ([\d.]*) \| ([\d.]*) \|$", text, re.M)
    assert sum(Fraction(number) for row in rows for number in row if number) == exercise.meta["points"]


@by_exercise
def test_the_handout_needs_pandas_and_altair_only(folder):
    for text in sources(folder).values():
        imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.M))
        assert imported <= {"pandas", "altair", *sys.stdlib_module_names}
        wanted = set(re.findall(r'read_csv\("(data/[^"]+)"\)', text))
        assert wanted <= {name.partition("/")[2] for name in packed(folder)}


@by_exercise
def test_points_of_exercise_chapter_and_rubric_agree(folder):
    """The chapter that announces the exercise names its points and the outcomes it leaves to it."""
    exercise = load(folder)
    chapter = (ROOT / "chapters" / f"{exercise.meta['chapter']}.md").read_text(encoding="utf-8")
    block = yaml.safe_load(re.search(r"^```\{chapter-card\}\n(.*?)^```", chapter, re.M | re.S)[1])
    assert reading.graded_minutes(block["exercise"], ROOT) == exercise.meta["minutes"]
    assert block["exercise"] == folder.name
    left_to_it = {outcome["id"] for outcome in block["outcomes"] if "exercise" in outcome["assessed_by"]}
    assert set(exercise.meta["outcomes"]) == left_to_it
    announced = chapter.partition(f"{{graded-exercise}} {folder.name}")[2].partition("```")[0]
    assert f"{exercise.meta['points']:g}" in announced


@pytest.mark.slow
def test_pages_are_written_once_and_strays_go(tmp_path):
    source = ROOT / "exercises" / "06-cohesion"
    copy = tmp_path / "exercises" / "06-cohesion"
    copy.mkdir(parents=True)
    for path in source.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    folder = tmp_path / exercise_pages.FOLDER
    folder.mkdir(parents=True)
    (folder / "gone.md").write_text("An exercise that is no more.")
    exercise_pages.write_exercise_pages(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"06-cohesion.md", "06-cohesion.zip", exercise_pages.KEPT}
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    exercise_pages.write_exercise_pages(tmp_path)
    assert before == {path: path.stat().st_mtime_ns for path in folder.iterdir()}


@by_exercise
def test_forty_points_by_machine_and_sixty_by_a_human(folder):
    """What can be computed is what can be copied: most points are for judgement."""
    cells = load(folder).cells
    assert sum(cell.points for cell in cells if cell.kind == "check") == 40
    assert sum(cell.points for cell in cells if cell.kind == "essay") == 60
    assert not [cell.id for cell in cells if cell.kind == "check" and not cell.hidden and cell.points]


@by_exercise
def test_each_criterion_has_points_an_outcome_and_anchors(folder):
    """A criterion ends with the outcome it judges, one that its question assesses, and says what full and half mean."""
    exercise = load(folder)
    for question, criteria in exercise.rubric.items():
        assessed = exercise.meta["assesses"][question]
        judged = {re.search(r"\((O\d)\)$", row["text"])[1] for row in criteria}
        assert judged == set(assessed if isinstance(assessed, list) else [assessed]), question
        for row in criteria:
            assert row["points"] > 0 and len({*row["anchors"].values()}) == 3, row["id"]


@by_exercise
def test_each_outcome_of_the_exercise_is_graded_and_the_thesis_by_an_essay(folder):
    exercise = load(folder)
    wanted = exercise.meta["assesses"].values()
    assert {outcome for row in wanted for outcome in (row if isinstance(row, list) else [row])} == set(
        exercise.meta["outcomes"]
    )
    bet = [key for key, text in exercise.meta["outcomes"].items() if "bet for the partners" in text]
    essays = {cell.question for cell in exercise.cells if cell.kind == "essay"}
    assert len(bet) == 1 and [
        name for name, key in exercise.meta["assesses"].items() if key == bet[0] and name in essays
    ]


@by_exercise
def test_points_named_in_the_text_are_those_of_cells_and_rubric(folder):
    """The heading of each question names its points, and a question marked by hand the points of each criterion."""
    exercise = load(folder)
    text = "\n".join(cell.source for cell in exercise.cells if cell.kind == "text")
    named = re.findall(r"^## Question (\d+)\..*\((\d+) points", text, re.M)
    sums = {f"q{number}": float(points) for number, points in named}
    cells = exercise.cells
    assert sums == {name: sum(c.points for c in cells if c.question == name) for name in exercise.meta["assesses"]}
    for question, criteria in exercise.rubric.items():
        part = text.partition(f"## Question {question[1:]}.")[2].partition("\n## ")[0]
        stated = part.partition("The marker")[2].partition("\n")[0].partition(". ")[0]
        assert [int(number) for number in re.findall(r"(\d+)", stated)] == [row["points"] for row in criteria], question


@by_exercise
def test_there_is_something_to_ask_on_each_question_that_a_machine_marks(folder):
    exercise = load(folder)
    drawn = {cell.question for cell in exercise.cells if "draws(" in cell.source}
    assert set(exercise.orals) >= {cell.question for cell in exercise.cells if cell.kind == "answer"} - drawn
