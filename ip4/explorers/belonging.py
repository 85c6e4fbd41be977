"""Explorer: choose two or three organisations, see which states sit in all of them, and who is left out."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.marks import matrix
from ip4.explorers.explore import choice, explorer
from ip4.measures import overlaps

MANY = 12  # states that a title can name
NONE = ""  # no third organisation


def in_all(codes: list[str]) -> Figure:
    """Bars: how many states sit in one, two, ... of the chosen organisations; the title names those in all."""
    counts = overlaps.in_how_many(codes)
    rows = counts.value_counts().rename_axis("organisations").rename("states").reset_index()
    everywhere = overlaps.in_all(codes)
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("states:Q", title="States"),
            y=alt.Y("organisations:O", title=None, axis=alt.Axis(labelExpr="'in ' + datum.label")),
            color=alt.condition(f"datum.organisations == {len(codes)}", alt.value(ACCENT), alt.value(REST)),
            tooltip=["organisations", "states"],
        )
    )
    return figure(
        bars.properties(height=40 * len(rows) + 20),
        name="fig-lab-in-all",
        rows=rows,
        source=["memberships", "organisations"],
        title=f"In all of {_listed(codes)}: {len(everywhere)} states ({_short(everywhere)})",
        description="Bars for the number of states that sit in one, two or more of the chosen organisations.",
        note="Members today; where a format has no members, its participants.",
    )


def _listed(codes: list[str]) -> str:
    return ", ".join(overlaps.COMPARED[code] for code in codes)


def _short(states: set[str]) -> str:
    return overlaps.names(states) if len(states) <= MANY else "too many to name"


def left_out(codes: list[str]) -> Figure:
    """A grid: which of the four partners, the United States and China sits in which of the chosen organisations."""
    rows = overlaps.seated(codes)
    absent = rows[rows.sits == "no"].groupby("state").organisation.count()
    most = f"{absent.idxmax()} is out of {absent.max()} of {len(codes)}" if len(absent) else "nobody is left out"
    return figure(
        matrix(rows, "state", "organisation", "sits", order=["yes", "no"], sort=list(rows.organisation.unique())),
        name="fig-lab-left-out",
        rows=rows,
        source=["memberships", "organisations"],
        title=f"{_listed(codes)}: {most}",
        description="A dot where a state sits in an organisation, the word no where it does not.",
    )


def draw(first: str, second: str, third: str = NONE) -> list[Figure]:
    """Both figures for one choice: codes of organisations; one that is chosen twice counts once."""
    codes = list(dict.fromkeys(code for code in (first, second, third) if code != NONE))
    return [in_all(codes), left_out(codes)]


def explore() -> widgets.VBox:
    """Choose two or three organisations; see who sits in all of them and who is left out."""
    options = [(name, code) for code, name in overlaps.COMPARED.items()]
    return explorer(
        draw,
        first=choice("Organisation", options),
        second=choice("Second", options, "EU"),
        third=choice("Third", [("none", NONE), *options], NONE),
    )
