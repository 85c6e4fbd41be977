"""Evaluations of missions, counted by hand."""

import pytest
from small import rows, use

from ip4.measures import missions

TABLE = """mission_id, mission, place, task,    start_year, evaluator, evaluation_year, judgement,  finding
           a,          Army,    A,     build,   2010,       X,         2015,            partly,     some
           a,          Army,    A,     build,   2010,       Y,         2016,            not enough, little
           b,          Boats,   B,     protect, 2008,       X,         2012,            success,    well
           c,          Monitors, C,    watch,   2012,       Z,         2013,            success,    well"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    use(monkeypatch, missions, mission_evaluations=rows(TABLE))


def test_missions_that_watch_stand_first_and_those_that_build_last():
    found = missions.judged()
    assert found.mission.tolist() == ["Monitors", "Boats", "Army", "Army"]
    assert found.task.iloc[0] == "watch" and found.evaluated.tolist() == [2013, 2012, 2015, 2016]


def test_counts():
    assert missions.missions() == 3 and missions.evaluations() == 4
    assert missions.evaluations("success", build=False) == 2 and missions.evaluations("success", build=True) == 0
    assert missions.evaluations(build=True) == 2
