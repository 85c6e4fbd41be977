"""What the graded exercise on networks hands out: a case for each student, two files, and what its charts show.

A case is a panel of seven states, a year, one of the seven that is taken out, and two others, the student's own. Only
formats of security and politics. Tables: memberships, organisations, conveners, countries, read through ``networks``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from coursekit.tables import load
from ip4.measures import networks
from ip4.models import graphs

# States that sit in several formats around the Pacific and the Indian Ocean: the panels are drawn from them.
POOL = "AUS CAN CHN FRA GBR IDN IND JPN KOR MYS NZL PHL PNG SGP THA TON USA VNM".split()
YEARS = [2007, 2012, 2016, 2021, 2023, 2026]
SIZE, STRIDES = 7, (1, 5, 7, 11, 13, 17)  # states of a panel; steps round the pool, without a factor of its size
TURNS = 2  # how often each panel is drawn, each time with another year


@dataclass(frozen=True)
class Panel:
    """Seven states (iso3), of which the first two are the student's own pair and the third is taken out; a year."""

    name: str
    states: tuple[str, ...]
    year: int

    @property
    def taken(self) -> str:
        return self.states[2]


class Seats:
    """The formats of each state of the pool at the end of each year, read once: all, small, without a state."""

    def __init__(self):
        self.book = networks.book()
        self.by_year = {year: self._at(year) for year in YEARS}
        self.small = {code for code, size in _sizes(self.book).items() if size <= networks.SMALL} - self.book.led

    def _at(self, year: int) -> dict[str, set[str]]:
        rows = self.book.seats(year, networks.COUNTED)
        return {iso3: set(rows.organisation[rows.iso3 == iso3]) for iso3 in POOL}

    def shared(self, panel: Panel, out: set[str] = frozenset()) -> dict[tuple[str, str], int]:
        """For each pair of a panel, by code: how many formats the two share, without some of them."""
        at = self.by_year[panel.year]
        return {pair: len((at[pair[0]] & at[pair[1]]) - out) for pair in combinations(sorted(panel.states), 2)}

    def between(self, panel: Panel) -> pd.Series:
        """Betweenness of each state of a panel where two are tied when they share a small group; by iso3."""
        at = self.by_year[panel.year]
        pairs = [pair for pair in combinations(panel.states, 2) if at[pair[0]] & at[pair[1]] & self.small]
        return graphs.betweenness(graphs.ties(pairs, panel.states))

    def gone(self, panel: Panel, kept: bool) -> set[str]:
        """Formats that go with the state that is taken out; kept: the forums that ASEAN leads stay."""
        codes = self.by_year[panel.year][panel.taken]
        return codes - self.book.led if kept else set(codes)


def _sizes(tables: networks.Book) -> dict[str, int]:
    """Seats in each format today; a format that has ended counts with all that ever sat."""
    rows = tables.every[tables.every.domain.isin(networks.SETS[networks.COUNTED])]
    return rows.groupby("organisation").iso3.nunique().to_dict()


def panels(seats: Seats | None = None) -> list[Panel]:
    """The panels of all cases: those in which the numbers asked for can be told apart."""
    seats = seats or Seats()
    return [panel for panel in _drawn() if _is_clear(panel, seats)]


def _drawn() -> list[Panel]:
    """Panels for each state of the pool and stride, twice with another year, named in order."""
    rounds = [(start, stride, turn) for turn in range(TURNS) for stride in STRIDES for start in range(len(POOL))]
    return [
        Panel(
            f"Panel {n + 1}",
            tuple(POOL[(start + stride * k) % len(POOL)] for k in range(SIZE)),
            YEARS[(n * 5 + turn) % len(YEARS)],
        )
        for n, (start, stride, turn) in enumerate(rounds)
    ]


def _is_clear(panel: Panel, seats: Seats) -> bool:
    """Whether one state stands between most, the own pair shares something, and the removal cuts a pair off."""
    between, shared = seats.between(panel), seats.shared(panel)
    own = shared[tuple(sorted(panel.states[:2]))]
    return bool(between.iloc[0] > between.iloc[1] + 0.01 and own > 0 and cut(panel, seats, kept=False) > 0)


