"""Write the notebooks and zips of a built book; one that is made from the same as last time is left as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import count
from pathlib import Path

import nbformat

from coursekit import tables
from coursekit.book.card import CARD, parse
from coursekit.book.execute import KEPT, notebooks
from coursekit.book.notebooks.clean import WHERE, clean
from coursekit.book.notebooks.pack import pack, reader_wheel
from coursekit.book.notebooks.page import Book, NotebookError
from coursekit.book.site import keep_only
from coursekit.data.inputs import digest
from coursekit.files import read_yaml, write_bytes, write_json

CACHE = ".jupyter_cache"
CODE = (".py", ".txt")


class Shelf:
    """The notebooks of a checkout that was built below ``built``. ``site``: the published address, or empty."""

    def __init__(self, root: Path, built: Path, site: str = ""):
        self.root, self.built, self.book = root, built, Book(root, site)

    def write(self, folder: Path) -> list[Path]:
        """Write what has changed into ``folder``; the notebooks and zips of all pages, which then stand there.

        A file that somebody has changed by hand is moved to a name beside it, never written over. Raises NotebookError,
        and then leaves every file as it was.
        """
        record = self.built / f"notebooks-{digest(str(folder.resolve()).encode())}.json"
        before = _read(record)
        keys = {page.stem: self.key(page) for page in self.pages}
        stale = [page for page in self.pages if not self._stands(page, folder, before.get("keys", {}), keys)]
        made = {name: content for page in stale for name, content in self.files(page)}
        written = before.get("written", {}) | {name: digest(content) for name, content in made.items()}
        for name, content in made.items():
            spare(folder / name, {before.get("written", {}).get(name), written[name]})
            write_bytes(folder / name, content)
        write_json(record, {"keys": keys, "written": written})
        return [folder / f"{page.stem}{suffix}" for page in self.pages for suffix in self.suffixes]

    @cached_property
    def pages(self) -> list[Path]:
        return notebooks(self.root)

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """What a page gives: a notebook, and a zip where the checkout holds the reader that goes into it."""
        return (".ipynb", ".zip") if (self.root / "pyproject.toml").exists() else (".ipynb",)

    def _stands(self, page: Path, folder: Path, before: dict, keys: dict) -> bool:
        """Whether a page's files are there, made from what holds now."""
        there = all((folder / f"{page.stem}{suffix}").exists() for suffix in self.suffixes)
        return there and before.get(page.stem) == keys[page.stem]

    def files(self, page: Path) -> Iterator[tuple[str, bytes]]:
        """The notebook of a page and its zip, by file name."""
        ran = self.built / CACHE / "executed" / self.record(page)["key"] / "base.ipynb"
        notebook = clean(page, ran, self.book)
        content = nbformat.writes(notebook).encode()
        yield f"{page.stem}.ipynb", content
        if ".zip" in self.suffixes:
            yield f"{page.stem}.zip", pack(page.stem, content, self.tables(page), self.root, self.course, self.wheel)

    @cached_property
    def wheel(self) -> tuple[str, bytes]:
        """File name and content of the reader's wheel, made once for all zips."""
        return reader_wheel(self.root)

    @cached_property
    def course(self) -> str:
        return str(read_yaml(self.root / "_config.yml")["title"])

    def record(self, page: Path) -> dict:
        """What the cache of notebooks knows of a page. Raises NotebookError for one that has not been run."""
        inside = page.relative_to(self.root).as_posix()
        if inside not in self._runs:
            raise NotebookError(f"{inside}: this page has not been run yet; run 'make book' first.")
        return self._runs[inside]

    def tables(self, page: Path) -> set[str]:
        """The tables that a page's cells read when they ran, and those that its card names."""
        read = {Path(fact).name.removesuffix(".csv") for fact in self.record(page)["inputs"] if fact.endswith(".csv")}
        found = CARD.search(page.read_text(encoding="utf-8"))
        return read | set(parse(found[1], page.name)["tables"] if found else ())

    @property
    def was_run(self) -> bool:
        """Whether ``course book build`` ran the pages; a build by bare Sphinx leaves no record of what they read."""
        return bool(self._runs)

    @cached_property
    def _runs(self) -> dict:
        return _read(self.built / CACHE / KEPT)

    def key(self, page: Path) -> str:
        """A digest of all that a page's notebook and zip are made from."""
        own = [page.read_bytes(), self.record(page)["outputs"].encode(), repr(sorted(self.tables(page))).encode()]
        return digest(b"\n".join([self._shared, *own]))

    @cached_property
    def _shared(self) -> bytes:
        """What all notebooks are made from: tables, code, banks, works, and the headings that texts refer to."""
        files = [*self._below("exercises/quizzes"), *self._code(), *tables.data_dir().iterdir()]
        known = [self.root / "references.bib", self.root / "_config.yml", self.root / "pyproject.toml", *sorted(files)]
        texts = [digest(path.read_bytes()) for path in known if path.is_file()]
        return repr([texts, self.book.site, sorted(self.book.labels.items())]).encode()

    def _code(self) -> list[Path]:
        packages = [path.parent for path in self.root.glob("*/__init__.py")]
        return [path for package in packages for path in self._below(package.name) if path.suffix in CODE]

    def _below(self, folder: str) -> list[Path]:
        return sorted(path for path in (self.root / folder).rglob("*") if path.is_file())


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def spare(path: Path, ours: set[str | None]) -> None:
    """Move a file away that is not one of ours (by digest): somebody has worked in it."""
    if path.exists() and digest(path.read_bytes()) not in ours:
        free = (path.with_stem(f"{path.stem}-yours{number or ''}") for number in count())
        path.rename(next(name for name in free if not name.exists()))


def publish(app, error) -> None:
    """Sphinx: write the notebooks beside the pages."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, WHERE)
    folder.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(Path(app.srcdir), Path(app.outdir).parent, app.config.html_baseurl)
    files = shelf.write(folder) if shelf.was_run else []  # bare Sphinx keeps no record of runs
    keep_only(folder, {file.name for file in files})


def setup(app) -> None:
    app.connect("build-finished", publish)
