"""What the graded exercise on burden sharing hands out: a case for each student, three files, and what its charts show.

Sources: ``sipri_spending``, ``nato_spending``, ``nato_spending_aggregates``, ``memberships``, ``countries``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import burden, spending

EARLY, LATE = range(1991, 2007), range(2007, 2025)  # the two years of a case for the rank correlation
STEPS = (7, 5)  # no factor in common with the lengths of EARLY and LATE: neighbours in the list lie far apart
LINES = (1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.1, 2.2)  # percent of GDP; not 2, whose counts stand in the chapter
NOT_ZERO = 0.02  # least size of a case's rank correlations
FIRST_YEAR = 2022  # first year that a case reads in two editions


def cases() -> list[dict]:
    """One case each: an ally with a year that an older edition reports, a line, another ally, a group and two years.

    Out are cases with a rank correlation so near to zero that a blind zero would be right.
    """
    rows = load("nato_spending").query("edition < 2026 and year >= @FIRST_YEAR and is_member and iso3 != 'USA'")
    rows = rows.merge(load("countries")[["iso3", "name"]])[["name", "year", "edition"]]
    names = sorted(rows.name.unique())
    drawn = (_case(place, names, *row) for place, row in enumerate(rows.itertuples(index=False, name=None)))
    sizes = burden.ranks().set_index(["group", "year"])["rank"].abs()
    return [case for case in drawn if min(sizes[case["group"], case[name]] for name in ("early", "late")) > NOT_ZERO]


def _case(place: int, names: list[str], ally: str, year: int, edition: int) -> dict:
    """The case of an ally's figure; everything else follows from its place in the list."""
    return {
        "ally": ally,
        "other": names[(names.index(ally) + 1 + place % (len(names) - 1)) % len(names)],
        "year": year,
        "edition": edition,
        "line": LINES[place % len(LINES)],
        "group": burden.GROUPS[place // len(LINES) % len(burden.GROUPS)],
        "early": EARLY[place * STEPS[0] % len(EARLY)],
        "late": LATE[place * STEPS[1] % len(LATE)],
    }


def sipri_file() -> pd.DataFrame:
    """SIPRI's shares (percent of GDP) and spending (million current dollars) since 1990, today's allies and partners.

    ``joined``: year of accession to NATO, empty for partners; ``role``: "ally" or "partner".
    """
    rows = load("sipri_spending").query("year >= 1990").merge(load("countries")[["iso3", "name"]])
    rows = rows[rows.iso3.isin(members("NATO") + members("IP4"))]
    joined = load("memberships").query("organisation == 'NATO' and status == 'member'")[["iso3", "join_year"]]
    rows = rows.merge(joined, how="left").rename(columns={"name": "country", "join_year": "joined"})
    rows = rows.assign(role=rows.joined.isna().map({True: "partner", False: "ally"}))
    columns = ["country", "role", "joined", "year", "share_gdp_pct", "current_usd_m"]
    return rows[columns].reset_index(drop=True)


def nato_file() -> pd.DataFrame:
    """NATO's figures by edition, ally and year; units as in ``nato_spending``."""
    rows = load("nato_spending").merge(load("countries")[["iso3", "name"]]).rename(columns={"name": "ally"})
    columns = ["edition", "ally", "year", "is_estimate", "is_member"]
    return rows[[*columns, "share_gdp_pct", "current_usd_m", "constant_usd_m"]]


def europe_canada_file() -> pd.DataFrame:
    """NATO's own sums for Europe and Canada by year, edition of 2026."""
    columns = ["year", "is_estimate", "share_gdp_pct", "current_usd_m", "constant_usd_m"]
    return spending.published().reset_index()[columns]


def ranks_shown() -> pd.DataFrame:
    """What the chart of question 1 shows: ``burden.ranks`` of both sources, three decimals, by year."""
    without_partners = [group for group in burden.GROUPS if group != burden.WITH_FOUR]
    rows = pd.concat([burden.ranks(), burden.ranks(burden.NATO_EDITION, without_partners)], ignore_index=True)
    order = rows.group.map(burden.GROUPS.index)
    rows = rows.assign(order=order, newer=rows.source != "SIPRI").sort_values(
        ["newer", "year", "order"], ignore_index=True
    )
    return rows[["source", "group", "year", "n", "rank", "chance"]].round({"rank": 3, "chance": 3})


def counts_shown() -> pd.DataFrame:
    """What the chart of question 3 shows: members with a row, and at a line of GDP or above, by edition, year, line."""
    rows = load("nato_spending").query("is_member and year >= @FIRST_YEAR")
    lines = pd.DataFrame({"line": sorted([*LINES, 2])})
    rows = rows.merge(lines, how="cross")
    rows = rows.assign(at_line=rows.share_gdp_pct >= rows.line).groupby(["edition", "year", "line"], as_index=False)
    return rows.agg(members=("iso3", "size"), at_line=("at_line", "sum"))


def growth_shown() -> pd.DataFrame:
    """What the chart of question 4 shows: growth of 2025 and 2026 on the year before, allies, Europe and Canada."""
    allies = spending.spending(members_only=False).rename(columns={"ally": "who"})
    sums = spending.published().reset_index().assign(who=spending.EUROPE_CANADA)
    rows = pd.concat([allies, sums]).query("year >= 2024").sort_values(["who", "year"])
    by_who = rows.groupby("who")
    rows = rows.assign(
        constant_pct=100 * by_who.constant_usd_m.pct_change(),
        current_pct=100 * by_who.current_usd_m.pct_change(),
        current_usd_bn=by_who.current_usd_m.diff() / 1000,
    )
    columns = ["who", "year", "constant_pct", "current_pct", "current_usd_bn"]
    return rows.query("year >= 2025")[columns].round(2).reset_index(drop=True)
