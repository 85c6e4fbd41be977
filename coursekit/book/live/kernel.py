"""The kernel of a page: runs a cell as a notebook does and answers with plain JSON. One a page, in a web worker.

Each run begins with no names: the earlier cells that the cell needs run first, so that a result never depends on what
was pressed before. Modules and tables that were read stay, which is what makes a second run quick.
"""

from __future__ import annotations

import ast
import io
import json
import linecache
from contextlib import redirect_stdout

from coursekit.book import layout, palette
from coursekit.book.live import faults, shown, standins
from coursekit.book.live.needs import needed

MOST = 30  # things that one cell shows


class Kernel:
    """What a page asks of Python. Every method takes and gives JSON text."""

    def __init__(self, docname: str = "", colours: str = ""):
        if colours:
            palette.register(colours)
        self.drawn = shown.Drawn(docname)
        self.labs: dict[str, list[standins.Widget]] = {}
        self.made = 0
        self.items: list[dict] = []
        standins.display_hook[:] = [self.show]

    def run(self, request: str) -> str:
        """Run one cell. request: ``cells`` (texts), ``number`` (its place), ``code`` (its text now), ``tests``.

        Answers ``items`` (what it shows, an error last), ``ran`` (places of earlier cells that ran) and ``passed``
        (one entry a test: true or false; empty after an error).
        """
        asked = json.loads(request)
        space: dict = {"__name__": "__main__", "display": standins.display}
        self.items, ran, passed, out = [], [], [], io.StringIO()
        place = None
        try:
            with redirect_stdout(out):
                for place in self.before(asked):
                    self.execute(asked["cells"][place], f"<cell {place + 1}>", space, quiet=True)
                    ran.append(place)
                self.items, place = [], None
                self.execute(asked["code"], faults.HERE, space)
                passed = [self.holds(test, space) for test in asked.get("tests", [])]
        except BaseException as error:  # also SystemExit: nothing of a reader's ends the page's Python
            self.items.append(faults.told(error, place))
        if out.getvalue():
            self.items.insert(0, shown.text_item(out.getvalue()))
        return json.dumps({"items": self.items, "ran": ran, "passed": passed}, default=str)

    def before(self, asked: dict) -> list[int]:
        """Places of the earlier cells that the code, and the tests on it, need."""
        compile(asked["code"], faults.HERE, "exec")  # a line that cannot be read is named before anything runs
        return needed(asked["cells"], asked["number"], "\n".join([asked["code"], *asked.get("tests", [])]))

    def execute(self, code: str, name: str, space: dict, quiet: bool = False) -> None:
        """Run code in ``space``; the value of its last expression is shown, as a notebook does.

        quiet: the code is an earlier cell, run for the names that it makes; a figure that ends it is not made.
        """
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), space)
        if last is None or (quiet and _is_figure(last)):
            return
        value = eval(compile(ast.Expression(last.value), name, "eval"), space)
        if value is not None and not quiet:
            self.show(value)

    @staticmethod
    def holds(test: str, space: dict) -> bool:
        """Whether a test, an expression over the names that the code made, is true; an error counts as false."""
        try:
            return bool(eval(test, space))
        except Exception:
            return False

    def show(self, thing) -> None:
        """Add a thing to what the cell shows; of very many only the first, and a sentence that says so."""
        if len(self.items) >= MOST:
            self.items[MOST:] = [shown.text_item(f"More than {MOST} things; the rest is not shown.")]
            return
        item = shown.packed(thing, self.drawn)
        self.items.append(self.lab(item["widget"]) if item["kind"] == "controls" else item)

    def lab(self, box: standins.Widget) -> dict:
        """Keep a lab's controls; what the page needs to draw them, and what they show now."""
        self.made += 1
        name = f"lab-{self.made}"
        widgets = self.labs[name] = shown.flat(box)
        inputs = [shown.described(widget) for widget in widgets if not shown.is_output(widget)]
        return {"kind": "controls", "id": name, "inputs": inputs, "outputs": shown.outputs(widgets, self.drawn)}

    def change(self, request: str) -> str:
        """Move one control of a lab. request: ``lab``, ``number``, ``value``. Answers ``items``: the outputs."""
        asked = json.loads(request)
        widgets = self.labs[asked["lab"]]
        moved = [widget for widget in widgets if not shown.is_output(widget)][asked["number"]]
        try:
            moved.value = shown.value_from_page(moved, asked["value"])
            items = shown.outputs(widgets, self.drawn)
        except Exception as error:
            items = [faults.told(error)]
        return json.dumps({"items": items}, default=str)

    def layout(self, request: str) -> str:
        """A figure laid out for a width. request: ``figure``, ``width`` and ``room`` in pixels. Answers Vega-Lite."""
        asked = json.loads(request)
        spec = self.drawn.specs[asked["figure"]]
        return json.dumps(layout.lay_out(spec, asked["width"], asked["room"], asked["width"]))

    def forget(self, request: str) -> str:
        """Drop what the page shows no more. request: ``names`` of figures and labs."""
        for name in json.loads(request)["names"]:
            self.drawn.specs.pop(name, None)
            self.labs.pop(name, None)
        return "{}"


def _is_figure(statement: ast.Expr) -> bool:
    """Whether a statement only shows a figure: ``figure(…)``."""
    call = statement.value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "figure"
