"""The archive alone is enough: Frictionless, DuckDB, pandas and sqlite3 open it, and its keys hold in each."""

import csv
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from conftest import ROOT
from jsonschema import Draft7Validator

from coursekit import tables
from coursekit.data.archive import bundle, contents, descriptor, report, typed

INSIDE = contents.inside()


@pytest.fixture(scope="module")
def zipped(tmp_path_factory) -> Path:
    return bundle.write(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def folder(zipped, tmp_path_factory) -> Path:
    """The archive unpacked somewhere else: nothing of the course is beside it."""
    place = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(zipped) as archive:
        assert archive.testzip() is None
        archive.extractall(place)
    return place


@pytest.fixture(scope="module")
def package(folder) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_the_same_data_give_the_same_bytes(zipped, tmp_path):
    assert bundle.write(tmp_path).read_bytes() == zipped.read_bytes()


def test_an_archive_of_the_same_content_is_left_alone_and_of_another_made_again(zipped, monkeypatch):
    monkeypatch.setattr(bundle, "members", lambda *_: pytest.fail("made again without need"))
    assert bundle.write(zipped.parent) == zipped
    monkeypatch.setattr(bundle, "content_key", lambda: "another")
    with pytest.raises(pytest.fail.Exception):
        bundle.write(zipped.parent)
    monkeypatch.undo()
    bundle.write(zipped.parent)


def test_the_key_follows_tables_settings_and_terms(monkeypatch):
    before = bundle.content_key()
    real = bundle.Inputs.now
    for part in ("accession.csv", "sipri_spending.resource.yaml", "course.yaml", "CITATION.cff", "LICENSE-DATA.md"):
        with monkeypatch.context() as patch:
            patch.setattr(bundle.Inputs, "now", lambda self, fact, part=part: real(self, fact) + "x" * (part in fact))
            assert bundle.content_key() != before, part


# --- Frictionless ---------------------------------------------------------------------------------------------------


def test_frictionless_says_valid(folder):
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
    assert len(report.tasks) == len(INSIDE)


def test_frictionless_publishes_it_as_it_is(folder, tmp_path):
    from frictionless import Package

    Package(str(folder / "datapackage.json")).publish(f"sqlite:///{tmp_path / 'published.db'}")
    with sqlite3.connect(tmp_path / "published.db") as base:
        counts = {name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in INSIDE}
    assert counts == {name: len(tables.load(name)) for name in INSIDE}


def test_bounds_of_dates_are_told_in_words():
    """Frictionless writes them into SQL without quotes, where 2026-12-31 means 1983."""
    entries = yaml.safe_load((ROOT / "data" / "datapackage.yaml").read_text(encoding="utf-8"))["resources"]
    dates = [field for entry in entries for field in entry["schema"]["fields"] if field["type"] == "date"]
    assert dates and not [f for f in dates if set(descriptor.BOUNDS) & set(f.get("constraints", {}))]
    assert any("2026-12-31" in field["description"] for field in dates), "the bound is told in words"


def test_no_column_with_gaps_has_a_pattern_in_the_package():
    """Frictionless' pattern in SQLite fails on an empty cell."""
    entries = yaml.safe_load((ROOT / "data" / "datapackage.yaml").read_text(encoding="utf-8"))["resources"]
    rules = [field.get("constraints", {}) for entry in entries for field in entry["schema"]["fields"]]
    assert any("pattern" in rule for rule in rules) and all(r.get("required") for r in rules if "pattern" in r)


def test_the_package_says_all_that_a_library_asks(package, folder):
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", package["id"]) and package["version"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", package["created"])
    assert package["contributors"] and package["licenses"] and package["sources"] and package["keywords"]
    for entry in package["resources"]:
        content = (folder / entry["path"]).read_bytes()
        assert entry["bytes"] == len(content) and entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert content == (ROOT / "data" / f"{entry['name']}.csv").read_bytes()
        assert entry["licenses"] and entry["sources"] and entry["vintage"]


