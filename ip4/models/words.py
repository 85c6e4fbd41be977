"""Counting words and terms in a text: the same rules for the course's own counts and for a text that a reader brings.

A word is a run of letters (any alphabet: Erdoğan, Wałęsa) and digits; apostrophes, hyphens and full stops inside it
belong to it ("up-to-date" is one word, "U.S." too). Before counting, a run of white space is flattened to one space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

LETTER = r"[^\W_][\u0300-\u036f]*"  # a letter or digit, with accents that stand as signs of their own
WORD = re.compile(rf"(?:{LETTER})+(?:[-.'’](?:{LETTER})+)*")


def count_words(text: str) -> int:
    """Number of words of a text."""
    return len(WORD.findall(_flat(text)))


def count_terms(text: str, lexicon: pd.DataFrame) -> pd.Series:
    """Matches of each term in a text: integers, indexed by term in the order of the lexicon, named ``count``.

    lexicon: one row a term with the columns term, pattern (a regular expression) and case_sensitive (true or false).
    A term counts as often as its pattern matches without overlap. Raises ValueError for a pattern that is not valid.
    """
    text = _flat(text)
    counts = [len(list(_compiled(row).finditer(text))) for row in lexicon.itertuples()]
    return pd.Series(counts, index=pd.Index(lexicon.term, name="term"), name="count", dtype="int64")


def per_thousand(counts: pd.Series, words: int) -> pd.Series:
    """Counts for each 1,000 words, to compare texts of different length. Raises ValueError when there are no words."""
    if words < 1:
        raise ValueError("per_thousand(): the text has no words; load a text first.")
    return counts / words * 1000


def most_in_window(places: Iterable[int], width: int) -> int:
    """The most mentions in any stretch of so many words.

    places: numbers of the words at which the mentions stand. width: length of the stretch, in words. Returns 0 without
    mentions. Raises ValueError for a stretch without a word.
    """
    if width < 1:
        raise ValueError(f"most_in_window(): the stretch has {width} words; give at least 1.")
    at = sorted(places)
    return max((sum(start <= place < start + width for place in at) for start in at), default=0)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what stands between empty lines and has a word. A text without one gives []."""
    return [part for part in re.split(r"\n\s*\n", text) if WORD.search(part)]


def pattern(words: str, whole: bool, case: bool) -> re.Pattern:
    """What finds any of some words, written one after the other with commas between.

    whole: only whole words; otherwise "link" is found in "blinked", too. case: capital letters matter. Raises
    ValueError when there is no word.
    """
    parts = [re.escape(part.strip()) for part in words.split(",") if part.strip()]
    if not parts:
        raise ValueError("There is no word to count; write one or more, with commas between them.")
    edge = r"\b" if whole else ""
    return re.compile(f"{edge}(?:{'|'.join(parts)}){edge}", 0 if case else re.IGNORECASE)


def by_rules(text: str, words: str) -> pd.DataFrame:
    """How often words of one's own are found by four rules: whole, case (both true or false), mentions.

    words: as in ``pattern``. The strictest rule comes first.
    """
    rules = [(whole, case) for whole in (True, False) for case in (True, False)]
    found = [(whole, case, len(pattern(words, whole, case).findall(_flat(text)))) for whole, case in rules]
    return pd.DataFrame(found, columns=["whole", "case", "mentions"])


def _flat(text: str) -> str:
    if not isinstance(text, str):
        raise ValueError(f"The text is of type {type(text).__name__}; give it as one string.")
    return re.sub(r"\s+", " ", text)


def _compiled(row) -> re.Pattern:
    try:
        return re.compile(row.pattern, 0 if row.case_sensitive else re.IGNORECASE)
    except re.error as error:
        raise ValueError(
            f"The pattern of the term '{row.term}' is not a regular expression ({error}); correct it in the lexicon."
        ) from None
