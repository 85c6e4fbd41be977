"""Cosine similarity of votes at the UN, the second provider's measure: yes 1, abstain 0, absence 0, no -1.

Unit: -1 to 1. Table: un_cosine (2017 to 2025, the only measure of 2024). Its level cannot be compared with agreement,
because an absence counts 0 here and as missing there.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures.votes import Group, first_years


def cosine(iso3: str, year: int, reference: str = "USA") -> float:
    """Cosine of two states' votes in a year, -1 to 1."""
    return float(cosines(reference).query("iso3 == @iso3 and year == @year").cosine_similarity.item())


def median_cosine(group: Group, year: int | None = None, reference: str = "USA") -> float | pd.Series:
    """Cosine similarity (-1 to 1) of the median member of a group: one year's number, or a Series by year."""
    rows = cosines(reference)
    medians = rows[rows.year >= rows.iso3.map(first_years(group))].groupby("year").cosine_similarity.median()
    return medians if year is None else float(medians[year])


def cosines(reference: str) -> pd.DataFrame:
    """The rows of un_cosine with a reference, without the reference itself."""
    return load("un_cosine").query("reference == @reference and iso3 != @reference")
