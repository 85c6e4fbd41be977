"""The build as a whole: the same twice, at any address, with any name, and nothing written into the source."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from test_build_failures import CHART, build_book

from coursekit.book import meta, staging

FIGURE = (
    CHART % 'figure(chart, name="fig-one", title="T", '
    'description="A point for each of two numbers. " * 3, source="nato_spending")'
)
WIDGET = "```{code-cell} ipython3\nimport ipywidgets\nipywidgets.HTML('words')\n```\n"
PAGES = {
    "chapters/04.1-money": f"The first paragraph of this page is long enough to describe it.\n\n{FIGURE}",
    "chapters/05-more": "Text with {claim}`C01`, {table}`nato_spending` and $x^2$.\n\n{term}`Hedging`",
    "chapters/06-widget": WIDGET,
    "chapters/reference/glossary": "```{glossary-table}\n```",
    "chapters/reference/ledger": "```{ledger}\n```",
    "chapters/reference/chronology": "```{chronology}\n%s\n```",
}
ADDRESS = "https://example.org/courses/two"
REPOSITORY = "https://github.com/someone/book"


def book(folder: Path, anew: bool = False, **environment) -> Path:
    """The miniature book, built in ``folder`` under an environment; its output folder. anew: nothing was known."""
    kinds = sorted(set(__import__("coursekit.tables").tables.load("chronology").category))
    words = "\n".join(f"{kind}: words for {kind.replace('_', ' ')}" for kind in kinds)
    pages = {name: body.replace("%s", words) for name, body in PAGES.items()}
    old = dict(os.environ)
    os.environ.update(environment)
    try:
        whole = {**pages, "chapters/reference/bibliography": "```{bibliography}\n:all:\n```"}
        run = build_book(folder, whole, anew)
    finally:
        os.environ.clear()
        os.environ.update(old)
    assert run.returncode == 0, run.stderr
    return folder / "_out"


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> Path:
    """The book of a site that knows its address and its repository."""
    return book(
        tmp_path_factory.mktemp("one") / "book",
        COURSE_SITE=ADDRESS,
        COURSE_REPOSITORY=REPOSITORY,
        PYTHONHASHSEED="1",
    )


def files(folder: Path) -> dict[str, bytes]:
    """Published files by name, without what Sphinx keeps for its next build."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".doctrees", ".buildinfo", ".figures"} & set(path.relative_to(folder).parts)
    }


