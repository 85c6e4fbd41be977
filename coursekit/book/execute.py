"""Run the course's notebooks once, in parallel, into the cache that the book and the tests both read.

The cache knows a notebook by its code. What the code reads (tables, the two packages) is known here by a fingerprint:
when it changes, the cache is emptied, so that no page ever shows yesterday's data.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

READER = {"name": "myst_nb_md", "type": "plugin"}
WATCHED = ("data/*.csv", "data/*.yaml", "ip4/**/*.py", "coursekit/*.py")
TIMEOUT = 120


@dataclass
class Run:
    """What a run did: paths already in the cache, newly run, and failed (path -> last line of the error)."""

    cached: list[Path]
    done: list[Path]
    failed: dict[Path, str]


def fingerprint(root: Path, patterns=WATCHED) -> str:
    """A hash of all files below root that the patterns name."""
    total = hashlib.sha256()
    for path in sorted({p for pattern in patterns for p in root.glob(pattern) if p.is_file()}):
        total.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return total.hexdigest()


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


def run_all(root: Path, cache_dir: Path) -> Run:
    """Run every notebook that the cache does not hold, two at a time or as many as there are cores."""
    _drop_if_changed(root, cache_dir)
    cache = get_cache(str(cache_dir))
    wanted = {cache.add_nb_to_project(str(path), read_data=READER).pk: path for path in notebooks(root)}
    todo = [record.pk for record in cache.list_unexecuted() if record.pk in wanted]
    cached = [path for pk, path in wanted.items() if pk not in todo]
    if todo:
        load_executor("local-parallel", cache=cache).run_and_cache(filter_pks=todo, timeout=TIMEOUT, force=False)
    failed = {}
    for pk in todo:
        trace = cache.get_project_record(pk).traceback
        if trace:
            failed[wanted[pk]] = last_words(trace)
    return Run(cached, [wanted[pk] for pk in todo if wanted[pk] not in failed], failed)


def last_words(trace: str) -> str:
    """The error of a traceback and the first line of the cell that raised it, without terminal colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", trace).strip().splitlines()
    cell = lines[lines.index(next(line for line in lines if line.startswith("-----"))) + 1] if "cell:" in trace else ""
    return f"{lines[-1]} (in the cell that begins '{cell}')" if cell else lines[-1]


def _drop_if_changed(root: Path, cache_dir: Path) -> None:
    mark = cache_dir / "inputs.sha256"
    now = fingerprint(root)
    if not mark.exists() or mark.read_text() != now:
        shutil.rmtree(cache_dir, ignore_errors=True)
        cache_dir.mkdir(parents=True)
        mark.write_text(now)
