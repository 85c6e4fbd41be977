"""The instructor's commands after grading: feedback, exports, quizzes, a demonstration class."""

from pathlib import Path

import click

from coursekit.cli.marking import analyse, marks, orals
from coursekit.cli.shared import EXERCISE, FOLDER, SOURCES, course_in, pairs, plain_errors, progress_bar, sources_in

_IMPORT = {
    "moodle": "in Moodle, Grades, Import, CSV file; map ID number or Email address to the user.",
    "canvas": "in Canvas, Grades, Import; Canvas shows what will change before it does.",
    "csv": "open it in a spreadsheet; a blank total means that somebody must still mark.",
}


@click.command()
@EXERCISE
@click.option("--only", multiple=True, metavar="STUDENT", help="This student only (may be repeated).")
@FOLDER
@plain_errors
def feedback(exercise, only, folder):
    """Write one feedback page a student, and one zip of them in the layout in which your LMS delivered."""
    from coursekit.grading.marks.feedback import write_all, zip_for
    from coursekit.grading.marks.gradebook import next_after_marks

    course = course_in(folder)
    release = course.release(exercise)
    count = write_all(course, release, only, progress_bar("feedback"))
    path = course.root / "exports" / f"{exercise}-feedback.zip"
    zip_for(course, release, path)
    click.echo(f"{count} pages in {course.root / 'feedback'}.")
    click.echo(
        f"{path} holds them as your LMS takes them back: in Moodle, Submissions, Upload multiple feedback files in a "
        "zip; in Canvas, Upload submissions."
    )
    click.echo(next_after_marks(course, release, f"course export {exercise} --format moodle, or canvas, or csv"))


@click.command()
@EXERCISE
@click.option("--format", "form", type=click.Choice(["csv", "canvas", "moodle"]), required=True)
@click.option("--assignment", default="", help="Canvas: the assignment's column as Canvas exports it, 'Essay (900)'.")
@click.option(
    "--worksheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Moodle: the grading worksheet to fill in, instead of a file for the gradebook's CSV import.",
)
@click.option("--columns", multiple=True, metavar="WHAT=HEADER", help="Headers of a worksheet in another language.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write (default: exports/ in your folder).")
@FOLDER
@plain_errors
def export(exercise, form, assignment, worksheet, columns, out, folder):
    """Write the marks for Canvas, Moodle or a spreadsheet. Who waits for a mark is left out, never set to 0."""
    from coursekit.grading.marks.exports import export as write
    from coursekit.grading.marks.exports import fill_worksheet, rows
    from coursekit.grading.marks.gradebook import next_after_marks

    course = course_in(folder)
    release = course.release(exercise)
    path = out or course.root / "exports" / f"{exercise}-{form}.csv"
    if worksheet and form == "moodle":
        filled, odd = fill_worksheet(
            course, release, worksheet, path, pairs(columns, "--columns"), progress_bar("export")
        )
        for sentence in odd:
            click.echo(sentence, err=True)
        click.echo(f"{filled} marks filled into {path}. Next: in Moodle, Submissions, Upload grading worksheet.")
        table = rows(course, release)
    else:
        table = write(course, release, form, path, assignment, progress_bar("export"))
        waiting = sum(row["total"] is None for row in table)
        click.echo(f"{len(table) - waiting} marks in {path}; {waiting} students without a total are left out or blank.")
        click.echo(next_after_marks(course, release, _IMPORT[form]))
    late = [f"{row['student']} {row['penalty']:g}" for row in table if row["penalty"]]
    if late:
        click.echo(f"Taken off for lateness: {', '.join(late)}. To waive: course extend {exercise} STUDENT --waive")


@click.group()
def quiz():
    """Self-check banks for the LMS."""


@quiz.command("export")
@click.argument("chapter")
@click.option("--format", "form", type=click.Choice(["qti", "moodle"]), required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write (default: CHAPTER.zip or CHAPTER.xml here)."
)
@SOURCES
@plain_errors
def quiz_export(chapter, form, out, sources):
    """Write a chapter's quiz bank as a QTI 1.2 package or Moodle XML (Moodle 4.4 or later)."""
    from coursekit.exercises.quiz_export import export as write
    from coursekit.exercises.quizzes import load_bank

    path = Path(chapter) if chapter.endswith(".yml") else sources_in(sources) / "quizzes" / f"{chapter}.yml"
    bank = load_bank(path)
    target = out or Path(f"{bank.chapter}.{'zip' if form == 'qti' else 'xml'}")
    written = write(bank, form, target)
    click.echo(written.sentence(target))
    for sentence in written.left_out:
        click.echo(sentence)


@click.group()
def demo():
    """Try the whole path without students."""


@demo.command("class")
@click.option("--students", default=40, show_default=True, type=click.IntRange(1, 5000))
@click.option("--exercise", required=True, help="A released exercise.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the hand-ins go (default: inbox/ in your folder).")
@click.option(
    "--layout",
    type=click.Choice(["folders", "moodle", "canvas"]),
    default="folders",
    show_default=True,
    help="How the LMS hands it over: folders, or one zip named as Moodle or Canvas names it.",
)
@FOLDER
@plain_errors
def demo_class(students, exercise, out, layout, folder):
    """Write hand-ins of a made-up class: honest, partial, damaged and hostile."""
    from coursekit.grading.demo import write_class, zip_class

    course = course_in(folder)
    target = out or course.root / "inbox" / exercise
    kinds = write_class(course, course.release(exercise), students, target, progress_bar("demo class"))
    if layout != "folders":
        folders, target = target, target.with_name(f"{exercise}-{layout}.zip")
        zip_class(course, folders, layout, target)
    click.echo(", ".join(f"{number} {kind}" for kind, number in kinds.items()) + f" in {target}.")
    click.echo(f"Next: course collect {exercise} {target}, then course grade {exercise}.")


def register(group: click.Group) -> None:
    """Mount this module's commands on ``group``."""
    for command in (marks, analyse, orals, feedback, export, quiz, demo):
        group.add_command(command)
