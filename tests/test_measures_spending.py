"""Measures of chapter 4 against small tables worked by hand, and against figures that NATO and SIPRI printed."""

import random

import pandas as pd
import pytest
import yaml
from conftest import ROOT

from coursekit import tables
from ip4.measures import burden, burden_cases, editions, sipri, spending
from ip4.models.burden_sharing import equilibrium, rank_correlation

close = pytest.approx

# Three allies, two years, one edition. Sums without the USA: spending 30 -> 60, equipment 6 -> 18, soldiers 30 -> 33.
SMALL = pd.DataFrame(
    [
        # iso3, year, member, % of GDP, equipment %, constant, current, soldiers
        ("DEU", 2021, True, 1.5, 20.0, 20.0, 18.0, 20.0),
        ("DEU", 2026, True, 2.5, 30.0, 40.0, 44.0, 20.0),
        ("EST", 2021, True, 2.0, 20.0, 10.0, 9.0, 10.0),
        ("EST", 2026, True, 5.0, 30.0, 20.0, 25.0, 13.0),
        ("FIN", 2021, False, 2.0, 40.0, 0.0, 0.0, 0.0),
        ("FIN", 2026, True, 1.9, 10.0, 0.0, 0.0, 0.0),
        ("USA", 2021, True, 3.5, 25.0, 900.0, 900.0, 90.0),
        ("USA", 2026, True, 3.0, 25.0, 800.0, 950.0, 80.0),
    ],
    columns=["iso3", "year", "is_member", "share_gdp_pct", "equipment_share_pct"]
    + ["constant_usd_m", "current_usd_m", "personnel_thousand"],
).assign(edition=2026, is_estimate=lambda rows: rows.year == 2026)


@pytest.fixture
def small(monkeypatch):
    """The measures read SMALL instead of NATO's table; every other table stays."""

    def load(name):
        return SMALL.copy() if name == "nato_spending" else tables.load(name)

    monkeypatch.setattr(spending, "load", load)


def test_allies_at_counts_members_and_the_line_itself(small):
    assert spending.allies_at(2, 2021) == 2  # Estonia stands on the line; Finland had not joined
    assert spending.allies_at(2, 2021, members_only=False) == 3
    assert spending.allies_at(30, 2026, "equipment_share_pct") == 2


def test_growth_leaves_the_united_states_out(small):
    assert spending.growth("constant_usd_m", 2026) == close(100)
    assert spending.growth("equipment_usd_m", 2026) == close(200)
    assert spending.growth("personnel_thousand", 2026) == close(10)
    assert spending.total("current_usd_m", 2026) == close(69)


def test_money_and_soldiers_comes_with_its_number_and_its_band(small):
    # Germany, Estonia and Finland have both figures in both years; half the band is 1.96 / sqrt(3 - 1)
    assert spending.money_and_soldiers_n() == 3
    assert spending.money_and_soldiers_band() == close(1.96 / 2**0.5)


def test_an_estimate_of_the_last_year_is_marked_in_the_rises(small, monkeypatch):
    wider = pd.concat([SMALL, SMALL.query("year == 2021").assign(year=2014)])
    monkeypatch.setattr(spending, "load", lambda name: wider.copy() if name == "nato_spending" else tables.load(name))
    assert spending.rises(2026).is_estimate.all() and not spending.rises(2021).is_estimate.any()


def test_equipment_is_share_times_total_in_each_price_basis(small):
    assert spending.value("DEU", 2026, "equipment_usd_m") == close(12)
    assert spending.value("DEU", 2026, "equipment_current_usd_m") == close(13.2)
    assert spending.times("DEU", "equipment_usd_m", 2026) == close(3)


def test_part_of_the_rise_that_is_equipment(small):
    assert spending.equipment_part(2026) == close(40)  # 12 of 30
    # Germany 8 of 20, Estonia 4 of 10; Finland's spending did not rise and does not count.
    assert spending.equipment_part_at(0.25, 2026) == close(40) == close(spending.equipment_part_at(0.75, 2026))


def test_rises_are_ordered_and_know_the_border(small, monkeypatch):
    wider = pd.concat([SMALL, SMALL.query("year == 2021").assign(year=2014, share_gdp_pct=1.0)])
    monkeypatch.setattr(spending, "load", lambda name: wider.copy() if name == "nato_spending" else tables.load(name))
    rows = spending.rises(2026)
    assert rows.ally.tolist() == ["Estonia", "Germany", "Finland"]
    assert rows.gain.tolist() == close([3.0, 1.0, -0.1])
    assert spending.median_rise("borders Russia") == close(1.45)  # of 3.0 and -0.1
    assert spending.median_rise("other EU ally") == close(1.0)


def test_index_starts_at_a_hundred_and_has_the_sum(small):
    rows = spending.indexed().set_index(["ally", "measure", "year"])["index"]
    assert rows["Germany", "Equipment", 2026] == close(300)
    assert rows[spending.EUROPE_CANADA, "All spending", 2026] == close(200)
    assert rows[spending.EUROPE_CANADA, "Soldiers", 2021] == close(100)


