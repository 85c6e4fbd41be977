"""NATO at work: the battlegroups in the east of the alliance, and the partners' troops in Afghanistan."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load


def battlegroups(day: str) -> pd.DataFrame:
    """The battlegroups as reported on a day (YYYY-MM-DD): a row a host, ``personnel`` in persons. ``battlegroups``."""
    rows = load("battlegroups")
    return rows[rows.as_of == day]


def battlegroup_share(day: str) -> float:
    """Troops of the battlegroups in percent of the military personnel of all allies in that year.

    Sources: ``battlegroups``, ``nato_spending`` (thousand persons, newest edition, members and later members).
    """
    allies = load("nato_spending").query(f"edition == edition.max() and year == {day[:4]}").personnel_thousand
    return float(100 * battlegroups(day).personnel.sum() / (1000 * allies.sum()))


def strength(host: str, day: str) -> int:
    """Persons in the battlegroup of a host on a day, as reported in sum. Source: ``battlegroups``."""
    return int(battlegroups(day).set_index("host_iso3").personnel[host])


def contributed(host: str, day: str) -> int:
    """Persons of all contributors to the battlegroup of a host on a day. Source: ``battlegroup_contributors``."""
    rows = load("battlegroup_contributors")
    return int(rows.personnel[(rows.host_iso3 == host) & (rows.as_of == day)].sum())


def frameworks_that_differ() -> int:
    """Framework nations of ``battlegroups`` that are not those of ``battlegroup_contributors`` on the same day."""
    leading = load("battlegroup_contributors").query("role == 'framework'")
    return int(load("battlegroups").merge(leading, on=["host_iso3", "as_of"]).eval("framework_iso3 != iso3").sum())


def isaf(state: str, month: str) -> int:
    """A state's troops in Afghanistan in a month (YYYY-MM), in persons. Source: ``isaf``."""
    rows = load("isaf").query("iso3 == @state")
    return int(rows.personnel[rows.as_of.dt.strftime("%Y-%m") == month].iloc[0])


def isaf_groups_that_differ() -> int:
    """Rows of ``isaf`` called an ally, or not, against what ``memberships`` says of that day."""
    joined = load("memberships").query("organisation == 'NATO'")[["iso3", "join_date"]]
    rows = load("isaf").dropna(subset="iso3").merge(joined, on="iso3", how="left")
    inside = rows.join_date <= rows.as_of.dt.strftime("%Y-%m-%d")
    return int((inside != (rows.contributor_group == "nato_ally")).sum())
