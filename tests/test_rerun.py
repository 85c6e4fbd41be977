"""A notebook runs again exactly when its code or something it reads has changed; no page shows yesterday's data."""

import json
import os
import shutil
import subprocess
import sys
import textwrap

import pytest

PAGE = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---
# {title}

```{{code-cell}} ipython3
{code}
```
"""
MANIFEST = {
    "name": "fish",
    "path": "fish.csv",
    "title": "Fish",
    "vintage": "2026",
    "short_source": "Sea",
    "next_release_expected": "none",
    "checks": [{"what": "all", "expression": "catch.total()", "expected": 3, "tolerance": 0, "source_id": "S"}],
    "schema": {"fields": [{"name": "port", "type": "string"}, {"name": "tonnes", "type": "number"}]},
}
RUN = """
import json
from pathlib import Path
from coursekit.book.execute import run_all
here = Path.cwd()
run = run_all(here, here / "_build" / ".jupyter_cache")
names = lambda paths: sorted(path.stem for path in paths)
print(json.dumps({"done": names(run.done), "cached": names(run.cached), "failed": names(run.failed)}))
"""
VALUES = """
from pathlib import Path
from coursekit.data import expressions
values = expressions.keep(Path("values.json"))
before = dict(values.known)
print(values.value("catch.total()"), values.value("catch.ports()"), values.fresh)
values.save()
"""
EVERY = {"reads", "measures", "plain"}


@pytest.fixture
def course(tmp_path):
    """A small course: a page that loads a table, one that calls a measure, one that does neither; and a package."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Book\n")
    code = {
        "reads": "from coursekit.tables import load\nprint(load('fish').tonnes.sum())",
        "measures": "from sea.measures import catch\nprint(catch.total())",
        "plain": "print(1 + 1)",
    }
    for name, text in code.items():
        (tmp_path / "chapters" / f"{name}.md").write_text(PAGE.format(title=name, code=text))
    for name in ("fish", "sources", "boats"):
        entry = MANIFEST | {"name": name, "path": f"{name}.csv"}
        write(tmp_path, f"data/{name}.resource.yaml", json.dumps(entry))
        write(tmp_path, f"data/{name}.csv", "port,tonnes\nA,1\nB,2\n")
    write(tmp_path, "data/course.yaml", "measures: sea.measures\n")
    write(tmp_path, "sea/__init__.py", "")
    write(tmp_path, "sea/measures/__init__.py", "")
    write(tmp_path, "sea/tools.py", "def summed(column):\n    return float(column.sum())\n")
    write(
        tmp_path,
        "sea/measures/catch.py",
        """
        from coursekit.tables import load
        from sea.tools import summed

        def total():
            return summed(load("fish").tonnes)

        def ports():
            return len(load("fish"))
        """,
    )
    write(tmp_path, "sea/measures/other.py", "def none():\n    return 0\n")
    write(tmp_path, "site/shellfish-1.0.dist-info/METADATA", "Name: shellfish\nVersion: 1.0\n")
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip())


def script(folder, code) -> str:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("COURSE_DATA", None)
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip().splitlines()[-1]


def again(folder) -> set[str]:
    """The pages that a build runs; the others must come from the cache, and none may fail."""
    found = json.loads(script(folder, RUN))
    assert not found["failed"] and set(found["done"]) | set(found["cached"]) == EVERY
    return set(found["done"])


def printed(folder, page) -> str:
    kept = json.loads((folder / "_build/.jupyter_cache/inputs.json").read_text())[f"chapters/{page}.md"]
    ran = json.loads((folder / "_build/.jupyter_cache/executed" / kept["key"] / "base.ipynb").read_text())
    return "".join(ran["cells"][0]["outputs"][0]["text"]).strip()


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_only_what_uses_an_edit_runs_again(course):
    """One course, edit after edit: each kind runs its own pages and no other, and shows the new figures."""
    assert again(course) == EVERY and again(course) == set()
    edit(course, "data/fish.csv", "B,2", "B,5")
    assert again(course) == {"reads", "measures"}
    assert printed(course, "reads") == printed(course, "measures") == "6.0"
    edit(course, "data/fish.resource.yaml", "2026", "2027")
    assert again(course) == {"reads", "measures"}, "the manifest of a table that is read"
    edit(course, "sea/measures/catch.py", "summed(load", "2 * summed(load")
    assert again(course) == {"measures"} and printed(course, "measures") == "12.0"
    edit(course, "sea/tools.py", "float(column.sum())", "float(column.sum()) + 1")
    assert again(course) == {"measures"}, "a module that the page never names"
    assert printed(course, "measures") == "14.0"
    edit(course, "sea/measures/catch.py", "def ports():", 'def ports():\n    """How many."""\n    # counted')
    edit(course, "sea/measures/catch.py", 'len(load("fish"))', 'len(load("fish")) + 1')
    assert again(course) == set(), "a comment, a docstring and a function that the page never calls"
    edit(course, "sea/tools.py", "def summed", "PORTS = 1\n\n\ndef summed")
    assert again(course) == {"measures"}, "what runs when a module is imported"
    for unused in ("data/boats.csv", "sea/measures/other.py"):
        edit(course, unused, "2" if "csv" in unused else "0", "9")
        assert again(course) == set(), unused
    edit(course, "chapters/plain.md", "# plain", "# plain words")
    assert again(course) == set(), "the text around the code"
    edit(course, "chapters/plain.md", "1 + 1", "1 + 2")
    assert again(course) == {"plain"} and printed(course, "plain") == "3"


