"""Counts of the lexicon in whole official texts, for the tables ``mentions`` and ``documents``.

A text is counted only when it looks whole. Signs of a part, or of a page that holds more than the text, lead to a
refusal: few words, an end that breaks off, a missing title, fewer words or paragraphs than published, far fewer
mentions than published, or far more words.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.tables import load, manifest
from ip4.models.words import count_terms, count_words

MIN_WORDS = 250  # the shortest summit declaration has over 400
BREAKS_OFF = re.compile(r"(\.\.\.|…|\[…\]|read more|continue reading|show more)\W*$", re.I)
SHORT, LONG = 0.9, 1.25  # words of a whole text as a share of the published number
PARAGRAPH = re.compile(r"^\s*(\d{1,3})[.)]?(?:\s|$)", re.M)


def count(texts: dict[str, str], table: pd.DataFrame) -> dict:
    """Count whole texts; returns ``editions`` (tables to write, empty when no text is whole) and ``report`` (lines).

    texts: doc_id -> plain text, one block a line. table: the mentions so far; counts of the same documents are
    replaced.
    """
    documents, lexicon, published = load("documents").set_index("doc_id"), load("lexicon"), load("published_counts")
    published = published[(published.scope == "whole text") & published.doc_id.isin(texts)]
    counts, report = {}, []
    for doc_id, text in texts.items():
        theirs, ours = published[published.doc_id == doc_id], count_terms(text, lexicon)
        fault = incomplete(text, documents.title[doc_id], theirs, ours)
        report.append(
            f"{doc_id}: not counted, {fault}."
            if fault
            else f"{doc_id}: {count_words(text):,} words. {compared(theirs, ours)}"
        )
        counts |= {} if fault else {doc_id: ours}
    return {"editions": _editions(counts, texts, table, documents) if counts else {}, "report": report}


def incomplete(text: str, title: str, published: pd.DataFrame, ours: pd.Series) -> str:
    """Why a text is not the whole text, or '' when nothing speaks against it."""
    return _looks_cut(text, title) or _differs(text, published, ours)


def _looks_cut(text: str, title: str) -> str:
    """What speaks against a text by itself: too few words, no end, another title."""
    words = count_words(text)
    names = {word.lower() for word in re.findall(r"\w{4,}", title)}
    if words < MIN_WORDS:
        return f"it has only {words} words"
    if BREAKS_OFF.search(text.strip()[-80:]):
        return "it breaks off at the end"
    if sum(word in text.lower() for word in names) < len(names) / 2:
        return f"the words of its title ('{title}') are missing"
    return ""


def _differs(text: str, published: pd.DataFrame, ours: pd.Series) -> str:
    """What speaks against a text by the counts that others published of it."""
    paragraphs, printed = _paragraphs(text), _values(published, "paragraphs")
    few = sorted({term for term, value in _mentions(published) if value >= 4 and ours[term] < value / 2})
    if other := _of_other_length(count_words(text), _values(published, "words")):
        return other
    if printed and paragraphs < min(printed):
        return f"it has {paragraphs} paragraphs and {min(printed)} are published"
    return f"it names {', '.join(few)} less than half as often as published" if few else ""


def _of_other_length(words: int, published: list) -> str:
    """What speaks against a text of so many words, when others counted so many in it."""
    if published and words < SHORT * min(published):
        return f"it has {words} words and {min(published)} are published"
    if published and words > LONG * max(published):
        return f"it has {words} words and only {max(published)} are published: other text is mixed in"
    return ""


def compared(published: pd.DataFrame, ours: pd.Series) -> str:
    """Our counts beside the published ones, in words."""
    found: dict[str, list[int]] = {}
    for term, value in _mentions(published):
        found.setdefault(term, []).append(value)
    parts = [
        f"{term} {ours[term]} (published {' and '.join(map(str, sorted(set(values))))}"
        + (")" if ours[term] in values else ": differs)")
        for term, values in found.items()
    ]
    return "; ".join(parts) + "." if parts else "No published count of mentions to compare with."


def _values(published: pd.DataFrame, measure: str) -> list[int]:
    return [int(value) for value in published.value[published.measure == measure]]


def _mentions(published: pd.DataFrame) -> list[tuple[str, int]]:
    rows = published[published.measure == "mentions"]
    return list(zip(rows.term, rows.value.astype(int), strict=True))


def _paragraphs(text: str) -> int:
    """Numbered paragraphs, as far as the numbers run without a gap; without numbers, lines of 12 words or more."""
    numbers, last = [int(n) for n in PARAGRAPH.findall(text)], 0
    for n in numbers:
        last = n if n == last + 1 else last
    return last if last >= 3 else sum(count_words(line) >= 12 for line in text.splitlines())


def _editions(
    counts: dict[str, pd.Series], texts: dict[str, str], table: pd.DataFrame, documents: pd.DataFrame
) -> dict:
    new = pd.concat(
        [
            ours.reset_index().assign(doc_id=doc_id, source_id=documents.source_id[doc_id])
            for doc_id, ours in counts.items()
        ]
    )
    rows = pd.concat([table[~table.doc_id.isin(counts)], new], ignore_index=True)
    listed = documents.assign(
        whole_text_counted=documents.whole_text_counted | documents.index.isin(counts),
        words=documents.words.fillna(0).astype(int),
    )
    listed.loc[list(counts), "words"] = [count_words(texts[doc_id]) for doc_id in counts]
    listed = listed.assign(words=listed.words.where(listed.words > 0)).reset_index()
    counted = listed.date[listed.whole_text_counted].max()
    return {
        "mentions": {"rows": rows, "vintage": _not_before("mentions", counted)},
        "documents": {"rows": listed, "vintage": _not_before("documents", listed.date.max())},
    }


def _not_before(name: str, day: pd.Timestamp) -> str:
    """The day of the newest text, or the vintage of the table where some of its texts carry no day of their own."""
    return max(f"{day:%Y-%m-%d}", str(manifest(name)["vintage"]))
