"""The sandbox itself: it proves that it holds, refuses when it does not, and works for root and for users."""

# ruff: noqa: E501

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coursekit.grading.intake.collect import collect
from coursekit.grading.marks.exports import rows
from coursekit.grading.sandbox import picture, room, seccomp
from coursekit.grading.sandbox.picture import Pictures
from coursekit.grading.sandbox.room import SandboxError
from coursekit.grading.sandbox.sandbox import Sandbox, Trusted

from .conftest import SLUG, grade, put

ROOT = Path(__file__).resolve().parents[2]


def cells(*sources, names=("x",)):
    listed = [
        {"index": number, "kind": "answer", "source": source, "names": []} for number, source in enumerate(sources)
    ]
    return [*listed, {"index": len(sources), "kind": "check", "source": "", "names": list(names)}]


def fake_bwrap(tmp_path, monkeypatch, script):
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/nowhere")


@pytest.mark.parametrize(
    "script, reason",
    [
        (None, "bwrap .bubblewrap. is not installed"),
        ("echo 'setting up uid map: Permission denied' >&2; exit 1", "setting up uid map: Permission denied"),
        ('while [ "$1" != "--" ]; do shift; done; shift; exec "$@"', "cannot make a sandbox"),
    ],
)
def test_without_isolation_nothing_runs_and_the_cures_are_named(tmp_path, monkeypatch, script, reason):
    monkeypatch.setattr(room, "SECONDS", 2)
    if script:
        fake_bwrap(tmp_path, monkeypatch, script)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match=reason) as caught:
        sandbox.probe()
    for cure in ("AppArmor", "Docker", "WSL", "--trust-students"):
        assert cure in str(caught.value)


def with_binds(monkeypatch, *binds):
    """Rooms that also show these folders: pairs of a folder and its place in the room."""
    real = room.command

    def command(data, limits):
        line, end = real(data, limits)[:-4], ["--remount-ro", "/", "--chdir", room.DESK]
        for source, place in binds:
            for parent in reversed(Path(place).parents[:-1]):
                line += ["--perms", "0755", "--dir", str(parent)]
            line += ["--ro-bind", str(source), place]
        return line + end

    monkeypatch.setattr(room, "command", command)


@pytest.mark.parametrize("place", ["/etc", "/home/letters", "/root/letters", "/mnt/disk"])
def test_a_room_that_leaks_is_noticed(monkeypatch, tmp_path, place):
    """If the room showed more than it must, the probe would name it: the probe can fail."""
    (tmp_path / "secret").write_text("x")
    with_binds(monkeypatch, (tmp_path, place))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match=f"The sandbox leaks \\({place}.* can be seen"):
        sandbox.probe()


def test_python_in_a_home_folder_is_no_leak_but_its_neighbours_are(monkeypatch, tmp_path):
    """The README's way puts the environment below the instructor's home."""
    (tmp_path / "lib").mkdir()
    home = "/home/ann/course/.venv"
    monkeypatch.setattr("coursekit.grading.sandbox.sandbox.python_folders", lambda: [*room.python_folders(), home])
    with monkeypatch.context() as patch:
        with_binds(patch, (tmp_path, home))
        with Sandbox() as sandbox:
            sandbox.probe()
    with_binds(monkeypatch, (tmp_path, home), (tmp_path, "/home/ann/course/spring"))
    with Sandbox() as sandbox, pytest.raises(SandboxError, match=r"leaks \(/home/ann/course/spring can be seen\)"):
        sandbox.probe()


def test_the_grader_refuses_and_trust_is_printed_everywhere(course, release, tmp_path, honest, monkeypatch):
    put(tmp_path / "in", "ann", honest())
    collect(course, release, tmp_path / "in")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "which", lambda name, *rest: None)
        with pytest.raises(SandboxError, match="cannot be isolated"):
            grade(course, SLUG, workers=1, limits={"seconds": 9})
    assert [row["total"] for row in rows(course, release)] == [None] and not (course.root / "results").exists()
    summary = grade(course, SLUG, workers=1, trusted=True, limits={"seconds": 60})
    assert summary.trusted and summary.counts["waiting"] == 1
    found = rows(course, release)[0]["questions"]
    assert (found["q1"], found["q2"], found["q3"]) == (4, 3, 4)


def test_trusted_runs_keep_the_clean_check_and_the_attempts():
    outcome = Trusted().run(cells("import os\nos._exit(1)", "x = 3"), {"seconds": 2})
    assert outcome.done[0]["error"] == "The cell ended the whole process." and outcome.answers[2]["x"]["v"] == 3


CHART = "import altair as alt\nx = alt.Chart(alt.Data(values=[])).mark_bar()\n"


@pytest.mark.parametrize(
    "sources",
    [
        ("display(x)\nx.title = 'late'",),
        ("display(x)\nx.title = 'late'\n1 / 0",),
        ("x", "x.title = 'late'"),
        ("x.title = 'late'\nx",),
    ],
)
def test_a_chart_is_sent_as_it_stands_when_it_is_asked_for(sources):
    """What was coded to be shown is not sent for an answer that code has changed since."""
    outcome = Trusted().run(cells(CHART + sources[0], *sources[1:]))
    assert outcome.answers[len(sources)]["x"]["v"]["title"] == "late"


