"""The pages of this wing: Jinja2 templates beside it, everything escaped, an unknown name is an error."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("coursekit.grading.marks", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """The HTML of a template of ``templates/`` filled with ``values``; an unknown name raises UndefinedError."""
    return _environment().get_template(template).render(values)


def asset(name: str) -> str:
    """The text of a file beside the templates."""
    return (resources.files("coursekit.grading.marks") / "templates" / name).read_text(encoding="utf-8")
