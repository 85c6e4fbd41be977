"""Opinion polls: shares of respondents in percent, as the pollsters published them. Source: ``opinion_polls``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.colours import HEX
from ip4.groups import members

TEN = "Mean of ten"


def share(population: str, question: str, year: int, about: str | None = None, answer: str | None = None) -> float:
    """One published share of respondents, in percent. Source: ``opinion_polls``.

    population: a state's iso3 or a published group, "ASEAN10" (mean of the ten countries' samples) or "NATO_MEDIAN"
    (median of the members asked). question, about, answer: as in the table; ``about`` and ``answer`` may be left out
    where they are not needed to tell the rows apart. Raises TableError unless exactly one row fits.
    """
    rows = load("opinion_polls").query("population == @population and question == @question and survey_year == @year")
    for column, wanted in {"about": about, "answer": answer}.items():
        rows = rows if wanted is None else rows[rows[column] == wanted]
    if len(rows) != 1:
        what = ", ".join(str(word) for word in (population, question, year, about, answer) if word is not None)
        raise TableError(f"opinion_polls: {len(rows)} rows fit {what}; exactly one is needed, name about or answer.")
    return float(rows.pct.iloc[0])


# The questions that ISEAS asks of several powers: words of a control, question and answer of ``opinion_polls``.
POWERS = {
    "trusted to do right": ("trust", "trust"),
    "wanted as third party": ("third_party", "named"),
    "leads on rules": ("leadership_order", "named"),
    "leads on free trade": ("leadership_trade", "named"),
    "most influential, politics": ("influence_political", "named"),
    "most influential, economy": ("influence_economic", "named"),
}
NAMES = {
    "EU": "the EU",
    "JPN": "Japan",
    "USA": "the United States",
    "CHN": "China",
    "ASEAN": "ASEAN itself",
    "IND": "India",
}
COLOURS = {
    "the EU": HEX["EU"],
    "Japan": HEX["Japan"],
    "the United States": HEX["United States"],
    "China": HEX["China"],
    "ASEAN itself": HEX["ASEAN"],
    "India": HEX["Others"],
}


def powers() -> pd.DataFrame:
    """What Southeast Asians asked by ISEAS say of the powers: question (``POWERS``), year, power, share (percent).

    Averages of the ten countries. A power or year without a row was not found. Source: ``opinion_polls``.
    """
    asked = load("opinion_polls").query("pollster == 'ISEAS' and population == 'ASEAN10'")
    parts = [
        asked.query("question == @question and answer == @answer").assign(question=words)
        for words, (question, answer) in POWERS.items()
    ]
    rows = pd.concat(parts).rename(columns={"survey_year": "year", "pct": "share"})
    rows = rows.assign(power=rows.about.map(NAMES)).dropna(subset="power")
    return rows.sort_values(["question", "power", "year"], ignore_index=True)[["question", "year", "power", "share"]]


def seen(about: str, year: int) -> pd.Series:
    """Three shares of one survey of ISEAS on a power, percent: trust, third (party), power (political influence).

    Means of the ten countries. about: a code as in ``opinion_polls``. Source: ``opinion_polls``.
    """
    asked = {"trust": "trust", "third": "third_party", "power": "influence_political"}
    answer = {"trust": "trust"}
    shares = {key: share("ASEAN10", q, year, about, answer.get(key, "named")) for key, q in asked.items()}
    return pd.Series(shares)


def power_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What rows of ``powers`` say of the EU (``opinion_polls``) for each question: question, caption."""
    said = []
    for question in POWERS:
        eu = rows.query("question == @question and power == 'the EU'")
        shares = ", ".join(f"{r.share:.1f} in {r.year}" for r in eu.itertuples())
        said.append((question, f"The EU, {question}, per cent: {shares}"))
    return pd.DataFrame(said, columns=["question", "caption"])


def beside_front() -> pd.DataFrame:
    """Each power beside the one named most, at the last survey that has both: power, asked, order, share, front, who.

    asked: question and year in words. order: the place of the question in ``POWERS``. Shares in percent; who: the power
    named most, which can be the power itself.
    Only questions and years with at least two powers. Source: ``opinion_polls``.
    """
    rows = powers()
    rows = rows[rows.groupby(["question", "year"]).power.transform("count") > 1]
    best = rows.sort_values("share").groupby(["question", "year"], as_index=False).last()
    rows = rows.merge(best.rename(columns={"power": "who", "share": "front"}), on=["question", "year"])
    rows = rows.sort_values("year").groupby(["power", "question"], as_index=False).last()
    order = rows.question.map(list(POWERS).index)
    rows = rows.assign(order=order, asked=rows.question + ", " + rows.year.astype(str))
    return rows.sort_values(["power", "order"], ignore_index=True)[["power", "asked", "order", "share", "front", "who"]]


