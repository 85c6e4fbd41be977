"""What bad input gets: nothing stops the batch, everything odd is noted, nothing is silently zero."""

# ruff: noqa: E501

import copy
import io
import json
import zipfile

import pytest

from coursekit.grading.course import read_json, read_report
from coursekit.grading.intake.collect import Decisions, collect
from coursekit.grading.intake.deliveries import InboxError, look
from coursekit.grading.marks.exports import rows

from .conftest import SLUG, answer, grade, points, put

FULL = {"q1": 4, "q2": 3, "q3": 4}


def one(course, release, inbox, student="ann", **options):
    """Collect and return one student's row."""
    return {row.student: row for row in collect(course, release, inbox, **options)}[student]


UNREADABLE = {
    "empty": b"",
    "blank": b"  \n",
    "text": b"my answers are 42",
    "cut": b'{"cells": [{"cell_type": "code", "sour',
    "list": b"[1, 2, 3]",
    "number": b"42",
    "no-cells": b'{"metadata": {}}',
    "cells-text": b'{"cells": "none"}',
    "latin": '{"cells": "caf\xe9"}'.encode("latin-1"),
    "binary": bytes(range(256)) * 20,
    "deep": b"[" * 200_000,
    "deep-cells": b'{"cells": ' * 50_000,
    "other-notebook": b'{"cells": [{"cell_type": "code", "source": "1"}]}',
    "long-number": b'{"cells": ' + b"9" * 10_000 + b"}",
    "huge": b" " * ((10 << 20) + 1),
    "many-cells": json.dumps({"cells": [{"source": "x"}] * 1001}).encode(),
    "null-cells": b'{"cells": [null, 1, "a", {"source": 3}, {"source": [1]}]}',
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_files_get_a_reason_and_no_zero(course, release, tmp_path, name, honest):
    put(tmp_path / "in", "ann", UNREADABLE[name])
    put(tmp_path / "in", "ben", honest("ben"))
    found = {row.student: row for row in collect(course, release, tmp_path / "in")}
    assert found["ann"].status == "unreadable" and found["ann"].reason
    assert found["ben"].status == "taken"
    assert not course.submitted(SLUG, "ann").exists()
    row = next(row for row in rows(course, release) if row["student"] == "ann")
    assert row["status"] == "unreadable" and row["total"] is None


def _without(*names):
    def edit(content):
        content["cells"] = [cell for cell in content["cells"] if not cell["id"].startswith(names)]

    return edit


def _strip(content):
    for cell in content["cells"]:
        cell["metadata"] = {}
        cell["id"] = "x"


def _no_metadata(content):
    content.pop("metadata")
    for cell in content["cells"]:
        cell.pop("metadata")


def _edited(content):
    for cell in content["cells"]:
        if cell["id"].startswith("check-q"):
            cell["source"] = "assert True"
            cell["metadata"]["nbgrader"]["points"] = 1000


def _doubled(content):
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == "answer-q1")
    content["cells"].insert(
        place, dict(content["cells"][place], source="# Your answer to q1. Keep this line.\nshare = None")
    )


def _retyped(content):
    for cell in content["cells"]:
        if cell["id"] == "answer-q2":
            cell["cell_type"] = "markdown"


