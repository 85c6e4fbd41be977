"""What the pages will need, made while notebooks still run: their kernels are processes of their own.

Each piece is kept where the page that needs it looks first: values in ``expressions``, banks in ``once``, the charts of
notebooks that have ended in the store of ``figures``. A piece that cannot be made is left to its page, which says why.
Once the notebooks have ended nothing more is begun: what a page then lacks, it makes itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import sleep

from coursekit import tables
from coursekit.book import figures, palette
from coursekit.book.live import proofs
from coursekit.book.spec import for_page, words_of
from coursekit.book.staging import stage
from coursekit.charts import MIME
from coursekit.exercises.quizzes import kept_bank
from coursekit.files import read_yaml
from coursekit.ledger import claims

PAUSE = 0.2  # seconds between two looks for a notebook that has ended

Piece = Callable[[], object]


def work(root: Path, place: Path, ended: Callable[[], bool]) -> int:
    """Make one piece after the other until all notebooks have ``ended``; how many were begun. Raises nothing of theirs.

    ``root``: the course; ``place``: the folder of the built book.
    """
    begun = 0
    for piece in pieces(root, place):
        if ended():
            break
        begun += 1
        with suppress(Exception):  # the page that needs it meets the same fault, and names it with its place
            piece()
    return begun


def pieces(root: Path, place: Path) -> Iterator[Piece]:
    """All that can be made ahead; without end, because notebooks may go on ending."""
    yield partial(proofs.begin, root)
    yield partial(stage, root, place)
    yield partial(know_colours, root)
    seen: set[Path] = set()
    for piece in _computed(root):
        yield piece
        yield from _charts(place, seen)
    while True:
        yield partial(sleep, PAUSE)
        yield from _charts(place, seen)


def _computed(root: Path) -> Iterator[Piece]:
    """The numbers of the ledger and the banks of questions."""
    for row in tables.load("claim_numbers").itertuples() if "claim_numbers" in tables.names() else ():
        yield partial(claims.number, row)
    for path in sorted((root / "exercises" / "quizzes").glob("*.yml")):
        yield partial(kept_bank, path)


def know_colours(root: Path) -> None:
    """Name the course's colours, as Sphinx does when it begins: charts are drawn with them."""
    config = read_yaml(root / "_config.yml").get("sphinx", {}).get("config", {})
    if config.get("course_palette"):
        palette.register(config["course_palette"])


def _charts(place: Path, seen: set[Path]) -> Iterator[Piece]:
    """The charts of notebooks that have ended since the last look, which ``seen`` remembers."""
    for path in sorted(set((place / ".jupyter_cache" / "executed").glob("*/base.ipynb")) - seen):
        with suppress(ValueError):  # of a file that is not whole yet: the next look finds it
            found = charts(path)
            seen.add(path)
            yield from (partial(draw, spec, place) for spec in found)


def charts(ran: Path) -> list[dict]:
    """The specifications of the figures in a notebook as it ran. Raises ValueError for a file that is not whole."""
    cells = json.loads(ran.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]


def draw(spec: dict, place: Path) -> None:
    """Draw a figure as its page will: the chart and its pictures, into the store below ``place``."""
    page_spec, words = for_page(spec, words_of(spec))
    figures.chart_file(page_spec, figures.store_in(place), words["name"])
