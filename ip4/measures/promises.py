"""Promised, allocated, delivered: three measures of aid to Ukraine, and what older releases of the tracker said.

Tables: ukraine_aid_monthly and ukraine_aid_donors (Ukraine Support Tracker, release 29), ukraine_aid_reports and
published_figures (what was reported at the time). EUR billion at current prices.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.measures import published, ranking

GROUPS = {"EU institutions": ["EU institutions"], "United States": ["United States"]}
GROUPS |= {"EU members, one by one": ["EU members"], "Other NATO allies": ["Other NATO allies"]}
GROUPS |= {"The four partners": ["IP4"], "All donors": []}
LINES = {"promised": "commitments_eur_bn", "allocated": "total_eur_bn"}


def report(figure_id: str) -> float:
    """A figure of ``ukraine_aid_reports``, in its own unit."""
    return float(load("ukraine_aid_reports").set_index("figure_id").value[figure_id])


def running() -> pd.DataFrame:
    """What each group had promised and allocated since January 2022: group, line, month, year, amount.

    line: "promised" or "allocated". Running sums in EUR billion, one decimal; year: the end of the month as a part of a
    year, for an axis. Source: ``ukraine_aid_monthly``.
    """
    rows, found = ranking.months(), []
    for group, channels in GROUPS.items():
        part = rows[rows.channel.isin(channels)] if channels else rows
        sums = part.groupby("month")[list(LINES.values())].sum().cumsum().round(1).set_axis(list(LINES), axis=1)
        found.append(sums.reset_index().melt("month", var_name="line", value_name="amount").assign(group=group))
    rows = pd.concat(found, ignore_index=True)
    rows["year"] = (rows.month.str[:4].astype(int) + rows.month.str[5:].astype(int) / 12).round(3)
    return rows[["group", "line", "month", "year", "amount"]]


def running_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each group in the rows of ``running``: group, caption with the newest sums."""
    newest = rows.groupby(["group", "line"], sort=False).amount.last().unstack()
    said = [f"{r.Index}: {r.promised:.0f} promised, {r.allocated:.0f} allocated, EUR bn" for r in newest.itertuples()]
    return pd.DataFrame({"group": newest.index, "caption": said})


def left_open(who: str, last: str = ranking.LAST) -> float:
    """What a side or a donor had promised and not yet allocated by a month, in EUR billion."""
    return ranking.amount(who, "all aid promised", last=last) - ranking.amount(who, "all aid allocated", last=last)


def largest_promises(channel: str = "EU institutions") -> pd.Series:
    """What a channel promised by month, EUR billion, the largest month first. Source: ``ukraine_aid_monthly``."""
    rows = ranking.months()
    return rows[rows.channel == channel].groupby("month").commitments_eur_bn.sum().sort_values(ascending=False)


def promised_without(month: str, who: str = ranking.EUROPE, last: str = "2023-07") -> float:
    """What a side had promised by a month, less what EU institutions promised in one month, EUR billion."""
    return ranking.amount(who, "all aid promised", last=last) - float(largest_promises()[month])


def releases() -> pd.DataFrame:
    """Older readings of the tracker beside release 29: what, reported, recounted (EUR billion, one decimal), row.

    Sums to October 2022, July 2023 and February 2024. reported: at the time; recounted: release 29.
    Sources: published_figures, ukraine_aid_reports, ukraine_aid_monthly.
    """
    promised, allocated = "all aid promised", "all aid allocated"
    found = [
        (
            "US, promises 2022",
            published.figure("kiel-2022-usa"),
            ("United States", promised, "2022-09"),
        ),
        ("EU, promises 2022", published.figure("kiel-2022-eu"), ("the EU", promised, "2022-09")),
        ("US, promises 2023", report("usa-2023-promised"), ("United States", promised, "2023-07")),
        ("Europe, promises 2023", report("europe-2023-promised"), ("Europe", promised, "2023-07")),
        (
            "US, allocated 2024",
            report("usa-2024-allocated"),
            ("United States", allocated, "2024-02"),
        ),
        ("Europe, allocated 2024", report("europe-2024-allocated"), ("Europe", allocated, "2024-02")),
    ]
    rows = [(what, then, ranking.amount(who, measure, last=last)) for what, then, (who, measure, last) in found]
    return pd.DataFrame(rows, columns=["what", "reported", "recounted"]).round(1).assign(row=range(1, len(rows) + 1))
