"""A release in the instructor's folder: its due time and late policy, and what a second release would change."""

from __future__ import annotations

from dataclasses import replace

from coursekit.exercises.release import Release
from coursekit.grading.course import Course, CourseError
from coursekit.grading.intake import times


def policy(
    course: Course, release: Release, due: str | None, percent: float | None = None, at_most: float | None = None
) -> Release:
    """The release with its due time and late policy; what is not named is kept from an earlier release.

    due: UTC; percent: taken off a day; at_most: percent. Raises CourseError when `due` is no time.
    """
    if due and times.parse(due) is None:
        raise CourseError(f"--due {due!r} is not a time such as 2027-03-01T18:00.")
    before = course.release(release.slug) if course.master(release.slug).exists() else None
    late = dict(before.late if before else release.late)
    named = {"percent_per_day": percent, "at_most": at_most}
    late |= {key: value for key, value in named.items() if value is not None}
    return replace(release, due=due if due is not None else (before.due if before else ""), late=late)


def again(course: Course, release: Release) -> list[str]:
    """What this release changes for work that is collected already; empty when nothing of it changes."""
    if not course.master(release.slug).exists() or not course.collected(release.slug):
        return []
    before, students = course.release(release.slug), course.collected(release.slug)
    moved = sum(before.case(student) != release.case(student) for student in students)
    changes = [
        f"{moved} of {len(students)} students get other numbers (term {before.term} becomes {release.term})"
        * bool(moved),
        f"the due time {before.due or 'none'} becomes {release.due or 'none'}" * (before.due != release.due),
        f"the late policy {before.late} becomes {release.late}" * (before.late != release.late),
        "cells or points of the exercise are others; all is graded again" * (before.cells != release.cells),
    ]
    found = "; ".join(filter(None, changes))
    return [found] if found else []
