"""The ledger under other assumptions and the scorecard: cases by hand, then what must hold on the data."""

import pandas as pd
import pytest
from conftest import ROOT

from coursekit.files import read_yaml
from coursekit.tables import evaluate
from ip4.measures import argument, assumptions, bet, thresholds

WINDOW = assumptions.WINDOW


@pytest.fixture
def small(monkeypatch):
    """Two claims, two assumptions; C01 fails when its number is 4, C02 does not care."""
    tables = {
        "claim_verdicts": pd.DataFrame(
            [
                ("C01", "then", "held up", "high", "a > 0"),
                ("C01", "now", "did not hold", "low", "a > 5"),
                ("C02", "then", "mixed", "low", "b < 10"),
                ("C02", "now", "mixed", "low", "b < 10 and a2 >= 1"),
            ],
            columns=["claim_id", "as_of", "verdict", "confidence", "rule"],
        ),
        "claim_numbers": pd.DataFrame(
            [("C01", "a", "now", "6", 6.0), ("C02", "b", "now", "8", 8.0), ("C02", "a2", "now", "1", 1.0)],
            columns=["claim_id", "number_id", "as_of", "expression", "value"],
        ),
        "claim_assumptions": pd.DataFrame(
            [
                (WINDOW, "C01", "a", 'len("2023-08") - 3', "held up", "Why."),
                (WINDOW, "C02", "b", "9", "mixed", "Still."),
                ("one aircraft", "C01", "a", "7", "did not hold", "Still."),
            ],
            columns=["assumption", "claim_id", "number_id", "expression", "verdict", "why"],
        ),
        "claims": pd.DataFrame(
            {"claim_id": ["C01", "C02"], "quoted_term": ["a word", None], "paraphrase": ["A is so.", "B is so."]}
        ),
    }
    monkeypatch.setattr(assumptions, "load", lambda name: tables[name].copy())


def test_a_rule_is_crossed_when_the_new_number_breaks_it(small):
    rows = assumptions.trials()
    assert rows.crossed.tolist() == [True, False, False]
    table = assumptions.by_assumption(rows).set_index("assumption")
    one = table.loc[WINDOW]
    assert (one.touched, one.crossed, one.reworded, one.better, one.sure) == (2, 1, 1, 1, 0)
    long = assumptions.counted(rows)
    assert long.said[(long.assumption == "one aircraft")].tolist() == ["0 of 1"] * 3
    assert long[long.most & (long.verdicts > 0)].assumption.unique().tolist() == [WINDOW]
    said = "Most verdicts to judge again if all readings since Vilnius count: 1, elsewhere 0 at most"
    assert assumptions.counted_captions(long).caption.iloc[0] == said
    assert assumptions.crossed(WINDOW, rows) == ["C01"] and assumptions.numbers_behind(WINDOW, rows) == 1
    assert assumptions.inconsistent(rows) == [] and assumptions.broken_as_judged() == []
    assert assumptions.undone(rows) == 1  # held up, then did not hold, and held up again over the longer today


def test_views_of_what_moved(small):
    rows = assumptions.three_views()
    assert rows.verdict.tolist() == ["held up", "did not hold", "held up"] and rows.moves.tolist() == [
        False,
        True,
        True,
    ]
    assert rows.about.unique().tolist() == ["C01 a word"]  # C02 neither moved nor was crossed
    assert assumptions.against().view.tolist() == assumptions.VIEWS
    captions = assumptions.against_captions(assumptions.by_assumption())
    assert captions.caption.tolist() == [
        "If all readings since Vilnius count: 1 verdict to judge again, 1 of them with another word"
    ]


def test_a_verdict_that_changes_without_a_crossed_rule_is_named(small):
    rows = assumptions.trials().assign(verdict=["held up", "held up", "did not hold"])
    assert assumptions.inconsistent(rows) == [f"C02 {WINDOW}"]


def test_thresholds_are_moved_away_from_what_is_compared(small):
    assert thresholds._tightened("a > 4 and 5 < b < 50 and c == 3", 0.25) == "a > 5.0 and 6.25 < b < 37.5 and (c == 3)"
    assert thresholds._tightened("a - b >= 2 * c", 0.5) == "a - b >= 2 * c"  # no lone number
    assert thresholds.rules() == 2
    assert thresholds.stricter(0.1) == ["C02"]  # 1 is not 1.1
    assert thresholds.stricter(0.25) == ["C01", "C02"]  # 6 is not above 6.25


def test_the_longer_today_leads_and_the_ledger_stands_as_it_is():
    rows = assumptions.trials()
    table = assumptions.by_assumption(rows).set_index("assumption")
    assert assumptions.inconsistent(rows) == [] and assumptions.broken_as_judged() == []
    assert table.crossed.idxmax() == WINDOW and (table.crossed.drop(WINDOW) < table.crossed[WINDOW]).all()
    assert table.sure.idxmax() == WINDOW, "also without verdicts of low confidence"
    assert table.crossed["which votes"] == table.crossed["who is the South"] == 0, "the chapter says: nothing moves"
    views = assumptions.three_views(rows).set_index("claim")
    for claim in ("C36", "C41"):  # "read the rows on Washington"
        assert views.verdict[claim].tolist() == ["held up", "did not hold", "held up"]
    assert assumptions.ask_for_none(WINDOW, rows) == 4  # C04, C36, C37 and C41: none in the newest text or months
    assert assumptions.ask_for_none("estimates", rows) == 0
    assert table.better[WINDOW] == table.reworded[WINDOW], "the chapter says: each time in the article's favour"
    assert (rows.judged == rows.claim_id.map(argument.claims().set_index("claim_id").now)).all()


