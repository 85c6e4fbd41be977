"""What the White House's fact sheets on NATO summits speak of: war, deterrence and wider threats.

Sources: ``mentions``, ``documents``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

KIND = "summit_factsheet"  # one kind of text by one issuer: only like is compared with like
THEMES = {
    "wider threats": ["terrorism", "cyber", "hybrid", "migration", "climate", "food_grain", "resilience", "space"],
    "Russia and Ukraine": ["russia", "ukraine"],
    "deterrence and nuclear arms": ["deterrence", "nuclear"],
}


def by_theme() -> pd.DataFrame:
    """Mentions for each 1,000 words: summit (year and place), year, theme, mentions, per_thousand.

    One row a fact sheet and theme of ``THEMES``. Sources: ``mentions``, ``documents``.
    """
    counts = _counts()
    found = []
    for theme, terms in THEMES.items():
        rows = counts[counts.term.isin(terms)].groupby(["summit", "year", "words"], as_index=False)["count"].sum()
        found.append(rows.assign(theme=theme, per_thousand=(1000 * rows["count"] / rows.words).round(1)))
    rows = pd.concat(found, ignore_index=True).rename(columns={"count": "mentions"})
    return rows[["summit", "year", "theme", "mentions", "per_thousand"]]


def per_thousand(theme: str, year: int) -> float:
    """Mentions of a theme for each 1,000 words of the fact sheet of a year. Sources: ``mentions``, ``documents``."""
    rows = by_theme().query("theme == @theme and year == @year")
    return float(rows.per_thousand.iloc[0])


def _counts() -> pd.DataFrame:
    """One row a fact sheet and term: summit, year, words, term, count."""
    texts = load("documents").query("doc_type == @KIND and whole_text_counted")
    texts = texts.assign(year=texts.date.dt.year)
    places = texts.summit_id.str[5:].str.replace("-", " ").str.title()
    texts = texts.assign(summit=texts.year.astype(str) + " " + places)
    return load("mentions").merge(texts[["doc_id", "summit", "year", "words"]], on="doc_id")