def test_eu_median_counts_states_before_they_joined(small):
    assert spending.eu_median(2021) == close(2.0)  # 1.5, 2.0, 2.0


def test_revision_separates_spending_from_gdp(monkeypatch):
    """Spending falls by 20 % and GDP rises by 25 %: the share falls from 2 to 1.28."""
    then = pd.DataFrame({"ally": ["A"], "share_gdp_pct": [2.0], "current_usd_m": [100.0]}, index=["AAA"])
    now = pd.DataFrame({"ally": ["A"], "share_gdp_pct": [1.28], "current_usd_m": [80.0]}, index=["AAA"])
    monkeypatch.setattr(editions, "in_year", lambda year, edition=2026: now if edition == 2026 else then)
    row = editions.revision(2024, 2024).loc["AAA"]
    assert row.spending_pct == close(-20) and row.gdp_pct == close(25)
    assert editions.revised_down(2024, 2024) == 1


@pytest.mark.parametrize(("edition", "count"), [(2024, 23), (2025, 18), (2026, 17)])
def test_published_counts_of_2024(edition, count):
    assert spending.allies_at(2, 2024, edition=edition) == count


def test_the_three_measures_of_one_year_agree():
    """The count of an edition, the comparison of two readings and the list of names tell one story."""
    counts = editions._counts(2024).loc["NATO, edition of 2024"]
    assert (counts.then, counts.now) == (spending.allies_at(2, 2024, edition=2024), spending.allies_at(2, 2024))
    assert counts.then - counts.now == len(editions.crossed(2024, 2024))
    assert "Slovakia" in editions.crossed(2024, 2024)


def test_revision_multiplies_out_to_the_new_share():
    rows = editions.revision(2024, 2024)
    rebuilt = rows.share_then * (1 + rows.spending_pct / 100) / (1 + rows.gdp_pct / 100)
    assert rebuilt.to_list() == close(rows.share_now.to_list(), rel=1e-9)


def test_published_growth_and_sums():
    """Printed by NATO on 10 July 2026: 19.0 and 11.0 per cent in real terms."""
    assert spending.rise("real_pct", 2025) == close(19.0, abs=0.05)
    assert spending.rise("real_pct", 2026) == close(11.0, abs=0.05)
    assert editions.sum_gap() <= 10 and editions.total_gap() <= 1.01


def test_yardsticks_repeat_the_single_counts():
    rows = spending._yardsticks().set_index("year")
    assert rows.at_two[2026] == spending.allies_at(2, 2026)
    assert rows.at_core[2026] == len(spending.names_above(3.5, 2026))
    assert rows.allies[2026] == len(spending.in_year(2026))


def test_a_caption_speaks_of_the_year_and_of_the_chosen_ally():
    said = spending.yardstick_captions().set_index(["year", "ally"]).caption
    germany = spending.plane().set_index(["year", "ally"]).loc[(2026, "Germany")]
    assert said[2026, "Germany"].startswith(f"2026 (estimate): {spending.allies_at(2, 2026)} of 31 allies")
    assert said[2026, "Germany"].endswith(
        f"; Germany at {germany.share_gdp_pct:.1f} % and {germany.equipment_share_pct:.0f} %"
    )
    assert said[2014, "Finland"].endswith("; no point for Finland"), "not a member then, so not in the picture"
    assert not said.duplicated().any()


def test_size_and_share_uses_the_allies_of_the_year():
    rows = burden.size_and_share(1990)
    assert len(rows) == 15 and "POL" not in set(rows.iso3) and rows.iso3[0] == "USA"
    assert burden.allies(1990, burden.WITHOUT_USA) == 14
    assert burden.allies(1990, burden.WITH_FOUR) == 19
    row = rows.set_index("iso3").loc["USA"]
    assert row.gdp_usd_bn * row.share_gdp_pct * 10 == close(sipri.value("USA", 1990, "current_usd_m"))


def test_rank_is_the_correlation_of_its_rows():
    rows = burden.size_and_share(2026, source=burden.NATO_EDITION)
    assert burden.rank(2026, source=burden.NATO_EDITION) == close(rank_correlation(rows.gdp_usd_bn, rows.share_gdp_pct))
    table = burden.ranks(groups=[burden.NATO], years=[1990]).iloc[0]
    assert (table["rank"], table.n, table.chance) == close((burden.rank(1990), 15, burden.band(1990)))


@pytest.mark.slow
def test_band_is_what_dealing_the_shares_out_again_gives():
    """Reshuffled 400 times, about 19 correlations in 20 of the allies of 2025 lie inside the band."""
    rows = burden.size_and_share(2025)
    dice, shares = random.Random(4), rows.share_gdp_pct.tolist()
    inside = 0
    for _ in range(400):
        dice.shuffle(shares)
        inside += abs(rank_correlation(rows.gdp_usd_bn, shares)) <= burden.band(2025)
    assert 0.92 <= inside / 400 <= 0.98


