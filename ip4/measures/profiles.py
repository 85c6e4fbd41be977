"""The four partners side by side: their steps with NATO, and where they stand on what can be counted.

Tables: partnership_instruments, opinion_polls, countries, and those of ``indicators``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import indicators

# key: in words that fit above a small chart; years stand in the figure's note
SHOWN = {
    indicators.SOLDIERS: "Soldiers per million",
    indicators.SPENDING: "Spending, % of GDP",
    indicators.ARMS: "US arms, % of imports",
    indicators.EXPORTS: "Exports to China, %",
    indicators.IMPORTS: "Imports from China, %",
    indicators.VOTES: "UN votes, ideal point",
}
POLL = "China as threat, %"
ALL = "all steps"
PROGRAMME = "partnership programme"


def side_by_side() -> pd.DataFrame:
    """One row an indicator and partner: indicator (words), partner, value, said (a number or "not asked"), bar.

    The last indicator is a poll that one of the four was not part of; its value is missing and its bar 0. Tables as in
    the module.
    """
    names, found = _names(), []
    for key, words in SHOWN.items():
        points = indicators.values(key)
        found += [(words, names[iso3], points[iso3], f"{points[iso3]:.1f}") for iso3 in names.index]
    for iso3, share in threat().items():
        found.append((POLL, names[iso3], share, "not asked" if pd.isna(share) else f"{share:.0f}"))
    rows = pd.DataFrame(found, columns=["indicator", "partner", "value", "said"]).round({"value": 2})
    return rows.assign(bar=rows.value.fillna(0))


def threat() -> pd.Series:
    """Who names China as the greatest threat to their country, percent of those asked in 2025, by iso3.

    Missing for a partner in which the question was not asked. Source: opinion_polls.
    """
    rows = load("opinion_polls").query("question == 'greatest_threat' and about_iso3 == 'CHN' and survey_year == 2025")
    return rows.set_index("population").pct.reindex(members(indicators.PARTNERS))


def value(indicator: str, state: str) -> float:
    """One state's value of an indicator, in its unit. Tables as in ``indicators``."""
    return float(indicators.values(indicator)[state])


def steps() -> pd.DataFrame:
    """Steps of each partnership by year and kind: kind, partner, year, steps, what (in words).

    The kind ``ALL`` holds them all. Chosen by hand, so no trend can be read off. Source: partnership_instruments.
    """
    rows = load("partnership_instruments")
    rows = rows.assign(partner=rows.iso3.map(_names()), year=rows.date.dt.year, kind=rows.family)
    rows = pd.concat([rows.assign(kind=ALL), rows])
    by = rows.groupby(["kind", "partner", "year"], sort=False).instrument
    return by.agg(steps="size", what="; ".join).reset_index()


def kinds() -> list[str]:
    """The kinds of step, ``ALL`` first. Source: partnership_instruments."""
    return [ALL, *sorted(load("partnership_instruments").family.unique())]


def step_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``steps`` say for each kind: kind, caption with each partner's number and first year."""
    said = []
    for kind in kinds():
        part = rows[rows.kind == kind].groupby("partner").agg(n=("steps", "sum"), first=("year", "min"))
        lists = [f"{partner} {row.n} (first {row['first']})" for partner, row in part.iterrows()]
        said.append({"kind": kind, "caption": f"{kind[0].upper()}{kind[1:]}: {', '.join(lists)}"})
    return pd.DataFrame(said)


def first_step(state: str, kind: str = ALL) -> int:
    """Year of a partner's first step of a kind. Source: partnership_instruments."""
    rows = steps().query("kind == @kind")
    return int(rows[rows.partner == _names()[state]].year.min())


def spending() -> pd.DataFrame:
    """Military expenditure of the four since 2000: partner, year, share (percent of GDP). Source: sipri_spending."""
    rows = load("sipri_spending").query("year >= 2000").dropna(subset="share_gdp_pct")
    rows = rows[rows.iso3.isin(members(indicators.PARTNERS))]
    rows = rows.assign(partner=rows.iso3.map(_names()), share=rows.share_gdp_pct.round(2))
    return rows[["partner", "year", "share"]].reset_index(drop=True)


def _names() -> pd.Series:
    names = load("countries").set_index("iso3").short_name
    return names[names.index.isin(members(indicators.PARTNERS))]
