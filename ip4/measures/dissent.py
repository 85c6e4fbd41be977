"""The cases and files of the graded exercise on cohesion: a panel of states for each case, its votes of 2025, each
member's weight.

A panel is a part of one of five groups, so that no two cases share their numbers. Names are those of the table
countries, so that a reader meets no codes. Sources: un_votes, un_resolutions, un_agreement, memberships. Scores and
indices run from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import votes
from ip4.models import agreement as model

WORDS = ["yes", "abstain", "no", "not_voting"]
TOTALS = ["yes", "no", "abstain", "not_voting"]
DIVIDED_STEP = 7  # from one panel's roll call to the next in the list of those that divided it
FIRST = 2013  # first year that a case may compare with 2025
YEARS = 11  # years from which a case may come
SMALLEST, SIZES = 8, 7  # a panel has 8 to 14 members
STRIDES = (
    5,
    7,
)  # from one member of a panel to the next in the list of its group; no size of a group has such a factor
APART = 0.00015  # effects that lie closer cannot be told apart with four decimals
SETS = ("all", "contested")


@dataclass(frozen=True)
class Panel:
    """A part of a group of states: iso3 codes, the first of them the case's own member."""

    name: str
    drawn_from: str
    states: tuple[str, ...]
    year: int


class Assembly:
    """The regular roll calls of 2025, read once for a table: scores of all members, and the noes on each in all."""

    def __init__(self):
        self.matrix = votes.vote_matrix()
        self.noes = votes.roll_calls().no.reindex(self.matrix.index)
        self.scores = self.matrix.to_numpy(float)  # the same for 260 panels at once: pandas takes ten times as long
        self.place = {iso3: place for place, iso3 in enumerate(self.matrix.columns)}

    def of(self, panel: Panel, chosen: str) -> pd.DataFrame:
        """A panel's scores on all roll calls, or on those that ten members outside it contest ("contested")."""
        scores = self.matrix[list(panel.states)]
        own = scores.eq(model.SCORES["no"]).sum(axis=1)
        return scores if chosen == "all" else scores[self.noes - own >= votes.AGAINST]

    def effects(self, panel: Panel) -> dict[str, np.ndarray]:
        """By set: effect of each member on the panel's mean agreement index, in the order of the panel."""
        every = self.scores[:, [self.place[iso3] for iso3 in panel.states]]
        outside = self.noes.to_numpy() - (every == model.SCORES["no"]).sum(axis=1)
        return {"all": model.effects(every), "contested": model.effects(every[outside >= votes.AGAINST])}


def _groups() -> dict[str, list[str]]:
    """The five groups, each a list of iso3 codes of today's members."""
    nato, partners, eu = members("NATO"), members("IP4"), members("EU")
    return {
        "NATO": nato,
        "NATO and the four partners": nato + partners,
        "NATO without the United States": [iso3 for iso3 in nato if iso3 != "USA"],
        "EU members in NATO": [iso3 for iso3 in nato if iso3 in eu],
        "ASEAN": members("ASEAN"),
    }


def cases() -> list[dict]:
    """All cases: a panel, the group it is drawn from, one of its members, a year to compare with 2025, a roll call."""
    names, assembly = _names(), Assembly()
    return [
        {
            "group": one.name,
            "drawn_from": one.drawn_from,
            "member": names[one.states[0]],
            "year": one.year,
            "resolution": own_roll_call(one, place, assembly),
        }
        for place, one in enumerate(panels(assembly))
    ]


def own_roll_call(panel: Panel, place: int, assembly: Assembly) -> str:
    """The roll call of a case: one of those of 2025 on which the panel was divided, chosen by the panel's place."""
    agreed = model.cohesion(assembly.of(panel, "all"))
    divided = sorted(agreed.index[agreed < 1])
    return str(divided[place * DIVIDED_STEP % len(divided)])


def panels(assembly: Assembly | None = None) -> tuple[Panel, ...]:
    """The panels of all cases. Out are years without the member's votes, and panels in which two effects are alike.

    Sources: un_votes, un_agreement, memberships.
    """
    known = set(_compared()[["iso3", "year"]].itertuples(index=False, name=None))
    drawn = [one for one in _drawn() if (one.states[0], one.year) in known]
    assembly = assembly or Assembly()
    return tuple(one for one in drawn if _is_clear(one, assembly))


