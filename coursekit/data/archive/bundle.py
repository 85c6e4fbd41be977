"""Write the archive: one zip whose bytes follow from the data alone, made again only when what it holds has changed."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from coursekit import files, sources, tables, templates
from coursekit.data import expressions
from coursekit.data.archive import contents, datacite, descriptor, report, typed
from coursekit.data.inputs import Inputs, digest
from coursekit.progress import Progress

HOME = Path(__file__).parent
TERMS = ("LICENSE-DATA.md", contents.CITATION)
FOLDER = "archive"  # of a built book, where the archive is made
PACKAGE = "datapackage.json"
CODE = (".py", ".html", ".md")
BESIDE = ("codebook.html", "checks.html", "datacite.json")  # also published beside the zip, to read without opening it


def write(folder: Path, progress: Progress = iter) -> Path:
    """Write the archive into ``folder`` unless the one there is of the same content; return its path.

    Raises ArchiveError when a licence is not judged, when CITATION.cff cannot be read, or when a key does not hold.
    """
    path, mark = path_in(folder), folder / "made-from"
    made_from = content_key()
    if path.exists() and mark.exists() and mark.read_text(encoding="utf-8") == made_from:
        return path
    mark.unlink(missing_ok=True)
    found = members(progress)
    files.write_bytes(path, zipped(found, contents.created(contents.inside())))
    files.write_bytes(folder / PACKAGE, as_json(descriptor.descriptor(tables.names(), "")))  # of all, for the site
    for name in BESIDE:
        files.write_bytes(folder / name, found[name])
    files.write_text(mark, made_from)
    return path


def path_in(folder: Path) -> Path:
    """Where the archive lies in its folder."""
    return folder / f"{contents.settings()['name']}.zip"


def content_key() -> str:
    """One digest of all that the archive is made from: tables, settings, terms, this code, DuckDB, the checks."""
    inputs, values = Inputs(tables.data_dir().parent), expressions.current()
    facts = [inputs.now(f"file:{path}") for path in _made_from()] + [inputs.now("package:duckdb")]
    checks = [(name, check) for name in tables.names() for check in tables.manifest(name)["checks"]]
    return digest("".join([*facts, *(values.made_from(check["expression"], name) for name, check in checks)]).encode())


def _made_from() -> list[Path]:
    data = tables.data_dir()
    parts = [part for name in tables.names() for part in expressions.files_of(name)]
    code = [path for path in sorted(HOME.rglob("*")) if path.suffix in CODE]
    own = [*(data / part for part in (*parts, "course.yaml")), *(data.parent / name for name in TERMS)]
    return [*own, Path(sources.__file__), *code]


def members(progress: Progress = iter) -> dict[str, bytes]:
    """The files of the archive: path in it -> content."""
    names = contents.inside()
    found = {f"data/{contents.file_of(name).name}": contents.file_of(name).read_bytes() for name in names}
    found |= typed_files(names, progress)
    package = descriptor.descriptor(names)
    checks = report.report()
    found |= {name: (tables.data_dir().parent / name).read_bytes() for name in TERMS}
    found[PACKAGE] = as_json(package)
    found["checks.csv"] = report.as_csv(checks).encode()
    given = {"package": package, "outside": contents.outside(), "checks": checks}
    for name in ("README.md", "codebook.html", "checks.html"):
        found[name] = templates.environment(__package__).get_template(name).render(given).encode()
    found["datacite.json"] = as_json(datacite.datacite(names, sum(map(len, found.values()))))
    return found


def typed_files(names: list[str], progress: Progress = iter) -> dict[str, bytes]:
    """The SQLite database and the Parquet files. Raises ArchiveError for a row whose key leads nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "tables.sqlite")
        typed.write_sqlite(base, names)
        found = {base.name: base.read_bytes()}
        for name in progress(names):
            path = Path(folder, f"{name}.parquet")
            typed.write_parquet(path, name)
            found[f"parquet/{path.name}"] = path.read_bytes()
    return found


def as_json(content: dict) -> bytes:
    """JSON that a person can read."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def zipped(found: dict[str, bytes], day: str) -> bytes:
    """A zip of the files, sorted, each dated ``day`` (YYYY-MM-DD): the same files give the same bytes."""
    year, month, date = map(int, day.split("-"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(found):
            entry = zipfile.ZipInfo(name, (year, month, date, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o644 << 16, 3  # alike, whichever system makes it
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, found[name])
    return buffer.getvalue()
