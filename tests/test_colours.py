"""Groups and partners stay apart for every eye, and every mark stands out from the page."""

from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert

from coursekit.charts import INK
from ip4.colours import GROUPS, KINDS, PARTNERS

SETS = {"groups": GROUPS, "partners": PARTNERS | {"Others": GROUPS["Others"]}, "kinds": KINDS}
PAGE = INK["page"]
CASES = [(name, side) for name in SETS for side in (0, 1)]


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def seen(colour: np.ndarray, kind: str | None) -> np.ndarray:
    if kind:
        colour = np.clip(
            cspace_convert(colour, {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}, "sRGB1"), 0, 1
        )
    return cspace_convert(colour, "sRGB1", "CAM02-UCS")


def contrast(one: np.ndarray, two: np.ndarray) -> float:
    light = [
        float(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])
        for c in (one, two)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize(("name", "side"), CASES)
@pytest.mark.parametrize(
    ("kind", "least"), [(None, 20), ("deuteranomaly", 12), ("protanomaly", 12), ("tritanomaly", 12)]
)
def test_any_two_are_told_apart(name, side, kind, least):
    for (one, a), (two, b) in combinations(SETS[name].items(), 2):
        distance = np.linalg.norm(seen(rgb(a[side]), kind) - seen(rgb(b[side]), kind))
        assert distance >= least, f"{one} and {two}: {distance:.1f} ({kind})"


@pytest.mark.parametrize(("name", "side"), CASES)
def test_marks_stand_out_from_the_page(name, side):
    for group, pair in SETS[name].items():
        assert contrast(rgb(pair[side]), rgb(PAGE[side])) >= 3, group


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("ink", ["text", "muted", "accent"])
def test_words_in_charts_are_readable(ink, side):
    assert contrast(rgb(INK[ink][side]), rgb(PAGE[side])) >= 4.5


def test_each_light_colour_has_one_dark_partner():
    pairs = {}
    for light, dark in [*GROUPS.values(), *PARTNERS.values(), *KINDS.values(), *INK.values()]:
        assert pairs.setdefault(light, dark) == dark
