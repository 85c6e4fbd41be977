"""States and the formats in which they sit: a network of two kinds, and what is left of it when one node is taken out.

Tables: memberships, organisations, conveners, countries. A format counts from the end of the year of joining. A treaty
of two (an access agreement with Japan, an alliance with the United States) is a format of its own. Allies sit at the
table that NATO sets for the four partners. Meetings of donors and agreements with the EU are left out, as in
``formats``, and so is the Group of 77. A seat without a sourced day counts from the first meeting of a format that
ASEAN leads, else in LAST only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import formats, overlaps
from ip4.models import graphs

LAST = 2026
# Which formats are counted: words of a control, and the domains of ``organisations``.
SETS = {
    "security and politics": ["security", "politics"],
    "security only": ["security"],
    "trade as well": ["security", "politics", "economy"],
}
COUNTED = "security and politics"
# What can be taken out: words of a control, and what they mean.
REMOVALS = {
    "nothing": "every format counts",
    "NATO": "without the table that NATO sets",
    "United States": "without every format in which the United States sits",
    "United States, ASEAN forums stay": "without those, but with the forums that ASEAN leads",
    "what Washington called": "without what the United States alone hosted or launched",
    "ASEAN": "without the forums that ASEAN leads",
    "China": "without every format in which China sits",
}
SITS = {"United States": "USA", "United States, ASEAN forums stay": "USA", "China": "CHN"}
KEPT = "United States, ASEAN forums stay"
AMERICAN = ["United States", KEPT]
DRAWN = ["AUS", "JPN", "NZL", "KOR", "USA", "CHN"]
KINDS = ["NATO's", "led by ASEAN", "with Washington", "without Washington"]
PAIRS = [("AUS", "JPN"), ("AUS", "KOR"), ("AUS", "NZL"), ("JPN", "KOR"), ("JPN", "NZL"), ("KOR", "NZL")]
CALLED_BY = ["United States", "one of the four", "ASEAN", "all together", "others", "no text read"]
SMALL = 12  # the largest number of seats of a small group
NAMES = overlaps.COMPARED | {
    "ADMM_PLUS": "ADMM-Plus (defence)",
    "ANZUS": "ANZUS",
    "APEC": "APEC",
    "APT": "ASEAN Plus Three",
    "CAMP_DAVID_TRILATERAL": "Camp David three",
    "GCAP": "GCAP (fighter)",
    "IPEF": "IPEF",
    "MIKTA": "MIKTA",
    "NATO_IP4": "NATO and the four",
    "PARTNERS_BLUE_PACIFIC": "Blue Pacific partners",
    "PIF": "Pacific Islands Forum",
    "SPDMM": "SPDMM (South Pacific)",
    "TCS": "China-Japan-Korea",
    "TSD": "TSD (Aus.-Japan-US)",
    "US_JPN_PHL_TRILATERAL": "Japan-Philippines-US",
}
TREATIES = {"RAA_JAPAN": "access", "US_TREATY_ALLY": "alliance"}


@dataclass(frozen=True)
class Book:
    """The tables read once: every seat ever held (organisation, iso3, year, leave_year, domain), two sets of codes."""

    every: pd.DataFrame
    led: frozenset[str]  # forums that ASEAN leads
    called: frozenset[str]  # formats that the United States alone hosted or launched

    def seats(self, year: int, counted: str) -> pd.DataFrame:
        """The seats at the end of a year in the domains of SETS[counted]."""
        rows = self.every[self.every.domain.isin(SETS[counted])]
        return rows[(rows.year <= year) & (rows.leave_year.fillna(year + 1) > year)]

    def taken_out(self, removal: str, year: int) -> set[str]:
        """Codes of the formats that go: a key of REMOVALS, or the code of a state or of a format."""
        sets = {"NATO": {"NATO", "NATO_IP4"}, "ASEAN": self.led, "what Washington called": self._called()}
        if removal in sets:
            return set(sets[removal])
        rows, state = self.seats(year, "trade as well"), SITS.get(removal, removal)
        stay = self.led if removal == KEPT else set()
        return {removal, *rows.organisation[rows.iso3 == state]} - stay

    def _called(self) -> set[str]:
        codes = self.every.organisation
        return {*self.called, *codes[codes.str.startswith("US_TREATY_ALLY:")]}

    def at(self, removal: str, year: int, counted: str) -> dict[str, set[str]]:
        """Codes of the formats of each state of DRAWN that stay when something is taken out."""
        rows, out = self.seats(year, counted), self.taken_out(removal, year)
        return {iso3: set(rows.organisation[rows.iso3 == iso3]) - out for iso3 in DRAWN}

    def tying(self, removal: str, year: int, counted: str) -> list[str]:
        """Codes of the formats in which at least two of the four partners still sit, by code."""
        at = self.at(removal, year, counted)
        return sorted(set().union(*(at[one] & at[two] for one, two in PAIRS)))

    def pairs(self, removal: str, year: int, counted: str) -> pd.Series:
        """The six pairs of the four with the number of formats that they share: indexed by (iso3, iso3)."""
        return shares(self.at(removal, year, counted))


def shares(at: dict[str, set[str]]) -> pd.Series:
    """How many formats each pair of PAIRS shares, given those of each state: by (iso3, iso3). No table is read."""
    return pd.Series({(one, two): len(at[one] & at[two]) for one, two in PAIRS}, name="shared")


def book() -> Book:
    """All that the measures here read. Sources: memberships, organisations, conveners."""
    rows = load("memberships").query("status not in @formats.NOT_INSIDE or status == 'former member'")
    kinds, acts = load("organisations"), load("conveners")
    rows = rows[~rows.organisation.isin([*formats.NO_GROUP, "G77"])].merge(
        kinds[["organisation", "domain", "hub_iso3"]]
    )
    first = acts[acts.act == "leads"].set_index("organisation").date.str[:4].astype(int)
    rows["year"] = rows.join_year.fillna(rows.organisation.map(first)).fillna(LAST).astype(int)
    every = pd.concat([_of_two(rows), rows[rows.hub_iso3.isna()], _allies(rows)])
    own = acts[(acts.convener == "USA") & acts.act.isin(["hosted", "launched"])]
    columns = ["organisation", "iso3", "year", "leave_year", "domain"]
    return Book(
        every[columns].reset_index(drop=True),
        frozenset(kinds.organisation[kinds.is_asean_led]),
        frozenset(own.organisation),
    )


def _of_two(rows: pd.DataFrame) -> pd.DataFrame:
    """Treaties of two around a state: two seats each, under a code of its own."""
    treaties = rows[rows.hub_iso3.notna()]
    treaties = treaties.assign(organisation=treaties.organisation + ":" + treaties.iso3)
    return pd.concat([treaties, treaties.assign(iso3=treaties.hub_iso3)])


def _allies(rows: pd.DataFrame) -> pd.DataFrame:
    """The allies' seats at the table that NATO sets for the four, from the year in which the first of the four sat."""
    first = rows.year[rows.organisation == "NATO_IP4"].min()
    allies = rows[rows.organisation == "NATO"]
    return allies.assign(organisation="NATO_IP4", year=allies.year.clip(lower=first))


