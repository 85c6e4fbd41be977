"""The instructor's commands before and during grading: exercises, collecting, grading.

Each command is one call into the package; mistakes end with one sentence and exit status 1.
Exit status 0 means: nothing needs attention.
"""

from collections import Counter
from pathlib import Path

import click

from coursekit.cli.shared import (
    EXERCISE,
    FOLDER,
    SOURCES,
    TRUST,
    course_in,
    pairs,
    plain_errors,
    progress_bar,
    sources_in,
)


def _load(name, sources):
    from coursekit.exercises.release import load

    folder = Path(name) if Path(name, "exercise.md").is_file() else sources_in(sources) / name
    if not (folder / "exercise.md").is_file():
        known = ", ".join(sorted(path.parent.name for path in sources_in(sources).glob("*/exercise.md"))) or "none"
        raise click.ClickException(f"There is no exercise {name!r}; known: {known}.")
    return load(folder)


def _whole(name: str, sources: Path | None):
    """The exercise with its solution and hidden checks; refused in the public edition, which has none."""
    found = _load(name, sources)
    if found.public:
        raise click.ClickException(
            f"{name} is the public edition, without solution and hidden checks: use the instructor's sources."
        )
    return found


@click.group()
def exercise():
    """List, check and release exercises."""


@exercise.command("list")
@SOURCES
@plain_errors
def list_exercises(sources):
    """Show every exercise with its points, minutes and hand-marked points."""
    from coursekit.grading.marks.report import table

    lines = []
    for path in sorted(sources_in(sources).glob("*/exercise.md")):
        found = _load(path.parent, sources)
        by_hand = sum(cell.points for cell in found.cells if cell.kind == "essay")
        lines.append(
            [
                found.slug,
                found.meta["title"],
                found.meta["points"],
                by_hand,
                found.meta["minutes"],
                "yes" if found.meta.get("variants") else "",
            ]
        )
    click.echo(table(["exercise", "title", "points", "by hand", "minutes", "variants"], lines))


@exercise.command("check")
@EXERCISE
@SOURCES
@click.option(
    "--private", type=click.Path(path_type=Path, exists=True), help="Folder with your secret checks and term key."
)
@TRUST
@plain_errors
def check_exercise(exercise, sources, private, trusted):
    """Prove an exercise: the solution gets all points, no blind or foreign answer wins one, wrong answers fail."""
    from coursekit.grading.judge.selfcheck import problems

    found = problems(_whole(exercise, sources), private, trusted, progress_bar("exercise check"))
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        raise click.exceptions.Exit(1)
    click.echo(
        f"{exercise} is ready: solution, empty notebook, wrong and blind answers, variants and typed version behave."
    )


@exercise.command("release")
@EXERCISE
@click.option("--term", required=True, help="The term's name, for example 2027-spring; it decides the variants.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where students' files go (default: release/EXERCISE in your folder).",
)
@click.option("--due", help="Due time, for example 2027-03-01T18:00 (UTC); later hand-ins count as late.")
@click.option(
    "--late-percent", type=click.FloatRange(0, 100), help="Percent of the points taken off for each day late."
)
@click.option("--late-at-most", type=click.FloatRange(0, 100), help="Most percent that lateness takes off.")
@click.option(
    "--private", type=click.Path(path_type=Path, exists=True), help="Folder with your secret checks and term key."
)
@click.option("--yes", is_flag=True, help="Release again although hand-ins were collected.")
@FOLDER
@SOURCES
@plain_errors
def release_exercise(exercise, term, out, due, late_percent, late_at_most, private, yes, folder, sources):
    """Write the students' notebooks and data, and freeze your master copy for the term.

    A second release keeps the due time and the late policy unless you name new ones.
    """
    from coursekit.exercises.release import make, write, write_data
    from coursekit.grading.release import again, policy

    found, course = _whole(exercise, sources), course_in(folder)
    release = policy(course, make(found, term, private), due, late_percent, late_at_most)
    for change in again(course, release):
        click.echo(f"Changes for hand-ins that you have collected: {change}", err=True)
        if not yes:
            raise click.ClickException("Nothing was written. Release again with --yes if that is what you want.")
    paths = write(release, found.folder, out or course.root / "release" / found.slug)
    write_data(release, found.folder, course.root / "released" / f"{found.slug}-data")
    release.save(course.master(found.slug))
    click.echo(
        f"Released {found.slug} for {term}: {release.points:g} points"
        + (f", {len(release.pool)} cases" if release.pool else "")
        + (f", due {release.due} UTC." if release.due else ", no due time.")
    )
    click.echo(f"Give students the folder {paths[0].parent}. Keep {course.master(found.slug)} to yourself.")
    click.echo(f"Next, when they have handed in: course collect {found.slug} INBOX")