def test_another_content_is_another_id():
    assert descriptor.identity(["a"]) != descriptor.identity(["b"])


# --- SQLite ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def base(folder):
    found = sqlite3.connect(folder / "tables.sqlite")
    yield found
    found.close()


def test_keys_hold_in_sqlite_and_are_those_of_the_manifests(base):
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    for name in INSIDE:
        keys = len({row[0] for row in base.execute(f'PRAGMA foreign_key_list("{name}")')})
        assert keys == len(contents.foreign_keys(name, INSIDE)), name
    base.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        base.execute("UPDATE pledges SET source_id = 'nowhere'")


def test_a_key_that_leads_nowhere_is_refused():
    loose = sqlite3.connect(":memory:")
    loose.execute("CREATE TABLE ports (port TEXT PRIMARY KEY)")
    loose.execute("CREATE TABLE fish (port TEXT, FOREIGN KEY (port) REFERENCES ports (port))")
    loose.execute("INSERT INTO fish VALUES ('A')")
    with pytest.raises(contents.ArchiveError, match=r"fish\.csv, row 2: a key leads to no row of 'ports'"):
        typed.refuse_loose_keys(loose)


@pytest.mark.parametrize("name", INSIDE)
def test_sqlite_holds_each_value_with_its_type(base, name):
    found = [list(row) for row in base.execute(f'SELECT * FROM "{name}"')]
    assert found == contents.rows(name)
    kinds = {"integer": int, "number": (int, float), "boolean": int}
    for place, field in enumerate(contents.fields(name)):
        values = [row[place] for row in found if row[place] is not None]
        assert all(isinstance(value, kinds.get(field["type"], str)) for value in values), field["name"]


def test_sqlite_says_what_its_columns_are(base):
    said = base.execute("SELECT table_name, name, description FROM variables").fetchall()
    assert len(said) == sum(len(contents.fields(name)) for name in INSIDE) and all(row[2] for row in said)


# --- DuckDB ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INSIDE)
def test_duckdb_reads_the_types_and_finds_no_broken_key(folder, name):
    import duckdb

    def place(table):
        return f"'{folder}/parquet/{table}.parquet'"

    with duckdb.connect() as base:
        kinds = {row[0]: row[1] for row in base.execute(f"DESCRIBE FROM {place(name)}").fetchall()}
        assert kinds == {f["name"]: typed.DUCKDB.get(f["type"], "VARCHAR") for f in contents.fields(name)}
        for key in contents.foreign_keys(name, INSIDE):
            to = key["reference"]
            joined = " AND ".join(f'a."{m}" = b."{t}"' for m, t in zip(key["fields"], to["fields"], strict=True))
            filled = " AND ".join(f'a."{m}" IS NOT NULL' for m in key["fields"])
            loose = f"FROM {place(name)} a ANTI JOIN {place(to['resource'] or name)} b ON {joined} WHERE {filled}"
            assert base.execute(f"SELECT count(*) {loose}").fetchone() == (0,)


# --- pandas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INSIDE)
def test_pandas_reads_whole_numbers_as_whole_numbers(folder, name):
    frame = pd.read_parquet(folder / "parquet" / f"{name}.parquet")
    assert len(frame) == len(tables.load(name))
    for field in contents.fields(name):
        wanted = {"integer": "Int64", "number": "float64", "boolean": "boolean"}.get(field["type"])
        assert wanted is None or str(frame[field["name"]].dtype) == wanted, field["name"]


