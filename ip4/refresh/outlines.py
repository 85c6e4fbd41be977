"""Recipe of the table ``map_outlines``: outlines of states on equal-area maps, from a TopoJSON of Natural Earth.

    python -m ip4.refresh.outlines countries-50m.json > data/map_outlines.csv

The file ``countries-50m.json`` is in the package ``world-atlas`` 2.0.2 of npm (Natural Earth 4.1, public domain). Each
map is a Lambert azimuthal equal-area projection of a sphere around its own centre. Two maps of regions share one scale,
and three maps that show the world together share another: a square centimetre shows the same number of square
kilometres on each map of a set, so that no region looks larger than it is.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.tables import load

EARTH_KM = 6371.0
HALF_KM = 5350.0  # from the middle of a map of one region to its sides: all maps are squares
WORLD_KM = 6900.0  # likewise, for the three maps that show the world together
LEAST_KM2, LEAST_OTHER_KM2 = 9000.0, 2000.0  # smaller pieces of UN members and of other places are left out
DOT_POINTS = 12
UNITS = 1000  # of an outline, from the middle of a map to its side
APART_KM = 5000.0  # a piece farther from a state's largest one is left out: overseas parts have rules of their own
CRIMEA = (34.1, 45.2)  # a point inside, to find the piece whose status is disputed
LEFT_OUT = ["Antarctica", "Ashmore and Cartier Is."]  # off the map, and a second row of one state
SOURCE = "naturalearth"
HEAD = ["map", "iso3", "place", "km2", "outline", "source_id"]


@dataclass(frozen=True)
class View:
    """One map: its centre (longitude, latitude), half its side in kilometres, and what is too small to draw.

    tolerance: a point nearer (km) to the line between its neighbours is left out. UN members smaller than dot_km2
    (square kilometres) get a dot of radius dot_km.
    """

    centre: tuple[float, float]
    half: float = HALF_KM
    tolerance: float = 17.0
    dot_km2: float = 16000.0
    dot_km: float = 95.0


def _world(longitude: float, latitude: float) -> View:
    return View((longitude, latitude), WORLD_KM, 36.0, 30000.0, 190.0)


VIEWS = {
    "North Atlantic": View((-16.0, 60.0)),
    "Indo-Pacific": View((137.0, -1.5)),
    "Americas": _world(-84.0, 7.0),
    "Africa, Europe and West Asia": _world(22.0, 18.0),
    "Asia and the Pacific": _world(127.0, 4.0),
}

Ring = np.ndarray  # points by (longitude, latitude) in degrees or (x, y) in kilometres


def project(points: Ring, centre: tuple[float, float]) -> Ring:
    """Longitudes and latitudes in degrees as kilometres east and north of a centre, true to area (Lambert 1772)."""
    lon, lat = np.radians(points[:, 0] - centre[0]), np.radians(points[:, 1])
    lat0 = np.radians(centre[1])
    cosine = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon)
    stretch = EARTH_KM * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
    east = np.cos(lat) * np.sin(lon)
    north = np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(lon)
    return np.column_stack([stretch * east, stretch * north])


def area(ring: Ring) -> float:
    """The area inside a closed ring of points in a plane, in the square of their unit; holes count negative."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def simplified(line: Ring, tolerance: float) -> Ring:
    """A line with fewer points, none of the left-out ones farther than the tolerance from it (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    first, last = line[0], line[-1]
    along = last - first
    length = float(np.hypot(*along))
    away = line[1:-1] - first
    across = np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / length if length else np.hypot(*away.T)
    farthest = int(np.argmax(across)) + 1
    if across[farthest - 1] <= tolerance:
        return np.array([first, last])
    head, tail = simplified(line[: farthest + 1], tolerance), simplified(line[farthest:], tolerance)
    return np.vstack([head[:-1], tail])


def clipped(ring: Ring, half: float = HALF_KM) -> Ring:
    """The part of a ring inside a square around the origin (Sutherland and Hodgman); without points if none is."""
    for axis, sign in [(0, 1), (0, -1), (1, 1), (1, -1)]:
        ring = _clipped_at(ring, axis, sign, half)
    return ring


def _clipped_at(ring: Ring, axis: int, sign: int, edge: float) -> Ring:
    """The part of a ring on the inner side of one edge of the square."""
    kept = []
    for here, after in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        a, b = sign * here[axis] - edge, sign * after[axis] - edge
        if a <= 0:
            kept.append(here)
        if (a <= 0) != (b <= 0):
            kept.append(here + (after - here) * a / (a - b))
    return np.array(kept).reshape(-1, 2)


def arcs_of(topology: dict) -> list[Ring]:
    """The arcs of a quantised TopoJSON as longitudes and latitudes in degrees."""
    scale, move = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def rings_of(geometry: dict) -> list[list[int]]:
    """The rings of a TopoJSON polygon or multipolygon, each a list of numbers of arcs; ~n is arc n backwards."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for part in parts for ring in part]


def joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """The points of a ring, from its arcs, each arc's last point being the next one's first."""
    return np.vstack([(arcs[n] if n >= 0 else arcs[~n][::-1])[:-1] for n in ring])


def holds(ring: Ring, point: tuple[float, float]) -> bool:
    """Whether a point lies inside a ring (a ray to the right crosses it an odd number of times)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y1 > point[1]) != (y2 > point[1]) and point[0] < (x2 - x1) * (point[1] - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def path(rings: list[Ring], half: float = HALF_KM) -> str:
    """Rings in kilometres as an SVG path in whole UNITS, y downwards: a start, then steps from point to point."""
    return "".join(_path(ring, half) for ring in rings)


def _path(ring: Ring, half: float) -> str:
    points = np.round(ring * [1, -1] * UNITS / half).astype(int)
    steps = [step for step in np.diff(points, axis=0) if step.any()]
    return "M{},{}".format(*points[0]) + "".join(f"l{x},{y}" for x, y in steps) + "Z"


def dot(place: Ring, radius: float = 95.0) -> Ring:
    """A ring of points around the middle of a place, radius in kilometres: how a small state is drawn."""
    turn = np.linspace(0, 2 * np.pi, DOT_POINTS, endpoint=False)
    return place.mean(axis=0) + radius * np.column_stack([np.cos(turn), np.sin(turn)])


def drawn(whole: list[Ring], slim: list[Ring], is_member: bool, view: View = VIEWS["North Atlantic"]) -> list[Ring]:
    """The rings to draw for one place: its larger pieces inside the map, or a dot for a small UN member."""
    sizes = np.array([abs(area(ring)) for ring in whole])
    main = whole[int(sizes.argmax())]
    if is_member and sizes.sum() < view.dot_km2:
        spot = clipped(dot(main, view.dot_km), view.half)
        return [spot] * (len(spot) == DOT_POINTS)
    away = np.hypot(*(np.array([ring.mean(axis=0) for ring in whole]) - main.mean(axis=0)).T)
    kept = np.flatnonzero((sizes >= (LEAST_KM2 if is_member else LEAST_OTHER_KM2)) & (away < APART_KM))
    # A ring around the point opposite the centre would cover the map: it has no point on it.
    cut = [clipped(slim[n], view.half) for n in kept if np.abs(slim[n]).max(axis=1).min() < view.half]
    return [ring for ring in cut if len(ring) > 2]


def pieces(topology: dict) -> list[tuple[str, str, list[list[int]]]]:
    """Number, name and rings of each state of a TopoJSON; Crimea is a place of its own, without a number."""
    arcs, found = arcs_of(topology), []
    for one in topology["objects"]["countries"]["geometries"]:
        rings = rings_of(one)
        apart = [ring for ring in rings if len(rings) > 1 and holds(joined(ring, arcs), CRIMEA)]
        found.append((one.get("id", ""), one["properties"]["name"], [ring for ring in rings if ring not in apart]))
        found += [("", "Crimea", apart)] if apart else []
    return found


def outlines(topology: dict) -> list[list]:
    """The rows of ``map_outlines`` in the order of HEAD, from a TopoJSON of states with ISO numbers as ids."""
    members = load("countries").query("is_un_member").set_index("iso_numeric").iso3
    places = [(members.get(int(number or -1), ""), place, rings) for number, place, rings in pieces(topology)]
    rows = [row for name in VIEWS for row in _on_map(name, arcs_of(topology), places)]
    return sorted(rows, key=lambda row: (row[0], row[1] or "ZZZ", row[2]))


def _on_map(name: str, arcs: list[Ring], places: list[tuple[str, str, list[list[int]]]]) -> list[list]:
    """The rows of one map: each place of which something is to be drawn."""
    view = VIEWS[name]
    wide = [project(arc, view.centre) for arc in arcs]
    slim = [simplified(arc, view.tolerance) for arc in wide]
    rows = []
    for iso3, place, rings in places:
        whole = [joined(ring, wide) for ring in rings]
        shapes = drawn(whole, [joined(ring, slim) for ring in rings], bool(iso3), view)
        if shapes and place not in LEFT_OUT:
            rows.append([name, iso3, place, round(abs(sum(map(area, whole)))), path(shapes, view.half), SOURCE])
    return rows


def main(file: str) -> None:
    """Write the table to standard output."""
    topology = json.loads(Path(file).read_text(encoding="utf-8"))
    csv.writer(sys.stdout, lineterminator="\n").writerows([HEAD, *outlines(topology)])


if __name__ == "__main__":
    main(sys.argv[1])
