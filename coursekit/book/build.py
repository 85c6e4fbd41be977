"""Build the book from a checkout: pages from tables, notebooks into the cache, Sphinx with every warning an error."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from coursekit.book.execute import fingerprint, run_all
from coursekit.book.staging import stage
from coursekit.data import check as datacheck
from coursekit.errors import CourseKitError
from coursekit.files import write_text

STAMPS = {"data": ("data/*", "coursekit/tables.py", "coursekit/datacheck.py", "ip4/**/*.py")}


class BuildError(CourseKitError):
    """The book cannot be built; the message says what is wrong and where."""


def build(root: Path, out: Path) -> Path:
    """Build the HTML book below ``out`` and return its first page. Raises BuildError."""
    if not (root / "_config.yml").exists():
        raise BuildError(f"{root.name} holds no _config.yml; run this in the folder of the course.")
    place = out.resolve() if out.name != "_build" else out.resolve().parent
    check_data(root, place / "_build")
    run_notebooks(root, out)
    source = stage(root, place / "_build")
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        source,
        "--path-output",
        place,
        "-W",
        "-n",
        "--keep-going",
        "-q",
    ]
    if subprocess.run(command, cwd=source).returncode:
        raise BuildError("The book has warnings, listed above with file and line; each must be mended.")
    return place / "_build" / "html" / "index.html"


def check_data(root: Path, place: Path | None = None) -> None:
    """Check the tables, unless nothing has changed since they were found good; ``place`` remembers it."""
    if unchanged(root, "data", place):
        return
    found = datacheck.problems()
    if found:
        raise BuildError("The data do not hold:\n" + "\n".join(found))
    remember(root, "data", place)


def run_notebooks(root: Path, out: Path) -> None:
    """Run what the cache lacks; a cell that raises stops the build with the page and the error."""
    cache = (out if out.name == "_build" else out / "_build") / ".jupyter_cache"
    result = run_all(root, cache.resolve())
    print(f"Notebooks: {len(result.done)} run, {len(result.cached)} from the cache.", flush=True)
    if result.failed:
        raise BuildError(
            "\n".join(f"{path.relative_to(root)}: a cell failed: {why}" for path, why in result.failed.items())
        )


def unchanged(root: Path, name: str, place: Path | None = None) -> bool:
    mark = (place or root / "_build") / f"{name}.sha256"
    return mark.exists() and mark.read_text() == fingerprint(root, STAMPS[name])


def remember(root: Path, name: str, place: Path | None = None) -> None:
    write_text((place or root / "_build") / f"{name}.sha256", fingerprint(root, STAMPS[name]))


def serve(folder: Path, port: int) -> None:
    """Serve a built book until interrupted."""
    if not (folder / "index.html").exists():
        raise SystemExit("There is no built book yet: run 'make book' first.")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    print(f"The book is at http://localhost:{port}  (Ctrl+C stops)")
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