@pytest.mark.parametrize("name", INSIDE)
def test_the_reader_of_the_readme_gives_each_column_its_type(folder, monkeypatch, name, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(folder)
    scope = {}
    exec(code, scope)
    frame, real = scope["read"](name), tables.load(name)
    for field in contents.fields(name):
        wanted = {"integer": "i", "number": "f", "boolean": "b", "date": "M"}.get(field["type"])
        assert wanted is None or frame[field["name"]].dtype.kind == wanted, field["name"]
        assert frame[field["name"]].isna().tolist() == real[field["name"]].isna().tolist()
    assert frame.notna().sum().sum() and capsys.readouterr().out


# --- what is in, what is out ----------------------------------------------------------------------------------------


def test_only_tables_that_may_be_passed_on_are_in_and_the_others_are_named_with_the_reason(folder):
    reasons = tables.setting("archive")["licences"]
    for name in INSIDE:
        assert {reasons[entry["name"]] for entry in tables.manifest(name)["licenses"]} == {"open"}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    left = {entry["name"]: why for entry, why in contents.outside()}
    assert set(left) | set(INSIDE) == set(tables.names()) and not set(left) & set(INSIDE) and left
    for name, why in left.items():
        assert re.search(rf"^- `{name}` .*: {re.escape(why)}\.$", readme, re.M), name
        assert not list(folder.rglob(f"{name}.*"))


def test_a_licence_that_nobody_judged_is_refused(monkeypatch):
    entry = tables.manifest("pledges") | {"licenses": [{"name": "other-new", "title": "New terms"}]}
    monkeypatch.setattr(tables, "manifest", lambda name: entry)
    with pytest.raises(contents.ArchiveError, match="pledges.resource.yaml.*'other-new' may be passed on; add it"):
        contents.closed("pledges")


def test_no_key_of_an_archived_table_leads_out_of_the_archive():
    lost = {
        name: keys
        for name in INSIDE
        if (keys := len(tables.manifest(name)["schema"]["foreignKeys"]) - len(contents.foreign_keys(name, INSIDE)))
    }
    assert not lost


@pytest.mark.parametrize("name", INSIDE)
def test_the_codebook_has_every_variable_with_its_unit(folder, name):
    from lxml import html

    page = html.fromstring((folder / "codebook.html").read_text(encoding="utf-8"))
    (box,) = page.xpath(f"//div[@aria-label='Variables of {name}']")
    rows = [[cell.text_content() for cell in row] for row in box.xpath(".//tbody/tr")]
    assert [row[:3] for row in rows] == [[f["name"], f["type"], f.get("unit", "none")] for f in contents.fields(name)]
    assert not page.xpath("//script | //link | //img")


def test_the_report_has_each_check_with_copy_cells_and_difference(folder):
    rows = list(csv.DictReader(io.StringIO((folder / "checks.csv").read_text(encoding="utf-8"))))
    assert list(rows[0]) == report.COLUMNS
    assert len(rows) == sum(len(tables.manifest(name)["checks"]) for name in tables.names())
    for row in rows:
        assert abs(float(row["difference"])) <= float(row["tolerance"]) + 1e-9, row
        assert int(row["cells_compared"]) >= 1
        named = row["source_id"] and tables.source(row["source_id"]).publisher in row["copy_used"]
        assert named or row["copy_used"] == report.ITSELF
    assert any(int(row["cells_compared"]) > 1 for row in rows)


# --- metadata -------------------------------------------------------------------------------------------------------


def test_datacite_accepts_its_metadata(folder):
    from datacite import schema45

    entry = json.loads((folder / "datacite.json").read_text(encoding="utf-8"))
    assert schema45.validator.is_valid(entry), list(schema45.validator.iter_errors(entry))[:3]
    broken = {key: value for key, value in entry.items() if key != "creators"}
    assert not schema45.validator.is_valid(broken)
    assert entry["types"]["resourceTypeGeneral"] == "Dataset"


def test_a_person_is_a_person_for_datacite():
    from coursekit.data.archive.datacite import creator

    assert creator({"given-names": "Ada", "family-names": "King"})["nameType"] == "Personal"


def test_the_citation_file_is_valid_and_says_dataset_and_text():
    schema = json.loads((ROOT / "tests" / "vocabularies" / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    entry = contents.citation()
    assert [error.message for error in Draft7Validator(schema).iter_errors(entry)] == []
    assert entry["type"] == "dataset" and "book" in {reference["type"] for reference in entry["references"]}
    assert entry["date-released"] >= contents.created(INSIDE), "the version is younger than its youngest source"