def test_the_template_knows_the_schemas_that_altair_would_compute():
    program = """
import altair, numpy
from altair.utils.schemapi import _FromDict
compute, found = _FromDict.hash_schema, lambda: dict(_FromDict(altair.X._default_wrapper_classes()).class_dict)
known = found()
chart = altair.Chart({"values": []}).mark_bar().encode(x="a:N", y=altair.Y("sum(b):Q").scale(zero=False))
before = chart.to_dict()
from coursekit.grading.sandbox.warm import warm
warm()
assert _FromDict.hash_schema is not compute
schemas = [kind._schema for kind in altair.X._default_wrapper_classes() if kind._schema is not None] + [{"type": "a"}]
assert len(schemas) > 500
for schema in schemas:
    assert all(_FromDict.hash_schema(schema, way) == compute(schema, way) for way in (True, False)), schema
again = altair.Chart({"values": []}).mark_bar().encode(x="a:N", y=altair.Y("sum(b):Q").scale(zero=False))
assert again.to_dict() == before == chart.to_dict()
assert altair.X._default_wrapper_classes() is altair.Y._default_wrapper_classes()
assert {name: kinds for name, kinds in found().items() if kinds} == known

class Own(altair.VegaLiteSchema):
    _schema = {"type": "a student's own"}

assert found()[compute(Own._schema)] == [Own] and len(found()) == len(known) + 1
assert again.to_dict() == before
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_three_deadly_cells_are_the_limit():
    with Sandbox() as sandbox:
        kill = "import os\nos._exit(1)"
        two = sandbox.run(cells(kill, "x = 1", kill), {"seconds": 2})
        assert two.attempts == 3 and two.answers[3]["x"]["v"] == 1
        three = sandbox.run(cells(kill, kill, kill, "x = 1"), {"seconds": 2})
        assert three.attempts == 3 and 4 not in three.answers


def test_limits_are_what_the_caller_says():
    with Sandbox() as sandbox:
        small = sandbox.run(cells("x = len(bytearray(400 << 20))"), {"megabytes": 300})
        large = sandbox.run(cells("x = len(bytearray(400 << 20))"), {"megabytes": 2000})
    assert small.done[0]["error"] == "MemoryError" and large.answers[1]["x"]["v"] == 400 << 20


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else for this test")
def test_an_ordinary_user_can_grade(tmp_path):
    """The same probe, run without root's rights in a user namespace."""
    program = "from coursekit.grading.sandbox.sandbox import Sandbox\nimport os\nassert os.geteuid() == 1000\nwith Sandbox() as s: s.probe()\nprint('held')"
    answer_ = subprocess.run(
        [
            "bwrap",
            "--unshare-user",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--dev-bind",
            "/",
            "/",
            "--",
            sys.executable,
            "-c",
            program,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer_.stdout == "held\n", answer_.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="users keep their own number")
def test_root_never_runs_student_code():
    with Sandbox() as sandbox:
        outcome = sandbox.run(cells("import os\nx = [os.getuid(), os.getgid(), os.getgroups()]"))
    uid, gid, groups = (item["v"] for item in outcome.answers[1]["x"]["v"])
    assert uid in room._STUDENT_UIDS and gid == uid and groups == []


@pytest.mark.skipif(not seccomp.supported(), reason="no filter for this machine type")
def test_system_call_filter_has_the_kernels_numbers():
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        pytest.skip("kernel headers are not installed")
    text = header.read_text()
    for name, (number, _) in seccomp._REFUSED.items():
        assert f"#define __NR_{name} {number}\n" in text, name


def test_charts_cannot_read_files_or_poison_the_next():
    artist = Pictures()
    bar = {
        "mark": "bar",
        "data": {"values": [{"a": "x", "b": 3}]},
        "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
    }
    before = artist.draw(bar)
    assert before and before.startswith(b"\x89PNG")
    stolen = artist.draw({**bar, "data": {"url": "file:///etc/hostname", "format": {"type": "csv"}}})
    empty = artist.draw({**bar, "data": {"values": []}})
    assert stolen is None or abs(len(stolen) - len(empty)) < 400
    for hostile in ({"mark": "nothing"}, {"mark": "bar", "width": 1e9}, {"mark": "bar", "data": {"values": 3}}, {}):
        artist.draw(hostile)
    assert artist.draw(bar) == before
    artist.close()


def test_charts_of_two_hand_ins_are_drawn_side_by_side(monkeypatch):
    """Each drawing waits here for the other: with one renderer for all, nobody would come."""
    made, meeting = [], threading.Barrier(2, timeout=10)

    class Meeting:
        def __init__(self, trusted):
            made.append(self)

        def draw(self, spec):
            meeting.wait()
            return b"png"

        def close(self):
            made.remove(self)

    monkeypatch.setattr(picture, "Renderer", Meeting)
    artist = Pictures()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(artist.draw, [{"mark": "bar"}] * 6)) == [b"png"] * 6
    assert len(made) == 2, "renderers are used again"
    artist.close()
    assert made == []


def test_a_worn_out_renderer_is_replaced_and_the_picture_drawn(monkeypatch):
    made = []

    class WearsOut:
        def __init__(self, trusted):
            self.left = 2
            made.append(self)

        def draw(self, spec):
            self.left -= 1
            return b"png" if self.left >= 0 else None

        def close(self):
            made.remove(self)

    monkeypatch.setattr(picture, "Renderer", WearsOut)
    artist = Pictures()
    assert [artist.draw({"mark": "bar"}) for _ in range(5)] == [b"png"] * 5
    assert len(made) <= 1
