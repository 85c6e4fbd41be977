"""Run the commands of "Grading, step by step" on a made-up class and print what they say, to paste into that page.

    python tests/grading/walk.py FOLDER          # FOLDER: a new one; the class goes to FOLDER/spring

The marks of the made-up markers come from a fixed seed. A printed ``…`` stands for lines left out.
"""

import csv
import os
import random
import shlex
import subprocess
import sys
from pathlib import Path

EXERCISE = "04-burden-sharing"
COMMENT = "Name the figures you rest on, each with its edition."
TIMES = "student,when\ndemo0001,2027-03-01 17:20\ndemo0002,2027-03-02 09:05\ndemo0003,2027-03-05 11:00\n"
CHANCE = random.Random(2027)


def course(folder, line):
    """Run one command of the course and print it with all that it says, as a reader would see it."""
    print(f"$ course {line}", flush=True)
    program = Path(sys.executable).with_name("course")
    ran = subprocess.run(
        [program, *shlex.split(line)],
        cwd=folder,
        env={**os.environ, "COURSE_FOLDER": "spring"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(ran.stdout, flush=True)


def fill(folder, name, only=None, slip=False):
    """Fill the form as a marker would, for all answers or the first `only` lines; slip: with a mistyped copy."""
    with (folder / "spring" / "marks" / f"{EXERCISE}.csv").open(encoding="utf-8", newline="") as stream:
        form = csv.DictReader(stream)
        lines = list(form)[:only]
    for line in lines:
        most = float(line["of"])
        line["points"] = f"{CHANCE.choice((most, most, most, most / 2, 0)):g}"
        line["comment"] = COMMENT if line["question"] == "q6" and line["answer"] else ""
    path = folder / "spring" / "marks" / name
    if slip:
        write(path.with_name("slip.csv"), [*lines[:3], lines[3] | {"points": lines[3]["of"] * 2}, *lines[4:]])
    write(path, lines)


def write(path, lines):
    """Write a form."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def walk(folder):
    """All steps in the page's order."""
    inbox = f"spring/inbox/{EXERCISE}-moodle.zip"
    for line in (
        "doctor",
        "exercise list",
        f"exercise release {EXERCISE} --term 2027-spring --due 2027-03-01T18:00 --late-percent 10 --late-at-most 50",
        f"demo class --students 20 --exercise {EXERCISE} --layout moodle",
        f"collect {EXERCISE} {inbox}",
    ):
        course(folder, line)
    (folder / "submissions.csv").write_text(TIMES)
    for line in (
        f"times {EXERCISE} submissions.csv",
        f"extend {EXERCISE} demo0003 --until 2027-03-08T18:00",
        f"grade {EXERCISE}",
        f"marks template {EXERCISE}",
    ):
        course(folder, line)
    fill(folder, "filled.csv", slip=True)
    course(folder, f"marks load {EXERCISE} spring/marks/slip.csv --marker anna")
    course(folder, f"marks load {EXERCISE} spring/marks/filled.csv --marker anna")
    fill(folder, "ben.csv", only=12)
    for line in (
        f"marks load {EXERCISE} spring/marks/ben.csv --marker ben",
        f"marks compare {EXERCISE}",
        f"orals {EXERCISE}",
        f"grade {EXERCISE}",
        f"feedback {EXERCISE}",
        f"export {EXERCISE} --format moodle",
        "quiz export 04-money --format qti",
        f"analyse {EXERCISE}",
        f"exercise check {EXERCISE}",
    ):
        course(folder, line)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True)
    walk(Path(sys.argv[1]))
