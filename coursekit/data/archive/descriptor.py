"""``datapackage.json``: what the archive holds, for programs. Opens and publishes with Frictionless as it is."""

from __future__ import annotations

import copy
import hashlib
import json
import uuid

from coursekit import tables
from coursekit.data.archive import contents

KEPT = ("name", "type", "format", "mediatype", "encoding", "title", "description", "licenses", "sources")
FACTS = ("vintage", "retrieved", "class", "short_source", "caveats", "next_release_expected")
BOUNDS = ("minimum", "maximum")


def descriptor(names: list[str], folder: str = "data/") -> dict:
    """The data package of the tables ``names``, whose files lie in ``folder`` beside it (with a slash, or '')."""
    about = contents.citation()
    resources = [resource(name, names, folder) for name in names]
    return {
        "name": contents.settings()["name"],
        "id": identity([entry["hash"] for entry in resources]),
        "title": about["title"],
        "description": about["abstract"],
        "version": str(about["version"]),
        "created": f"{contents.created(names)}T00:00:00Z",
        "keywords": about["keywords"],
        "contributors": [{"title": name, "role": "author"} for name in contents.authors()],
        "licenses": distinct(entry for name in names for entry in tables.manifest(name)["licenses"]),
        "sources": distinct(entry for name in names for entry in tables.manifest(name)["sources"]),
        "resources": resources,
    }


def identity(hashes: list[str]) -> str:
    """A name for exactly these files: another content has another one."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, ' '.join(hashes))}"


def distinct(entries) -> list[dict]:
    """The entries without those that come again, in their order."""
    return list({json.dumps(entry, sort_keys=True): entry for entry in entries}.values())


def resource(name: str, among: list[str], folder: str) -> dict:
    """One table in the package: bytes, sha256, columns, keys that lead to a table ``among`` those of the package."""
    entry, content = tables.manifest(name), contents.file_of(name).read_bytes()
    schema = portable(entry["schema"]) | {"foreignKeys": contents.foreign_keys(name, among)}
    return {
        **{key: entry[key] for key in KEPT},
        "path": f"{folder}{entry['path']}",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": len(tables.load(name)),
        **{key: entry[key] for key in FACTS},
        "schema": schema,
    }


def portable(schema: dict) -> dict:
    """A schema that can be published to SQL as well: two rules go from the constraints to the description.

    Frictionless writes a date's bound into SQL without quotes, where 2026-12-31 means 1983, and no row fits. Its
    pattern in SQLite fails on an empty cell. The course checks both by the manifests, so the tables keep them.
    """
    schema = copy.deepcopy(schema)
    for field in schema["fields"]:
        rules = field.get("constraints", {})
        said = [*_bounds(field["type"], rules), *_pattern(rules)]
        field["description"] += f" ({'; '.join(said)})" if said else ""
    return schema


def _bounds(kind: str, rules: dict) -> list[str]:
    found = [str(rules.pop(key)) for key in BOUNDS if kind == "date" and key in rules]
    return [f"within {' to '.join(found)}"] if found else []


def _pattern(rules: dict) -> list[str]:
    return [f"pattern {rules.pop('pattern')}"] if "pattern" in rules and not rules.get("required") else []
