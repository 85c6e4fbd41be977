"""The notebook a marker reads: the released cells with safe copies of the student's work.

Only three kinds of student output get in: text, PNG pictures, and essays as escaped text. The
source of hidden checks stays out; a check shows its verdict.
"""

from __future__ import annotations

from coursekit.exercises.release import MARKER, Release, released_source
from coursekit.grading.intake.safe_text import paragraphs, plain


def marked_notebook(release: Release, result: dict) -> dict:
    """The autograded notebook (nbformat 4.5 dict) of a graded hand-in."""
    shown = {row["id"]: row for row in result["cells"]}
    rows = [
        _released(release, cell, shown.get(cell["id"]), result)
        for cell in release.cells
        if cell["only"] in ("", result["version"])
    ]
    extras = [_code(row["id"], row["source"], {}, _outputs(row)) for row in result["cells"] if row["kind"] == "extra"]
    if extras:
        rows += [_markdown("extra-head", "Further cells of the student (they ran, they carry no points):", {}), *extras]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": rows,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "course": {"exercise": release.slug, "digest": result["digest"], "notes": result["notes"]},
        },
    }


def nbgrader_metadata(cell: dict) -> dict:
    """nbgrader's description of an answer, check or essay cell; {} for others."""
    if cell["kind"] not in ("answer", "check", "essay"):
        return {}
    metadata = {
        "grade_id": cell["id"],
        "schema_version": 3,
        "task": False,
        "locked": cell["kind"] == "check",
        "grade": cell["kind"] != "answer",
        "solution": cell["kind"] != "check",
        "cell_type": cell["type"],
    }
    if cell["kind"] != "answer":
        metadata["points"] = cell["points"]
    return {"nbgrader": metadata}


def _released(release, cell, row, result):
    metadata = nbgrader_metadata(cell)
    if cell["kind"] == "essay":
        return _markdown(cell["id"], paragraphs(result["essays"].get(cell["question"], "")), metadata)
    if cell["kind"] == "answer":
        source = row["source"] if row else f"# {MARKER.format(question=cell['question'])}."
        return _code(cell["id"], source, metadata, _outputs(row) if row else [])
    if cell["kind"] == "check":
        source = f"# hidden check, {cell['points']:g} points" if cell["hidden"] else cell["source"]
        status, sentence = result["checks"].get(cell["id"], ["failed", ""])
        return _code(cell["id"], source, metadata, [_text(f"{status}. {sentence}".strip())])
    if cell["type"] == "markdown":
        return _markdown(cell["id"], cell["source"], metadata)
    return _code(cell["id"], released_source(release, cell, result["version"]), metadata, [])


def _outputs(row):
    outputs = [_text(text) for text in (row["text"], row["error"]) if text]
    if row["png"]:
        outputs.append({"output_type": "display_data", "metadata": {}, "data": {"image/png": row["png"]}})
    return outputs


def _text(text):
    return {"output_type": "stream", "name": "stdout", "text": plain(text)}


def _markdown(identity, source, metadata):
    return {"cell_type": "markdown", "id": identity, "metadata": metadata, "source": source}


def _code(identity, source, metadata, outputs):
    return {
        "cell_type": "code",
        "id": identity[:64],
        "metadata": metadata,
        "source": plain(source),
        "execution_count": None,
        "outputs": outputs,
    }
