"""What a kind of quiz item may ask of the reader of its bank; ``quizzes`` has the one that does it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, Protocol


class Reader(Protocol):
    """Reads one bank; ``here`` names the file and the item at hand."""

    here: str

    def fail(self, rule: str) -> NoReturn:
        """Refuse the current item with one sentence."""

    def compute(self, expression: object, what: str, names: dict) -> object:
        """The result of an expression that knows ``names``."""

    def finite(self, expression: object, what: str, names: dict) -> float:
        """The finite number that an expression gives."""

    def as_finite(self, number: object, what: str) -> float:
        """A result as a plain finite number, or a refusal."""

    def text(self, text: object, what: str, values: dict) -> str:
        """A text with its {name} places filled in."""

    def feedback(self, raw: object, values: dict, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict:
        """The texts that follow an answer, by name."""