def test_two_clean_builds_are_the_same_to_the_byte(known, tmp_path):
    """Another folder, another seed of Python's hashes, another time zone, another time; and nothing known before."""
    again = book(
        tmp_path / "two" / "book",
        anew=True,
        COURSE_SITE=ADDRESS,
        COURSE_REPOSITORY=REPOSITORY,
        PYTHONHASHSEED="2",
        TZ="Asia/Tokyo",
    )
    one, two = files(known), files(again)
    assert set(one) == set(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_a_page_with_a_dot_in_its_name_stays(known):
    assert (known / "chapters" / "04.1-money.html").exists()
    assert list((known / "_sources" / "chapters").glob("04.1-money*"))


def test_a_page_says_what_it_is_and_where_it_lives(known):
    html = (known / "chapters" / "04.1-money.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{ADDRESS}/chapters/04.1-money.html" />' in html
    assert (
        '<meta name="description" content="The first paragraph of this page is long enough to describe it." />' in html
    )
    report = re.search(rf'href="({REPOSITORY}/issues/new[^"]+)"', html)[1]
    assert "04.1-money" in report and "title=" in report
    assert html.count('name="viewport"') == 1


def test_no_page_holds_widget_state_or_an_inline_script(known):
    for path in known.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "widget-state" not in html, path.name
        assert not re.findall(r"<script(?![^>]*\b(?:src=|type=.application/ld\+json))[^>]*>", html), path.name
        assert not re.findall(r'<[a-z]+\b[^>]*\son[a-z]+="', html), path.name
        assert 'href="javascript:' not in html, path.name


def test_without_address_and_repository_a_page_claims_neither(tmp_path):
    out = build_book(tmp_path / "book", {"one": "A paragraph that is long enough to describe the page, as it must be."})
    assert out.returncode == 0, out.stderr
    html = (tmp_path / "book" / "_out" / "one.html").read_text(encoding="utf-8")
    assert "canonical" not in html and "Report a mistake" not in html and 'name="description"' in html


def test_the_page_for_wrong_addresses_works_at_any_depth(known):
    html = (known / "404.html").read_text(encoding="utf-8")
    assert '<base href="/courses/two/">' in html and (known / ".nojekyll").exists()
    links = re.findall(r'href="([^"/][^"]*)"', html)
    assert "index.html" in links and all((known / link).exists() for link in links)
    assert "<script" not in html


@pytest.mark.parametrize(
    ("repository", "start"),
    [
        ("https://github.com/us/book/", "https://github.com/us/book/issues/new?title=Mistake+on+the+page+A&"),
        ("https://gitlab.com/us/book", "https://gitlab.com/us/book/-/issues/new?issue%5Btitle%5D=Mistake"),
        ("https://example.org/us/book", ""),
        ("", ""),
    ],
)
def test_a_report_link_names_the_page(repository, start):
    link = meta.report_link(repository, "chapters/01-a", "A")
    assert link.startswith(start) and bool(link) == bool(start)
    assert not link or "chapters%2F01-a" in link


# The staged source


def snapshot(folder: Path) -> dict[str, float]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def course(tmp_path) -> Path:
    """A small course that can only be read."""
    root = tmp_path / "course"
    (root / "chapters" / "reference").mkdir(parents=True)
    (root / "exercises").mkdir()
    (root / "index.md").write_text("# Book\n")
    (root / "chapters" / "01-one.md").write_text("# One\n")
    (root / "chapters" / "reference" / "ledger.md").write_text("# Ledger\n")
    (root / "chapters" / ".ipynb_checkpoints").mkdir()
    (root / "chapters" / ".ipynb_checkpoints" / "01-one.md").write_text("old")
    (root / "data").symlink_to(ROOT / "data")
    for path in [*root.rglob("*"), root]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield root
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink() and path.is_dir():
            path.chmod(0o755)


def test_a_source_that_can_only_be_read_is_staged_and_stays_as_it_was(course, tmp_path):
    before = snapshot(course)
    place = staging.stage(course, tmp_path / "out")
    assert snapshot(course) == before
    assert (place / "chapters" / "01-one.md").read_text() == "# One\n" and (place / "index.md").exists()
    assert (place / "chapters" / "reference" / "data" / "nato_spending.md").exists()
    assert not (place / "chapters" / ".ipynb_checkpoints").exists()


def test_staging_again_changes_nothing_and_drops_what_is_gone(course, tmp_path):
    place = staging.stage(course, tmp_path / "out")
    made = place / "chapters" / "reference" / "data" / "nato_spending.md"
    before = made.stat().st_mtime_ns
    (course / "chapters").chmod(0o755)
    (course / "chapters" / "01-one.md").rename(course / "chapters" / "01-two.md")
    staging.stage(course, tmp_path / "out")
    assert made.stat().st_mtime_ns == before
    assert sorted(path.name for path in (place / "chapters").glob("*.md")) == ["01-two.md"]


def test_where_links_are_not_allowed_files_are_copied(course, tmp_path, monkeypatch):
    def refused(*given, **named):
        raise OSError("links are not allowed")

    monkeypatch.setattr(Path, "symlink_to", refused)
    (course / "exercises" / "note.txt").parent.chmod(0o755)
    place = staging.stage(course, tmp_path / "out")
    page = place / "chapters" / "01-one.md"
    assert page.read_text() == "# One\n" and not page.is_symlink() and (place / "exercises").is_dir()
    (course / "chapters" / "01-one.md").chmod(0o644)
    (course / "chapters" / "01-one.md").write_text("# One, mended\n")
    staging.stage(course, tmp_path / "out")
    assert page.read_text() == "# One, mended\n"


def test_the_build_command_writes_only_below_out(course, tmp_path):
    """A course without a configuration is refused before anything is written, also where nothing can be written."""
    before = snapshot(course)
    command = [sys.executable, "-m", "coursekit.cli.main", "book", "build", "--out", str(tmp_path / "out")]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert run.returncode == 1 and "Traceback" not in run.stderr and snapshot(course) == before
