"""Ten roll calls at the UN, state by state: a map of the votes, and how coalitions of groups voted on each.

Tables: un_votes, un_resolutions, map_outlines, memberships, countries. The texts are chosen so that the war in Ukraine
is seen beside quarrels that divide the same Assembly otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4 import groups
from ip4.measures import maps, votes
from ip4.models import agreement as model

TEXTS = {
    "ES-11/1": "Ukraine: aggression, March 2022",
    "ES-11/3": "Ukraine: Rights Council, April 2022",
    "ES-11/5": "Ukraine: reparations, November 2022",
    "ES-11/6": "Ukraine: a just peace, February 2023",
    "ES-11/7": "Ukraine: a just peace, February 2025",
    "ES-11/9": "Ukraine: children, December 2025",
    "ES-10/27": "Gaza: civilians, June 2025",
    "80/4": "Cuba: the embargo, October 2025",
    "80/54": "Nuclear ban, December 2025",
    "80/209": "Sanctions, December 2025",
}
WORDS = ["yes", "abstain", "no", "not voting"]
MAP_WORDS = [*WORDS, "no member"]
# Groups of the coalition builder: name, and the code in memberships, or the continent or regions in countries.
ORGANISED = {
    "the Group of 77": "G77",
    "BRICS": "BRICS",
    "ASEAN": "ASEAN",
    "the four partners": "IP4",
    "NATO": "NATO",
    "the EU": "EU",
}
PLACED = {
    "African states": ["Northern Africa", "Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa"],
    "Latin America and the Caribbean": ["South America", "Central America", "Caribbean"],
    "Pacific island states": ["Melanesia", "Micronesia", "Polynesia"],
}
GROUPS = [*ORGANISED, *PLACED]


def ballots() -> pd.DataFrame:
    """Every member's vote on each of the TEXTS: text, state, vote (yes, abstain, no, not voting), in order of texts."""
    rows = load("un_votes")
    rows = rows[rows.resolution.isin(TEXTS)].merge(load("countries")[["iso3", "short_name"]])
    rows = rows.assign(
        text=rows.resolution.map(TEXTS), place=rows.resolution.map(list(TEXTS).index), vote=rows.vote.map(_words)
    )
    rows = rows.sort_values(["place", "short_name"], ignore_index=True).rename(columns={"short_name": "state"})
    return rows[["text", "iso3", "state", "vote"]]


def _words(vote: str) -> str:
    return vote.replace("_", " ")


def places() -> pd.DataFrame:
    """One row a place on one of the three maps of the world: map, place, outline, and a column for each of the TEXTS.

    A column holds the place's vote on that text; "no member" for a place that is no UN member or disputed.
    """
    wide = by_state().T
    rows = load("map_outlines")
    rows = rows[rows["map"].isin(maps.WORLD)].merge(load("countries")[["iso3", "short_name"]], on="iso3", how="left")
    rows = rows.assign(place=rows.short_name.fillna(rows.place)).merge(wide.reset_index(), on="iso3", how="left")
    return rows[["map", "place", "outline", *TEXTS.values()]].fillna("no member")


def captions(group: str = "the Group of 77") -> pd.DataFrame:
    """What to say for each of the TEXTS: text, caption with the totals and the yes votes of one group."""
    inside = len(states_of(group))
    said = [
        f"{text}: {_tally(key)}; {count(key, 'yes', group)} of {inside} members of {group} said yes"
        for key, text in TEXTS.items()
    ]
    return pd.DataFrame({"text": list(TEXTS.values()), "caption": said})


def _tally(resolution: str) -> str:
    every = load("un_votes").query("resolution == @resolution").vote.map(_words).value_counts()
    return ", ".join(f"{every.get(word, 0)} {word}" for word in WORDS)


def states_of(group: str) -> list[str]:
    """The states (iso3) of one of GROUPS: today's members, or the UN members of some regions.

    Sources: memberships, countries. Raises KeyError for another name.
    """
    if group in ORGANISED:
        return groups.members(ORGANISED[group])
    members = load("countries").query("is_un_member")
    return sorted(members.iso3[members.region.isin(PLACED[group])])


def count(resolution: str, vote: str, group: str) -> int:
    """How many states of one of GROUPS voted so on a resolution. Sources: un_votes, memberships, countries."""
    return votes.count(resolution, vote, states_of(group))


