"""Ten roll calls by state and by coalition: worked by hand on a small Assembly, then on the tables."""

import pytest
from small import rows, use

from coursekit.tables import load
from ip4 import groups
from ip4.explorers import coalitions as lab
from ip4.measures import ballots, maps, votes

CAST = """resolution, iso3, vote
          1,          AAA,  yes
          1,          BBB,  no
          1,          CCC,  abstain
          1,          DDD,  not_voting
          2,          AAA,  yes
          2,          BBB,  yes
          2,          CCC,  yes
          2,          DDD,  not_voting
          3,          AAA,  no"""
NAMES = """iso3, name, short_name, region, is_un_member
           AAA, Land A, A, Polynesia, true
           BBB, Land B, B, Caribbean, true
           CCC, Land C, C, Melanesia, true
           DDD, Land D, D, Caribbean, true
           EEE, Land E, E, Caribbean, false"""
PLACES = """map, iso3, place, outline
            Americas, BBB, Land B, M0
            Americas, , Somewhere, M1
            North Atlantic, AAA, Land A, M2"""


@pytest.fixture
def small(monkeypatch):
    cast = rows(CAST).assign(resolution=lambda d: d.resolution.astype(str))
    names = rows(NAMES)
    for module in (ballots, maps):
        use(monkeypatch, module, un_votes=cast, countries=names, map_outlines=rows(PLACES))
    use(monkeypatch, votes, un_votes=cast, countries=names)
    monkeypatch.setattr(ballots, "TEXTS", {"1": "first", "2": "second"})
    monkeypatch.setattr(ballots, "ORGANISED", {"the club": "CLUB"})
    monkeypatch.setattr(ballots, "GROUPS", ["the club", "Pacific island states"])
    monkeypatch.setattr(groups, "members", lambda group, on=None: ["AAA", "BBB"])


def test_each_vote_in_words_in_the_order_of_the_texts(small):
    found = ballots.ballots()
    assert found.text.tolist() == ["first"] * 4 + ["second"] * 4 and found.vote[3] == "not voting"
    assert ballots.by_state().loc["first", "CCC"] == "abstain"


def test_a_place_has_a_column_for_each_text(small):
    found = ballots.places().set_index("place")
    assert list(found.index) == ["B", "Somewhere"] and found["first"].tolist() == ["no", "no member"]
    assert maps.off_the_world() == ["A", "C", "D"]


def test_groups_by_list_and_by_region(small):
    assert ballots.states_of("the club") == ["AAA", "BBB"]
    assert ballots.states_of("Pacific island states") == ["AAA", "CCC"]
    assert ballots.states_of("Latin America and the Caribbean") == ["BBB", "DDD"], "UN members only"
    assert ballots.coalition(["the club", "Pacific island states"], ["BBB"]) == ["AAA", "CCC"]
    assert ballots.count("1", "yes", "the club") == 1
    with pytest.raises(KeyError):
        ballots.states_of("nobody")


def test_a_coalition_on_each_text(small):
    found = ballots.tally(["AAA", "BBB", "DDD"])
    first = found.query("text == 'first'").set_index("vote")
    assert first.states.to_dict() == {"yes": 1, "abstain": 0, "no": 1, "not voting": 1}
    assert set(first.yes_of) == {"1 of 3"} and first["index"].iloc[0] == pytest.approx((1 - 0.5) / 2)
    assert found.query("text == 'second'")["index"].iloc[0] == 1, "who did not vote does not count"
    assert ballots.united(["AAA", "BBB", "DDD"]) == 1


def test_two_groups_and_what_is_said(small):
    found = ballots.pairs()
    assert len(found) == 2 * 1 * 2 * 4
    said = ballots.pair_captions(found).set_index(["first", "second"]).caption
    assert said["the club", "the club"] == "The club, 2 states: least united on “first”, index 0.25"
    assert said["Pacific island states", "the club"].startswith("Pacific island states and the club, 3 states")
    assert ballots.least_united("the club", "the club") == "first"
    assert ballots.captions("the club").caption[0] == (
        "first: 1 yes, 1 abstain, 1 no, 1 not voting; 1 of 2 members of the club said yes"
    )


def test_who_stands_apart(small):
    """On the first text a yes, a no and an abstention have index 0; any two of them have a quarter."""
    assert ballots.matrix(["AAA", "BBB"]).loc["1"].tolist() == [1, 0]
    found = ballots.apart(["AAA", "BBB", "CCC"])
    assert found.tolist() == pytest.approx([0.125] * 3), "a quarter on one text of two"


# ---- on the tables


def test_all_members_are_there_on_all_texts():
    assert ballots.ballots().groupby("text").size().eq(193).all() and len(ballots.by_state()) == len(ballots.TEXTS)
    calls = load("un_resolutions").set_index("resolution")
    for key, text in ballots.TEXTS.items():
        assert ballots.captions().set_index("text").caption[text].startswith(f"{text}: {calls.yes[key]} yes")


def test_each_member_stands_on_a_map_or_is_named():
    outlines = load("map_outlines")
    drawn = outlines.iso3[outlines["map"].isin(maps.WORLD)].nunique()
    assert drawn + len(maps.off_the_world()) == 193


def test_the_lab_draws_any_coalition_and_refuses_none():
    tally, apart = lab.draw(("BRICS", "ASEAN"), lab.NOBODY)
    assert "20 states" in tally.words["title"] and "changes most without" in apart.words["title"]
    assert "without India" in lab.draw(("BRICS",), "IND")[0].words["title"]
    with pytest.raises(ValueError, match="at least one group"):
        lab.draw((), lab.NOBODY)


def test_the_lab_opens():
    assert len(lab.explore().children) == 2
