"""``course data refresh``: read a publisher's newest files and make them the new edition of a table, or change nothing.

A table can be refreshed when its manifest has the key ``refresh``:

- ``format``: csv, json or xlsx.
- ``address``: https address, or a list. ``{year}`` stands for this year.
- ``link``: the address is a page; the file is the newest link on it that fits this regular expression.
- ``reader``: "package.module:function", called as ``function(files, table, **with)`` with the open files (csv: path;
  json: its objects; xlsx: an openpyxl workbook) and the table as it is. It returns a dictionary: ``rows`` (the
  columns of the table), ``vintage`` (YYYY-MM-DD), ``sources`` (rows for the table of sources, each ``like`` an old
  source id). It raises TableError when the columns or the publisher's own totals are not as they should be.
- ``with``: further arguments of the reader. ``grows``: fields whose bounds follow the data, never past today.
  ``limit_mb``: largest download (50 when left out).

Tables that share a reader module come from the same publication and are refreshed together. What is new is checked on a
copy of the data folder, exactly as ``course data check`` does, before any file is replaced. When a publisher revised
a figure that a check expects, put the new published figure into the manifest first: that is the moment to read the
new release.
"""

from __future__ import annotations

import importlib
import re
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from coursekit import tables
from coursekit.data import check as datacheck
from coursekit.data import editions, fetch
from coursekit.data.editions import EditionError

SHOWN = 5


def refreshable() -> list[str]:
    """Names of the tables that can be refreshed from a publisher's file."""
    return [
        name
        for name in tables.names()
        if tables.manifest(name).get("refresh", {}).get("format") in ("csv", "json", "xlsx")
    ]


def refresh(name: str, saved: Path | None = None, today: date | None = None) -> str:
    """Refresh a table and those of the same publication; returns the report.

    saved: a file saved by hand, read instead of the download (for publications of one file). Raises FetchError,
    TableError or EditionError with one sentence, and then no file of the data folder has changed.
    """
    today = today or date.today()
    family = _family(name)
    with tempfile.TemporaryDirectory() as folder:
        opened = _open_all(family, saved, Path(folder), today)
        new = {table: _read(table, opened, today) for table in family}
    return publish(new, today)


def publish(new: dict[str, dict], today: date) -> str:
    """Make new editions the tables' content, if all checks of the data folder pass; returns the report.

    new: table -> the dictionary that a reader returns. All tables change together or none does.
    """
    merged = {name: editions.merged(name, editions.as_text(name, edition["rows"])) for name, edition in new.items()}
    changes = {name: editions.difference(name, table) for name, table in merged.items()}
    if not any(_is_change(change) for change in changes.values()):
        return f"Nothing new: {', '.join(new)} hold what the publisher has now."
    for name, change in changes.items():
        editions.refuse_loss(name, change)
    files = _files(new, merged, changes, today)
    moved, package = _proved(files, list(new))
    package_file = tables.data_dir() / datacheck.PACKAGE
    editions.replace_all(files | ({package_file: package.encode("utf-8")} if package_file.exists() else {}))
    said = [line for name in new for line in _report(name, new[name], changes[name])]
    return "\n".join([*said, *moved, *_advice(list(new))])


def _is_change(change: dict) -> bool:
    return bool(change["added"] or change["removed"] or change["changed"])


def _proved(files: dict[Path, bytes], names: list[str]) -> tuple[list[str], str]:
    """Numbers of the ledger that move, and the data package, both as they are with the new files in their places.

    Raises EditionError when a check of the data folder does not pass with them.
    """
    with editions.staged(files):
        found = datacheck.problems()
        moved, package = ([], "") if found else (_moved_numbers(names), datacheck.package_text())
    if found:
        raise EditionError(_refusal(found))
    return moved, package


def _family(name: str) -> list[str]:
    if name not in refreshable():
        tables.manifest(name)
        raise EditionError(
            f"{name} cannot be refreshed: no publisher's file with a stable address is known for it. "
            f"These can: {', '.join(refreshable())}."
        )
    return [other for other in refreshable() if _module(other) == _module(name)]


def _module(name: str) -> str:
    return tables.manifest(name)["refresh"]["reader"].split(":")[0]


def _addresses(name: str) -> list[str]:
    address = tables.manifest(name)["refresh"]["address"]
    return [address] if isinstance(address, str) else list(address)


def _open_all(family: list[str], saved: Path | None, folder: Path, today: date) -> dict[str, object]:
    """Every file of a publication, opened once: address -> content."""
    wanted = {address: tables.manifest(name)["refresh"] for name in family for address in _addresses(name)}
    if saved and len(wanted) > 1:
        raise EditionError(
            f"{family[0]} is read from {len(wanted)} files, so one saved file is not enough; run it with internet."
        )
    paths = {address: saved or _download(address, plan, folder, today) for address, plan in wanted.items()}
    return {address: fetch.read(path, wanted[address]["format"]) for address, path in paths.items()}


def _download(address: str, plan: dict, folder: Path, today: date) -> Path:
    address = address.replace("{year}", str(today.year))
    if "link" in plan:
        address = fetch.newest_link(fetch.fetch(address, "html", folder), plan["link"], address)
    return fetch.fetch(address, plan["format"], folder, plan.get("limit_mb", fetch.LIMIT_MB))


