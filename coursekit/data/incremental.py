"""Check only what has changed since the tables were last found good: a file beside the built book remembers.

A table is checked again when one of its two files or one of the rules has changed, and with it each table that is tied
to it by a foreign key. Its published figures are computed again when a table or a measure behind them has changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from coursekit import files, tables
from coursekit.beside import Tell, tell_parent
from coursekit.data import check, expressions, manifest
from coursekit.data.archive import bundle
from coursekit.data.inputs import Inputs, digest

NAME = "checked.json"
VALUES = "checked-values.json"  # of the expressions that stand in manifests
RULES = (tables.__file__, files.__file__, check.__file__, manifest.__file__, str(manifest.SCHEMA))


def problems(good: Path) -> list[str]:
    """What is wrong with the tables that changed since the state in the file ``good``; the file then follows."""
    now, before = state(), _read(good)
    if now == before:
        return []
    found = _problems(now, before)
    if not found:
        files.write_json(good, now)
    return found


def remember(good: Path) -> None:
    """Note that all tables hold as they are now."""
    files.write_json(good, state())


def state() -> dict[str, dict[str, str]]:
    """For each table the digest of its files and of what its published figures are computed from, and the rules'."""
    inputs, values = Inputs(tables.data_dir()), expressions.current()
    rules = [inputs.now(f"file:{path}") for path in RULES] + [inputs.now("package:frictionless")]
    return {"rules": {"files": digest("".join(rules).encode()), "figures": ""}} | {
        name: {"files": _files(name, inputs), "figures": _figures(name, values)} for name in tables.names()
    }


def _files(name: str, inputs: Inputs) -> str:
    return "".join(inputs.now(f"file:{part}") for part in expressions.files_of(name))


def _figures(name: str, values: expressions.Expressions) -> str:
    """Of a manifest that cannot be read, nothing: the check of its files says so."""
    try:
        found = [values.made_from(row["expression"], name) for row in tables.manifest(name).get("checks", [])]
    except (tables.TableError, SyntaxError, KeyError, TypeError):
        return ""
    return digest("".join(found).encode())


def _problems(now: dict, before: dict) -> list[str]:
    names = [name for name in now if name != "rules"]
    changed = _changed("files", names, now, before)
    if found := [sentence for name in changed for sentence in check.loads(name)]:
        return found
    if tied := check.tied({*changed, *(set(before) - set(now))}):
        found = check.standard_problems(tied)
    again = {*changed, *_changed("figures", names, now, before)}
    return found + [sentence for name in names if name in again for sentence in check.figure_problems(name)]


def _changed(what: str, names: list[str], now: dict, before: dict) -> list[str]:
    """The tables whose files, or what their figures come from, are not as before; all when a rule has changed."""
    every = now["rules"] != before.get("rules")
    return [name for name in names if every or now[name][what] != before.get(name, {}).get(what)]


def _read(good: Path) -> dict:
    try:
        return json.loads(good.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # never checked, or not whole: check all
        return {}


def main(place: Path) -> None:
    """Be the process of ``coursekit.book.together`` that checks the tables of the book in ``place``.

    It tells their problems; when there are none it makes the archive, which holds the same checks, and then ends.
    """
    values = expressions.keep(place / VALUES)
    tell_parent(lambda tell, stop: _check_and_archive(place, tell))
    values.save()


def _check_and_archive(place: Path, tell: Tell) -> None:
    found = problems(place / NAME)
    tell({"problems": found})
    if not found:
        bundle.write(place / bundle.FOLDER)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
