"""The keys of a manifest: which there are, which must be there, and one sentence for each that is wrong.

``manifest.schema.json`` beside this file is the one list of keys; editors that know JSON Schema complete them from it,
CONTRIBUTING.md prints its descriptions, and ``course data check`` refuses a manifest that breaks it. Without this, a
misspelt ``checks`` would switch off every check of a table in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from coursekit import tables
from coursekit.errors import CourseKitError

SCHEMA = Path(__file__).with_name("manifest.schema.json")
KINDS = {"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}
KINDS |= {"array": "a list", "object": "keys and values"}


class ManifestError(CourseKitError):
    """A manifest breaks the schema. The message names file, place and fault."""


def schema() -> dict:
    """The JSON Schema of a manifest."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def faults(name: str) -> list[str]:
    """What is wrong with the keys of a table's manifest, one sentence each, with file and place; [] when nothing is."""
    try:
        entry = tables.manifest(name)
    except tables.TableError as error:
        return [str(error)]
    file = f"{name}{tables.SUFFIX}"
    return [sentence(file, entry, error) for error in _errors(entry)] or list(_misnamed(file, name, entry))


def require(names: list[str]) -> None:
    """Raises ManifestError with the first fault of these tables' manifests."""
    for name in names:
        for fault in faults(name):
            raise ManifestError(fault)


def sentence(file: str, entry: dict, error) -> str:
    """One sentence for one error of jsonschema."""
    where = ", ".join([file, *_place(entry, list(error.absolute_path))])
    say = {"additionalProperties": _unknown, "required": _missing}.get(error.validator, _wrong)
    return f"{where}: {say(error)}"


def keys() -> list[tuple[str, str, bool]]:
    """All keys as (dotted name, description, whether it must be there), in the order of the schema."""
    return list(_walk(schema(), ""))


def documentation() -> str:
    """The keys as a Markdown table, as CONTRIBUTING.md prints it."""
    rows = [f"| `{name}` | {'yes' if needed else ''} | {text} |" for name, text, needed in keys()]
    return "\n".join(["| key | must be there | what it holds |", "| --- | --- | --- |", *rows])


def _walk(part: dict, above: str) -> Iterator[tuple[str, str, bool]]:
    for key, rules in part.get("properties", {}).items():
        name = f"{above}{key}"
        yield name, rules.get("description", ""), key in part.get("required", [])
        yield from _walk(rules, f"{name}.")
        yield from _walk(rules.get("items", {}), f"{name}[].")


@cache
def _validator():
    from jsonschema import Draft202012Validator  # not on the reader's side, and slow to load

    return Draft202012Validator(schema())


def _errors(entry: object) -> list:
    """The errors in the order of the file; where a key is misspelt, that it is missing goes without saying."""
    found = [part for error in _validator().iter_errors(entry) for part in _single(error)]
    unknown = [(list(e.absolute_path), _near(e)) for e in found if e.validator == "additionalProperties"]
    told = [(path, key) for path, near in unknown for key in near]
    return [e for e in found if e.validator != "required" or (list(e.absolute_path), e.missing) not in told]


def _single(error) -> Iterator:
    """jsonschema reports all unknown keys of a place at once: one error for each, its key in ``key``."""
    if error.validator == "additionalProperties":
        for key in sorted(set(map(str, error.instance)) - set(error.schema["properties"])):
            copy = error.__class__.create_from(error)
            copy.key = key
            yield copy
        return
    if error.validator == "required":
        error.missing = next(key for key in error.validator_value if f"'{key}'" in error.message.split(" is ")[0])
    yield error


def _near(error) -> list[str]:
    absent = [key for key in error.schema["properties"] if key not in error.instance]
    return get_close_matches(error.key, absent, 1, cutoff=0.6)


def _place(entry: object, path: list) -> Iterator[str]:
    """The way to a place in words: keys, and entries of lists by number and, where they have one, by name."""
    for step in path:
        entry = entry[step]
        called = f" ('{entry['name']}')" if isinstance(entry, dict) and "name" in entry else ""
        yield f"entry {step + 1}{called}" if isinstance(step, int) else str(step)


def _unknown(error) -> str:
    near = _near(error)
    hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(error.schema['properties'])}."
    return f"unknown key '{error.key}'; {hint}"


def _missing(error) -> str:
    return f"the key '{error.missing}' is missing: {error.schema['properties'][error.missing]['description']}."


def _wrong(error) -> str:
    rules, found = error.schema, _shown(error.instance)
    holds = f" It holds {rules['description']}." if "description" in rules else ""
    said = {
        "type": lambda: f"must be {_kinds(error.validator_value)}, not {found}.",
        "enum": lambda: f"must be {', '.join(map(str, error.validator_value))}, not {found}.",
        "const": lambda: f"must be {error.validator_value}, not {found}.",
        "minItems": lambda: "must not be empty.",
        "minLength": lambda: f"is too short: {found}.",
        "pattern": lambda: f"{found} is not written as it must be.",
        "minimum": lambda: f"must be at least {error.validator_value}, not {found}.",
    }
    return said.get(error.validator, lambda: f"{error.message}.")() + holds


def _kinds(names: str | list[str]) -> str:
    return " or ".join(KINDS[name] for name in ([names] if isinstance(names, str) else names))


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    text = repr(value) if isinstance(value, str | int | float | bool) else str(value)
    quoted = "" if isinstance(value, str | int | float | bool | list | dict) else " (put it in quotes)"
    return (text if len(text) <= 60 else f"{text[:57]}...") + quoted


def _misnamed(file: str, name: str, entry: dict) -> Iterator[str]:
    """A manifest that speaks of another table than its file does."""
    if entry["name"] != name:
        yield f"{file}, name: the file is called after '{name}', not '{entry['name']}'; make them the same."
    if entry["path"] != f"{name}.csv":
        yield f"{file}, path: the data file must be {name}.csv, not {entry['path']}."
