"""Tables for the terminal: collect reports, marks, statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from coursekit.grading.intake.report import Row


def table(header: Sequence[str], lines: Sequence[Sequence]) -> str:
    """A plain text table; numbers (and blanks beside them) to the right."""
    texts = [[_show(value) for value in line] for line in lines]
    widths = [max(len(row[place]) for row in [list(header), *texts]) for place in range(len(header))]
    pads = [str.rjust if _is_numeric(lines, place) else str.ljust for place in range(len(header))]
    rows = [list(header), ["-" * width for width in widths], *texts]
    return "\n".join("  ".join(map(_padded, pads, row, widths)).rstrip() for row in rows)


def _is_numeric(lines: Sequence[Sequence], place: int) -> bool:
    """Whether a column holds numbers and blanks only."""
    return bool(lines) and all(isinstance(line[place], (int, float, type(None))) for line in lines)


def _padded(pad: Callable[[str, int], str], text: str, width: int) -> str:
    return pad(text, width)


def _show(value):
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 70 else text[:67] + "..."


def collect_table(rows: Iterable[Row]) -> str:
    """The collect report as a table."""
    return table(
        ["student", "file", "status", "note"], [[row.student, row.file, row.status, row.reason] for row in rows]
    )


def marks_table(rows: list[dict]) -> str:
    """Marks by question as a table."""
    questions = list(dict.fromkeys(question for row in rows for question in row["questions"]))
    return table(
        ["student", *questions, "late", "total", "status"],
        [
            [
                row["student"],
                *(row["questions"].get(question) for question in questions),
                row["penalty"] or None,
                row["total"],
                row["status"],
            ]
            for row in rows
        ],
    )
