"""The pages of this wing: Jinja2 templates beside it, everything escaped, an unknown name is an error."""

from __future__ import annotations

from importlib import resources

from coursekit.templates import environment


def render(template: str, **values: object) -> str:
    """The HTML of a template of ``templates/`` filled with ``values``; an unknown name raises UndefinedError."""
    return environment("coursekit.grading.marks").get_template(template).render(values)


def asset(name: str) -> str:
    """The text of a file beside the templates."""
    return (resources.files("coursekit.grading.marks") / "templates" / name).read_text(encoding="utf-8")
