"""The instructor's commands: exercises, collecting, grading, marks, feedback, exports, a demonstration class.

`register(group)` mounts them on the `course` command. Each command is one call into the package;
mistakes end with one sentence and exit status 1. Exit status 0 means: nothing needs attention.
"""

import functools
import sys
from pathlib import Path

import click

FOLDER = click.option(
    "--folder",
    "-C",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("."),
    envvar="COURSE_FOLDER",
    show_default="this folder",
    help="Your course folder, outside the repository: hand-ins, gradebook and reports live there.",
)
SOURCES = click.option(
    "--exercises",
    "sources",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder with the exercises' sources (default: exercises/ here or in the course's repository).",
)
_TRUST = click.option(
    "--trust-students",
    "trusted",
    is_flag=True,
    help="Run student code WITHOUT isolation. Only where you would run it yourself.",
)
EXERCISE = click.argument("exercise", metavar="EXERCISE")


def plain_errors(command):
    """Turn the package's own errors into one sentence on the terminal."""

    @functools.wraps(command)
    def run(*arguments, **options):
        from .exercises.cells import SourceError
        from .exercises.quizzes import QuizError
        from .grading.check import CheckError
        from .grading.course import CourseError
        from .grading.inbox import InboxError
        from .grading.room import SandboxError

        try:
            return command(*arguments, **options)
        except (SourceError, QuizError, CheckError, CourseError, InboxError, SandboxError) as fault:
            raise click.ClickException(str(fault)) from None

    return run


def register(group):
    """Add every command of this module to a click group."""
    from . import cli_returns

    for command in (exercise, collect, grade):
        group.add_command(command)
    for command in (cli_returns.marks, cli_returns.feedback, cli_returns.export, cli_returns.quiz, cli_returns.demo):
        group.add_command(command)


def progress_bar(label):
    """A walker over items that draws a progress bar when the output is a terminal."""

    def walk(items, length=None):
        items = items if length is not None else list(items)
        if not sys.stderr.isatty():
            yield from items
            return
        with click.progressbar(items, label=label, length=length, file=sys.stderr) as bar:
            yield from bar

    return walk


def course_in(folder):
    from .grading.course import Course

    return Course(folder)


def sources_in(sources):
    here = [sources] if sources else [Path("exercises"), Path(__file__).resolve().parent.parent / "exercises"]
    folder = next((path for path in here if path.is_dir()), None)
    if folder is None:
        raise click.ClickException("No folder of exercises was found; name it with --exercises.")
    return folder


def _load(name, sources):
    from .exercises.release import load

    folder = Path(name) if Path(name, "exercise.md").is_file() else sources_in(sources) / name
    if not (folder / "exercise.md").is_file():
        known = ", ".join(sorted(path.parent.name for path in sources_in(sources).glob("*/exercise.md"))) or "none"
        raise click.ClickException(f"There is no exercise {name!r}; known: {known}.")
    return load(folder)


@click.group()
def exercise():
    """List, check and release exercises."""


@exercise.command("list")
@SOURCES
@plain_errors
def list_exercises(sources):
    """Show every exercise with its points, minutes and hand-marked points."""
    from .grading.report import table

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
@_TRUST
@plain_errors
def check_exercise(exercise, sources, private, trusted):
    """Prove an exercise: the solution gets all points, the empty notebook none, wrong answers fail."""
    from .grading.selfcheck import problems

    found = problems(_load(exercise, sources), private, trusted)
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"{exercise} is ready: solution, empty notebook, wrong answers, variants and typed version behave.")


@exercise.command("release")
@EXERCISE
@click.option("--term", required=True, help="The term's name, for example 2027-spring; it decides the variants.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where students' files go (default: release/EXERCISE in your folder).",
)
@click.option("--due", default="", help="Due time, for example 2027-03-01T18:00 (UTC); later hand-ins count as late.")
@click.option(
    "--private", type=click.Path(path_type=Path, exists=True), help="Folder with your secret checks and term key."
)
@FOLDER
@SOURCES
@plain_errors
def release_exercise(exercise, term, out, due, private, folder, sources):
    """Write the students' notebooks and data, and freeze your master copy for the term."""
    from .exercises.release import make, write, write_data
    from .grading.gradebook import parse_time

    if due and parse_time(due) is None:
        raise click.ClickException(f"--due {due!r} is not a time such as 2027-03-01T18:00.")
    found, course = _load(exercise, sources), course_in(folder)
    release = make(found, term, private, due)
    paths = write(release, found.folder, out or course.root / "release" / found.slug)
    write_data(release, found.folder, course.root / "released" / f"{found.slug}-data")
    release.save(course.master(found.slug))
    click.echo(
        f"Released {found.slug} for {term}: {release.points:g} points"
        + (f", {len(release.pool)} cases." if release.pool else ".")
    )
    click.echo(f"Give students the folder {paths[0].parent}. Keep {course.master(found.slug)} to yourself.")


@click.command()
@EXERCISE
@click.argument("inbox", type=click.Path(path_type=Path))
@click.option("--choose", multiple=True, metavar="STUDENT=FILE", help="Which notebook to take when several fit.")
@FOLDER
@plain_errors
def collect(exercise, inbox, choose, folder):
    """Take hand-ins from INBOX: a folder, or the zip that Canvas or Moodle gave you."""
    from .grading.collect import ASK, MISSING, UNREADABLE
    from .grading.collect import collect as take
    from .grading.report import collect_table

    course = course_in(folder)
    chosen = dict(pair.split("=", 1) for pair in choose if "=" in pair)
    rows = take(course, course.release(exercise), inbox, chosen, progress_bar("Collecting"))
    odd = [row for row in rows if row.status != "taken"]
    if odd:
        click.echo(collect_table(odd))
    counts = {
        status: sum(row.status == status for row in rows) for status in ("taken", "repaired", UNREADABLE, ASK, MISSING)
    }
    click.echo(
        ", ".join(f"{number} {status}" for status, number in counts.items())
        + f". Report: {course.root / 'reports' / f'{exercise}-collect-report.csv'}"
    )
    if counts[UNREADABLE] or counts[ASK]:
        raise click.exceptions.Exit(1)


@click.command()
@EXERCISE
@click.option("--workers", type=click.IntRange(1, 256), help="Hand-ins at a time (default: the machine's cores).")
@click.option("--scheduler", help="A Dask scheduler's address (tcp://…) to grade on a cluster.")
@click.option("--only", multiple=True, metavar="STUDENT", help="Grade this student only (may be repeated).")
@click.option("--regrade", is_flag=True, help="Grade again even what has not changed.")
@click.option("--limit-seconds", type=click.IntRange(1, 600), help="Longest time of one cell.")
@click.option("--limit-mb", type=click.IntRange(200, 64000), help="Most memory of a hand-in, in megabytes.")
@_TRUST
@FOLDER
@plain_errors
def grade(exercise, workers, scheduler, only, regrade, limit_seconds, limit_mb, trusted, folder):
    """Grade what was collected. Safe to stop and run again: nothing is lost or repeated."""
    from .grading import exports, report
    from .grading.grading import grade as run

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
        progress=progress_bar("Grading"),
    )
    click.echo(report.marks_table(exports.rows(course, course.release(exercise))))
    for student, reason in summary.attention:
        click.echo(f"{student}: {reason}", err=True)
    click.echo(summary.line() + ("; run without isolation" if trusted else ""))
    if summary.attention or summary.counts["waiting"]:
        raise click.exceptions.Exit(1)
