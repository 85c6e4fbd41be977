"""``python -m bench [data|pages|page|book|scale|grading ...]``: run the named benchmarks, or all."""

from __future__ import annotations

import importlib
import sys

ROOMS = ("data", "pages", "page", "book", "scale", "live", "grading")
WIDE = 66  # characters of a line's name


def main(names: list[str]) -> None:
    """Run benchmarks in order, a table each. Each room has ``run()`` giving (what, value, unit, goal) rows."""
    for name in names or ROOMS:
        print(f"\n{name}")
        for what, value, unit, goal in importlib.import_module(f"bench.{name}").run():
            print(f"  {what:<{WIDE}}  {value:>9.2f} {unit:<6} {('goal ' + goal) if goal else ''}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
