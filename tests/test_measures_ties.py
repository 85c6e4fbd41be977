"""Ties of the partners with the EU and ASEAN on small tables worked by hand."""

import pandas as pd
import pytest
from small import rows, use

from ip4.measures import chronology, ties

EVENTS = """event_id,    date,       date_precision, actors
            eu-jpn-sdp,  2023-07-21, day,            EU;JPN
            tac-jpn,     2004-01-01, year,           ASEAN;JPN
            tac-aus,     2021-12-01, month,          ASEAN;AUS
            eu-nzl-fpa,  2022-07-02, day,            EU;NZL
            eu-chn-else, 2010-01-01, year,           EU;CHN
            madrid-ip4,  2022-07-02, day,            NATO;AUS;JPN;KOR;NZL"""
STATES = """iso3, name
            AUS, Australia
            JPN, Japan
            KOR, South Korea
            NZL, New Zealand
            CHN, China"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    events = rows(EVENTS, "date")
    summits = pd.DataFrame({"summit_id": ["2023-vilnius"], "start_date": pd.to_datetime(["2023-07-11"])})
    use(monkeypatch, ties, chronology=events, countries=rows(STATES))
    use(monkeypatch, chronology, chronology=events, summits=summits)
    monkeypatch.setattr(ties, "members", lambda group: ["AUS", "JPN", "KOR", "NZL"])


def test_each_tie_is_dated_as_far_as_it_is_known():
    found = ties.ties()
    assert found.step.tolist() == [
        "Japan: ASEAN treaty",
        "Australia: ASEAN treaty",
        "New Zealand: EU missions",
        "Japan: EU security",
    ]  # China's event is no tie of the three kinds
    assert found.date.tolist() == ["2004", "Dec 2021", "2 Jul 2022", "21 Jul 2023"]
    assert found["first"].tolist() == [2004, 2021.915, 2022.499, 2023.551]  # 334, 182 and 201 days of 365 before them
    assert found["last"].tolist() == [2005, 2022, 2022.499, 2023.551]
    assert found.middle.tolist()[:2] == [2004.5, 2021.958]
    assert found.ties.tolist() == ["ASEAN", "ASEAN", "the EU", "the EU"]


def test_captions_count_partners_and_days():
    said = ties.tie_captions(ties.ties()).set_index("ties").caption
    assert said[ties.BOTH].endswith("2 of 2 ties with ASEAN and 1 of 2 ties with the EU")  # the day itself counts
    assert "missions with 1 of 4, a security partnership with 1, the first 10 days after Vilnius" in said[ties.EU]
    assert said[ties.ASEAN] == "ASEAN: its treaty binds 2 of 4; Australia came last, 1 years before Madrid"


def test_days_and_years_between_a_tie_and_a_summit():
    assert ties.days_after_vilnius() == 10
    assert ties.years_before_madrid() == pytest.approx(213 / 365.25)
    assert ties.summit_year() == 2022.499
