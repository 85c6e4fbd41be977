"""One feedback page a student: points, a sentence for each failed check, the chart as a picture.

Written from plain data with everything escaped: no student HTML, no scripts, no source of hidden
checks. `write_all(course, release)` returns the number of pages.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.files import write_bytes, write_text
from coursekit.grading.course import Course, read_json
from coursekit.grading.intake.safe_text import paragraphs, plain, sentence
from coursekit.grading.marks.gradebook import open_book, standing
from coursekit.progress import Progress

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}: feedback</title>
<style>
body{{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}}
h1{{font-size:1.5rem}}
h2{{font-size:1.15rem;border-top:1px solid #ccc;padding-top:1rem}}
.points{{float:right;font-weight:600}}
li{{margin:.3rem 0}}img{{max-width:100%;height:auto}}
blockquote{{border-left:3px solid #999;margin:0;padding-left:1rem}}
@media(prefers-color-scheme:dark){{body{{background:#161616;color:#eee}}img{{background:#fff}}}}</style></head>
<body><h1>{title}</h1>
<p>Student {student}. {total}</p>
{notes}{questions}
<p><small>{footer}</small></p></body></html>
"""


def write_all(course: Course, release: Release, only: Collection[str] = (), progress: Progress = iter) -> int:
    """Write the feedback of every graded student; the number of pages."""
    with open_book(course) as book:
        marks = standing(book, release)
    criteria = read_json(course.criteria(release.slug)) or {}
    count = 0
    for student in progress(sorted(marks)):
        result = read_json(course.result(release.slug, student))
        if result and result["status"] == "graded" and (not only or student in only):
            write_text(
                course.feedback(release.slug, student), page(release, result, marks[student], criteria.get(student))
            )
            count += 1
    return count


def zip_for(course: Course, release: Release, path: Path, students: Iterable[str] | None = None) -> int:
    """One zip of the feedback in the layout in which the LMS delivered: Moodle and Canvas take it back as it is.

    Returns the number of pages. Moodle reads ``Name_number_assignsubmission_file/…``, Canvas the names of the files
    that were downloaded; elsewhere each page lies in a folder of the student's id.
    """
    sent = course.deliveries(release.slug)
    out, count = io.BytesIO(), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in students or sorted(sent):
            page = course.feedback(release.slug, student)
            if page.exists():
                archive.writestr(_place(release.slug, student, sent.get(student, {})), page.read_bytes())
                count += 1
    write_bytes(path, out.getvalue())
    return count


def _place(slug, student, sent):
    """Where the page of a student lies in the zip."""
    if sent.get("lms") == "moodle":
        return f"{sent['label']}_assignsubmission_file/{slug}-feedback.html"
    if sent.get("lms") == "canvas":
        return f"{re.sub(r'[.]ipynb([.]txt|[.]json)?$|[.]zip$', '', sent['path'])}-feedback.html"
    return f"{student}/{slug}-feedback.html"


def page(release: Release, result: dict, mark: dict, criteria: dict[str, dict[str, float]] | None = None) -> str:
    """The feedback page of one student as HTML; `criteria`: {question: {criterion: points}}, if known."""
    questions = list(dict.fromkeys(cell["question"] for cell in release.of_kind("answer", "essay")))
    body = "\n".join(_question(release, result, mark, question, criteria or {}) for question in questions)
    notes = "".join(f"<li>{sentence(note)}</li>" for note in result["notes"])
    return _PAGE.format(
        title=_text(release.title),
        student=_text(result["student"]),
        total=_total(release, mark),
        notes=f"<p>Repaired when it was collected:</p><ul>{notes}</ul>" if notes else "",
        questions=body,
        footer=f"{_text(release.slug)}, term {_text(release.term)}",
    )


def _text(value):
    return html.escape(plain(str(value)))


def _total(release, mark):
    if mark["waiting"]:
        return "Some answers still wait for the marker."
    late = f" (after {mark['penalty']:g} points for lateness)" if mark["penalty"] else ""
    total = max(0, sum(mark["scores"].values()) - mark["penalty"])
    return f"<strong>{total:g} of {release.points:g} points</strong>{late}."


def _question(release, result, mark, question, criteria):
    cells = [cell for cell in release.of_kind("check", "essay") if cell["question"] == question]
    scores = [mark["scores"].get(cell["id"]) for cell in cells]
    got = "waiting" if None in scores else f"{sum(scores):g}"
    possible = sum(cell["points"] for cell in cells)
    parts = [f'<h2>{_text(question)} <span class="points">{got} of {possible:g}</span></h2>']
    parts += (
        _essay(release, result, question, _given(criteria.get(question), scores))
        if cells[0]["kind"] == "essay"
        else _checked(result, cells, question)
    )
    comment = mark["comments"].get(f"answer-{question}", "")
    if comment and cells[0]["kind"] == "essay":
        parts.append(f"<p>Marker's comment:</p>{paragraphs(comment)}")
    return "\n".join(parts)


def _checked(result, cells, question):
    verdicts = [result["checks"].get(cell["id"], ["failed", ""]) for cell in cells]
    reasons = dict.fromkeys(reason or "A check did not pass." for status, reason in verdicts if status != "passed")
    lines = [f"<li>{sentence(reason)}</li>" for reason in reasons]
    error = result["errors"].get(question)
    if error:
        lines.insert(0, f"<li>Your cell stopped: {_text(error)}</li>")
    return ["<ul>" + "".join(lines) + "</ul>" if lines else "<p>All checks passed.</p>", *_pictures(result, question)]


def _pictures(result, question):
    """The charts of a question's cells."""
    return [
        f'<p><img alt="Your chart" src="data:image/png;base64,{row["png"]}"></p>'
        for row in result["cells"]
        if row["question"] == question and row["png"]
    ]


def _given(points, scores):
    """Points by criterion, unless the answer has another mark by now (typed into the gradebook)."""
    return points if points and None not in scores and sum(points.values()) == sum(scores) else {}


def _points(row, given):
    return f"{given[row['id']]:g} of {row['points']:g}" if row["id"] in given else f"{row['points']:g}"


def _essay(release, result, question, given):
    rows = "".join(
        f"<li>{sentence(row['text'])} ({_points(row, given)})</li>" for row in release.rubric.get(question, [])
    )
    text = paragraphs(result["essays"].get(question, ""))
    return [f"<blockquote>{text}</blockquote>", f"<p>What was looked for:</p><ul>{rows}</ul>" if rows else ""]
