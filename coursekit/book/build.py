"""Build the book from a checkout: pages from tables, notebooks into the cache, Sphinx with every warning an error.

Each part does only what has changed since it last went well: tables and figures (``coursekit.data.incremental``),
notebooks (``execute``), pages (Sphinx and ``uses``); they work side by side (``together``). When nothing has changed at
all, nothing is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from coursekit.book.together import Enough, Notebooks, Tables, Together, together
from coursekit.data.inputs import Inputs, digest
from coursekit.errors import CourseKitError
from coursekit.files import write_json

BUILT = "built.json"
LOCK = "building"
DRAWN = ".doctrees"  # where Sphinx keeps the pages that it has read
# Folders and files of a checkout that no page is made from.
ELSEWHERE = ("_build", "tests", "bench", "binder", "__pycache__", "Makefile")
SETTINGS = ("COURSE_REPOSITORY", "COURSE_SITE")


class BuildError(CourseKitError):
    """The book cannot be built; the message says what is wrong and where."""


def build(root: Path, out: Path, say: Callable[[str], None] = print) -> Path:
    """Build the HTML book below ``out`` and return its first page; ``say`` is told of each step. Raises BuildError."""
    if not (root / "_config.yml").exists():
        raise BuildError(f"{root.name} holds no _config.yml; run this in the folder of the course.")
    place = out.resolve() if out.name == "_build" else out.resolve() / "_build"
    first = place / "html" / "index.html"
    with alone(place):
        made_from = everything(root)
        if first.exists() and _read(place / BUILT) == [made_from, _listing(place / "html")]:
            say("Nothing has changed since the last build.")
            return first
        (place / BUILT).unlink(missing_ok=True)
        _build(root, place, say)
        write_json(place / BUILT, [made_from, _listing(place / "html")])
    return first


def _build(root: Path, place: Path, say: Callable[[str], None]) -> None:
    from coursekit.book.live import proofs
    from coursekit.data import expressions

    values = expressions.keep(place / "expressions.json")
    say("Checking the tables, running the notebooks and drawing the pages ...")
    try:
        with together(root, place, say) as work:
            if not (place / DRAWN).exists():
                proofs.begin(root)
            _draw_beside(work, root, place)
    finally:
        proofs.end()
        values.save()


def _draw_beside(work: Together, root: Path, place: Path) -> None:
    """Draw the pages while the tables are checked and the notebooks run.

    Raises BuildError: first of the tables' faults, then of the notebooks', then of the pages'. What comes later may
    only follow from what came before.
    """
    try:
        draw_pages(root, place)
    except (Exception, Enough):
        refuse_tables(work.tables)
        refuse_notebooks(work.notebooks)
        raise
    refuse_notebooks(work.notebooks)


def refuse_tables(check: Tables) -> None:
    """Wait for the check of the tables and their archive. Raises BuildError with all that the check found."""
    check.wait()
    if check.problems:
        raise BuildError("The data do not hold:\n" + "\n".join(check.problems))


def refuse_notebooks(run: Notebooks) -> None:
    """Wait for the notebooks. Raises BuildError with each page of which a cell raised, and the error."""
    run.wait()
    if run.failed:
        raise BuildError("\n".join(f"{page}: a cell failed: {why}" for page, why in run.failed.items()))


def draw_pages(root: Path, place: Path) -> None:
    """Let Jupyter Book draw the pages; every warning is an error. Raises BuildError."""
    from jupyter_book.sphinx import build_sphinx

    from coursekit.book.staging import stage

    source = stage(root, place)
    answer = build_sphinx(
        source,
        place / "html",
        noconfig=True,
        path_config=source / "_config.yml",
        confoverrides={"external_toc_path": str(source / "_toc.yml"), "nitpicky": True, "latex_individualpages": False},
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if answer:
        raise BuildError("The book has warnings, listed above with file and line; each must be mended.")


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Keep a second build out of the folder while this one writes there. Raises BuildError for the second."""
    place.mkdir(parents=True, exist_ok=True)
    with open(place / LOCK, "a+", encoding="utf-8") as file:
        if not _locked(file):
            file.seek(0)
            who = file.read().strip()
            raise BuildError(
                f"Another build is at work in {place} (process {who or 'unknown'}); build again when it has ended."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(file) -> bool:
    """Lock an open file for this process; the system lifts the lock when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows has another way
        import msvcrt

        lock = partial(msvcrt.locking, file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        lock = partial(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        lock()
    except OSError:
        return False
    return True


def everything(root: Path) -> str:
    """One digest of all that a book is made from: files, this package, installed packages, settings, the day."""
    inputs, package = Inputs(root), Path(__file__).parents[1]
    files = [*_files(root), *(path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")]
    facts = [f"{path} {inputs.now(f'file:{path}')}" for path in files]
    settings = [f"{name} {os.environ.get(name, '')}" for name in SETTINGS]
    # A table grows stale, and a page then says so, on a certain day.
    return digest("\n".join([*facts, *settings, inputs.environment(), str(date.today())]).encode())


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in ELSEWHERE)
        yield from (Path(folder, name) for name in sorted(files) if not name.startswith(".") and name not in ELSEWHERE)


def _listing(folder: Path) -> str:
    """A digest of the names, sizes and times of a folder's files: a page that is lost or changed by hand comes back."""
    found = sorted((str(path), path.stat()) for path in folder.rglob("*"))
    return digest("\n".join(f"{path} {about.st_size} {about.st_mtime_ns}" for path, about in found).encode())


def _read(path: Path) -> list:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []


def write_notebooks(root: Path, folder: Path, say: Callable[[str], None] = print) -> list[Path]:
    """Write every page with code as a clean notebook and a zip into ``folder``; the files. Needs no built page."""
    from coursekit.book.notebooks.write import Shelf

    place = root / "_build"
    with alone(place), closing(Notebooks(root, place, say)) as run:
        refuse_notebooks(run)
        return Shelf(root, place, os.environ.get("COURSE_SITE", "")).write(folder)


def serve(folder: Path, port: int) -> None:
    """Serve a built book until interrupted. Raises BuildError when there is none."""
    if not (folder / "index.html").exists():
        raise BuildError("There is no built book yet: run 'make book' first.")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    print(f"The book is at http://localhost:{port}  (Ctrl+C stops)", flush=True)
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
