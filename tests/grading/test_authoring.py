"""Strict authoring: every broken rule has a line number; students get no hidden text; checks work anywhere."""

# ruff: noqa: E501

import dataclasses
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.exercises import release as releases
from coursekit.exercises import variants
from coursekit.exercises.cells import SourceError
from coursekit.exercises.source import parse, read_cells
from coursekit.grading.demo import worked
from coursekit.grading.judge.selfcheck import problems, same_at_most

from .conftest import EXERCISE

SOURCES = sorted(path.parent for path in (Path(__file__).parents[2] / "exercises").glob("*/exercise.md"))
TEXT = (EXERCISE / "exercise.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path):
    """A copy of the exercise whose files can be changed: change(file, old, new)."""
    folder = tmp_path / EXERCISE.name
    shutil.copytree(EXERCISE, folder)

    def change(name, old, new):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    change.folder = folder
    return change


BROKEN = {  # what is changed: (file, old, new, the message)
    "unknown tag": (
        "exercise.md",
        "[check q1 0]",
        "[chek q1 1]",
        r"line 35: unknown tag 'chek q1 1'; did you mean 'check'",
    ),
    "no points": (
        "exercise.md",
        "[check q1 0]",
        "[check q1]",
        r"line 35: the tag 'check q1' needs a question and its points",
    ),
    "zero points": (
        "exercise.md",
        "[check q1 4, hidden]",
        "[check q1 0, hidden]",
        r"line 40: .* needs points above zero",
    ),
    "points no number": ("exercise.md", "[check q1 0]", "[check q1 x]", r"line 35: .* needs points above zero"),
    "tags no list": ("exercise.md", "[check q1 0]", "check q1 1", r"line 34: tags must be a list"),
    "duplicate answer": (
        "exercise.md",
        "[answer q2]",
        "[answer q1]",
        r"line 54: q1 already has its answer cell on line 27",
    ),
    "unclosed solution": ("exercise.md", "### END SOLUTION\n", "", r"line 27: this BEGIN SOLUTION is never closed"),
    "solution never begun": ("exercise.md", "### BEGIN SOLUTION\n", "", r"line 29: END SOLUTION without a BEGIN"),
    "no solution": ("exercise.md", "### BEGIN SOLUTION\nrow =", "row =", "END SOLUTION without"),
    "check before answer": (
        "exercise.md",
        "[check q1 0]",
        "[check q2 1]",
        r"line 35: check q2: no answer cell q2 comes before",
    ),
    "unknown name": (
        "exercise.md",
        "assert 0 < share < 10",
        "assert 0 < shaer < 10",
        r"line 35: nothing before this check defines 'shaer'",
    ),
    "key in visible": (
        "exercise.md",
        "assert 0 < share < 10",
        "assert share == key.share",
        r"line 35: a visible check cannot use key",
    ),
    "no message": (
        "exercise.md",
        ', "A share of output in per cent lies between 0 and 10 here."',
        "",
        r"line 35: every assert needs a message",
    ),
    "key in message": (
        "exercise.md",
        '"The share does not match: use your own country and year."',
        'f"It is {key.share}"',
        r"line 40: a message must not hold the answer",
    ),
    "no assert": ("exercise.md", "assert 0 < share < 10, ", "share, ", r"line 35: a check needs at least one assert"),
    "not Python": ("exercise.md", "assert 0 < share", "assert 0 < < share", r"line 35: this is not Python"),
    "open cell": ("exercise.md", "chart\n```", "chart\n", r"this is not Python|not closed"),
    "no wrong answer": (
        "exercise.md",
        "[wrong q1]",
        "[hide-input]",
        r"line 27: q1 has a visible check but no 'wrong q1' cell",
    ),
    "essay as code": ("exercise.md", "[answer q1]", "[essay q1 3]", r"must be text"),
    "bad break": ("exercise.md", '+++ {"tags": ["essay q4 5"]}', "+++ essay", r"what follows \+\+\+ must be JSON"),
    "front matter": ("exercise.md", "Python 3}\n---", "Python 3}\n", r"line 1: the front matter is not closed"),
    "points of yml": ("exercise.yml", "points: 16", "points: 15", "points says 15, the checks and essays add up to 16"),
    "unknown key": ("exercise.yml", "minutes: 30", "minuts: 30", "unknown key 'minuts'; did you mean 'minutes'"),
    "twice": ("exercise.yml", "minutes: 30", "minutes: 30\nminutes: 31", "line 4: the key 'minutes' is written twice"),
    "outcome": ("exercise.yml", "q1: O1", "q1: O9", "q1 assesses 'O9', which outcomes does not define"),
    "assesses": ("exercise.yml", "q1: O1, ", "", "assesses must name each question once"),
    "no pool": ("exercise.md", ":tags: [case]", "", "a case cell in exercise.md and variants"),
    "rubric sum": ("rubric.yml", "points: 1}", "points: 2}", "the criteria of q4 add up to 6, the essay has 5 points"),
    "anchors": ("rubric.yml", "half: Two states without shares., ", "", "anchors: the key 'half' is missing or empty"),
    "rubric missing": ("rubric.yml", "q4:", "q5:", "one entry for each essay"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_one_sentence_with_its_place(copy, name):
    file, old, new, message = BROKEN[name]
    folder = copy(file, old, new)
    with pytest.raises(SourceError, match=message) as caught:
        releases.load(folder)
    assert file in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_lines_of_cells_are_right():
    lines = TEXT.split("\n")
    for cell in parse(TEXT):
        if cell.source and cell.type == "code":
            assert lines[cell.line - 1] == cell.source.split("\n")[0]


def test_the_exercise_is_ready(exercise):
    assert problems(exercise) == []


@pytest.mark.parametrize("folder", SOURCES, ids=lambda path: path.name)
def test_every_exercise_of_the_course_is_ready(folder):
    """Solution, empty notebook, wrong, blind and foreign answers, variants, typed version; none is looser than a fifth."""
    found = releases.load(folder)
    assert same_at_most(found) <= 0.2
    assert problems(found) == []


FAULTY = {
    "solution fails a check": (
        "exercise.md",
        "share = 100 * row",
        "share = 1000 * row",
        "The solution does not pass check-q1-1",
    ),
    "empty passes": (
        "exercise.md",
        "### END SOLUTION",
        "### END SOLUTION\nshare = 2",
        "The empty notebook .code. passes check-q1-1",
    ),
    "wrong answer passes": (
        "exercise.md",
        "share = 0.02 * -1",
        "share = 2.5",
        "No wrong answer of q1 fails check-q1-1 with its message",
    ),
    "cases alike": (
        "exercise.yml",
        "- {country: Arland, year: 2021}",
        "- {country: Arland, year: 2021, more: 1}\n    - {country: Arland, year: 2021}",
        "have the same key",
    ),
    "solution stops": (
        "exercise.md",
        "share = 100 * row",
        "share = nothing * row",
        "the solution does not run: NameError|The solution of q1 stops",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_the_self_check_finds(copy, name):
    file, old, new, message = FAULTY[name]
    try:
        found = "\n".join(problems(releases.load(copy(file, old, new))))
    except Exception as fault:
        found = str(fault)
    assert re.search(message, found), found


def test_no_hidden_text_or_solution_reaches_students(release, exercise, tmp_path):
    paths = releases.write(release, exercise.folder, tmp_path)
    texts = [path.read_text(encoding="utf-8") for path in paths]
    for cell in release.cells:
        if cell["hidden"]:
            assert not any(json.dumps(cell["source"])[1:-1] in text for text in texts)
    for text in texts:
        assert "SOLUTION" not in text and "key." not in text and "row[" not in text
    assert (tmp_path / "data" / "spending.csv").exists()


BARE = """
import builtins, json, sys
real = builtins.__import__
def refuse(name, *rest, **more):
    assert name.partition(".")[0] not in ("coursekit", "ip4", "nbgrader"), name
    return real(name, *rest, **more)
builtins.__import__ = refuse
space = {}
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] == "code":
        try:
            exec(cell["source"], space)
        except AssertionError as fault:
            print(cell["id"], fault)
"""


@pytest.mark.parametrize("version", ["code", "no-code"])
def test_visible_checks_run_with_pandas_and_altair_only(release, exercise, tmp_path, version):
    releases.write(release, exercise.folder, tmp_path)
    name = f"{release.slug}{'' if version == 'code' else '-no-code'}.ipynb"

    def run(content):
        (tmp_path / name).write_text(json.dumps(content))
        return subprocess.run([sys.executable, "-I", "-c", BARE, name], cwd=tmp_path, capture_output=True, text=True)

    assert run(worked(release, "ann")).stdout == ""
    wrong = worked(release, "ann")
    next(cell for cell in wrong["cells"] if cell["id"] == "answer-q3")["source"] = (
        "chart = alt.Chart(latest).mark_line()"
    )
    assert run(wrong).stdout == "check-q3-1 Draw the shares as bars.\n"


def test_notebooks_are_valid_and_readable_by_others(release):
    import nbformat

    for version in releases.VERSIONS:
        book = releases.notebook(release, version)
        nbformat.validate(nbformat.from_dict(book))
        assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_jupytext_sees_the_same_cells():
    import jupytext

    theirs = jupytext.reads(TEXT, fmt="md:myst").cells
    ours = read_cells(EXERCISE / "exercise.md")
    assert [cell.source.strip() for cell in theirs] == [cell.source.strip() for cell in ours]
    assert [cell.metadata.get("tags", []) for cell in theirs] == [cell.tags for cell in ours]


def test_variants_are_stable_spread_and_secret_with_a_key(release):
    assert (
        release.case("ann") == release.case(" ANN ") == variants.pick(release.pool, release.term, release.slug, "ann")
    )
    spread = {json.dumps(release.case(f"s{number}")) for number in range(200)}
    assert len(spread) == 9
    pool = [{"n": number} for number in range(30)]
    assert variants.draw(pool, "t", "e", 5) == variants.draw(pool[::-1], "t", "e", 5)
    assert (
        variants.draw(pool, "t", "e", 5) != variants.draw(pool, "u", "e", 5) != variants.draw(pool, "u", "e", 5, b"key")
    )


def test_the_notebook_and_the_grader_draw_the_same_case(release):
    book = releases.notebook(release)
    source = next(cell["source"] for cell in book["cells"] if cell["id"].startswith("case"))
    for student in ("ann", "B.Birch", "x-1@uni.example"):
        space = {"STUDENT_ID": f" {student} "}
        exec(source, space)
        assert space["case"] == release.case(student)


def test_a_case_for_the_whole_term(exercise):
    meta = {**exercise.meta, "variants": {**exercise.meta["variants"], "by": "term"}}
    made = releases.make(dataclasses.replace(exercise, meta=meta), "2027-spring")
    assert made.case("ann") == made.case("ben")
    space = {}
    exec(next(cell["source"] for cell in releases.notebook(made)["cells"] if cell["id"].startswith("case")), space)
    assert space["case"] == made.case("ann")
    assert not any(cell["id"] == "student-id" for cell in releases.notebook(made)["cells"])


def test_private_checks_stay_private_and_count(exercise, tmp_path, release):
    (tmp_path / "term.key").write_text("only the instructor knows")
    (tmp_path / f"{exercise.slug}.md").write_text(
        '```{code-cell} python\n:tags: [check q1 2]\nassert close(share, key.share, 0.001), "Not precise enough."\n```\n'
    )
    made = releases.make(exercise, "2027-spring", tmp_path)
    assert made.points == release.points + 2 and made.pool != release.pool
    assert all("precise" not in json.dumps(releases.notebook(made, version)) for version in releases.VERSIONS)
    (tmp_path / f"{exercise.slug}.md").write_text("```{code-cell} python\n:tags: [answer q9]\nx = 1\n```\n")
    with pytest.raises(SourceError, match="line 3: a private file holds check cells only"):
        releases.make(exercise, "2027-spring", tmp_path)