def _drawn() -> list[Panel]:
    """Two panels for each member of each group but the United States, in the order of groups and members."""
    pairs = [
        (group, states, own, stride)
        for stride in STRIDES
        for group, states in _groups().items()
        for own in states
        if own != "USA"
    ]
    return [
        Panel(f"Panel {n + 1}", group, _part(states, own, SMALLEST + n % SIZES, stride), FIRST + n * 4 % YEARS)
        for n, (group, states, own, stride) in enumerate(pairs)
    ]


def _part(states: list[str], own: str, size: int, stride: int) -> tuple[str, ...]:
    """The own member and the next ones at a stride, round the list; at least one state of the list stays out."""
    start, size = states.index(own), min(size, len(states) - 1)
    return tuple(states[(start + stride * n) % len(states)] for n in range(size))


def _is_clear(panel: Panel, assembly: Assembly) -> bool:
    """Whether the three largest effects on all roll calls, and the largest on contested ones, stand apart."""
    largest = {chosen: np.sort(np.abs(effects))[::-1] for chosen, effects in assembly.effects(panel).items()}
    steps = {chosen: -np.diff(sizes) for chosen, sizes in largest.items()}
    return bool((steps["all"][:3] > APART).all() and steps["contested"][0] > APART)


def member_table() -> pd.DataFrame:
    """Columns group, drawn_from, country: the members of each panel by name."""
    names = _names()
    rows = [(one.name, one.drawn_from, name) for one in panels() for name in sorted(names[list(one.states)])]
    return pd.DataFrame(rows, columns=["group", "drawn_from", "country"])


def vote_table() -> pd.DataFrame:
    """Columns resolution, country, vote: every recorded vote of the members in 2025."""
    rows = load("un_votes").merge(votes.roll_calls(regular=False).reset_index()[["resolution"]])
    return _named(rows)[["resolution", "country", "vote"]].reset_index(drop=True)


def roll_call_table() -> pd.DataFrame:
    """All recorded votes of 2025 with date, title, is_special_session and the totals of all UN members."""
    return votes.roll_calls(regular=False).reset_index()[["resolution", "date", "title", "is_special_session", *TOTALS]]


def agreement_table() -> pd.DataFrame:
    """Columns country, year, basis, agreement_score, n_joint_votes: agreement with the United States since 2013.

    basis: all, contested (ten noes in all) or outside (ten noes from outside NATO).
    """
    rows = load("un_agreement").query("reference == 'USA' and year >= @FIRST")
    rows = _named(rows).sort_values(["country", "basis", "year"])
    return rows[["country", "year", "basis", "agreement_score", "n_joint_votes"]].reset_index(drop=True)


def ballot_table() -> pd.DataFrame:
    """Columns group, resolution, yes, abstain, no, not_voting: members of each panel by vote on its own roll call."""
    cast = load("un_votes").set_index(["resolution", "iso3"]).vote
    rows, assembly = [], Assembly()
    for place, one in enumerate(panels(assembly)):
        resolution = own_roll_call(one, place, assembly)
        tally = cast[resolution][list(one.states)].value_counts().reindex(WORDS, fill_value=0)
        rows.append({"group": one.name, "resolution": resolution, **tally})
    return pd.DataFrame(rows)


def effect_table() -> pd.DataFrame:
    """Columns group, set, roll_calls, mean_index, country, effect: what each member does to its panel's mean index.

    set: all or contested (ten noes from outside the panel) roll calls of the regular sessions of 2025. effect: without
    the member minus with it.
    """
    assembly, names = Assembly(), _names()
    parts = [_effects(one, chosen, assembly) for one in panels(assembly) for chosen in SETS]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(country=table.country.map(names)).sort_values(
        ["group", "set", "effect", "country"], ignore_index=True
    )  # by name where effects are equal


def _effects(panel: Panel, chosen: str, assembly: Assembly) -> pd.DataFrame:
    scores = assembly.of(panel, chosen)
    effects = model.leave_one_out(scores).round(4)
    said = {
        "group": panel.name,
        "set": chosen,
        "roll_calls": len(scores),
        "mean_index": round(float(model.cohesion(scores).mean()), 3),
    }
    return pd.DataFrame({**said, "country": effects.index, "effect": effects.to_numpy()})


def _compared() -> pd.DataFrame:
    return load("un_agreement").query("reference == 'USA' and basis == 'outside'")


def _names() -> pd.Series:
    return load("countries").set_index("iso3").name


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Only members of the five groups, with their names in ``country``."""
    ours = {iso3 for states in _groups().values() for iso3 in states}
    rows = rows[rows.iso3.isin(ours)]
    return rows.merge(load("countries")[["iso3", "name"]]).rename(columns={"name": "country"})
