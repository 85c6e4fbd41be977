"""Loading large libraries: nothing of it is garbage, so Python need not look for any meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage() -> Iterator[None]:
    """Inside, Python does not look for garbage: a tenth of the time of an import of hundreds of modules."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
