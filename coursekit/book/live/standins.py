"""The few names of IPython and ipywidgets that chapters and labs use, for a browser that has neither.

A lab's ``explore()`` runs unchanged: its controls become plain objects, which ``shown`` describes to the page and
``kernel`` moves when the reader does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType


class Widget:
    """A control, a box of them, or an output. Arguments are kept as attributes; ``value`` tells who observes it."""

    def __init__(self, children=(), **given):
        self.children = tuple(children)
        self.outputs: tuple[dict, ...] = ()
        self.description = ""
        self._value = given.pop("value", None)
        self._watchers: list[Callable] = []
        self.__dict__.update(given)

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new) -> None:
        old, self._value = self._value, new
        for call in list(self._watchers) if new != old else []:
            call({"name": "value", "old": old, "new": new, "owner": self, "type": "change"})

    def observe(self, handler: Callable, names="value") -> None:
        """Call ``handler`` after every change of the value."""
        self._watchers.append(handler)

    def options_by_label(self) -> list[tuple[str, object]]:
        """The options of a list as (label, value)."""
        return [option if isinstance(option, tuple) else (str(option), option) for option in self.options]


class HTML(Widget):
    """A text with tags, which the page shows as plain text."""

    def __init__(self, value="", **given):
        super().__init__(value=value, **given)


class Layout(dict):
    """Widths and gaps of a notebook's controls; the page has its own."""

    def __init__(self, **given):
        super().__init__(given)


CONTROLS = ("IntSlider", "FloatSlider", "Dropdown", "SelectMultiple", "Checkbox", "Textarea")
BOXES = ("Box", "VBox", "HBox")
display_hook: list[Callable] = []  # what the kernel does with a displayed thing


def display(*things, raw: bool = False, **_options) -> None:
    """Show things below the cell; numbers for the prose (``raw``) are not shown."""
    for thing in () if raw else things:
        for show in display_hook:
            show(thing)


def format_display_data(thing) -> tuple[dict, dict]:
    """The mime bundle of a thing, as IPython gives it, and no metadata."""
    if isinstance(thing, HTML):
        return {"text/html": thing.value}, {}
    if hasattr(thing, "_repr_mimebundle_"):
        return thing._repr_mimebundle_(), {}
    return {"text/plain": repr(thing)}, {}


def get_ipython() -> None:
    """No IPython is here. A chart that cannot be made asks for it to print its error: the error itself is raised."""
    if error := sys.exception():
        raise error


def modules() -> dict[str, ModuleType]:
    """The stand-in modules by name."""
    found = {name: ModuleType(name) for name in ("ipywidgets", "IPython", "IPython.display", "IPython.core")}
    for name in ("formatters", "getipython"):
        found[f"IPython.core.{name}"] = ModuleType(f"IPython.core.{name}")
    kinds = {name: type(name, (Widget,), {}) for name in (*CONTROLS, *BOXES, "Output")}
    found["ipywidgets"].__dict__.update(kinds, Widget=Widget, HTML=HTML, Layout=Layout)
    found["IPython.display"].display = display
    found["IPython.core.formatters"].format_display_data = format_display_data
    found["IPython.core.getipython"].get_ipython = get_ipython
    found["IPython"].get_ipython = get_ipython
    return found


def install() -> None:
    """Put the stand-ins where ``import`` finds them."""
    sys.modules.update(modules())
