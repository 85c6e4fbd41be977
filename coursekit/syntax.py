"""Python source as a tree, also while another thread reads source.

CPython counts the depth of all trees that it builds in one place, so that two threads can trip over each other
(python/cpython#106905): the parse ends in a SystemError that has nothing to do with the source. It is made again.
"""

from __future__ import annotations

import ast
from threading import Lock

TRIES = 5
_ONE_AT_A_TIME = Lock()


def parse(source: str, mode: str = "exec") -> ast.Module | ast.Expression:
    """The tree of Python source; ``mode`` "exec" for a module, "eval" for an expression. Raises SyntaxError."""
    for _ in range(TRIES - 1):
        try:
            with _ONE_AT_A_TIME:
                return ast.parse(source, mode=mode)
        except SystemError:
            continue
    return ast.parse(source, mode=mode)