def seats(year: int = LAST, counted: str = COUNTED) -> pd.DataFrame:
    """Who sits where at the end of a year, one row a seat: organisation, iso3, year (of joining), size (seats in it).

    counted: a key of SETS. A treaty of two has a code such as ``RAA_JAPAN:AUS``. Sources: memberships, organisations.
    """
    rows = book().seats(year, counted)
    rows = rows.assign(size=rows.groupby("organisation").iso3.transform("size"))
    return rows[["organisation", "iso3", "year", "size"]].reset_index(drop=True)


def name_of(code: str) -> str:
    """A format's short name: "Quad", or "Japan-Australia access" for a treaty of two. Source: countries."""
    treaty, _colon, state = code.partition(":")
    if not state:
        return NAMES.get(code, code)
    known = load("countries").set_index("iso3").short_name
    hub = load("organisations").set_index("organisation").hub_iso3[treaty]
    return f"{known[hub]}-{known[state]} {TREATIES[treaty]}"


def tables_of(*states: str, removal: str = "nothing", year: int = LAST, counted: str = COUNTED) -> list[str]:
    """Codes of the formats in which all the states named (of DRAWN) sit, by code, after something is taken out.

    Sources: memberships, organisations, conveners.
    """
    at = book().at(removal, year, counted)
    return sorted(set.intersection(*(at[state] for state in states)))


