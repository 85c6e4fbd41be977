"""The item analysis as a page that stands alone, and as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from markupsafe import Markup

from coursekit.files import write_text
from coursekit.grading.intake.safe_text import safe, sentence
from coursekit.grading.marks.analysis import Analysis
from coursekit.grading.marks.html import asset, render

COLUMNS = ("kind", "question", "name", "of", "n", "difficulty", "discrimination", "blank")
AGREEMENT = {"pairs": "marked_twice", "exact": "same_points", "apart": "mean_difference"}


def write_page(path: Path, found: Analysis) -> None:
    """Write the page whole or not at all; it loads nothing."""
    style = Markup(asset("analysis.css"))
    write_text(path, render("analysis.html", found=found, style=style, sentence=lambda text: Markup(sentence(text))))


def write_csv(path: Path, found: Analysis) -> None:
    """Write one line an item: shares from 0 to 1, points as points, blank where nothing is known."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    wrong = [f"{what}_{place}" for place in (1, 2, 3) for what in ("wrong", "wrong_n")]
    writer.writerow([*COLUMNS, *wrong, *AGREEMENT.values()])
    for item in found.items:
        sentences = [value for pair in item.wrong for value in pair]
        sentences += [None] * (6 - len(sentences))
        values = [getattr(item, name) for name in COLUMNS] + sentences + [getattr(item, name) for name in AGREEMENT]
        writer.writerow([_cell(value) for value in values])
    write_text(path, out.getvalue())


def _cell(value):
    if value is None:
        return ""
    return f"{round(value, 4):g}" if isinstance(value, (int, float)) else safe(value)
