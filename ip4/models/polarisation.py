"""Polarisation of positions on a line: how wide they lie, whether they make two camps, how deep the valley between is.

======================  =========================================================================================
spread                  standard deviation (sample formula): how far positions lie from their mean
bimodality coefficient  (skewness² + 1) / (excess kurtosis + 3 (n - 1)² / ((n - 2)(n - 3))), both moments corrected for
                        the sample; 5/9 for a flat distribution, higher for two peaks, for a long tail on one side, and
                        for short tails on both (Pfister and others, Frontiers in Psychology 4, 2013, article 700)
density                 a smooth histogram: the mean of normal curves of one width around each position
valley                  density at the lowest point between the two highest peaks, as a part of the lower peak: 1 for no
                        valley, 0 for an empty middle
======================  =========================================================================================

No table is read. Positions are numbers in the unit of their scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLAT = 5 / 9  # the bimodality coefficient of a flat distribution, the usual mark of comparison
WIDTH = 0.2  # of a curve around each position, in units of the ideal points
GRID = np.linspace(-2.5, 3.0, 276)  # where the density is computed: steps of 0.02
FEWEST = 4  # the corrected kurtosis needs as many positions


def spread(positions) -> float:
    """Standard deviation (sample formula) of positions, in their own unit."""
    return float(np.std(np.asarray(positions, float), ddof=1))


def bimodality(positions) -> float | np.ndarray:
    """Bimodality coefficient, 0 to 1, of positions; of each row, when positions are a table of several samples.

    Raises ValueError for fewer than four positions, which have no corrected kurtosis.
    """
    values = np.asarray(positions, float)
    n = values.shape[-1]
    if n < FEWEST:
        raise ValueError(f"bimodality(): {n} positions are too few; give at least {FEWEST}.")
    away = values - values.mean(axis=-1, keepdims=True)
    second, third, fourth = ((away**power).mean(axis=-1) for power in (2, 3, 4))
    skewness = third / second**1.5 * (n * (n - 1)) ** 0.5 / (n - 2)
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (fourth / second**2 - 3) + 6)
    found = (skewness**2 + 1) / (excess + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    return found if values.ndim > 1 else float(found)


def without_ends(positions, left_out: int) -> np.ndarray:
    """The positions in order, without so many at each end."""
    ordered = np.sort(np.asarray(positions, float))
    return ordered[left_out : len(ordered) - left_out]


def density(positions, grid: np.ndarray = GRID, width: float = WIDTH) -> np.ndarray:
    """The density of positions at each point of a grid; its area is 1 where the grid holds all of it."""
    steps = (grid[:, None] - np.asarray(positions, float)[None, :]) / width
    return np.exp(-(steps**2) / 2).mean(axis=1) / (width * (2 * np.pi) ** 0.5)


@dataclass(frozen=True)
class Valley:
    """Where the two highest peaks and the lowest point between them lie, and the valley's height as a part of the
    lower peak (0 to 1)."""

    low_peak: float
    high_peak: float
    bottom: float
    height: float


def valley(positions, width: float = WIDTH) -> Valley | None:
    """The valley between the two highest peaks of a density; None when it has one peak only."""
    curve = density(positions, width=width)
    inner = np.arange(1, len(curve) - 1)
    peaks = inner[(curve[inner] > curve[inner - 1]) & (curve[inner] >= curve[inner + 1])]
    if len(peaks) < 2:
        return None
    low, high = sorted(peaks[np.argsort(curve[peaks])[-2:]])
    bottom = low + int(curve[low : high + 1].argmin())
    height = curve[bottom] / min(curve[low], curve[high])
    return Valley(*(float(round(GRID[place], 2)) for place in (low, high, bottom)), float(height))