@click.command()
@EXERCISE
@click.argument("inbox", type=click.Path(path_type=Path))
@click.option("--who", multiple=True, metavar="LABEL=STUDENT", help="Whose a parcel is, when the report asks.")
@click.option("--choose", multiple=True, metavar="STUDENT=FILE", help="Which notebook to take when several fit.")
@click.option("--case", multiple=True, metavar="STUDENT=typed|own", help="On which numbers to grade a mistyped id.")
@click.option(
    "--worksheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The grading worksheet downloaded from this Moodle assignment: participant numbers and hand-in times.",
)
@FOLDER
@plain_errors
def collect(exercise, inbox, who, choose, case, worksheet, folder):
    """Take hand-ins from INBOX: a folder, or the zip that the LMS gave you."""
    from coursekit.grading.intake.collect import collect as take
    from coursekit.grading.intake.report import ASK, MISSING, UNREADABLE, Decisions
    from coursekit.grading.marks.report import collect_table

    course = course_in(folder)
    decisions = Decisions(pairs(who, "--who"), pairs(choose, "--choose"), pairs(case, "--case"))
    rows = take(course, course.release(exercise), inbox, decisions, worksheet, progress_bar("collect"))
    if odd := [row for row in rows if row.status != "taken"]:
        click.echo(collect_table(odd))
    counts = Counter(row.status for row in rows)
    told = ", ".join(f"{counts[status]} {status}" for status in ("taken", "repaired", UNREADABLE, ASK, MISSING))
    click.echo(f"{told}. Report: {course.root / 'reports' / f'{exercise}-collect-report.csv'}")
    if not any(row.when for row in rows):
        click.echo(
            f"No time of hand-in is known, so nobody is late; `course times {exercise} FILE` reads the LMS's report."
        )
    click.echo(f"Next: course grade {exercise}")
    if counts[UNREADABLE] or counts[ASK]:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--from", "file", required=True, type=click.Path(path_type=Path), help="What the LMS exported, as CSV.")
@click.option("--replace", is_flag=True, help="Replace a roster.csv that is there.")
@FOLDER
@plain_errors
def roster(file, replace, folder):
    """Make roster.csv from the export of Canvas (gradebook), Moodle (participants) or Blackboard (grade centre)."""
    from coursekit.grading.intake.roster import from_export, write

    path = course_in(folder).root / "roster.csv"
    rows = from_export(file)
    if path.exists() and not replace:
        raise click.ClickException(f"{path} exists; run it again with --replace to write it anew.")
    write(path, rows)
    click.echo(f"{len(rows)} students in {path}; for example {rows[0]['student']}: {rows[0]['name']}.")
    click.echo("Next, once an exercise is released and handed in: course collect EXERCISE INBOX")


@click.command("times")
@EXERCISE
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--zone", default="UTC", show_default=True, help="Time zone of times that name none, such as Europe/Paris."
)
@FOLDER
@plain_errors
def hand_in_times(exercise, file, zone, folder):
    """Read when students handed in: from the LMS's report or worksheet, or a CSV with student and when."""
    from coursekit.grading.intake import times
    from coursekit.grading.intake.identity import Class

    course = course_in(folder)
    course.release(exercise)
    found, odd = times.load(file, Class(course.roster()), zone)
    times.keep(course, exercise, found, file.name)
    for sentence in odd:
        click.echo(sentence, err=True)
    click.echo(f"{len(found)} times of hand-in known for {exercise}. Next: course grade {exercise}")


