"""Each student's own numbers, drawn from a pool of real cases by a hash.

The pool is a list of small dicts (one case each). `draw` chooses a term's pool; `pick` chooses
the student's case in it. Both depend only on their arguments, so the notebook and the grader
agree. With a secret `key` nobody can tell before the release which cases a term will use.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    Pool = pd.DataFrame | Iterable[dict]


def plain_pool(pool: Pool) -> list[dict]:
    """A pool (table or list of dicts) as a list of dicts of plain values; distinct, in a fixed order."""
    if hasattr(pool, "to_dict"):
        pool = pool.to_dict("records")
    rows = [
        {str(name): value.item() if hasattr(value, "item") else value for name, value in row.items()} for row in pool
    ]
    return [json.loads(text) for text in sorted({json.dumps(row, sort_keys=True) for row in rows})]


def draw(pool: Pool, term: str, exercise: str, size: int | None = None, key: bytes = b"") -> list[dict]:
    """The term's pool: `size` cases of `pool` in an order that depends on term, exercise and key."""

    def rank(row):
        text = f"{term}|{exercise}|{json.dumps(row, sort_keys=True)}"
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    return sorted(plain_pool(pool), key=rank)[:size]


def pick(pool: list[dict], term: str, exercise: str, student: str = "") -> dict:
    """The case of `student` (leave empty for one case a term); upper case and spaces do not count."""
    text = f"{term}|{exercise}|{student.strip().lower()}"
    return pool[int(hashlib.sha256(text.encode()).hexdigest(), 16) % len(pool)]


def cell(pool: list[dict], term: str, exercise: str, by_student: bool) -> str:
    """The source of the notebook cell that defines `case` for the person at the keyboard."""
    rows = ",\n    ".join(repr(row) for row in pool)
    identity = "STUDENT_ID.strip().lower()" if by_student else '""'
    guard = (
        "if not STUDENT_ID.strip():\n"
        '    print("Type your student id in the cell above and run it, then run this cell again.")\n'
        if by_student
        else ""
    )
    return (
        f"import hashlib\n\nPOOL = [\n    {rows},\n]\n{guard}"
        f'_text = "{term}|{exercise}|" + {identity}\n'
        "case = POOL[int(hashlib.sha256(_text.encode()).hexdigest(), 16) % len(POOL)]\ncase"
    )
