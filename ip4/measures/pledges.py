"""What allies promised to spend."""

from __future__ import annotations

from coursekit.tables import load


def value(pledge: str) -> float:
    """The number of a pledge, plan or statement, in the unit that its row of ``pledges`` gives."""
    return float(load("pledges").set_index("pledge_id").value[pledge])


def part(pledge: str, whole: str) -> float:
    """One pledge in percent of another, by their ids: both are shares of GDP. Source: ``pledges``."""
    return 100 * value(pledge) / value(whole)
