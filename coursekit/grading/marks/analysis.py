"""Item analysis of a graded class, so that an exercise improves from year to year.

For each question, check and criterion: *difficulty* is the mean share of its points (1: everybody has them all);
*discrimination* is the corrected item-total correlation, Pearson's r between the item's points and the points of the
rest of the exercise, the item's own left out. The rest counts the questions that are marked for every hand-in. After
Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coursekit.exercises.release import Release, stub
from coursekit.grading.course import Course, read_json
from coursekit.grading.intake import times
from coursekit.grading.intake.safe_text import plain
from coursekit.grading.marks import gradebook
from coursekit.grading.marks.compare import Comparison, comparison
from coursekit.progress import Progress

_SHOWN, _SMALL, _ENOUGH, _WEAK = 3, 10, 30, 0.15
Points = dict[str, float | None]  # {item: points, None while it waits}


def chance(n: int) -> float:
    """How far from 0 a correlation of unrelated points comes out in 19 of 20 classes of ``n`` (Fisher's z)."""
    return math.tanh(1.96 / (n - 3) ** 0.5)


@dataclass
class Item:
    """A question, a check or a criterion.

    n: hand-ins with points; difficulty, blank: shares from 0 to 1; discrimination: r from -1 to 1; None: not known.
    wrong: the most frequent sentences of failed checks with the number of hand-ins. pairs: answers that two markers
    gave points for; exact: share of them with equal points; apart: mean difference in points.
    """

    kind: str
    question: str
    name: str
    of: float
    n: int = 0
    difficulty: float | None = None
    discrimination: float | None = None
    blank: float | None = None
    wrong: list[tuple[str, int]] = field(default_factory=list)
    pairs: int = 0
    exact: float | None = None
    apart: float | None = None

    @property
    def words(self) -> str:
        """What the numbers say, in a sentence; '' when nothing stands out beyond chance or too few handed in."""
        if self.n < _SMALL or self.difficulty is None:
            return ""
        said = (
            (
                self._below(-chance(self.n)),
                "Those who did well elsewhere lose points here: check the key and the wording.",
            ),
            (self.difficulty > 0.95, "Nearly everybody has it: it tells students apart no longer."),
            (self.difficulty < 0.3, "Few have it: look at the wrong answers and at what was taught."),
            (
                self.n >= _ENOUGH and self._below(_WEAK),
                "It hardly goes with the rest: does it ask for what the exercise teaches?",
            ),
        )
        return next((sentence for holds, sentence in said if holds), "")

    def _below(self, limit: float) -> bool:
        """Whether the discrimination is known and below a limit."""
        return self.discrimination is not None and self.discrimination < limit


@dataclass
class Analysis:
    """The items of an exercise in order, the number of graded hand-ins, and sentences on what to make of them."""

    title: str
    students: int
    items: list[Item]
    sentences: list[str]


def analysis(course: Course, release: Release, progress: Progress = iter) -> Analysis:
    """Analyse the graded hand-ins of an exercise. Without any the items have no numbers."""
    with gradebook.open_book(course) as book:
        standing = gradebook.standing(book, release)
    results = {student: read_json(course.result(release.slug, student)) or {} for student in progress(standing)}
    results = {student: result for student, result in results.items() if result.get("status") == "graded"}
    scores = {student: standing[student]["scores"] for student in results}
    rests = rest_scores(release, scores)
    items = [
        *(_question(release, name, scores, rests, results) for name in questions(release)),
        *(_check(release, cell, scores, rests, results) for cell in release.of_kind("check")),
        *_criteria(course, release, rests, comparison(course, release)),
    ]
    order = {name: place for place, name in enumerate(questions(release))}
    items.sort(key=lambda item: order[item.question])
    sentences = [*in_words(len(results)), *_waiting(release, scores), *_time(course, release, list(results))]
    return Analysis(release.title, len(results), items, sentences)


def questions(release: Release) -> list[str]:
    """The names of the questions with points, in order."""
    return list(dict.fromkeys(cell["question"] for cell in release.of_kind("check", "essay")))


def _sum(parts: Iterable[float | None]) -> float | None:
    """The sum, or None while a part waits."""
    parts = list(parts)
    return None if None in parts else sum(parts)


def by_question(release: Release, scores: Points) -> Points:
    """{question: points, None while a part waits} of one hand-in's points by cell."""
    cells = release.of_kind("check", "essay")
    return {
        name: _sum(scores.get(cell["id"]) for cell in cells if cell["question"] == name) for name in questions(release)
    }


def rest_scores(release: Release, scores: dict[str, Points]) -> dict[str, dict[str, float]]:
    """{student: {question: points}} of the questions that are marked for every hand-in."""
    points = {student: by_question(release, row) for student, row in scores.items()}
    common = [name for name in questions(release) if all(row[name] is not None for row in points.values())]
    return {student: {name: row[name] for name in common} for student, row in points.items()}


def difficulty(points: Sequence[float], of: float) -> float | None:
    """The mean share of ``of`` points, from 0 to 1; None without points."""
    return statistics.fmean(points) / of if points and of else None


def discrimination(points: Sequence[float], rest: Sequence[float]) -> float | None:
    """Pearson's r of an item with the rest; None for fewer than three hand-ins or when one of them never varies."""
    if len(points) < 3 or len(set(points)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(points, rest)


def _measured(item: Item, own: Points, rests: dict[str, dict[str, float]]) -> Item:
    """The item with its numbers. own: {student: points of the item}."""
    known = {student: value for student, value in own.items() if value is not None}
    rest = [_rest(rests[student], item, value) for student, value in known.items()]
    item.n = len(known)
    item.difficulty = difficulty(list(known.values()), item.of)
    item.discrimination = discrimination(list(known.values()), rest)
    return item


def _rest(points: dict[str, float], item: Item, value: float) -> float:
    """The points of a hand-in without the item's own."""
    inside = item.question in points
    own = points.get(item.question, 0) if item.kind == "question" else value
    return sum(points.values()) - (own if inside else 0)


def _question(release, name, scores, rests, results):
    cells = [cell for cell in release.of_kind("check", "essay") if cell["question"] == name]
    item = Item("question", name, name, sum(cell["points"] for cell in cells))
    own = {student: by_question(release, row)[name] for student, row in scores.items()}
    item.blank = _share(is_blank(release, name, result) for result in results.values())
    item.wrong = wrong_answers(results.values(), [cell["id"] for cell in cells])
    return _measured(item, own, rests)


def _check(release, cell, scores, rests, results):
    item = Item("check", cell["question"], cell["id"].removeprefix("check-"), cell["points"])
    item.blank = _share(is_blank(release, cell["question"], result) for result in results.values())
    item.wrong = wrong_answers(results.values(), [cell["id"]])
    return _measured(item, {student: row.get(cell["id"]) for student, row in scores.items()}, rests)


def _criteria(course, release, rests, table: Comparison):
    """Items of the criteria marked by hand, with how far markers agree."""
    for question, criteria in release.rubric.items():
        for criterion in criteria:
            rows = [row for row in table.rows if (row.question, row.criterion) == (question, criterion["id"])]
            item = Item("criterion", question, criterion["id"], criterion["points"])
            item.pairs, item.exact, item.apart = agreement([row.difference for row in rows])
            yield _measured(item, {row.student: row.counts for row in rows if row.student in rests}, rests)


def agreement(differences: Iterable[float | None]) -> tuple[int, float | None, float | None]:
    """(answers marked twice, share with equal points, mean difference in points)."""
    both = [value for value in differences if value is not None]
    return len(both), _share(value == 0 for value in both), statistics.fmean(both) if both else None


def _share(facts: Iterable[bool]) -> float | None:
    facts = list(facts)
    return sum(facts) / len(facts) if facts else None


def is_blank(release: Release, question: str, result: dict) -> bool:
    """Whether a hand-in leaves a question as it was handed out."""
    if question in {cell["question"] for cell in release.of_kind("essay")}:
        return not (result.get("essays") or {}).get(question, "").strip()
    return _is_untouched(release, question, result)


def _is_untouched(release: Release, question: str, result: dict) -> bool:
    """Whether the answer cells of a question are empty or hold what was handed out."""
    sources = {row["id"]: row["source"].strip() for row in result["cells"]}
    cells = [cell for cell in release.of_kind("answer") if cell["question"] == question]
    handed_out = {cell["id"]: stub(release, cell, result.get("version") or "code").strip() for cell in cells}
    return all(sources.get(name, "") in ("", text) for name, text in handed_out.items())


def wrong_answers(results: Iterable[dict], checks: Sequence[str]) -> list[tuple[str, int]]:
    """The most frequent sentences of failed checks with the number of hand-ins that got each."""
    counts = Counter()
    for result in results:
        verdicts = [result["checks"].get(name, ["", ""]) for name in checks]
        counts.update({plain(sentence)[:200] for status, sentence in verdicts if status == "failed" and sentence})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]


def in_words(n: int) -> list[str]:
    """What the size of the class allows to say; [] from 30 hand-ins on."""
    if not n:
        return ["No hand-in is graded yet."]
    if n < _SMALL:
        return [
            f"{n} hand-ins are too few for these numbers: one student more or less moves a difficulty by up to "
            f"{1 / n:.2f}. Read the wrong answers; leave the correlations alone."
        ]
    if n < _ENOUGH:
        return [
            f"With {n} hand-ins a correlation of 0 may come out anywhere between about "
            f"{-chance(n):.2f} and {chance(n):.2f} by chance; take large differences only."
        ]
    return []


def _waiting(release, scores):
    """A sentence when some answers are not marked yet."""
    waiting = [
        name for name in questions(release) for row in scores.values() if by_question(release, row)[name] is None
    ]
    if not waiting:
        return []
    names = ", ".join(dict.fromkeys(waiting))
    return [
        f"{len(waiting)} answers still wait for a mark ({names}); the rest of the exercise is counted without them."
    ]


def _time(course, release, students):
    """A sentence on when the class handed in, as far as the LMS's report told."""
    due = gradebook.parse_time(release.due)
    found = {student: gradebook.parse_time(when) for student, when in times.known(course, release.slug).items()}
    known = [found[student] for student in students if found.get(student)]
    if not known or due is None:
        return []
    hours = statistics.median((due - when).total_seconds() / 3600 for when in known)
    late = sum(when > due for when in known)
    side = "before" if hours >= 0 else "after"
    return [
        f"{len(known)} times of hand-in are known: the median is {abs(hours):.0f} hours {side} the due time, "
        f"{late} late."
    ]
