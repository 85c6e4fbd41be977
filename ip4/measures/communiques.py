"""NATO's summit texts by paragraph: how much they say on China, and where it stands.

No summit text was at hand whole. The counts are those that others published, and passages that were read.
Sources: ``published_counts``, ``text_passages``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures.words import published

COUNTED = {
    "nato_2021_brussels": "Brussels 2021",
    "nato_2023_vilnius": "Vilnius 2023",
    "nato_2025_hague": "The Hague 2025",
}
VILNIUS = "Vilnius Summit Communiqué"
CHINA = r"China|PRC"


def on_china(document: str) -> int:
    """Words on China in a summit text as published; 0 where it is known not to name China. ``published_counts``."""
    rows = load("published_counts").query("doc_id == @document and term == 'china' and scope == 'whole text'")
    silent = (rows[rows.measure == "mentions"].value == 0).any()
    return 0 if silent else published(document, "china", "words_on_topic", by="publication")


def china_paragraphs(document: str) -> list[int]:
    """Numbers of the paragraphs that treat China, as far as they were read; [] where none does or none was read.

    Sources: ``published_counts`` (the part that the course counted), for Vilnius ``text_passages``.
    """
    if document == "nato_2023_vilnius":
        rows = load("text_passages").query("document == @VILNIUS")
        return sorted(rows.paragraph[rows.says.str.contains(CHINA)].astype(int))
    rows = load("published_counts").query(
        "doc_id == @document and measure == 'words_on_topic' and counted_by == 'course'"
    )
    numbers = rows.scope.str.extractall(r"(\d+)")[0].astype(int)
    return list(range(numbers.min(), numbers.max() + 1)) if len(numbers) else []


def place(document: str) -> float:
    """Where the passage on China begins: paragraphs up to and with its first, in percent of all paragraphs.

    Sources: ``published_counts``, ``text_passages``.
    """
    return 100 * china_paragraphs(document)[0] / published(document, measure="paragraphs")


def by_paragraph() -> pd.DataFrame:
    """Three summit texts: text, paragraphs, first and last (of the passage on China; missing without one), words, said.

    words: words on China. said: the same, as the chart writes it. Sources: ``published_counts``, ``text_passages``.
    """
    found = [_row(document, name) for document, name in COUNTED.items()]
    return pd.DataFrame(found, columns=["text", "paragraphs", "first", "last", "words", "said"])


def _row(document: str, name: str) -> tuple:
    total, words, where = published(document, measure="paragraphs"), on_china(document), china_paragraphs(document)
    said = f"{words} words on China" if words else "no word on China"
    first, last = (where[0], where[-1]) if where else (None, None)
    return name, total, first, last, words, said


def words_on_china() -> pd.Series:
    """Words on China in three summit texts, indexed by text. Sources as in ``by_paragraph``."""
    return by_paragraph().set_index("text").words
