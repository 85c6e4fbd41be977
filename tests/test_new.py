"""``course new``: what it begins is refused by name until it is complete, and a filled table passes."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT

from coursekit.cli.new import FILES, NewError, begin, example
from coursekit.data.check import GAP

CONTENT = [
    path
    for folder in ("chapters", "exercises", "data")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".md", ".yml", ".yaml", ".csv"} and ".ipynb_checkpoints" not in path.parts
]


@pytest.mark.parametrize("path", CONTENT, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_gap_of_a_template_is_left(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    left = [number for number, line in enumerate(lines, 1) if GAP in line]
    assert not left, f"{path.relative_to(ROOT)}: lines {left} still say '{GAP}'; write what belongs there."


@pytest.fixture
def copy(tmp_path):
    """A copy of the course's content to write into."""
    for folder in ("data", "chapters", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("editions"))
    return tmp_path


def course(folder, *words) -> subprocess.CompletedProcess:
    env = {**os.environ, "COURSE_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "coursekit.cli.main", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_begins_with_gaps_and_is_not_begun_twice(copy, kind):
    run = course(copy, "new", kind, example(kind))
    assert run.returncode == 0, run.stderr
    paths = [copy / line for line in run.stdout.splitlines()[:-1]]
    assert paths and all(path.is_file() for path in paths)
    assert all(GAP in path.read_text(encoding="utf-8") for path in paths)
    assert all("@n" not in path.read_text(encoding="utf-8") for path in paths)
    again = course(copy, "new", kind, example(kind))
    assert again.returncode == 1 and "is there already" in again.stderr and "Traceback" not in again.stderr


@pytest.mark.parametrize("kind", FILES)
def test_a_name_that_does_not_fit_is_refused(copy, kind):
    with pytest.raises(NewError, match="is no name for a new"):
        begin(kind, "No Such/Name", copy)


def test_outside_a_course_it_says_so(tmp_path):
    with pytest.raises(NewError, match="holds no folder data"):
        begin("table", "port_calls", tmp_path)


def test_a_table_is_refused_until_it_is_filled_and_then_passes(copy):
    """The ten-minute way of CONTRIBUTING.md, followed."""
    course(copy, "new", "table", "port_calls")
    refused = course(copy, "data", "check", "port_calls")
    assert refused.returncode == 1 and f"'{GAP}' stands where" in refused.stderr and "Traceback" not in refused.stderr
    sources = (copy / "data" / "sources.csv").read_text(encoding="utf-8").splitlines()
    source = sources[1].split(",")[0]
    rows = ["iso3,year,value,source_id", f"AUS,2024,3,{source}", f"JPN,2024,4,{source}", ""]
    (copy / "data" / "port_calls.csv").write_text("\n".join(rows))
    path = copy / "data" / "port_calls.resource.yaml"
    text = re.sub(r'expression: ".*"', 'expression: "t.value.sum()"', path.read_text(encoding="utf-8"))
    text = text.replace("expected: 0", "expected: 8").replace(
        'path: "FILL IN: address of the terms"', 'path: "https://a.org"'
    )
    text = text.replace('path: "FILL IN: address"', 'path: "https://a.org"')
    text = text.replace("FILL IN: short name of the terms", "CC-BY-4.0")
    text = text.replace("FILL IN: date or edition of the figures", "2026-11-01")
    path.write_text(re.sub(r"FILL IN: ([^\"]*)", r"\1", text), encoding="utf-8")
    missed = course(copy, "data", "check", "port_calls")
    assert missed.returncode == 1 and "gives 7.0, published is 8" in missed.stderr
    path.write_text(path.read_text(encoding="utf-8").replace("expected: 8", "expected: 7"), encoding="utf-8")
    passed = course(copy, "data", "check", "port_calls")
    assert passed.returncode == 0, passed.stderr
    assert "port_calls checked" in passed.stdout
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "coursekit" / "data" / "manifest.schema.json").read_text(encoding="utf-8"))
    assert set(entry) == set(schema["required"]), "the template holds the keys that must be there, and no more"


def test_a_claim_is_refused_until_it_is_filled(copy):
    course(copy, "new", "claim", "C60")
    run = course(copy, "data", "check", "claims")
    assert run.returncode == 1 and run.stderr.startswith("claims.csv, line") and GAP in run.stderr


def test_an_exercise_is_refused_until_it_is_filled(copy):
    course(copy, "new", "exercise", "07-autonomy")
    run = course(copy, "exercise", "check", "07-autonomy")
    assert run.returncode == 1 and "Traceback" not in run.stderr, run.stderr


def test_a_chapter_is_refused_until_it_is_filled(copy):
    """The tests of content, which are parametrised over the chapters that exist, name what is missing."""
    for name in ("tests", "references.bib", "coursekit", "ip4", "pyproject.toml", "README.md"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copy / name)
    course(copy, "new", "chapter", "07-autonomy")
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_content.py", "tests/test_new.py"]
    env = {**os.environ, "COURSE_DATA": str(copy / "data"), "PYTHONPATH": str(copy)}
    run = subprocess.run(
        [*command, "-k", "07-autonomy and not begins"], cwd=copy, env=env, capture_output=True, text=True
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "chapters/07-autonomy.md: lines [" in run.stdout and "prose_is_short" not in run.stdout


def test_a_filled_exercise_is_ready(copy):
    """The template's own form is right: with a table named, only what the author must say is left to fill in."""
    course(copy, "new", "exercise", "07-autonomy")
    path = copy / "exercises" / "07-autonomy" / "exercise.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("FILL IN: name of a table", "pledges"), encoding="utf-8")
    run = course(copy, "exercise", "check", "07-autonomy")
    assert run.returncode == 0 and "is ready" in run.stdout, run.stdout + run.stderr
