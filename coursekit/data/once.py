"""What a build needs in several places and makes once, such as the questions of a chapter with their keys computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from coursekit import tables
from coursekit.data import expressions

T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """A result, the tables that were read for it and the expressions that were asked for."""

    content: object
    tables: set[str]
    asked: set[str]


def once(key: str, make: Callable[[], T]) -> T:
    """What ``make`` gives, made once a build for a key; who notes tables and expressions is told of them each time.

    Where files may change under the process (``expressions.keep`` named no file) it is made at each call. Raises what
    ``make`` raises, and then remembers nothing.
    """
    values = expressions.current()
    if not values.inputs.still:
        return make()
    if key not in values.results:
        with tables.watched() as used, asking() as asked:
            values.results[key] = Result(make(), used, asked)
    kept = values.results[key]
    for seen in expressions.ASKED:
        seen |= kept.asked
    for name in kept.tables:
        tables.manifest(name)  # tells those who watch
    return kept.content


@contextmanager
def asking() -> Iterator[set[str]]:
    """All expressions whose values are asked for inside the ``with`` block, by whatever function."""
    seen: set[str] = set()
    expressions.ASKED.append(seen)
    try:
        yield seen
    finally:
        expressions.ASKED[:] = [other for other in expressions.ASKED if other is not seen]
