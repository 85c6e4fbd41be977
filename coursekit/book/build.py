"""Build the book from a checkout: pages from tables, notebooks into the cache, Sphinx with every warning an error."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from coursekit.book.execute import fingerprint, run_all
from coursekit.book.exercise_pages import write_exercise_pages
from coursekit.book.pages import write_table_pages
from coursekit.data import check as datacheck
from coursekit.errors import CourseKitError

STAMPS = {"data": ("data/*", "coursekit/tables.py", "coursekit/datacheck.py", "ip4/**/*.py")}


class BuildError(CourseKitError):
    """The book cannot be built; the message says what is wrong and where."""


def build(root: Path, out: Path) -> Path:
    """Build the HTML book below ``out`` and return its first page. Raises BuildError."""
    if not (root / "_config.yml").exists():
        raise BuildError(f"{root.name} holds no _config.yml; run this in the folder of the course.")
    check_data(root)
    write_table_pages(root)
    write_exercise_pages(root)
    run_notebooks(root, out)
    place = out.resolve() if out.name != "_build" else out.resolve().parent
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        root,
        "--path-output",
        place,
        "-W",
        "-n",
        "--keep-going",
        "-q",
    ]
    if subprocess.run(command, cwd=root).returncode:
        raise BuildError("The book has warnings, listed above with file and line; each must be mended.")
    return place / "_build" / "html" / "index.html"


def check_data(root: Path) -> None:
    """Check the tables, unless nothing has changed since they were found good."""
    if unchanged(root, "data"):
        return
    found = datacheck.problems()
    if found:
        raise BuildError("The data do not hold:\n" + "\n".join(found))
    remember(root, "data")


def run_notebooks(root: Path, out: Path) -> None:
    """Run what the cache lacks; a cell that raises stops the build with the page and the error."""
    cache = (out if out.name == "_build" else out / "_build") / ".jupyter_cache"
    result = run_all(root, cache.resolve())
    print(f"Notebooks: {len(result.done)} run, {len(result.cached)} from the cache.", flush=True)
    if result.failed:
        raise BuildError(
            "\n".join(f"{path.relative_to(root)}: a cell failed: {why}" for path, why in result.failed.items())
        )


def unchanged(root: Path, name: str) -> bool:
    mark = root / "_build" / f"{name}.sha256"
    return mark.exists() and mark.read_text() == fingerprint(root, STAMPS[name])


def remember(root: Path, name: str) -> None:
    mark = root / "_build" / f"{name}.sha256"
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(fingerprint(root, STAMPS[name]))


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
