"""The learner's path: a page's notebook holds nothing that only the book understands, and its zip runs anywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import CHAPTERS, ROOT, SITE

from coursekit.book.directives import KERNELS
from coursekit.book.execute import notebooks
from coursekit.book.notebooks import write
from coursekit.book.notebooks.blocks import Fence, converted, pieces
from coursekit.book.notebooks.clean import first_cell
from coursekit.book.notebooks.pack import reader_wheel
from coursekit.book.notebooks.page import Book, NotebookError, Page
from coursekit.book.notebooks.write import spare
from coursekit.data.inputs import digest
from coursekit.exercises import practice

FOLDER = SITE / "_static" / "notebooks"
PAGES = notebooks(ROOT)
MARKUP = re.compile(r"\{[\w:-]+\}`|^ {0,3}[:`]{3,}\{.*$|^:{3,}|^\([\w-]+\)=|\]\([^)]*\.md[#)]", re.M)
HANDOUTS = sorted((ROOT / "exercises").glob("*/exercise.yml"))


def read(path: Path):
    return nbformat.read(path, as_version=4)


def prose(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_no_directive_and_no_role_is_left(page):
    notebook = read(FOLDER / f"{page.stem}.ipynb")
    nbformat.validate(notebook)
    assert MARKUP.findall(prose(notebook)) == []


@pytest.mark.parametrize("folder", HANDOUTS, ids=lambda p: p.parent.name)
def test_nor_in_a_handout(folder):
    zips = list(SITE.rglob(f"{folder.parent.name}.zip"))
    assert zips
    for file in zips:
        with zipfile.ZipFile(file) as box:
            for name in box.namelist():
                if name.endswith(".ipynb"):
                    assert MARKUP.findall(prose(nbformat.reads(box.read(name).decode(), as_version=4))) == [], name


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_set_up_is_collapsed_and_all_code_is_there(page):
    notebook = read(FOLDER / f"{page.stem}.ipynb")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0].source.startswith("# Run this cell first.")
    text = page.read_text(encoding="utf-8")
    starters = [task for task in starters_of(text) if task]
    assert len(code) == 1 + text.count("```{code-cell}") + len(starters)
    assert set(starters) <= {cell.source for cell in code}
    for cell in code:
        tags = set(cell.metadata.get("tags", []))
        hides = bool(tags & {"remove-cell", "hide-input", "remove-input", "hide-cell"})
        assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == hides


def starters_of(text: str) -> list[str]:
    """The starters of the practice that a page's text shows, in the page's order."""
    blocks = re.findall(r"^```\{practice\} (\S+)\n(?::tasks: (.*)\n)?", text, re.M)
    banks = {chapter: practice.load(practice.path_of(ROOT, chapter)) for chapter, _names in blocks}
    wanted = [(banks[chapter], names.split() or list(banks[chapter])) for chapter, names in blocks]
    return [bank[name].starter.rstrip() for bank, names in wanted for name in names]


# The parts that make it so

BOOK = Book(ROOT, "https://example.org/two")
SMALL = Page(BOOK, "chapters/04-money", {"share": "2.1"})


def test_roles_become_words_and_links():
    text = "(here)=\n{glue}`share` % of {term}`IP4 <Indo-Pacific Four>`, see {table}`pledges` and {claim}`C01`."
    table = "https://example.org/two/chapters/reference/data/pledges.html"
    ledger = "https://example.org/two/chapters/reference/ledger.html#c01"
    assert converted(text, SMALL) == f"2.1 % of IP4, see [`pledges`]({table}) and [C01]({ledger})."


def test_without_an_address_a_link_is_its_words():
    bare = Page(Book(ROOT), "chapters/04-money")
    assert (
        converted("See [methods](reference/methods.md) and [the test](c04-ranks).", bare) == "See methods and the test."
    )
    assert converted("[Out](https://example.org/x) stays.", bare) == "[Out](https://example.org/x) stays."


def test_works_are_named_in_the_sentence_and_noted():
    page = Page(BOOK, "chapters/04-money")
    said = converted("{cite:t}`olson1966economic` says so {cite}`olson1966economic`.", page)
    assert said.startswith("Olson and Zeckhauser ([1966](") and "([Olson and Zeckhauser 1966](" in said
    assert list(page.cited) == ["olson1966economic"]
    assert "Theory of Alliances" in BOOK.works["olson1966economic"].text


def test_a_link_to_a_figure_leads_to_the_page_that_draws_it():
    page = Page(BOOK, "chapters/06-cohesion")
    assert BOOK.figures["fig-c04-plane"] == "chapters/04-money"
    assert converted("[the plane](#fig-c04-plane)", page).endswith("/chapters/04-money.html#fig-c04-plane)")
    with pytest.raises(NotebookError, match="no page has the label"):
        converted("[the plane](#fig-c04-plain)", page)


def test_nested_fences_keep_their_order():
    text = "a\n::::{grid} 1\n:gutter: 2\n:::{grid-item-card} Card\nb {glue}`share`\n:::\n::::\nc\n"
    text += "```python\n{glue}`x`\n```"
    found = list(pieces(text))
    assert [type(one) for one in found] == [str, Fence, str, Fence, str]
    assert found[1].options == {"gutter": "2"}
    assert converted(text, SMALL) == "a\n\n**Card**\n\nb 2.1\n\nc\n\n```python\n{glue}`x`\n```"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{glue}`nothing`", "no cell glued the value 'nothing'"),
        ("{blink}`x`", "cannot show the role {blink}"),
        ("```{blink}\n```", "cannot show the directive {blink}"),
        ("{cite}`nobody2020`", "no work 'nobody2020'"),
        ("{ref}`nowhere`", "no page has the label '(nowhere)='"),
    ],
)
def test_what_a_notebook_cannot_show_stops_the_build(text, words):
    with pytest.raises(NotebookError, match=re.escape(words)) as caught:
        converted(text, SMALL)
    assert str(caught.value).startswith("chapters/04-money.md: ")


def test_a_notebook_that_somebody_changed_is_kept(tmp_path):
    file = tmp_path / "a.ipynb"
    file.write_text("mine")
    spare(file, {digest(b"ours")})
    assert not file.exists() and (tmp_path / "a-yours.ipynb").read_text() == "mine"
    file.write_text("ours")
    spare(file, {digest(b"ours")})
    assert file.exists()


def test_the_first_cell_says_what_to_do_when_nothing_is_at_hand(tmp_path):
    (tmp_path / "cell.py").write_text(first_cell("04-money", ""))
    env = {key: value for key, value in os.environ.items() if not key.startswith("COURSE_")}
    done = subprocess.run([sys.executable, "cell.py"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode and "Put 04-money.zip, which the book offers" in done.stderr


def test_two_wheels_of_one_reader_are_equal():
    assert reader_wheel(ROOT) == reader_wheel(ROOT)


def test_all_zips_of_a_shelf_take_one_wheel(monkeypatch):
    made = []
    monkeypatch.setattr(write, "reader_wheel", lambda root: made.append(root) or ("a.whl", b"wheel"))
    shelf = write.Shelf(ROOT, ROOT / "_build")
    assert shelf.wheel == shelf.wheel == ("a.whl", b"wheel") and made == [ROOT]


# The zips, in environments that hold nothing else. Both lines of pandas that the course promises.

RUN = """
import json, sys, nbformat
from nbclient import NotebookClient
name = sys.argv[1]
notebook = nbformat.read(name, as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
glued = {}
for cell in notebook.cells:
    for out in cell.get("outputs", []):
        note = out.get("metadata", {}).get("scrapbook")
        if note:
            glued[note["name"]] = out["data"][note["mime_prefix"] + "text/plain"]
json.dump(glued, open("glued.json", "w"))
"""


# A laptop: README's command, in the unpacked folder. Colab: its packages, and the zip put beside the notebook.
PLACES = {"laptop": ["pandas>=3"], "colab": ["pandas>=2.2,<2.3", "altair", "ipywidgets", "PyYAML"]}


@pytest.fixture(scope="module", params=PLACES)
def bare(request, tmp_path_factory):
    """(kind, python, script): a new environment without a checkout and without settings."""
    place = tmp_path_factory.mktemp(request.param)
    venv.create(place / "env", with_pip=True)
    python = place / "env" / "bin" / "python"
    name, content = reader_wheel(ROOT)
    (place / name).write_bytes(content)
    needs = [
        *PLACES[request.param],
        "nbclient",
        "ipykernel",
        *([str(place / name)] if request.param == "laptop" else []),
    ]
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, *needs], check=True)
    (place / "run.py").write_text(RUN)
    return request.param, python, place / "run.py"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)
@pytest.mark.slow
def test_the_zip_runs_in_an_empty_environment(bare, chapter, tmp_path):
    """Top to bottom, lab included, with the numbers of the book, whichever pandas it meets."""
    kind, python, script = bare
    folder = tmp_path / chapter.stem if kind == "laptop" else tmp_path
    if kind == "laptop":
        zipfile.ZipFile(FOLDER / f"{chapter.stem}.zip").extractall(tmp_path)
    else:
        shutil.copy(FOLDER / f"{chapter.stem}.zip", tmp_path)
        shutil.copy(FOLDER / f"{chapter.stem}.ipynb", tmp_path)
    env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    done = subprocess.run(
        [python, script, f"{chapter.stem}.ipynb"], cwd=folder, env=env, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr[-2000:]
    theirs, text = json.loads((folder / "glued.json").read_text()), prose(read(FOLDER / f"{chapter.stem}.ipynb"))
    wanted = set(re.findall(r"\{glue\}`(\w+)`", chapter.read_text(encoding="utf-8")))
    assert len(wanted) > 5 and wanted <= set(theirs)
    assert not {name: theirs[name] for name in wanted if theirs[name] not in text}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)
def test_the_readme_of_a_zip_names_what_is_in_it(chapter):
    with zipfile.ZipFile(FOLDER / f"{chapter.stem}.zip") as box:
        names = {name.partition("/")[2] for name in box.namelist()}
        words = box.read(f"{chapter.stem}/README.txt").decode()
    (wheel,) = [name for name in names if name.endswith(".whl")]
    assert wheel in words and f"{chapter.stem}.ipynb" in words and "data/sources.csv" in names


def test_binder_builds_what_its_link_opens(monkeypatch):
    """The Dockerfile that repo2docker would build from this checkout installs the course and runs its postBuild."""
    from repo2docker.buildpacks import PythonBuildPack

    monkeypatch.chdir(ROOT)
    pack = PythonBuildPack("docker.io/library/buildpack-deps:jammy")
    assert pack.detect()
    pack.platform = "linux/amd64"
    text = pack.render({})
    assert "binder/requirements.txt" in text and "binder/postBuild" in text
    script = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK) and "course book notebooks" in script
    assert "urlpath=lab/tree/notebooks/{stem}.ipynb" in KERNELS["Binder"]
