"""Did states take sides? Spread and shape of the UN ideal points, what moves the two apart, and who moved.

An ideal point places a state on a line so that its votes become likely ones, Washington near the high end; model units.
Table: un_ideal_points (to 2024), with the 5 and the 95 per cent quantile of each estimate and the votes it rests on;
``positions`` has the allies. Formulas: ``ip4.models.polarisation``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coursekit.tables import load
from ip4.measures import positions, votes
from ip4.models import polarisation as model

FIRST, LAST = 2012, 2024
BEFORE = 2021  # the last year before the war
MOST_LEFT_OUT = 10  # states at each end, in the figure's slider
ENDS = 3  # states at each end that are put back where they stood
DRAWS, SEED = 400, 12
WIDE = {"spread": "spread", "coefficient": "coefficient"}  # as the figure names them
FAR = ["USA", "ISR"]  # the two states farthest out on the high side
WEST = ("NATO", "EU", "OECD")
FLAT = model.FLAT  # the coefficient of a flat field, for comparison


# ---- spread and shape, by year


def points(year: int) -> pd.Series:
    """Ideal points of all UN members of a year that have one, by iso3. Source: un_ideal_points."""
    return _of(year).set_index("iso3").ideal_point


def _of(year: int) -> pd.DataFrame:
    return load("un_ideal_points").query("year == @year").reset_index(drop=True)


def _years() -> list[int]:
    """The years that the figures draw, of those that the table has."""
    return sorted(load("un_ideal_points").query("@FIRST <= year <= @LAST").year.unique().tolist())


def coefficient(year: int, left_out: int = 0) -> float:
    """Bimodality coefficient (0 to 1) of the ideal points of a year, without so many states at each end."""
    return model.bimodality(model.without_ends(points(year), left_out))


def spread(year: int, left_out: int = 0) -> float:
    """Standard deviation (sample formula, model units) of the ideal points of a year, without states at each end."""
    return model.spread(model.without_ends(points(year), left_out))


def rise(measure: str, first: int = BEFORE, last: int = LAST, left_out: int = 0) -> float:
    """Change of "spread" or "coefficient" between two years, in percent of the first. Source: un_ideal_points."""
    found = {"spread": spread, "coefficient": coefficient}[measure]
    return 100 * (found(last, left_out) / found(first, left_out) - 1)


def indexed() -> pd.DataFrame:
    """Both measures by year, as percent of 2021: left_out, year, measure (in words), value, percent.

    left_out: states left out at each end, 0 to 10. value: in the measure's own unit, three decimals.
    """
    found = []
    for year in _years():
        every = points(year).to_numpy()
        for left_out in range(MOST_LEFT_OUT + 1):
            kept = model.without_ends(every, left_out)
            found += [(left_out, year, WIDE["spread"], model.spread(kept))]
            found += [(left_out, year, WIDE["coefficient"], model.bimodality(kept))]
    rows = pd.DataFrame(found, columns=["left_out", "year", "measure", "value"])
    base = rows[rows.year == BEFORE].set_index(["left_out", "measure"]).value
    before = pd.MultiIndex.from_frame(rows[["left_out", "measure"]]).map(base)
    rows["percent"] = (100 * rows.value / before).round(1)
    return rows.round({"value": 3})


def indexed_captions() -> pd.DataFrame:
    """What to say for each setting of ``indexed``: left_out, caption with the change of both from 2021 to 2024."""
    rows = indexed().query("year == @LAST").pivot(index="left_out", columns="measure", values="percent") - 100
    said = [
        f"{_left_out(n)}: from {BEFORE} to {LAST} the spread changes by {_signed(r[WIDE['spread']])} %, "
        f"the coefficient by {_signed(r[WIDE['coefficient']])} %"
        for n, r in rows.iterrows()
    ]
    return pd.DataFrame({"left_out": rows.index, "caption": said})


def _left_out(n: int) -> str:
    return (
        "All states" if n == 0 else f"Without the {n} lowest and the {n} highest" if n > 1 else "Without the two ends"
    )


def _signed(number: float) -> str:
    return f"{number:+.0f}".replace("-", "−").replace("+0", "0").replace("−0", "0")


def ends(picked: int = BEFORE) -> list[str]:
    """Who stood lowest and highest in a year: the six states of ``put_back``, by name, from low to high.

    States without an estimate in both 2021 and 2024 are passed over. Sources: un_ideal_points, countries.
    """
    known = load("countries").set_index("iso3").short_name
    return list(known[_ends(picked)])


def _ends(picked: int) -> list[str]:
    both = points(BEFORE).index.intersection(points(LAST).index)
    ordered = points(picked)[both].sort_values().index
    return [*ordered[:ENDS], *ordered[-ENDS:]]


# ---- the shape


def valley(year: int, width: float = model.WIDTH) -> model.Valley:
    """Peaks and valley of the density of all ideal points of a year; its height is a part of the lower peak."""
    return model.valley(points(year), width)


def shapes() -> pd.DataFrame:
    """The density of the ideal points by year: year, position (model units), density (area 1)."""
    grid = model.GRID[::4]
    parts = [
        pd.DataFrame({"year": year, "position": grid, "density": model.density(points(year), grid)})
        for year in _years()
    ]
    return pd.concat(parts, ignore_index=True).round({"position": 2, "density": 4})


def shape_captions() -> pd.DataFrame:
    """What to say for each year of ``shapes``: year, caption with both humps and the depth of the valley."""
    found = {year: valley(year) for year in _years()}
    said = [
        f"{year}: humps at {_minus(v.low_peak)} and {_minus(v.high_peak)}; the valley is {100 * v.height:.0f} % as "
        "high as the lower hump"
        for year, v in found.items()
    ]
    return pd.DataFrame({"year": list(found), "caption": said})


def _minus(number: float) -> str:
    return f"{number:.1f}".replace("-", "−")


# ---- trying to break the rise


def drawn(year: int) -> pd.DataFrame:
    """Spread and coefficient of 400 worlds drawn from the estimates' own ranges: columns spread, coefficient.

    Each state's point is drawn from a normal curve with its q05 and q95; states are taken as independent. The seed is
    fixed, so that every reader draws the same worlds.
    """
    rows = _of(year)
    error = ((rows.q95 - rows.q05) / (2 * positions.Z_90)).to_numpy()
    worlds = np.random.default_rng(SEED).normal(rows.ideal_point.to_numpy(), error, (DRAWS, len(rows)))
    return pd.DataFrame({"spread": worlds.std(axis=1, ddof=1), "coefficient": model.bimodality(worlds)})


def range_of(measure: str, year: int, quantile: float) -> float:
    """A quantile (0 to 1) of "spread" or "coefficient" over the worlds of ``drawn``. Source: un_ideal_points."""
    return float(drawn(year)[measure].quantile(quantile))


def put_back(picked: int = BEFORE) -> float:
    """The coefficient of 2024 if the six states at the ends still stood where they stood in 2021.

    picked: the year whose ends these are. States picked for standing far out in 2021 would stand nearer later by chance
    alone (regression to the mean); those picked in 2024 would not. Source: un_ideal_points.
    """
    now, then = points(LAST), points(BEFORE)
    now[_ends(picked)] = then[_ends(picked)]
    return model.bimodality(now)


def share_of_rise_at_ends(picked: int = BEFORE) -> float:
    """Percent of the rise of the coefficient from 2021 to 2024 that goes when the six ends are put back."""
    return 100 * (coefficient(LAST) - put_back(picked)) / (coefficient(LAST) - coefficient(BEFORE))


def well_known(year: int) -> pd.Series:
    """Ideal points that rest on at least half of the most votes of any state in that year, by iso3."""
    rows = _of(year)
    return rows[rows.n_votes >= rows.n_votes.max() / 2].set_index("iso3").ideal_point


def distance(year: int) -> float:
    """Mean ideal point of today's members of NATO, the EU and the OECD minus that of all others, in model units.

    Sources: un_ideal_points, memberships.
    """
    every = points(year)
    others = every.index.isin(votes.outside(*WEST))
    return float(every[~others].mean() - every[others].mean())


def tries() -> pd.DataFrame:
    """The coefficient of 2021 and 2024 under each way of trying to break its rise: try, 2021, 2024, rise.

    Coefficients 0 to 1, three decimals. Source: un_ideal_points.
    """
    pairs = {
        "as estimated": [coefficient(BEFORE), coefficient(LAST)],
        "few votes left out": [model.bimodality(well_known(year)) for year in (BEFORE, LAST)],
        "drawn from the ranges": [range_of("coefficient", year, 0.5) for year in (BEFORE, LAST)],
        "without US and Israel": [model.bimodality(points(year).drop(FAR)) for year in (BEFORE, LAST)],
        "ends of 2021 put back": [coefficient(BEFORE), put_back(BEFORE)],
        "ends of 2024 put back": [coefficient(BEFORE), put_back(LAST)],
        "five left out at each end": [coefficient(BEFORE, 5), coefficient(LAST, 5)],
    }
    rows = pd.DataFrame.from_dict(pairs, orient="index", columns=[str(BEFORE), str(LAST)]).rename_axis("try")
    rows["rise"] = rows[str(LAST)] - rows[str(BEFORE)]
    return rows.round(3).reset_index()


# ---- who moved


def moves(first: int = BEFORE, last: int = LAST) -> pd.DataFrame:
    """How far each state moved between two years: iso3, state, first, last, move, error, is_clear, votes.

    move: model units, positive towards Washington's end. error: half the width of the move's 90 per cent range, the two
    years taken as independent; is_clear: the move is larger. votes: the smaller number of votes of the two years. The
    columns first and last carry the years as names. Source: un_ideal_points.
    """
    names = load("countries").set_index("iso3").short_name
    one, two = (_of(year).set_index("iso3") for year in (first, last))
    both = one.index.intersection(two.index)
    one, two = one.loc[both], two.loc[both]
    rows = pd.DataFrame({"state": names[both], str(first): one.ideal_point, str(last): two.ideal_point})
    rows["move"] = two.ideal_point - one.ideal_point
    rows["error"] = (((two.q95 - two.q05) / 2) ** 2 + ((one.q95 - one.q05) / 2) ** 2) ** 0.5
    rows["is_clear"] = rows.move.abs() > rows.error
    rows["votes"] = np.minimum(one.n_votes, two.n_votes)
    return rows.rename_axis("iso3").reset_index().sort_values("move", ignore_index=True)


def move(iso3: str, first: int = BEFORE, last: int = LAST, column: str = "move") -> float:
    """How far one state moved, in model units, positive towards Washington's end; or its "error". un_ideal_points."""
    return float(moves(first, last).set_index("iso3")[column][iso3])


