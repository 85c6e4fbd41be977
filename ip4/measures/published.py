"""Figures as they stood in July 2023, for verdicts of that time, in the units of ``published_figures``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load


def figure(figure_id: str) -> float:
    """One figure, in the unit of its row. Raises TableError for an unknown id."""
    rows = load("published_figures").set_index("figure_id")
    if figure_id not in rows.index:
        raise TableError(f"published_figures: there is no figure '{figure_id}'; add it or mend the id.")
    return float(rows.value[figure_id])


def changes(metric: str, first: int, last: int) -> pd.Series:
    """Change of a metric between two years by state (iso3), in its unit; only states with both years."""
    rows = load("published_figures").query("metric == @metric")
    wide = rows.pivot(index="iso3", columns="period", values="value")
    return (wide[str(last)] - wide[str(first)]).dropna()


def fund_part(fact: str, *totals: str) -> float:
    """An amount of ``ukraine_institutions`` in EUR million as percent of the sum of figures in EUR billion."""
    amount = load("ukraine_institutions").set_index("fact_id").value[fact] / 1000
    return float(100 * amount / sum(figure(name) for name in totals))
