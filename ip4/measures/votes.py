"""Votes at the UN General Assembly: agreement, medians of groups, what was put to the vote, who stood alone.

Scores run from 0 to 1 (``ip4.models.agreement`` has the formulas; yes 1, abstain 0.5, no 0, not voting missing). A
*group* is a code of the memberships table ("NATO", "EU", "ASEAN", "G7"), "IP4", or a list of iso3 codes. Members of an
organisation count from the year they joined it, the four partners (IP4) and lists in every year. A reference never
counts among those compared with it. There are no single votes, so no scores, for 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from coursekit.tables import TableError, load
from ip4 import groups
from ip4.models import agreement as model

Group = str | Iterable[str]

AGAINST = 10  # noes that make a roll call contested
ALLIANCE = "NATO"  # the group studied, whose own noes the basis "outside" leaves out
# What each basis keeps of a table of roll calls (columns yes, no, abstain ..., no_outside); the scores of earlier years
# come from un_agreement, which must hold the basis too. "contested" counts everybody's noes, so the group studied can
# move it; "outside" counts the noes of states outside the ALLIANCE only, so it cannot.
FILTERS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "all": lambda calls: calls.no >= 0,
    "contested": lambda calls: calls.no >= AGAINST,
    "outside": lambda calls: calls.no_outside >= AGAINST,
}
BASES = {"all": "all roll calls", "contested": "ten noes in all", "outside": "ten outside noes"}
COUNTED = {"all": "n_regular", "contested": "n_contested", "outside": "n_outside"}  # columns of un_rollcall_counts
REFERENCES = {"USA": "the United States", "CHN": "China", "RUS": "Russia", "EU27": "the EU-27 mean"}
YEAR = 2025  # the one year of which un_votes holds every recorded vote
UKRAINE = "ES-11/"  # how the numbers of the Ukraine resolutions begin


# ---- agreement with a reference


def agreement(reference: str = "USA", basis: str = "contested") -> pd.DataFrame:
    """Agreement of each UN member with a reference: iso3, name, group, year, agreement_score (0 to 1).

    group: NATO from the year of joining, IP4 (the four partners), rest; a later ally's earlier years are left out.
    Source: un_agreement, memberships. Raises TableError when no such scores exist.
    """
    rows = scores(reference, basis)
    since = rows.iso3.map(groups.members_since("NATO")).astype(float)
    group = pd.Series("rest", rows.index).mask(rows.iso3.isin(groups.members("IP4")), "IP4")
    rows["group"] = group.mask(rows.year >= since, "NATO").mask(rows.year < since)
    return rows.dropna(subset="group")[["iso3", "name", "group", "year", "agreement_score"]].reset_index(drop=True)


def of_group(group: Group, reference: str = "USA", basis: str = "contested") -> pd.DataFrame:
    """Scores of the members of any group: iso3, name, year, agreement_score (0 to 1). Source: un_agreement."""
    return since_joining(scores(reference, basis), first_years(group))


def since_joining(rows: pd.DataFrame, first: dict[str, float]) -> pd.DataFrame:
    """Rows of ``scores`` of some states from each one's first year (``first_years``), with the columns of ``of_group``.

    No table is read.
    """
    since = rows.iso3.map(first)
    return rows.loc[rows.year >= since, ["iso3", "name", "year", "agreement_score"]].reset_index(drop=True)


def median_agreement(
    group: Group, year: int | None = None, reference: str = "USA", basis: str = "contested"
) -> float | pd.Series:
    """Agreement (0 to 1) of the median member of a group with a reference: one year's number, or a Series by year."""
    medians = of_group(group, reference, basis).groupby("year").agreement_score.median()
    return medians if year is None else float(medians[year])


def score(iso3: str, year: int, reference: str = "USA", basis: str = "contested") -> float:
    """Agreement (0 to 1) of one state with a reference in one year. Raises TableError when there is no score."""
    rows = scores(reference, basis).query("iso3 == @iso3 and year == @year")
    if rows.empty:
        raise TableError(
            f"un_agreement: there is no score of {iso3} with {reference} in {year} on the basis '{basis}'."
        )
    return float(rows.agreement_score.item())


def fall(group: Group, basis: str = "contested", first: int = 2023, last: int = YEAR, reference: str = "USA") -> float:
    """How far the median member's agreement fell between two years, in points of the scale 0 to 1; a rise is negative.

    For one state give a list of one code: ``fall(["JPN"], "all")``.
    """
    medians = median_agreement(group, None, reference, basis)
    return float(medians[first] - medians[last])


def lowest_year(group: Group, basis: str, reference: str = "USA") -> int:
    """The year in which the median member agreed least with a reference."""
    return int(median_agreement(group, None, reference, basis).idxmin())


def outside(*organisations: str) -> list[str]:
    """UN members that belong to none of these groups today, as a sorted list of iso3 codes."""
    inside = {iso3 for name in organisations for iso3 in groups.members(name)}
    return sorted(set(load("countries").query("is_un_member").iso3) - inside)


