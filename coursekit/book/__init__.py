"""The Sphinx side of a course: figures, directives, quizzes, pages. Named in ``_config.yml`` as an extension."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from coursekit.book import (
    anatomy,
    argument_map,
    chapter_map,
    directives,
    figures,
    icons,
    mathml,
    meta,
    my_course,
    pages,
    quick,
    quiz,
    reference,
    search,
    site,
    source_pages,
    styles,
    terms,
    uses,
)

HOME = Path(__file__).parents[1]


def edition() -> int:
    """A number that changes with this package's code and templates, so that all pages are then written anew.

    What a page is made from besides, such as tables and notebooks, is known page by page: see ``uses``.
    """
    files = [*sorted(HOME.rglob("*.py")), *sorted(Path(__file__).with_name("templates").rglob("*.html"))]
    total = 0
    for file in files:
        total = zlib.crc32(file.read_bytes(), total)
    return total


def setup(app) -> dict:
    """Register the course's extension with Sphinx."""
    app.add_config_value("course_palette", "", "env")
    app.add_config_value("course_repository", os.environ.get("COURSE_REPOSITORY", ""), "html")
    app.add_config_value("course_branch", "main", "html")
    for module in (
        quick,
        uses,
        site,
        meta,
        search,
        icons,
        styles,
        figures,
        mathml,
        directives,
        quiz,
        my_course,
        terms,
        pages,
        reference,
        anatomy,
        chapter_map,
        source_pages,
        argument_map,
    ):
        module.setup(app)
    return {"version": "1", "env_version": edition(), "parallel_read_safe": True, "parallel_write_safe": True}