def test_a_new_version_of_a_package_runs_its_pages_again(course):
    assert again(course) == EVERY
    kept = course / "_build/.jupyter_cache/inputs.json"
    records = json.loads(kept.read_text())
    assert "package:pandas" in records["chapters/reads.md"]["inputs"]
    assert "package:pandas" not in records["chapters/plain.md"]["inputs"]
    for record in records.values():  # as if the pages had run with an older version
        if "package:pandas" in record["inputs"]:
            record["inputs"]["package:pandas"] = "1.0"
    kept.write_text(json.dumps(records))
    assert again(course) == {"reads", "measures"}


def test_an_old_result_is_gone_when_the_new_run_fails(course):
    assert again(course) == EVERY
    edit(course, "sea/measures/catch.py", "return summed", "raise ValueError('no fish')\n    return summed")
    found = json.loads(script(course, RUN))
    assert found["failed"] == ["measures"]
    executed = list((course / "_build/.jupyter_cache/executed").iterdir())
    assert len(executed) == 2 and "measures.md" not in (course / "_build/.jupyter_cache/inputs.json").read_text()


def test_a_page_that_lists_a_folder_runs_again_when_a_table_comes(course):
    (course / "chapters" / "plain.md").write_text(
        PAGE.format(title="plain", code="from coursekit import tables\nprint(len(tables.names()))")
    )
    assert again(course) == EVERY and printed(course, "plain") == "3"
    shutil.copy(course / "data/fish.resource.yaml", course / "data/herring.resource.yaml")
    assert "plain" in again(course) and printed(course, "plain") == "4"


def test_values_of_expressions_follow_tables_and_measures(course):
    assert script(course, VALUES) == "3.0 2 True" and script(course, VALUES) == "3.0 2 False"
    edit(course, "data/boats.csv", "2", "9")
    assert script(course, VALUES) == "3.0 2 False"
    edit(course, "data/fish.csv", "B,2", "B,5\nC,1")
    assert script(course, VALUES) == "7.0 3 True"
    edit(course, "sea/tools.py", "float(column.sum())", "float(column.sum()) + 1")
    assert script(course, VALUES) == "8.0 3 True", "a module used only by way of another"
    edit(course, "data/fish.resource.yaml", "2026", "2027")
    assert script(course, VALUES) == "8.0 3 True"
    edit(course, "sea/tools.py", "def summed(column):", "def summed(column):\n    # not a word of code")
    assert script(course, VALUES) == "8.0 3 False"
    edit(course, "sea/measures/catch.py", 'len(load("fish"))', 'len(load("fish")) + 1')
    assert script(course, VALUES) == "8.0 4 True", "one function of two"


GIVEN = """
from pathlib import Path
from coursekit.data import expressions
values = expressions.keep(Path("values.json"))
ask = lambda **given: (values.value("catch.total() * a", given=given), values.fresh)
told = [ask(a=2), ask(a=3)]
values.value("len(a)", given={"a": [1, 2]})
print(*told, len(values.known))
values.save()
"""


def test_a_value_that_uses_other_values_is_kept_for_these_alone(course):
    """What follows from a list is computed again each time: a list has no digest that lasts."""
    assert script(course, GIVEN) == "(6.0, True) (9.0, True) 2"
    assert script(course, GIVEN) == "(6.0, False) (9.0, False) 2"
    assert script(course, GIVEN.replace("a=2", "a=4")) == "(12.0, True) (9.0, True) 3"
    edit(course, "data/fish.csv", "B,2", "B,5")
    assert script(course, GIVEN).startswith("(12.0, True) (18.0, True)"), "a table behind the expression changed"


def test_a_page_that_reads_code_as_text_runs_again_for_a_comment(course):
    (course / "chapters" / "plain.md").write_text(
        PAGE.format(title="plain", code="import inspect\nfrom sea import tools\nprint(inspect.getsource(tools.summed))")
    )
    assert again(course) == EVERY and again(course) == set()
    edit(course, "sea/tools.py", "def summed(column):", "def summed(column):\n    # a word")
    assert again(course) == {"plain"} and "# a word" in printed(course, "plain")


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
def test_forked_kernels_share_nothing_and_give_what_new_ones_give(course):
    """Two pages that leave traces in a module see nothing of each other; without forks every output is the same."""
    for name in ("plain", "reads"):
        code = (
            "import coursekit.tables, sys, os\nprint(getattr(coursekit.tables, 'trace', 'clean'), os.getcwd()[-8:], "
            "'sea' in sys.modules, sys.argv[1:2], os.getpgid(0) == os.getpid())\ncoursekit.tables.trace = 1"
        )
        (course / "chapters" / f"{name}.md").write_text(PAGE.format(title=name, code=code))
    assert again(course) == EVERY
    forked = [printed(course, name) for name in sorted(EVERY)]
    assert forked[1].startswith("clean") and forked[1] == forked[2]
    shutil.rmtree(course / "_build")
    script(course, "from coursekit.book import kernels\nkernels.can_fork = lambda: False\n" + RUN)
    assert [printed(course, name) for name in sorted(EVERY)] == forked


def test_code_that_loads_by_a_computed_name_counts_as_using_every_table(course):
    edit(course, "sea/measures/catch.py", 'load("fish").tonnes', 'load("fi" + "sh").tonnes')
    assert script(course, VALUES) == "3.0 2 True"
    edit(course, "data/fish.csv", "B,2", "B,5")
    assert script(course, VALUES) == "6.0 2 True"


def test_altair_loads_no_grammar():
    """jsonschema from 4.25 on compiles a grammar at import: 2 to 3 s of processor time in every kernel and command."""
    code = "import sys, altair; print({'lark', 'rfc3987_syntax'} & set(sys.modules) or 'none')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "none"
