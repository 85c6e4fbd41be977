"""What the commands share: options, one way to say an error, a progress bar."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from coursekit.errors import CourseKitError
from coursekit.progress import counted

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
# Every command that can take more than a few seconds, with the words of its counter on stderr.
LONG = {
    "exercise check": "Trying to win points blindly",
    "collect": "Collecting",
    "grade": "Grading",
    "feedback": "Feedback",
    "export": "Marks",
    "analyse": "Analysing",
    "orals": "Oral sheets",
    "demo class": "Made-up hand-ins",
    "data check": "Tables",
    "data archive": "Tables of the archive",
    "data publishers": "Releases",
    "data count-terms": "Texts",
    "live": "Files of Python for the browser",
    "public": "Files",
}
# These say a line for each step instead: their steps differ too much to be counted.
STEPS = ("book build", "book notebooks", "book watch", "data refresh")


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


def progress_bar(command: str) -> Callable[..., Iterator]:
    """The counter of a long command; its words stand in LONG."""
    return counted(LONG[command])


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