def beside_front_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What rows of ``beside_front`` say (``opinion_polls``) of each power: power, caption."""
    said = []
    for power, part in rows.groupby("power"):
        first = "; ".join(part.asked[part.share == part.front]) or "no question"
        low = part.loc[part.share.idxmin()]
        name = power[0].upper() + power[1:]
        said.append((power, f"{name} is first in: {first}. Lowest in: {low.asked} ({low.share:.1f} per cent)"))
    return pd.DataFrame(said, columns=["power", "caption"])


def rise(population: str, question: str, first: int, last: int, **which: str) -> float:
    """Points by which a share rose from one survey to another; negative when it fell. Source: ``opinion_polls``.

    which: ``about`` and ``answer`` as in ``share``.
    """
    return share(population, question, last, **which) - share(population, question, first, **which)


def views_of_nato(year: int, within: str | None = None) -> pd.Series:
    """Favourable views of NATO in percent, indexed by iso3: one for each state asked that was a member at year's end.

    within: keep only those that belong to this group too, as it is today ("EU"). Sources: ``opinion_polls``,
    ``memberships``.
    """
    asked = load("opinion_polls").query("survey_year == @year and question == 'favourable_view'")
    views = asked[asked.answer == "favourable"].dropna(subset="iso3").set_index("iso3").pct
    inside = set(members("NATO", f"{year}-12-31")).intersection(members(within) if within else views.index)
    return views[views.index.isin(inside)]


def views_by_members() -> int:
    """How many views of NATO come from a state that was a member in that year. ``opinion_polls``, ``memberships``."""
    asked = load("opinion_polls").query("question == 'favourable_view' and answer == 'favourable'")
    joined = load("memberships").query("organisation == 'NATO' and status == 'member'")[["iso3", "join_year"]]
    return int(asked.merge(joined, on="iso3").eval("survey_year >= join_year").sum())


def implied_tenth(question: str, year: int, about: str) -> float:
    """The share that the mean of ten countries implies for the one that was not found, in percent.

    Ten times "ASEAN10" less the sum of the nine in ``opinion_polls``; outside 0 to 100 one of them is wrong.
    """
    rows = load("opinion_polls").query("survey_year == @year and question == @question and about == @about")
    shares = rows.set_index("population").pct
    return float(10 * shares["ASEAN10"] - shares.drop("ASEAN10").sum())


def sums(question: str | None = None, *, answer: str | None = None, by_about: bool = False) -> pd.Series:
    """Sums of the shares of each question in one survey and population, in percent: above 100 is a fault of the table.

    question, answer: count only these ("named": questions with one choice). by_about: sum what was said about one thing
    ("trust"), not over all things that one could choose. Source: ``opinion_polls``.
    """
    rows = load("opinion_polls")
    rows = rows if question is None else rows[rows.question == question]
    rows = rows if answer is None else rows[rows.answer == answer]
    keys = ["pollster", "survey_year", "population", "question"] + ["about"] * by_about
    return rows.groupby(keys, dropna=False).pct.sum()


def eu_views(years: tuple[int, ...] = (2024, 2025)) -> pd.DataFrame:
    """Favourable views of NATO in EU members that are allies: state, survey (the year in words), share in percent.

    States in the order of the first year, the highest first. Sources: ``opinion_polls``, ``memberships``.
    """
    known = load("countries").set_index("iso3").name
    parts = [views_of_nato(year, "EU").rename("share").reset_index().assign(survey=str(year)) for year in years]
    rows = pd.concat(parts, ignore_index=True)
    order = parts[0].sort_values("share", ascending=False).iso3.tolist()
    rows = rows.assign(state=rows.iso3.map(known), place=rows.iso3.map(lambda iso3: order.index(iso3)))
    return rows.sort_values(["place", "survey"], ignore_index=True)[["state", "survey", "share"]]


def choices(first: int = 2021, last: int = 2025) -> pd.DataFrame:
    """Who would choose the United States over China, by country of Southeast Asia, in two surveys, in percent.

    Columns: state, the two years as names, change (points). "Mean of ten" stands for the published ASEAN average, one
    voice a country. A country without a share in one of the two surveys is left out. Sources: ``opinion_polls``,
    ``countries``.
    """
    rows = load("opinion_polls").query("question == 'choice_us_china' and about == 'USA'")
    names = load("countries").set_index("iso3").short_name.to_dict() | {"ASEAN10": TEN}
    wide = rows.pivot(index="population", columns="survey_year", values="pct")[[first, last]].dropna()
    wide = wide.assign(change=(wide[last] - wide[first]).round(1)).rename(columns=str)
    return wide.rename(index=names).rename_axis("state").reset_index().sort_values(str(last), ignore_index=True)


def choice_change(iso3: str, first: int = 2021, last: int = 2025) -> float:
    """Points by which the share for the United States over China changed in one country. Source: ``opinion_polls``."""
    return rise(iso3, "choice_us_china", first, last, about="USA")


def not_asked(first: int = 2021, last: int = 2025) -> list[str]:
    """Countries of Southeast Asia in the survey of one year that are missing in another, by name."""
    rows = load("opinion_polls").query("question == 'choice_us_china' and about == 'USA'").dropna(subset="iso3")
    gone = set(rows.iso3[rows.survey_year == first]) - set(rows.iso3[rows.survey_year == last])
    return sorted(load("countries").set_index("iso3").short_name[sorted(gone)])
