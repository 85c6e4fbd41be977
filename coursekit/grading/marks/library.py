"""nbgrader's gradebook without all that nbgrader loads besides: a second of every command that touches marks."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from coursekit.grading.course import CourseError
from coursekit.loading import no_garbage

# Validators of addresses, dates and colours for JSON schemas: slow to load, and nobody here asks for them.
_VALIDATORS = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "uri_template", "webcolors", "fqdn")
_ARCHIVES = "setuptools.archive_util"  # nbgrader unpacks archives with it; hand-ins are unpacked by our own intake
_NAMES_ONLY = ("nbgrader", "nbformat")  # packages of which single modules are wanted, not what their __init__ brings
_WEB = "requests"  # how nbgrader would ask a JupyterHub who somebody is: nobody here asks one
_UNPACKERS = ("unpack_archive", "unpack_tarfile", "unpack_zipfile")


def library() -> type:
    """nbgrader's Gradebook class; CourseError when nbgrader is not installed."""
    try:
        with no_garbage(), _instead({**dict.fromkeys(_VALIDATORS), **_lean()}):
            return importlib.import_module("nbgrader.api").Gradebook
    except ImportError:
        raise CourseError("The gradebook needs nbgrader; install the course with its [grading] extra.") from None


def _lean() -> dict[str, ModuleType | None]:
    """What nbgrader's gradebook gets for modules of which it needs a name or nothing."""
    packages = {name: _package(name) for name in _NAMES_ONLY}
    return {**packages, _ARCHIVES: _archives(), _WEB: _OnDemand(_WEB)}


@contextmanager
def _instead(modules: dict[str, ModuleType | None]) -> Iterator[None]:
    """Inside, modules that nobody has loaded are what is given (None: not installed); afterwards they load as ever."""
    new = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(new)
    try:
        yield
    finally:
        for name in new:
            del sys.modules[name]


def _package(name: str) -> ModuleType | None:
    """A package whose modules can be loaded, but without its ``__init__``: nbgrader's brings a web server."""
    found = importlib.util.find_spec(name)
    if found is None:
        return None
    package = ModuleType(name)
    package.__path__, package.__spec__ = list(found.submodule_search_locations or ()), found
    return package


class _OnDemand(ModuleType):
    """A module that is loaded when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def _archives() -> ModuleType:
    """setuptools' tools for archives, loaded when one is called."""
    module = ModuleType(_ARCHIVES)
    for name in _UNPACKERS:
        setattr(module, name, _later(name))
    return module


def _later(name: str) -> Callable:
    def call(*arguments: object, **named: object) -> object:
        return getattr(importlib.import_module(_ARCHIVES), name)(*arguments, **named)

    return call
