"""Run the course's notebooks in parallel, into the cache that the book and the tests both read.

The cache of jupyter-cache knows a notebook by its code. What the code reads is known here: while a notebook runs, its
kernel notes the tables, files and modules it uses (``recorder.py``), and ``inputs.json`` beside the cache keeps their
digests. A notebook runs again when its code, a file it reads or a function it can reach has changed, and only then: no
page shows yesterday's data, and an edit of one table or one measure runs only the pages that use it.
"""

from __future__ import annotations

import ast
import asyncio
import copy
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event
from time import perf_counter

from coursekit.beside import Tell, tell_parent
from coursekit.book.kernels import Kernels, begins_with
from coursekit.book.warm import RECORDER as NOTES
from coursekit.data.inputs import GONE, Inputs, digest
from coursekit.data.reach import names_of, reach
from coursekit.files import write_json

READER = {"name": "myst_nb_md", "type": "plugin"}
RECORDER = Path(__file__).with_name("recorder.py")
KEPT = "inputs.json"
FORM = 2  # of the records; counts up when what is kept changes, and old records are then nobody's
NOTHING: dict[str, list[str]] = {"files": [], "folders": [], "modules": []}
TIMEOUT = 120


@dataclass
class Run:
    """What a run did: paths already in the cache, newly run, and failed (path -> last line of the error)."""

    cached: list[Path] = field(default_factory=list)
    done: list[Path] = field(default_factory=list)
    failed: dict[Path, str] = field(default_factory=dict)


def pages(root: Path) -> list[Path]:
    """Every page of the book: front page and chapters, without the copies that JupyterLab keeps in hidden folders."""
    found = sorted((root / "chapters").rglob("*.md"))
    return [
        root / "index.md",
        *(page for page in found if not any(part.startswith(".") for part in page.relative_to(root).parts)),
    ]


def notebooks(root: Path) -> list[Path]:
    """Every page of the book that has code."""
    return [page for page in pages(root) if "```{code-cell}" in page.read_text(encoding="utf-8")]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(root: Path, cache_dir: Path, tell: Tell = lambda _news: None, stop: Event | None = None) -> Run:
    """Run every notebook that is new or whose inputs changed, as many at a time as there are processors.

    ``tell`` is told first the names of the pages ``todo``, in their order, then of each ``page`` that ends its
    ``seconds`` and either what ``failed`` or the digest of its ``outputs``, at last how many have ``run`` and how many
    were ``cached``. Once ``stop`` is set, none begins. The outcome names pages by path; a page that fails is run again
    next time. Raises nothing for a failing cell: see ``Run.failed``.
    """
    store = Store(root, cache_dir)
    wanted = notebooks(root)
    todo = [path for path in wanted if not store.holds(path)]
    run = Run(cached=[path for path in wanted if path not in todo])
    order = sorted(todo, key=lambda path: -store.seconds(path))
    for path in todo:
        store.forget(path)
    tell({"todo": [store.name(path) for path in order]})
    if todo:
        # in a thread of its own: the caller may have an event loop, as a notebook or a browser test has
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, _run_each(store, order, run, tell, stop or Event())).result()
    store.keep_only(wanted)
    tell({"run": len(run.done), "cached": len(run.cached)})
    return run


