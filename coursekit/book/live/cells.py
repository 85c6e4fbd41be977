"""The code cells of a page, in their order, as its text has them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from coursekit.book import reading

HIDDEN = "remove-cell"
ONLY_BUILD = re.compile(r"^\s*glue\(", re.M)


class Cell(NamedTuple):
    """A cell's code and its tags."""

    code: str
    tags: tuple[str, ...]

    @property
    def seen(self) -> bool:
        """Whether the page shows the cell."""
        return HIDDEN not in self.tags


def cells_of(page: Path) -> list[Cell]:
    """The code cells of a page's text, from the first."""
    parts = reading.parts(page.read_text(encoding="utf-8"))
    return [_cell(block) for part in parts for block in part.blocks if block.name == "code-cell"]


def _cell(block: reading.Block) -> Cell:
    tags = re.findall(r"[\w-]+", block.options.get("tags", ""))
    return Cell(block.body.strip("\n"), tuple(tags))
