"""The article as an argument, and its claims with one word changed: cases by hand, then what must hold on the data."""

import pandas as pd
import pytest

from ip4.explorers import reading
from ip4.measures import argument, rewordings, three_words


@pytest.fixture
def small(monkeypatch):
    """Three claims, one re-test each way, worked by hand."""
    tables = {
        "claims": pd.DataFrame(
            {
                "claim_id": ["C01", "C02", "C03"],
                "paragraph": [1, 1, 2],
                "kind": ["descriptive", "predictive", "predictive"],
                "testable": ["yes", "no", "yes"],
                "chapter": [4, 9, 9],
                "paraphrase": ["A is so.", "B may come.", "C comes."],
            }
        ),
        "claim_verdicts": pd.DataFrame(
            [
                ("C01", "then", "held up", "high"),
                ("C01", "now", "mixed", "low"),
                ("C02", "then", "open", None),
                ("C02", "now", "open", None),
                ("C03", "then", "held up", "low"),
                ("C03", "now", "held up", "medium"),
            ],
            columns=["claim_id", "as_of", "verdict", "confidence"],
        ),
        "claim_words": pd.DataFrame(
            [
                ("C01", "weaker", "most", "quantity", "some", "Some A.", "held up", "1 > 0"),
                ("C01", "stronger", "most", "quantity", "all", "All A.", "did not hold", None),
                ("C02", "stronger", "may", "certainty", "does", "B comes.", "open", None),
            ],
            columns=["claim_id", "direction", "word", "family", "changed", "reading", "verdict", "rule"],
        ),
        "claim_links": pd.DataFrame(
            [
                ("C02", "C03", "supports", "So."),
                ("C01", "C03", "supports", "Thus."),
                ("C01", "C02", "contrasts", "But."),
            ],
            columns=["from_claim", "to_claim", "relation", "reading"],
        ),
    }
    for module in (rewordings, argument):
        monkeypatch.setattr(module, "load", lambda name: tables[name].copy())
    return tables


def test_re_tests_are_counted_by_claim_direction_and_family(small):
    assert rewordings.claims_with_a_word() == 2
    assert rewordings.claims_that_move() == 1  # C01 moves both ways and counts once
    assert (rewordings.claims_that_move("weaker"), rewordings.claims_tried("stronger")) == (1, 2)
    assert (rewordings.claims_that_move(by_numbers=True), rewordings.claims_tried(by_numbers=True)) == (1, 1)
    assert rewordings.claims_that_move(without="quantity") == 0
    assert rewordings.by_family().to_dict("index") == {
        "quantity": {"tried": 2, "moved": 2},
        "certainty": {"tried": 1, "moved": 0},
    }
    assert rewordings.rescued() == 1
    assert [rewordings.claims_that_aged(which) for which in (None, "weaker", "stronger")] == [1, 1, 1]  # C01 alone
    assert rewordings.verdict_with("C01", "stronger") == "did not hold"
    with pytest.raises(KeyError):
        rewordings.verdict_with("C02", "weaker")


def test_a_stricter_judge_moves_the_balance(small):
    held = {test: rewordings.balance(test)["held up"] for test in rewordings.TESTS}
    assert held == {
        "as judged in July 2023": 2,
        "as judged today": 1,
        "with a weaker word": 2,
        "with a stronger word": 1,
        "medium confidence at least": 1,
        "mixed counts as failed": 1,
    }
    assert rewordings.strictest() == "as judged today"  # the first of those with fewest
    assert rewordings.balance("medium confidence at least")["open"] == 2  # C01 is of low confidence, C02 stays open
    assert rewordings.balance("mixed counts as failed")["did not hold"] == 1
    assert rewordings.balance(kind="predictive", paragraph="2").to_dict() == dict.fromkeys(rewordings.VERDICTS, 0) | {
        "held up": 1
    }


def test_every_setting_of_the_lab_is_told(small):
    rows = rewordings.balances()
    said = rewordings.captions_of_balances(rows).set_index(["test", "kind", "paragraph"]).caption
    assert said["as judged today", "all kinds", "all"] == "1 of 3 held up, 1 mixed, 0 did not hold"
    assert said["as judged today", "descriptive", "2"] == "No claim of this kind stands in this paragraph"
    assert rewordings.in_words(rewordings.balance()) == said["as judged today", "all kinds", "all"]
    assert len(said) == len(rewordings.TESTS) * 3 * 3


