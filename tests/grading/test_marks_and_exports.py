"""Marks by hand, late penalties, exports, feedback pages."""

import csv
import dataclasses
import json
import subprocess
import sys
import zipfile

import pytest

from coursekit.grading.course import CourseError
from coursekit.grading.intake import times
from coursekit.grading.intake.collect import collect
from coursekit.grading.marks import exports, feedback, gradebook
from coursekit.grading.marks import rubric as marks

from .conftest import SLUG, answer, grade, put

ROSTER = 'student,name,email,canvas\nann,"Ash, =1+1",ann@uni.example,1201\nben,"=HYPERLINK(""http://x"")",,1202\ncat,@SUM(A1),,1203\n'


@pytest.fixture
def graded(course, release, tmp_path, honest):
    """Three students on the roster: ann honest, ben with a wrong q1, cat handed in rubbish."""
    (course.root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    put(tmp_path / "in", "ann", honest("ann"))
    put(tmp_path / "in", "ben", answer(honest("ben"), "q1", "share = 50"))
    put(tmp_path / "in", "cat", b"=cmd|' /C calc'!A0")
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=2)
    return course


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def form(tmp_path, text):
    path = tmp_path / "marks.csv"
    path.write_text("student,question,criterion,points,comment\n" + text, encoding="utf-8")
    return path


