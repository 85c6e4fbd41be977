"""Explorer: choose organisations, see which states sit in all of them, and which of the four partners are left out."""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.marks import matrix
from ip4.explorers.explore import explorer, several
from ip4.measures import overlaps

FEWEST = 2  # organisations that a comparison needs


def in_all(codes: list[str]) -> Figure:
    """Bars: how many states sit in one, two, ... of the chosen organisations; the title names those in all."""
    counts = overlaps.in_how_many(codes)
    rows = counts.value_counts().rename_axis("organisations").rename("states").reset_index()
    everywhere = set(counts.index[counts == len(codes)])
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
        title=f"{len(everywhere)} states sit in all {len(codes)}: {_short(everywhere)}",
        description="Bars for the number of states that sit in one, two or more of the chosen organisations.",
        note="Members today; where a format has no members, its participants.",
    )


def _short(states: set[str]) -> str:
    return overlaps.names(states) if len(states) <= 12 else "too many to name here, see the list in memberships"


def left_out(codes: list[str]) -> Figure:
    """A grid: which of the four partners, the United States and China sits in which of the chosen organisations."""
    rows = overlaps.seated(codes)
    absent = rows[rows.sits == "no"].groupby("state").organisation.count()
    most = f"{absent.idxmax()} is left out of most: {absent.max()} of {len(codes)}" if len(absent) else "Nobody is out"
    return figure(
        matrix(rows, "state", "organisation", "sits", order=["yes", "no"], sort=list(rows.organisation.unique())),
        name="fig-lab-left-out",
        rows=rows,
        source=["memberships", "organisations"],
        title=most,
        description="A dot where a state sits in an organisation, the word no where it does not.",
    )


def draw(codes: tuple[str, ...]) -> list[Figure]:
    """Both figures for one choice. Raises ValueError, shown as its sentence, when fewer than two are chosen."""
    if len(codes) < FEWEST:
        raise ValueError("Choose two organisations or more: hold Ctrl (Cmd on a Mac) or Shift while you choose.")
    return [in_all(list(codes)), left_out(list(codes))]


def explore() -> widgets.VBox:
    """Choose two organisations or more; see who sits in all of them and who is left out."""
    options = [(name, code) for code, name in overlaps.COMPARED.items()]
    return explorer(draw, codes=several("Organisations", options, ["NATO", "EU"]))
