"""HTML from templates: every tag of the course's pages stands in a file of ``templates/``, every text is escaped.

A template is named by its path below ``templates/``. Its macros and loops keep the pages' tags out of Python. Text is
escaped unless it is a ``Markup`` (what ``render`` returns), so that pieces can be put into one another.
"""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from coursekit import templates

environment = partial(templates.environment, "coursekit.book")


def render(template: str, **values: object) -> Markup:
    """The HTML of ``template`` filled with ``values``; an unknown name raises ``jinja2.UndefinedError``.

    template: path below ``coursekit/book/templates``, for example ``"run.html"``.
    values: texts are escaped; results of ``render`` are not.
    """
    return Markup(environment().get_template(template).render(values))
