"""The plan of a course on its front page: all chapters by part, which are written, how long they take, where to start.

``{chapter-map}`` draws the plan of ``chapters/plan.yml``; ``{chapter-start} slug`` is the button that opens a chapter.
A chapter is *written* when its file ``chapters/<slug>.md`` is a page of the book, and then its minutes are computed by
the rule of ``coursekit.book.reading``; a planned one counts the minutes that the plan states for it.

    planned_minutes: 30              # core of a chapter that is not written yet
    parts:
      - title: "Part I. The argument"
        chapters:
          - {number: 1, slug: 01-reading, title: Reading the article, question: "Which sentences can fail?"}
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes

from coursekit.book import reading
from coursekit.book.directives import CourseDirective
from coursekit.book.html import render
from coursekit.errors import CourseKitError
from coursekit.files import known_keys, read_yaml

PLAN = "chapters/plan.yml"
ROUND = 5  # minutes that a button is rounded up to


class PlanError(CourseKitError):
    """The plan of chapters breaks a rule. The message says where and what to do."""


@dataclass(frozen=True)
class Chapter:
    """One chapter of the plan. minutes: of its core, by rule when written, else as planned; deeper: of its folds."""

    number: int
    slug: str
    title: str
    question: str
    written: bool
    minutes: int
    deeper: int

    @property
    def page(self) -> str:
        """The chapter's document, from the root of the book."""
        return f"chapters/{self.slug}"


@dataclass(frozen=True)
class Part:
    """A part of the course: its title and its chapters in order."""

    title: str
    chapters: tuple[Chapter, ...]


def load_plan(root: Path, pages: Container[str]) -> list[Part]:
    """The parts of the course in ``root``; ``pages``: document names that are in the book. Raises PlanError."""
    file = root / PLAN
    raw = read_yaml(file, PlanError)
    known_keys(raw, PLAN, PlanError, ("planned_minutes", "parts"))
    parts = [_part(part, root, pages, raw["planned_minutes"]) for part in raw["parts"]]
    numbers = [chapter.number for part in parts for chapter in part.chapters]
    if numbers != list(range(1, len(numbers) + 1)):
        raise PlanError(f"{PLAN}: chapters are numbered {numbers}; number them from 1 on, in order.")
    return parts


def _part(raw: dict, root: Path, pages: Container[str], planned: int) -> Part:
    known_keys(raw, f"{PLAN}, a part", PlanError, ("title", "chapters"))
    return Part(raw["title"], tuple(_chapter(chapter, root, pages, planned) for chapter in raw["chapters"]))


def _chapter(raw: dict, root: Path, pages: Container[str], planned: int) -> Chapter:
    where = f"{PLAN}, chapter {raw.get('number', '?')}"
    known_keys(raw, where, PlanError, ("number", "slug", "title", "question"))
    if not str(raw["slug"]).startswith(f"{raw['number']:02d}-"):
        raise PlanError(f"{where}: the slug '{raw['slug']}' must begin with {raw['number']:02d}-, as its file does.")
    page = root / "chapters" / f"{raw['slug']}.md"
    written = page.exists() and f"chapters/{raw['slug']}" in pages
    loads = reading.loads(page, root) if written else None
    minutes = loads[reading.CORE].minutes if loads else planned
    return Chapter(**raw, written=written, minutes=minutes, deeper=loads[reading.DEEPER].minutes if loads else 0)


def hours(minutes: int) -> str:
    """Minutes in words: "40 minutes", "1 hour", "7½ hours". Halves are rounded up, so that nobody is flattered."""
    if minutes < 60:
        return f"{minutes} minutes"
    halves = -(-minutes // 30)
    number = f"{halves // 2}{'½' if halves % 2 else ''}"
    return f"{number} hour{'' if number == '1' else 's'}"


def times(parts: list[Part]) -> dict[str, object]:
    """What the map says above itself: how many chapters there are and are written, and how long they take."""
    chapters = [chapter for part in parts for chapter in part.chapters]
    written = [chapter for chapter in chapters if chapter.written]
    return {
        "total": len(chapters),
        "written": len(written),
        "written_time": hours(sum(chapter.minutes for chapter in written)),
        "deeper_time": hours(sum(chapter.deeper for chapter in written)),
        "whole_time": hours(sum(chapter.minutes for chapter in chapters)),
    }


class PlanDirective(CourseDirective):
    """What both directives share: the plan, read once a page and noted as what the page depends on."""

    def plan(self) -> list[Part]:
        root = Path(self.env.srcdir)
        parts = load_plan(root, self.env.found_docs)
        written = [root / f"{chapter.page}.md" for part in parts for chapter in part.chapters if chapter.written]
        for file in (root / PLAN, *written):
            self.env.note_dependency(str(file))
        return parts

    def run(self) -> list:
        try:
            return super().run()
        except PlanError as error:
            return self.refuse(str(error))


class ChapterMap(PlanDirective):
    """All chapters by part, each with its question and its state."""

    def build(self) -> list:
        parts = self.plan()
        return [nodes.raw("", render("front/map.html", parts=parts, root=self.root(), **times(parts)), format="html")]


class ChapterStart(PlanDirective):
    """The button that opens a chapter: ``{chapter-start} slug``; its minutes follow from the page itself."""

    required_arguments = 1

    def build(self) -> list:
        chapters = [chapter for part in self.plan() for chapter in part.chapters]
        found = [chapter for chapter in chapters if chapter.slug == self.arguments[0] and chapter.written]
        if not found:
            return self.refuse(f"{PLAN}: no written chapter has the slug '{self.arguments[0]}'; name one that has.")
        minutes = -(-found[0].minutes // ROUND) * ROUND
        html = render("front/start.html", chapter=found[0], minutes=minutes, root=self.root())
        return [nodes.raw("", html, format="html")]


def setup(app) -> None:
    """Register the directives of the front page."""
    app.add_directive("chapter-map", ChapterMap)
    app.add_directive("chapter-start", ChapterStart)