def without(group: str, *left_out: str) -> list[str]:
    """Today's members of a group without these states, as a sorted list of iso3 codes."""
    return [iso3 for iso3 in groups.members(group) if iso3 not in left_out]


def compared() -> dict[tuple[str, str], str]:
    """What scores exist, in words: (reference, basis) -> "China, contested only". Source: un_agreement."""
    pairs = load("un_agreement")[["reference", "basis"]].drop_duplicates().itertuples(index=False, name=None)
    found = sorted(pairs, key=lambda pair: (list(REFERENCES).index(pair[0]), pair[1]))
    return {(reference, basis): f"{REFERENCES[reference]}, {BASES[basis]}" for reference, basis in found}


def scores(reference: str, basis: str) -> pd.DataFrame:
    """The rows of un_agreement with a reference on a basis, with the name of each state, without the reference."""
    rows = load("un_agreement")
    rows = rows[(rows.reference == reference) & (rows.basis == basis) & (rows.iso3 != reference)]
    if rows.empty:
        raise TableError(f"un_agreement: there are no scores with '{reference}' on the basis '{basis}'.")
    return rows.merge(load("countries")[["iso3", "name"]])


def first_years(group: Group) -> dict[str, float]:
    """The first year in which each member counts: that of joining; for the four partners and for lists, always."""
    if not isinstance(group, str):
        return dict.fromkeys(group, 0.0)
    if group in ("IP4", "NATO_IP4"):
        return dict.fromkeys(groups.members(group), 0.0)
    return {iso3: float(year) for iso3, year in groups.members_since(group).items()}


# ---- what was put to the vote


def roll_calls(basis: str = "all", regular: bool = True) -> pd.DataFrame:
    """The recorded votes of 2025 with their totals, by resolution; regular=False adds the emergency special sessions.

    no_outside: noes of states that do not belong to the ALLIANCE. Sources: un_resolutions, un_votes, memberships.
    Raises TableError for a basis that is not in FILTERS.
    """
    if basis not in FILTERS:
        raise TableError(f"roll_calls(): there is no basis '{basis}'; bases are {', '.join(FILTERS)}.")
    calls = _of_year()
    calls = calls[~calls.is_special_session] if regular else calls
    calls = calls.assign(no_outside=calls.no - own_noes(first_years(ALLIANCE)).reindex(calls.index, fill_value=0))
    return calls[FILTERS[basis](calls)]


def _of_year() -> pd.DataFrame:
    """The recorded votes of 2025, special sessions included, by resolution. Source: un_resolutions."""
    calls = load("un_resolutions")
    return calls[calls.date.dt.year == YEAR].set_index("resolution")


def own_noes(states: Iterable[str]) -> pd.Series:
    """How many of these states voted no, by resolution; without such a no it is left out. Source: un_votes."""
    ballots = load("un_votes")
    return ballots[(ballots.vote == "no") & ballots.iso3.isin(list(states))].groupby("resolution").size()


def contested_outside(states: Iterable[str]) -> pd.DataFrame:
    """Regular roll calls of 2025 on which at least ten members outside a list of states voted no: as ``roll_calls``.

    The same rule as the basis "outside" for any group: the list's own votes cannot move it.
    """
    calls = roll_calls()
    return calls[calls.no - own_noes(states).reindex(calls.index, fill_value=0) >= AGAINST]


def n_roll_calls(year: int, basis: str = "all") -> int:
    """Roll calls of the regular sessions of a year on which the scores rest. Source: un_rollcall_counts (not 2024)."""
    return int(load("un_rollcall_counts").set_index("year")[COUNTED[basis]][year])


def added_texts(first: int = 2023, last: int = YEAR) -> int:
    """How many more roll calls the regular sessions of one year had than those of another."""
    return n_roll_calls(last) - n_roll_calls(first)


def fall_without_agenda(group: Group = "NATO", first: int = 2023, last: int = YEAR) -> float:
    """The fall on all roll calls, had the added texts stood in the first year too, as agreement of every member.

    Points of the scale 0 to 1. A thought experiment: texts of that kind seem to have passed without a vote before, with
    the United States silently in; each counts as a roll call with agreement 1.
    """
    return agreement_if_silent(group, first, last) - median_agreement(group, last, basis="all")


def agreement_if_silent(group: Group = "NATO", first: int = 2023, last: int = YEAR) -> float:
    """The first year's median agreement on all roll calls (0 to 1), were the texts added since counted as agreement."""
    shared = median_agreement(group, first, basis="all") * n_roll_calls(first)
    return float((shared + added_texts(first, last)) / n_roll_calls(last))


def contested_only_by(group: Group) -> int:
    """Contested roll calls of 2025 that reach ten noes only through those of these states."""
    return len(set(roll_calls("contested").index) - set(contested_outside(first_years(group)).index))


