"""The tables with their types: one SQLite database with keys that hold, and one Parquet file a table."""

from __future__ import annotations

import json
import sqlite3
from graphlib import TopologicalSorter
from pathlib import Path

from coursekit import tables
from coursekit.data.archive import contents

SQL = {"integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN", "date": "DATE"}
DUCKDB = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
# What pandas makes of a column of a Parquet file: whole numbers stay whole where a cell is empty.
PANDAS = {"integer": ("int64", "Int64"), "number": ("float64", "float64"), "boolean": ("bool", "boolean")}
VARIABLES = "CREATE TABLE variables (table_name TEXT, name TEXT, type TEXT, unit TEXT, description TEXT)"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return f'"{name}"'


def listed(names: list[str]) -> str:
    """Names as SQL writes them in brackets."""
    return ", ".join(map(quoted, names))


def write_sqlite(path: Path, names: list[str]) -> None:
    """Write the tables ``names`` into a new SQLite file, each after those to which it points, and what columns mean."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    try:
        with base:
            for name in in_order(names):
                base.execute(create(name, names))
                insert(base, name)
            _describe(base, names)
        refuse_loose_keys(base)
        base.execute("VACUUM")  # the same content gives the same bytes
    finally:
        base.close()


def refuse_loose_keys(base: sqlite3.Connection) -> None:
    """Raise ArchiveError when a row points at nothing: the archive would promise keys that do not hold."""
    loose = base.execute("PRAGMA foreign_key_check").fetchone()
    if loose:
        table, row, parent, _key = loose
        raise contents.ArchiveError(
            f"{table}.csv, row {row + 1}: a key leads to no row of '{parent}'; run 'course data check {table}'."
        )


def in_order(names: list[str]) -> list[str]:
    """The tables, each after those to which its keys lead."""
    leads = {name: sorted(_parents(name, names)) for name in names}
    return list(TopologicalSorter(leads).static_order())


def _parents(name: str, names: list[str]) -> set[str]:
    return {key["reference"]["resource"] for key in contents.foreign_keys(name, names)} - {"", name}


def create(name: str, names: list[str]) -> str:
    """The SQL that makes one table with its columns and keys."""
    parts = [_column(field) for field in contents.fields(name)]
    parts.append(f"PRIMARY KEY ({listed(tables.manifest(name)['schema']['primaryKey'])})")
    parts += [_foreign(key, name) for key in contents.foreign_keys(name, names)]
    return f"CREATE TABLE {quoted(name)} ({', '.join(parts)})"


def _column(field: dict) -> str:
    rules = field.get("constraints", {})
    words = [quoted(field["name"]), SQL.get(field["type"], "TEXT")]
    words += ["NOT NULL"] * bool(rules.get("required")) + ["UNIQUE"] * bool(rules.get("unique"))
    return " ".join(words)


def _foreign(key: dict, name: str) -> str:
    to = key["reference"]
    return f"FOREIGN KEY ({listed(key['fields'])}) REFERENCES {quoted(to['resource'] or name)} ({listed(to['fields'])})"


def insert(base: sqlite3.Connection, name: str) -> None:
    """Put all rows of a table into the database."""
    marks = ", ".join("?" for _field in contents.fields(name))
    base.executemany(f"INSERT INTO {quoted(name)} VALUES ({marks})", contents.rows(name))


def _describe(base: sqlite3.Connection, names: list[str]) -> None:
    base.execute(VARIABLES)
    rows = [
        (name, field["name"], field["type"], field.get("unit"), field["description"])
        for name in names
        for field in contents.fields(name)
    ]
    base.executemany("INSERT INTO variables VALUES (?, ?, ?, ?, ?)", rows)


def write_parquet(path: Path, name: str) -> None:
    """Write one table as Parquet, with the types of its manifest and what pandas needs to keep them."""
    import duckdb  # large: only where an archive is made

    kinds = {field["name"]: DUCKDB.get(field["type"], "VARCHAR") for field in contents.fields(name)}
    with duckdb.connect() as base:
        base.execute("SET threads = 1")  # one order of rows, one file
        found = base.read_csv(
            str(contents.file_of(name)), header=True, dtype=kinds, na_values="", quotechar='"', escapechar='"', sep=","
        )
        found.create("rows")
        meta = json.dumps(pandas_metadata(name)).replace("'", "''")
        place = str(path).replace("'", "''")
        base.execute(f"COPY rows TO '{place}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{pandas: '{meta}'}})")


def pandas_metadata(name: str) -> dict:
    """What pandas reads in a Parquet file to give a column back as it was: whole numbers, true and false."""
    columns = [_pandas_column(field) for field in contents.fields(name) if field["type"] in PANDAS]
    return {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "2.2.0"}


def _pandas_column(field: dict) -> dict:
    logical, kind = PANDAS[field["type"]]
    name = field["name"]
    return {"name": name, "field_name": name, "pandas_type": logical, "numpy_type": kind, "metadata": None}
