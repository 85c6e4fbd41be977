"""How long the tables take to load, cold, and to check."""

from time import perf_counter

from coursekit import tables
from coursekit.data import check as datacheck


def run():
    """Seconds for each load and for all; the largest table first."""
    times = {}
    for name in tables.names():
        start = perf_counter()
        tables.load(name)
        times[name] = perf_counter() - start
    for name in sorted(times, key=times.get, reverse=True)[:3]:
        yield f"load {name}", times[name], "s", "< 0.5"
    yield f"load all {len(times)} tables", sum(times.values()), "s", "< 3"
    start = perf_counter()
    datacheck.problems()
    yield "check all tables", perf_counter() - start, "s", ""
