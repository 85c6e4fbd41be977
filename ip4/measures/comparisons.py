"""Agreement at the UN as a reader compares it: by name, by group, before and after; with the words for each.

Scores run from 0 to 1. Source: un_agreement, memberships, countries. A reference, a basis and a group are what
``votes`` says they are.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures import votes

MEDIANS = {
    "NATO": "NATO allies (median)",
    "IP4": "The four partners (median)",
    "rest": "Other UN members (median)",
}
GROUPS = {
    "NATO": "NATO allies",
    "EU": "EU members",
    "IP4": "the four partners",
    "ASEAN": "ASEAN members",
    "G7": "G7 members",
}


def by_name(reference: str = "USA", bases: list[str] | None = None) -> pd.DataFrame:
    """What a reader can choose from: who, basis (in words), year, agreement (0 to 1, three decimals).

    bases: keys of ``votes.BASES``; without them every basis that the reference has.

    First the medians of the allies, the four partners and all other UN members, then each ally and partner by name.
    Years without a score (2024) are rows without a value, so that lines break there.
    """
    bases = bases or [basis for name, basis in votes.compared() if name == reference]
    rows = pd.concat(votes.agreement(reference, basis).assign(basis=votes.BASES[basis]) for basis in bases)
    medians = rows.groupby(["group", "basis", "year"], as_index=False).agreement_score.median()
    medians = medians.assign(who=medians.group.map(MEDIANS)).sort_values(
        "group", kind="stable", key=lambda g: g.map(list(MEDIANS).index)
    )
    single = rows[rows.group != "rest"].rename(columns={"name": "who"}).sort_values("who", kind="stable")
    found = pd.concat([medians, single]).rename(columns={"agreement_score": "agreement"}).round(3)
    keys = found[["who", "basis"]].drop_duplicates()
    full = keys.merge(pd.DataFrame({"year": range(found.year.min(), found.year.max() + 1)}), how="cross")
    return full.merge(found[["who", "basis", "year", "agreement"]], how="left")


def captions_by_name(
    rows: pd.DataFrame, reference: str = "USA", first: int = 2023, last: int = votes.YEAR
) -> pd.DataFrame:
    """What to say for each name in the rows of ``by_name``: who, caption with the scores of two years."""
    rows = rows.query("year == @first or year == @last")
    said = {}
    for (who, basis), two in rows.groupby(["who", "basis"], sort=False):
        score = two.set_index("year").agreement.map(_two_decimals)
        said.setdefault(who, []).append(f"{basis}, {score[first]} in {first} and {score[last]} in {last}")
    found = [(who, f"{who} and {votes.REFERENCES[reference]}: " + "; ".join(parts)) for who, parts in said.items()]
    return pd.DataFrame(found, columns=["who", "caption"])


def _two_decimals(score: float) -> str:
    return "no value" if pd.isna(score) else f"{score:.2f}"


def falls(states: list[str], reference: str = "USA", first: int = 2023, last: int = votes.YEAR) -> pd.DataFrame:
    """How far agreement with a reference fell, by state and basis: country, basis (in words), fall (two decimals)."""
    found = [
        (
            load("countries").set_index("iso3").name[iso3],
            votes.BASES[basis],
            round(votes.fall([iso3], basis, first, last, reference), 2),
        )
        for iso3 in states
        for name, basis in votes.compared()
        if name == reference
    ]
    return pd.DataFrame(found, columns=["country", "basis", "fall"])


def filters(group: votes.Group = "NATO", first: int = 2023, last: int = votes.YEAR) -> pd.DataFrame:
    """The median member's agreement with the United States in two years by each basis, one row a basis.

    Columns: basis (in words), the two years as text (scores 0 to 1, two decimals), fall, and the number of roll calls
    in each year ("roll calls 2023"). Sources: un_agreement, un_rollcall_counts.
    """
    years, medians = (first, last), {basis: votes.median_agreement(group, basis=basis) for basis in votes.BASES}
    found = [
        {"basis": words}
        | {str(year): medians[basis][year] for year in years}
        | {"fall": medians[basis][first] - medians[basis][last]}
        | {f"roll calls {year}": votes.n_roll_calls(year, basis) for year in years}
        for basis, words in votes.BASES.items()
    ]
    return pd.DataFrame(found).round(2)


def filter_title(rows: pd.DataFrame) -> str:
    """The finding of ``filters`` in a sentence: the three falls, from all roll calls to outside noes."""
    everything, anybody, outsiders = (f"{fall:.2f}" for fall in rows.fall)
    return (
        f"A fall of {everything} on all roll calls, {anybody} with ten noes in all, {outsiders} with ten outside noes"
    )


def filter_note(rows: pd.DataFrame) -> str:
    """How many roll calls stand behind each row of ``filters``, in a sentence."""
    first, last = (column for column in rows if column.startswith("roll calls"))
    parts = [f"{row.basis} {row[first]} and {row[last]}" for _n, row in rows.iterrows()]
    return f"Roll calls of the regular sessions in {first[-4:]} and {last[-4:]}: {', '.join(parts)}."


def of_groups() -> pd.DataFrame:
    """Each group with each reference and basis: group, compared (in words), year, members, least, median, most.

    Scores 0 to 1, three decimals, of the least, the median and the most agreeing member; years without scores are rows
    without values.
    """
    compared = votes.compared()
    tables = {pair: votes.scores(*pair) for pair in compared}
    parts, names = [], []
    for group, label in GROUPS.items():
        since = votes.first_years(group)
        parts += [votes.since_joining(tables[pair], since)[["year", "agreement_score"]] for pair in compared]
        names += [(label, words) for words in compared.values()]
    every = pd.concat(parts, keys=range(len(parts)), names=["part", None])  # numbers as keys: quicker than words
    rows = every.groupby(["part", "year"]).agreement_score
    rows = rows.agg(members="count", least="min", median="median", most="max").round(3)
    full = [(n, at) for n, part in enumerate(parts) for at in range(part.year.min(), part.year.max() + 1)]
    rows = rows.reindex(pd.MultiIndex.from_tuples(full, names=["part", "year"])).reset_index()
    words = pd.DataFrame(names, columns=["group", "compared"]).loc[rows.pop("part")].reset_index(drop=True)
    return pd.concat([words, rows], axis=1)


def captions_of_groups(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each pair in the rows of ``of_groups``: group, compared, caption with the newest scores."""
    rows = rows.dropna(subset="median").groupby(["group", "compared"], as_index=False, sort=False).last()
    said = [
        f"{r.group[0].upper()}{r.group[1:]} with {r.compared}: median {r.median:.2f} in {r.year}, "
        f"members from {r.least:.2f} to {r.most:.2f}"
        for r in rows.itertuples()
    ]
    return rows.assign(caption=said)[["group", "compared", "caption"]]