def test_the_table_of_words_has_each_claim_as_it_stands_and_changed(small):
    rows = rewordings.table_of_words().query("claim == 'C01'")
    assert list(rows.says) == ["Some A.", "A is so.", "All A."]
    assert list(zip(rows.place, rows.word, rows.sign, rows.moves, strict=True)) == [
        ("weaker", "some", "✓", True),
        ("as it stands", "most", "◐", False),
        ("stronger", "all", "✗", True),
    ]
    assert rewordings.captions_of_words().caption[0] == "Words of quantity: 2 of 2 re-tests give another verdict"
    assert rewordings.title_of_words("certainty") == (
        "In 1 of 2 claims one word decides the verdict; words of certainty: 0 of 1 re-tests"
    )


def test_a_weaker_word_that_does_worse_is_found(small):
    assert rewordings.against_logic() == []
    small["claim_words"].loc[0, "verdict"] = "did not hold"
    assert rewordings.against_logic() == ["C01 weaker"]


def test_a_rule_that_no_longer_holds_is_found(monkeypatch):
    words = pd.DataFrame(
        [("C03", "weaker", "c03_eu == 27"), ("C03", "stronger", "c03_eu > 27"), ("C06", "stronger", None)],
        columns=["claim_id", "direction", "rule"],
    )
    load = rewordings.load
    monkeypatch.setattr(rewordings, "load", lambda name: words if name == "claim_words" else load(name))
    assert rewordings.broken() == ["C03 stronger"]


def test_every_re_test_stands_on_the_ledgers_numbers_and_obeys_logic():
    assert rewordings.broken() == [] and rewordings.against_logic() == []


def test_the_find_survives_each_family_left_out_and_re_tests_without_numbers():
    """The chapter says that one word moves more verdicts than three years did, however the words are counted."""
    years = argument.changed()
    counted = [rewordings.claims_that_move(without=family) for family in rewordings.by_family().index]
    assert min([rewordings.claims_that_move(by_numbers=True), *counted]) > years
    for direction in (None, "weaker", "stronger"):
        assert rewordings.claims_that_move(direction) > rewordings.claims_that_aged(direction)  # on the same claims


def test_the_argument_is_walked_by_paragraph(small):
    rows = argument.steps()
    assert list(rows.from_claim + rows.to_claim) == ["C01C03", "C01C02", "C02C03"]
    assert rows.relation[1] == "≠ contrasts with" and argument.step_rows().relation[1] == "contrasts with"
    assert rows.from_words[0] == "C01 (descriptive, mixed; chapter 4)\nA is so."
    ends, words = argument.told()
    assert words.words[0].split(argument.GAP)[1] == "↓ supports"
    ends = ends.query("step == 1")
    assert list(zip(ends.end, ends.claim_id, ends.place, strict=True)) == [
        ("from_claim", "C01", 1),
        ("to_claim", "C03", 1),  # the first of its own paragraph
    ]
    assert (argument.inward("C03"), argument.inward("C02", "supports"), argument.shaky("C03")) == (2, 0, 2)


def test_kinds_and_verdicts_are_counted(small):
    rows = argument.kinds_by_paragraph().set_index(["paragraph", "kind"])
    assert tuple(rows.loc[(1, "predictive"), ["claims", "can fail"]]) == (1, 0)
    assert len(rows) == 8 * 5
    assert argument.kind_captions().set_index("kind").caption["predictive"] == (
        "Predictive: 2 claims, 1 of them testable in full, in paragraphs 1, 2"
    )
    assert argument.kind_title() == "0 of 2 forecasts stand in the last two paragraphs, where advice is given"
    assert list(argument.verdict_captions().caption) == [
        "As of July 2023, 2 claims held up, 1 of them descriptive",
        "As of today, 1 claims held up, 0 of them descriptive",
    ]
    assert (argument.changed(), argument.changed("predictive"), argument.of_kind("predictive", 2)) == (1, 0, 1)
    assert argument.verdict_title().startswith("1 claims have another verdict")


