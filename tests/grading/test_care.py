"""Care: the machine's own cure first, no students' work in a repository, no hidden checks left by a killed grader."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from coursekit.cli.main import main
from coursekit.grading import doctor
from coursekit.grading.course import Course
from coursekit.grading.judge.engine import ROOM, sweep


def test_the_doctor_finds_this_machine_ready(tmp_path):
    found = list(doctor.examine(Course(tmp_path / "new" / "folder")))
    assert all(finding.good and not finding.cure for finding in found), found
    assert any("isolated" in finding.text for finding in found)


def test_the_doctor_names_the_cure_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    finding = list(doctor.examine(Course(tmp_path)))[-1]
    assert not finding.good and finding.cure.endswith("dnf install bubblewrap")
    monkeypatch.setattr(doctor.platform, "system", lambda: "Windows")
    assert "WSL 2" in next(doctor.examine(Course(tmp_path))).cure
    assert "container" in doctor._room_cure(lambda path: path == "/.dockerenv")


def test_a_course_folder_in_a_repository_is_refused(tmp_path):
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    folder = tmp_path / "clone" / "spring"
    done = CliRunner().invoke(main, ["collect", "90-sharing", str(tmp_path), "--folder", str(folder)])
    assert done.exit_code == 1 and "students' work must not get into it" in done.output and not folder.exists()


def test_rooms_of_a_killed_grader_are_swept_and_those_of_a_living_one_stay():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = Path(tempfile.mkdtemp(prefix=f"{ROOM}{os.getpid()}-"))
    left = Path(tempfile.mkdtemp(prefix=f"{ROOM}{dead.pid}-"))
    (left / "release.json").write_text("hidden")
    sweep()
    assert kept.exists() and not left.exists()
    kept.rmdir()


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are found where Linux lists them")
def test_bubblewrap_that_a_killed_grader_left_behind_is_ended():
    """It names the data of a grader that is gone; one of a living grader and a stranger's stay."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    rooms = [f"{tempfile.gettempdir()}/{ROOM}{owner}-x/data" for owner in (dead.pid, os.getpid())]
    waiting = [waits("/usr/bin/bwrap", room) for room in (*rooms, "/srv/data")]
    try:
        sweep()
        assert waiting[0].wait(10) == -signal.SIGKILL
        assert [one.poll() for one in waiting[1:]] == [None, None]
    finally:
        for one in waiting:
            one.kill()
            one.wait()


def waits(name: str, *words: str) -> subprocess.Popen:
    """A process under a name that waits for the end; it has begun when this returns."""
    code = "import sys, time; print('here', flush=True); time.sleep(60)"
    process = subprocess.Popen([name, "-c", code, *words], executable=sys.executable, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"here\n"
    return process