@click.command()
@EXERCISE
@click.argument("student")
@click.option("--until", help="The student's own due time (UTC), for example 2027-03-08T18:00.")
@click.option("--waive", is_flag=True, help="Take nothing off for lateness.")
@FOLDER
@plain_errors
def extend(exercise, student, until, waive, folder):
    """Give one student more time, or waive the penalty for lateness."""
    from coursekit.grading.intake import times

    course = course_in(folder)
    course.release(exercise)
    if bool(until) == waive or (until and times.parse(until) is None):
        raise click.ClickException("Give either --until with a time such as 2027-03-08T18:00, or --waive.")
    if course.roster() and student not in course.roster():
        raise click.ClickException(f"There is no student {student!r} in {course.root / 'roster.csv'}.")
    times.extend(course, exercise, student, times.WAIVED if waive else times.parse(until).isoformat(" "))
    click.echo(f"{student}: {'no penalty' if waive else f'due {until} UTC'}. Next: course grade {exercise}")


@click.command()
@EXERCISE
@click.option("--workers", type=click.IntRange(1, 256), help="Hand-ins at a time (default: the machine's cores).")
@click.option("--scheduler", help="A Dask scheduler's address (tcp://…) to grade on a cluster.")
@click.option("--only", multiple=True, metavar="STUDENT", help="Grade this student only (may be repeated).")
@click.option("--regrade", is_flag=True, help="Grade again even what has not changed.")
@click.option("--limit-seconds", type=click.IntRange(1, 600), help="Longest time of one cell.")
@click.option("--limit-mb", type=click.IntRange(200, 64000), help="Most memory of a hand-in, in megabytes.")
@TRUST
@FOLDER
@plain_errors
def grade(exercise, workers, scheduler, only, regrade, limit_seconds, limit_mb, trusted, folder):
    """Grade what was collected. Safe to stop and run again: nothing is lost or repeated."""
    from coursekit.grading.marks import exports, report
    from coursekit.grading.run import grade as run

    course = course_in(folder)
    if trusted:
        click.echo("WARNING: --trust-students: student code ran WITHOUT isolation on this machine.", err=True)
    limits = {name: value for name, value in (("seconds", limit_seconds), ("megabytes", limit_mb)) if value}
    summary = run(
        course,
        exercise,
        workers=workers,
        scheduler=scheduler,
        only=only,
        regrade=regrade,
        limits=limits,
        trusted=trusted,
        progress=progress_bar("grade"),
    )
    click.echo(report.marks_table(exports.rows(course, course.release(exercise))))
    for student, reason in summary.attention:
        click.echo(f"{student}: {reason}", err=True)
    last = summary.line() + ("; run without isolation" if trusted else "")
    click.echo(last + "".join(f". Next: course {words}" for words in summary.next(exercise)))
    if summary.attention or summary.counts["waiting"]:
        raise click.exceptions.Exit(1)


@click.command()
@FOLDER
@plain_errors
def doctor(folder):
    """Is this machine ready to grade? Names what is missing here and how to get it."""
    from coursekit.grading.course import Course
    from coursekit.grading.doctor import examine

    bad = 0
    for finding in examine(Course(folder)):
        click.echo(f"{'ok  ' if finding.good else 'TO DO'} {finding.text}")
        bad += not finding.good
        if finding.cure:
            click.echo(f"      {finding.cure}")
    click.echo("Ready to grade." if not bad else f"{bad} things to do before grading.")
    if bad:
        raise click.exceptions.Exit(1)


def register(group: click.Group) -> None:
    """Mount this module's commands on ``group``."""
    for command in (doctor, exercise, roster, collect, hand_in_times, extend, grade):
        group.add_command(command)
