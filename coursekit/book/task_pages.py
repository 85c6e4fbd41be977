"""A page for each task: what to do, how to check its numbers, the rubric with anchors, three marked sample answers."""

from __future__ import annotations

from coursekit.exercises.tasks import Criterion, Sample, Task

NAMES = {"good": "A good answer", "middling": "An answer in the middle", "weak": "A weak answer"}


def page(task: Task) -> str:
    """The task's page in MyST Markdown."""
    parts = [f"# {task.title}", facts(task), outcomes(task.outcomes), "## The task", task.text, checks(task)]
    return "\n\n".join([*parts, rubric(task), *samples(task)]) + "\n"


def facts(task: Task) -> str:
    """Minutes, points and the chapter, as one paragraph."""
    return (
        f"**Graded task** · about {task.minutes} minutes · {task.points:g} points, marked by hand · belongs to "
        f"{{doc}}`/chapters/{task.chapter}`"
    )


def outcomes(met: dict[str, str]) -> str:
    """What the work shows, as a list."""
    lines = [f"- {text} ({key})" for key, text in met.items()]
    return "\n".join(["**You show that you can**", "", *lines])


def checks(task: Task) -> str:
    """Where the chapter tells a student whether the numbers are right."""
    titles = ", ".join(f"*{one.title}*" for one in task.self_check)
    return (
        f"**Check your numbers first.** The chapter's practice tells you whether they are right: {titles}, in "
        f"{{ref}}`c{task.chapter[:2]}-practice`. It gives no points."
    )


def rubric(task: Task) -> str:
    """The criteria with their anchors: a marker reads what a student read."""
    lines = ["| Standard | Points | All points | Half | None |", "|---|---|---|---|---|", *map(_criterion, task.rubric)]
    return "\n".join(["## What the marker looks for", "", *lines])


def _criterion(row: Criterion) -> str:
    anchors = " | ".join(row.anchors[name] for name in ("full", "half", "none"))
    return f"| {row.text} | {row.points:g} | {anchors} |"


def samples(task: Task) -> list[str]:
    """Each sample answer with its marks, folded: mark it yourself first."""
    lead = (
        "## Three answers, marked\n\nThey answer another case than yours. Mark each with the table above before you "
        "open its marks: where you differ by more than a third, read the anchors again."
    )
    return [lead, *(_sample(sample, task.rubric) for sample in task.samples)]


def _sample(sample: Sample, criteria: tuple[Criterion, ...]) -> str:
    marks = "\n".join(f"- {row.text}: {sample.marks[row.id]:g} of {row.points:g}" for row in criteria)
    most = sum(row.points for row in criteria)
    answer = "\n".join(f"> {line}".rstrip() for line in sample.text.splitlines())
    return "\n\n".join(
        [
            f"### {NAMES[sample.level]}",
            f"*{sample.case}*",
            answer,
            f":::{{dropdown}} {sample.total:g} of {most:g} points, and why",
            marks,
            f"{sample.comment}\n:::",
        ]
    )
