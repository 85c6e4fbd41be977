"""A refresh does no harm: readers know the publishers' quirks, and each kind of damage has its own refusal.

The inputs are small and made here, with the quirks that the real files have. Where ``COURSE_PUBLISHERS`` names a folder
of real files, the last test refreshes a copy of the tables from each of them.
"""

import os
import shutil
from datetime import date

import pandas as pd
import publishers
import pytest
from click.testing import CliRunner
from conftest import ROOT
from test_refresh import contents, forget, names_of_states, nato_2027, needed

from coursekit import tables
from coursekit.cli.main import main
from coursekit.data import everything, fetch, plans, refresh, revision
from coursekit.data import publishers as tried_publishers
from coursekit.errors import OlderError
from ip4.refresh import kiel, layout, nato, sipri

TODAY = date(2027, 8, 1)
FAMILY = ("ukraine_aid_donors", "ukraine_aid_monthly", "ukraine_aid_origin", "ukraine_heavy_weapons")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Call it with names: a data folder with these tables and what they need."""

    def make(*names):
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(ROOT / "data" / "course.yaml", data)
        for name in needed(names):
            for file in (ROOT / "data").glob(f"{name}.*"):
                shutil.copy(file, data)
        monkeypatch.setenv("COURSE_DATA", str(data))
        forget()
        return data

    yield make
    forget()


def saved(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def refused(data, words, name, path, error=ValueError, **how):
    before = contents(data)
    with pytest.raises(error, match=words) as caught:
        refresh.refresh(name, path, TODAY, **how)
    assert contents(data) == before
    assert "\n" not in str(caught.value)


def workbook(tmp_path, rows=None, day="2027-04-26", **how):
    rows = tables.load("sipri_spending") if rows is None else rows
    names = {**names_of_states(), "TLS": "Timor Leste"}
    return saved(tmp_path, "SIPRI-Milex-data-1949-2026.xlsx", publishers.sipri(rows, names, day, **how))


def release(tmp_path, number=30, day="2026-10-15", **changed):
    """A folder with the files of one release of the tracker."""
    tables_ = {n: changed.get(n, tables.load(n)) for n in ("ukraine_aid_monthly", "ukraine_aid_donors")}
    rest = [tables.load("ukraine_aid_origin"), changed.get("weapons", tables.load("ukraine_heavy_weapons"))]
    files = publishers.kiel(*tables_.values(), *rest, names_of_states(), number, day)
    place = tmp_path / "kiel"
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        saved(place, name, text)
    return place


# ---- readers know the publishers' real layouts


def test_numbered_colours_float_years_and_another_spelling_are_read(folder, tmp_path):
    data = folder("sipri_spending")
    before = contents(data)
    said = refresh.refresh("sipri_spending", workbook(tmp_path, indexed=True), TODAY)
    assert said.startswith("Nothing new")
    assert contents(data) == before
    assert (tables.load("sipri_spending").data_flag == "sipri_estimate").sum() > 100


def test_a_zero_that_stands_for_an_empty_cell_is_no_figure(folder, tmp_path):
    folder("sipri_spending")
    rows = tables.load("sipri_spending")
    alone = pd.DataFrame({c: [None] for c in rows}).assign(iso3="PRK", year=1990, current_usd_m=0.0)
    kind = rows[rows.iso3 == "PRK"].iloc[0]
    alone = alone.assign(**{c: kind[c] for c in rows if c.startswith(("uses", "excl", "data_", "is_", "source"))})
    book = fetch.read(workbook(tmp_path, pd.concat([rows, alone], ignore_index=True)), "xlsx")
    found = sipri.tidy([book], rows)["rows"].set_index(["iso3", "year"])
    assert ("PRK", 1990) not in found.index
    assert found.share_gdp_pct["ISL", 2020] == found.current_usd_m["ISL", 2020] == 0


@pytest.mark.parametrize(
    ("name", "iso3"),
    [("Timor Leste", "TLS"), ("TÜRKIYE", "TUR"), ("Turkey", "TUR"), ("Viet Nam", "VNM"), ("Korea, South", "KOR")],
)
def test_spellings_of_states(name, iso3):
    assert layout.iso3_of([name]) == {name: iso3}


@pytest.mark.parametrize("cell", [None, "", "..", "...", "xxx", "-", True])
def test_a_cell_without_a_number_is_missing_and_not_zero(cell):
    assert pd.isna(layout.number(cell))


@pytest.mark.parametrize(
    ("cell", "year"),
    [(2023, (2023, False)), (2023.0, (2023, False)), ("2023.0", (2023, False)), ("2024e", (2024, True)), ("20", None)],
)
def test_years_of_a_header(cell, year):
    assert layout.year_of(cell) == year


@pytest.mark.parametrize("old", [False, True])
def test_both_layouts_of_nato_give_the_same_rows(folder, tmp_path, old):
    folder("nato_spending", "nato_spending_aggregates")
    allies, sums = nato_2027()
    book = fetch.read(
        saved(tmp_path, "n.xlsx", publishers.nato(allies, sums, names_of_states(), "2027-07-09", old)), "xlsx"
    )
    found = nato.allies([book], tables.load("nato_spending"))["rows"].set_index(["iso3", "year"]).sort_index()
    wanted = allies.set_index(["iso3", "year"]).sort_index()
    for column in ("share_gdp_pct", "current_usd_m", "constant_usd_m", "equipment_share_pct", "personnel_thousand"):
        pd.testing.assert_series_equal(found[column], wanted[column], check_dtype=False, check_names=False)
    assert (found.is_estimate == wanted.is_estimate).all()


def test_military_aid_of_the_eu_institutions_is_read(folder, tmp_path):
    folder(*FAMILY)
    months = tables.load("ukraine_aid_monthly")
    last = (months.donor_id == "EU_INST") & (months.month == months.month.max())
    months.loc[last, ["military_eur_bn", "total_eur_bn"]] += 5.0
    donors = tables.load("ukraine_aid_donors")
    donors["eu_share_eur_bn"] *= months.total_eur_bn[months.donor_id == "EU_INST"].sum() / donors.eu_share_eur_bn.sum()
    place = release(tmp_path, ukraine_aid_monthly=months, ukraine_aid_donors=donors)
    files = [place / f"{n}.csv" for n in ("data_explorer", "total_allocations", "eu_aid_shares", "release_info")]
    found = kiel.donors(files, tables.load("ukraine_aid_donors"))["rows"].set_index("donor_id")
    assert found.military_eur_bn["EU_INST"] == pytest.approx(5.0) and found.military_recorded.all()
    files = [place / f"{n}.csv" for n in ("data_explorer", "total_allocations", "release_info")]
    month = kiel.monthly(files, tables.load("ukraine_aid_monthly"))["rows"].set_index(["donor_id", "month"])
    assert month.military_eur_bn["EU_INST", months.month.max()] == pytest.approx(5.0)


def test_a_share_that_the_tracker_prints_in_two_ways_does_not_block_a_release(folder, tmp_path):
    folder(*FAMILY)
    place = release(tmp_path, 29, "2026-08-04")
    shares = pd.read_csv(place / "eu_aid_shares.csv")
    shares.loc[shares.iso == "SVN", "total_pct_gdp"] = 0.8532
    shares.to_csv(place / "eu_aid_shares.csv", index=False)
    refresh.refresh("ukraine_aid_donors", place, TODAY)
    assert refresh.refresh("ukraine_aid_donors", place, TODAY).startswith("Nothing new")


# ---- the day of a release


def test_without_a_day_in_the_file_the_vintage_is_asked_for(folder, tmp_path):
    rows = tables.load("sipri_spending")
    rows.loc[rows.index[-1], "current_usd_m"] += 100
    data = folder("sipri_spending")
    path = workbook(tmp_path, rows, day="")
    refused(data, "does not tell the day of its release.*--vintage", "sipri_spending", path)
    refused(data, "lies in the future", "sipri_spending", path, vintage="2027-09-01")
    said = refresh.refresh("sipri_spending", path, TODAY, "2027-04-26")
    forget()
    assert "vintage 2026-04-27 -> 2027-04-26" in said and tables.manifest("sipri_spending")["vintage"] == "2027-04-26"


# ---- refusals, each with its own sentence


def test_an_older_release_never_replaces_a_newer_one(folder, tmp_path):
    rows = tables.load("sipri_spending")
    rows.loc[rows.index[-1], "current_usd_m"] += 100
    refused(
        folder("sipri_spending"),
        "file is of 2025-04-28 and the table of 2026-04-27",
        "sipri_spending",
        workbook(tmp_path, rows, "2025-04-28"),
        OlderError,
    )


def test_dollars_of_an_older_year_are_an_older_release(folder, tmp_path):
    path = workbook(tmp_path, base=2022)
    refused(folder("sipri_spending"), "dollars of 2022.*older release", "sipri_spending", path, OlderError)


def test_a_country_that_vanishes(folder, tmp_path):
    rows = tables.load("sipri_spending").query("iso3 != 'TLS'")
    refused(
        folder("sipri_spending"), "iso3 TLS has 2. rows and would have none", "sipri_spending", workbook(tmp_path, rows)
    )


def test_a_flag_that_collapses(folder, tmp_path):
    rows = tables.load("sipri_spending").assign(data_flag="reported")
    refused(
        folder("sipri_spending"),
        "flag data_flag collapses, 'sipri_estimate'",
        "sipri_spending",
        workbook(tmp_path, rows),
    )


def test_words_that_change_in_more_rows_than_the_manifest_allows(folder, tmp_path):
    data = folder(*FAMILY)
    arms = tables.load("ukraine_heavy_weapons")
    place = release(tmp_path, weapons=arms.assign(items=arms["items"].str.upper()))
    refused(data, r"words of items would change in \d+ of 61 rows, more than the 60 percent", FAMILY[0], place)
    path = data / "ukraine_heavy_weapons.resource.yaml"
    path.write_text(path.read_text("utf-8").replace("most_text_changed: 0.6", "most_text_changed: 1"), "utf-8")
    forget()
    assert "text changed: items" in refresh.refresh(FAMILY[0], place, TODAY)


def test_a_renamed_column_and_an_older_layout_are_told_apart():
    with pytest.raises(
        ValueError, match="commitments is missing and the reader does not know pledges: probably renamed"
    ):
        layout.need(["iso", "pledges", "extra"], ["iso", "commitments"], "f.csv", ["extra"])
    with pytest.raises(OlderError, match="older layout, commitments is missing"):
        layout.need(["iso", "extra"], ["iso", "commitments"], "f.csv", ["extra"])


def test_a_donor_that_is_no_state_and_not_the_eu(folder, tmp_path):
    data = folder(*FAMILY)
    place = release(tmp_path)
    rows = pd.read_csv(place / "data_explorer.csv", keep_default_na=False)
    rows.loc[rows.iso == "NZL", ["country", "iso"]] = ["A fund", ""]
    rows.to_csv(place / "data_explorer.csv", index=False)
    refused(data, "without the code of a state .A fund.", FAMILY[0], place)


# ---- what the report names


def test_the_report_names_flags_and_words(folder, tmp_path):
    folder("sipri_spending")
    rows = tables.load("sipri_spending")
    place = rows.index[(rows.iso3 == "JPN") & (rows.year == 2020)]
    rows.loc[place, "data_flag"] = "highly_uncertain"
    said = refresh.refresh("sipri_spending", workbook(tmp_path, rows), TODAY)
    assert "flag changed: data_flag in 1 row: JPN 2020: 'reported' -> 'highly_uncertain'" in said
    assert "flag changed: is_estimate in 1 row: JPN 2020: 'false' -> 'true'" in said
    assert "```text\nsipri_spending: vintage" in revision.markdown({"sipri": said})


def test_a_draft_is_written_with_the_figures_that_a_person_must_read(folder, tmp_path):
    data = folder("sipri_spending")
    rows = tables.load("sipri_spending")
    rows.loc[(rows.iso3 == "JPN") & (rows.year == 2025), "share_gdp_pct"] = 1.5
    path = workbook(tmp_path, rows)
    refused(data, "Japan's share of GDP in 2025", "sipri_spending", path)
    said = refresh.refresh("sipri_spending", path, TODAY, draft=True)
    assert "to read: sipri_spending: check 'Japan's share of GDP in 2025 (percent)' gives 1.5" in said
    assert tables.load("sipri_spending").set_index(["iso3", "year"]).share_gdp_pct["JPN", 2025] == 1.5


# ---- years by rule


@pytest.mark.parametrize("name", plans.refreshable())
def test_no_manifest_names_the_year_up_to_which_it_reads(name):
    plan = plans.plan(name)
    assert all("20" not in address.split("?")[0] for address in plans.addresses(name))
    assert plans.arguments(name, date(2031, 1, 1)).get("years", {}).get("to", 2031) == 2031
    assert plan["format"] in plans.FORMATS


def test_last_years_file_serves_while_this_years_is_not_out():
    address = plans.addresses("nato_spending")[0]
    assert [a[-12:-8] for a in plans.years(address, date(2027, 2, 1))] == ["2027", "2026"]
    assert len(plans.years("https://example.org/a.csv", TODAY)) == 1


# ---- every source in turn


def test_one_failure_does_not_stop_the_others(monkeypatch):
    def fails():
        raise fetch.FetchError("it could not be reached; try again.")

    monkeypatch.setattr(everything, "sources", lambda draft: {"a": fails, "b": lambda: "Nothing new: b."})
    said = []
    found = everything.refresh_all(said.append)
    assert found["b"] == (True, "Nothing new: b.") and not found["a"][0]
    assert said == [
        "[1/2] a ...",
        "[1/2] a: it could not be reached; try again. Nothing was changed.",
        "[2/2] b ...",
        "[2/2] b: Nothing new: b.",
    ]


def test_the_command_refreshes_all_writes_the_report_and_names_what_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(
        everything, "sources", lambda draft: {"a": lambda: "x\ny", "b": lambda: refresh.refresh("nothing")}
    )
    report = tmp_path / "report.md"
    result = CliRunner().invoke(main, ["data", "refresh", "--all", "--report", str(report)])
    assert result.exit_code == 1 and "Not refreshed: b; the others were." in result.output
    assert (
        "## a\n\n```text\nx\ny\n```" in report.read_text("utf-8")
        and "There is no table 'nothing'" in report.read_text()
    )


def test_every_table_with_a_plan_is_refreshed_by_all():
    read = {name for names in plans.families() for name in names}
    assert read == set(plans.refreshable()) and {"kiel", "sipri", "nato", "unvotes", "texts"} <= set(
        everything.sources()
    )


def test_one_table_or_all():
    assert CliRunner().invoke(main, ["data", "refresh"]).exit_code == 2


# ---- publishers' own files


def test_publishers_files_are_tried_on_a_copy(folder, tmp_path, monkeypatch):
    data = folder("sipri_spending", *FAMILY)
    place = tmp_path / "publishers"
    place.mkdir()
    workbook(place, day="2026-04-27")
    (place / "old").mkdir()
    rows = tables.load("sipri_spending")
    workbook(place / "old", rows.assign(current_usd_m=rows.current_usd_m + 1), "2024-04-22")
    release(place)
    monkeypatch.setenv("COURSE_PUBLISHERS", str(place))
    before = contents(data)
    result = CliRunner().invoke(main, ["data", "publishers"])
    assert contents(data) == before
    lines = result.output.splitlines()
    assert any(line.startswith("SIPRI-Milex-data-1949-2026.xlsx: Nothing new") for line in lines)
    assert any("old/SIPRI" in line and "older release never replaces" in line for line in lines)
    assert any(line.startswith("kiel: A newer edition.") for line in lines), result.output
    (place / "kiel" / "weapons.csv").unlink()
    result = CliRunner().invoke(main, ["data", "publishers"])
    assert result.exit_code == 1 and "has no copy of weapons.csv" in result.output


def test_without_the_folder_the_command_says_that_it_did_not_run(monkeypatch):
    monkeypatch.delenv("COURSE_PUBLISHERS", raising=False)
    result = CliRunner().invoke(main, ["data", "publishers"])
    assert result.exit_code == 0 and result.output.startswith("Not run: COURSE_PUBLISHERS names no folder")


@pytest.mark.skipif(not os.environ.get("COURSE_PUBLISHERS"), reason="not run: COURSE_PUBLISHERS names no folder")
def test_real_files_hold_nothing_new_or_are_refused_as_older():
    root = tried_publishers.folder()
    assert root, "COURSE_PUBLISHERS names a folder that is not there"
    found = [tried_publishers.tried(*release) for release in tried_publishers.releases(root)]
    assert found
    assert not [one.line(root) for one in found if one.kind not in ("same", "older")]
