"""Exhibits for a memo: one capital, one measure, one period, and how far the headline hangs on the first year.

A capital is a state or the median member of an organisation, in the words of CAPITALS. Members of an organisation count
from the year they joined it. An exhibit compares its first year with the newest one; it has no other years. Sources:
``un_agreement``, ``un_ideal_points``, ``sipri_spending``, ``arms_supplier_groups``, ``memberships``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from coursekit.tables import TableError, load
from ip4 import groups
from ip4.measures import votes

CAPITALS: dict[str, votes.Group] = {
    "Canberra": ["AUS"],
    "Tokyo": ["JPN"],
    "Wellington": ["NZL"],
    "Seoul": ["KOR"],
    "Brussels (NATO)": "NATO",
    "Brussels (EU)": "EU",
    "Paris": ["FRA"],
    "Ankara": ["TUR"],
    "Jakarta (ASEAN)": "ASEAN",
}
OTHERS: dict[str, votes.Group] = {"Manila": ["PHL"], "Ottawa": ["CAN"]}  # for samples that give nothing away
PROTECTOR = "USA"  # never counted among the buyers of its own arms
FIRST, LAST_START = 1995, 2020  # the first years that a memo may choose: filtered scores begin in 1995
NEVER, UP, DOWN = "did not move", "rose", "fell"
MARGIN = 0.1  # of the range of a series: a smaller change is none under the rule "a tenth of the range"


@dataclass(frozen=True)
class Measure:
    """One thing that an exhibit can show. ``rows``: states and years; ``value``: of some of these rows, by year."""

    rows: Callable[[], pd.DataFrame]
    value: Callable[[pd.DataFrame], pd.Series]
    decimals: int
    unit: str
    table: str


def _median(column: str, rows: pd.DataFrame) -> pd.Series:
    return rows.dropna(subset=[column]).groupby("year")[column].median()


def _american_part(rows: pd.DataFrame) -> pd.Series:
    """American part of the volume of some states' arms imports, percent, by the last year of five."""
    volume = rows.groupby("year")[["american", "all"]].sum()
    return 100 * volume["american"] / volume["all"]


def _agreement(reference: str) -> pd.DataFrame:
    """Agreement of each state with a reference on roll calls with ten outside noes, 0 to 1. ``un_agreement``."""
    return votes.scores(reference, "outside")


def _imports() -> pd.DataFrame:
    """Arms imports of states in blocks that do not overlap, million TIV: iso3, year (the last of five), american, all.

    Source: ``arms_supplier_groups``. The protector's own imports are left out.
    """
    rows = load("arms_supplier_groups").query("is_nonoverlapping and recipient_type == 'state' and iso3 != @PROTECTOR")
    rows = rows.assign(american=rows.tiv_m.where(rows.supplier_group == "United States", 0))
    volume = rows.groupby(["iso3", "block_end"])[["american", "tiv_m"]].sum().reset_index()
    return volume.rename(columns={"block_end": "year", "tiv_m": "all"})


_score, _share, _point = (partial(_median, name) for name in ("agreement_score", "share_gdp_pct", "ideal_point"))
MEASURES = {
    "votes with Washington": Measure(partial(_agreement, "USA"), _score, 2, "agreement, 0 to 1", "un_agreement"),
    "votes with Beijing": Measure(partial(_agreement, "CHN"), _score, 2, "agreement, 0 to 1", "un_agreement"),
    "ideal point": Measure(partial(load, "un_ideal_points"), _point, 2, "model units", "un_ideal_points"),
    "military spending": Measure(partial(load, "sipri_spending"), _share, 2, "% of GDP", "sipri_spending"),
    "American arms": Measure(_imports, _american_part, 1, "% of imports, five years", "arms_supplier_groups"),
}


def series(capital: str, measure: str) -> pd.Series:
    """A measure for a capital by year, from 1995 on, rounded as the exhibit prints it; its unit is the measure's.

    capital: a key of CAPITALS or OTHERS. measure: a key of MEASURES. Raises TableError for other words. Sources: as the
    module says.
    """
    known = CAPITALS | OTHERS
    for word, words in ((capital, known), (measure, MEASURES)):
        if word not in words:
            raise TableError(f"exhibits: '{word}' is not known; choose one of {', '.join(words)}.")
    return _of_group(MEASURES[measure].rows(), known[capital], MEASURES[measure])


