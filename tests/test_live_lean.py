"""Altair as a page gets it: a fraction of the text, the same names, defaults, charts and errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import altair
import pytest

from coursekit.book.live.lean import GENERATED, lean, lean_module

HOME = Path(altair.__file__).parent
FACE = """
import inspect, json
import altair as alt
import pandas as pd

def face(thing):
    given = inspect.signature(thing.__init__).parameters.values()
    return [[str(p.replace(annotation=p.empty)) for p in given], sorted(dir(thing)), getattr(thing, "_schema", None)]

classes = {name: thing for part in (alt, alt.vegalite.v6.schema.core, alt.vegalite.v6.schema.channels)
           for name, thing in vars(part).items() if inspect.isclass(thing) and "v6" in thing.__module__}
rows = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
pick = alt.selection_point(fields=["b"], bind=alt.binding_select(options=["x", "y"]))
chart = alt.Chart(rows).mark_bar(size=3).add_params(pick).encode(
    x=alt.X("a:Q").axis(title="A", grid=False).scale(zero=False), y=alt.Y("b").sort("-x"),
    color=alt.when(pick).then(alt.value("red")).otherwise(alt.value("grey")), tooltip=["a", "b"])
layered = ((chart + chart.mark_text(dx=4)).properties(width=200) | chart).configure_axis(labelAngle=3)
try:
    wrong = alt.Chart(rows).mark_bar().encode(x=alt.X("a").axis(titel="A")).to_dict()
except Exception as error:
    wrong = str(error)
classes.pop("Root")  # its schema is the whole of Vega-Lite, with all descriptions
print(json.dumps({"faces": {n: face(c) for n, c in classes.items()}, "chart": layered.to_dict(), "wrong": wrong,
                  "methods": {n: list(inspect.signature(getattr(alt.Chart, n)).parameters)
                              for n in dir(alt.Chart) if n.startswith(("mark_", "configure_"))}}))
"""


def seen(folder: Path | None) -> dict:
    """What a program sees of Altair: that of this environment, or one below ``folder``."""
    known = {"PYTHONPATH": str(folder)} if folder else {}
    ran = subprocess.run([sys.executable, "-c", FACE], capture_output=True, text=True, env=os.environ | known)
    assert not ran.returncode, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def lean_altair(tmp_path_factory) -> Path:
    """A folder with Altair as a page gets it."""
    folder = tmp_path_factory.mktemp("lean")
    for path in HOME.rglob("*"):
        name = path.relative_to(HOME.parent).as_posix()
        if path.is_file() and path.suffix in (".py", ".json"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(lean(name, path.read_bytes()))
    return folder


@pytest.mark.slow
def test_every_class_has_the_same_face_and_a_chart_is_the_same(lean_altair):
    full, small = seen(None), seen(lean_altair)
    assert len(full["faces"]) > 500 and full["faces"].keys() == small["faces"].keys()
    assert [name for name in full["faces"] if full["faces"][name] != small["faces"][name]] == []
    assert small["chart"] == full["chart"] and small["methods"] == full["methods"]
    assert small["wrong"] == full["wrong"] and "titel" in full["wrong"], "a wrong name is told as before"


def test_what_a_page_reads_of_altair_is_a_fifth(lean_altair):
    def size(folder: Path) -> int:
        return sum(path.stat().st_size for path in (folder / GENERATED).rglob("*.*") if "__pycache__" not in path.parts)

    assert size(lean_altair) < size(HOME.parent) / 5


def test_a_module_keeps_what_it_does_and_loses_what_it_says():
    text = '''"""First line.

More of it.
"""
class Kind(Base, total=False):
    """Kind of a thing.

    Parameters
    ----------
    """
    size: int = 3
    def grow(self, by: int = 2, *more: str, **rest: float) -> int:
        """Say nothing more than this."""
        return self.size * by
class Keys(TypedDict):
    one: list[int | str]
    two: Required[int]
@with_property_setters
class Channel(Kind):
    @overload
    def axis(self, _: str) -> Channel: ...
    size = 4
'''
    made = lean_module(text)
    assert made.startswith('"""First line."""\n') and '"""Kind of a thing."""' in made
    assert "def grow(self, by=2, *more, **rest):" in made and "return self.size * by" in made
    assert "size: int = 3" in made and "one: Any" in made and "two: Required[int]" in made
    assert "axis" not in made and "size = 4" in made


def test_other_files_stay_as_they_are_and_a_property_named_description_stays():
    assert lean("altair/utils/core.py", b'"""Long.\n\nText."""') == b'"""Long.\n\nText."""'
    schema = b'{"description": "Long.", "properties": {"description": {"type": "string", "description": "Words."}}}'
    assert json.loads(lean("altair/vegalite/v6/schema/vega-lite-schema.json", schema)) == {
        "description": "",
        "properties": {"description": {"type": "string", "description": ""}},
    }
