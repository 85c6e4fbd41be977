"""Checks of the whole data folder: the Frictionless standard, published figures, staleness, the generated package."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from coursekit import tables
from coursekit.data import expressions, manifest, rules
from coursekit.data.archive.descriptor import portable
from coursekit.progress import Progress

PACKAGE = "datapackage.yaml"
GAP = "FILL IN"  # what ``course new`` writes where the author must


def package_text() -> str:
    """The data package: all manifests inline, as Frictionless wants them."""
    head = {
        "name": "course-data",
        "title": "Tables of the course",
        "resources": [entry | {"schema": portable(entry["schema"])} for entry in map(tables.manifest, tables.names())],
    }
    return "# Generated from the manifests by 'course data catalogue'; edit those.\n" + yaml.safe_dump(
        head, sort_keys=False, allow_unicode=True, width=120
    )


def write_package() -> Path:
    """Write ``datapackage.yaml`` beside the tables and return its path."""
    manifest.require(tables.names())
    path = tables.data_dir() / PACKAGE
    path.write_text(package_text(), encoding="utf-8")
    return path


def problems(names: list[str] | None = None, progress: Progress = iter) -> list[str]:
    """All that is wrong with the tables, one sentence each; an empty list when all is well.

    Named tables are checked by columns (``rules``), which takes a second; all of them by the Frictionless standard.
    """
    looked = names or tables.names()
    if found := [line for name in looked for line in loads(name)]:
        return found
    return [*(rules.problems(names) if names else standard_problems()), *wrong_figures(progress(looked))]


def wrong_figures(names: Iterable[str] | None = None) -> list[str]:
    """Published figures that some tables do not reproduce; without names, that any table does not."""
    return [line for name in names or tables.names() for line in figure_problems(name)]


def unsound() -> list[str]:
    """What is wrong with the tables themselves, published figures left aside."""
    return [line for name in tables.names() for line in loads(name)] or standard_problems()


def tied(changed: Iterable[str]) -> list[str]:
    """The tables to look at when some changed: they, those that point at them, and all to which these point."""
    leads = {name: _references(name) for name in tables.names()}
    looked = {name for name in leads if name in changed or leads[name] & {*changed}}
    return sorted(looked | {other for name in looked for other in leads[name] if other in leads})


def _references(name: str) -> set[str]:
    keys = tables.manifest(name).get("schema", {}).get("foreignKeys", [])
    return {key["reference"]["resource"] or name for key in keys}


def loads(name: str) -> list[str]:
    """What keeps a table from being read: faults of its manifest, else the first cell that does not fit."""
    if found := unfilled(name) or manifest.faults(name):
        return found
    try:
        tables.load(name)
    except tables.TableError as error:
        return [str(error)]
    return []


def unfilled(name: str) -> list[str]:
    """The first gap of a template that is still open in each of a table's two files."""
    found = []
    for file in (tables.data_dir() / part for part in expressions.files_of(name)):
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        if gap := next((number for number, line in enumerate(lines, 1) if GAP in line), 0):
            found.append(f"{file.name}, line {gap}: '{GAP}' stands where your own words or figures belong; fill it in.")
    return found


def standard_problems(names: list[str] | None = None) -> list[str]:
    """What Frictionless' own validator says of the tables: types, constraints, primary and foreign keys.

    ``names`` must hold each table to which a foreign key of one of them leads; without it all tables are checked.
    """
    from frictionless import Package, system  # half a second: only when there is something to check

    with system.use_context(trusted=True):
        package = Package.from_descriptor(
            {"name": "course-data", "resources": [tables.manifest(n) for n in names or tables.names()]},
            basepath=str(tables.data_dir()),
        )
        report = package.validate()
    return [sentence(task.place, error) for task in report.tasks for error in task.errors] + [
        e.message for e in report.errors
    ]


def sentence(place: str, error) -> str:
    where = f", row {error.row_number}" if getattr(error, "row_number", None) else ""
    column = f", column '{error.field_name}'" if getattr(error, "field_name", None) else ""
    return f"{Path(place).name}{where}{column}: {error.message}"


def figure_problems(name: str) -> list[str]:
    """Published figures that the table does not reproduce."""
    found = []
    for check in tables.manifest(name).get("checks", []):
        try:
            value = expressions.value(check["expression"], name)
        except (
            Exception
        ) as error:  # the expression is the course's own text: whatever it raises is a fault of the manifest
            found.append(
                f"{name}: check '{check['what']}' failed to run ({type(error).__name__}: {error}); mend its expression."
            )
            continue
        if not abs(float(value) - float(check["expected"])) <= float(check["tolerance"]):
            found.append(
                f"{name}: check '{check['what']}' gives {value}, published is {check['expected']} "
                f"(tolerance {check['tolerance']}, source {check.get('source_id', 'the table itself')}); "
                "find the row that is wrong."
            )
    return found


def stale(names: list[str] | None = None) -> list[str]:
    """Names of tables for which a newer release was expected by now."""
    return [name for name in names or tables.names() if not manifest.faults(name) and tables.is_stale(name)]