def _of_group(rows: pd.DataFrame, group: votes.Group, measure: Measure) -> pd.Series:
    """The value of a measure by year for the members that a group has in the rows, each from the year of joining."""
    since = rows.iso3.map(votes.first_years(group))
    return measure.value(rows[rows.year >= since]).loc[FIRST:].dropna().round(measure.decimals)


def start(capital: str, measure: str, first: int) -> int:
    """The year in which an exhibit that begins in ``first`` really begins: the next one with a value.

    Sources: as the module says. Raises TableError when the newest year is not later.
    """
    found = series(capital, measure).loc[first:]
    if len(found) < 2:
        raise TableError(f"exhibits: {capital}, {measure} has no two years from {first} on; choose an earlier one.")
    return int(found.index[0])


def change(capital: str, measure: str, first: int) -> float:
    """Newest value less the first one of an exhibit, in the unit of the measure. Sources: as the module says."""
    found = series(capital, measure)
    return float(found.iloc[-1] - found[start(capital, measure, first)])


def way(change_: float) -> str:
    """What a change is called: rose, fell, did not move. No table is read."""
    return NEVER if abs(change_) < 1e-9 else UP if change_ > 0 else DOWN


def headline(capital: str, measure: str, first: int) -> str:
    """An exhibit in words: "rose from 0.62 in 1995 to 0.80 in 2025". Sources: as the module says."""
    found, begun = series(capital, measure), start(capital, measure, first)
    return _in_words(found, begun, MEASURES[measure].decimals)


def _in_words(found: pd.Series, begun: int, decimals: int) -> str:
    newest = found.index[-1]
    first, last = (f"{found[year]:.{decimals}f}".replace("-", "−") for year in (begun, newest))
    moved = way(found[newest] - found[begun])
    if moved == NEVER:
        return f"stood at {last} in {begun} and in {newest}"
    return f"{moved} from {first} in {begun} to {last} in {newest}"


def changes(capitals: list[str], measure: str, firsts: list[int]) -> pd.DataFrame:
    """``change`` for several capitals and first years: capital, first, change (unit of the measure). See module."""
    found = [(capital, first, change(capital, measure, first)) for capital in capitals for first in firsts]
    return pd.DataFrame(found, columns=["capital", "first", "change"]).round(2)


def first_years(capital: str, measure: str, moved: str) -> int:
    """How many first years from 1995 to 2020 give a headline with a verb: "rose", "fell". Sources: see module."""
    values = series(capital, measure)
    changes_ = values.iloc[-1] - values.iloc[:-1].loc[FIRST:LAST_START]
    return int((changes_.map(way) == moved).sum())


def left_from_2010(capital: str, measure: str) -> str:
    """Whether both headlines of an exhibit can still be had from first years since 2010, in words. See module."""
    values = series(capital, measure)
    both = _direction(values, "first years from 2010")[2] == "yes"
    return "both headlines can still be had" if both else "only one headline is left"


def table() -> pd.DataFrame:
    """Every value of every exhibit: capital, measure, year, value, unit, and the headline of one that begins there.

    The newest year of each has "the newest value" for a headline. Sources: as the module says.
    """
    parts = []
    for measure, about in MEASURES.items():
        given = about.rows()  # read once for all capitals
        for capital, group in CAPITALS.items():
            found = _of_group(given, group, about)
            said = [_in_words(found, year, about.decimals) for year in found.index[:-1]]
            rows = found.rename("value").rename_axis("year").reset_index().assign(capital=capital, measure=measure)
            parts.append(rows.assign(headline=[*said, "the newest value"], unit=about.unit))
    return pd.concat(parts, ignore_index=True)[["capital", "measure", "year", "value", "unit", "headline"]]


RULES = {
    "any first year": 1,
    "three first years each way": 3,
    "a tenth of the range each way": 1,
    "first years from 2010": 1,
}