def coalition(parts: Iterable[str], left_out: Iterable[str] = ()) -> list[str]:
    """The states of several GROUPS together, each once, without some of them, as a sorted list of iso3 codes."""
    return sorted({iso3 for group in parts for iso3 in states_of(group)} - set(left_out))


def matrix(states: list[str]) -> pd.DataFrame:
    """Scores (yes 1, abstain 0.5, no 0, missing) of some states on the TEXTS, texts by states. Source: un_votes."""
    rows = load("un_votes")
    return model.vote_matrix(rows[rows.resolution.isin(TEXTS)])[states].reindex(list(TEXTS))


def tally(states: list[str]) -> pd.DataFrame:
    """How a coalition voted on each of the TEXTS: text, vote, states (a count), yes_of ("45 of 64"), index (0 to 1).

    index: the agreement index of those who voted. Source: un_votes.
    """
    return _tallies([states])[0]


def _tallies(coalitions: list[list[str]]) -> list[pd.DataFrame]:
    """``tally`` of many coalitions, the votes read once."""
    cast = by_state()
    is_vote = np.stack([(cast == word).to_numpy() for word in WORDS], axis=2)  # by text, state, vote
    return [_tally_of(is_vote[:, cast.columns.isin(states)].sum(axis=1), len(states)) for states in coalitions]


def _tally_of(counts: np.ndarray, size: int) -> pd.DataFrame:
    """The rows of ``tally`` from counts by text and vote."""
    yes, abstain, no, _away = counts.T
    once = {
        "text": list(TEXTS.values()),
        "yes_of": [f"{n} of {size}" for n in yes],
        "index": model.agreement_index(yes, no, abstain),
    }
    rows = pd.DataFrame({name: np.repeat(column, len(WORDS)) for name, column in once.items()})
    return rows.assign(vote=WORDS * len(TEXTS), states=counts.ravel())[["text", "vote", "states", "yes_of", "index"]]


def by_state() -> pd.DataFrame:
    """Every member's vote in words on each of the TEXTS, texts by iso3. Source: un_votes."""
    return ballots().pivot(index="text", columns="iso3", values="vote").reindex(list(TEXTS.values()))


def united(states: list[str]) -> int:
    """On how many of the TEXTS all states of a coalition that voted did the same. Source: un_votes."""
    return int((tally(states).drop_duplicates("text")["index"] == 1).sum())


def pairs() -> pd.DataFrame:
    """Each of GROUPS with each of ORGANISED: first, second, then the columns of ``tally`` (index with two decimals)."""
    known = {group: states_of(group) for group in GROUPS}
    two = [(first, second) for first in GROUPS for second in ORGANISED]
    tallies = _tallies([sorted({*known[first], *known[second]}) for first, second in two])
    found = [rows.assign(first=first, second=second) for rows, (first, second) in zip(tallies, two, strict=True)]
    rows = pd.concat(found, ignore_index=True).round({"index": 2})
    return rows[["first", "second", "text", "vote", "states", "yes_of", "index"]]


def pair_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each two of GROUPS in the rows of ``pairs``: first, second, caption."""
    said = []
    for (first, second), few in rows.drop_duplicates(["first", "second", "text"]).groupby(["first", "second"]):
        least, size = few.loc[few["index"].idxmin()], few.yes_of.iloc[0].split(" of ")[1]
        who = first if first == second else f"{first} and {second}"
        words = f"{who[0].upper()}{who[1:]}, {size} states: least united on “{least.text}”, index {least['index']:.2f}"
        said.append((first, second, words))
    return pd.DataFrame(said, columns=["first", "second", "caption"])


def apart(states: list[str]) -> pd.Series:
    """Effect of each state on its coalition's mean agreement index over the TEXTS, by iso3, smallest first.

    Without the state minus with it; positive: more united without. Source: un_votes.
    """
    return model.leave_one_out(matrix(states))


def least_united(first: str, second: str) -> str:
    """The key of the lab: the text on which two of GROUPS together were least united. Source: un_votes."""
    rows = tally(coalition([first, second])).drop_duplicates("text")
    return str(rows.loc[rows["index"].idxmin(), "text"])
