"""What allies promised to spend."""

from __future__ import annotations

from coursekit.tables import load


def part(pledge: str, whole: str) -> float:
    """One pledge in percent of another, by their ids: both are shares of GDP. Source: ``pledges``."""
    value = load("pledges").set_index("pledge_id").value
    return float(100 * value[pledge] / value[whole])