def test_the_stairs_go_down_to_none():
    rows = assumptions.staircase()
    assert rows.crossed.is_monotonic_decreasing and rows.crossed.iloc[-1] == 0
    assert rows.crossed.iloc[0] == len(assumptions.crossed(WINDOW))
    assert assumptions.crossed_from("2025-01") == rows.set_index("start").crossed["2025-01"] == 2
    assert assumptions.last_start_with("C36", rows) == "2025-01" and assumptions.last_start_with("C99", rows) == ""
    table = assumptions.load("claim_assumptions").query("assumption == @WINDOW")
    whole = table[table.expression.str.contains(assumptions.SINCE)]
    known = {claim_id: assumptions.numbers(claim_id) for claim_id in whole.claim_id.unique()}
    for start in ("2023-08", "2024-01", "2024-08", "2025-08"):  # all claims, and not only those crossed at first
        assert assumptions._stair(start, whole, known)["claims"] == rows.set_index("start").claims[start]
    captions = assumptions.stair_captions(rows).caption
    assert captions.iloc[-1] == "Today begins in August 2025: no verdicts to judge again"


def test_europe_without_the_american_part_by_hand(monkeypatch):
    shares = {"United States": 50.0}
    monkeypatch.setattr(
        assumptions.aid, "share", lambda who, first=None, last=None: 30.0 if isinstance(who, list) else shares[who]
    )
    assert assumptions.europe_of_others() == 60.0
    assert assumptions.summits_on_china("2024-07") == 1 and assumptions.summits_on_china("2024-08") == 0


def test_the_ledger_by_paragraph():
    rows = bet.by_paragraph()
    assert len(rows) == 2 * len(argument.claims()) and not rows.duplicated(["moment", "claim"]).any()
    assert rows[rows.moment == "today"].moved.sum() == argument.changed()
    assert sum(bet.moved_in(number) for number in range(1, 9)) == argument.changed()
    assert all(bet.moved_in(number) == 0 for number in bet.unmoved())
    assert bet.paragraph_captions(rows).caption.iloc[-1].startswith("As of today: 17 held up")


def test_open_claims_have_a_day_and_a_source():
    rows = bet.open_claims()
    assert rows.day.is_monotonic_increasing and rows.decides.notna().all()
    assert bet.open_title() == "Open claims to be decided: 1 by December 2026, 2 by July 2027, 3 by July 2030"
    assert bet.last_day("End of July 2027, after a meeting") == "2027-07-31"
    assert bet.last_day("End of 2026, when they run out") == "2026-12-31"
    with pytest.raises(ValueError, match="neither a month nor a year"):
        bet.last_day("some day")
    assert bet.judged_too_early() == rows.claim.tolist(), "the chapter says: all of them"
    assert bet.first_verdict("C43") == "did not hold" and bet.first_verdict("C17") == "held up"


def test_the_scorecard_by_hand():
    # autonomy: C47 and C51 are mixed, C56 is open: (0.5 + 0.5 + 0.8) / 3
    assert bet.scorecard(0.8)["autonomy"] == pytest.approx(0.6)
    assert bet.scorecard(1)["trust in the region"] == pytest.approx(0.75)  # C43 comes true, C46 is mixed
    assert bet.title() == "Against the bet 0.50: undecided"
    assert (bet.says(0.5), bet.says(0.7), bet.says(0.2)) == ("undecided", "short-sighted", "sound")


def test_every_setting_of_the_scorecard():
    rows = bet.scores()
    assert len(rows) == 81 * 5 and not rows.duplicated([*bet.COLUMNS, "chance"]).any()
    one = rows.query("deterrence == 0 and trust == 2 and ties == 1 and autonomy == 0 and chance == 1").iloc[0]
    assert (one.score, one.says) == (0.83, "short-sighted")  # (2 * 0.75 + 1) / 3
    assert one["sum"] == "(0·0.50 + 2·0.75 + 1·1.00 + 0·0.67) / 3"
    nothing = rows[rows[bet.COLUMNS].sum(axis=1) == 0]
    assert set(nothing.says) == {bet.NOTHING} and set(nothing.score) == {0.5} and set(nothing["sum"]) == {""}
    assert bet.that_say("undecided", 0.5) == 100 and bet.that_say("short-sighted", 1) == 97.5
    behind = [claim for claims in bet.CRITERIA.values() for claim in claims]
    leading = set(pd.read_csv(ROOT / "data/claim_links.csv").query("to_claim == 'C54'").from_claim) - {"C06"}
    assert set(behind) == leading, "the criteria hold all claims that lead to C54 and can be judged"


def test_the_statements_to_be_sure_of_are_true_as_keyed():
    items = {item["id"]: item for item in read_yaml(ROOT / "exercises/quizzes/14-bet.yml")["items"]}
    truth = {
        "sure-texts": lambda first, last: last > first,
        "sure-trust": lambda first, last: last > first,
        "sure-exports": lambda first, last: first - last > 5,
        "sure-australia": lambda first, last: last < first * 2 / 3,
    }
    for name, holds in truth.items():
        values = {key: evaluate(text) for key, text in items[name]["values"].items()}
        right = next(option["text"] for option in items[name]["options"] if option.get("correct"))
        assert right == ("Yes" if holds(**values) else "No"), name
