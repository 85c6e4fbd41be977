"""Words on a topic in summit texts: the course's own counts of American texts and the counts that others published."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.models.words import count_terms

REGION = ["indo_pacific", "asia_pacific"]


def on_the_region(*documents: str) -> int:
    """How often texts name the Indo-Pacific or the Asia-Pacific, counted by the course. Source: ``mentions``.

    documents: ids of American texts whose whole text was counted. Raises TableError for a text without a count.
    """
    rows = load("mentions")
    unknown = set(documents) - set(rows.doc_id)
    if unknown:
        raise TableError(f"mentions: no count of {', '.join(sorted(unknown))}; see the table for the texts counted.")
    return int(rows["count"][rows.doc_id.isin(documents) & rows.term.isin(REGION)].sum())


def region_per_thousand(document: str) -> float:
    """Mentions of the region for each 1,000 words of a text. Sources: ``mentions``, ``documents``."""
    return float(1000 * on_the_region(document) / load("documents").set_index("doc_id").words[document])


def published(
    document: str,
    term: str | None = None,
    measure: str = "mentions",
    *,
    scope: str = "whole text",
    by: str | None = None,
) -> int:
    """One published count of a NATO text. Source: ``published_counts``.

    term: a term of the lexicon, or None for the length of the text. measure: "mentions", "words_on_topic" (words of the
    passages on it), "words" or "paragraphs". by: "publication" or "course", where both counted. Raises TableError
    when no row fits, or several that differ.
    """
    rows = load("published_counts").query("doc_id == @document and measure == @measure and scope == @scope")
    rows = rows[rows.term.isna() if term is None else rows.term == term]
    rows = rows if by is None else rows[rows.counted_by == by]
    if rows.value.nunique() != 1:
        found = ", ".join(map(str, rows.value)) or "none"
        raise TableError(f"published_counts: the counts of {term or measure} in {document} are {found}; one must be.")
    return int(rows.value.iloc[0])


def per_paragraph(document: str, term: str = "china") -> float:
    """Words on a topic for each paragraph of a NATO text. Source: ``published_counts``."""
    return published(document, term, "words_on_topic") / published(document, measure="paragraphs")


def published_per_thousand(document: str, term: str) -> float:
    """Mentions of a term for each 1,000 words of a NATO text. Source: ``published_counts``."""
    return 1000 * published(document, term) / published(document, measure="words")


def rise(first: str, last: str, term: str = "china") -> float:
    """Rise of the words on a topic from one NATO text to another, as published, in percent. ``published_counts``."""
    before, after = (published(text, term, "words_on_topic", by="publication") for text in (first, last))
    return 100 * (after / before - 1)


def outside(document: str, term: str, part: str) -> int:
    """Mentions of a term in a NATO text that are not in one part of it. Source: ``published_counts``."""
    return published(document, term) - published(document, term, scope=part)


def mentioned(document: str, term: str) -> int:
    """How often a term of the lexicon stands in an American text that was counted whole. Source: ``mentions``."""
    return int(load("mentions").set_index(["doc_id", "term"])["count"][(document, term)])


def counts_of(document: str, term: str) -> pd.Series:
    """All published counts of mentions of a term in a whole NATO text, one a publication. ``published_counts``."""
    rows = load("published_counts").query("doc_id == @document and term == @term and measure == 'mentions'")
    return rows.value[rows.scope == "whole text"].reset_index(drop=True)


def matches(term: str, text: str) -> int:
    """How often the pattern of a term of the ``lexicon`` matches in a text, by the course's rules of counting."""
    return int(count_terms(text, load("lexicon"))[term])


def texts_off_their_meeting(issuer: str, days: int = 0) -> int:
    """Texts of an issuer dated more than ``days`` days outside of their meeting. ``documents``, ``summits``."""
    both = load("documents").query("issuer == @issuer").merge(load("summits"), on="summit_id")
    early = (both.start_date - both.date).dt.days
    late = (both.date - both.end_date).dt.days
    return int(((early > days) | (late > days)).sum())


def texts_not_counted_once() -> int:
    """Whole texts of ``documents`` that do not have exactly one count of each term of ``lexicon`` in ``mentions``."""
    counted = load("mentions").groupby("doc_id").term.nunique()
    wanted = load("documents").query("whole_text_counted").doc_id
    return int((counted.reindex(wanted) != len(load("lexicon"))).sum())
