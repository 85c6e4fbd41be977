"""What new figures do to the ledger: numbers that moved, and verdicts whose rule was crossed."""

from __future__ import annotations

from collections.abc import Iterator

from coursekit.errors import CourseKitError
from coursekit.ledger.claims import number
from coursekit.ledger.verdicts import Verdict, text
from coursekit.tables import load


def report() -> list[str]:
    """One sentence for each number that moved and for each verdict to be judged again; empty when nothing moved."""
    return [*moved_numbers(), *crossed()]


def moved_numbers() -> Iterator[str]:
    """A sentence for each number of ``claim_numbers`` that is further from its stored value than its tolerance."""
    for row in load("claim_numbers").itertuples():
        if said := _moved(row):
            yield f"{row.claim_id}, {row.number_id} ({row.as_of}): {row.what}: {said}"


def _moved(row) -> str:
    try:
        now = float(number(row))
    except (CourseKitError, LookupError, ArithmeticError, ValueError, TypeError) as error:
        return f"can no longer be computed ({type(error).__name__}: {error}); mend its expression."
    stays = abs(now - row.value) <= row.tolerance
    return "" if stays else f"{row.value:g} -> {now:g} {row.unit}; judge again, then store the new value."


def crossed() -> Iterator[str]:
    """A sentence for each verdict whose rule no longer holds."""
    for _, row in load("claim_verdicts").dropna(subset="rule").iterrows():
        verdict = Verdict(row)
        if verdict.again():
            yield (
                f"{row.claim_id}, {row.as_of}: '{row.verdict}' is to be judged again: its rule {row.rule} no longer "
                f"holds ({text(row.rule_words)})."
            )
