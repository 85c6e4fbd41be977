"""Source is read as a tree, and read again when another thread spoilt it."""

import ast

import pytest

from coursekit import syntax


def test_a_parse_that_another_thread_spoilt_is_made_again(monkeypatch):
    real, seen = ast.parse, []

    def spoilt(source, mode):
        seen.append(source)
        if len(seen) < syntax.TRIES:
            raise SystemError("AST constructor recursion depth mismatch (before=33, after=52)")
        return real(source, mode=mode)

    monkeypatch.setattr(syntax.ast, "parse", spoilt)
    assert ast.unparse(syntax.parse("1 + 1", "eval")) == "1 + 1" and len(seen) == syntax.TRIES


def test_faulty_source_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        syntax.parse("a = (")