def _read(name: str, opened: dict[str, object], today: date) -> dict:
    """Call the reader; whatever it stumbles over in the publisher's file becomes one sentence."""
    plan = tables.manifest(name)["refresh"]
    module, function = plan["reader"].split(":")
    reader = getattr(importlib.import_module(module), function)
    try:
        edition = reader([opened[address] for address in _addresses(name)], tables.load(name), **plan.get("with", {}))
    except tables.TableError:
        raise
    except Exception as error:
        raise EditionError(
            f"{name}: the publisher's file is not laid out as {module} expects ({type(error).__name__}: {error}); "
            "compare the file with the reader and mend the reader."
        ) from error
    _refuse_future(name, edition["rows"], plan.get("grows", []), today)
    return edition


def _refuse_future(name: str, rows: pd.DataFrame, grows: list[str], today: date) -> None:
    for field in grows:
        newest = rows[field].max()
        if newest > (pd.Timestamp(today) if isinstance(newest, pd.Timestamp) else today.year):
            raise EditionError(
                f"{name}: {field} {newest} lies in the future; the publisher's file or its reader is at fault."
            )


def _files(new: dict, merged: dict, changes: dict, today: date) -> dict[Path, bytes]:
    """All files of the new editions: copies of what changes, tables, manifests, and the table of sources."""
    root, files = tables.data_dir(), {}
    for name, edition in new.items():
        change = changes[name]
        if change["removed"] or change["changed"] or change["resourced"]:
            files |= editions.old_copies(name)
        files[root / tables.manifest(name)["path"]] = editions.csv_bytes(merged[name])
        files[root / f"{name}{tables.SUFFIX}"] = editions.manifest_bytes(
            name, _dates(name, edition["vintage"], today), _newest(name, edition)
        )
    added = _new_sources([row for edition in new.values() for row in edition.get("sources", [])], today)
    return files | ({root / tables.manifest("sources")["path"]: editions.csv_bytes(added)} if added is not None else {})


def _newest(name: str, edition: dict) -> dict:
    """Newest value of each field that grows, as the manifest writes it."""
    found = {field: edition["rows"][field].max() for field in tables.manifest(name).get("refresh", {}).get("grows", [])}
    return {
        field: value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else int(value)
        for field, value in found.items()
    }


def _dates(name: str, vintage: str, today: date) -> dict[str, str]:
    """New vintage and retrieval day; the next release is expected after as many months as before."""
    entry, dates = tables.manifest(name), {"vintage": vintage, "retrieved": today.isoformat()}
    months = [_month(text) for text in (str(entry["vintage"]), str(entry["next_release_expected"]), vintage)]
    if None not in months:
        n = months[2] + max(1, months[1] - months[0])
        dates["next_release_expected"] = f"{n // 12}-{n % 12 + 1:02d}"
    return dates


def _month(text: str) -> int | None:
    found = re.match(r"(\d{4})-(\d{2})", text)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def _new_sources(rows: list[dict], today: date) -> pd.DataFrame | None:
    """The table of sources with the rows that it lacks, each filled up from the row it is ``like``, or None."""
    known = editions.text_of("sources")
    old = known.set_index("source_id").to_dict("index")
    fresh = {row["source_id"]: row for row in rows if row["source_id"] not in old}
    if not fresh:
        return None
    full = [{**old[row["like"]], "retrieved": today.isoformat(), "note": "", **row} for row in fresh.values()]
    return editions.merged("sources", pd.concat([known, pd.DataFrame(full)[known.columns]], ignore_index=True))


def _refusal(found: list[str]) -> str:
    before = datacheck.problems()
    if before:
        return f"The data folder has faults of its own; mend them first ('course data check'): {before[0]}"
    more = f" ({len(found) - 1} more like this.)" if len(found) > 1 else ""
    return (
        f"The new edition does not pass the checks: {found[0]}{more} If the publisher revised the figure, put the new "
        "published figure into the manifest and run this again."
    )


def _report(name: str, edition: dict, change: dict) -> list[str]:
    old = tables.manifest(name)["vintage"]
    lines = [
        f"{name}: vintage {old} -> {edition['vintage']}: "
        f"{len(change['added'])} rows added, {len(change['removed'])} removed, "
        f"{len(change['changed'])} changed, of {change['of']}."
    ]
    lines += [f"  removed: {editions.key_text(key)}" for key in change["removed"][:SHOWN]]
    lines += [
        f"  revised: {column} {editions.key_text(key)}: {a:g} -> {b:g} ({100 * share:.1f} %)"
        for share, column, key, a, b in change["revisions"][:SHOWN]
    ]
    return lines


def _moved_numbers(names: list[str]) -> list[str]:
    """Numbers of the ledger that rest on these tables and no longer have the value noted there."""
    if "claim_numbers" not in tables.names():
        return []
    ledger = tables.load("claim_numbers")
    return [line for row in ledger.itertuples() if _uses(row.expression, names) and (line := _moved(row))]


def _uses(expression: str, names: list[str]) -> bool:
    try:
        return bool(tables.tables_of(expression).intersection(names))
    except Exception:  # it cannot be computed over the new rows: then ``_moved`` says so
        return True


def _moved(row) -> str:
    where = f"  ledger {row.claim_id}: {row.what}"
    try:
        with tables.as_of(tables.day_of(getattr(row, "as_of", "now"))):
            now = float(tables.evaluate(row.expression))
    except Exception as error:  # an expression may meet rows that it did not expect: the claim needs a reader's eye
        return f"{where} can no longer be computed ({type(error).__name__}: {error}); mend its expression."
    moved = not abs(now - row.value) <= row.tolerance
    return f"{where}: {row.value:g} -> {now:g}; read its verdict again." if moved else ""


def _advice(names: list[str]) -> list[str]:
    return [
        f"Now read the manifests of {', '.join(names)}: title, description, caveats and checks still speak of the old "
        "vintage. Note the change in CHANGELOG.md and run 'make book'."
    ]
