"""The keys of a manifest: a fault is one sentence with file and place, and no typo switches a check off."""

import copy
import json
import re

import pytest
import yaml
from click.testing import CliRunner
from conftest import ROOT

from coursekit import tables
from coursekit.cli.main import main
from coursekit.data import check, manifest

MODEL = "isaf"  # a small table; it stands for any


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Call it with a change of a good manifest: the folder of tables then holds it beside what its keys point at."""

    def make(change):
        for name in {MODEL, "sources", "countries"}:
            (tmp_path / f"{name}.csv").write_bytes((ROOT / "data" / f"{name}.csv").read_bytes())
            entry = copy.deepcopy(tables.manifest(name))
            change(entry) if name == MODEL else entry.update(checks=entry["checks"][:1])
            (tmp_path / f"{name}.resource.yaml").write_text(yaml.safe_dump(entry, sort_keys=False), "utf-8")
        monkeypatch.setenv("COURSE_DATA", str(tmp_path))
        return tmp_path

    yield make


def drop(*path):
    def change(entry):
        for step in path[:-1]:
            entry = entry[step]
        del entry[path[-1]]

    return change


def put(*path):
    """Set the value at the end of a path: put("checks", 0, "expected", "many")."""

    def change(entry):
        for step in path[:-2]:
            entry = entry[step]
        entry[path[-2]] = path[-1]

    return change


def rename(key, new, *path):
    def change(entry):
        for step in path:
            entry = entry[step]
        entry[new] = entry.pop(key)

    return change


FAULTS = [
    (rename("checks", "check"), r"yaml: unknown key 'check'; did you mean 'checks'\?"),
    (
        rename("expected", "expectd", "checks", 2),
        r", checks, entry 3: unknown key 'expectd'; did you mean 'expected'\?",
    ),
    (put("zebra", 1), r"isaf\.resource\.yaml: unknown key 'zebra'; known keys: name, type, "),
    (drop("checks"), r"isaf\.resource\.yaml: the key 'checks' is missing: published figures that the table must"),
    (drop("next_release_expected"), r": the key 'next_release_expected' is missing: month YYYY-MM"),
    (drop("schema", "foreignKeys"), r", schema: the key 'foreignKeys' is missing: columns whose values"),
    (drop("schema", "fields", 0, "description"), r", schema, fields, entry 1 \('mission'\): the key 'description' is"),
    (
        put("schema", "fields", 1, "constraints", "requird", True),
        r"fields, entry 2 \('as_of'\), constraints: unknown key",
    ),
    (put("checks", []), r", checks: must not be empty\. It holds published figures"),
    (put("checks", 0, "expected", "many"), r", checks, entry 1, expected: must be a number, not 'many'\."),
    (
        put("checks", None),
        r", checks: must be a list, not empty\.",
    ),
    (
        put("next_release_expected", "soon"),
        r", next_release_expected: 'soon' is not written as it must be\. It holds month",
    ),
    (
        put("schema", "fields", 0, "type", "text"),
        r"entry 1 \('mission'\), type: must be string, integer, .*, not 'text'\.",
    ),
    (put("name", "isaff"), r", name: the file is called after 'isaf', not 'isaff'"),
    (put("path", "other.csv"), r", path: the data file must be isaf\.csv, not other\.csv"),
    (put("refresh", {"format": "csv", "reader": "ip4.refresh"}), r", refresh, reader: 'ip4\.refresh' is not written"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=[said[:40] for _, said in FAULTS])
def test_a_fault_is_one_sentence_with_file_and_place(folder, change, said):
    folder(change)
    found = check.problems([MODEL])
    assert len(found) == 1 and found[0].startswith("isaf.resource.yaml"), found
    assert re.search(said, found[0]), found[0]
    assert "\n" not in found[0] and found[0].endswith((".", "?")) and "Traceback" not in found[0]


def test_a_date_without_quotes_is_said_to_need_them(folder):
    place = folder(lambda entry: None) / "isaf.resource.yaml"
    place.write_text(re.sub(r"(?m)^retrieved: .*$", "retrieved: 2026-11-23", place.read_text("utf-8")), "utf-8")
    assert check.problems([MODEL]) == [
        "isaf.resource.yaml, retrieved: must be text, not 2026-11-23 (put it in quotes). "
        "It holds day on which the source was read, YYYY-MM-DD."
    ]


@pytest.mark.parametrize(
    "change", [rename("checks", "check"), drop("next_release_expected")], ids=["checks", "release"]
)
def test_the_command_says_it_and_fails(folder, change):
    folder(change)
    done = CliRunner().invoke(main, ["data", "check"])
    assert done.exit_code == 1 and "isaf.resource.yaml: " in done.output and "Traceback" not in done.output
    assert not isinstance(done.exception, KeyError)


def test_the_catalogue_is_not_written_from_a_broken_manifest(folder):
    place = folder(drop("vintage"))
    with pytest.raises(manifest.ManifestError, match="isaf.resource.yaml: the key 'vintage' is missing"):
        check.write_package()
    assert not (place / check.PACKAGE).exists()


@pytest.mark.parametrize("content", ["- a\n- b\n", "just words\n", ""])
def test_a_manifest_that_is_no_mapping(folder, content):
    (folder(lambda entry: None) / "isaf.resource.yaml").write_text(content, "utf-8")
    assert "isaf.resource.yaml: must be keys and values, not " in manifest.faults(MODEL)[0]


@pytest.mark.parametrize("name", tables.names())
def test_every_manifest_of_the_course_obeys(name):
    assert manifest.faults(name) == []


def test_all_faults_of_all_tables_are_told_at_once(folder):
    place = folder(rename("checks", "check"))
    other = place / "sources.resource.yaml"
    other.write_text(other.read_text("utf-8").replace("vintage:", "vintag:"), "utf-8")
    assert sorted(line.split(":")[0] for line in check.problems()) == ["isaf.resource.yaml", "sources.resource.yaml"]


def test_every_key_is_described_and_no_place_takes_unknown_ones():
    assert all(text for _, text, _ in manifest.keys())
    names = [name for name, _, _ in manifest.keys()]
    assert {"checks[].expected", "schema.fields[].constraints.enum", "refresh.reader"} <= set(names)

    def objects(part):
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            for inner in part.values():
                yield from objects(inner)

    open_ones = [part for part in objects(manifest.schema()) if part.get("additionalProperties") is not False]
    assert [part["description"] for part in open_ones] == ["further arguments of the reader"]


def test_every_key_the_course_uses_is_a_key_it_documents():
    """No rule of the schema is idle: each described key stands in some manifest."""

    def used(entry, above=""):
        for key, value in entry.items() if isinstance(entry, dict) else ():
            yield f"{above}{key}"
            yield from used(value, f"{above}{key}.")
            for item in value if isinstance(value, list) else ():
                yield from used(item, f"{above}{key}[].")

    everywhere = {key for name in tables.names() for key in used(tables.manifest(name))}
    assert {name for name, _, _ in manifest.keys()} <= everywhere


def test_the_guide_prints_the_keys():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert manifest.documentation() in guide, "put the output of 'course data keys' into CONTRIBUTING.md"


def test_the_schema_is_a_schema():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(manifest.SCHEMA.read_text(encoding="utf-8")))
