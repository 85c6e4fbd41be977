"""Explorer: build a coalition of groups, see how it votes on ten texts, and which of its members stands apart."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, GRID, MUTED, REST, Figure, figure
from coursekit.marks import shares
from coursekit.tables import load
from ip4.explorers.explore import choice, explorer, several
from ip4.measures import ballots

NOBODY = "nobody"
SHOWN = 12  # bars in the second figure
FEWEST = 3  # states: below that nobody can be left out


def votes_of(states: list[str], said: str) -> Figure:
    """Ten bars: how the coalition's members voted on each text."""
    rows = ballots.tally(states)
    united = int((rows.drop_duplicates("text")["index"] == 1).sum())
    texts = list(ballots.TEXTS.values())
    bars = shares(
        rows, "text", "vote", "states", ballots.WORDS, [REST, MUTED, ACCENT, GRID], sort=texts, beside="yes_of"
    )
    return figure(
        bars.properties(height=450),
        name="fig-lab-coalition",
        source=["un_votes", "memberships", "countries"],
        rows=rows.round({"index": 3}),
        title=f"{said}: {len(states)} states, of one mind on {united} of {len(texts)} texts",
        description="One bar a text: shares of the coalition that voted yes, abstained, voted no or did not vote.",
        note="A state in several groups counts once. At the right: yes votes.",
    )


def apart(states: list[str], said: str) -> Figure:
    """Bars: what leaving out one member does to the coalition's mean agreement index, largest effects first."""
    names = load("countries").set_index("iso3").short_name
    effect = ballots.apart(states).rename("effect").rename_axis("iso3").reset_index()
    effect = effect.assign(state=effect.iso3.map(names))[["state", "effect"]]
    shown = effect.reindex(effect.effect.abs().sort_values(ascending=False).index).head(SHOWN)
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("effect:Q", title="Change of the mean agreement index without this state"),
            y=alt.Y("state:N", title=None, sort=alt.SortField("effect", "descending")),
            color=alt.condition("datum.effect > 0", alt.value(ACCENT), alt.value(REST)),
            tooltip=["state", alt.Tooltip("effect:Q", format="+.3f")],
        )
    )
    top = effect.loc[effect.effect.abs().idxmax()]
    return figure(
        bars.properties(height=24 * len(shown) + 30),
        name="fig-lab-coalition-apart",
        source=["un_votes", "memberships", "countries"],
        rows=effect.round(4),
        title=f"{said} changes most without {top.state}: {top.effect:+.3f}".replace("-", "−"),
        description="Bars to the right: without this state the coalition looks more united. To the left: less united.",
        note="Mean over ten texts; who did not vote does not count.",
    )


def draw(groups: tuple[str, ...], left_out: str) -> list[Figure]:
    """Both figures for one choice of the controls. Raises ValueError for a coalition of fewer than three states."""
    states = ballots.coalition(groups, [left_out])
    if len(states) < FEWEST:
        raise ValueError("Choose at least one group, so that the coalition has three states or more.")
    said = " and ".join(groups) + ("" if left_out == NOBODY else f" without {_name(left_out)}")
    said = said[0].upper() + said[1:]
    return [votes_of(states, said), apart(states, said)]


def _name(iso3: str) -> str:
    return str(load("countries").set_index("iso3").short_name[iso3])


def _members() -> pd.DataFrame:
    return load("countries").query("is_un_member").sort_values("short_name")


def explore() -> widgets.VBox:
    """Choose groups and one state to leave out; see the coalition's votes and who stands apart."""
    states = [(NOBODY, NOBODY), *_members()[["short_name", "iso3"]].itertuples(index=False, name=None)]
    return explorer(
        draw,
        groups=several("Groups", ballots.GROUPS, ("BRICS", "ASEAN")),
        left_out=choice("Leave out", states, NOBODY),
    )
