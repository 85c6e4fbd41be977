"""Who calls security inseparable, indivisible, connected or global, when, and of what it is said.

Sources: ``phrase_uses``, ``text_passages``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

ALL = "all four words"
SPEAKERS = ["NATO", "United States", "United Kingdom", "Japan", "South Korea", "OSCE", "Russia", "China"]
OF = ["two regions", "the allies", "all states", "the rules"]
SHOWN_FROM = "2018"  # one passage of 2010 would leave most of the chart empty


def uses() -> pd.DataFrame:
    """One row a passage: speaker, date, word, said_of, stance, document, quote. ``phrase_uses``, ``text_passages``.

    date: the first day of the month where only the month is known.
    """
    rows = load("phrase_uses").drop(columns="source_id").merge(load("text_passages"), on="passage_id")
    rows = rows.assign(date=pd.to_datetime(rows.date, format="ISO8601")).rename(columns={"side": "speaker"})
    return rows.sort_values("date", ignore_index=True)[
        ["speaker", "date", "word", "said_of", "stance", "document", "quote"]
    ]


def said(speaker: str, word: str, of: str) -> int:
    """Passages in which a speaker asserts a word of something. Sources: ``phrase_uses``, ``text_passages``."""
    rows = uses().query("stance == 'asserts' and speaker == @speaker and word == @word and said_of == @of")
    return len(rows)


def first(word: str, of: str) -> pd.Series:
    """The earliest passage that asserts a word of something. Sources: ``phrase_uses``, ``text_passages``."""
    return uses().query("stance == 'asserts' and word == @word and said_of == @of").iloc[0]


def meanings(word: str) -> int:
    """Of how many different things a word is asserted. Sources: ``phrase_uses``, ``text_passages``."""
    return uses().query("stance == 'asserts' and word == @word").said_of.nunique()


def by_word() -> pd.DataFrame:
    """``uses`` since 2018 for a chart: one row a passage and choice of ``word`` (ALL or one of the four).

    Sources: ``phrase_uses``, ``text_passages``.
    """
    rows = uses()
    rows = rows[rows.date >= SHOWN_FROM]
    rows = rows.assign(year=(rows.date.dt.year + (rows.date.dt.day_of_year - 1) / 365.25).round(2))
    rows = rows.assign(date=rows.date.dt.strftime("%Y-%m-%d"))
    return pd.concat([rows.assign(word=ALL), rows], ignore_index=True)


def captions() -> pd.DataFrame:
    """What to say for each choice in the rows of ``by_word``: word, caption."""
    told = []
    for word, rows in by_word().groupby("word", sort=False):
        parts = [f"{of} {n}" for of in OF if (n := (rows.said_of == of).sum())]
        title = "All four words" if word == ALL else word.capitalize()
        told.append((word, f"{title}, said of: {', '.join(parts)}"))
    return pd.DataFrame(told, columns=["word", "caption"])
