"""Explorer: how far a group votes with a reference at the UN, and which of its members stands apart in 2025."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.tables import load
from ip4.colours import HEX
from ip4.explorers.explore import choice, explorer, slider
from ip4.measures import votes
from ip4.measures.comparisons import GROUPS

COLOURS = {"NATO": "NATO", "EU": "EU", "IP4": "IP4", "ASEAN": "ASEAN", "G7": "Others"}
SHOWN = 12  # bars in the second figure
FIRST, LAST = 1991, 2025


def over_time(group: str, compared: tuple[str, str], first: int) -> Figure:
    """Every member as a thin line and the group's median as a thick one; a line breaks where there are no scores."""
    scores = votes.of_group(group, *compared)
    grid = pd.MultiIndex.from_product([scores.iso3.unique(), range(first, LAST + 1)], names=["iso3", "year"])
    full = scores.drop(columns="name").set_index(["iso3", "year"]).reindex(grid).reset_index()
    full = full.merge(load("countries")[["iso3", "name"]])
    median = full.groupby("year", as_index=False).agreement_score.median()
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=6))
    y = alt.Y("agreement_score:Q", title="Agreement score, 0 to 1", scale=alt.Scale(domain=[0, 1]))
    tip = ["name", "year", alt.Tooltip("agreement_score:Q", format=".2f", title="agreement")]
    colour = HEX[COLOURS[group]]
    dot = alt.OverlayMarkDef(size=12, color=REST)
    thin = alt.Chart(full).mark_line(color=REST, strokeWidth=1, opacity=0.6, point=dot)
    thick = alt.Chart(median).mark_line(color=colour, strokeWidth=3, point=alt.OverlayMarkDef(color=colour))
    chart = thin.encode(x=x, y=y, detail="iso3", tooltip=tip) + thick.encode(x=x, y=y, tooltip=tip[1:])
    known = median.dropna().set_index("year").agreement_score
    return figure(
        chart.properties(height=320),
        name="fig-lab-agreement",
        source=["un_agreement", "memberships"],
        rows=median.round(3),
        title=f"Agreement of {GROUPS[group]} with {votes.compared()[compared]}: "
        f"{known.iloc[0]:.2f} in {known.index[0]}, {known.iloc[-1]:.2f} in {known.index[-1]}",
        description=f"A thin line for each member, a thick one for the median of {GROUPS[group]}, {first} to {LAST}.",
        note="Members count from the year they joined. There are no scores for 2024.",
    )


def apart(group: str, basis: str) -> Figure:
    """Bars: what leaving out one member does to the group's cohesion in 2025, largest effects first."""
    effect = (
        votes.leave_one_out(votes.without(group), basis)
        .rename_axis("iso3")
        .reset_index()
        .merge(load("countries")[["iso3", "name"]])
    )
    shown = effect.reindex(effect.effect.abs().sort_values(ascending=False).index).head(SHOWN)
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("effect:Q", title="Change of the agreement index without this member"),
            y=alt.Y("name:N", title=None, sort=alt.SortField("effect", "descending")),
            color=alt.condition("datum.effect > 0", alt.value(ACCENT), alt.value(REST)),
            tooltip=["name", alt.Tooltip("effect:Q", format="+.3f")],
        )
    )
    top = effect.loc[effect.effect.abs().idxmax()]
    return figure(
        bars.properties(height=24 * len(shown) + 30),
        name="fig-lab-apart",
        rows=effect.round(4),
        source=["un_votes", "un_resolutions", "memberships"],
        title=f"In 2025 the cohesion of {GROUPS[group]} changes most without {top['name']}: {top.effect:+.3f}",
        description="Bars to the right: without this member the group looks more united. To the left: less united.",
        note=f"{'Contested' if basis == 'contested' else 'All'} roll calls of the regular sessions in 2025.",
    )


def draw(group: str, compared: tuple[str, str], first: int) -> list[Figure]:
    """Both figures for one choice of the controls."""
    return [over_time(group, compared, first), apart(group, compared[1])]


def explore() -> widgets.VBox:
    """Choose a group and a reference; see its agreement over time and the members that stand apart."""
    return explorer(
        draw,
        group=choice("Group", [(words[0].upper() + words[1:], key) for key, words in GROUPS.items()]),
        compared=choice("Compared with", [(words, key) for key, words in votes.compared().items()]),
        first=slider("From the year", FIRST, FIRST, LAST - 1, 1),
    )
