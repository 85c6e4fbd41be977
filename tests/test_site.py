"""The built site as files: links lead somewhere, nothing points to another host, pages keep their weight."""

import gzip
import json
import re
from functools import cache
from urllib.parse import unquote, urldefrag

import pytest
from conftest import CHAPTERS, PAGES, SITE
from figure_probe import kept

KB = 1024
CHAPTER_PAGES = [f"chapters/{path.stem}.html" for path in CHAPTERS]
LINK = re.compile(r'(?<!<base )\b(?:href|src|data-file|srcset|data-bank)="([^"]*)"')
IDS = re.compile(r'\bid="([^"]+)"|\bname="([^"]+)"')
LOADED = re.compile(r'<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]+"[^>]*>')
IMPORTED = re.compile(r"""(?:import|fetch)\s*\(?\s*["']https?://|url\(["']?https?://|@import\s+["']https?:""")


@cache
def text(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


@cache
def ids(page: str) -> set[str]:
    return {a or b for a, b in IDS.findall(text(page))}


def zipped(path) -> int:
    return len(gzip.compress(path.read_bytes()))


def test_there_is_a_built_book():
    assert "index.html" in PAGES and set(CHAPTER_PAGES) <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_local_link_leads_somewhere(page):
    broken = []
    for url in set(LINK.findall(text(page))):
        target, anchor = urldefrag(unquote(url.replace("&amp;", "&")))
        if re.match(r"[a-z]+:|//", target):
            continue
        path = (SITE / page).parent / target.split("?")[0] if target else SITE / page
        path = path / "index.html" if path.is_dir() else path
        inside = str(path.resolve().relative_to(SITE.resolve())) if path.exists() else None
        if inside is None or (anchor and inside.endswith(".html") and anchor not in ids(inside)):
            broken.append(url)
    assert not broken


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_loaded_from_another_host(page):
    foreign = [tag for tag in LOADED.findall(text(page)) if 'rel="canonical"' not in tag]
    assert not foreign and not IMPORTED.findall(text(page))


@pytest.mark.parametrize("page", PAGES)
def test_pages_keep_their_weight(page):
    path = SITE / page
    assert path.stat().st_size <= KB * KB and zipped(path) <= 150 * KB


@pytest.mark.parametrize("page", ["index.html", *CHAPTER_PAGES])
def test_first_visit_keeps_its_weight(page):
    """Page, theme and the Vega bundle together; font files are not compressed twice."""
    wanted = {
        (SITE / page).parent / url.split("?")[0]
        for url in re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"#:]+)"', text(page))
    }
    wanted |= {SITE / page, *SITE.glob("_static/figures/vega-*.js")}
    files = [path.resolve() for path in wanted if path.is_file()]
    assert sum(zipped(path) for path in set(files)) <= 900 * KB


@pytest.mark.parametrize("page", [p for p in PAGES if "course-figure" in (SITE / p).read_text(encoding="utf-8")])
def test_every_figure_has_words_table_picture_and_files(page):
    for figure in re.findall(r'<figure class="course-figure".*?</figure>', text(page), re.S):
        ident = re.search(r'id="(fig-[\w-]+)"', figure)[1]
        assert re.search(r"<figcaption[^>]*>.*\w.*</figcaption>", figure, re.S), ident
        described = re.search(rf'<div id="{ident}-desc"><p>([^<]+)</p>', figure)
        assert described and len(described[1]) >= 40, ident
        assert figure.count("<picture") == 2 and 'role="img"' in figure, ident
        assert "<table" in figure and "(CSV)" in figure, ident
        assert re.search("vintage|computed from a model", figure, re.I), ident
        file = (SITE / page).parent / re.search(r'data-file="([^"]+)"', figure)[1]
        assert kept(file.parent, file.name)["chart"]["layouts"] and file.stat().st_size <= 400 * KB, ident


def test_figures_follow_the_page_scheme():
    """Known colours are variables in every specification, so that a dark page is drawn dark."""
    from coursekit.book import palette

    palette.register("ip4.colours:PALETTE")
    for file in (SITE / "_static/figures").glob("fig-*.js"):
        chart = json.dumps(kept(file.parent, file.name)["chart"]["layouts"])
        loose = set(re.findall(r'(?<![(,] )"(#[0-9a-f]{6})"', chart)) & set(palette._pairs)
        assert not loose, f"{file.name}: {loose}"


def test_search_index_knows_the_chapters():
    index = (SITE / "searchindex.js").read_text(encoding="utf-8")
    assert all(f'"chapters/{path.stem}"' in index for path in CHAPTERS)


def test_answers_are_not_in_the_page():
    for page in CHAPTER_PAGES:
        assert '"correct"' not in text(page) and "data-correct" not in text(page)
    banks = list((SITE / "_static/quiz").glob("[0-9]*.js"))
    assert banks and all('"feedback"' in path.read_text(encoding="utf-8") for path in banks)


def test_each_chapter_can_be_downloaded_as_a_notebook():
    for chapter in CHAPTERS:
        book = json.loads((SITE / "_static/notebooks" / f"{chapter.stem}.ipynb").read_text(encoding="utf-8"))
        assert any(cell["cell_type"] == "code" for cell in book["cells"])
