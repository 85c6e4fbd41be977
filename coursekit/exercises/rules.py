"""The rules an exercise's cells must keep: ids, points, names, messages, solution blocks."""

import ast
import builtins

from coursekit.exercises import checktools
from coursekit.exercises.cells import assigned, fail, free_names, solution
from coursekit.exercises.charttools import HIDDEN_TOOLS


def check_cells(cells, path):
    """Raise SourceError at the first rule the cells break; give ids and names."""
    answers, defined, counts = {}, {}, {}
    given = set(dir(builtins)) | set(checktools.TOOLS) | {"case", "STUDENT_ID", "display"}
    for number, cell in enumerate(cells):
        cell.id = _identity(cell, number, counts, path)
        if cell.type == "code":
            tree = _tree(cell, path)
            if cell.kind in ("given", "case"):
                given |= assigned(tree)
            elif cell.kind == "answer":
                solution(cell.source, cell.line, path)
                answers[cell.question] = cell
                defined.update(dict.fromkeys(assigned(tree), cell.question))
            elif cell.kind == "check":
                _check_check(cell, tree, answers, defined, given, path)
            elif cell.question not in answers:
                fail(path, cell.line, f"{cell.kind} {cell.question}: no answer cell {cell.question} comes before.")
    _check_whole(cells, answers, path)


def _identity(cell, number, counts, path):
    if cell.kind in ("check", "wrong"):
        counts[cell.kind, cell.question] = counts.get((cell.kind, cell.question), 0) + 1
        return f"{cell.kind}-{cell.question}-{counts[cell.kind, cell.question]}"
    if not cell.question:
        return f"{cell.kind}-{number:02d}"
    kind = "answer" if cell.kind == "essay" else cell.kind
    if counts.setdefault((kind, cell.question), cell.line) != cell.line:
        fail(
            path, cell.line, f"{cell.question} already has its {cell.kind} cell on line {counts[kind, cell.question]}."
        )
    return f"{kind}-{cell.question}"


def _tree(cell, path):
    try:
        return ast.parse(cell.source)
    except SyntaxError as fault:
        fail(path, cell.line + (fault.lineno or 1) - 1, f"this is not Python: {fault.msg}.")


def _check_check(cell, tree, answers, defined, given, path):
    if cell.question not in answers:
        fail(path, cell.line, f"check {cell.question}: no answer cell {cell.question} comes before.")
    asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    if not asserts:
        fail(path, cell.line, "a check needs at least one assert.")
    for node in asserts:
        _check_message(node, cell, path)
    names = free_names(tree)
    if names & {"key", *HIDDEN_TOOLS} and not cell.hidden:
        fail(path, cell.line, f"a visible check cannot use {'key' if 'key' in names else 'draws'}: students have none.")
    tools = {"key", *HIDDEN_TOOLS} if cell.hidden else set()
    for name in sorted(names - {*tools, *defined, *given}):
        fail(path, cell.line, f"nothing before this check defines {name!r}.")
    cell.names = sorted(names & set(defined))
    if not cell.names:
        fail(path, cell.line, f"this check looks at no name that an answer defines ({', '.join(defined)}).")


def _check_message(node, cell, path):
    line = cell.line + node.lineno - 1
    if node.msg is None:
        fail(path, line, "every assert needs a message that helps the student.")
    if "key" in {name.id for name in ast.walk(node.msg) if isinstance(name, ast.Name)}:
        fail(path, line, "a message must not hold the answer (it uses key).")
    if not isinstance(node.msg, (ast.Constant, ast.JoinedStr)):
        fail(path, line, "a message must be plain text in quotes.")


def _check_whole(cells, answers, path):
    for question, cell in answers.items():
        kinds = [(other.kind, other.hidden) for other in cells if other.question == question]
        if not any(other.points for other in cells if (other.kind, other.question) == ("check", question)):
            fail(path, cell.line, f"{question} has no check with points, so nobody can get points for it.")
        if ("check", False) in kinds and ("wrong", False) not in kinds:
            fail(path, cell.line, f"{question} has a visible check but no 'wrong {question}' cell to try it on.")
