"""What the commands share: options, one way to say an error, a progress bar."""

import functools
import sys
from pathlib import Path

import click

from coursekit.errors import CourseKitError

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
TRUST = click.option(
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
        try:
            return command(*arguments, **options)
        except CourseKitError as fault:
            raise click.ClickException(str(fault)) from None

    return run


class CourseGroup(click.Group):
    """The group of all commands: whatever the course refuses below it becomes one sentence, here and nowhere else."""

    invoke = plain_errors(click.Group.invoke)


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
    """The instructor's folder; refused inside a repository, where students' work would be published."""
    from coursekit.grading.course import Course, CourseError

    inside = next((place for place in (folder.resolve(), *folder.resolve().parents) if (place / ".git").exists()), None)
    if inside:
        raise CourseError(
            f"{folder} lies in the repository {inside}: students' work must not get into it. Choose a folder "
            "elsewhere, "
            "for example with COURSE_FOLDER=~/spring."
        )
    return Course(folder)


def sources_in(sources):
    here = [sources] if sources else [Path("exercises"), Path(__file__).resolve().parents[2] / "exercises"]
    folder = next((path for path in here if path.is_dir()), None)
    if folder is None:
        raise click.ClickException("No folder of exercises was found; name it with --exercises.")
    return folder


def pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """{left: right} of options written as LEFT=RIGHT."""
    for pair in given:
        if "=" not in pair:
            raise click.ClickException(f"{option} {pair!r}: write it as LEFT=RIGHT.")
    return dict(pair.rsplit("=", 1) for pair in given)