def test_the_words_of_a_step_fit_their_room():
    words = argument.words_of_steps().words.str.split("\n")
    assert words.explode().str.len().max() <= argument.LINE
    assert words.str.len().max() <= 17, "the picture of the map has room for so many lines"
    assert argument.places().place.max() <= 11
    assert argument.bet_title().startswith(f"{argument.inward('C54', 'supports')} claims lead straight")
    assert argument.signs_in_words().endswith("? not testable.")


@pytest.mark.parametrize(
    ("counts", "passed"),
    [([1, 3, 4], [True, True, True]), ([1, 4, 4], [False, True, False]), ([5, 1, 4], [True, False, False])],
)
def test_a_record_a_tie_and_a_rise_are_told_apart(counts, passed):
    assert [three_words.passes(pd.Series(counts), word) for word in three_words.RECORDS] == passed


def test_the_five_counts_end_with_the_articles_year():
    rows = three_words.series()
    assert set(rows.groupby("series").year.last()) == {three_words.YEAR} and rows.series.nunique() == 5
    assert three_words.holding("never more") >= three_words.holding("more than ever")
    table = three_words.record_table().set_index(["word", "series"])
    assert len(table) == 15 and set(table.sign) <= {"✓", "✗"}
    tie = table.loc[("more than ever", "Leaders of the four at the summit")]
    assert (tie.said, tie.verdict) == ("4:4", "fails")
    assert str(three_words.holding("never more")) in three_words.record_title()


def test_may_forbids_nothing_and_stops_forbids_one(monkeypatch):
    known = pd.DataFrame({"first_year": [1952, 2007, 2011, 2022, 2023]})
    monkeypatch.setattr(three_words.formats, "minilaterals", lambda: known)
    assert three_words.new_ties(1992, 2021) == 2
    assert three_words.pace() == pytest.approx(2 / 30)
    assert [three_words.forbidden_from(modal, 3) for modal in three_words.MODALS] == [None, pytest.approx(0.2), 1.0]
    rows = three_words.ties(2023).query("word == 'stops them'").set_index("year")
    assert (rows.ties[2023], rows.forbidden[2023]) == (4, 3.0) and pd.isna(rows.forbidden[2021])
    said = three_words.tie_captions(2023).caption
    assert said[0] == "‘NATO may stand in the way’: no count could prove it wrong, neither 2 new groupings nor none"
    assert said[2] == "‘NATO stops them’: wrong from 1 new grouping on; 2 came, so it is wrong"


def test_most_needs_its_denominator(monkeypatch):
    monkeypatch.setattr(
        three_words, "members", lambda group: {"EU": ["AUT", "DEU", "FRA", "ITA"], "NATO": ["DEU", "FRA"]}[group]
    )
    views = {2024: pd.Series({"DEU": 60.0, "FRA": 51.0, "ITA": 50.0}), 2025: pd.Series({"DEU": 40.0})}
    monkeypatch.setattr(three_words.opinion, "views_of_nato", lambda year, within: views[year])
    rows = three_words.shares()
    assert list(zip(rows.states, rows.out_of, strict=True)) == [(2, 4), (2, 3), (0, 1), (2, 4)]
    assert list(rows.share) == [50.0, 66.7, 0.0, 50.0]
    assert [three_words.passing(word) for word in three_words.ASKS] == [3, 1, 0, 0]
    assert three_words.reaches(90, "nearly all") and not three_words.reaches(50, "most")
    assert len(three_words.share_rows()) == 16
    assert three_words.share_captions().caption[1] == "‘most’ passes on 1 of 4 readings of the same sentence"


def test_the_explorer_names_what_moved(small, monkeypatch):
    monkeypatch.setattr(reading, "load", lambda name: small[name].copy())
    rows = reading.moved("with a stronger word")
    assert rows.to_dict("records") == [
        {"claim_id": "C01", "claim": "A is so.", "today": "mixed", "by_the_test": "did not hold"}
    ]
    assert reading.moved("with a stronger word", "predictive").empty


@pytest.mark.parametrize("test", rewordings.TESTS)
def test_the_explorer_draws_every_test(test):
    balance, *changes = reading.draw(test, reading.ALL_KINDS, "8")
    assert test in balance.words["title"]
    moved = reading.moved(test, paragraph="8")
    assert [len(figure.rows()) for figure in changes] == ([len(moved)] if len(moved) else [])
