"""Burden sharing explorer: the alliance model with n allies beside what the allies really spend.

from ip4.explorers.burden_sharing import explore
explore()
"""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, TEXT, Figure, figure
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer, several, slider
from ip4.measures.burden import NATO, WITH_FOUR, size_and_share
from ip4.models.burden_sharing import burdens, chance_band, rank_correlation

GROUPS = (NATO, WITH_FOUR)
FIRST, LAST = 1990, 2025


def observed(group: str, year: int) -> pd.DataFrame:
    """What SIPRI reports for the states of a group in a year, largest economy first.

    group: one of GROUPS; allies are those who belonged at the end of the year. Returns iso3, name, gdp_usd_bn (the
    GDP that spending and share imply) and share_gdp_pct. States without a figure or armed forces are left out.
    """
    return size_and_share(year, group)


def compare(group: str, year: int, taste: float, joint: float, threatened=(), threat: float = 1.0) -> pd.DataFrame:
    """``observed`` with the model's answer: model_pct and rides_free.

    taste: percent of GDP an ally would spend alone. joint: private part of defence, 0 to 1. threatened: names of the
    states whose taste is ``threat`` times as high.
    """
    rows = observed(group, year)
    tastes = (taste / 100) * rows.name.isin(threatened).map({True: threat, False: 1.0})
    model = burdens(rows.gdp_usd_bn, tastes, joint)
    return rows.assign(model_pct=model.share_pct, rides_free=model.rides_free)


def summary(rows: pd.DataFrame) -> str:
    """Three sentences on a comparison: order, distance, free riders."""
    real = rank_correlation(rows.gdp_usd_bn, rows.share_gdp_pct)
    gap = (rows.model_pct - rows.share_gdp_pct).abs().mean()
    band = chance_band(len(rows))
    return (
        f"Rank correlation of GDP and share: {real:.2f} in the data ({len(rows)} states; chance alone stays "
        f"within ±{band:.2f}). Mean distance between model and data: {gap:.2f} points of GDP. "
        f"In the model {int(rows.rides_free.sum())} of {len(rows)} spend nothing."
    )


def picture(rows: pd.DataFrame, group: str, year: int) -> Figure:
    """Share of GDP against size: a filled dot for the data, a hollow one for the model, a line between them."""
    x = alt.X(
        "gdp_usd_bn:Q",
        title="GDP, billion US dollars (each step is ten times more)",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=[10, 100, 1000, 10000], format=",d"),
    )
    base = alt.Chart(rows).encode(
        x, tooltip=["name", alt.Tooltip("share_gdp_pct", format=".2f"), alt.Tooltip("model_pct", format=".2f")]
    )
    y = alt.Y("share_gdp_pct:Q", title="Defence spending, % of GDP")
    lines = base.mark_rule(opacity=0.4).encode(y, y2="model_pct:Q")
    data = base.mark_circle(size=70, color=HEX["NATO"]).encode(y)
    model = base.mark_point(size=70, filled=False, color=ACCENT).encode(y="model_pct:Q")
    names = base.mark_text(align="left", dx=6, color=TEXT, fontSize=11).encode(y, text="iso3")
    return figure(
        (lines + data + model + names).properties(width=640, height=360),
        name="fig-lab-burden",
        title=f"{group}, {year}: what they spend (filled) and what the model says they would (hollow)",
        description="Scatter of GDP and defence spending as a share of GDP. Each state has a filled dot for SIPRI's "
        "figure, a hollow one for the model, and a line between them.",
        source="sipri_spending",
    )


def explore() -> widgets.VBox:
    """Controls for group, year and the model; the picture and its summary follow every change."""
    names = observed("NATO and the four partners", LAST).name

    def draw(group, year, taste, joint, threatened, threat):
        rows = compare(group, year, taste, joint, threatened, threat)
        return [widgets.HTML(f"<p>{summary(rows)}</p>"), picture(rows, group, year)]

    return explorer(
        draw,
        group=choice("States", GROUPS),
        year=slider("Year", LAST, FIRST, LAST, 1),
        taste=slider("Spending if alone, % of GDP", 3.2, 0.5, 6.0, 0.1),
        joint=slider("Private part of defence", 0.6, 0.0, 1.0, 0.05),
        threatened=several("These feel more threat", sorted(names)),
        threat=slider("How many times more", 1.5, 1.0, 4.0, 0.1),
    )
