"""What texts of the Russian president's site speak of before and after the invasion. Source: ``kremlin_themes``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

ALL, ON_UKRAINE, ON_THE_WAR = "all texts", "texts that name Ukraine", "sentences on the operation"
INVASION = "2022-02-24"
SHOWN = {"nato": "NATO", "donbass": "Donbass", "nazi": "Nazis", "history": "history", "west": "the West"}


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


def by_period() -> pd.DataFrame:
    """Mentions of each theme in all texts by period: theme (in words), period, start, per_ten_thousand (words).

    Source: ``kremlin_themes``.
    """
    rows = load("kremlin_themes").query("scope == @ALL and theme in @SHOWN")
    days = rows.period_start.dt.strftime("%-d %b %Y")
    found = rows.assign(theme=rows.theme.map(SHOWN), period="from " + days, start=rows.period_start)
    found = found.assign(per_ten_thousand=(10_000 * rows.mentions / rows.words).round(1))
    return found[["theme", "period", "start", "texts", "mentions", "per_ten_thousand"]].reset_index(drop=True)
