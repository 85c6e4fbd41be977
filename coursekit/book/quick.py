"""Work that Sphinx's extensions do again and again, done once. Nothing here changes a page.

pybtex looks through every installed package for its plug-in at each citation, about 20 ms of processor time; what it
finds cannot change within a build. Pages are written by as many processes as there are processors; they are read by
one, because the library that draws static pictures does not live on in a copy of a process.
"""

from __future__ import annotations

from functools import cache

from pybtex import plugin

from coursekit.book.execute import cores


def remember_plugins() -> None:
    """Let pybtex look for each of its plug-ins once."""
    if not hasattr(plugin._load_entry_point, "cache_info"):
        plugin._load_entry_point = cache(plugin._load_entry_point)


def write_side_by_side(app, _env) -> None:
    """Pages are read by now: let Sphinx write them in parallel."""
    app.parallel = cores() + 1 if cores() > 1 else 1  # one process more, which only hands out the pages


def setup(app) -> None:
    remember_plugins()
    app.connect("env-updated", write_side_by_side)
