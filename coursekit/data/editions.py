"""New editions of tables: compare, check on a copy, and put into place all at once or not at all.

What a table held is never lost. Where a new edition changes or drops a row, the old CSV and its manifest stay
readable as ``data/editions/<table>-<vintage>.csv`` and ``.resource.yaml``; an edition that only adds rows needs no
copy.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from coursekit import tables
from coursekit.errors import CourseKitError
from coursekit.files import parse_yaml, read_yaml

OLD = "editions"
SOURCE_COLUMNS = ["source_id", "other_source_ids"]


class EditionError(CourseKitError):
    """A new edition is refused. The message is one sentence: what is wrong, where, what to do."""


def text_of(name: str) -> pd.DataFrame:
    """A table as it stands in its file: all cells text, empty where missing."""
    file = tables.data_dir() / tables.manifest(name)["path"]
    return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")


def as_text(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Typed rows as the text that the table's file holds. Raises EditionError when the columns are not the table's."""
    fields = {field["name"]: field["type"] for field in tables.manifest(name)["schema"]["fields"]}
    if set(rows.columns) != set(fields):
        wrong = ", ".join(sorted(set(rows.columns) ^ set(fields)))
        raise EditionError(
            f"{name}: the columns of the new edition differ from the manifest ({wrong}); mend one of them."
        )
    return pd.DataFrame(
        {column: [_cell(value, kind) for value in rows[column]] for column, kind in fields.items()}, dtype=str
    )


def _cell(value, kind: str) -> str:
    if pd.isna(value):
        return ""
    write = {
        "boolean": lambda v: str(bool(v)).lower(),
        "integer": lambda v: str(int(v)),
        "number": lambda v: repr(float(v)),
        "date": lambda v: pd.Timestamp(v).strftime("%Y-%m-%d"),
    }
    return write.get(kind, str)(value)


def merged(name: str, new: pd.DataFrame) -> pd.DataFrame:
    """The table after the new edition: unchanged rows keep their text, other editions their rows."""
    old, key = text_of(name), tables.manifest(name)["schema"]["primaryKey"]
    if "edition" in key:
        new = pd.concat([old[~old.edition.isin(new.edition)], new], ignore_index=True)
    if new.duplicated(key).any():
        double = ", ".join(new[new.duplicated(key)].iloc[0][key])
        raise EditionError(
            f"{name}: the new edition has two rows for {double}; the publisher's file or its reader is at fault."
        )
    before = _rows(old, key)
    same = [before[k] if k in before and _equal(before[k], row) else row for k, row in _rows(new, key).items()]
    return _ordered(pd.DataFrame(same, columns=old.columns), old, key)


def _rows(table: pd.DataFrame, key: list[str]) -> dict[tuple, tuple]:
    """Key -> row, both tuples of text, in the order of the table."""
    return dict(zip(_keys(table, key), table.itertuples(index=False, name=None), strict=True))


def _keys(table: pd.DataFrame, key: list[str]) -> list[tuple]:
    return list(zip(*(table[column] for column in key), strict=True))


