"""One table is checked by columns, all tables by Frictionless: both find the same damage, and the first quickly."""

import re
import resource
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from conftest import ROOT
from test_refresh import forget

from coursekit import tables
from coursekit.data import check, rules

MOST_SECONDS = 2.0  # of the processor, as the course promises; half as much again where other tests run beside it


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the data folder."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("editions"))
    monkeypatch.setenv("COURSE_DATA", str(data))
    forget()
    yield data
    forget()


def damaged(data, name, column, value, row=3):
    text = pd.read_csv(data / f"{name}.csv", dtype=str, keep_default_na=False)
    text.loc[row, column] = text.loc[row - 1, column] if value == "above" else value
    text.to_csv(data / f"{name}.csv", index=False)
    forget()


def test_sound_tables_have_no_fault():
    assert rules.problems(tables.names()) == []


@pytest.mark.parametrize(
    ("name", "column", "value", "words"),
    [
        ("sipri_spending", "iso3", "QQQ", "is not in the table countries"),
        ("sipri_spending", "iso3", "Albania", "breaks the rule pattern"),
        ("sipri_spending", "year", "1900", "breaks the rule minimum"),
        ("sipri_spending", "share_gdp_pct", "77", "breaks the rule maximum"),
        ("sipri_spending", "year", "above", "stands in an earlier row too"),
        ("sipri_spending", "source_id", "NOBODY", "is not in the table sources"),
    ],
)
def test_both_checks_find_the_damage(folder, name, column, value, words):
    damaged(folder, name, column, value)
    quick = rules.problems([name])
    assert any(words in line and f"{name}.csv, row 5" in line for line in quick), quick
    thorough = check.standard_problems(check.tied([name]))
    assert any(re.search(r"row(?: number| at position)? ?\"?5", line) or "row 5" in line for line in thorough), thorough


def test_a_key_from_another_table_is_looked_at_too(folder):
    text = pd.read_csv(folder / "countries.csv", dtype=str, keep_default_na=False)
    text[text.iso3 != "TLS"].to_csv(folder / "countries.csv", index=False)
    forget()
    assert any(line.startswith("sipri_spending.csv") and "'TLS'" in line for line in rules.problems(["countries"]))


@pytest.mark.parametrize("name", ["sipri_spending", "un_votes"])
def test_one_table_is_checked_in_two_seconds(name):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "coursekit.cli.main", "data", "check", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert f"Table {name} checked" in done.stdout
    assert after.ru_utime - before.ru_utime <= 1.5 * MOST_SECONDS
