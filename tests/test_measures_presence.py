"""Forward presence: vintages of battlegroups, promised and present brigades, quiet years; worked by hand."""

import pandas as pd
import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import institutions, presence

GROUPS = """host_iso3, as_of, as_of_precision, established_year, personnel
            EST, 2017-03-01, month, 2017,
            EST, 2018-01-01, year,  2017,
            EST, 2022-06-28, day,   2017, 1000
            LTU, 2022-06-28, day,   2017, 1600
            FIN, 2025-06-24, day,   2026,"""
CONTRIBUTORS = """host_iso3, as_of, iso3, role, status
                  EST, 2017-03-01, GBR, framework,   planned
                  EST, 2017-03-01, FRA, contributor, planned
                  EST, 2018-01-01, GBR, framework,   reported
                  EST, 2018-01-01, DNK, contributor, reported
                  FIN, 2025-06-24, SWE, framework,   planned"""
BRIGADES = """host_iso3, as_of, step, personnel
              LTU, 2024-04-09, promised, 4000
              LTU, 2025-05-30, in place, 400
              LTU, 2026-02-04, in place, 2000
              EST, 2024-10-17, promised,"""
NAMES = """iso3, name
           EST, Estonia
           LTU, Lithuania
           FIN, Finland
           NOR, Norway
           GBR, Britain
           FRA, France
           DNK, Denmark
           SWE, Sweden"""
EVENTS = """event_id, actors
            art5-2001, NATO;USA
            nato-founding, NATO;USA;NOR"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frames = {
        "battlegroups": rows(GROUPS, "as_of"),
        "battlegroup_contributors": rows(CONTRIBUTORS, "as_of"),
        "brigades": rows(BRIGADES, "as_of"),
        "countries": rows(NAMES),
        "chronology": rows(EVENTS),
    }
    use(monkeypatch, presence, **frames)
    use(monkeypatch, institutions, **frames)
    joined = pd.Series({"EST": 2004, "LTU": 2004, "FIN": 2023, "NOR": 1949})
    monkeypatch.setattr(presence, "members_since", lambda group: joined)


def test_nations_by_date_and_part():
    found = presence.nations().query("host == 'Estonia'")
    assert found[["date", "nation", "part", "planned"]].to_numpy().tolist() == [
        ["2017-03", "Britain", "leads", True],
        ["2017-03", "France", "takes part", True],
        ["2018", "Britain", "leads", False],
        ["2018", "Denmark", "takes part", False],
    ]
    captions = presence.nations_captions().set_index("host").caption
    assert captions["Estonia"] == "Estonia: 3 nations named at 2 dates, led by Britain"
    assert captions["Finland"] == "Finland: 1 nation named at 1 date, led by Sweden"


def test_a_promise_is_not_a_presence():
    assert presence.brigade("LTU", "promised") == 4000 and presence.brigade("LTU", "in place") == 2000
    assert pd.isna(presence.brigade("EST", "promised"))
    assert presence.kept("LTU") == 50 and presence.grown("LTU") == 25
    with pytest.raises(TableError, match="nothing is exercised for LTU"):
        presence.brigade("LTU", "exercised")


def test_promises_hold_known_numbers_only_and_the_last_of_each_step():
    found = presence.promises()
    assert found[["host", "what", "soldiers", "when"]].to_numpy().tolist() == [
        ["Lithuania", "June 2022", 1600, "2022-06"],
        ["Lithuania", "promised", 4000, "2024-04"],
        ["Lithuania", "in place later", 2000, "2026-02"],
    ]


def test_quiet_years_count_the_years_of_joining_and_of_setting_up():
    found = presence.quiet_years(2026).set_index(["iso3", "phase"]).years
    assert found["EST", "without a battlegroup"] == 13 and found["EST", "with one"] == 10
    assert found["FIN", "without a battlegroup"] == 3 and found["FIN", "with one"] == 1
    assert found["NOR", "without a battlegroup"] == 78 and ("NOR", "with one") not in found
    assert presence.years() == 21 and presence.years("NOR") == 0
    assert presence.years(phase="without a battlegroup") == 13 + 13 + 3 + 78


def test_calls_on_article_5_name_the_state():
    assert presence.called() == 1 and presence.called("USA") == 1 and presence.called("NOR") == 0
    assert presence.filled("EST", "calls") == 0 and presence.filled("EST", "with one") == 10
