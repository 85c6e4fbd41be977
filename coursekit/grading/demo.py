"""A made-up class for trying the whole path: honest, partial, damaged and hostile hand-ins.

`write_class(course, release, students, out)` writes one folder a student into `out` and a
roster.csv into the course folder (when there is none). The same arguments give the same class.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Container
from pathlib import Path

from coursekit.exercises.release import Release, notebook, stub
from coursekit.files import write_bytes
from coursekit.grading.course import Course
from coursekit.grading.intake.identity import letters
from coursekit.grading.judge.selfcheck import solved
from coursekit.progress import Progress

ESSAYS = (
    "The two largest shares belong to different kinds of states. One spends more because it has more output; "
    "the other spends a larger part of less. The numbers show effort, not what it buys.",
    "A share of output compares effort. It says nothing about what the money pays for, about the risks a state "
    "faces, or about help that is not money.",
    "In the last year most shares rose. Three years are too short for a trend, and exchange rates move the totals.",
)

HOSTILE = {
    "prints endlessly": "while True:\n    print('x' * 1_000_000)",
    "ends the process": "import os\nos._exit(0)",
    "fills the memory": "block = []\nwhile True:\n    block.append(bytearray(50_000_000))",
    "starts processes": "import os\nwhile True:\n    os.fork()",
    "looks for the network": "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=2)",
    "looks for the gradebook": (
        "import pathlib\nfound = list(pathlib.Path('/').rglob('gradebook.db'))\n"
        "print(found)\nassert found, 'no gradebook here'"
    ),
    "replaces assert tools": (
        "import builtins\nbuiltins.AssertionError = Exception\nclose = same_table = encodes = lambda *a, **k: True"
    ),
    "ignores the clock": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    pass",
}

SHARES = (("honest", 0.55), ("partial", 0.15), ("damaged", 0.2), ("hostile", 0.1))


def write_class(
    course: Course, release: Release, students: int, out: Path, progress: Progress = iter
) -> dict[str, int]:
    """Write the class; returns {kind: number}."""
    kinds = _kinds(students)
    out.mkdir(parents=True, exist_ok=True)
    names, counts = [], {}
    for number, kind in enumerate(progress(kinds), 1):
        student = f"demo{number:04d}"
        names.append((student, f"Student {number}"))
        counts[kind] = counts.get(kind, 0) + 1
        _WRITERS[kind](release, student, counts[kind] - 1, out)
    _write_roster(course, names)
    return counts


LAYOUTS = {
    "moodle": lambda number, name, file: f"{name}_{400 + number}_assignsubmission_file/{file}",
    "canvas": lambda number, name, file: f"{letters(name)}_{7000 + number}_{90000 + number}_{file}",
}


def zip_class(course: Course, folder: Path, layout: str, path: Path) -> int:
    """Pack the folders of a class as Moodle or Canvas hands them over; returns the number of files."""
    people = {student: row["name"] for student, row in course.roster().items()}
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            student, name = file.relative_to(folder).parts[0], file.name
            number = int("".join(filter(str.isdigit, student)) or 0)
            archive.writestr(LAYOUTS[layout](number, people.get(student, student), name), file.read_bytes())
    write_bytes(path, out.getvalue())
    return len(files)


def _kinds(students):
    """One kind a student in shares of SHARES, mixed the same way each time."""
    kinds = [kind for kind, share in SHARES[1:] for _ in range(round(share * students))][:students]
    kinds += ["honest"] * (students - len(kinds))
    random.Random(students).shuffle(kinds)
    return kinds


def _write_roster(course, names):
    path = course.root / "roster.csv"
    if path.exists():
        return
    course.root.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("student", "name"), *names])


def worked(release: Release, student: str, number: int = 0, skip: Container[str] = ()) -> dict:
    """The notebook of a student who solved every question not in `skip`."""
    content = solved(release, skip=skip)
    for cell in content["cells"]:
        if cell["id"] == "student-id":
            cell["source"] = f'STUDENT_ID = "{student}"'
        elif cell["cell_type"] == "markdown" and cell["id"].startswith("answer-"):
            cell["source"] = cell["source"].splitlines()[0] + "\n" + ESSAYS[number % len(ESSAYS)]
        elif cell["id"].startswith("answer-") and cell["id"].removeprefix("answer-") not in skip:
            cell["source"] = f"# Your answer to {cell['id'].removeprefix('answer-')}. Keep this line.\n{cell['source']}"
    return content


def _put(out, student, name, body):
    path = out / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode())


def _honest(release, student, number, out):
    _put(out, student, f"{release.slug}.ipynb", worked(release, student, number))


def _partial(release, student, number, out):
    questions = [cell["question"] for cell in release.of_kind("answer")]
    skip = {questions[number % len(questions)], questions[(number * 2 + 1) % len(questions)]}
    _put(out, student, f"{release.slug}.ipynb", worked(release, student, number, skip))


def _damaged(release, student, number, out):
    damage = _DAMAGES[number % len(_DAMAGES)]
    damage(release, student, worked(release, student, number), out)


def _hostile(release, student, number, out):
    content = worked(release, student, number)
    attack = list(HOSTILE.values())[number % len(HOSTILE)]
    answers = [cell for cell in content["cells"] if cell["id"].startswith("answer-") and cell["cell_type"] == "code"]
    target = answers[number % len(answers)]
    target["source"] = target["source"].splitlines()[0] + "\n" + attack
    _put(out, student, f"{release.slug}.ipynb", content)


def _cut(release, student, content, out):
    _put(out, student, f"{release.slug}.ipynb", json.dumps(content).encode()[:-700])


def _renamed(release, student, content, out):
    _put(out, student, "my homework FINAL (2).ipynb", content)


def _no_file(release, student, content, out):
    _put(out, student, "notes.txt", b"I could not upload my notebook.")


def _lost_names(release, student, content, out):
    for cell in content["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    _put(out, student, f"{release.slug}.ipynb", content)


def _lost_cells(release, student, content, out):
    content["cells"] = [cell for cell in content["cells"] if not cell["id"].startswith(("check-", "text-"))]
    _put(out, student, f"{release.slug}.ipynb", content)


def _doubled(release, student, content, out):
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"].startswith("answer-"))
    first = dict(content["cells"][place])
    answer = release.of_kind("answer")[0]
    first["source"] = stub(release, answer)
    content["cells"].insert(place, first)
    _put(out, student, f"{release.slug}.ipynb", content)


def _two_files(release, student, content, out):
    _put(out, student, f"{release.slug}.ipynb", content)
    _put(
        out,
        student,
        f"{release.slug}-copy.ipynb",
        worked(release, student, 1, {release.of_kind("answer")[0]["question"]}),
    )


def _blank(release, student, content, out):
    _put(out, student, f"{release.slug}.ipynb", notebook(release))


_DAMAGES = (_cut, _renamed, _no_file, _lost_names, _lost_cells, _doubled, _two_files, _blank)
_WRITERS = {"honest": _honest, "partial": _partial, "damaged": _damaged, "hostile": _hostile}
