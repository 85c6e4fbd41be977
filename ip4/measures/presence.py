"""NATO's forward presence: who is in which battlegroup, what became of the promised brigades, and years of quiet.

Sources: ``battlegroups``, ``battlegroup_contributors``, ``brigades``, ``memberships``, ``chronology``, ``countries``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError, load
from ip4.groups import members_since
from ip4.measures.institutions import battlegroups, strength

COUNTED = "2022-06-28"  # the one day on which all battlegroups of the time have a strength
LAST_YEAR = 2026
NEVER = "NOR"  # an ally with a border on Russia that has never had a battlegroup
PART = {"framework": "leads", "contributor": "takes part"}
STEPS = {"promised": "promised", "exercised": "in an exercise", "in place": "in place later"}


def nations() -> pd.DataFrame:
    """Who was in each battlegroup at each date: host, date, nation, part ("leads" or "takes part"), planned.

    date: the year and month of the description as text ("2017-03"; "2018" where only the year is known). Only hosts
    that were described are there. Sources: ``battlegroup_contributors``, ``battlegroups``, ``countries``.
    """
    rows = load("battlegroup_contributors")
    known = load("battlegroups").set_index(["host_iso3", "as_of"]).as_of_precision
    precision = [known[key] for key in zip(rows.host_iso3, rows.as_of, strict=True)]
    forms = {"day": "%Y-%m", "month": "%Y-%m", "year": "%Y"}
    dates = [day.strftime(forms[how]) for day, how in zip(rows.as_of, precision, strict=True)]
    parts, planned = rows.role.map(PART), rows.status == "planned"
    found = pd.DataFrame({"host": _names(rows.host_iso3), "date": dates, "nation": _names(rows.iso3), "part": parts})
    found = found.assign(planned=planned)
    return found.sort_values(["host", "date", "part", "nation"], ignore_index=True)


def nations_captions() -> pd.DataFrame:
    """What to say for each host in the rows of ``nations``: host, caption."""
    rows = nations()
    said = []
    for host, group in rows.groupby("host"):
        leads = " and ".join(group[group.part == "leads"].drop_duplicates("nation").nation)
        flags, dates = _count(group.nation, "nation"), _count(group.date, "date")
        said.append((host, f"{host}: {flags} named at {dates}, led by {leads}"))
    return pd.DataFrame(said, columns=["host", "caption"])


def brigade(host: str, step: str) -> float:
    """Soldiers of a host's brigade as last described at a step ("promised", "exercised", "in place"), in persons.

    Missing where the source gives no number. Source: ``brigades``. Raises TableError when the step has no row.
    """
    rows = load("brigades").query("host_iso3 == @host and step == @step").sort_values("as_of")
    if rows.empty:
        raise TableError(f"brigades: nothing is {step} for {host}; read the table for what is known.")
    return float(rows.personnel.iloc[-1])


def promises() -> pd.DataFrame:
    """Battlegroup and brigade, one row a host and known number: host, what, soldiers, when.

    what: "June 2022" (the battlegroup as counted by NATO), then the steps of ``brigades``, each as last described.
    Sources: ``battlegroups``, ``brigades``, ``countries``.
    """
    later = load("brigades").dropna(subset="personnel").sort_values("as_of")
    later = later.drop_duplicates(["host_iso3", "step"], keep="last")
    after = later.assign(what=later.step.map(STEPS))[["host_iso3", "what", "personnel", "as_of"]]
    counted = battlegroups(COUNTED)
    counted = counted[counted.host_iso3.isin(after.host_iso3)]
    before = counted.assign(what="June 2022")[["host_iso3", "what", "personnel", "as_of"]]
    both = pd.concat([before, after])
    named = both.assign(host=_names(both.host_iso3), soldiers=both.personnel.astype(int))
    named["when"] = named.as_of.dt.strftime("%Y-%m")
    return named[["host", "what", "soldiers", "when"]].sort_values(["host", "when"], ignore_index=True)


def grown(host: str) -> float:
    """By how much soldiers in place in a host grew from June 2022 to the last description, in percent of June 2022."""
    return float(100 * (brigade(host, "in place") / strength(host, COUNTED) - 1))


def kept(host: str) -> float:
    """Soldiers in place in percent of those promised, each as last described. Source: ``brigades``."""
    return 100 * brigade(host, "in place") / brigade(host, "promised")


def quiet_years(until: int = LAST_YEAR) -> pd.DataFrame:
    """Calendar years as an ally without and with a battlegroup, for each host and for Norway.

    Columns: iso3, ally, phase ("without a battlegroup" or "with one"), first, last, years. The year of joining and the
    year in which a battlegroup was set up count from their start. Sources: ``memberships``, ``battlegroups``.
    """
    joined = members_since("NATO")
    set_up = load("battlegroups").groupby("host_iso3").established_year.min()
    spans = [(iso3, joined[iso3], set_up.get(iso3, until + 1)) for iso3 in [*set_up.index, NEVER]]
    rows = [(iso3, "without a battlegroup", first, start - 1) for iso3, first, start in spans]
    rows += [(iso3, "with one", start, until) for iso3, _first, start in spans if start <= until]
    found = pd.DataFrame(rows, columns=["iso3", "phase", "first", "last"])
    found = found.assign(years=found["last"] - found["first"] + 1, ally=_names(found.iso3).to_numpy())
    return found[["iso3", "ally", "phase", "first", "last", "years"]]


def years(state: str | None = None, phase: str = "with one") -> int:
    """Years of ``quiet_years`` in a phase, of one state (iso3) or of all together; 0 where there was none."""
    rows = quiet_years().query("phase == @phase")
    return int(rows.years.sum() if state is None else rows.years[rows.iso3 == state].sum())


def called(state: str | None = None) -> int:
    """How often Article 5 was invoked, of one state (iso3) or in all, as events of ``chronology`` name it."""
    rows = load("chronology")
    rows = rows[rows.event_id.str.startswith("art5-")]
    return sum(state is None or state in actors.split(";") for actors in rows.actors)


def filled(state: str, column: str) -> int:
    """A cell of the chapter's table: years in a phase of ``quiet_years``, or for "calls" the calls on Article 5."""
    return called(state) if column == "calls" else years(state, column)


def _count(column: pd.Series, word: str) -> str:
    number = column.nunique()
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _names(iso3: pd.Series) -> pd.Series:
    return iso3.map(load("countries").set_index("iso3").name)
