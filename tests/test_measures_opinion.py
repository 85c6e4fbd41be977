"""Opinion polls: one share, a rise, views of members, and the checks of sums, worked by hand."""

import pytest
from small import rows, use

from coursekit.tables import TableError
from ip4.measures import opinion

POLLS = """pollster, survey_year, population, iso3, question,       about, answer,      pct
           P,        2024,        SWE,        SWE,  favourable_view, NATO, favourable,   70
           P,        2024,        SWE,        SWE,  favourable_view, NATO, unfavourable, 25
           P,        2025,        SWE,        SWE,  favourable_view, NATO, favourable,   66
           P,        2024,        POL,        POL,  favourable_view, NATO, favourable,   90
           P,        2024,        JPN,        JPN,  favourable_view, NATO, favourable,   50
           P,        2024,        NATO_MEDIAN, ,    favourable_view, NATO, favourable,   80
           Q,        2025,        ASEAN10,    ,     choice,          USA,  named,        52
           Q,        2025,        IDN,        IDN,  choice,          USA,  named,        44
           Q,        2025,        IDN,        IDN,  choice,          CHN,  named,        58
           Q,        2025,        ASEAN10,    ,     trust,           JPN,  trust,        60
           Q,        2025,        ASEAN10,    ,     trust,           JPN,  distrust,     30
           Q,        2025,        ASEAN10,    ,     trust,           USA,  trust,        45"""
JOINED = """iso3, organisation, status, join_year
            SWE,  NATO,         member, 2025
            POL,  NATO,         member, 1999"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    groups = {"NATO": ["POL", "SWE"], "EU": ["SWE"]}
    names = rows("iso3, name\nSWE, Sweden\nPOL, Poland")
    use(monkeypatch, opinion, groups, opinion_polls=rows(POLLS), memberships=rows(JOINED), countries=names)


def test_one_share_is_found_by_as_many_words_as_it_needs():
    assert opinion.share("SWE", "favourable_view", 2024, answer="favourable") == 70
    assert opinion.share("ASEAN10", "trust", 2025, "USA") == 45
    assert opinion.share("ASEAN10", "trust", 2025, about="JPN", answer="distrust") == 30


@pytest.mark.parametrize(("words", "found"), [(("SWE", "favourable_view", 2024), 2), (("SWE", "trust", 2024), 0)])
def test_more_or_less_than_one_row_is_refused(words, found):
    with pytest.raises(TableError, match=f"{found} rows fit SWE, .*, 2024; exactly one is needed"):
        opinion.share(*words)


def test_a_rise_is_in_points_and_a_fall_is_negative():
    assert opinion.rise("SWE", "favourable_view", 2024, 2025, answer="favourable") == -4


def test_views_are_those_of_members_of_the_year_one_a_state():
    assert opinion.views_of_nato(2024).to_dict() == {"SWE": 70, "POL": 90}
    assert opinion.views_of_nato(2024, "EU").to_dict() == {"SWE": 70}


def test_views_by_states_that_were_members_by_then():
    assert opinion.views_by_members() == 2  # Poland 2024, Sweden 2025; not Sweden 2024, never Japan


def test_the_mean_of_ten_implies_the_one_that_is_missing():
    assert opinion.implied_tenth("choice", 2025, "USA") == 10 * 52 - 44


def test_sums_of_a_question_and_of_what_was_said_about_one_thing():
    assert opinion.sums(answer="named").max() == 102
    assert opinion.sums("trust", by_about=True).tolist() == [90, 45]
    assert opinion.sums("trust").tolist() == [135]


def test_views_in_the_eu_stand_in_the_order_of_the_first_year():
    found = opinion.eu_views()
    assert found.to_numpy().tolist() == [["Sweden", "2024", 70], ["Sweden", "2025", 66]], "Poland is in no EU here"


CHOICES = """survey_year, population, iso3, question,        about, pct
             2021,        ASEAN10,    ,     choice_us_china, USA,   60
             2025,        ASEAN10,    ,     choice_us_china, USA,   50
             2021,        IDN,        IDN,  choice_us_china, USA,   64
             2025,        IDN,        IDN,  choice_us_china, USA,   28
             2025,        IDN,        IDN,  choice_us_china, CHN,   72
             2021,        KHM,        KHM,  choice_us_china, USA,   54"""


def test_choices_in_two_surveys(monkeypatch):
    known = rows("iso3, short_name\nIDN, Indonesia\nKHM, Cambodia")
    use(monkeypatch, opinion, opinion_polls=rows(CHOICES), countries=known)
    found = opinion.choices().set_index("state")
    assert list(found.index) == ["Indonesia", opinion.TEN], "in the order of the last survey"
    assert found.loc["Indonesia"].tolist() == [64, 28, -36]
    monkeypatch.setattr(opinion, "share", lambda *which, **more: {2021: 64.0, 2025: 28.0}[which[2]])
    assert opinion.choice_change("IDN") == -36 and opinion.not_asked() == ["Cambodia"]


POWERS = """pollster, survey_year, population, question,          about, answer,   pct
            ISEAS,    2023,        ASEAN10,    influence_political, EU,   named,    5
            ISEAS,    2023,        ASEAN10,    influence_political, CHN,  named,    41
            ISEAS,    2024,        ASEAN10,    influence_political, CHN,  named,    44
            ISEAS,    2024,        ASEAN10,    influence_political, USA,  named,    26
            ISEAS,    2025,        ASEAN10,    trust,               EU,   trust,    52
            ISEAS,    2025,        ASEAN10,    trust,               EU,   distrust, 20
            ISEAS,    2025,        ASEAN10,    trust,               CHN,  trust,    37
            ISEAS,    2025,        ASEAN10,    third_party,         EU,   named,    36
            ISEAS,    2025,        IDN,        trust,               EU,   trust,    60
            Lowy,     2025,        ASEAN10,    trust,               EU,   trust,    99"""


def test_powers_beside_the_one_named_most(monkeypatch):
    use(monkeypatch, opinion, opinion_polls=rows(POWERS))
    assert len(opinion.powers()) == 7  # no distrust, no single country, no other pollster
    found = opinion.beside_front()
    eu = found[found.power == "the EU"]
    assert eu[["asked", "share", "front", "who"]].values.tolist() == [
        ["trusted to do right, 2025", 52, 52, "the EU"],
        ["most influential, politics, 2023", 5, 41, "China"],  # 2024 has no figure for the EU
    ]  # as third party nobody else is known
    said = opinion.beside_front_captions(found).set_index("power").caption
    assert said["the EU"] == (
        "The EU is first in: trusted to do right, 2025. Lowest in: most influential, politics, 2023 (5.0 per cent)"
    )
    assert said["the United States"].startswith("The United States is first in: no question.")


def test_three_questions_of_one_survey_and_their_captions(monkeypatch):
    more = (
        POWERS
        + """
            ISEAS,    2023,        ASEAN10,    trust,               EU,   trust,    51
            ISEAS,    2023,        ASEAN10,    third_party,         EU,   named,    43"""
    )
    use(monkeypatch, opinion, opinion_polls=rows(more))
    assert opinion.seen("EU", 2023).to_dict() == {"trust": 51, "third": 43, "power": 5}
    said = opinion.power_captions(opinion.powers()).set_index("question").caption
    assert said["wanted as third party"] == "The EU, wanted as third party, per cent: 43.0 in 2023, 36.0 in 2025"
