"""``python -m bench [book|data|pages|grading ...]``: run the named benchmarks, or all."""

from __future__ import annotations

import importlib
import sys

ROOMS = ("data", "pages", "book", "grading")


def main(names: list[str]) -> None:
    """Run benchmarks in order, a table each. Each room has ``run()`` giving (what, value, unit, goal) rows."""
    for name in names or ROOMS:
        rows = list(importlib.import_module(f"bench.{name}").run())
        wide = max(len(row[0]) for row in rows)
        print(f"\n{name}")
        for what, value, unit, goal in rows:
            print(f"  {what:<{wide}}  {value:>9.2f} {unit:<6} {('goal ' + goal) if goal else ''}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
