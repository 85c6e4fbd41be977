"""Tables load with their types, and a broken file is refused with one sentence that says where."""

from datetime import date

import pandas as pd
import pytest
import yaml
from conftest import ROOT

from coursekit import tables
from coursekit.data import check as datacheck

NAMES = tables.names()


@pytest.mark.parametrize("name", NAMES)
def test_loads_with_declared_types(name):
    frame = tables.load(name)
    assert len(frame)
    for field in tables.manifest(name)["schema"]["fields"]:
        kind = {"number": "f", "integer": "i", "boolean": "b", "date": "M"}.get(field["type"])
        assert kind is None or frame[field["name"]].dtype.kind == kind


@pytest.mark.parametrize("name", NAMES)
def test_published_figures_are_reproduced(name):
    assert datacheck.figure_problems(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_manifest_says_what_a_reader_needs(name):
    entry = tables.manifest(name)
    for key in (
        "title",
        "description",
        "vintage",
        "retrieved",
        "class",
        "short_source",
        "caveats",
        "licenses",
        "sources",
        "next_release_expected",
    ):
        assert entry.get(key), f"{name}: {key} is empty"
    assert entry["name"] == name and entry["path"] == f"{name}.csv"
    assert entry["class"] in {"compiled", "computed", "transcribed"}
    assert all(field.get("description") for field in entry["schema"]["fields"]), f"{name}: a column has no description"
    assert entry["schema"].get("primaryKey"), f"{name}: no primary key"


# What points at sources, or is our own reading and arithmetic: every other table, each new one too,
# names a source on every row.
WITHOUT_SOURCE = {
    "sources",
    "source_hosts",
    "bibliography",
    "claims",
    "claim_links",
    "claim_numbers",
    "claim_revisions",
    "claim_verdicts",
    "claim_words",
    "claim_assumptions",
    "capital_advice",
}


@pytest.mark.parametrize("name", [n for n in NAMES if n not in WITHOUT_SOURCE])
def test_every_row_names_its_source(name):
    """One known source on each row; where a work of the bibliography may stand in its place, exactly one of the two."""
    frame = tables.load(name)
    keys = {
        tuple(key["fields"]): key["reference"]["resource"] for key in tables.manifest(name)["schema"]["foreignKeys"]
    }
    assert keys.get(("source_id",)) == "sources"
    named = frame.source_id.notna()
    if keys.get(("reference",)) == "bibliography":
        named = named ^ frame.reference.notna()
    assert named.all(), f"{name}: rows without a source: {list(frame.index[~named])[:5]}"


@pytest.mark.slow
def test_frictionless_own_validator_passes():
    assert datacheck.standard_problems() == []


def test_package_file_is_current():
    assert (ROOT / "data" / datacheck.PACKAGE).read_text(encoding="utf-8") == datacheck.package_text(), (
        "run 'course data catalogue'"
    )


def test_data_folder_is_small():
    assert sum(p.stat().st_size for p in (ROOT / "data").iterdir()) < 8_000_000


def test_every_file_is_a_table_or_its_manifest():
    known = {f"{n}.csv" for n in NAMES} | {f"{n}{tables.SUFFIX}" for n in NAMES} | {datacheck.PACKAGE, "course.yaml"}
    assert {p.name for p in (ROOT / "data").iterdir() if p.is_file()} == known


def test_unknown_table_names_the_nearest():
    with pytest.raises(tables.TableError, match="Did you mean 'nato_spending'"):
        tables.load("nato_spendin")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder of one small table."""
    manifest = {
        "name": "fish",
        "path": "fish.csv",
        "title": "Fish",
        "vintage": "2026",
        "short_source": "Sea",
        "next_release_expected": "2026-05",
        "schema": {
            "fields": [
                {"name": "port", "type": "string", "constraints": {"required": True, "enum": ["A", "B"]}},
                {"name": "year", "type": "integer"},
                {"name": "tonnes", "type": "number"},
                {"name": "closed", "type": "boolean"},
                {"name": "day", "type": "date"},
            ]
        },
    }
    (tmp_path / "fish.resource.yaml").write_text(yaml.safe_dump(manifest))
    (tmp_path / "fish.csv").write_text("port,year,tonnes,closed,day\nA,2020,1.5,true,2020-01-31\nB,2021,,false,\n")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return tmp_path


def test_missing_cells_stay_missing(folder):
    frame = tables.load("fish")
    assert pd.isna(frame.tonnes[1]) and pd.isna(frame.day[1]) and frame.year.tolist() == [2020, 2021]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A,2020", "A,soon", r"fish\.csv, row 2, column 'year': 'soon' is not of type integer"),
        ("A,2020", "A,2020.5", r"row 2, column 'year': '2020.5' is not of type integer"),
        ("1.5", "much", r"row 2, column 'tonnes': 'much' is not of type number"),
        ("false", "perhaps", r"row 3, column 'closed': 'perhaps' is not of type boolean"),
        ("2020-01-31", "31.1.2020", r"row 2, column 'day': '31.1.2020' is not of type date"),
        ("B,2021", ",2021", r"row 3, column 'port': the cell is empty but required"),
        ("B,2021", "C,2021", r"row 3, column 'port': 'C' is not one of A, B"),
        ("tonnes", "tons", r"header: column 'tonnes' of the manifest is missing"),
        ("port,year", "port,more,year", r"header: column 'more' is not in the manifest"),
    ],
)
def test_broken_file_says_where(folder, old, new, said):
    path = folder / "fish.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(tables.TableError, match=said):
        tables.load("fish")


def test_missing_file_and_bad_manifest_are_named(folder):
    (folder / "fish.csv").unlink()
    with pytest.raises(tables.TableError, match="fish.csv: the data file of table 'fish' is missing"):
        tables.load("fish")
    (folder / "bad.resource.yaml").write_text("name: [")
    with pytest.raises(tables.TableError, match="bad.resource.yaml, line 2: not valid YAML"):
        tables.manifest("bad")


def test_a_published_figure_that_is_missed_is_reported(folder):
    path = folder / "fish.resource.yaml"
    entry = yaml.safe_load(path.read_text())
    entry["checks"] = [
        {"what": "all tonnes", "expression": "t.tonnes.sum()", "expected": 2, "tolerance": 0.1, "source_id": "S"}
    ]
    (folder / "fish2.resource.yaml").write_text(yaml.safe_dump(entry | {"name": "fish2"}))
    assert "all tonnes' gives 1.5, published is 2" in datacheck.figure_problems("fish2")[0]


def test_staleness_follows_the_calendar(folder):
    assert tables.is_stale("fish", date(2026, 5, 1)) and not tables.is_stale("fish", date(2026, 4, 30))


def test_outside_a_course_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "a" / "tables.py"))
    with pytest.raises(tables.TableError, match="COURSE_DATA"):
        tables.data_dir()


def test_reader_side_needs_only_pandas_and_yaml():
    """Importing the loader brings in no build-time package."""
    import subprocess
    import sys

    code = (
        "import sys, coursekit.tables as t; t.load('countries');"
        "bad={'sphinx','frictionless','altair','vl_convert','jupytext','IPython'}&set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