def ukraine() -> pd.DataFrame:
    """How each of seven groups voted on the Ukraine texts: group, then the columns of ``votes.ukraine_tally``.

    The index is text with two decimals, as it stands beside a bar. Source: un_votes, un_resolutions.
    """
    rows = [votes.ukraine_tally(states).assign(group=name) for name, states in _ukraine_sets().items()]
    rows = pd.concat(rows, ignore_index=True)
    return rows.assign(index=rows["index"].map("{:.2f}".format))[
        ["group", "text", "vote", "members", "index", "others"]
    ]


def _ukraine_sets() -> dict[str, list[str]]:
    """The groups of the figure on Ukraine, each a list of iso3 codes of today's members. Source: memberships."""
    return {
        "NATO allies of today": votes.without("NATO"),
        "NATO without the United States": votes.without("NATO", "USA"),
        "NATO without Hungary": votes.without("NATO", "HUN"),
        "NATO without both": votes.without("NATO", "HUN", "USA"),
        "EU members": votes.without("EU"),
        "The four partners": votes.without("IP4"),
        "ASEAN members": votes.without("ASEAN"),
    }


def captions_ukraine(tallies: pd.DataFrame) -> pd.DataFrame:
    """What to say for each group in the rows of ``ukraine``: group, caption. Source: un_votes."""
    said = []
    for group, rows in tallies.groupby("group", sort=False):
        united = rows.drop_duplicates("text").query("others == ''")
        least = rows.loc[rows["index"].astype(float).idxmin()]
        said.append((group, f"{group}: all voted yes on {len(united)} of {rows.text.nunique()} texts; {_least(least)}"))
    return pd.DataFrame(said, columns=["group", "caption"])


def _least(row: pd.Series) -> str:
    if float(row["index"]) == 1:
        return "nobody who voted stood apart on any"
    return f"least united on text {row.text.replace(': ', ' of ')}, index {row['index']}"