def _equal(old: tuple, new: tuple) -> bool:
    return old == new or all(a == b or _number(a) == _number(b) for a, b in zip(old, new, strict=True))


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _ordered(new: pd.DataFrame, old: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """In the order of the key where the file had it, else old rows in their old order and new rows after them."""
    if _keys(old, key) == sorted(_keys(old, key)):
        return new.sort_values(key, kind="stable", ignore_index=True)
    place = {k: n for n, k in enumerate(_keys(old, key))}
    order = sorted(range(len(new)), key=[place.get(k, len(place)) for k in _keys(new, key)].__getitem__)
    return new.iloc[order].reset_index(drop=True)


def difference(name: str, new: pd.DataFrame) -> dict:
    """How the table would change: ``added``, ``removed``, ``changed`` (keys), ``resourced``, ``of``, ``revisions``
    and ``words``.

    A row of which only the source ids differ counts as resourced, not as changed. ``of`` counts the old rows. Revisions
    come largest first: (share of the larger of the two values, column, key, old value, new value). Words are the
    changed flags, texts and dates: (column, key, old, new).
    """
    old, key = text_of(name), tables.manifest(name)["schema"]["primaryKey"]
    before, after = _rows(old, key), _rows(new, key)
    differ = [k for k in after if k in before and not _equal(before[k], after[k])]
    changed = _of_other_values(list(old.columns), differ, before, after)
    pairs = [(k, before[k], after[k]) for k in changed]
    return {
        "added": _without(after, before),
        "removed": _without(before, after),
        "changed": changed,
        "resourced": len(differ) - len(changed),
        "of": len(before),
        "revisions": _revisions(name, list(old.columns), pairs),
        "words": _words(name, list(old.columns), pairs),
    }


def _without(rows: dict, others: dict) -> list[tuple]:
    """Keys of ``rows`` that ``others`` do not have."""
    return [key for key in rows if key not in others]


def _of_other_values(columns: list[str], keys: list[tuple], before: dict, after: dict) -> list[tuple]:
    """The keys whose rows differ in more than their source ids."""
    values = [n for n, column in enumerate(columns) if column not in SOURCE_COLUMNS]
    return [key for key in keys if not _equal(*([row[n] for n in values] for row in (before[key], after[key])))]


def _revisions(name: str, columns: list[str], changed: list[tuple]) -> list[tuple]:
    found = [
        (abs(new - old) / max(abs(old), abs(new)), column, key, old, new)
        for column, key, a, b in _cells(columns, changed, _numeric(name))
        if isinstance(old := _number(a), float) and isinstance(new := _number(b), float) and old != new
    ]
    return sorted(found, key=lambda revision: -revision[0])


def _words(name: str, columns: list[str], changed: list[tuple]) -> list[tuple]:
    """Changed cells of flags, texts and dates, and numbers that came or went."""
    rest = [column for column in columns if column not in SOURCE_COLUMNS]
    numeric = _numeric(name)
    return [
        (column, key, a, b)
        for column, key, a, b in _cells(columns, changed, rest)
        if a != b and (column not in numeric or "" in (a, b))
    ]


def _numeric(name: str) -> list[str]:
    fields = tables.manifest(name)["schema"]["fields"]
    return [field["name"] for field in fields if field["type"] in ("number", "integer")]


def _cells(columns: list[str], changed: list[tuple], wanted: list[str]) -> Iterator[tuple[str, tuple, str, str]]:
    """Column, key, old and new cell of the changed rows."""
    for key, before, after in changed:
        for n, column in enumerate(columns):
            if column in wanted:
                yield column, key, before[n], after[n]


def key_text(key: tuple) -> str:
    return " ".join(key)


def csv_bytes(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def manifest_bytes(name: str, changes: dict, newest: dict) -> bytes:
    """The manifest with new top-level values and, for fields that grow, bounds that admit the newest value.

    changes: top-level key -> text. newest: field -> newest value. All else keeps its bytes. Raises EditionError when
    the manifest is laid out so that this cannot be done safely.
    """
    path = tables.data_dir() / f"{name}{tables.SUFFIX}"
    text, wanted = path.read_text("utf-8"), read_yaml(path)
    for key, value in changes.items():
        text = re.sub(rf"^{key}:.*$", lambda _, k=key, v=value: f'{k}: "{v}"', text, count=1, flags=re.M)
        wanted[key] = value
    for field in wanted["schema"]["fields"]:
        if field["name"] in newest:
            text = _widened(text, field, newest[field["name"]])
    if parse_yaml(text, path.name) != wanted:
        raise EditionError(
            f"{path.name}: its vintage or the bounds of {', '.join(newest)} could not be updated; write one a line."
        )
    return text.encode("utf-8")


def _widened(text: str, field: dict, value) -> str:
    """Raise the maximum or lengthen the enum of one field, in the text and in the parsed field."""
    rules = field.get("constraints", {})
    start = re.search(rf"- \{{name: ['\"]?{field['name']}['\"]?,", text).end()
    end = start + re.search(r"\n\s*- \{name: |\n\s*missingValues|\Z", text[start:]).start()
    part = text[start:end]
    if "maximum" in rules and value > rules["maximum"]:
        part = re.sub(r"(maximum:\s*['\"]?)" + re.escape(str(rules["maximum"])), rf"\g<1>{value}", part, count=1)
        rules["maximum"] = value
    if "enum" in rules and value not in rules["enum"]:
        part = re.sub(r"(enum:\s*\[[^\]]*)\]", rf"\g<1>, {value}]", part, count=1)
        rules["enum"] = [*rules["enum"], value]
    return text[:start] + part + text[end:]


def old_copies(name: str) -> dict[Path, bytes]:
    """Where the present file and manifest of a table are kept when a new edition changes rows of it."""
    root, entry = tables.data_dir(), tables.manifest(name)
    stem = f"{name}-{entry['vintage']}"
    n = 1
    while (root / OLD / f"{stem}.csv").exists():
        n, stem = n + 1, f"{name}-{entry['vintage']}-{n + 1}"
    manifest = (root / f"{name}{tables.SUFFIX}").read_text("utf-8")
    manifest = re.sub(r"^path:.*$", f"path: {stem}.csv", manifest, count=1, flags=re.M)
    return {
        root / OLD / f"{stem}.csv": (root / entry["path"]).read_bytes(),
        root / OLD / f"{stem}{tables.SUFFIX}": manifest.encode("utf-8"),
    }


@contextmanager
def staged(files: dict[Path, bytes]):
    """A throw-away copy of the data folder with the new files in it; inside, all tables are read from the copy."""
    root, before = tables.data_dir(), os.environ.get("COURSE_DATA")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / root.name
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(OLD))
        for path, content in files.items():
            target = copy / path.relative_to(root)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
        os.environ["COURSE_DATA"] = str(copy)
        try:
            yield copy
        finally:
            os.environ.pop("COURSE_DATA")
            os.environ.update({"COURSE_DATA": before} if before is not None else {})


def replace_all(files: dict[Path, bytes]) -> None:
    """Write all files or none: everything is on disk before the first file is replaced, and a fault puts all back."""
    before = {path: _content(path) for path in files}
    folders = [folder for folder in {path.parent for path in files} if not folder.exists()]
    done: list[Path] = []
    try:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            _write_beside(path, content)
        for path in files:
            os.replace(_beside(path), path)
            done.append(path)
        tables.forget()
    except OSError as error:
        _put_back({path: before[path] for path in done}, list(files), folders)
        raise EditionError(
            f"The new files could not be written ({error.strerror or error}); free the disk and try again."
        ) from None


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _put_back(before: dict[Path, bytes | None], files: list[Path], folders: list[Path]) -> None:
    """Give files the content they had (None: there was no file); what stands beside ``files`` and new folders go."""
    for path in files:
        _beside(path).unlink(missing_ok=True)
    for path, content in before.items():
        path.unlink() if content is None else path.write_bytes(content)
    for folder in folders:
        folder.exists() and folder.rmdir()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _write_beside(path: Path, content: bytes) -> None:
    with open(_beside(path), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
