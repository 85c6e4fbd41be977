"""How many verdicts of the ledger would fail if its thresholds were stricter.

Tables: ``claim_verdicts`` and ``claim_numbers``, through ``assumptions``. Only verdicts of today are tried.
"""

from __future__ import annotations

import ast

from ip4.measures.assumptions import holds, numbers, verdicts


def stricter(part: float) -> list[str]:
    """Claims whose rule fails when every threshold in it is harder to meet by a part of itself: 0.25 is a quarter.

    A threshold is a number that stands alone at one side of <, <=, > or >=; equalities and zero have no stricter form.
    """
    found = verdicts().rule.dropna()
    return [c for c, rule in found.items() if not holds(_tightened(rule, part), numbers(c, rule=rule))]


def rules() -> int:
    """How many verdicts of today rest on a rule over numbers, in claims."""
    return len(verdicts().rule.dropna())


def _tightened(rule: str, part: float) -> str:
    return ast.unparse(_Thresholds(part).visit(ast.parse(rule, mode="eval")))


class _Thresholds(ast.NodeTransformer):
    """Moves each lone number of a comparison away from what is compared with it."""

    def __init__(self, part: float):
        self.part = part

    def visit_Compare(self, node: ast.Compare) -> ast.Compare:  # noqa: N802 (the name that ast asks for)
        sides = [node.left, *node.comparators]
        for place, operator in enumerate(node.ops):
            sides[place] = self._moved(sides[place], -self._sign(operator))
            sides[place + 1] = self._moved(sides[place + 1], self._sign(operator))
        return ast.Compare(sides[0], node.ops, sides[1:])

    def _moved(self, side: ast.expr, sign: int) -> ast.expr:
        if not sign or not isinstance(side, ast.Constant):
            return side
        return ast.Constant(side.value * (1 + sign * self.part))

    @staticmethod
    def _sign(operator: ast.cmpop) -> int:
        """1 where the right side must be smaller, -1 where it must be larger, 0 for an equality."""
        return isinstance(operator, (ast.Gt, ast.GtE)) - isinstance(operator, (ast.Lt, ast.LtE))
