"""Bad input fails the build with one sentence that names file and place. Each case is a small book of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

CONF = """
extensions = ["myst_nb", "sphinxcontrib.bibtex", "coursekit.book"]
bibtex_bibfiles = ["references.bib"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nitpicky = True
html_theme = "basic"
html_math_renderer = "mathml"
course_palette = "ip4.colours:PALETTE"
suppress_warnings = ["mystnb.mime_priority"]
exclude_patterns = ["_out"]
"""
HEAD = "---\nkernelspec: {display_name: Python 3, language: python, name: python3}\n---\n# A page\n\n"
CHART = """```{code-cell} ipython3
import altair as alt, pandas as pd
from coursekit.charts import figure
chart = alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_point().encode(x="a:Q")
%s
```
"""
CASES = {
    "good": ("Text only.", None),
    "claim": ("```{verdict} C99\n```", "page.md:7: WARNING: There is no claim 'C99' in the ledger"),
    "claim-role": ("See {claim}`C99`.", "page.md:7: WARNING: There is no claim 'C99'"),
    "term": ("See {term}`No such term`.", "page.md:7: WARNING: term not in glossary: 'No such term'"),
    "table": ("See {table}`nato_spendin`.", "There is no table 'nato_spendin' in data/. Did you mean 'nato_spending'?"),
    "citation": ("See {cite}`nobody1900nothing`.", "could not find bibtex key \"nobody1900nothing\""),
    "glue": ("It is {glue}`c99_missing`.", "No key 'c99_missing' found"),
    "quiz": ("```{quiz} 99-none\n```", "There is no quiz bank '99-none'"),
    "card": ("```{chapter-card}\nnumber: 1\n```", "page: the chapter card lacks"),
    "formula": ("$\\frac{a$", "cannot be drawn"),
    "bare-chart": (CHART % "chart", "page: a chart has no description"),
    "no-description": (CHART % 'figure(chart, title="T", description="", source="nato_spending")', "the description has fewer than"),
    "no-source": (CHART % 'figure(chart, title="T", description="x" * 60, source="nowhere")', "There is no table 'nowhere'"),
    "cell": ("```{code-cell} ipython3\n1 / 0\n```", "ZeroDivisionError"),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    (folder / "conf.py").write_text(CONF)
    shutil.copy(ROOT / "references.bib", folder)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_bad_input_fails_the_build_and_says_where(shelf, tmp_path, name):
    body, said = CASES[name]
    book = tmp_path / name
    shutil.copytree(shelf, book)
    (book / "index.md").write_text("# Book\n\n```{toctree}\npage\n```\n")
    (book / "page.md").write_text(HEAD + body + "\n")
    run = subprocess.run([sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-N", "-b", "html", str(book), str(book / "_out")],
                         capture_output=True, text=True, timeout=180)
    if said is None:
        assert run.returncode == 0, run.stderr
    else:
        assert run.returncode != 0 and said in run.stderr, run.stderr[-1500:]
        assert "page" in run.stderr


def test_a_cell_that_raises_stops_the_course_build(tmp_path):
    from coursekit.book.build import BuildError, run_notebooks

    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Book\n")
    (tmp_path / "chapters" / "01-a.md").write_text(HEAD + CASES["cell"][0] + "\n")
    with pytest.raises(BuildError, match=r"chapters/01-a\.md: a cell failed: ZeroDivisionError"):
        run_notebooks(tmp_path, tmp_path / "_build")


def test_a_wrong_type_stops_the_course_build(tmp_path, monkeypatch):
    from coursekit.book.build import BuildError, check_data

    shutil.copytree(ROOT / "data", tmp_path / "data")
    path = tmp_path / "data" / "pledges.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    cells = lines[1].split(",")
    cells[header.index("target_value")] = "lots"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    with pytest.raises(BuildError, match=r"pledges\.csv, row 2, column 'target_value': 'lots' is not of type number"):
        check_data(tmp_path)


def test_outside_a_course_the_command_says_so(tmp_path):
    run = subprocess.run([sys.executable, "-m", "coursekit.cli", "book", "build"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1 and "holds no _config.yml" in run.stderr and "Traceback" not in run.stderr
