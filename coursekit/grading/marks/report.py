"""Tables for the terminal: collect reports, marks, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coursekit.grading.intake.report import Row


def table(header: Sequence[str], lines: Sequence[Sequence]) -> str:
    """A plain text table; numbers (and blanks beside them) to the right."""
    texts = [[_show(value) for value in line] for line in lines]
    widths = [max(len(row[place]) for row in [list(header), *texts]) for place in range(len(header))]
    numeric = [
        all(isinstance(line[place], (int, float, type(None))) for line in lines) and bool(lines)
        for place in range(len(header))
    ]

    def draw(row):
        return "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()

    return "\n".join([draw(list(header)), "  ".join("-" * width for width in widths), *(draw(row) for row in texts)])


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
