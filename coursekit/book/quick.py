"""Work that Sphinx and its extensions do again and again, done once: nothing here changes a page.

pybtex looks through all installed packages for its plug-in at every citation (about 20 ms each); the answer never
changes within a build.
"""

from __future__ import annotations

from functools import cache

import sphinxcontrib.bibtex.domain
import sphinxcontrib.bibtex.transforms
from pybtex import plugin


@cache
def find_plugin(plugin_group: str, name=None, filename=None):
    """``pybtex.plugin.find_plugin``, remembered. Raises what it raises for an unknown plug-in."""
    return _find_plugin(plugin_group, name, filename)


_find_plugin = plugin.find_plugin
