"""The public edition: nothing in it gives away marks, students get the same, and the whole book builds from it."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache

import pytest
from click.testing import CliRunner
from conftest import ROOT
from test_exercise_pages import FOLDERS, lines, load, secret_lines

from coursekit.book import exercise_pages
from coursekit.cli.main import main
from coursekit.exercises import edition
from coursekit.exercises import release as releases

by_exercise = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
TEXTS = {".md", ".py", ".yml", ".yaml", ".json", ".ipynb", ".csv", ".txt", ".toml", ".html", ".js", ".css", ".bib", ""}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The public edition of this course in a folder of its own."""
    out = tmp_path_factory.mktemp("public") / "edition"
    edition.write(ROOT, out)
    return out


def messages(exercise):
    """What hidden checks say when they fail."""
    hidden = [cell.source for cell in exercise.cells if cell.kind == "check" and cell.hidden]
    visible = "".join(cell.source for cell in exercise.cells if cell.kind != "wrong" and not cell.hidden)
    found = [text for source in hidden for text in re.findall(r', "([^"]{20,})"$', source, re.M)]
    return {text for text in found if text not in visible}


def notes(exercise):
    """What only the marker and the examiner read: anchors, oral questions and their good answers."""
    anchors = [
        text for rows in exercise.rubric.values() for row in rows for text in (row.get("anchors") or {}).values()
    ]
    spoken = [row[part] for rows in exercise.orals.values() for row in rows for part in ("ask", "good")]
    return {text for text in [*anchors, *spoken] if len(text) > 20}


@cache
def forbidden():
    """{secret text: exercise} of all exercises: lines of solutions and hidden checks, messages, notes."""
    found = {}
    for folder in FOLDERS:
        exercise = load(folder)
        for text in secret_lines(exercise) | messages(exercise) | notes(exercise):
            found[text] = folder.name
    return found


def leaks(folder):
    """(file, secret) for each secret that stands in a file below the folder, zips and notebooks included."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "_static" not in path.parts:
            for text in texts(path):
                yield from ((str(path.relative_to(folder)), secret) for secret in forbidden() if secret in text)


def texts(path):
    """The texts of a file: itself, the cells of a notebook as they read, the files of a zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for name in archive.namelist():
                yield from plain(name, archive.read(name))
    elif path.suffix in TEXTS:
        yield from plain(path.name, path.read_bytes())


def plain(name, body):
    text = body.decode("utf-8", errors="replace")
    yield text
    if name.endswith(".ipynb"):
        yield "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


@pytest.mark.slow
def test_nothing_in_the_tree_gives_away_marks(tree):
    assert len(forbidden()) > 150
    assert list(leaks(tree)) == []


def test_a_leak_would_be_found(tree, tmp_path):
    secret = min(forbidden(), key=lambda text: (len(text), text))  # the shortest one holds no other
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "notes.py").write_text(f"# {secret}\n", encoding="utf-8")
    assert list(leaks(tmp_path)) == [("deep/notes.py", secret)]
    with zipfile.ZipFile(tmp_path / "deep" / "all.zip", "w") as archive:
        archive.writestr("one.ipynb", json.dumps({"cells": [{"source": [secret]}]}))
    assert ("deep/all.zip", secret) in list(leaks(tmp_path))


@by_exercise
def test_no_key_no_hidden_cell_and_no_wrong_answer_is_left(tree, folder):
    text = (tree / "exercises" / folder.name / "exercise.md").read_text(encoding="utf-8")
    assert not re.search(r"\bkey\.\w|SOLUTION|\bhidden\b\]|\[wrong|draws\(", text)
    assert not (tree / "exercises" / folder.name / "orals.yml").exists()
    assert "anchors" not in (tree / "exercises" / folder.name / "rubric.yml").read_text(encoding="utf-8")


