"""Bad input fails the build with one sentence that names file and place. Each case is a small book of its own."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sphinx_run
from conftest import ROOT

from coursekit.book.execute import notebooks

CONF = """
extensions = ["myst_nb", "sphinxcontrib.bibtex", "coursekit.book"]
bibtex_bibfiles = ["references.bib"]
nb_execution_mode = "force"
myst_enable_extensions = ["dollarmath"]
nitpicky = True
html_theme = "sphinx_book_theme"
html_math_renderer = "mathml"
course_palette = "ip4.colours:PALETTE"
suppress_warnings = ["mystnb.mime_priority"]
exclude_patterns = ["_out"]
"""
HEAD = "---\njupytext: {text_representation: {extension: .md, format_name: myst}}\n"
HEAD += "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n# A page\n\n"
CHART = """```{code-cell} ipython3
import altair as alt, pandas as pd
from coursekit.charts import figure
chart = alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_point().encode(x="a:Q")
%s
```
"""
CASES = {
    "claim": ("```{claims-list} C99\n```", "There is no claim 'C99' in the ledger"),
    "claim-role": ("See {claim}`C99`.", "There is no claim 'C99'"),
    "term": ("See {term}`No such term`.", "term not in glossary: 'No such term'"),
    "table": ("See {table}`nato_spendin`.", "There is no table 'nato_spendin' in data/. Did you mean 'nato_spending'?"),
    "citation": ("See {cite}`nobody1900nothing`.", 'could not find bibtex key "nobody1900nothing"'),
    "glue": ("It is {glue}`c99_missing`.", "No key 'c99_missing' found"),
    "quiz": ("```{quiz} 99-none\n```", "There is no quiz bank '99-none'"),
    "parts": ("```{my-course} sure doubts\n```", "my-course has no part 'doubts'; write some of progress, sure,"),
    "card": ("```{chapter-card}\nnumber: 1\n```", "the chapter card lacks"),
    "formula": ("$\\left( a$", "cannot be drawn"),
    "bare-chart": (CHART % "chart", "a chart has no description"),
}
RAISING = {
    "no-description": (
        CHART % 'figure(chart, title="T", description="", source="nato_spending")',
        "FigureError: figure('T'): the description has fewer",
    ),
    "no-source": (
        CHART % 'figure(chart, title="T", description="x" * 60, source="nowhere")',
        "There is no table 'nowhere'",
    ),
    "cell": (
        "```{code-cell} ipython3\n1 / 0\n```",
        "ZeroDivisionError: division by zero (in the cell that begins '1 / 0')",
    ),
}


def build_book(folder: Path, pages: dict[str, str], anew: bool = False) -> subprocess.CompletedProcess:
    """Build a book with one page a case, every warning an error. anew: with nothing computed before."""
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text(CONF)
    shutil.copy(ROOT / "references.bib", folder)
    (folder / "index.md").write_text("# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")
    for name, body in pages.items():
        (folder / f"{name}.md").parent.mkdir(exist_ok=True)
        (folder / f"{name}.md").write_text((HEAD if "code-cell" in body else "# A page\n\n") + body + "\n")
    return run_sphinx(folder, anew)


def run_sphinx(folder: Path, anew: bool = False) -> subprocess.CompletedProcess:
    return sphinx_run.run(folder, "-W", "--keep-going", anew=anew)


@pytest.fixture(scope="session")
def refusals(tmp_path_factory) -> str:
    """What a build says of a book in which every page has its own fault."""
    run = build_book(tmp_path_factory.mktemp("books") / "bad", {name: body for name, (body, _said) in CASES.items()})
    assert run.returncode != 0
    return run.stderr


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_named_with_its_place(refusals, name):
    said = CASES[name][1]
    mine = [
        line for line in refusals.splitlines() if f"/{name}.md" in line or f"{name}: " in line or f"{name}.md" in line
    ]
    assert any(said in line for line in mine), refusals[-3000:]


def test_a_sound_page_builds(tmp_path):
    run = build_book(tmp_path / "good", {"good": "Text with {claim}`C01`, {table}`nato_spending` and $x^2$."})
    assert run.returncode == 0, run.stderr


def test_what_is_gone_leaves_the_site(tmp_path):
    """A second build takes away the page, the text and the table file that the first one published."""
    book = tmp_path / "two"
    assert build_book(book, {"chapters/stays": "Here.", "chapters/goes": "Gone."}).returncode == 0
    out = book / "_out"
    (out / "_static" / "data" / "merged_away.csv").write_text("old")
    (book / "chapters" / "goes.md").unlink()
    (book / "index.md").write_text("# Book\n\n```{toctree}\nchapters/stays\n```\n")
    run = run_sphinx(book)
    assert run.returncode == 0, run.stderr
    assert [page.name for page in (out / "chapters").iterdir()] == ["stays.html"]
    left = {path.name for path in out.rglob("*") if ".doctrees" not in path.parts}
    assert not [name for name in left if "goes" in name or "merged_away" in name]
    assert (out / "_static" / "data" / "nato_spending.csv").exists()


def test_copies_that_jupyterlab_keeps_are_no_pages(tmp_path):
    hidden = tmp_path / "chapters" / ".ipynb_checkpoints"
    hidden.mkdir(parents=True)
    for page in (tmp_path / "index.md", tmp_path / "chapters" / "one.md", hidden / "one-checkpoint.md"):
        page.write_text(HEAD + "```{code-cell} ipython3\n1\n```\n")
    assert [page.name for page in notebooks(tmp_path)] == ["index.md", "one.md"]


def test_a_cell_that_raises_stops_the_course_build(tmp_path):
    """Each failing chapter is named with its error and its cell; the error of figure() is one sentence."""
    from coursekit.book.build import BuildError, refuse_notebooks
    from coursekit.book.together import Notebooks

    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Book\n")
    for name, (body, _said) in RAISING.items():
        (tmp_path / "chapters" / f"{name}.md").write_text(HEAD + body + "\n")
    with closing(Notebooks(tmp_path, tmp_path / "_build", str)) as run, pytest.raises(BuildError) as refused:
        refuse_notebooks(run)
    for name, (_body, said) in RAISING.items():
        assert any(
            line.startswith(f"chapters/{name}.md: a cell failed: ") and said in line
            for line in str(refused.value).splitlines()
        ), name


def test_outside_a_course_the_command_says_so(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "coursekit.cli.main", "book", "build"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 1 and "holds no _config.yml" in run.stderr and "Traceback" not in run.stderr
