"""Practice: the files hold, each task is proved, a broken one is refused, and the page without Python still helps."""

from __future__ import annotations

import re

import pytest
from conftest import CHAPTERS, ROOT, SITE

from coursekit.book import card
from coursekit.book.live import proofs, prove
from coursekit.book.live.practice import chosen, secret, version
from coursekit.book.live.prove import faults
from coursekit.book.notebooks.blocks import shown
from coursekit.book.notebooks.page import Book, Page
from coursekit.data import expressions
from coursekit.exercises.practice import PracticeError, load, minutes, path_of

DRAWN = re.compile(r"^```\{practice\} (\S+)\n:tasks: (.*)$", re.M)
GOOD = """
chapter: 01-some
tasks:
  - id: code
    outcome: O1
    title: Make a two
    minutes: 3
    task: Change the line so that the answer is one more than it is here.
    starter: answer = base
    hints: ["Look at the line that makes the answer.", "Add one to base, and nothing else."]
    checks: [{words: the answer is two, test: answer == 2, otherwise: the answer is not two yet}]
    solution: answer = base + 1
  - id: read
    outcome: O1
    title: Read a two
    minutes: 2
    task: Read the value from the figure and report it with one decimal.
    hints: ["Look at the table under the figure.", "It stands in the last row of it."]
    fields: [{label: Value, answer: 1 + 1, tolerance: 0.05, otherwise: look at the last row}]
    solution: The value is two.
"""
PAGE = "# A page\n\n```{code-cell} ipython3\nbase = 1\n```\n"


@pytest.fixture
def files(tmp_path):
    """Write a page and its practice, changed by replacements; (page, file)."""

    def write(*changes: tuple[str, str]):
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        page, file = tmp_path / "01-some.md", tmp_path / "01-some.yml"
        page.write_text(PAGE)
        file.write_text(text)
        return page, file

    return write


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_each_chapter_practises_one_outcome_with_code_and_without(chapter):
    tasks = load(path_of(ROOT, chapter.stem))
    drawn = [name for file, names in DRAWN.findall(chapter.read_text("utf-8")) for name in names.split()]
    assert sorted(drawn) == sorted(tasks), "each task is drawn once"
    by_outcome = {}
    for task in tasks.values():
        by_outcome.setdefault(task.outcome, set()).add(task.is_code)
    assert {True, False} in by_outcome.values()
    assert set(by_outcome) <= {outcome["id"] for outcome in card.read(chapter)["outcomes"]}


def test_a_good_file_is_proved(files):
    page, file = files()
    assert faults(page, file, ["code", "read"]) == []
    assert load(file, evaluate=eval)["read"].fields[0].answer == 2


@pytest.mark.parametrize(
    "change, said",
    [
        (
            ("solution: answer = base + 1", "solution: answer = base + 2"),
            "the solution fails its own check “the answer is two”",
        ),
        (("starter: answer = base", "starter: answer = base + 1"), "the starter passes every check"),
        (("starter: answer = base", "starter: answer = basis"), "the starter does not run: line 1"),
        (("solution: answer = base + 1", "solution: answer = base + one"), "the solution does not run: line 1"),
    ],
)
def test_a_broken_task_is_named(files, change, said):
    page, file = files(change)
    (sentence,) = faults(page, file, ["code"])
    assert sentence.startswith("01-some.yml, task code: ") and said in sentence


@pytest.mark.slow
def test_proofs_that_a_build_began_say_the_same(files, monkeypatch):
    page, file = files(("solution: answer = base + 1", "solution: answer = base + 2"))
    now = faults(page, file, ["code"])
    begun = proofs.Proofs([(page, file)])
    monkeypatch.setitem(expressions.current().results, proofs.NAME, begun)
    monkeypatch.setattr(prove, "_proved_now", lambda *given: pytest.fail("proved again"))
    assert faults(page, file, ["code"]) == now and len(now) == 1
    proofs.end()
    assert proofs.known(page, file, ["code"]) is None


@pytest.mark.slow
def test_a_page_whose_proofs_failed_proves_its_own(files):
    page, file = files(("chapter: 01-some", "chapter: 02-other"))
    begun = proofs.Proofs([(page, file)])
    assert begun.of(page, file, ["code"]) is None, "the copy ended without an answer"
    begun.end()


