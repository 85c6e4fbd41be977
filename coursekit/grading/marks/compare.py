"""Several markers side by side: each criterion of each answer, the difference, and whose points count."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.files import write_text
from coursekit.grading.course import Course
from coursekit.grading.marks import anonymous, markers


@dataclass
class Row:
    """One criterion of one answer.

    points: {marker: points} of those who gave any; difference: the largest minus the smallest of the markers other than
    `settled`, None with fewer than two; counts: the points in the mark, None while the answer waits.
    """

    number: int
    student: str
    question: str
    criterion: str
    of: float
    points: dict[str, float]
    difference: float | None
    counts: float | None


@dataclass
class Comparison:
    """All criteria that somebody marked; `markers` in the order in which they began, `settled` last."""

    markers: list[str]
    rows: list[Row]


def comparison(course: Course, release: Release) -> Comparison:
    """The points of all markers of an exercise, by the number of the hand-in. Empty when nobody marked."""
    order = markers.sheets(course, release.slug)
    names = sorted((sheet.marker for sheet in order), key=markers.SETTLED.__eq__)  # a stable sort: settled goes last
    numbers = anonymous.numbers(course, release.slug, {student for sheet in order for student in sheet.answers})
    places = itertools.product(numbers, release.rubric)
    return Comparison(names, [row for place in places for row in _answer(course, release, order, numbers, place)])


def _answer(course, release, order, numbers, place):
    """The rows of one answer that anybody gave points for."""
    student, question = place
    given = {sheet.marker: _points(course, release, sheet, place) for sheet in order}
    counted = markers.counting(course, release, student, question, order).get("points") or {}
    for criterion in release.rubric[question]:
        name = criterion["id"]
        points = {marker: found[name] for marker, found in given.items() if name in found}
        if points:
            yield Row(
                numbers[student],
                student,
                question,
                name,
                criterion["points"],
                points,
                _difference(points),
                counted.get(name),
            )


def _points(course, release, sheet, place):
    """A marker's points for an answer as it stands now, or {}."""
    answer = sheet.answer(*place)
    return (answer.get("points") or {}) if answer and markers.current(course, release.slug, *place, answer) else {}


def _difference(points):
    values = [value for marker, value in points.items() if marker != markers.SETTLED]
    return max(values) - min(values) if len(values) > 1 else None


def as_csv(table: Comparison, named: bool = True) -> str:
    """The comparison as CSV text; without `named` students are numbers only."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    who = ["student"] if named else []
    writer.writerow(["hand_in", *who, "question", "criterion", "of", *table.markers, "difference", "counts"])
    for row in table.rows:
        line = [row.number, *([row.student] if named else []), row.question, row.criterion, row.of]
        line += [row.points.get(marker) for marker in table.markers]
        writer.writerow([_cell(value) for value in [*line, row.difference, row.counts]])
    return out.getvalue()


def _cell(value):
    return "" if value is None else f"{value:g}" if isinstance(value, (int, float)) else value


def write(path: Path, table: Comparison) -> None:
    """Write the comparison whole or not at all."""
    write_text(path, as_csv(table))
