"""Tasks that a person marks: each file is whole, its marks add up, its page shows all; broken files are refused."""

import copy
import re

import pytest
import yaml
from conftest import ROOT

from coursekit.book import card, task_pages
from coursekit.book.exercise_pages import FOLDER, write_exercise_pages
from coursekit.exercises import tasks

FOLDERS = tasks.paths(ROOT)
by_task = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
TYPED = re.compile(r"\d[\d.,]*\s*(?:per cent|%|bn|billion|million)|\d\.\d")


@by_task
def test_a_task_belongs_to_its_chapter_and_has_its_words(folder):
    task = tasks.load(folder)
    entry = card.read(ROOT / "chapters" / f"{task.chapter}.md")
    left_to_it = {row["id"]: row["text"] for row in entry["outcomes"] if "exercise" in row["assessed_by"]}
    assert entry["exercise"] == folder.name and task.outcomes == left_to_it
    judged = {re.search(r"\((O\d)\)$", row.text)[1] for row in task.rubric}
    assert judged == set(task.outcomes), "each criterion ends with its outcome, each outcome has a criterion"
    announced = (ROOT / "chapters" / f"{task.chapter}.md").read_text(encoding="utf-8")
    assert f"{{graded-exercise}} {folder.name}" in announced


@by_task
def test_samples_are_full_answers_and_far_apart(folder):
    task = tasks.load(folder)
    good, middling, weak = (sample.total / task.points for sample in task.samples)
    assert good >= 0.8 and 0.4 <= middling <= 0.75 and weak <= 0.4
    for sample in task.samples:
        assert 80 <= len(sample.text.split()) <= 420 and len(sample.comment.split()) >= 15, sample.level
    assert len({row.anchors[name] for row in task.rubric for name in row.anchors}) == 3 * len(task.rubric)


@by_task
def test_no_number_of_a_task_is_typed(folder):
    raw = yaml.safe_load((folder / tasks.FILE).read_text(encoding="utf-8"))
    texts = [raw["task"], *(raw["samples"][level][key] for level in tasks.LEVELS for key in ("text", "comment"))]
    bare = [re.sub(r"\{[^{}]*\}", "", text) for text in texts]
    assert not [found[0] for text in bare for found in [TYPED.search(text)] if found], "compute it with a measure"


@by_task
def test_the_page_shows_task_criteria_samples_and_marks(folder):
    task = tasks.load(folder)
    text = task_pages.page(task)
    assert f"about {task.minutes} minutes" in text and f"{task.points:g} points" in text
    assert all(one.title in text for one in task.self_check)
    for row in task.rubric:
        assert row.text in text and all(anchor in text for anchor in row.anchors.values())
    for sample in task.samples:
        assert f"{sample.total:g} of {task.points:g} points" in text and sample.comment in text


# A file of our own: what is refused, and what is shown


RAW = {
    "title": "A vote and a page",
    "chapter": "06-cohesion",
    "minutes": 40,
    "points": 10,
    "outcomes": {"O1": "read a vote"},
    "task": "The fall was {fall:.2f}; a glued {term}`ideal point` stays.",
    "self_check": ["read-falls"],
    "rubric": [
        {"id": "a", "points": 6, "text": "Reads it (O1)", "anchors": {"full": "all", "half": "some", "none": "no"}},
        {"id": "b", "points": 4, "text": "Doubts it (O1)", "anchors": {"full": "al", "half": "so", "none": "n"}},
    ],
    "values": {"fall": "votes.fall('IP4', 'all')"},
    "samples": {
        level: {"case": "Another group", "text": "It fell by {fall:.1f}.", "marks": marks, "comment": "Because."}
        for level, marks in {"good": {"a": 6, "b": 3}, "middling": {"a": 3, "b": 2}, "weak": {"a": 1, "b": 0}}.items()
    },
}


@pytest.fixture
def made(tmp_path):
    """A function that writes a task, changed by a function, into a course's folder; the task's folder."""

    def write(change=lambda raw: None):
        raw = copy.deepcopy(RAW)
        change(raw)
        folder = tmp_path / "exercises" / "06-page"
        (tmp_path / "exercises" / "practice").mkdir(parents=True, exist_ok=True)
        source = ROOT / "exercises" / "practice" / "06-cohesion.yml"
        (tmp_path / "exercises" / "practice" / source.name).write_bytes(source.read_bytes())
        folder.mkdir(exist_ok=True)
        (folder / tasks.FILE).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
        return folder

    return write


def test_numbers_are_filled_and_roles_stay(made):
    from ip4.measures import votes

    task = tasks.load(made())
    assert task.text.startswith(f"The fall was {votes.fall('IP4', 'all'):.2f}") and "{term}`ideal point`" in task.text
    assert [sample.total for sample in task.samples] == [9, 5, 1]


def test_its_page_is_written_beside_those_of_exercises(made):
    folder = made()
    write_exercise_pages(folder.parents[1])
    text = (folder.parents[1] / FOLDER / "06-page.md").read_text(encoding="utf-8")
    assert text.startswith("# A vote and a page") and "9 of 10 points" in text and "{ref}`c06-practice`" in text


CHANGES = {
    "the criteria add up to 10": lambda raw: raw.update(points=12),
    "unknown key 'outcome'": lambda raw: raw.update(outcome=raw.pop("outcomes")),
    "self_check names 'nothing'": lambda raw: raw.update(self_check=["nothing"]),
    "the marks must fall": lambda raw: raw["samples"]["weak"]["marks"].update(a=6),
    "needs marks for b": lambda raw: raw["samples"]["good"]["marks"].pop("b"),
    "needs marks for a": lambda raw: raw["samples"]["good"]["marks"].update(a=7),
    "uses {fal}": lambda raw: raw.update(task="It fell by {fal:.2f} in all."),
    "the key 'half' is missing": lambda raw: raw["rubric"][0]["anchors"].pop("half"),
}


@pytest.mark.parametrize("words", CHANGES)
def test_a_broken_file_is_refused_in_a_sentence(made, words):
    with pytest.raises(tasks.TaskError, match=re.escape(words)) as refusal:
        tasks.load(made(CHANGES[words]))
    assert "06-page/task.yml" in str(refusal.value)
