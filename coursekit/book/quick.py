"""Work that Sphinx's extensions do again and again, done once. Nothing here changes a page.

pybtex looks through every installed package for its plug-in at each citation, about 20 ms of processor time; what it
finds cannot change within a build.
"""

from __future__ import annotations

from functools import cache

from pybtex import plugin


def remember_plugins() -> None:
    """Let pybtex look for each of its plug-ins once."""
    if not hasattr(plugin._load_entry_point, "cache_info"):
        plugin._load_entry_point = cache(plugin._load_entry_point)


def setup(app) -> None:
    remember_plugins()
