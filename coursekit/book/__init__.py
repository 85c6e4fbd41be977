"""The Sphinx side of a course: figures, directives, quizzes, pages. Named in ``_config.yml`` as an extension.

A few modules also run in the reader's browser, where there is no Sphinx: ``live.wheel`` lists them.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

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
    # Here and not above: the modules that also run in a reader's browser must not ask for Sphinx.
    from coursekit.book import (
        anatomy,
        argument_map,
        catalogue,
        chapter_map,
        directives,
        due,
        figures,
        icons,
        ledger_page,
        linked,
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
        together,
        uses,
    )
    from coursekit.book.live import practice
    from coursekit.book.live import site as live
    from coursekit.book.notebooks import write as notebooks

    app.add_config_value("course_palette", "", "env")
    app.add_config_value("course_repository", os.environ.get("COURSE_REPOSITORY", ""), "html")
    for module in (
        quick,
        together,
        uses,
        site,
        meta,
        linked,
        search,
        icons,
        styles,
        figures,
        mathml,
        directives,
        due,
        quiz,
        my_course,
        terms,
        pages,
        notebooks,
        catalogue,
        reference,
        ledger_page,
        anatomy,
        chapter_map,
        source_pages,
        argument_map,
        live,
        practice,
    ):
        module.setup(app)
    return {"version": "1", "env_version": edition(), "parallel_read_safe": True, "parallel_write_safe": True}
