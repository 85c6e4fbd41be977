"""The Sphinx side of a course: figures, directives, quizzes, pages. Named in ``_config.yml`` as an extension."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from coursekit import tables
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
    quiz,
    reference,
    search,
    site,
    terms,
)


def edition() -> int:
    """A number that changes with this package's code and with the tables, so that old pages are then written anew."""
    files = [
        *sorted(Path(__file__).parent.glob("*.py")),
        *sorted(Path(__file__).with_name("templates").rglob("*.html")),
        *sorted(tables.data_dir().glob("*.csv")),
        *sorted(tables.data_dir().glob("*.yaml")),
    ]
    total = 0
    for file in files:
        total = zlib.crc32(file.read_bytes(), total)
    return total


def setup(app) -> dict:
    """Register the course's extension with Sphinx."""
    app.add_config_value("course_palette", "", "env")
    app.add_config_value("course_repository", os.environ.get("COURSE_REPOSITORY", ""), "html")
    app.add_config_value("course_branch", "main", "html")
    modules = (
        site,
        meta,
        search,
        icons,
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
        argument_map,
    )
    for module in modules:
        module.setup(app)
    return {"version": "1", "env_version": edition(), "parallel_read_safe": True, "parallel_write_safe": True}