def test_nearness_counts_six_neighbours():
    rows = burden.size_and_share(2026, source=burden.NATO_EDITION)
    assert rows.iso3.isin(spending.BORDER_RUSSIA).sum() == 6
    assert burden.nearness_rank() > burden.rank(2026, source=burden.NATO_EDITION)


def test_eu_allies_growth_uses_states_with_both_years(monkeypatch):
    rows = pd.DataFrame(
        [("DEU", 1995, 10.0), ("DEU", 2021, 12.0), ("FRA", 1995, 10.0), ("FRA", 2021, 14.0), ("EST", 2021, 50.0)],
        columns=["iso3", "year", "constant_2024_usd_m"],
    )
    monkeypatch.setattr(sipri, "load", lambda name: rows if name == "sipri_spending" else tables.load(name))
    assert sipri.eu_allies_growth(1995, 2021) == close(30)


def test_captions_say_the_measures_they_name():
    """Every caption holds the numbers that the measures give for its setting."""
    rise = spending.rise_captions().set_index("year").caption
    assert f"beside Russia by {spending.median_rise('borders Russia'):.1f} points" in rise[2026]
    assert "(estimate)" in rise[2025] and "(estimate)" not in rise[2024]
    index = spending.index_captions().set_index("ally").caption
    assert f"equipment money times {spending.times('DEU', 'equipment_usd_m', 2026):.1f}," in index["Germany"]
    said = editions.captions().set_index(["reading", "year"]).caption
    assert f"{spending.allies_at(2, 2024, edition=2024)} of 31" in said["NATO, edition of 2024", 2024]
    assert "has no figure for 2025" in said["NATO, edition of 2024", 2025]
    ranks = burden.rank_captions(burden.ranks()).set_index("group").caption
    assert f"{burden.rank(1990):.2f} in 1990" in ranks[burden.NATO]
    outside = burden.beyond_band(burden.ranks(groups=[burden.NATO]))
    assert f"in {len(outside)} of 36 years" in ranks[burden.NATO]


def test_positive_years_are_counted_and_not_called_tests():
    rows = burden.ranks(groups=[burden.NATO])
    assert burden.positive_years(rows) == (rows["rank"] > 0).sum() < len(rows) == len(burden.SIPRI_YEARS)


def test_two_allies_is_the_model_at_every_setting():
    rows = burden.two_allies().set_index(["size", "private_part", "threat"])
    assert rows.small[40, 0.4, 1] == close(100 * equilibrium([100, 40], 0.03, 0.4)[1] / 40, abs=0.005)
    assert rows.small[97, 0, 1] == 0 and rows.small[98, 0, 1] > 0
    assert (rows.xs(1, level="private_part").large == 3).all()


def test_yearly_rises_are_the_single_rises():
    rows = spending.yearly_rises().set_index(["group", "measure", "year"]).rise
    assert rows[spending.EUROPE_CANADA, "current dollars, billion", 2026] == spending.rise("current_bn", 2026)
    assert rows["all of NATO", "constant prices, %", 2025] == spending.rise("real_pct", 2025, "nato_total")


def test_cases_differ_and_lie_in_the_years_of_the_file():
    pool = burden_cases.cases()
    assert len({tuple(case.values()) for case in pool}) == len(pool) >= 80
    assert {case["group"] for case in pool} == set(burden.GROUPS)
    assert all(1991 <= case["early"] < case["late"] <= 2024 and case["other"] != case["ally"] for case in pool)
    assert {case["line"] for case in pool} == set(burden_cases.LINES)


def test_charts_of_the_exercise_show_the_measures():
    shown = burden_cases.ranks_shown().set_index(["source", "group", "year"])
    assert shown.loc[("SIPRI", burden.NATO, 1990), "rank"] == close(burden.rank(1990), abs=0.0005)
    counts = burden_cases.counts_shown().set_index(["edition", "year", "line"])
    assert counts.at_line[2026, 2024, 2] == spending.allies_at(2, 2024)
    growth = burden_cases.growth_shown().set_index(["who", "year"])
    assert growth.constant_pct[spending.EUROPE_CANADA, 2025] == close(spending.rise("real_pct", 2025), abs=0.005)


MANIFESTS = ["nato_spending", "nato_spending_aggregates", "sipri_spending", "pledges", "world_bank_context"]


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_call_measures(name):
    checks = tables.manifest(name)["checks"]
    assert checks and all(len(check["expression"]) <= 100 for check in checks)


def test_exercise_and_ledger_call_measures():
    exercise = yaml.safe_load((ROOT / "exercises/04-burden-sharing/exercise.yml").read_text(encoding="utf-8"))
    assert all(len(text) <= 100 for text in [exercise["variants"]["pool"], *exercise["data"].values()])
    rows = tables.load("claim_numbers")
    own = rows[rows.claim_id.isin(["C01", "C19", "C20", "C21"])]
    assert (own.expression.str.len() <= 100).all() and not own.expression.str.contains("load(", regex=False).any()