def clear(direction: int = 0, first: int = BEFORE, last: int = LAST) -> int:
    """How many states moved clearly: towards Washington's end (1), away from it (-1), or either way (0)."""
    rows = moves(first, last).query("is_clear")
    return int((np.sign(rows.move) == direction).sum()) if direction else len(rows)


def by_chance(first: int = BEFORE, last: int = LAST) -> float:
    """How many states would seem to have moved clearly if nobody had: a tenth of them, as the range leaves out a tenth.

    Source: un_ideal_points.
    """
    return len(moves(first, last)) / 10


SHOWN = {
    "moved clearly towards Washington": lambda rows: rows.is_clear & (rows.move > 0),
    "moved clearly away": lambda rows: rows.is_clear & (rows.move < 0),
    "voices of this chapter": lambda rows: rows.iso3.isin(["IND", "IDN", "BRA", "ZAF", "FJI", "CHN"]),
    "the four partners": lambda rows: rows.iso3.isin(votes.without("IP4")),
}


def movers() -> pd.DataFrame:
    """The states of each choice in SHOWN: shown, state, 2021, 2024, move, error (two decimals, by move)."""
    every = moves()
    rows = pd.concat(every[keep(every)].assign(shown=shown) for shown, keep in SHOWN.items())
    columns = ["shown", "state", str(BEFORE), str(LAST), "move", "error"]
    return rows[columns].round(2).reset_index(drop=True)


def mover_title() -> str:
    """The finding on who moved, in a sentence. Source: un_ideal_points."""
    return (
        f"{clear()} of {len(moves())} states moved clearly from {BEFORE} to {LAST}: {clear(1)} towards Washington, "
        f"{clear(-1)} away"
    )


def mover_captions() -> pd.DataFrame:
    """What to say for each choice in SHOWN: shown, caption."""
    said = []
    for shown, rows in movers().groupby("shown", sort=False):
        most = rows.loc[rows.move.abs().idxmax()]
        words = f"{_states(len(rows))} {shown}" if shown.startswith("moved") else f"{shown[0].upper()}{shown[1:]}"
        said.append((shown, f"{words}; {most.state} moved most, by {_signed2(most.move)}"))
    return pd.DataFrame(said, columns=["shown", "caption"])


def _states(n: int) -> str:
    return f"{n} states"


def _signed2(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−")
