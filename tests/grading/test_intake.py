"""From an LMS's zip: every student keeps every point, conflicts are asked, a zip's date means nothing."""

import ast
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from coursekit import syntax
from coursekit.cli.main import main
from coursekit.exercises.release import notebook
from coursekit.grading.course import read_json
from coursekit.grading.intake import roster as rosters
from coursekit.grading.intake import times
from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.deliveries import look
from coursekit.grading.intake.identity import Class
from coursekit.grading.intake.rebuild import rebuild
from coursekit.grading.marks.exports import rows as exported
from coursekit.grading.marks.gradebook import lateness

from .conftest import SLUG, grade, put

FIRST = ("Ann", "O'Brien Zoë", "山田", "Łukasz", "Anna Maria", "Jean-Luc", "Þóra", "Nguyễn Thị", "da Silva João", "Ann")
LAST = ("Ash", "Müller", "太郎", "Wałęsa", "Kim", "D’Arcy")


def person(number):
    """(id, given name, family name) of a made-up student; ids are as different as universities make them."""
    given, family = FIRST[number % len(FIRST)], LAST[number // len(FIRST)]
    return f"{['s', 'S', 'x.', '0'][number % 4]}{1000 + number}", given, family


PEOPLE = [person(number) for number in range(60)]


def zipped(files, when=(2031, 1, 1, 3, 0, 0)):
    """A zip whose entries all carry the time of the download, far after any due time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            archive.writestr(zipfile.ZipInfo(name, when), body)
    return stream.getvalue()


@pytest.mark.parametrize("version", ["code", "no-code"])
def test_source_is_read_by_one_thread_at_a_time(release, monkeypatch, version):
    """Two hand-ins are rebuilt side by side, and Python's reader of source trips over a second one at work."""
    real, alone = ast.parse, []
    monkeypatch.setattr(ast, "parse", lambda *a, **k: alone.append(syntax._ONE_AT_A_TIME.locked()) or real(*a, **k))
    rebuild(notebook(release, version), release)
    assert alone and all(alone)


def canvas(number, student, given, family):
    mangled = "".join(letter for letter in f"{family}{given}".lower() if letter.isalnum())
    return f"{mangled}_{5000 + number}_{90000 + number}_{SLUG}.ipynb"


def moodle(number, student, given, family):
    return f"{given} {family}_{300 + 7 * number}_assignsubmission_file/{SLUG}.ipynb"


FORMS = {
    "canvas": canvas,
    "canvas anonymous": lambda n, s, g, f: f"anon_aB{n}x_{90000 + n}_{SLUG}.ipynb",
    "moodle folders": moodle,
    "moodle flat": lambda n, s, g, f: moodle(n, s, g, f).replace("file/", "file_"),
    "moodle blind": lambda n, s, g, f: f"Participant_{700 + n}_assignsubmission_file/{SLUG}.ipynb",
    "blackboard": lambda n, s, g, f: f"Exercise 90_{s}_attempt_2027-02-28-10-{n:02d}-00_{SLUG}.ipynb",
    "brightspace": lambda n, s, g, f: (
        f"{77 + n}-{12000 + n} - {g} {f} - Feb 28, 2027 {1 + n % 12}{n:02d} PM/{SLUG}.ipynb"
    ),
    "drive": lambda n, s, g, f: f"{g} {f} - {SLUG} {s}.ipynb",
    "folders": lambda n, s, g, f: f"{s}/{SLUG}.ipynb",
    "folders in a folder": lambda n, s, g, f: f"download/{s}/{SLUG}.ipynb",
    "windows": lambda n, s, g, f: f"{s}\\work\\{SLUG}.ipynb",
    "renamed": lambda n, s, g, f: f"{s}/{SLUG} (1).ipynb.txt",
    "files": lambda n, s, g, f: f"{s}.ipynb",
}


def write_roster(course, people=PEOPLE):
    rosters.write(
        course.root / "roster.csv",
        [
            {"student": s, "name": f"{g} {f}", "email": f"{s}@uni.example".lower(), "group": "",
             "canvas": str(5000 + n), "blackboard": s}
            for n, (s, g, f) in enumerate(people)
        ],
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_class_of_sixty_keeps_its_work(course, release, tmp_path, honest, form):
    """Nobody lost, nobody under another's name, nobody on another's numbers, nobody late by a zip's date."""
    write_roster(course)
    files = {FORMS[form](number, *who): honest(who[0]) for number, who in enumerate(PEOPLE)}
    files["__MACOSX/._x"] = b"\x00"
    (tmp_path / "lms.zip").write_bytes(zipped(files))
    rows = {row.student: row for row in collect(course, release, tmp_path / "lms.zip")}
    assert set(rows) == {student for student, _, _ in PEOPLE}
    assert {row.status for row in rows.values()} <= {"taken", "repaired"}, [
        r for r in rows.values() if r.status == "ask"
    ]
    for student, _, _ in PEOPLE:
        content = read_json(course.submitted(SLUG, student))
        typed = next(cell["source"] for cell in content["cells"] if cell["id"] == "student-id")
        assert f'"{student}"' in typed and "worked_as" not in content["metadata"]["course"]
        assert written(content) == written(honest(student)), "an answer was lost on the way"
    known = times.known(course, SLUG)
    assert all(stamp < release.due.replace("T", " ") for stamp in known.values())
    assert bool(known) == (form in ("blackboard", "brightspace"))


def written(content):
    """{cell: source} of all that a student answers in a notebook."""
    return {cell["id"]: cell["source"].strip() for cell in content["cells"] if cell.get("id", "").startswith("answer-")}


def test_a_class_of_sixty_keeps_every_point_and_nobody_is_late(course, release, tmp_path, honest):
    """Graded to the end, from Moodle's zip, whose entries are dated long after the due time."""
    write_roster(course)
    (tmp_path / "lms.zip").write_bytes(zipped({moodle(n, *who): honest(who[0]) for n, who in enumerate(PEOPLE)}))
    collect(course, release, tmp_path / "lms.zip")
    assert grade(course, SLUG, workers=2).counts["waiting"] == 60
    rows = exported(course, release)
    assert {row["student"] for row in rows} == {student for student, _, _ in PEOPLE}
    assert {tuple(row["questions"][name] for name in ("q1", "q2", "q3")) for row in rows} == {(4, 3, 4)}
    assert not any(row["penalty"] for row in rows)


def test_a_zip_within_a_zip_and_nested_folders(course, release, tmp_path, honest):
    write_roster(course)
    inner = zipped({"my work/deep/90-sharing.ipynb": honest(PEOPLE[0][0]), "data/spending.csv": b"x"})
    (tmp_path / "lms.zip").write_bytes(
        zipped({moodle(0, *PEOPLE[0]).replace(".ipynb", ".zip"): zipped({"all.zip": inner}), "readme.txt": b"hi"})
    )
    rows = {row.student: row for row in collect(course, release, tmp_path / "lms.zip")}
    assert rows[PEOPLE[0][0]].status in ("taken", "repaired")
    assert rows["?readme"].status == "ask"


CONFLICTS = {
    "a Moodle number that is another id": lambda a, b: (
        f"{a[1]} {a[2]}_5001_assignsubmission_file/x.ipynb", a[0], a[0]),
    "another's id typed": lambda a, b: (canvas(0, *a), b[0], None),
    "name against number": lambda a, b: (canvas(2, *a), a[0], None),
    "a stranger's name with a typed id": lambda a, b: ("Zed Zebra_9_assignsubmission_file/x.ipynb", a[0], None),
    "a namesake told apart by the id": lambda a, b: (
        "Ann Ash_9_assignsubmission_file/x.ipynb", PEOPLE[0][0], PEOPLE[0][0]),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS)
def test_conflicts_are_asked_and_never_guessed(course, release, tmp_path, honest, case):
    write_roster(course)
    name, typed, whose = CONFLICTS[case](PEOPLE[1], PEOPLE[2])
    (tmp_path / "lms.zip").write_bytes(zipped({name: honest(typed)}))
    rows = [row for row in collect(course, release, tmp_path / "lms.zip") if row.status != "missing"]
    assert len(rows) == 1
    if whose:
        assert rows[0].student == whose and rows[0].status in ("taken", "repaired")
    else:
        assert rows[0].status == "ask" and typed in rows[0].reason and "--who" in rows[0].reason
        assert not course.collected(SLUG)


def test_two_students_with_one_name_and_no_id_are_asked(course, release, tmp_path, honest):
    write_roster(course, [("a1", "Ann", "Kim"), ("a2", "Kim", "Ann")])
    (tmp_path / "lms.zip").write_bytes(zipped({"Ann Kim_9_assignsubmission_file/x.ipynb": honest("")}))
    row = next(row for row in collect(course, release, tmp_path / "lms.zip") if row.status != "missing")
    assert row.status == "ask" and "a1 or a2" in row.reason


def test_a_moodle_worksheet_tells_numbers_and_times(course, release, tmp_path, honest):
    write_roster(course)
    lines = ["Identifier,Full name,Email address,Status,Grade,Last modified (submission)"]
    for number, (student, given, family) in enumerate(PEOPLE[:3]):
        day = "Sunday, 28 February 2027, 5:00 PM" if number else "Tuesday, 2 March 2027, 5:00 PM"
        lines.append(f'Participant {300 + 7 * number},{given} {family},{student}@uni.example,Submitted,,"{day}"')
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    files = {moodle(number, *who): honest(who[0]) for number, who in enumerate(PEOPLE[:3])}
    (tmp_path / "lms.zip").write_bytes(zipped(files))
    rows = {row.student: row for row in collect(course, release, tmp_path / "lms.zip", worksheet=sheet)}
    assert rows[PEOPLE[0][0]].when == "2027-03-02 17:00:00" and rows[PEOPLE[1][0]].when == "2027-02-28 17:00:00"
    swapped = {moodle(1, *PEOPLE[0]): honest(PEOPLE[0][0])}
    (tmp_path / "swapped.zip").write_bytes(zipped(swapped))
    row = next(r for r in collect(course, release, tmp_path / "swapped.zip", worksheet=sheet) if r.status == "ask")
    assert PEOPLE[1][0] in row.reason and PEOPLE[0][0] in row.reason


def test_a_penalty_needs_a_time_and_can_be_waived(course, release, tmp_path):
    import dataclasses

    late = dataclasses.replace(release, late={"percent_per_day": 10, "at_most": 30})
    grades = [{"manual_score": None, "auto_score": 10.0}]
    when = times.parse("2027-03-03 10:00")
    assert lateness(late, None, grades) is None
    assert lateness(late, when, grades) == 2.0
    assert lateness(late, when, grades, "2027-03-03 12:00:00") is None
    assert lateness(late, when, grades, times.WAIVED) is None
    times.extend(course, SLUG, "ann", times.WAIVED)
    assert times.extensions(course, SLUG) == {"ann": "waived"}


@pytest.mark.parametrize(
    "text, zone, wanted",
    [
        ("2027-03-01T18:00", "UTC", "2027-03-01 18:00:00"),
        ("2027-03-01 18:00:00 UTC", "UTC", "2027-03-01 18:00:00"),
        ("2027-03-01T18:00:00+09:00", "UTC", "2027-03-01 09:00:00"),
        ("2027-07-01 18:00", "Europe/Paris", "2027-07-01 16:00:00"),
        ("Monday, 1 March 2027, 5:59 PM", "UTC", "2027-03-01 17:59:00"),
        ("soon", "UTC", None),
        ("", "UTC", None),
    ],
)
def test_times_are_read_as_the_lms_writes_them(text, zone, wanted):
    found = times.parse(text, zone)
    assert (found.isoformat(" ") if found else None) == wanted


def test_text_in_cells_of_their_own_reaches_the_marker(course, release, tmp_path, honest, grade_one):
    content = honest("ann")
    place = next(n for n, cell in enumerate(content["cells"]) if cell["id"] == "answer-q4")
    content["cells"].insert(
        place + 1, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "My essay is here."}
    )
    text = next(cell for cell in content["cells"] if cell["id"].startswith("text-"))
    text["source"] += "\n\nAnd a thought in the task's own cell."
    put(tmp_path / "in", "ann", content)
    row = {row.student: row for row in collect(course, release, tmp_path / "in")}["ann"]
    assert "added to q4" in row.reason
    essay = grade_one(read_json(course.submitted(SLUG, "ann")))["essays"]["q4"]
    assert "My essay is here." in essay and "the task's own cell" in essay and essay.count("My essay") == 1


def test_another_exercise_is_named_and_asked(course, release, tmp_path, honest):
    content = honest("ann")
    content["metadata"]["course"]["exercise"] = "04-other"
    put(tmp_path / "in", "ann", content)
    row = {row.student: row for row in collect(course, release, tmp_path / "in")}["ann"]
    assert row.status == "ask" and "'04-other'" in row.reason and not course.collected(SLUG)


def test_a_folder_too_high_or_too_low_is_recognised(course, release, tmp_path, honest):
    write_roster(course)
    for number in range(5):
        student = PEOPLE[number][0]
        put(tmp_path / "inbox" / SLUG, student, honest(student))
        put(tmp_path / "inbox" / "91-else", student, b"{}")
    found = look(tmp_path / "inbox", SLUG, lambda label: bool(Class(course.roster()).by_id(label)))
    assert sorted(p.label for p in found.parcels) == sorted(s for s, _, _ in PEOPLE[:5]) and SLUG in found.notes[0]
    student = PEOPLE[0][0]
    rows = {row.student: row for row in collect(course, release, tmp_path / "inbox" / SLUG / student)}
    assert rows[student].status in ("taken", "repaired")


def test_a_broken_second_hand_in_is_not_hidden_by_an_old_mark(course, release, tmp_path, honest):
    put(tmp_path / "in", "ann", honest("ann"))
    collect(course, release, tmp_path / "in")
    grade(course, SLUG, workers=1)
    put(tmp_path / "again", "ann", b"{")
    collect(course, release, tmp_path / "again")
    row = next(row for row in exported(course, release) if row["student"] == "ann")
    assert row["status"] in ("unreadable", "ask") and row["total"] is None and "earlier hand-in" in row["reason"]


def test_a_group_hand_in_counts_for_each_member(course, release, tmp_path, honest):
    people = [{"student": s, "name": n, "email": "", "group": "Team Ash", "canvas": "", "blackboard": ""} for s, n in
              (("ann", "Ann Ash"), ("ben", "Ben Birch"))]  # fmt: skip
    rosters.write(course.root / "roster.csv", people)
    (tmp_path / "lms.zip").write_bytes(zipped({f"teamash_800_900_{SLUG}.ipynb": honest("ben")}))
    rows = {row.student: row for row in collect(course, release, tmp_path / "lms.zip")}
    assert {row.status for row in rows.values()} == {"repaired"} and set(rows) == {"ann", "ben"}
    assert read_json(course.submitted(SLUG, "ann"))["metadata"]["course"]["worked_as"] == "ben"


EXPORTS = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Essay (900)\n    Points Possible,,,,,100\n"
    '"Ash, Ann",1201,s1,ann@uni.example,A,\n"Student, Test",1299,,t,A,\n',
    "moodle": "First name,Last name,ID number,Email address,Groups\nAnn,Ash,s1,ann@uni.example,Team A\n",
    "moodle semicolon": "\ufeffFirst name;Surname;Email address\nAnn;Ash;ann@uni.example\n",
    "blackboard": '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
    "Ash\tAnn\tashann\ts1\t\tYes\n",
    "plain": "student,name,email\ns1,Ann Ash,ann@uni.example\n",
}