def cut(panel: Panel, seats: Seats, kept: bool) -> int:
    """Pairs of the six that stay which shared a format before the removal and share none after it."""
    before, after = seats.shared(panel), seats.shared(panel, seats.gone(panel, kept))
    stay = [pair for pair in before if panel.taken not in pair]
    return sum(before[pair] > 0 and after[pair] == 0 for pair in stay)


def _names() -> pd.Series:
    """Names of states by iso3. Source: countries."""
    return load("countries").set_index("iso3").name


def cases() -> list[dict]:
    """All cases: panel, member, other, taken (names), year."""
    names = _names()
    return [
        {
            "panel": panel.name,
            "year": panel.year,
            "member": names[panel.states[0]],
            "other": names[panel.states[1]],
            "taken": names[panel.taken],
        }
        for panel in panels()
    ]


def panel_file() -> pd.DataFrame:
    """Columns panel, state: the seven states of each panel by name."""
    names = _names()
    rows = [(panel.name, names[iso3]) for panel in panels() for iso3 in panel.states]
    return pd.DataFrame(rows, columns=["panel", "state"]).sort_values(["panel", "state"], ignore_index=True)


def seat_file() -> pd.DataFrame:
    """Columns format, state, since, until: each seat of a state of the pool; until: year of leaving, empty if none."""
    seats, names = Seats(), _names()
    rows = seats.book.every
    rows = rows[rows.domain.isin(networks.SETS[networks.COUNTED]) & rows.iso3.isin(POOL)]
    known = {code: networks.name_of(code) for code in rows.organisation.unique()}
    rows = rows.assign(format=rows.organisation.map(known), state=rows.iso3.map(names), since=rows.year)
    rows = rows.assign(until=rows.leave_year).sort_values(["format", "state"], ignore_index=True)
    return rows[["format", "state", "since", "until"]]


def format_file() -> pd.DataFrame:
    """Columns format, led_by_asean, is_small: the formats of ``seat_file``; small: at most SMALL seats, not ASEAN's."""
    seats = Seats()
    rows = seats.book.every
    codes = sorted(rows.organisation[rows.domain.isin(networks.SETS[networks.COUNTED]) & rows.iso3.isin(POOL)].unique())
    found = [(networks.name_of(code), code in seats.book.led, code in seats.small) for code in codes]
    return pd.DataFrame(found, columns=["format", "led_by_asean", "is_small"]).sort_values("format", ignore_index=True)


def states_shown() -> pd.DataFrame:
    """What the charts show of states: panel, state, seats, between (three decimals)."""
    seats, names, found = Seats(), _names(), []
    for panel in panels(seats):
        between = seats.between(panel)
        at = seats.by_year[panel.year]
        found += [(panel.name, names[iso3], len(at[iso3]), round(between[iso3], 3)) for iso3 in sorted(panel.states)]
    return pd.DataFrame(found, columns=["panel", "state", "seats", "between"])


def pairs_shown() -> pd.DataFrame:
    """What the charts show of pairs: panel, pair ("A and B", by name), shared, left, left_kept (formats).

    left: after the removal; left_kept: when ASEAN's forums stay. A pair with the state that is taken out has 0 left.
    """
    seats, names, found = Seats(), _names(), []
    for panel in panels(seats):
        counts = [seats.shared(panel, out) for out in (set(), seats.gone(panel, False), seats.gone(panel, True))]
        for pair in counts[0]:
            left = [0 if panel.taken in pair else count[pair] for count in counts[1:]]
            found.append((panel.name, " and ".join(sorted(names[iso3] for iso3 in pair)), counts[0][pair], *left))
    columns = ["panel", "pair", "shared", "left", "left_kept"]
    return pd.DataFrame(found, columns=columns).sort_values(["panel", "pair"], ignore_index=True)
