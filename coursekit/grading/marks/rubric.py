"""Marks given by hand: a CSV to fill in, or nbgrader's marking page in the browser.

`template` writes one line for each student, question and criterion; `load` reads the filled file:
good lines count, each bad line is named by number and reason.
"""

import csv
import math
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

from coursekit.files import write_json
from coursekit.grading.course import CourseError, read_json
from coursekit.grading.intake.roster import read_table
from coursekit.grading.intake.safe_text import safe
from coursekit.grading.marks import gradebook

_COLUMNS = ("student", "question", "criterion", "points", "of", "text", "comment")


def template(course, release, path):
    """Write the form for all hand-marked answers; returns the number of lines."""
    with gradebook.open_book(course) as book:
        students = sorted(gradebook.standing(book, release))
    lines = [
        [student, question, row["id"], "", f"{row['points']:g}", safe(row["text"]), ""]
        for student in students
        for question, criteria in release.rubric.items()
        for row in criteria
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(_COLUMNS)
        writer.writerows(lines)
    return len(lines)


@dataclass
class Loaded:
    """What `load` did: marks stored, answers still incomplete, faults as (line, reason)."""

    stored: int = 0
    incomplete: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def load(course, release, path):
    """Read a filled form into the gradebook; an answer counts when all its criteria have points."""
    report = Loaded()
    with course.lock(), gradebook.open_book(course) as book:
        students = set(gradebook.standing(book, release))
        answers = _answers(_lines(path), release, students, report)
        criteria = read_json(course.criteria(release.slug)) or {}
        for (student, question), (points, comments) in answers.items():
            if set(points) != {row["id"] for row in release.rubric[question]}:
                report.incomplete.append((student, question))
                continue
            comment = "\n".join(comments)
            gradebook.patient(gradebook.give, book, release, student, question, sum(points.values()), comment)
            criteria.setdefault(student, {})[question] = points
            report.stored += 1
        write_json(course.criteria(release.slug), criteria)
        gradebook.patient(gradebook.refresh_lateness, book, release, course)
    return report


def _lines(path):
    header, rows = read_table(path, CourseError)
    missing = {"student", "question", "criterion", "points"} - set(header)
    if missing:
        raise CourseError(
            f"{path}: the columns {', '.join(sorted(missing))} are missing; start from `course marks template`."
        )
    return list(enumerate(rows, 2))


def _answers(lines, release, students, report):
    """{(student, question): ({criterion: points}, [comments])} of the good lines."""
    answers = {}
    for number, row in lines:
        row = {
            name: (text or "").strip()
            for name, text in row.items()
            if isinstance(name, str) and not isinstance(text, list)
        }
        if not row.get("points"):
            continue
        fault = _fault(row, release, students, answers)
        if fault:
            report.faults.append((number, fault))
            continue
        points, comments = answers.setdefault((row["student"], row["question"]), ({}, []))
        points[row["criterion"]] = _number(row["points"])
        if row.get("comment"):
            comments.append(row["comment"])
    return answers


def _fault(row, release, students, answers):
    """The sentence that says why a line cannot count, or None."""
    if row["student"] not in students:
        return f"no graded hand-in of {row['student']!r}"
    criteria = {item["id"]: item["points"] for item in release.rubric.get(row["question"], [])}
    if not criteria:
        return f"{row['question']!r} is not marked by hand"
    if row["criterion"] not in criteria:
        return f"{row['criterion']!r} is not a criterion of {row['question']}"
    if row["criterion"] in answers.get((row["student"], row["question"]), ({},))[0]:
        return "this criterion has points on an earlier line"
    points = _number(row["points"])
    if points is None or not 0 <= points <= criteria[row["criterion"]]:
        return f"points {row['points']!r} must be a number from 0 to {criteria[row['criterion']]:g}"
    return None


def _number(text):
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def marking_page(course, port=8899):
    """Start nbgrader's marking page on this machine only and wait for it; returns (process, address).

    `port` 0 takes a free one. A plain Jupyter server carries it: no notebooks, no terminals.
    """
    course.write_config()
    port, token = port or _free_port(), secrets.token_hex(16)
    line = [
        sys.executable,
        "-m",
        "jupyter_server",
        f"--ServerApp.root_dir={course.root.resolve()}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.open_browser=False",
        "--ServerApp.terminals_enabled=False",
        "--allow-root",
    ]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            line,
            cwd=course.root,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "JUPYTER_TOKEN": token},
        )
        if not _answers_at(port, process):
            process.kill()
            process.wait()
            log.seek(0)
            last = (log.read().strip().splitlines() or ["no reason given"])[-1]
            raise CourseError(f"The marking page did not start on port {port}: {last}")
    return process, f"http://127.0.0.1:{port}/formgrader?token={token}"


def _free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def _answers_at(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.2)
    return False
