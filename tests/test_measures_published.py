"""Figures as published by July 2023, and themes of the Russian president's texts."""

import pytest

from coursekit.tables import TableError, load
from ip4.measures import published, rhetoric


def test_a_figure_is_the_one_of_its_row_and_an_unknown_one_is_named():
    assert published.figure("nato-2023-at-two") == 11
    with pytest.raises(TableError, match="there is no figure 'nato-2030'"):
        published.figure("nato-2030")


def test_changes_are_differences_of_states_with_both_years():
    found = published.changes("defence expenditure by year", 2022, 2023)
    assert found["BEL"] == pytest.approx(-0.06) and found["FIN"] == found.max() and "POL" not in found


def test_shares_of_texts_before_and_after():
    """31 of 48 texts on Ukraine named NATO before, 11 of 115 after; 5 of 129 sentences on the operation."""
    assert rhetoric.share("nato", after=False) == pytest.approx(100 * 31 / 48)
    assert rhetoric.share("nato", after=True) == pytest.approx(100 * 11 / 115)
    assert rhetoric.share("nato", after=True, scope=rhetoric.ON_THE_WAR) == pytest.approx(100 * 5 / 129)


def test_mentions_are_set_against_the_words_of_their_period():
    rows = load("kremlin_themes").query("scope == 'all texts' and theme == 'nato'").set_index("period_start")
    row = rows.loc["2022-02-21"]
    assert rhetoric.per_ten_thousand("nato", "2022-02-21") == pytest.approx(1e4 * row.mentions / row.words)
    assert rhetoric.per_ten_thousand("nato", "2022-04-01") == 0


def test_a_fund_is_set_against_what_states_had_committed():
    part = published.fund_part("cap-02", "kiel-2022-usa", "kiel-2022-eu")
    assert part == pytest.approx(100 * 0.5 / 81)