def test_each_chapter_with_practice_is_proved_on_the_side(monkeypatch):
    begun = []
    monkeypatch.setattr(proofs, "Proofs", begun.append)
    monkeypatch.setattr(expressions.current(), "results", {})
    proofs.begin(ROOT)
    assert [page.stem for page, _file in begun[0]] == sorted(chapter.stem for chapter in CHAPTERS)


@pytest.mark.parametrize(
    "change, said",
    [
        (("chapter: 01-some", "chapter: 02-other"), "must be the file's own name"),
        (("id: read", "id: code"), "two tasks share an id"),
        (("minutes: 3", "minuets: 3"), "minuets"),
        (("answer: 1 + 1", "answer: \"'two'\""), "needs an answer that is a number"),
        (("tolerance: 0.05", "options: [one, three]"), "none of the options"),
        ((', "It stands in the last row of it."]', "]"), "hints"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused(files, change, said):
    with pytest.raises(PracticeError, match=r"01-some\.yml") as refused:
        load(files(change)[1], evaluate=eval)
    assert said in str(refused.value)


def test_an_unknown_task_is_named(files):
    with pytest.raises(PracticeError, match="has no task 'other'; it has code, read"):
        chosen(load(files()[1], evaluate=eval), "code other", "01-some.yml")


def test_the_same_text_feeds_the_notebook(files):
    task = load(files()[1], evaluate=eval)["code"]
    text = shown(task, Page(Book(ROOT), "chapters/01-some"))
    assert all(part in text for part in (task.title, task.task, *task.hints, task.solution))


def test_minutes_are_those_of_the_named_tasks(files, tmp_path):
    assert minutes(files()[1], ["code"]) == 3 and minutes(tmp_path / "none.yml", ["code"]) == 0


def test_a_hint_that_changes_keeps_old_answers(files):
    before = version(load(files()[1], evaluate=eval)["code"])
    assert version(load(files(("Look at the line", "See the line"))[1], evaluate=eval)["code"]) == before
    assert version(load(files(("answer == 2", "answer == 3"))[1], evaluate=eval)["code"]) != before


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_the_page_gives_nothing_away(site, chapter):
    page = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    for task in load(path_of(ROOT, chapter.stem)).values():
        assert f'id="practice-{task.id}"' in page
        for hidden in (*secret(task)["hints"], secret(task)["solution"]):
            assert str(hidden) not in page


@pytest.mark.browser
def test_without_python_hints_and_solution_are_there_and_values_are_judged(browser, site):
    """The page as a book without Python has it: the tag that tells of Python is taken out on the way."""
    tab = browser.new_page()

    def without(route):
        text = route.fetch().text()
        route.fulfill(body=re.sub(r'<meta name="course-live"[^>]*>', "", text), content_type="text/html")

    tab.route("**/04-money.html", without)
    tab.route("**/live.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    tab.goto(f"{site}chapters/04-money.html")
    tab.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    assert tab.locator(".live-open, .practice-open").count() == 0
    task = tab.locator("#practice-fewer-soldiers")
    assert task.locator(".practice-without").is_visible() and task.locator(".practice-solve").is_hidden()
    task.locator(".practice-hint").click()
    task.get_by_text("Second hint").first.click()
    task.locator(".practice-solve").click()
    task.locator(".practice-shown pre").wait_for()
    read = tab.locator("#practice-read-estonia")
    for tries in (1, 2):
        assert read.locator(".practice-solve").is_hidden()
        read.locator("input").nth(0).fill("430,5")
        read.locator("input").nth(1).fill("100" if tries == 1 else "77.3")
        read.locator("select").select_option("less was put in, and outputs rose")
        read.locator(".practice-check").click()
        read.get_by_text(f"{tries} of 3 hold").wait_for()
    assert "nearer to what comes out" in read.locator(".practice-told").inner_text()
    assert read.locator(".practice-solve").is_visible()
    read.locator("select").select_option("more was put in, and one output fell")
    read.locator(".practice-check").click()
    read.get_by_text("✓ Right.").wait_for()
    tab.reload()
    assert "You have solved this" in tab.locator("#practice-read-estonia .practice-told").text_content()
    tab.close()