def _lists(content):
    for cell in content["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _colab(content):
    for cell in content["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "outputId": "x", "colab": {"base_uri": "https://localhost/"}}


def _old_format(content):
    content["worksheets"] = [{"cells": [dict(cell, input=cell.pop("source")) for cell in content.pop("cells")]}]
    content["nbformat"] = 3


def _helpers(content):
    place = next(number for number, cell in enumerate(content["cells"]) if cell["id"] == "answer-q1")
    whole = content["cells"][place]["source"]
    content["cells"].insert(place, {"cell_type": "code", "id": "mine", "metadata": {}, "source": whole, "outputs": []})
    content["cells"][place + 1]["source"] = "share = share"


def _given_edited(content):
    for cell in content["cells"]:
        if cell["id"].startswith("given"):
            cell["source"] += "\nfactor = 100"
        if cell["id"] == "answer-q1":
            cell["source"] = cell["source"].replace("100 *", "factor *")


def _magic(content):
    answer(
        content,
        "q1",
        "%matplotlib inline\n!pip install pandas\n"
        + next(cell["source"] for cell in content["cells"] if cell["id"] == "answer-q1"),
    )


def _timed(content):
    answer(content, "q1", "%%time\n" + next(cell["source"] for cell in content["cells"] if cell["id"] == "answer-q1"))


def _junk(content):
    content["cells"] += [
        None,
        3,
        {"cell_type": "code"},
        {"cell_type": "raw", "source": "x"},
        {"cell_type": [], "source": "1/0", "id": 4},
    ]


REPAIRED = {
    "checks removed": _without("check-"),
    "texts removed": _without("text-"),
    "names lost": _strip,
    "no metadata": _no_metadata,
    "checks edited": _edited,
    "answer doubled": _doubled,
    "answer retyped": _retyped,
    "lines as lists": _lists,
    "from Colab": _colab,
    "format 3": _old_format,
    "own helper cell": _helpers,
    "given cell edited": _given_edited,
    "notebook commands": _magic,
    "cell timed": _timed,
    "junk cells": _junk,
    "byte order mark": None,
}


@pytest.mark.parametrize("name", REPAIRED)
def test_honest_work_survives_damage(course, release, tmp_path, grade_one, honest, name):
    content = honest()
    if REPAIRED[name]:
        REPAIRED[name](content)
    body = json.dumps(content).encode()
    put(tmp_path / "in", "ann", body if REPAIRED[name] else b"\xef\xbb\xbf" + body)
    row = one(course, release, tmp_path / "in")
    assert row.status in ("taken", "repaired"), row
    rebuilt = read_json(course.submitted(SLUG, "ann"))
    assert points(release, grade_one(rebuilt)) == FULL
    assert grade_one(content)["essays"]["q4"].startswith("The two largest shares") or name == "names lost"


def test_rebuilding_twice_changes_nothing(course, release, tmp_path, honest):
    content = honest()
    _helpers(content)
    _doubled(content)
    put(tmp_path / "in", "ann", content)
    collect(course, release, tmp_path / "in")
    first = read_json(course.submitted(SLUG, "ann"))
    put(tmp_path / "again", "ann", copy.deepcopy(first))
    collect(course, release, tmp_path / "again")
    second = read_json(course.submitted(SLUG, "ann"))
    first["metadata"]["course"].pop("notes"), second["metadata"]["course"].pop("notes")
    sources = [[cell["source"] for cell in content["cells"]] for content in (first, second)]
    assert sources[0] == sources[1]


def test_a_missing_answer_is_noted_and_costs_only_itself(course, release, tmp_path, grade_one, honest):
    content = honest()
    _without("answer-q1")(content)
    put(tmp_path / "in", "ann", content)
    assert "the answer cell of q1 was missing" in one(course, release, tmp_path / "in").reason
    result = grade_one(read_json(course.submitted(SLUG, "ann")))
    assert points(release, result) == {"q1": 0, "q2": 3, "q3": 4}
    assert result["checks"]["check-q1-1"][1] == "`share` is still None: there is no answer yet."


def test_wrong_file_name_is_taken_and_several_are_asked(course, release, tmp_path, honest):
    put(tmp_path / "in", "ann", honest(), "Untitled (3).ipynb")
    put(tmp_path / "in", "ann", b"notes", "notes.txt")
    put(tmp_path / "in", "ben", honest("ben"))
    put(tmp_path / "in", "ben", honest("ben", skip={"q1"}), "old.ipynb")
    put(tmp_path / "in", "cat", honest("cat"))
    put(tmp_path / "in", "cat", honest("cat"), "same-again.ipynb")
    found = {row.student: row for row in collect(course, release, tmp_path / "in")}
    assert found["ann"].status == "repaired" and "Untitled (3).ipynb" in found["ann"].reason
    assert found["ben"].status == "ask" and "--choose ben=" in found["ben"].reason
    assert found["cat"].status in ("taken", "repaired")
    again = one(course, release, tmp_path / "in", "ben", decisions=Decisions(file={"ben": "old.ipynb"}))
    assert again.status == "repaired" and again.file == "old.ipynb"


def _zip(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return stream.getvalue()


ROSTER = "student,name,email,canvas\nann,Ann Ash,ann@uni.example,1201\nben,Ben Birch,,1202\ncat,Cat Cedar,,1203\n"


def test_canvas_download_is_understood(course, release, tmp_path, honest):
    (course.root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "canvas.zip").write_bytes(
        _zip(
            {
                "ashann_1201_900001_90-sharing.ipynb": honest("ann"),
                "birchben_LATE_1202_900002_90-sharing-1.ipynb": honest("ben"),
                "__MACOSX/._x": b"",
                "stranger_1999_900003_90-sharing.ipynb": honest("1999"),
            }
        )
    )
    found = {row.student: row for row in collect(course, release, tmp_path / "canvas.zip")}
    assert found["ann"].status == "taken" and found["ann"].name
    assert found["ben"].late and found["ben"].status == "taken"
    stranger = found["?stranger_1999"]
    assert stranger.status == "ask" and "nobody in roster.csv is 'stranger'" in stranger.reason
    assert found["cat"].status == "missing" and found["cat"].reason == "nothing handed in"


@pytest.mark.parametrize("form", ["folders", "flat"])
def test_moodle_download_is_understood(course, release, tmp_path, honest, form):
    (course.root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    join = "_assignsubmission_file/" if form == "folders" else "_assignsubmission_file_"
    (tmp_path / "moodle.zip").write_bytes(
        _zip(
            {
                f"Ann Ash_77001{join}90-sharing.ipynb": honest("ann"),
                f"Ben Birch_77002{join}90-sharing.ipynb": honest("ben"),
            }
        )
    )
    found = {row.student: row.status for row in collect(course, release, tmp_path / "moodle.zip")}
    assert found == {"ann": "taken", "ben": "taken", "cat": "missing"}


def test_archives_are_not_trusted(course, release, tmp_path, honest):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/90-sharing.ipynb", b" " * (300 << 20))
    (tmp_path / "inbox.zip").write_bytes(
        _zip(
            {
                "../../escape/90-sharing.ipynb": honest(),
                "ann/90-sharing.ipynb": honest(),
                "/etc/x.ipynb": honest(),
                "ben/work.zip": _zip({"90-sharing.ipynb": honest("ben")}),
                "cat/work.zip": bomb.getvalue(),
                "dan/work.zip": b"PK broken",
            }
        )
    )
    found = {row.student: row for row in collect(course, release, tmp_path / "inbox.zip")}
    assert found["ann"].status == "taken" and found["ben"].status in ("taken", "repaired")
    assert found["cat"].status == found["dan"].status == "unreadable"
    assert not (tmp_path / "escape").exists() and not (tmp_path.parent / "escape").exists()
    assert sorted(path.name for path in (course.root / "submitted").iterdir()) == ["ann", "ben"]


def test_symbolic_links_are_left_alone(course, release, tmp_path, honest):
    put(tmp_path / "in", "ann", honest())
    (tmp_path / "secret.ipynb").write_text(json.dumps(honest()))
    (tmp_path / "in" / "eve").mkdir()
    (tmp_path / "in" / "eve" / "90-sharing.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert [parcel.label for parcel in look(tmp_path / "in").parcels] == ["ann"]


def test_strange_student_names_stay_inside_the_course_folder(course, release, tmp_path, honest):
    for name in ("..evil", "=cmd|calc", "a b c"):
        put(tmp_path / "in", name, honest())
    assert {row.status for row in collect(course, release, tmp_path / "in")} == {"ask"}
    assert not (course.root / "submitted").exists()
    assert not any(line["student"].startswith("=") for line in read_report(course, SLUG))


@pytest.mark.parametrize("inbox", ["nowhere", "file.txt"])
def test_an_inbox_that_is_none_says_so(course, release, tmp_path, inbox):
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(InboxError, match="there is no such|neither a folder"):
        collect(course, release, tmp_path / inbox)


def test_two_ids_are_asked_and_the_answer_decides_the_numbers(course, release, tmp_path, honest, grade_one):
    """Copying another student's notebook is asked about; graded as one's own it earns that student's numbers nothing."""
    other = next(name for name in map(str, range(100)) if release.case(name) != release.case("ann"))
    put(tmp_path / "in", "ann", honest(other))
    row = one(course, release, tmp_path / "in", "?ann")
    assert row.status == "ask" and "'ann'" in row.reason and repr(other) in row.reason and not course.collected(SLUG)
    answers = Decisions(who={"ann": "ann"}, case={"ann": "own"})
    assert one(course, release, tmp_path / "in", decisions=answers).status == "repaired"
    assert "worked_as" not in read_json(course.submitted(SLUG, "ann"))["metadata"]["course"]
    assert one(course, release, tmp_path / "in").status == "repaired", "the answer is remembered"
    answers = Decisions(case={"ann": "typed"})
    assert f"graded on the numbers of {other!r}" in one(course, release, tmp_path / "in", decisions=answers).reason
    assert read_json(course.submitted(SLUG, "ann"))["metadata"]["course"]["worked_as"] == other


def test_statuses_of_a_whole_class(course, release, tmp_path, honest):
    (course.root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    put(tmp_path / "in", "ann", honest())
    put(tmp_path / "in", "ben", b"{")
    collect(course, release, tmp_path / "in")
    summary = grade(course, SLUG, workers=1)
    assert summary.counts["waiting"] == 1 and summary.counts["unreadable"] == 1 and summary.counts["missing"] == 1
    assert ("ben", "the file is not a notebook (no valid JSON)") in summary.attention