def cast(iso3: str, vote: str) -> int:
    """How often a state voted so (yes, no, abstain, not_voting) in 2025, special sessions included."""
    return int((votes_of_year().query("iso3 == @iso3").vote == vote).sum())


def noes_with_at_most(iso3: str, against: int) -> int:
    """Roll calls of 2025 on which a state voted no and at most so many members did, the state included.

    Special sessions are included. Source: un_votes, un_resolutions.
    """
    noes = votes_of_year().query("iso3 == @iso3 and vote == 'no'").resolution
    return int((noes.map(roll_calls(regular=False).no) <= against).sum())


def votes_of_year() -> pd.DataFrame:
    """All votes of 2025, special sessions included: the rows of un_votes."""
    votes = load("un_votes")
    return votes[votes.resolution.isin(_of_year().index)]


# ---- single roll calls and the cohesion of a group


def _ballots(resolution: str, states: Iterable[str] | None = None) -> pd.Series:
    """The vote of each state (or of these states) on one resolution, by iso3. Source: un_votes."""
    votes = load("un_votes").query("resolution == @resolution").set_index("iso3").vote
    return votes if states is None else votes[votes.index.isin(list(states))]


def count(resolution: str, vote: str, states: Iterable[str] | None = None) -> int:
    """How many of these states (or of all UN members) voted so on one resolution."""
    return int((_ballots(resolution, states) == vote).sum())


def index_of(resolution: str, states: Iterable[str]) -> float:
    """Agreement index (0 to 1) of a list of states on one resolution; who did not vote does not count."""
    return _index(_ballots(resolution, states))


def _index(votes: pd.Series) -> float:
    return model.agreement_index(*((votes == word).sum() for word in ("yes", "no", "abstain")))


def index_with(group: int, dissenters: int) -> float:
    """Agreement index (0 to 1) of a group in which all vote and so many vote against the rest: arithmetic, no votes."""
    return float(model.agreement_index(group - dissenters, dissenters))


def known(resolution: str) -> int:
    """Members whose vote on a resolution is known."""
    return int((_ballots(resolution) != "unknown").sum())


def _ukraine() -> pd.DataFrame:
    """The Ukraine resolutions of the emergency special session whose votes are all known, oldest first.

    Columns: resolution, date, label (``7: Feb 2025``), yes, no, abstain, not_voting. Source: un_resolutions.
    """
    rows = load("un_resolutions").query("resolution.str.startswith(@UKRAINE) and coverage != 'partial'")
    number = rows.resolution.str.removeprefix(UKRAINE)
    rows = rows.assign(label=number + ": " + rows.date.dt.strftime("%b %Y"), place=number.astype(int))
    columns = ["resolution", "date", "label", "yes", "no", "abstain", "not_voting"]
    return rows.sort_values("place")[columns].reset_index(drop=True)


def ukraine_tally(states: Iterable[str]) -> pd.DataFrame:
    """How a list of states voted on each of the Ukraine resolutions: text, vote, members, index, others.

    text: number and month. vote: yes, abstain, no, not voting. index: the agreement index (0 to 1). others: who did not
    vote yes, by name when they are four or fewer, else their number; empty when all did.
    """
    names, every = load("countries").set_index("iso3").short_name, load("un_votes")
    every = every[every.iso3.isin(list(states)) & every.resolution.str.startswith(UKRAINE)]
    every = every.set_index(["resolution", "iso3"]).vote.str.replace("_", " ")
    found = []
    for text in _ukraine().itertuples():
        votes = every[text.resolution]
        counts = votes.value_counts()
        index = model.agreement_index(*(counts.get(word, 0) for word in ("yes", "no", "abstain")))
        others = _few(sorted(names[votes.index[votes != "yes"]]))
        found += [(text.label, vote, members, index, others) for vote, members in counts.items()]
    return pd.DataFrame(found, columns=["text", "vote", "members", "index", "others"])


def _few(names: list[str], most: int = 4) -> str:
    return ", ".join(names) if len(names) <= most else f"{len(names)} members"


def leave_one_out(states: Iterable[str], basis: str = "all") -> pd.Series:
    """Effect of each state on its group's mean agreement index, regular sessions of 2025, by iso3, smallest first.

    Unit: points of the index 0 to 1, without the member minus with it; positive: more united without. Source: un_votes.
    """
    return model.leave_one_out(vote_matrix(states, basis))


def vote_matrix(states: Iterable[str] | None = None, basis: str = "all") -> pd.DataFrame:
    """Scores (yes 1, abstain 0.5, no 0) on the regular roll calls of 2025, resolutions by states (these, or all)."""
    votes, states = load("un_votes"), states if states is None else list(states)
    votes = votes if states is None else votes[votes.iso3.isin(states)]
    matrix = model.vote_matrix(votes[votes.resolution.isin(roll_calls(basis).index)])
    return matrix if states is None else matrix[states]
