"""HTML from Jinja2 templates: every tag stands in a file, every text is escaped, an unknown name is an error.

A wing keeps its templates in a folder ``templates/`` beside its code and asks here for its one environment.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment(package: str) -> Environment:
    """The Jinja2 environment of the wing ``package``: autoescape, unknown names refused, no blank lines left behind.

    package: dotted name of a package with a folder ``templates``. Raises ValueError when it has none.
    """
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