def shared(one: str, other: str, removal: str = "nothing", year: int = LAST, counted: str = COUNTED) -> int:
    """How many formats two of DRAWN share after something is taken out: the weight of their tie. As ``tables_of``."""
    return len(tables_of(one, other, removal=removal, year=year, counted=counted))


def of_all_four(removal: str = "nothing", year: int = LAST, counted: str = COUNTED) -> list[str]:
    """Codes of the formats in which each of the four partners sits, after something is taken out. As ``tables_of``."""
    return tables_of(*members("IP4"), removal=removal, year=year, counted=counted)


def with_china(codes: list[str]) -> int:
    """In how many of some formats China sits today. Sources: memberships, organisations."""
    return len(set(codes) & book().at("nothing", LAST, "trade as well")["CHN"])


def pairs(removal: str = "nothing", year: int = LAST, counted: str = COUNTED) -> pd.Series:
    """The six pairs of the four partners with the number of formats they share: indexed by (iso3, iso3).

    Sources: memberships, organisations, conveners.
    """
    return book().pairs(removal, year, counted)


def lost(removal: str, year: int = LAST, counted: str = COUNTED) -> pd.Series:
    """How many shared formats each of the six pairs loses when something is taken out: indexed as ``pairs``.

    Sources: memberships, organisations, conveners.
    """
    tables = book()
    return tables.pairs("nothing", year, counted) - tables.pairs(removal, year, counted)


def cut_off(removal: str, year: int = LAST, counted: str = COUNTED) -> int:
    """How many of the six pairs share no format any more when something is taken out. As ``pairs``."""
    return int((pairs(removal, year, counted) == 0).sum())


def kind_of(code: str, tables: Book | None = None) -> str:
    """One of KINDS: whose table a format is, as it stands today. Sources: memberships, organisations."""
    tables = tables or book()
    for removal, kind in zip(["NATO", "ASEAN", "United States"], KINDS, strict=False):
        if code in tables.taken_out(removal, LAST):
            return kind
    return KINDS[3]


def caller_of(code: str) -> str:
    """One of CALLED_BY: who called a format together; an idea that was only reported is no act. Source: conveners."""
    acts = load("conveners")
    acts = acts[(acts.organisation == code) & (acts.act != "proposed")]
    if acts.empty:
        return CALLED_BY[5]
    if "together" in set(acts.act):
        return CALLED_BY[3]
    words = {"USA": CALLED_BY[0], "ASEAN": CALLED_BY[2]} | dict.fromkeys(members("IP4"), CALLED_BY[1])
    return words.get(acts.convener.iloc[0], CALLED_BY[4])


def tying(year: int = LAST, counted: str = COUNTED, removal: str = "nothing") -> list[str]:
    """Codes of the formats in which at least two of the four partners sit at the end of a year, by code.

    Sources: memberships, organisations, conveners.
    """
    return book().tying(removal, year, counted)


def small_network(year: int = LAST, removal: str = "nothing", ours: bool = True) -> graphs.Network:
    """The projection: states tied where they share a small group (at most SMALL seats) that ASEAN does not lead.

    Only formats of security and politics. ours: only groups with at least one of the four partners. Sources:
    memberships, organisations, conveners.
    """
    tables = book()
    rows, out = tables.seats(year, COUNTED), tables.taken_out(removal, year) | tables.led
    sizes = rows.groupby("organisation").iso3.transform("size")
    rows = rows[(sizes <= SMALL) & ~rows.organisation.isin(out)]
    four = rows.organisation[rows.iso3.isin(members("IP4"))]
    rows = rows[rows.organisation.isin(four)] if ours else rows
    groups = rows.groupby("organisation").iso3
    return graphs.ties(pair for _code, states in groups for pair in combinations(sorted(states), 2))


def brokers(year: int = LAST, removal: str = "nothing", ours: bool = True) -> pd.Series:
    """Betweenness of each state in ``small_network``, by iso3: for how many pairs it lies between two others.

    A pair with several shortest ways counts in parts (``graphs.betweenness``). As ``small_network``.
    """
    return graphs.betweenness(small_network(year, removal, ours))


def degrees(year: int = LAST, counted: str = COUNTED) -> pd.Series:
    """In how many formats each state sits (its degree in the network of two kinds), by iso3. As ``seats``."""
    return seats(year, counted).iso3.value_counts()