GOOD = 'ann,q4,claim,2,Clear.\nann,q4,limits,"1,5",\nann,q4,language,1,Well put <b>!</b>\n'
BAD = {
    "eve,q4,claim,1,": "line 2: no graded hand-in of 'eve'",
    "ann,q1,claim,1,": "line 2: 'q1' is not marked by hand",
    "ann,q4,style,1,": "line 2: 'style' is not a criterion of q4",
    "ann,q4,claim,3,": "line 2: points '3' must be a number from 0 to 2",
    "ann,q4,claim,-1,": "must be a number",
    "ann,q4,claim,many,": "must be a number",
    "ann,q4,claim,nan,": "must be a number",
    "ann,q4,claim,1e999,": "must be a number",
    "cat,q4,claim,1,": "no graded hand-in of 'cat'",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_row_is_named_and_the_good_rows_load(graded, release, tmp_path, line):
    done = marks.load(graded, release, form(tmp_path, line + "\n" + GOOD))
    assert done.stored == 1 and BAD[line] in "; ".join(f"line {number}: {reason}" for number, reason in done.faults)
    row = next(row for row in exports.rows(graded, release) if row["student"] == "ann")
    assert row["questions"]["q4"] == 4.5 and row["total"] == 15.5


def test_a_criterion_twice_and_a_criterion_missing(graded, release, tmp_path):
    done = marks.load(graded, release, form(tmp_path, GOOD + "ann,q4,claim,1,\nben,q4,claim,2,\n"))
    assert done.faults == [(5, "this criterion has points on an earlier line")] and done.incomplete == [("ben", "q4")]


@pytest.mark.parametrize("body, message", [(b"a,b\n1,2\n", "the columns"), (b"\xff\xfe\x00", "not a CSV file")])
def test_a_file_that_is_no_form(graded, release, tmp_path, body, message):
    (tmp_path / "x.csv").write_bytes(body)
    with pytest.raises(CourseError, match=message):
        marks.load(graded, release, tmp_path / "x.csv")


def test_template_has_a_line_for_each_criterion_and_the_answer(graded, release, tmp_path):
    assert marks.template(graded, release, tmp_path / "t.csv", named=True) == 6
    header, *lines = read(tmp_path / "t.csv")
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    assert {row["student"] for row in rows} == {"ann", "ben"}
    assert [bool(row["answer"]) for row in rows] == [True, False, False] * 2
    assert rows[0]["answer"].startswith("The two largest shares")


def test_a_template_without_names_loads_again(graded, release, tmp_path):
    path = tmp_path / "t.csv"
    marks.template(graded, release, path)
    assert "ann" not in {row[0] for row in read(path)} and '"Hand-in 1"' in path.read_text(encoding="utf-8")
    filled = [[*row[:3], row[3] or "1", *row[4:]] for row in read(path)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(filled)
    assert marks.load(graded, release, path).stored == 2
    assert next(row for row in exports.rows(graded, release) if row["student"] == "ann")["questions"]["q4"] == 3


def test_a_second_file_never_overwrites_in_silence(graded, release, tmp_path):
    other = GOOD.replace("claim,2", "claim,1")
    marks.load(graded, release, form(tmp_path, GOOD), "anna")
    done = marks.load(graded, release, form(tmp_path, other), "anna")
    assert done.conflicts == [("ann", "q4")] and done.stored == 0
    assert marks.load(graded, release, form(tmp_path, GOOD), "anna").stored == 1, "the same file again is no conflict"
    assert marks.load(graded, release, form(tmp_path, other), "ben").stored == 1

    def ann():
        return next(row for row in exports.rows(graded, release) if row["student"] == "ann")["questions"]["q4"]

    assert ann() == 4.5
    assert marks.load(graded, release, form(tmp_path, other), "anna", replace=True).stored == 1
    assert ann() == 3.5


COLUMN = "Essay on shares (900)"


@pytest.mark.parametrize("kind", exports.FORMATS)
def test_exports_are_quoted_safe_and_hold_no_total_before_marking(graded, release, tmp_path, kind):
    """A blank clears a score in Canvas and Moodle: there, who waits has no row."""
    path = tmp_path / f"{kind}.csv"
    exports.export(graded, release, kind, path, COLUMN)
    assert all(line.startswith('"') for line in path.read_text(encoding="utf-8").splitlines())
    first = {"csv": 1, "canvas": 2, "moodle": 1}[kind]
    place = {"csv": read(path)[0].index("total") if kind == "csv" else 0, "canvas": 5, "moodle": 3}[kind]
    assert [row[place] for row in read(path)[first:]] == (["", "", ""] if kind == "csv" else [])
    marks.load(graded, release, form(tmp_path, GOOD))
    exports.export(graded, release, kind, path, COLUMN)
    rows = read(path)
    for row in rows[1:]:
        assert not [cell for cell in row if cell[:1] in "=+-@|%" and cell], row
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row[place] for row in rows[first:]] == (["15.5", "", ""] if kind == "csv" else ["15.5"])


def test_statuses_and_headers(graded, release, tmp_path):
    """The headers and ids that the importers of Canvas and Moodle look for."""
    exports.export(graded, release, "csv", tmp_path / "a.csv")
    header, *rows = read(tmp_path / "a.csv")
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert found["ann"]["status"] == "waiting" and found["cat"]["status"] == "unreadable"
    assert found["ann"]["q4"] == "" and found["ann"]["q1"] == "4" and found["cat"]["q1"] == ""
    marks.load(graded, release, form(tmp_path, GOOD))
    exports.export(graded, release, "canvas", tmp_path / "b.csv", COLUMN)
    rows = read(tmp_path / "b.csv")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", COLUMN]
    assert rows[1][0] == "    Points Possible" and rows[1][5] == "16" and rows[2][1:3] == ["1201", "ann"]
    with pytest.raises(CourseError, match="--assignment"):
        exports.export(graded, release, "canvas", tmp_path / "c.csv")
    exports.export(graded, release, "moodle", tmp_path / "d.csv")
    rows = read(tmp_path / "d.csv")
    assert rows[0] == ["ID number", "Full name", "Email address", release.title, "Late penalty", "Feedback"]
    assert rows[1][0] == "ann" and "Well put" in rows[1][5] and "repaired" not in rows[1][5]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("maximum, wanted", [("16", "15.5"), ("100.00", "96.88"), ("10,0", "9.69")])
def test_a_moodle_worksheet_is_filled_in(graded, release, tmp_path, mark, maximum, wanted):
    marks.load(graded, release, form(tmp_path, GOOD))
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
              "Last modified (grade)", "Feedback comments"]  # fmt: skip
    people = [("Participant 7", "Ann Ash", "ANN@uni.example"), ("Participant 8", "Somebody Else", "else@uni.example")]
    lines = [header, *([*who, "Submitted", "11", maximum, "-", "old"] for who in people)]
    sheet, out = tmp_path / "sheet.csv", tmp_path / "out.csv"
    sheet.write_text("\ufeff" + "\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines), encoding="utf-8")
    filled, odd = exports.fill_worksheet(graded, release, sheet, out)
    assert filled == 1 and len(odd) == 1 and "line 3" in odd[0]
    rows = read(out)
    assert rows[0] == header and rows[2] == lines[2]
    assert rows[1][4] == wanted and "Well put" in rows[1][7] and rows[1][:3] == list(people[0])


@pytest.mark.parametrize(
    "name, wanted",
    [
        ("ashann_1201_900001_90-sharing.ipynb", "ashann_1201_900001_90-sharing-feedback.html"),
        ("Ann Ash_77_assignsubmission_file/x.ipynb", f"Ann Ash_77_assignsubmission_file/{SLUG}-feedback.html"),
        (f"ann/{SLUG}.ipynb", f"ann/{SLUG}-feedback.html"),
    ],
)
def test_feedback_goes_back_in_the_layout_in_which_work_came(course, release, tmp_path, honest, name, wanted):
    """Names that Moodle's and Canvas's own importers read: the number of each student where they look for it."""
    (course.root / "roster.csv").write_text("student,name,canvas\nann,Ann Ash,1201\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(name, json.dumps(honest("ann")))
    collect(course, release, tmp_path / "in.zip")
    grade(course, SLUG, workers=1)
    feedback.write_all(course, release)
    assert feedback.zip_for(course, release, tmp_path / "out.zip") == 1
    assert zipfile.ZipFile(tmp_path / "out.zip").namelist() == [wanted]


def test_feedback_pages(graded, release, tmp_path):
    marks.load(graded, release, form(tmp_path, GOOD))
    assert feedback.write_all(graded, release) == 2
    ann, ben = (graded.feedback(SLUG, student).read_text(encoding="utf-8") for student in ("ann", "ben"))
    assert "15.5 of 16 points" in ann and "Well put &lt;b&gt;" in ann and ann.count("data:image/png;base64,") == 1
    assert "A share of output in per cent lies between 0 and 10 here." in ben
    assert "Some answers still wait" in ben and "key.share" not in ann + ben and "default-src &#" not in ann


def test_points_of_each_criterion_stand_in_the_feedback_while_they_add_up(graded, release, tmp_path):
    def ann():
        feedback.write_all(graded, release, only=["ann"])
        return graded.feedback(SLUG, "ann").read_text(encoding="utf-8")

    assert " of 2)" not in ann()
    marks.load(graded, release, form(tmp_path, GOOD))
    page = ann()
    assert "(2 of 2)" in page and "(1.5 of 2)" in page and "(1 of 1)" in page
    with gradebook.open_book(graded) as book:
        gradebook.give(book, release, "ann", "q4", 3, "seen on the marking page")
    page = ann()
    assert "3 of " in page and "1.5 of" not in page


def test_names_in_feedback_are_set_as_code(course, release, tmp_path, honest):
    put(tmp_path / "in", "dee", answer(honest("dee"), "q1", "raise ValueError('`<b>`')"))
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=1)
    feedback.write_all(course, release)
    page = course.feedback(SLUG, "dee").read_text(encoding="utf-8")
    assert "<code>share</code> is not defined" in page and "ValueError: `&lt;b&gt;`" in page


def test_lateness_takes_points_off(course, release, tmp_path, honest):
    late = dataclasses.replace(release, late={"percent_per_day": 10, "at_most": 30})
    late.save(course.master(SLUG))
    for student in ("ann", "ben", "cat"):
        put(tmp_path / "in", student, honest(student))
    collect(course, late, tmp_path / "in")
    grade(course, SLUG, workers=1)
    stamps = {"ann": "2027-03-01 17:59:00", "ben": "2027-03-02 19:00:00", "cat": "2027-05-01 00:00:00"}
    times.keep(course, SLUG, stamps, "a report of the LMS")
    path = form(tmp_path, "".join(GOOD.replace("ann", student) for student in ("ann", "ben", "cat")))
    assert marks.load(course, late, path).stored == 3
    found = {row["student"]: (row["penalty"], row["total"]) for row in exports.rows(course, late)}
    assert found == {"ann": (0, 15.5), "ben": (3.1, 12.4), "cat": (4.65, 10.85)}


def test_the_gradebook_loads_alone_and_nbgrader_whole_when_it_is_asked_for(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "hello")
    program = f"""
import sys
from coursekit.grading.marks.library import library
book = library()
assert not {{"nbgrader", "setuptools", "nbgrader.apps"}} & set(sys.modules)
import nbgrader
from nbgrader import api, apps, utils
assert nbgrader.__version__ and apps.NbGrader and api.Gradebook is book is library()
utils.unpack_archive({str(tmp_path / "a.zip")!r}, {str(tmp_path / "out")!r})
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "a.txt").read_text() == "hello"