class Store:
    """The cache of notebooks and, beside it, what each was made from."""

    def __init__(self, root: Path, cache_dir: Path):
        self.root, self.folder = root, cache_dir
        self.inputs = Inputs(root)
        self.known: dict[str, dict] = self._read()
        self._before = copy.deepcopy(self.known)

    def _read(self) -> dict:
        """What is kept; without it nobody knows what the cache's results were made from, so they go."""
        try:
            found = json.loads((self.folder / KEPT).read_text(encoding="utf-8"))
            return {name: record for name, record in found.items() if record.get("form") == FORM}
        except (FileNotFoundError, ValueError):
            shutil.rmtree(self.folder, ignore_errors=True)
            return {}

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def holds(self, path: Path) -> bool:
        """True when the cache holds this notebook, made from all that it reads as it is now."""
        kept = self.known.get(self.name(path))
        if not kept or self.inputs.changed(kept["inputs"]) or not self._code_holds(kept["code"]):
            return False
        page = self.inputs.now(f"file:{self.name(path)}")
        if page == kept["page"]:
            return self._result(kept["key"]).exists()
        if self.key(read(path)) != kept["key"] or not self._result(kept["key"]).exists():
            return False
        kept["page"] = page  # the text around the code has changed, the code has not
        return True

    def _code_holds(self, code: dict) -> bool:
        """Whether nothing that a notebook can reach in the course's modules has changed."""
        files = self._digests(code["files"])
        if files == code["files"]:
            return True
        if GONE in files.values() or self._reach(code["names"], files) != code["reach"]:
            return False
        code["files"] = files  # only what it cannot reach has changed
        return True

    def _digests(self, files) -> dict[str, str]:
        return {file: self.inputs.now(f"file:{file}") for file in sorted(files)}

    def _reach(self, names: list[str], files) -> str:
        try:
            return reach(names, [str(self.root.resolve() / file) for file in files]).digest()
        except SyntaxError:
            return ""

    def key(self, notebook) -> str:
        """The name by which jupyter-cache knows a notebook's code."""
        return self.cache.create_hashed_notebook(notebook)[1]

    def seconds(self, path: Path) -> float:
        """How long a notebook took last time; a new one may take long."""
        return self.known.get(self.name(path), {}).get("seconds", TIMEOUT)

    @cached_property
    def cache(self):
        from jupyter_cache import get_cache  # brings SQLAlchemy: only when a notebook is new

        return get_cache(str(self.folder))

    def _result(self, key: str) -> Path:
        return self.folder / "executed" / key / "base.ipynb"

    def add(self, path: Path, key: str, notebook, report: dict, seconds: float) -> None:
        """Keep a notebook that ran, with the digests of what it read and of what it can reach."""
        from jupyter_cache.base import CacheBundleIn

        bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
        self.cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        self.known[self.name(path)] = {
            "form": FORM,
            "page": self.inputs.now(f"file:{self.name(path)}"),
            "key": key,
            "seconds": round(seconds, 1),
            "outputs": digest(json.dumps([cell.get("outputs") for cell in notebook.cells], sort_keys=True).encode()),
            "inputs": self.inputs.record(self.inputs.facts(report)),
            "code": self._code_of(cells(notebook), self.inputs.code(report)),
        }

    def _code_of(self, sources: list[str], files: list[str]) -> dict:
        names = names_of(sources)
        return {"files": self._digests(files), "names": names, "reach": self._reach(names, files)}

    def forget(self, path: Path) -> None:
        """Take an old result away before the new run: should that fail, nothing can show the old one."""
        from jupyter_cache.cache.db import NbCacheRecord

        for key in {self.known.pop(self.name(path), {}).get("key", ""), self.key(read(path))}:
            with suppress(KeyError):
                self.cache.remove_cache(NbCacheRecord.record_from_hashkey(key, self.cache.db).pk)

    def keep_only(self, paths: list[Path]) -> None:
        """Write the records of these pages, if anything changed."""
        names = {self.name(path) for path in paths}
        kept = {name: record for name, record in sorted(self.known.items()) if name in names}
        if kept != self._before:
            write_json(self.folder / KEPT, kept)


def kept_outputs(cache_dir: Path) -> dict[str, str]:
    """A digest of what each page's code gave, by docname: a page is drawn anew when it changes."""
    kept = cache_dir / KEPT
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return {name.removesuffix(".md"): record["outputs"] for name, record in known.items()}


def read(path: Path):
    """A page as a notebook, as MyST-NB reads it."""
    from myst_nb.core.read import myst_nb_reader_plugin

    return myst_nb_reader_plugin(str(path))


