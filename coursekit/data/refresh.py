"""``course data refresh``: read a publisher's newest files and make them the new edition of a table, or change nothing.

Which files, and how they are read, says the key ``refresh`` of the table's manifest: see ``coursekit.data.plans``. What
is new is looked at for harm (``coursekit.data.refusals``) and checked on a copy of the data folder, exactly as
``course data check`` does, before any file is replaced. When a publisher revised a figure that a check expects, put
the new published figure into the manifest first: that is the moment to read the new release. A *draft* is written in
spite of such figures, and names them: it is for a person to read, and ``course data check`` refuses it until then.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from coursekit import tables
from coursekit.data import check as datacheck
from coursekit.data import editions, fetch, plans, refusals, revision
from coursekit.data.editions import EditionError
from coursekit.errors import CourseKitError

NOTHING = "Nothing new"


def refresh(
    name: str, saved: Path | None = None, today: date | None = None, vintage: str = "", draft: bool = False
) -> str:
    """Refresh a table and those of the same publication; returns the report.

    saved: a file saved by hand, or a folder of files, read instead of the download. vintage: day of the release
    (YYYY-MM-DD), for a file that does not tell it. draft: published figures that no longer hold are reported, not
    refused. Raises FetchError, TableError or EditionError with one sentence, and then no file of the data folder has
    changed.
    """
    today = today or date.today()
    family = plans.family(name)
    with tempfile.TemporaryDirectory() as folder:
        opened = _open_all(family, saved, Path(folder), today)
        new = {table: _read(table, opened, today, vintage) for table in family}
    return publish(new, today, draft)


def publish(new: dict[str, dict], today: date, draft: bool = False) -> str:
    """Make new editions the tables' content, if all checks of the data folder pass; returns the report.

    new: table -> the dictionary that a reader returns. All tables change together or none does.
    """
    fresh = {name: editions.as_text(name, edition["rows"]) for name, edition in new.items()}
    merged = {name: editions.merged(name, rows) for name, rows in fresh.items()}
    changes = {name: editions.difference(name, table) for name, table in merged.items()}
    if not any(_is_change(change) for change in changes.values()):
        return f"{NOTHING}: {', '.join(new)} hold what the publisher has now."
    for name, change in changes.items():
        refusals.refuse(name, new[name]["vintage"], fresh[name], change)
    files = _files(new, merged, changes, today)
    notes, package = _proved(files, list(new), draft)
    said = [line for name in new for line in revision.lines(name, new[name]["vintage"], changes[name])]
    package_file = tables.data_dir() / datacheck.PACKAGE
    editions.replace_all(files | ({package_file: package.encode("utf-8")} if package_file.exists() else {}))
    return "\n".join([*said, *notes, *revision.advice(list(new))])


def _is_change(change: dict) -> bool:
    return bool(change["added"] or change["removed"] or change["changed"])


def _proved(files: dict[Path, bytes], names: list[str], draft: bool) -> tuple[list[str], str]:
    """Numbers that move, and the data package, both as they are with the new files in their places.

    Raises EditionError when a check of the data folder does not pass with them; a draft only names published figures.
    """
    with editions.staged(files):
        faults, figures = datacheck.unsound(), []
        if not faults:
            figures = datacheck.wrong_figures()
            faults = [] if draft else figures
        if not faults:
            notes = [*(f"  to read: {line}" for line in figures), *revision.moved_numbers(names)]
            return notes, datacheck.package_text()
    raise EditionError(_refusal(faults))


def _open_all(family: list[str], saved: Path | None, folder: Path, today: date) -> dict[str, object]:
    """Every file of a publication, opened once: address -> content."""
    wanted = plans.wanted(family)
    paths = _saved(family, saved) if saved else {a: _download(a, how, folder, today) for a, how in wanted.items()}
    return {address: fetch.read(path, wanted[address]["format"]) for address, path in paths.items()}


def _saved(family: list[str], saved: Path) -> dict[str, Path]:
    """Address -> saved file, of one file or of a folder."""
    if saved.is_dir():
        return plans.copies(family, saved)
    wanted = plans.wanted(family)
    if len(wanted) > 1:
        raise EditionError(
            f"{family[0]} is read from {len(wanted)} files, so one saved file is not enough; give a folder that holds "
            "them all, or run it with internet."
        )
    return dict.fromkeys(wanted, saved)


def _download(address: str, plan: dict, folder: Path, today: date) -> Path:
    """The publisher's newest file: of this year, or of the last while this year's is not out."""
    newest, *older = plans.years(address, today)
    try:
        return _fetched(newest, plan, folder)
    except fetch.MissingError as error:
        for other in older:
            with contextlib.suppress(fetch.MissingError):
                return _fetched(other, plan, folder)
        raise error


def _fetched(address: str, plan: dict, folder: Path) -> Path:
    if "link" in plan:
        address = fetch.newest_link(fetch.fetch(address, "html", folder), plan["link"], address)
    return fetch.fetch(address, plan["format"], folder, plan.get("limit_mb", fetch.LIMIT_MB))


def _read(name: str, opened: dict[str, object], today: date, vintage: str) -> dict:
    """Call the reader; whatever it stumbles over in the publisher's file becomes one sentence."""
    module, function = plans.plan(name)["reader"].split(":")
    reader = getattr(importlib.import_module(module), function)
    files = [opened[address] for address in plans.addresses(name)]
    try:
        edition = reader(files, tables.load(name), **plans.arguments(name, today))
    except CourseKitError:
        raise
    except Exception as error:
        raise EditionError(
            f"{name}: the publisher's file is not laid out as {module} expects ({type(error).__name__}: {error}); "
            "compare the file with the reader and mend the reader."
        ) from error
    edition = _dated(name, edition, vintage, today)
    _refuse_future(name, edition["rows"], plans.plan(name).get("grows", []), today)
    return edition


def _dated(name: str, edition: dict, given: str, today: date) -> dict:
    """The edition with its vintage: the given day, else the day in the file; never the day on which it is read."""
    vintage = given or edition["vintage"]
    if not vintage:
        raise EditionError(
            f"{name}: the file does not tell the day of its release; look it up at the publisher's and give it with "
            "--vintage YYYY-MM-DD."
        )
    if vintage > today.isoformat():
        raise EditionError(f"{name}: the release would be of {vintage}, which lies in the future; give the right day.")
    sources = [{**row, "vintage": vintage} for row in edition.get("sources", [])]
    return {**edition, "vintage": vintage, "sources": sources}


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
    found = {field: edition["rows"][field].max() for field in plans.plan(name).get("grows", [])}
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
    full = [{**old[row["like"]], "read_on": today.isoformat(), "note": "", **row} for row in fresh.values()]
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
