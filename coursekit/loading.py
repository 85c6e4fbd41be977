"""Loading large libraries: nothing of it is garbage, so Python need not look for any meanwhile."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage() -> Iterator[None]:
    """Inside, Python does not look for garbage: a tenth of the time of an import of hundreds of modules.

    What was loaded is set aside: the first search afterwards would walk over all of it, and find nothing.
    """
    before, loaded = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > loaded:
            gc.freeze()
        if before:
            gc.enable()