def directions(rows: pd.DataFrame, rule: str = "any first year") -> pd.DataFrame:
    """One row an exhibit: capital, measure, rises, falls (first years that give each), both (yes or no), said.

    rows: as ``table`` gives them. rule: a key of RULES; it says which first years count and how many are needed each
    way. First years run from 1995 to 2020, those with a value. said: both counts in two lines. No table is read.
    """
    found = [(*names, *_direction(part.set_index("year").value, rule)) for names, part in _pairs(rows)]
    made = pd.DataFrame(found, columns=["capital", "measure", "rises", "falls", "both"])
    return made.assign(said="↑" + made.rises.astype(str) + "\n↓" + made.falls.astype(str))


def _pairs(rows: pd.DataFrame):
    """The rows of each exhibit, capitals and measures in their order."""
    return rows.groupby(["capital", "measure"], sort=False)


def _direction(values: pd.Series, rule: str) -> tuple[int, int, str]:
    first = 2010 if rule == "first years from 2010" else FIRST
    changes = values.iloc[-1] - values.iloc[:-1].loc[first:LAST_START]
    least = MARGIN * (values.max() - values.min()) if rule.startswith("a tenth") else 1e-9
    rises, falls = int((changes > least).sum()), int((changes < -least).sum())
    return rises, falls, "yes" if min(rises, falls) >= RULES[rule] else "no"


def both_ways(rule: str = "any first year", capital: str | None = None) -> int:
    """How many exhibits can be made to rise and to fall by the first year alone, of one capital or of all.

    Sources: as the module says; rule as in ``directions``.
    """
    rows = directions(table(), rule)
    return int((rows.both[(rows.capital == capital) | (capital is None)] == "yes").sum())


def all_directions(rows: pd.DataFrame) -> pd.DataFrame:
    """``directions`` under each rule, with a column ``rule``; rows: as ``table`` gives them. No table is read."""
    return pd.concat([directions(rows, rule).assign(rule=rule) for rule in RULES], ignore_index=True)


def direction_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each rule in the rows of ``all_directions``: rule, caption. No table is read."""
    found = [
        (rule, f"With {rule}, {(part.both == 'yes').sum()} of {len(part)} exhibits can be made to rise and to fall")
        for rule, part in rows.groupby("rule", sort=False)
    ]
    return pd.DataFrame(found, columns=["rule", "caption"])


def publishers(first: int = 2014, last: int = 2025) -> pd.DataFrame:
    """Military spending of four capitals by two publishers, % of GDP: what, first, last (two decimals), change.

    NATO's newest edition and SIPRI, each for members of today (medians). Sources: ``nato_spending``,
    ``sipri_spending``, ``memberships``.
    """
    wanted = {
        "Paris": ["FRA"],
        "Ankara": ["TUR"],
        "NATO": groups.members("NATO"),
        "EU allies": sorted(set(groups.members("EU")) & set(groups.members("NATO"))),
    }
    nato = load("nato_spending")
    tables = {"NATO": nato[nato.edition == nato.edition.max()], "SIPRI": load("sipri_spending")}
    found = []
    for name, states in wanted.items():
        for publisher, rows in tables.items():
            shares = rows[rows.iso3.isin(states)].groupby("year").share_gdp_pct.median()
            found.append((f"{name}, {publisher}", round(shares[first], 2), round(shares[last], 2)))
    made = pd.DataFrame(found, columns=["what", "first", "last"])
    return made.assign(change=(made["last"] - made["first"]).round(2))


def largest_gap(rows: pd.DataFrame) -> pd.Series:
    """The name with the largest gap of the change between its two publishers in rows of ``publishers``: who, gap.

    In points of GDP. No table is read.
    """
    who = rows.what.str.split(", ").str[0]
    gaps = rows.groupby(who, sort=False).change.agg(lambda two: round(two.max() - two.min(), 2))
    return pd.Series({"who": gaps.idxmax(), "gap": gaps.max()})


def publisher_title(rows: pd.DataFrame) -> str:
    """The finding of rows of ``publishers``: the name with the largest gap, and both its changes. No table is read."""
    who = largest_gap(rows).who
    change_ = rows.set_index("what").change
    nato, sipri = (f"{change_[f'{who}, {publisher}']:+.2f}".replace("-", "−") for publisher in ("NATO", "SIPRI"))
    return f"{who}, change in points of GDP since 2014: {nato} after NATO, {sipri} after SIPRI"
