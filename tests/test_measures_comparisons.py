"""What readers compare, and the words for each setting: captions worked by hand on small tables, then the real ones."""

import pandas as pd
import pytest

from ip4.measures import comparisons, positions, votes


def test_a_name_is_told_with_both_years_on_every_basis_and_a_gap_is_no_number():
    rows = pd.DataFrame(
        [
            ("Aland", "all roll calls", 2023, 0.641),
            ("Aland", "all roll calls", 2024, None),
            ("Aland", "all roll calls", 2025, 0.194),
            ("Aland", "ten outside noes", 2023, None),
            ("Aland", "ten outside noes", 2025, 0.5),
        ],
        columns=["who", "basis", "year", "agreement"],
    )
    (caption,) = comparisons.captions_by_name(rows).caption
    assert caption == (
        "Aland and the United States: all roll calls, 0.64 in 2023 and 0.19 in 2025; "
        "ten outside noes, no value in 2023 and 0.50 in 2025"
    )


def test_a_group_is_told_with_its_newest_year_and_its_width():
    rows = pd.DataFrame(
        [("the few", "China", 2023, 2, 0.1, 0.2, 0.3), ("the few", "China", 2025, 3, 0.25, 0.5, 0.75)],
        columns=["group", "compared", "year", "members", "least", "median", "most"],
    )
    rows = pd.concat([rows, rows.assign(year=2026, members=None, least=None, median=None, most=None)])
    (caption,) = comparisons.captions_of_groups(rows).caption
    assert caption == "The few with China: median 0.50 in 2025, members from 0.25 to 0.75"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("1: Mar 2022", "1.00", ""), ("7: Feb 2025", "0.86", "Hungary")],
            "Us: all voted yes on 1 of 2 texts; least united on text 7 of Feb 2025, index 0.86",
        ),
        (
            [("1: Mar 2022", "1.00", ""), ("9: Dec 2025", "1.00", "Türkiye")],  # absent, so nobody stands apart
            "Us: all voted yes on 1 of 2 texts; nobody who voted stood apart on any",
        ),
    ],
)
def test_a_group_on_ukraine_is_told_by_its_least_united_text(rows, said):
    rows = pd.DataFrame(rows, columns=["text", "index", "others"]).assign(group="Us", vote="yes", members=1)
    assert list(comparisons.captions_ukraine(rows).caption) == [said]


def test_a_state_outside_the_sixteen_is_said_to_change_nothing():
    said = positions.without_captions(positions.without()).set_index(["ally", "members"]).caption
    sixteen = "the sixteen members of 1990"
    assert said["Hungary", sixteen] == f"Hungary is not one of {sixteen}: leaving it out changes nothing"
    assert "the spread of 2024 is" in said["Hungary", "the members of each year"]
    assert len(said) == 2 * 32


def test_each_name_and_pair_of_a_list_has_rows_and_words():
    rows = comparisons.by_name()
    assert set(comparisons.captions_by_name(rows).who) == set(rows.who)
    assert rows.groupby("who").basis.nunique().eq(3).all()
    assert set(comparisons.by_name("USA", ["all", "outside"]).basis) == {"all roll calls", "ten outside noes"}
    assert rows[rows.year == 2024].agreement.isna().all()
    tallies = comparisons.ukraine()
    assert set(comparisons.captions_ukraine(tallies).group) == set(tallies.group)
    assert set(positions.president_captions(positions.by_president()).measure) == set(positions.MEASURES.values())


def test_falls_are_those_of_the_measure():
    found = comparisons.falls(["JPN"]).set_index("basis").fall
    assert found["all roll calls"] == round(votes.fall(["JPN"], "all"), 2)
    assert list(comparisons.falls(["JPN"], "RUS").basis) == ["all roll calls"]  # no contested scores with Russia


def test_the_median_stands_among_the_allies_and_is_named():
    rows = positions.with_median()
    assert set(rows[rows.is_named].ally) == {"United States", positions.MEDIAN}
    assert rows[rows.ally == positions.MEDIAN].n_votes.isna().all()


def test_what_no_figure_may_say_falsely():
    """Titles at the default setting that name an extreme."""
    apart = positions.without().query("members == 'the members of each year'")
    gain = (apart["with everyone"] - apart["without this ally"]).groupby([apart.year, apart.ally]).sum().unstack()
    assert (gain.idxmax(axis=1) == "United States").all()
    near = comparisons.of_groups().query("group == 'the four partners' and compared == 'China, ten noes in all'")
    assert near.loc[near["median"].idxmax()].year == 2025
    texts = comparisons.ukraine().query("group == 'NATO allies of today'").drop_duplicates("text")
    assert list(texts.others == "") == [True] * 6 + [False] * 3
