"""The recipe of the maps: projection, areas, simpler lines, cut pieces and dots, each on a case worked by hand."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from coursekit.tables import load
from ip4.refresh import outlines

R = outlines.EARTH_KM
SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def test_the_projection_keeps_the_centre_and_knows_a_quarter_of_the_globe():
    x, y = outlines.project(np.array([[10.0, 50.0]]), (10.0, 50.0))[0]
    assert (x, y) == pytest.approx((0, 0), abs=1e-6)
    x, y = outlines.project(np.array([[90.0, 0.0]]), (0.0, 0.0))[0]
    assert (x, y) == pytest.approx((R * math.sqrt(2), 0)), "a quarter round the equator lies at R times root two"


@pytest.mark.parametrize("centre", [(0.0, 0.0), (100.0, 0.0), (20.0, 60.0), (-60.0, -30.0)])
def test_equal_areas_stay_equal_wherever_the_centre_is(centre):
    """The octant of the globe from the equator to the pole has an eighth of its area."""
    step = np.linspace(0, 90, 400)
    ring = np.vstack([
        np.column_stack([step, 0 * step]),
        np.column_stack([0 * step + 90, step]),
        np.column_stack([step[::-1], 0 * step + 90]),
        np.column_stack([0 * step, step[::-1]]),
    ])  # fmt: skip
    assert abs(outlines.area(outlines.project(ring, centre))) == pytest.approx(4 * math.pi * R**2 / 8, rel=1e-3)


def test_areas_lines_and_points():
    assert outlines.area(SQUARE) == 4 and outlines.area(SQUARE[::-1]) == -4
    bent = np.array([[0.0, 0.0], [5.0, 0.4], [10.0, 0.0], [10.0, 8.0]])
    assert outlines.simplified(bent, 0.5).tolist() == [[0, 0], [10, 0], [10, 8]]
    assert len(outlines.simplified(bent, 0.3)) == 4
    assert outlines.holds(SQUARE, (1, 1)) and not outlines.holds(SQUARE, (3, 1))


def test_a_ring_is_cut_at_the_frame():
    cut = outlines.clipped(SQUARE, half=1)
    assert abs(outlines.area(cut)) == 1 and cut.max() == 1
    assert len(outlines.clipped(SQUARE + 5, half=1)) == 0


def test_a_small_member_is_a_dot_and_a_far_part_is_left_out():
    small = [np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 30.0]])]
    (spot,) = outlines.drawn(small, small, is_member=True)
    assert len(spot) == outlines.DOT_POINTS and np.hypot(*(spot - spot.mean(axis=0)).T) == pytest.approx(
        outlines.VIEWS["North Atlantic"].dot_km
    )
    assert outlines.drawn(small, small, is_member=False) == [], "a small place that is no member is not drawn"
    home = SQUARE * 200
    (kept,) = outlines.drawn([home, home + 4500], [home, home + 4500], is_member=True)
    assert kept.tolist() == home.tolist()


def test_a_path_starts_and_steps_in_whole_units():
    ring = np.array([[0.0, 0.0], [outlines.HALF_KM, 0.0], [outlines.HALF_KM, -outlines.HALF_KM]])
    assert outlines.path([ring]) == "M0,0l1000,0l0,1000Z"


TOPOLOGY = {
    "transform": {"scale": [1, 1], "translate": [-22, 58]},
    "arcs": [[[0, 0], [6, 0], [0, 6], [-6, 0], [0, -6]]],
    "objects": {"countries": {"geometries": [
        {"type": "Polygon", "arcs": [[0]], "id": "250", "properties": {"name": "France"}},
        {"type": "MultiPolygon", "arcs": [[[0]], [[~0]]], "properties": {"name": "Nowhere"}},
    ]}},
}  # fmt: skip


def test_rows_follow_from_a_topology():
    (arc,) = outlines.arcs_of(TOPOLOGY)
    assert arc[0].tolist() == [-22, 58] and arc[2].tolist() == [-16, 64]
    states = TOPOLOGY["objects"]["countries"]["geometries"]
    assert outlines.rings_of(states[0]) == [[0]] and outlines.rings_of(states[1]) == [[0], [-1]]
    assert outlines.joined([-1], [arc]).tolist() == arc[::-1][:-1].tolist()
    assert [name for _n, name, _r in outlines.pieces(TOPOLOGY)] == ["France", "Nowhere"]
    found = [row for row in outlines.outlines(TOPOLOGY) if row[0] == "North Atlantic"]
    assert [row[1:3] for row in found] == [["FRA", "France"], ["", "Nowhere"]]
    assert found[0][3] == round(abs(outlines.area(outlines.project(arc, outlines.VIEWS["North Atlantic"].centre))))


def test_the_recipe_writes_a_table_with_the_head_of_ours(tmp_path):
    file = tmp_path / "one.json"
    file.write_text(json.dumps(TOPOLOGY))
    run = [sys.executable, "-m", "ip4.refresh.outlines", str(file)]
    made = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert made.splitlines()[0].split(",") == outlines.HEAD == list(load("map_outlines"))


def test_a_ring_around_the_other_side_of_the_earth_is_not_drawn():
    """Around the point opposite the centre the projection turns a ring inside out: it would cover the whole map."""
    around = SQUARE * 4 * outlines.HALF_KM - 2 * outlines.HALF_KM
    assert len(outlines.clipped(around)) >= 4, "it has the map inside"
    assert outlines.drawn([around], [around], is_member=True) == []


def test_a_map_of_the_world_has_its_own_scale_and_larger_dots():
    wide = outlines.VIEWS["Americas"]
    ring = np.array([[0.0, 0.0], [wide.half, 0.0], [wide.half, -wide.half]])
    assert outlines.path([ring], wide.half) == "M0,0l1000,0l0,1000Z" and wide.half > outlines.HALF_KM
    (spot,) = outlines.drawn([SQUARE * 60], [SQUARE * 60], True, wide)
    assert np.ptp(spot[:, 0]) == pytest.approx(2 * wide.dot_km)


def test_areas_of_our_table_agree_on_both_maps():
    """A state that is drawn on several maps has the same area on each: the projection is true to area."""
    twice = load("map_outlines").groupby("place").km2.agg(["count", "min", "max"]).query("count >= 2")
    assert len(twice) > 3 and ((twice["max"] / twice["min"]) < 1.001).all()
