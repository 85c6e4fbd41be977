"""Altair's generated modules without what only an editor or a reader of their source uses.

Three files say each property of Vega-Lite anew, with its description and its types: four megabytes of text, most of
what a page's Python has to read, and the memory that reading them takes is never given back. Here a docstring keeps its
first line, functions lose their annotations, and the schema its descriptions; what a chart becomes stays the same.
"""

from __future__ import annotations

import ast
import json

GENERATED = "altair/vegalite/v6/"
OVERLOAD = "overload"  # says types only; the class's decorator puts the real method in its place
SETTERS = "with_property_setters"
TYPED, REQUIRED = "TypedDict", "Required"


def lean(name: str, content: bytes) -> bytes:
    """A file of a package as the page gets it: ``name`` is its path in the package's wheel."""
    if not name.startswith(GENERATED):
        return content
    if name.endswith("-schema.json"):
        return lean_schema(content)
    return lean_module(content.decode()).encode() if name.endswith(".py") else content


def lean_schema(content: bytes) -> bytes:
    """A JSON schema whose descriptions are empty; a property that is itself named description stays."""
    found = json.loads(content, object_hook=_undescribed)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _undescribed(part: dict) -> dict:
    return part | {"description": ""} if isinstance(part.get("description"), str) else part


def lean_module(source: str) -> str:
    """Python source with the same names, defaults and results, in a form that is read in a fraction of the memory."""
    return ast.unparse(ast.fix_missing_locations(_Lean().visit(ast.parse(source))))


class _Lean(ast.NodeTransformer):
    """Shortens docstrings and drops types that nothing asks for at run time."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        _shorten(node)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        _shorten(node)
        if SETTERS in map(ast.unparse, node.decorator_list):
            node.body = [part for part in node.body if not _is_overload(part)]
        if TYPED in map(ast.unparse, node.bases):
            for part in node.body:
                _untype(part)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        _shorten(node)
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node


def _shorten(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> None:
    """Leave the first line of a docstring."""
    if text := ast.get_docstring(node):
        node.body[0] = ast.Expr(ast.Constant(text.partition("\n")[0]))


def _is_overload(part: ast.stmt) -> bool:
    return isinstance(part, ast.FunctionDef) and OVERLOAD in map(ast.unparse, part.decorator_list)


def _untype(part: ast.stmt) -> None:
    """Leave the name of a typed dictionary's key; its type would be compiled only to be kept."""
    if isinstance(part, ast.AnnAssign) and REQUIRED not in ast.unparse(part.annotation):
        part.annotation = ast.Name("Any", ast.Load())
