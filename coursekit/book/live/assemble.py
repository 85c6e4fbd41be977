"""Put Python for the browser together: Pyodide's core, the wheels that a chapter needs, pure packages in one archive.

Nothing is written before every file is there and verified; then the whole folder is put in place at once. ``course
live`` calls it; the book's build publishes the folder when it is there and is complete without it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from coursekit.book.live.lean import lean
from coursekit.book.live.places import LiveError, content_of, digest, pins, places, verified
from coursekit.files import write_bytes, write_json
from coursekit.progress import Progress

FOLDER = "live"  # below _build
REPORT = "report.json"
PACKAGES = "packages.bin"  # a tar (gzip); under its usual name some hosts would unpack it on the way
# Packed from their pure Python files in this environment: for the browser they are not published.
FROM_HERE = ("PyYAML", "MarkupSafe")
LEFT_OUT = ("/tests/", "/test/", "altair/jupyter/js/", "altair/datasets/_metadata/", "/__pycache__/")
NOT_PYTHON = (".pyi", ".so", ".pyd", ".pyx", ".pxd", ".c", ".pyc", "RECORD", "INSTALLER", "/")


def assemble(
    build: Path, named: str | None = None, say: Callable[[str], None] = print, progress: Progress = iter
) -> dict:
    """Put everything into ``build/live`` and return the report. named: places (see ``places``).

    Raises LiveError, and leaves what was there as it was, when a file is missing or another than the official one.
    """
    where = places(named)
    say(f"Python {pins()['python']} for the browser (Pyodide {pins()['pyodide']}): looking in {', '.join(where)} ...")
    wanted = pins()["core"] | {entry["file_name"]: entry["sha256"] for entry in pins()["packages"].values()}
    files = {f"py/{name}": verified(name, sha, where) for name, sha in progress(wanted.items())}
    files["py/pyodide-lock.json"] = pruned_lock()
    files[PACKAGES] = packed(pure_wheels(where))
    put_in_place(build / FOLDER, files)
    return json.loads((build / FOLDER / REPORT).read_text(encoding="utf-8"))


def pruned_lock() -> bytes:
    """The official lock with nothing in it but our packages."""
    return json.dumps({"info": pins()["info"], "packages": pins()["packages"]}, separators=(",", ":")).encode()


def pure_wheels(where: list[str]) -> list[bytes]:
    """The wheels of pure packages, from the places that are not the release, else by pip; each verified."""
    local = [place for place in where if place != pins()["release"]]
    wanted = pins()["pure"]
    found = {name: _first(entry["file_name"], local) for name, entry in wanted.items()}
    missing = [name for name, content in found.items() if content is None]
    found |= downloaded_by_pip(missing) if missing else {}
    for name, content in found.items():
        if digest(content) != wanted[name]["sha256"]:
            raise LiveError(
                f"{wanted[name]['file_name']} is not the file that pins.json names; remove it and try again."
            )
    return list(found.values())


def _first(name: str, where: list[str]) -> bytes | None:
    return next((content for place in where if (content := content_of(name, place)) is not None), None)


def downloaded_by_pip(names: list[str]) -> dict[str, bytes]:
    """Pure wheels by the reader's own pip, which compares their sha256. Raises LiveError when pip cannot get them."""
    wanted = {name: pins()["pure"][name] for name in names}
    lines = [f"{name}=={entry['version']} --hash=sha256:{entry['sha256']}" for name, entry in wanted.items()]
    version = ".".join(pins()["python"].split(".")[:2])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "wanted.txt").write_text("\n".join(lines), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "-r",
            "wanted.txt",
        ]
        only = ["--only-binary=:all:", "--platform", "any", "--python-version", version, "--implementation", "py"]
        ran = subprocess.run([*command, *only, "--dest", "."], cwd=folder, capture_output=True, text=True)
        if ran.returncode:
            last = ran.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise LiveError(f"pip could not get {', '.join(names)}: {last[0]}; connect to the internet and try again.")
        return {name: Path(folder, entry["file_name"]).read_bytes() for name, entry in wanted.items()}


def packed(wheels: list[bytes]) -> bytes:
    """One tar (gzip) of the wheels' modules and of those packed from here, without tests and what no page needs.

    Compressed as a whole it is a tenth smaller than a zip; the same bytes at each build.
    """
    files = [pair for wheel in wheels for pair in unzipped(wheel)] + list(pure_files_from_here())
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files:
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return gzip.compress(made.getvalue(), 9, mtime=0)


def unzipped(wheel: bytes) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the files of a wheel that a page needs."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as source:
        yield from ((name, lean(name, source.read(name))) for name in filter(_wanted, sorted(source.namelist())))


def _wanted(name: str) -> bool:
    return not name.endswith(NOT_PYTHON) and not any(part in f"/{name}" for part in LEFT_OUT)


def pure_files_from_here() -> Iterator[tuple[str, bytes]]:
    """Modules and licence texts of the packages that this environment has in pure Python."""
    for package in FROM_HERE:
        for path in sorted(metadata.files(package) or []):
            if path.parts[0] != ".." and _wanted(path.as_posix()):
                yield path.as_posix(), path.locate().read_bytes()


def put_in_place(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files with their report beside the folder, then let the new folder take its place."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in files.items():
        write_bytes(fresh / name, content)
    write_json(fresh / REPORT, report(files))
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.replace(fresh, folder)


def report(files: dict[str, bytes]) -> dict:
    """What was put together: versions, and bytes as they are and as a host sends them (gzip)."""
    sizes = {name: [len(content), len(gzip.compress(content, 6, mtime=0))] for name, content in files.items()}
    return {
        "pyodide": pins()["pyodide"],
        "python": pins()["python"],
        "version": digest(b"".join(digest(content).encode() for content in files.values()))[:12],
        "raw": sum(raw for raw, _gz in sizes.values()),
        "gz": sum(min(raw, gz) for raw, gz in sizes.values()),
        "files": sizes,
    }


def ready(build: Path) -> dict | None:
    """The report of the folder below ``build``; None when there is none, or one of other pins or with a file lost."""
    path = build / FOLDER / REPORT
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    whole = PACKAGES in found["files"] and all((build / FOLDER / name).exists() for name in found["files"])
    return found if whole and found["pyodide"] == pins()["pyodide"] else None
