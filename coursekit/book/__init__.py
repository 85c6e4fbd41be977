"""The Sphinx side of a course: figures, directives, quizzes, generated pages. Named in ``_config.yml`` as an extension."""

from __future__ import annotations

import os

from . import directives, figures, icons, mathml, pages, quiz, reference, site


def setup(app) -> dict:
    """Register the course's extension with Sphinx."""
    app.add_config_value("course_palette", "", "env")
    app.add_config_value("course_repository", os.environ.get("COURSE_REPOSITORY", ""), "html")
    app.add_config_value("course_branch", "main", "html")
    for module in (site, icons, figures, mathml, directives, quiz, pages, reference):
        module.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
