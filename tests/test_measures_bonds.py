"""What binds two sides by signature, worked by hand on a table of eight texts."""

import pytest
from small import rows, use

from ip4.measures import bonds

TEXTS = """text_id, title, iso3, counterpart, date, form, promise, status, ended
           old, Old pact, AUS, USA, 1951-09-01, treaty, help against attack, in force,
           old, Old pact, NZL, USA, 1951-09-01, treaty, help against attack, suspended, 1986
           old, Old pact, AUS, NZL, 1951-09-01, treaty, help against attack, in force,
           old, Old pact, NZL, AUS, 1951-09-01, treaty, help against attack, in force,
           plan-1, IPCP, JPN, NATO, 2014-05-06, programme, broad cooperation, replaced, 2023
           plan-2, ITPP, JPN, NATO, 2023-07-12, programme, broad cooperation, in force,
           papers, Papers, KOR, NATO, 2024-07-11, agreement on one matter, aircraft, in force,
           tac, Amity, AUS, ASEAN, 2005-12-01, treaty, peaceful conduct, in force,
           tac, Amity, JPN, ASEAN, 2004-01-01, treaty, peaceful conduct, in force,
           tac, Amity, KOR, ASEAN, 2004-01-01, treaty, peaceful conduct, in force,
           tac, Amity, NZL, ASEAN, 2005-01-01, treaty, peaceful conduct, in force,
           words, Words, NZL, USA, 2010-11-05, declaration, broad cooperation, in force,
           secrets, Secrets, JPN, KOR, 2016-11-23, agreement on one matter, secrets, in force,
           secrets, Secrets, KOR, JPN, 2016-11-23, agreement on one matter, secrets, in force, """
STEPS = """iso3, instrument, date
           JPN, IPCP, 2014-05-06
           JPN, ITPP, 2023-07-13
           JPN, Political dialogue, 1990-01-01
           AUS, Political dialogue, 2005-01-01"""
NAMES = "iso3, name\nAUS, Australia\nJPN, Japan\nKOR, South Korea\nNZL, New Zealand\nUSA, United States"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    table = rows(TEXTS, "date").astype({"ended": "Int64"})
    use(monkeypatch, bonds, bonds=table, partnership_instruments=rows(STEPS, "date"), countries=rows(NAMES))
    monkeypatch.setattr(bonds.groups, "members", lambda group: ["AUS", "JPN", "KOR", "NZL"])


def test_a_text_stands_from_its_year_to_the_year_before_it_ended():
    assert bonds.count("JPN", "NATO", year=2013) == 0
    assert bonds.texts(2014).query("counterpart == 'NATO'").title.tolist() == ["IPCP"]
    assert bonds.texts(2023).query("iso3 == 'JPN' and counterpart == 'NATO'").title.tolist() == ["ITPP"]
    assert bonds.texts(2024).query("iso3 == 'JPN'")["with"].tolist() == ["NATO", "ASEAN", "South Korea"]


def test_counts_by_form_and_what_binds():
    assert bonds.count("NZL", "USA") == 1 and bonds.count("NZL", "USA", "treaty") == 0
    assert bonds.count("NZL", "USA", "treaty", year=1985) == 1
    assert bonds.count("NZL", bonds.OTHER) == 1 and bonds.count("JPN", bonds.ALL) == 0
    assert bonds.binding("NATO").to_dict() == {"AUS": 0, "JPN": 0, "KOR": 1, "NZL": 0}
    assert bonds.treaties("USA") == 1 and bonds.treaties("USA", 1985) == 2 and bonds.treaties("ASEAN") == 4


def test_the_strongest_bond_goes_from_help_to_no_text():
    assert bonds.strongest("AUS", "USA") == "help"
    assert [bonds.strongest("NZL", "USA", year) for year in (1985, 1990, 2014)] == ["help", "no text", "words"]
    assert bonds.strongest("KOR", "NATO") == "single" and bonds.strongest("JPN", "NATO") == "programme"
    assert bonds.strongest("NZL", bonds.OTHER) == "help" and bonds.strongest("JPN", bonds.OTHER) == "single"
    assert bonds.strongest("JPN", bonds.ALL) == "no text"


def test_what_all_four_signed_is_told_from_what_they_signed_with_each_other(monkeypatch):
    assert bonds.shared_by_all() == ["Amity"] and bonds.of_all_four() == []
    assert bonds.pairs_bound() == 2 and bonds.pairs_bound(2010) == 1
    four = ["AUS", "JPN", "KOR", "NZL"]
    pairs = "\n".join(
        f"charter, Charter, {a}, {b}, 2025-01-01, declaration, broad cooperation, in force, "
        for a in four
        for b in four
        if a != b
    )
    use(monkeypatch, bonds, bonds=rows(f"{TEXTS}\n{pairs}", "date").astype({"ended": "Int64"}), countries=rows(NAMES))
    assert bonds.of_all_four() == ["charter"] and bonds.strongest("JPN", bonds.ALL) == "words"


def test_the_grid_has_a_word_for_each_cell_and_year():
    grid = bonds.matrix()
    assert len(grid) == len(bonds.YEARS) * 6 * 4 and set(grid.bond) <= set(bonds.BONDS)
    one = grid.query("year == 2026 and partner == 'New Zealand'").set_index("with").bond
    assert one.to_dict() == {
        "NATO": "no text", "European Union": "no text", "United States": "words", "ASEAN": "treaty",
        "One of the four": "help", "All four together": "no text",
    }  # fmt: skip
    said = bonds.matrix_captions().set_index("year").caption
    assert said[1960] == "1960: 0 of four have a treaty with NATO, 2 with Washington, 0 with the EU, 0 with ASEAN"


def test_texts_over_time_keep_what_was_replaced_and_a_text_with_two_of_the_four_counts_once():
    assert bonds.over_time().query("partner == 'Japan' and `with` == 'NATO'").year.tolist() == [2014, 2023]
    said = bonds.over_time_captions().set_index("partner").caption
    assert said["Japan"] == (
        "Japan, texts signed: 2 with NATO, 0 with the European Union, 0 with the United States, 1 with ASEAN, "
        "1 with the other three"
    )


def test_the_checks_see_a_wrong_date_and_a_missing_side(monkeypatch):
    assert bonds.dates_off_instruments() == 1, "the programme of 2023 has another day in the other table"
    assert bonds.one_sided() == 0
    half = rows(TEXTS, "date").astype({"ended": "Int64"}).query("not (iso3 == 'KOR' and counterpart == 'JPN')")
    use(monkeypatch, bonds, bonds=half)
    assert bonds.one_sided() == 1


def test_the_first_talks():
    assert bonds.first_talks() == 1990
