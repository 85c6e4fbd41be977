"""The benchmark of the grading still runs: its hand-ins get all points, and nbgrader can be given the same."""

import os

from bench import grading


def test_the_benchmark_grades_its_own_hand_ins(release, tmp_path):
    cores = sorted(os.sched_getaffinity(0))[:1]
    wall, spent = grading._ours(tmp_path / "ours", release, 2, 1, cores)
    assert wall > 0 and spent > 0


def test_the_hand_ins_for_nbgrader_hold_the_hidden_checks(release):
    made = {cell["id"]: cell for cell in grading._for_nbgrader(release, "s0000")["cells"]}
    hidden = [cell for cell in release.of_kind("check") if cell["hidden"]]
    assert hidden
    for cell in hidden:
        assert made[cell["id"]]["metadata"]["nbgrader"]["points"] == cell["points"]
        compile(made[cell["id"]]["source"], cell["id"], "exec")
