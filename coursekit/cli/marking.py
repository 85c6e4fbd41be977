"""The instructor's commands for marks by hand: the form, the marking desk, the markers compared, the analysis."""

from pathlib import Path

import click

from coursekit.cli.shared import EXERCISE, FOLDER, course_in, plain_errors, progress_bar

MARKER = click.option(
    "--marker",
    default="marker",
    show_default=True,
    metavar="NAME",
    help="Who marks: each marker's points are kept apart. The name `settled` overrules the others.",
)


@click.group()
def marks():
    """Marks given by hand: the marking desk in the browser, or a form to fill in."""


@marks.command("template")
@EXERCISE
@click.option("--out", type=click.Path(path_type=Path), help="The CSV file to write (default: marks/EXERCISE.csv).")
@click.option("--named", is_flag=True, help="Students' ids instead of the numbers of the marking desk.")
@FOLDER
@plain_errors
def marks_template(exercise, out, named, folder):
    """Write a CSV with one line a hand-in and criterion, and the answers; fill in the points."""
    from coursekit.grading.marks.rubric import template

    course = course_in(folder)
    path = out or course.root / "marks" / f"{exercise}.csv"
    if path.exists():
        raise click.ClickException(f"{path} exists; choose another name with --out so that no marks are lost.")
    click.echo(f"{template(course, course.release(exercise), path, named)} lines in {path}.")
    click.echo(f"Next, when the points are filled in: course marks load {exercise} {path}")


@marks.command("load")
@EXERCISE
@click.argument("file", type=click.Path(path_type=Path))
@MARKER
@click.option("--replace", is_flag=True, help="Let the file change points that this marker gave before.")
@FOLDER
@plain_errors
def marks_load(exercise, file, marker, replace, folder):
    """Read the filled CSV of a marker; bad lines are named, good lines count, nothing is overwritten in silence."""
    from coursekit.grading.marks.gradebook import next_after_marks
    from coursekit.grading.marks.rubric import load

    course = course_in(folder)
    release = course.release(exercise)
    done = load(course, release, file, marker, replace)
    for number, reason in done.faults:
        click.echo(f"{file}, line {number}: {reason}.", err=True)
    for student, question in done.incomplete:
        click.echo(f"{student}, {question}: not every criterion has points; not stored.", err=True)
    for student, question in done.conflicts:
        click.echo(f"{student}, {question}: {marker} gave other points before; they stay.", err=True)
    if done.conflicts:
        click.echo("Is this another marker's file? Give --marker NAME. To change these points: --replace", err=True)
    click.echo(
        f"{done.stored} answers marked, lines refused: {len(done.faults)}, "
        f"hand-ins not wholly marked: {len(done.incomplete)}."
    )
    if done.faults or done.incomplete or done.conflicts:
        raise click.exceptions.Exit(1)
    click.echo(next_after_marks(course, release, f"course feedback {exercise}"))


@marks.command("page")
@EXERCISE
@click.option("--port", default=8899, show_default=True, help="0 takes a free one.")
@MARKER
@click.option("--named", is_flag=True, help="Show names; without it every hand-in has a number only.")
@FOLDER
@plain_errors
def marks_page(exercise, port, marker, named, folder):
    """Open the marking desk on this computer; every change is saved at once. Stop it with Ctrl-C."""
    from coursekit.grading.marks.desk import open_desk

    course = course_in(folder)
    desk = open_desk(course, course.release(exercise), port=port, marker=marker, named=named)
    click.echo(f"Marking desk: {desk.address}\nStop it with Ctrl-C.")
    desk.serve()
    click.echo(desk.last_word())


@marks.command("compare")
@EXERCISE
@click.option(
    "--out", type=click.Path(path_type=Path), help="The CSV file to write (default: reports/ in your folder)."
)
@FOLDER
@plain_errors
def marks_compare(exercise, out, folder):
    """Write a CSV of all markers' points, criterion by criterion, with the differences."""
    from coursekit.grading.marks.compare import comparison, write

    course = course_in(folder)
    path = out or course.root / "reports" / f"{exercise}-markers.csv"
    table = comparison(course, course.release(exercise))
    write(path, table)
    apart = sum(bool(row.difference) for row in table.rows)
    click.echo(f"{len(table.rows)} criteria in {path}; markers differ on {apart}.")
    if apart:
        click.echo(f"Next, to settle them: course marks page {exercise} --marker settled")


@click.command()
@EXERCISE
@click.option("--out", type=click.Path(path_type=Path), help="The page to write (default: reports/ in your folder).")
@FOLDER
@plain_errors
def analyse(exercise, out, folder):
    """Write an item analysis of a graded class: difficulty, discrimination, wrong answers, agreement of markers."""
    from coursekit.grading.marks.analysis import analysis
    from coursekit.grading.marks.report_page import write_csv, write_page

    course = course_in(folder)
    release = course.release(exercise)
    page = out or course.root / "reports" / f"{exercise}-analysis.html"
    found = analysis(course, release, progress_bar("analyse"))
    write_page(page, found)
    write_csv(page.with_suffix(".csv"), found)
    click.echo(f"{found.students} hand-ins, {len(found.items)} questions, checks and criteria in {page} and its CSV.")


@click.command()
@EXERCISE
@click.option("--out", type=click.Path(path_type=Path), help="The page to write (default: reports/ in your folder).")
@click.option("--only", multiple=True, metavar="STUDENT", help="A sheet for this student only (may be repeated).")
@click.option("--anonymous", "hidden", is_flag=True, help="Numbers of the marking desk instead of names.")
@FOLDER
@plain_errors
def orals(exercise, out, only, hidden, folder):
    """Write a page to print: for each student three questions on the own hand-in, with what a good answer says."""
    from coursekit.grading.orals import sheets, write_page

    course = course_in(folder)
    release = course.release(exercise)
    found = sheets(course, release, only, hidden, progress_bar("orals"))
    page = out or course.root / "reports" / f"{exercise}-orals.html"
    write_page(page, release, found)
    click.echo(f"{len(found)} sheets of three questions, two minutes each, in {page}. Print it.")
    if not found:
        raise click.ClickException(f"No such hand-in is graded; first: course grade {exercise}")