def test_tests_history_and_built_files_stay_out(tree):
    names = {path.relative_to(tree).parts[0] for path in tree.rglob("*")}
    assert not names & {"tests", "bench", ".git", ".github", "_build", ".venv"}
    assert {"coursekit", "ip4", "data", "chapters", "binder", "Makefile", edition.NOTE} <= names


def sources(exercise, version):
    release = releases.make(exercise, "sample")
    return [cell["source"] for cell in releases.notebook(release, version)["cells"]]


@by_exercise
@pytest.mark.slow
def test_students_get_the_same_from_the_public_edition(tree, folder):
    """Page and handout are those of the instructor's sources, cell by cell; ids of answers too."""
    own, public = load(folder), releases.load(tree / "exercises" / folder.name)
    assert public.public and not own.public
    assert exercise_pages.page(public) == exercise_pages.page(own)
    for version in releases.VERSIONS:
        assert sources(public, version) == sources(own, version)
    ids = [[cell.id for cell in one.cells if cell.kind in ("answer", "essay")] for one in (own, public)]
    assert ids[0] == ids[1]


@by_exercise
@pytest.mark.parametrize("words", [["check"], ["release", "--term", "t"]])
def test_the_public_edition_cannot_be_graded_from(tree, folder, words, tmp_path):
    place = ["--exercises", str(tree / "exercises")]
    rest = [*words[1:], *place] + (["--folder", str(tmp_path)] if words[0] == "release" else [])
    done = CliRunner().invoke(main, ["exercise", words[0], folder.name, *rest])
    assert done.exit_code == 1 and "public edition" in done.output


@pytest.mark.slow
def test_writing_again_replaces_and_refuses_other_folders(tree, tmp_path):
    (tree / "exercises" / "old.txt").write_text("an earlier file")
    edition.write(ROOT, tree)
    assert not (tree / "exercises" / "old.txt").exists()
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(edition.EditionError, match="holds other files"):
        edition.write(ROOT, tmp_path)
    with pytest.raises(edition.EditionError, match="among the sources"):
        edition.write(ROOT, ROOT / "chapters" / "public")
    assert (tmp_path / "diary.txt").exists()


def uploads(text):
    """The paths that the steps of a workflow upload."""
    return re.findall(r"upload-(?:pages-)?artifact@v\d+\s+with: \{path: ([^},]+)", text)


def test_workflows_publish_the_public_edition_only():
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    assert "make public-book" in texts["book.yml"] and len(uploads(texts["book.yml"])) == 2
    for name, text in texts.items():
        assert text.count("artifact@") - text.count("download-artifact@") == len(uploads(text)), name
        assert all(path.startswith("_build/public") for path in uploads(text)), name


@pytest.fixture(scope="module")
def built(tree):
    """The book, built from the public edition alone: the edition's own packages come first on the path.

    It begins with the results and pictures of the whole course, as a build that was interrupted would: each is kept
    under digests of all that it was made from, so one that the edition makes otherwise is made anew.
    """
    for kept in (".jupyter_cache", ".figures"):
        shutil.copytree(ROOT / "_build" / kept, tree / "_build" / kept)
    run = subprocess.run(
        [sys.executable, "-c", "from coursekit.cli.main import main; main(['book', 'build'])"],
        cwd=tree,
        env={**__import__("os").environ, "PYTHONPATH": str(tree), "COURSE_DATA": str(tree / "data")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return tree / "_build" / "html"


def test_the_whole_book_builds_from_it_and_gives_nothing_away(built):
    assert (built / "index.html").exists()
    for folder in FOLDERS:
        page = built / "chapters" / "teaching" / "exercises" / f"{folder.name}.html"
        assert load(folder).meta["title"] in re.sub(r"&amp;", "&", page.read_text(encoding="utf-8"))
    assert list(leaks(built)) == []


def test_short_lines_are_left_to_chance():
    assert lines("x = 1\nlonger = line * 2") == {"longer = line * 2"}
