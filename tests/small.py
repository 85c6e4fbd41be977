"""Small tables for cases that are worked by hand: a measure reads them in place of the course's."""

from io import StringIO

import pandas as pd


def rows(text: str, *dates: str) -> pd.DataFrame:
    """A table from lines of CSV; columns of ``dates`` are dates. Blanks around commas and lines do not count."""
    lines = "\n".join(",".join(cell.strip() for cell in line.split(",")) for line in text.strip().splitlines())
    return pd.read_csv(StringIO(lines), parse_dates=list(dates))


def use(monkeypatch, module, groups=None, **frames) -> None:
    """Let a module of measures load these tables, and find these members of groups."""
    monkeypatch.setattr(module, "load", lambda name: frames[name].copy())
    if groups is not None:
        monkeypatch.setattr(module, "members", lambda group, on=None: groups[group])
