"""Newer figures: the month stands on every page that shows a table, and the reader's calendar says when it is past."""

import html
import shutil
from datetime import date

import pytest
import yaml
from conftest import ROOT

from coursekit import tables
from coursekit.book import due, pages

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "refresh.yml").read_text("utf-8"))


@pytest.mark.parametrize("name", tables.names())
def test_each_table_carries_its_month(name):
    month = str(tables.manifest(name)["next_release_expected"])
    for line in (due.cell(name), due.table_line(name), due.figure_line([name])):
        assert (f'data-due="{month}"' in line) == (month != "none")
        assert ("hidden" not in line) == tables.is_stale(name) or month == "none"


@pytest.mark.parametrize("name", [name for name in tables.names() if "newer" in tables.manifest(name)])
def test_a_newer_edition_is_named_on_the_page_and_under_figures(name):
    newer = tables.manifest(name)["newer"]
    said = "\n".join(pages.about_table(name, tables.manifest(name)))
    assert newer["edition"] in said and newer["why"] in said and newer["published"] in said
    assert f"not drawn here: {newer['edition']}" in html.unescape(due.figure_line([name]))


def test_some_tables_have_both_kinds():
    assert any("newer" in tables.manifest(name) for name in tables.names())
    assert any(due.month_of(name) == due.NEVER for name in tables.names())


def test_a_figure_speaks_of_the_first_of_its_tables():
    later = max((name for name in tables.names() if due.month_of(name) != due.NEVER), key=due.month_of)
    first = min((name for name in tables.names() if due.month_of(name) != due.NEVER), key=due.month_of)
    assert f'data-due="{due.month_of(first)}"' in due.figure_line([later, first])
    assert due.figure_line(["no_such_table"]) == ""


def test_the_workflow_refreshes_every_source_and_shows_the_report():
    steps = WORKFLOW["jobs"]["refresh"]["steps"]
    said = "\n".join(step.get("run", "") for step in steps)
    assert "course data refresh --all --draft --report" in said and "course ledger changes" in said
    assert "gh pr create" in said and "git push origin" in said and "main" not in said
    assert WORKFLOW[True]["schedule"] and "workflow_dispatch" in WORKFLOW[True]  # YAML reads the key "on" as true
    assert next(step for step in steps if step.get("id") == "sources")["continue-on-error"] is True


@pytest.fixture
def opened(tmp_path, browser):
    """Call it with a day: the words of two marks in a page with the script, and their month."""
    shutil.copy(ROOT / "coursekit/book/assets/due.js", tmp_path)
    name = next(name for name in tables.names() if due.month_of(name) != due.NEVER and not tables.is_stale(name))
    body = f"<div id='figure'>{due.figure_line([name])}</div><div id='table'>{due.table_line(name)}</div>"
    (tmp_path / "page.html").write_text(f"<!doctype html>{body}<script src='due.js'></script>", "utf-8")

    def look(day: date, scripts: bool = True):
        context = browser.new_context(java_script_enabled=scripts)
        tab = context.new_page()
        tab.clock.set_fixed_time(day.isoformat())
        tab.goto((tmp_path / "page.html").as_uri())
        words = [tab.locator(f"#{part}").inner_text() for part in ("figure", "table")]
        context.close()
        return words, due.month_of(name)

    return look


def test_an_old_copy_says_that_it_is_old(opened):
    (figure, table), month = opened(date.today())
    assert month in figure and "old" not in figure and table == ""
    (figure, table), month = opened(date(2099, 1, 15))
    assert month in figure and "this copy is old" in figure and "Stale" in table
    (figure, table), month = opened(date(2099, 1, 15), scripts=False)
    assert month in figure and "old" not in figure


@pytest.mark.browser
def test_the_catalogue_filters_by_the_readers_calendar(browser, site):
    """Built today, read in 2099: every table that ever grows stale is found under "stale"."""
    shown = {}
    for day in (date.today(), date(2099, 1, 15)):
        tab = browser.new_page()
        tab.clock.set_fixed_time(day.isoformat())
        tab.goto(f"{site}chapters/reference/catalogue.html?next-release=stale")
        shown[day.year] = tab.evaluate(
            "[...document.querySelectorAll('.course-cards tbody tr')].filter(row => row.checkVisibility()"
            " && row.querySelector('[data-name=\"Next release\"]')).map(row => row.cells[0].textContent.trim())"
        )
        tab.close()
    ever = [name for name in tables.names() if due.month_of(name) != due.NEVER]
    assert sorted(shown[2099]) == sorted(ever)
    assert sorted(shown[date.today().year]) == sorted(name for name in ever if tables.is_stale(name))
