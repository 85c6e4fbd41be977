"""What the template loads before it forks: the libraries of hand-ins, as students have them, and as little besides."""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from collections.abc import Iterable

from coursekit.loading import no_garbage

_UNUSED = ("pyarrow", "rfc3987_syntax", "rfc3986_validator", "isoduration", "uri_template", "webcolors", "fqdn")


def leave_out() -> None:
    """Say of modules that students' notebooks do not have that they are not installed."""
    for unused in _UNUSED:
        sys.modules.setdefault(unused, None)


def warm() -> None:
    """Import what hand-ins use, and nothing that is only here because other programs of this machine need it.

    Students' notebooks have no pyarrow and no validators of addresses, dates and colours; a third less memory makes
    each fork cheaper. What is here when a fork begins is frozen: its collections of garbage do not walk over (and so
    copy) all of it.
    """
    leave_out()
    with no_garbage():
        import altair
        import numpy
        import pandas

    with contextlib.suppress(ImportError, AttributeError):  # another version of Altair: as slow as it comes
        _remember_schemas()
    table = pandas.read_csv(io.StringIO("a,b\nx,1.5\ny,2"))
    chart = altair.Chart(table[table["b"] > 0].sort_values("b")).mark_bar()
    chart.encode(x="a:N", y="sum(b):Q").to_dict()
    numpy.random.default_rng().random()
    gc.collect()
    gc.freeze()


def _remember_schemas() -> None:
    """Altair walks over all its classes and writes their schemas as JSON for each channel; here that is done once.

    A class that is made later, such as a student's own, is found as ever: then the walk is made again.
    """
    import altair
    from altair.utils.schemapi import _FromDict

    compute, build, later = _FromDict.hash_schema, _FromDict.__init__, []
    root = next(kind for kind in altair.X.__mro__ if "_default_wrapper_classes" in vars(kind))
    walk = root._default_wrapper_classes
    classes = list(walk())
    schemas = [made._schema for made in classes if made._schema is not None]
    known = {id(schema): (schema, compute(schema)) for schema in schemas}  # the schema is kept, so its id stays its own

    def hash_schema(schema: dict, use_json: bool = True) -> int:
        return known[id(schema)][1] if use_json and id(schema) in known else compute(schema, use_json)

    _FromDict.hash_schema = staticmethod(hash_schema)
    found = _FromDict(classes).class_dict

    def from_classes(self: _FromDict, wrapper_classes: Iterable[type], /) -> None:
        if wrapper_classes is classes:
            self.class_dict = found
        else:
            build(self, wrapper_classes)

    def note(kind: type, **named: object) -> None:
        later.append(kind)
        super(root, kind).__init_subclass__(**named)

    _FromDict.__init__ = from_classes
    root._default_wrapper_classes = classmethod(lambda kind: walk() if later else classes)
    root.__init_subclass__ = classmethod(note)
