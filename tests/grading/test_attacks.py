"""No attack gains points, reads anything, writes outside or stops the batch; honest work keeps its points."""

import hashlib
import os
import socket
import time

import pytest

from coursekit.grading.course import read_json
from coursekit.grading.demo import worked
from coursekit.grading.intake.collect import collect
from coursekit.grading.judge.engine import close_all
from coursekit.grading.marks import feedback

from .attacks import ATTACKS
from .conftest import SLUG, answer, grade, make_course, points, put

FULL = {"q1": 4, "q2": 3, "q3": 4}
HONEST = ("honest-first", "zz-honest-last")


def _digest(folder):
    """A digest of every file below a folder."""
    text = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text.update(str(path).encode() + path.read_bytes())
    return text.hexdigest()


@pytest.fixture(scope="module")
def battle(release, tmp_path_factory):
    """One batch with every attack and two honest students; (course, summary, seconds)."""
    course = make_course(tmp_path_factory.mktemp("battle") / "course", release)
    inbox = course.root / "inbox"
    for student in HONEST:
        put(inbox, student, worked(release, student))
    for attack in ATTACKS.values():
        put(inbox, attack.name, answer(worked(release, attack.name), attack.question, attack.source))
    collect(course, release, inbox)
    masters = _digest(course.root / "released")
    os.environ["GRADER_SECRET"] = "do-not-read"
    listener = socket.create_server(("127.0.0.1", 20003))
    begin = time.monotonic()
    try:
        summary = grade(course, SLUG, workers=3, limits={"seconds": 2})
    finally:
        listener.close()
        del os.environ["GRADER_SECRET"]
    assert _digest(course.root / "released") == masters
    return course, summary, time.monotonic() - begin


def result_of(battle, student):
    return read_json(battle[0].result(SLUG, student))


def test_there_are_attacks_for_every_goal():
    assert len(ATTACKS) >= 40
    assert {attack.goal for attack in ATTACKS.values()} == {"points", "hidden", "others", "browser", "machine"}


@pytest.mark.parametrize("student", HONEST)
def test_honest_work_keeps_its_points(battle, release, student):
    assert points(release, result_of(battle, student)) == FULL


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gains_nothing(battle, release, name):
    attack, result = ATTACKS[name], result_of(battle, name)
    assert result is not None and result["status"] == "graded"
    got = points(release, result)
    hidden = [cell["id"] for cell in release.of_kind("check") if cell["question"] == attack.question and cell["hidden"]]
    assert all(result["checks"][check][0] == "failed" for check in hidden), result["checks"]
    for question in attack.keeps:
        assert got[question] == FULL[question], (question, result["checks"], result["errors"])
    shown = "".join(row["text"] + row["error"] for row in result["cells"])
    assert "LEAK" not in shown, shown


def test_every_hand_in_was_graded_in_bounded_time(battle):
    course, summary, seconds = battle
    assert not [line for line in summary.attention if "not graded" in line[1]]
    assert seconds < 150


def test_no_process_is_left(battle):
    """Rooms die with their run: no keeper and no student process remains; with the engine, its warm renderer goes."""
    assert [line for line in _rooms() if b"vl_convert" not in line] == []
    close_all()
    assert _rooms() == []


def _rooms():
    """The command lines of all rooms that this process has made and that still stand."""
    names = []
    for path in os.listdir("/proc"):
        if path.isdigit():
            try:
                with open(f"/proc/{path}/cmdline", "rb") as stream:
                    line = stream.read()
                if b"bwrap" in line and str(os.getpid()) == _parent(path):
                    names.append(line)
            except OSError:
                continue
    return names


def _parent(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as stream:
        return next(line.split()[1] for line in stream if line.startswith("PPid"))


def test_marker_and_student_see_no_markup(battle, release):
    course = battle[0]
    feedback.write_all(course, release)
    for name in ("script-in-output", "script-in-error"):
        page = course.feedback(SLUG, name).read_text(encoding="utf-8")
        assert "<script" not in page and "<img src=x" not in page
        for cell in read_json(course.autograded(SLUG, name))["cells"]:
            for output in cell.get("outputs", []):
                assert output["output_type"] in ("stream", "display_data")
                assert set(output.get("data", {"image/png": 0})) == {"image/png"}


def test_hidden_text_is_in_no_output(battle, release):
    """Hidden checks' code is nowhere in what students or markers get."""
    course = battle[0]
    feedback.write_all(course, release)
    secrets = [line for cell in release.of_kind("check") if cell["hidden"] for line in [cell["source"].split(', "')[0]]]
    outputs = [
        *course.root.glob("feedback/**/*.html"),
        *course.root.glob("autograded/**/*.ipynb"),
        *course.root.glob("submitted/**/*.ipynb"),
    ]
    assert len(outputs) > 80
    for path in outputs:
        text = path.read_text(encoding="utf-8").replace('\\"', '"')
        assert not [secret for secret in secrets if secret in text], path


def test_leak_detector_works(grade_one, honest):
    """The tests above can fail: code that prints LEAK is seen."""
    result = grade_one(answer(honest(), "q1", "print('LEAK')"))
    assert "LEAK" in "".join(row["text"] for row in result["cells"])


@pytest.mark.parametrize("name", ["network", "grader-environment"])
def test_the_same_code_leaks_without_isolation(bundle, monkeypatch, name):
    """These attacks are real: without the sandbox they reach what they look for."""
    monkeypatch.setenv("GRADER_SECRET", "do-not-read")
    from coursekit.grading.sandbox.sandbox import Trusted

    source = ATTACKS[name].source.replace('int(open("/desk/data/spending.csv").readline().count(",")) + 20000', "20003")
    with socket.create_server(("127.0.0.1", 20003)):
        outcome = Trusted().run([{"index": 0, "kind": "answer", "source": source, "names": []}])
    assert "LEAK" in outcome.done[0]["text"]
