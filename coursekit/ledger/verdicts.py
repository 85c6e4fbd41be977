"""The verdicts on the claims: one of the day that the course calls ``then``, one of today, each with its numbers.

Reads the tables ``claim_verdicts`` and ``claim_revisions``. A reason may hold placeholders such as ``{median_gap}``;
they are filled with numbers computed from the data, never typed. A verdict has a rule: an expression over its numbers
that was true when it was given. When a new edition of a table makes it false, the row is *to be judged again*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from coursekit.ledger.claims import claim, numbers
from coursekit.tables import MOMENTS, TableError, day_of, evaluate, load

# verdict: (mark, css class, one-line meaning). The mark and the word always stand together.
VERDICTS = {
    "held up": ("✓", "held-up", "The evidence of that day agrees with the claim."),
    "mixed": ("◐", "mixed", "Measures point different ways, or cover only part of the claim."),
    "did not hold": ("✗", "did-not-hold", "The evidence of that day disagrees with the claim."),
    "open": ("◷", "open", "Its time or its condition has not come; the row says what will decide it, and when."),
    "not testable": ("?", "not-testable", "Open data cannot decide it; it is discussed as an argument."),
}
MINUS = re.compile(r"(?<![\w–-])-(?=\d)")  # of a number that was filled in, not of a date or a resolution
AGAIN = ("↻", "to be judged again", "A number crossed the rule of this verdict since it was given.")
LEVELS = ("low", "medium", "high")
DOMAINS = ("data", "measure", "inference")


@dataclass(frozen=True)
class Verdict:
    """The verdict on one claim at one moment. ``row``: its row of ``claim_verdicts``."""

    row: pd.Series

    @property
    def word(self) -> str:
        """One of the keys of VERDICTS."""
        return self.row.verdict

    @property
    def mark(self) -> str:
        """The sign that stands beside the word."""
        return VERDICTS[self.word][0]

    @property
    def css(self) -> str:
        """The class of the word's colour."""
        return VERDICTS[self.word][1]

    @property
    def meaning(self) -> str:
        """What the word means, in one line."""
        return VERDICTS[self.word][2]

    @property
    def confidence(self) -> str:
        """How sure: low, medium, high, or "" where a verdict has none."""
        return text(self.row.confidence)

    @property
    def domains(self) -> dict[str, str]:
        """Level and reason of the confidence by domain: ``{"data": "high: one publisher"}``; only those given."""
        given = {name: text(self.row[f"confidence_{name}"]) for name in DOMAINS}
        return {name: words for name, words in given.items() if words}

    @property
    def place(self) -> str:
        """How a message names the row."""
        return f"claim_verdicts.csv, claim {self.row.claim_id}, {self.row.as_of}"

    @cached_property
    def numbers(self) -> dict[str, object]:
        """The numbers that the verdict may use, computed now."""
        return numbers(self.row.claim_id, self.row.as_of)

    def reason(self) -> str:
        """The reason in words, numbers filled in. Raises TableError when a placeholder has no number of the moment."""
        try:
            return MINUS.sub("−", self.row.reason.format(**self.numbers))
        except KeyError as missing:
            raise TableError(
                f"{self.place}: the reason uses {missing}, which claim_numbers.csv does not have for that moment."
            ) from None

    def again(self) -> bool:
        """Whether the rule no longer holds. False without a rule; TableError where it names an unknown number."""
        rule = text(self.row.rule)
        try:
            return bool(rule) and not evaluate(rule, **self.numbers)
        except ImportError as missing:
            raise TableError(f"{self.place}: the rule '{rule}' names a number that is not there ({missing}).") from None


def verdict(claim_id: str, as_of: str = "now") -> Verdict | None:
    """The verdict on a claim at a moment ("then", "now"); None where it is not judged as of then.

    Raises TableError for an unknown claim or moment, and for a claim without a verdict of today.
    """
    claim(claim_id)
    day_of(as_of)
    table = load("claim_verdicts")
    rows = table[(table.claim_id == claim_id) & (table.as_of == as_of)]
    if rows.empty and as_of == "now":
        raise TableError(f"claim_verdicts.csv: claim {claim_id} has no row for {as_of}; add it.")
    return None if rows.empty else Verdict(rows.iloc[0])


def both(claim_id: str) -> list[tuple[str, Verdict | None]]:
    """The two verdicts on a claim, each with the words for its moment: ``[("As of 31 July 2023", ...), ...]``."""
    return [(moment_words(moment), verdict(claim_id, moment)) for moment in MOMENTS]


def moment_words(moment: str) -> str:
    """ "As of" the day, or "Today"."""
    day = day_of(moment)
    return f"As of {day.day} {day:%B %Y}" if day else "Today"


def counts(as_of: str = "now") -> dict[str, int]:
    """How many claims have each verdict at a moment: a key for each word of VERDICTS."""
    table = load("claim_verdicts")
    found = table.verdict[table.as_of == as_of].value_counts()
    return {name: int(found.get(name, 0)) for name in VERDICTS}


def changed() -> int:
    """Claims whose verdict of today is another than that of then."""
    wide = load("claim_verdicts").pivot(index="claim_id", columns="as_of", values="verdict").dropna()
    return int((wide.then != wide.now).sum())


def revisions(claim_id: str) -> list:
    """The revisions of a claim as rows of ``claim_revisions``, oldest first."""
    table = load("claim_revisions")
    return list(table[table.claim_id == claim_id].itertuples())


def last_revision(claim_id: str, as_of: str) -> str:
    """The verdict with which the revisions of a claim end for a moment; "" where they tell of none.

    Until both moments were judged apart a revision was one of ``both``.
    """
    table = load("claim_revisions")
    rows = table[(table.claim_id == claim_id) & (table.field == "verdict") & table.as_of.isin([as_of, "both"])]
    return text(rows.new.iloc[-1]) if len(rows) else ""


def text(cell) -> str:
    """A cell's text; "" where the table is empty."""
    return cell if isinstance(cell, str) else ""