@pytest.mark.parametrize("lms", EXPORTS)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_rosters_come_from_what_the_lms_exports(tmp_path, lms, coding):
    path = tmp_path / "export.csv"
    path.write_text(EXPORTS[lms], encoding=coding)
    rows = rosters.from_export(path)
    assert len(rows) == 1 and "Ash" in rows[0]["name"] and "Ann" in rows[0]["name"]
    assert rows[0]["student"] == ("ann@uni.example" if lms == "moodle semicolon" else "s1")
    assert rows[0]["canvas"] == ("1201" if lms == "canvas" else "")
    assert Class({rows[0]["student"]: rows[0]}).by_name("ashann") == {rows[0]["student"]}


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4 \x00\x00", b"a,b\n1,2\n", b"student,name\nx,A\nX,B\n"])
def test_a_roster_that_is_none_is_refused_in_a_sentence(tmp_path, body):
    (tmp_path / "x.csv").write_bytes(body)
    with pytest.raises(rosters.RosterError) as fault:
        rosters.from_export(tmp_path / "x.csv")
    assert "x.csv" in str(fault.value) and str(fault.value).endswith(".")


def test_a_second_release_asks_first_and_keeps_the_due_time(course, release, tmp_path, honest):
    from .conftest import EXERCISE

    put(tmp_path / "in", "ann", honest("ann"))
    collect(course, release, tmp_path / "in")
    base = ["exercise", "release", SLUG, "--exercises", str(EXERCISE.parent), "--folder", str(course.root)]
    other = CliRunner().invoke(main, [*base, "--term", "2028-spring"])
    assert other.exit_code == 1 and "1 of 1 students get other numbers" in other.output
    assert course.release(SLUG).term == "2027-spring"
    same = CliRunner().invoke(main, [*base, "--term", "2027-spring"])
    assert same.exit_code == 0 and course.release(SLUG).due == release.due
    told = CliRunner().invoke(main, [*base, "--term", "2028-spring", "--yes"])
    assert told.exit_code == 0 and course.release(SLUG).term == "2028-spring"
