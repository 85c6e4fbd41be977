"""What texts of the Russian president's site speak of before and after the invasion. Source: ``kremlin_themes``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

ALL, ON_UKRAINE, ON_THE_WAR = "all texts", "texts that name Ukraine", "sentences on the operation"
INVASION = "2022-02-24"


def share(theme: str, after: bool, scope: str = ON_UKRAINE) -> float:
    """Part of the texts (or sentences) of a scope that name a theme, in percent, before or after the invasion."""
    row = _rows(theme, scope)
    row = row[(row.period_start >= INVASION) == after]
    return float(100 * row.texts_with.sum() / row.texts.sum())


def per_ten_thousand(theme: str, start: str) -> float:
    """Mentions of a theme for each 10,000 words of all texts in the period that begins on a day (YYYY-MM-DD)."""
    row = _rows(theme, ALL).set_index("period_start").loc[start]
    return float(10_000 * row.mentions / row.words)


def _rows(theme: str, scope: str) -> pd.DataFrame:
    return load("kremlin_themes").query("theme == @theme and scope == @scope")