async def _run_each(store: Store, order: list[Path], run: Run, tell: Tell, stop: Event) -> None:
    """Run notebooks side by side, begun in this order."""
    places = asyncio.Semaphore(cores())
    books = {path: read(path) for path in order}
    env = {**os.environ, "COURSE_ROOT": str(store.root.resolve())}
    kernels = Kernels(env, {path: begins_with(cells(book)) for path, book in books.items()})

    async def one(path: Path) -> None:
        async with places:
            if stop.is_set():
                return
            start = perf_counter()
            trace = await _run(store, path, books.pop(path), kernels, start)
        news = {"page": store.name(path), "seconds": perf_counter() - start}
        if trace:
            run.failed[path] = last_words(trace)
            tell(news | {"failed": run.failed[path]})
        else:
            run.done.append(path)
            tell(news | {"outputs": store.known[store.name(path)]["outputs"]})

    try:
        await asyncio.gather(*(one(path) for path in order))
    finally:
        kernels.close()


def cells(notebook) -> list[str]:
    """The cells of code that are not empty."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


async def _run(store: Store, path: Path, notebook, kernels: Kernels, start: float) -> str:
    """Run one notebook and keep it; the traceback of a failing cell, or the empty text."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Times in the cells would change the key, and make two builds differ. On a busy machine a cell's outputs may come
    # seconds after its end: they are waited for, and never given up in silence.
    client = NotebookClient(
        notebook, timeout=TIMEOUT, iopub_timeout=TIMEOUT, raise_on_iopub_timeout=True, record_timing=False,
        resources={"metadata": {"path": str(path.parent)}}, kernel_manager_class=kernels.manager(path),
    )  # fmt: skip
    report: dict = {}

    async def begin(cell, cell_index) -> None:
        if not report:
            text = RECORDER.read_text(encoding="utf-8")
            begun = f"vars(__import__('sys').modules['{NOTES}'])"
            new = f"exec({text!r}, _course := {{}})"
            known = f"'{NOTES}' in __import__('sys').modules"
            report["begun"] = await _ask(client, f"(_course := {begun}) and 0 if {known} else {new}")

    async def end(cell, cell_index, execute_reply) -> None:
        if cell_index == last:
            report.update(json.loads(ast.literal_eval(await _ask(client, "_course['report']()"))))

    client.on_cell_execute, client.on_cell_executed = begin, end
    code = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    last = max(code, default=-1)
    try:
        # What the kernel's own program grumbles (a notice on encryption) is no matter of the book's.
        await client.async_execute(env=kernels.env, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return str(error)
    store.add(path, store.key(notebook), notebook, report if code else NOTHING, perf_counter() - start)
    return ""


async def _ask(client, expression: str) -> str:
    """The repr of an expression in the kernel; leaves no trace in the notebook and counts no cell."""
    message = client.kc.execute("", silent=True, store_history=False, user_expressions={"it": expression})
    reply = await client.kc.get_shell_msg(timeout=TIMEOUT)
    while reply["parent_header"].get("msg_id") != message:
        reply = await client.kc.get_shell_msg(timeout=TIMEOUT)
    answer = reply["content"]["user_expressions"]["it"]
    if answer["status"] != "ok":
        raise RuntimeError(f"the recorder failed in the kernel: {answer}")
    return answer["data"]["text/plain"]


def last_words(trace: str) -> str:
    """The error of a traceback and the first line of the cell that raised it, without terminal colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", trace).strip().splitlines()
    rule = next((place for place, line in enumerate(lines) if line.startswith("-----")), None)
    return f"{lines[-1]} (in the cell that begins '{lines[rule + 1]}')" if rule is not None else lines[-1]


if __name__ == "__main__":  # the process of coursekit.book.together that runs the notebooks
    tell_parent(lambda tell, stop: run_all(Path(sys.argv[1]), Path(sys.argv[2]), tell, stop) and None)
