"""Refreshing tables: a good new edition goes in whole; every fault is one sentence and leaves each file as it was."""

import os
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import publishers
import pytest
import yaml

from coursekit import tables
from coursekit.cli.main import main
from coursekit.data import counting, editions, fetch, plans, refresh
from ip4.refresh import sipri

REPO = Path(__file__).resolve().parents[1]
TODAY = date(2027, 8, 1)
HOSTS = r"https://(?:api\.worldbank\.org|www\.sipri\.org|www\.nato\.int|raw\.githubusercontent\.com|digitallibrary\.un\.org)"
WB = "/v2/country/all/indicator/"
NATO = "/content/dam/nato/webready/documents/finance/def-exp-2027-en.xlsx"
KIEL = "/UkraineSupportTrackerWebsite/ukraine-support-tracker/main/data/"


def needed(names):
    """The tables with all that their keys and checks name."""
    found, todo = set(), {*names, "sources", "countries", "memberships", "organisations"}
    while todo:
        name = todo.pop()
        found.add(name)
        keys = tables.manifest(name)["schema"].get("foreignKeys", [])
        todo |= (read_by_checks(name) | {key["reference"]["resource"] for key in keys}) - found
    return found


@cache
def read_by_checks(name):
    with tables.watched() as seen:
        for check in tables.manifest(name)["checks"]:
            tables.evaluate(check["expression"], t=tables.load(name))
    return frozenset(seen)


def forget():
    tables._read_manifest.cache_clear()
    tables._read_table.cache_clear()


@pytest.fixture
def site():
    server = publishers.Site()
    yield server
    server.close()


@pytest.fixture
def folder(tmp_path, monkeypatch, site):
    """Call it with names: a data folder with these tables and what they need; its addresses lead to the test server."""

    def make(*names):
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(REPO / "data" / "course.yaml", data)
        for name in needed(names):
            manifest = (REPO / "data" / f"{name}.resource.yaml").read_text("utf-8")
            (data / f"{name}.resource.yaml").write_text(re.sub(HOSTS, site.address, manifest), "utf-8")
            shutil.copy(REPO / "data" / f"{name}.csv", data)
        monkeypatch.setenv("COURSE_DATA", str(data))
        forget()
        return data

    yield make
    forget()


def contents(data):
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def names_of_states():
    countries = tables.load("countries")
    return {
        **dict(zip(countries.iso3, countries.name, strict=True)),
        "KOR": "Korea, South",
        "PRK": "Korea, North",
        "USA": "United States",
    }


def serve_world_bank(site, rows, day="2027-03-05"):
    for code, text in publishers.world_bank(rows, day).items():
        site.put(WB + code, "application/json;charset=utf-8", text)


def next_year(rows, year, growth=1.01):
    """The rows with one more year, a little larger than the last one."""
    last = rows[rows.year == rows.year.max()]
    numbers = [c for c in ("gdp_usd_m", "population", "gdp_per_capita_ppp_usd") if c in rows]
    grown = last.assign(year=year, **{c: (last[c] * growth).round() for c in numbers})
    return pd.concat([rows, grown], ignore_index=True)


def serve_kiel(site, **changed):
    t = {
        name: changed.get(name, tables.load(f"ukraine_{name}"))
        for name in ("aid_monthly", "aid_donors", "aid_origin", "heavy_weapons")
    }
    files = publishers.kiel(*t.values(), names_of_states(), 30, "2026-10-15")
    for name, text in files.items():
        site.put(KIEL + name, "text/plain; charset=utf-8", text)
    return files


def serve_un(site, votes, calls):
    files = [f"/record/4060887/files/{day}_ga_voting.csv" for day in ("2026_12_06", "2026_9_19")]
    page = "".join(f'<a href="{file}?ln=en">votes</a>' for file in files)
    site.put("/record/4060887", "text/html", page)
    site.put("/record/4060887/files/2026_12_06_ga_voting.csv", "text/csv", publishers.un_votes(votes, calls))


def serve_sipri(site, rows, **how):
    site.put(
        "/databases/milex",
        "text/html",
        "".join(f"<a href='/files/SIPRI-Milex-data-1949-{end}.xlsx'>x</a>" for end in ("2025_v1.2", "2026")),
    )
    site.put(
        "/files/SIPRI-Milex-data-1949-2026.xlsx",
        publishers.XLSX,
        publishers.sipri(rows, names_of_states(), "2027-04-26", **how),
    )


def nato_2027():
    """Rows of an edition of 2027: those of 2026 and one more year, with sums that fit."""
    parts = []
    for name in ("nato_spending", "nato_spending_aggregates"):
        rows = tables.load(name).query("edition == 2026")
        more = rows[rows.year == 2026].assign(
            year=2027, current_usd_m=lambda r: r.current_usd_m + 100, is_estimate=True
        )
        parts.append(pd.concat([rows.assign(is_estimate=rows.year >= 2026), more], ignore_index=True))
    allies, sums = parts
    total = allies[allies.year == 2027].current_usd_m.sum()
    sums.loc[(sums.year == 2027) & (sums["aggregate"] == "nato_total"), "current_usd_m"] = total
    return allies, sums


# ---- a good new edition


def test_a_file_like_our_table_holds_nothing_new(folder, site):
    data = folder(
        "world_bank_context",
        "sipri_spending",
        "un_votes",
        "un_resolutions",
        "ukraine_aid_monthly",
        "ukraine_aid_donors",
        "ukraine_aid_origin",
        "ukraine_heavy_weapons",
    )
    serve_world_bank(site, tables.load("world_bank_context"))
    serve_sipri(site, tables.load("sipri_spending"))
    serve_un(site, tables.load("un_votes"), tables.load("un_resolutions"))
    serve_kiel(site)
    before = contents(data)
    for name in ("world_bank_context", "sipri_spending", "un_resolutions"):
        assert refresh.refresh(name, today=TODAY).startswith("Nothing new"), name
    assert contents(data) == before
    refresh.refresh("ukraine_aid_donors", today=TODAY)  # shares of GDP are computed from amounts that are rounded here
    before = contents(data)
    assert refresh.refresh("ukraine_aid_donors", today=TODAY).startswith("Nothing new")
    assert contents(data) == before


def test_a_new_vintage_replaces_the_table_and_keeps_the_old_one(folder, site):
    data = folder("world_bank_context")
    rows = next_year(tables.load("world_bank_context"), 2025)
    rows.loc[(rows.iso3 == "JPN") & (rows.year == 2020), "gdp_usd_m"] += 50_000
    serve_world_bank(site, rows)
    before = contents(data)
    report = refresh.refresh("world_bank_context", today=TODAY)
    forget()
    assert tables.load("world_bank_context").year.max() == 2025
    assert (data / "editions" / "world_bank_context-2026-03.csv").read_bytes() == before["world_bank_context.csv"]
    entry = tables.manifest("world_bank_context")
    assert (entry["vintage"], entry["retrieved"], entry["next_release_expected"]) == (
        "2027-03-05",
        "2027-08-01",
        "2028-03",
    )
    assert next(f for f in entry["schema"]["fields"] if f["name"] == "year")["constraints"]["maximum"] == 2025
    assert tables.load("sources").set_index("source_id").vintage["WB-WDI-2027"] == "2027-03-05"
    assert re.search(r"\d+ rows added, 0 removed, 1 changed", report) and "revised: gdp_usd_m JPN 2020" in report
    untouched = {name for name in before if not name.startswith(("world_bank_context", "sources.csv"))}
    after = contents(data)
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_a_refreshed_manifest_differs_only_in_its_dates_and_bounds(folder, site):
    data = folder("world_bank_context")
    old = (data / "world_bank_context.resource.yaml").read_text("utf-8").splitlines()
    serve_world_bank(site, next_year(tables.load("world_bank_context"), 2025))
    refresh.refresh("world_bank_context", today=TODAY)
    new = (data / "world_bank_context.resource.yaml").read_text("utf-8").splitlines()
    assert len(old) == len(new)
    assert {b.split(":")[0].strip() for a, b in zip(old, new, strict=True) if a != b} <= {
        "vintage",
        "retrieved",
        "next_release_expected",
        "- {name",
    }


def test_an_edition_adds_rows_and_leaves_the_other_editions_alone(folder, site):
    data = folder("nato_spending", "nato_spending_aggregates")
    allies, sums = nato_2027()
    site.put(NATO, publishers.XLSX, publishers.nato(allies, sums, names_of_states(), "2027-07-09"))
    old = (data / "nato_spending.csv").read_text("utf-8").splitlines()
    report = refresh.refresh("nato_spending", today=TODAY)
    forget()
    new = (data / "nato_spending.csv").read_text("utf-8").splitlines()
    assert set(old) < set(new) and len(new) - len(old) == len(allies)
    assert not (data / "editions").exists()
    assert sorted(tables.load("nato_spending_aggregates").edition.unique()) == [2024, 2026, 2027]
    fresh = tables.load("nato_spending").query("edition == 2027")
    assert (
        fresh.query("year >= 2024").is_member.all()
        and not fresh.query("iso3 == 'SWE' and year == 2023").is_member.item()
    )
    assert (
        fresh.query("iso3 == 'SVN' and year == 2026").share_gdp_pct.item()
        == allies.query("iso3 == 'SVN' and year == 2026").share_gdp_pct.item()
    )
    assert "nato_spending_aggregates: vintage 2026-07-10 -> 2027-07-09: 28 rows added" in report


def test_tables_of_one_publication_change_together(folder, site):
    data = folder("ukraine_aid_monthly", "ukraine_aid_donors", "ukraine_aid_origin", "ukraine_heavy_weapons")
    monthly, origin = tables.load("ukraine_aid_monthly"), tables.load("ukraine_aid_origin")
    may = monthly[monthly.month == "2026-04-01"].assign(month=pd.Timestamp(2026, 5, 1))
    may = may.assign(**{c: 0.0 for c in may if c.endswith("_eur_bn")})
    more = origin.tail(1).assign(month=pd.Timestamp(2026, 5, 1), **{c: 0.0 for c in origin if c.endswith("_eur_bn")})
    may.loc[may.donor_id == "POL", ["humanitarian_eur_bn", "total_eur_bn", "commitments_eur_bn"]] = 0.0004
    serve_kiel(site, aid_monthly=pd.concat([monthly, may]), aid_origin=pd.concat([origin, more]))
    report = refresh.refresh("ukraine_aid_origin", today=date(2026, 11, 30))
    forget()
    assert (
        tables.load("ukraine_aid_monthly").month.max()
        == tables.load("ukraine_aid_origin").month.max()
        == pd.Timestamp(2026, 5, 1)
    )
    assert set(tables.load("ukraine_aid_donors").period_end) == {pd.Timestamp(2026, 5, 31)}
    assert {path.name for path in (data / "editions").glob("*.csv")} == {
        f"ukraine_{n}-2026-08-04.csv" for n in ("aid_monthly", "aid_donors", "aid_origin", "heavy_weapons")
    }
    assert "ukraine_aid_monthly: vintage 2026-08-04 -> 2026-10-15: 42 rows added" in report
    assert "KIEL_UST_R30" in set(tables.load("sources").source_id)


def test_constant_dollars_of_a_newer_base_year_are_brought_back(folder, site, tmp_path):
    folder("sipri_spending")
    old = tables.load("sipri_spending")
    serve_sipri(site, old, base=2025, inflate=1.07)
    book = fetch.read(_file(tmp_path / "sipri.xlsx", site.pages["/files/SIPRI-Milex-data-1949-2026.xlsx"][2]), "xlsx")
    new = sipri.tidy([book], old)
    both = old.merge(new["rows"], on=["iso3", "year"], suffixes=("", "_new"))
    ratio = both.query("iso3 != 'MMR'").eval("constant_2024_usd_m_new / constant_2024_usd_m").dropna()
    assert ratio.between(0.99, 1.01).all() and len(ratio) > 1500
    assert both.data_flag.equals(both.data_flag_new) and both.excludes_pensions.equals(both.excludes_pensions_new)
    assert set(new["rows"].source_id) == {"SIPRI-2027"}


def test_a_saved_file_serves_instead_of_the_download(folder, tmp_path):
    folder("un_votes", "un_resolutions")
    saved = tmp_path / "2026_12_06_ga_voting.csv"
    saved.write_text(publishers.un_votes(tables.load("un_votes"), tables.load("un_resolutions")), "utf-8")
    assert refresh.refresh("un_votes", saved=saved, today=TODAY).startswith("Nothing new")


def test_a_new_year_of_votes_leaves_the_other_years_and_what_the_course_noted(folder, site):
    data = folder("un_votes", "un_resolutions")
    votes, calls = tables.load("un_votes"), tables.load("un_resolutions")
    old = {name: (data / f"{name}.csv").read_text("utf-8").splitlines() for name in ("un_votes", "un_resolutions")}
    changed = calls.assign(title=calls.title.where(calls.resolution != "ES-11/8", "A path to peace"))
    serve_un(site, votes, changed)
    report = refresh.refresh("un_votes", today=TODAY)
    forget()
    assert "un_votes: vintage 2026-03 -> 2026-12-06: 0 rows added, 0 removed, 0 changed, of 38407." in report
    assert "un_resolutions: vintage 2026-03 -> 2026-12-06: 0 rows added, 0 removed, 1 changed, of 199." in report
    kept = [line for line in old["un_votes"] if ",UNDL-2025," not in line]
    new = (data / "un_votes.csv").read_text("utf-8").splitlines()
    assert [line for line in new if ",UNDL-2025-2026-12-06," not in line and ",UNDL-2025," not in line] == kept
    assert len(kept) > 1300 and sum(",derived," in line for line in new) == 36
    row = tables.load("un_resolutions").set_index("resolution").loc["ES-11/8"]
    assert (row.title, row.coverage, row.n_votes_known, row.other_source_ids) == (
        "A path to peace",
        "recorded",
        193,
        "NEWS-ES11-8",
    )
    assert row.note.startswith("Draft of the United States")
    assert len(tables.load("un_resolutions")) == len(calls) == len(old["un_resolutions"]) - 1


# ---- refusals: one sentence, and every file as it was


def refused(data, words, name="world_bank_context", **how):
    before = contents(data)
    with pytest.raises(ValueError, match=words) as error:
        refresh.refresh(name, today=TODAY, **how)
    assert contents(data) == before
    assert "\n" not in str(error.value) and "Traceback" not in str(error.value)


@pytest.fixture
def bank(folder, site):
    data = folder("world_bank_context")
    serve_world_bank(site, next_year(tables.load("world_bank_context"), 2025))
    return data


def test_no_internet(bank, site):
    site.close()
    refused(bank, "could not be reached")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((404, "text/html", b"gone", None), "answered 404"),
        (
            (200, "text/html", b"<html>Please prove that you are human</html>", None),
            "sent 'text/html', not a json file",
        ),
        ((200, "application/json", b'[{"page": 1, "pages"', None), "not complete JSON"),
        ((200, "application/json", b"[1, 2", 4000), "cut off after 5 of 4,000 bytes"),
        ((200, "application/json", b'[{"message": [{"id": "120"}]}]', None), "message instead of data"),
        (
            (
                200,
                "application/json",
                b'[{"page": 1, "pages": 3, "lastupdated": "2027-03-05"}, [{"date": "2025"}]]',
                None,
            ),
            "page 1 of 3",
        ),
        (
            (
                200,
                "application/json",
                b'[{"page": 1, "pages": 1, "lastupdated": "2027-03-05"}, [{"jahr": "2025"}]]',
                None,
            ),
            "not laid out as ip4.refresh.worldbank expects",
        ),
    ],
)
def test_a_bad_answer(bank, site, page, words):
    site.pages[WB + "SP.POP.TOTL"] = page
    refused(bank, words)


def test_a_new_price_base_is_not_mixed_in(bank, site):
    text = site.pages[WB + "NY.GDP.PCAP.PP.KD"][2].decode().replace("constant 2021", "constant 2026")
    site.put(WB + "NY.GDP.PCAP.PP.KD", "application/json", text)
    refused(bank, "not dollars of 2021")


def test_a_file_that_is_too_large(bank):
    path = bank / "world_bank_context.resource.yaml"
    path.write_text(path.read_text("utf-8").replace("  grows: [year]", "  grows: [year]\n  limit_mb: 0.1"), "utf-8")
    forget()
    refused(bank, "larger than the 0.1 MB")


def test_plain_http_from_elsewhere_is_not_fetched(bank):
    path = bank / "world_bank_context.resource.yaml"
    path.write_text(re.sub(r"http://127.0.0.1:\d+", "http://example.org", path.read_text("utf-8")), "utf-8")
    forget()
    refused(bank, "only https")


def test_missed_published_figures(bank, site):
    rows = next_year(tables.load("world_bank_context"), 2025)
    serve_world_bank(site, rows.assign(gdp_usd_m=rows.gdp_usd_m * 2))
    refused(bank, "does not pass the checks: .*published is")


def test_a_value_against_the_constraints(bank, site):
    rows = next_year(tables.load("world_bank_context"), 2025)
    rows.loc[rows.index[-1], "population"] = -5
    serve_world_bank(site, rows)
    refused(bank, "does not pass the checks: .*population")


def test_rows_that_vanished(bank, site):
    serve_world_bank(site, tables.load("world_bank_context").query("year > 1995"))
    refused(bank, "lacks .* rows, the first is ALB 1990")


def test_a_year_in_the_future(bank, site):
    serve_world_bank(site, next_year(tables.load("world_bank_context"), 2031))
    refused(bank, "2031 lies in the future")


def test_a_data_folder_with_faults_of_its_own(bank):
    path = bank / "sipri_spending.csv"
    path.write_text(path.read_text("utf-8").replace("SIPRI-2026", "NO-SUCH-SOURCE", 1), "utf-8")
    refused(bank, "faults of its own")


def test_changed_columns_in_a_csv(folder, site):
    data = folder("ukraine_aid_monthly", "ukraine_aid_donors", "ukraine_aid_origin", "ukraine_heavy_weapons")
    files = serve_kiel(site)
    site.put(KIEL + "data_explorer.csv", "text/csv", files["data_explorer.csv"].replace("commitments", "pledges", 1))
    refused(data, "columns have changed, commitments is missing", "ukraine_aid_monthly")


def test_a_csv_cut_at_a_line_misses_the_publishers_total(folder, site):
    data = folder("ukraine_aid_monthly", "ukraine_aid_donors", "ukraine_aid_origin", "ukraine_heavy_weapons")
    files = serve_kiel(site)
    lines = files["data_explorer.csv"].splitlines(keepends=True)
    site.put(KIEL + "data_explorer.csv", "text/csv", "".join(lines[:-200]))
    refused(data, "military aid of all donors.*publisher's total", "ukraine_heavy_weapons")


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<!doctype html><p>Not found", "not a CSV file"), (b"", "not a CSV file"), (b"PK\x03\x04", "not a CSV file")],
)
def test_another_kind_of_file_under_the_name_of_a_csv(folder, site, body, words):
    data = folder("ukraine_aid_monthly", "ukraine_aid_donors", "ukraine_aid_origin", "ukraine_heavy_weapons")
    serve_kiel(site)
    site.put(KIEL + "weapons.csv", "text/plain", body)
    refused(data, words, "ukraine_aid_monthly")


def test_votes_that_do_not_give_their_printed_totals(folder, site):
    data = folder("un_votes", "un_resolutions")
    calls = tables.load("un_resolutions")
    calls.loc[calls.resolution == "79/269", "yes"] += 1
    serve_un(site, tables.load("un_votes"), calls)
    refused(data, "do not give its printed totals", "un_votes")


def test_a_page_without_the_link(folder, site):
    data = folder("un_votes", "un_resolutions")
    site.put("/record/4060887", "text/html", "<a href='/other.csv'>x</a>")
    refused(data, "has no link that fits", "un_votes")


def test_a_cut_workbook(folder, site):
    data = folder("nato_spending", "nato_spending_aggregates")
    body = publishers.nato(*nato_2027(), names_of_states(), "2027-07-09")
    site.put(NATO, publishers.XLSX, body[: len(body) // 2])
    refused(data, "not a complete Excel workbook", "nato_spending")


def test_a_workbook_with_other_sheets(folder, site):
    data = folder("sipri_spending")
    serve_sipri(site, tables.load("sipri_spending"))
    body = site.pages["/files/SIPRI-Milex-data-1949-2026.xlsx"][2]
    book = fetch.read(_file(data.parent / "x.xlsx", body), "xlsx")
    book["Share of GDP"].title = "GDP share"
    site.put("/files/SIPRI-Milex-data-1949-2026.xlsx", publishers.XLSX, publishers.xlsx(book, "2027-04-26"))
    refused(data, "no sheet 'Share of GDP'", "sipri_spending")


def test_allies_that_do_not_add_up_to_the_printed_total(folder, site):
    data = folder("nato_spending", "nato_spending_aggregates")
    allies, sums = nato_2027()
    allies.loc[(allies.iso3 == "FRA") & (allies.year == 2027), "current_usd_m"] -= 900
    site.put(NATO, publishers.XLSX, publishers.nato(allies, sums, names_of_states(), "2027-07-09"))
    refused(data, "NATO total in 2027.*publisher's total", "nato_spending")


def test_an_edition_that_is_not_out_yet(folder):
    refused(folder("nato_spending", "nato_spending_aggregates"), "is not out yet", "nato_spending")


def test_tables_that_cannot_be_refreshed(folder):
    data = folder("world_bank_context")
    refused(data, "cannot be refreshed", "countries")
    refused(data, "There is no table 'world_bank'. Did you mean|There is no table 'world_bank'", "world_bank")


def test_one_saved_file_is_not_enough_for_three(bank, tmp_path):
    refused(bank, "read from 3 files", saved=_file(tmp_path / "x.json", b"[]"))


def _file(path, content):
    path.write_bytes(content)
    return path


# ---- all files or none


@pytest.mark.parametrize("good_writes", [0, 1, 2, 3])
def test_a_fault_while_writing_puts_everything_back(bank, monkeypatch, good_writes):
    real, calls = os.replace, []

    def failing(source, target):
        calls.append(target)
        if len(calls) > good_writes:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(editions.os, "replace", failing)
    refused(bank, "could not be written .No space left on device.")
    assert not (bank / "editions").exists()


def test_the_generated_package_follows(bank):
    (bank / "datapackage.yaml").write_text("old", "utf-8")
    refresh.refresh("world_bank_context", today=TODAY)
    assert "2027-03-05" in (bank / "datapackage.yaml").read_text("utf-8")


def test_an_old_copy_is_never_overwritten(bank):
    (bank / "editions").mkdir()
    (bank / "editions" / "world_bank_context-2026-03.csv").write_text("an earlier copy", "utf-8")
    refresh.refresh("world_bank_context", today=TODAY)
    assert (bank / "editions" / "world_bank_context-2026-03.csv").read_text("utf-8") == "an earlier copy"
    assert (bank / "editions" / "world_bank_context-2026-03-2.csv").exists()


def test_the_command_says_one_sentence_and_fails(bank, site):
    from click.testing import CliRunner

    site.close()
    result = CliRunner().invoke(main, ["data", "refresh", "world_bank_context"])
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: .*could not be reached.*Nothing was changed\.\n", result.output)


def test_real_addresses_are_https():
    for name in plans.refreshable():
        assert all(address.startswith("https://") for address in plans.addresses(name)), name


# ---- counting terms in official texts

VILNIUS = "nato_2023_vilnius"
SENTENCE = "Allies and China and Japan met their partners at the Vilnius summit and spoke of deterrence"


def page(paragraphs, last="The end of the text of the declaration."):
    body = "".join(
        f"<p>{n}. {SENTENCE if n <= 15 else SENTENCE.replace('China', 'others')}.</p>" for n in range(1, paragraphs + 1)
    )
    main = f"<main><h1>Vilnius Summit Communiqué</h1>{body}<p>{last}</p></main>"
    return f"<html><nav>China China China</nav>{main}<footer>China</footer></html>"


@pytest.fixture
def discourse(folder, site):
    data = folder("mentions", "documents", "published_counts", "lexicon")
    path = data / "documents.csv"
    text = re.sub(r"https://[^,]*/official_texts_217320.htm", f"{site.address}/vilnius.htm", path.read_text("utf-8"))
    path.write_text(
        text.replace("https://www.nato.int", f"{site.address}/none").replace("https://", "https://127.0.0.1:9/"),
        "utf-8",
    )
    forget()
    return data


def test_a_whole_text_is_counted_and_the_text_is_not_kept(discourse, site):
    site.put("/vilnius.htm", "text/html; charset=utf-8", page(90))
    report = counting.count_terms(today=TODAY)
    forget()
    found = tables.load("mentions").query("doc_id == @VILNIUS").set_index("term")["count"]
    assert (found.china, found.japan, found.deterrence) == (15, 90, 90) and len(found) == len(tables.load("lexicon"))
    row = tables.load("documents").set_index("doc_id").loc[VILNIUS]
    assert row.whole_text_counted and row.words > 1000
    assert "china 15 (published 14 and 15)" in report and "not fetched" in report
    assert not any(SENTENCE.encode() in content for content in contents(discourse).values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (page(40), "40 paragraphs and 90 are published"),
        (page(5), "it has only"),
        (page(90, "Read more"), "breaks off"),
        (page(90).replace("China and", "others and"), "names china less than half as often"),
        (
            page(90).replace("Vilnius", "Riga").replace("ummit", "eeting").replace("ommuniqué", "tatement"),
            "words of its title",
        ),
    ],
)
def test_a_part_of_a_text_is_not_counted(discourse, site, text, words):
    site.put("/vilnius.htm", "text/html; charset=utf-8", text)
    before = contents(discourse)
    with pytest.raises(editions.EditionError, match=words):
        counting.count_terms(today=TODAY)
    assert contents(discourse) == before


def test_without_internet_nothing_is_counted(discourse, site):
    before = contents(discourse)
    site.close()
    with pytest.raises(editions.EditionError, match="No whole text was counted"):
        counting.count_terms(today=TODAY)
    assert contents(discourse) == before


def test_texts_saved_by_hand_are_counted(discourse, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / f"{VILNIUS}.html").write_text(page(90), "utf-8")
    (texts / "something.txt").write_text("x", "utf-8")
    report = counting.count_terms(saved=texts, today=TODAY)
    assert f"{VILNIUS}: " in report and "no document is named 'something'" in report


def test_plain_text_of_a_page():
    html = (
        "<head><title>x</title></head><body><nav>menu</nav><article><header><h1>Title</h1></header><p>One&nbsp;two\nthree</p>"
        "<script>var x</script><ul><li>four<li>five</ul></article><aside>ad</aside></body>"
    )
    assert counting.plain_text(html) == "Title\nOne two three\nfour\nfive"
    assert counting.plain_text("<p>No main part<br>here") == "No main part\nhere"


def test_numbers_of_the_ledger_that_move_are_named(bank):
    """A small ledger of two numbers: one moves with the new year, one does not."""
    (bank / "claim_numbers.csv").write_text(
        "claim_id,number_id,what,expression,value,tolerance\n"
        "C01,c01_a,Last year of the table,load('world_bank_context').year.max(),2024,0\n"
        "C02,c02_b,First year of the table,load('world_bank_context').year.min(),1990,0\n",
        "utf-8",
    )
    manifest = yaml.safe_load((REPO / "data" / "claim_numbers.resource.yaml").read_text("utf-8"))
    kept = ("claim_id", "number_id", "what", "expression", "value", "tolerance")
    manifest["schema"]["fields"] = [field for field in manifest["schema"]["fields"] if field["name"] in kept]
    manifest["schema"]["foreignKeys"] = []
    manifest["checks"] = [{"what": "Rows", "expression": "len(t)", "expected": 2, "tolerance": 0}]
    (bank / "claim_numbers.resource.yaml").write_text(yaml.safe_dump(manifest), "utf-8")
    forget()
    report = refresh.refresh("world_bank_context", today=TODAY)
    assert "ledger C01: Last year of the table: 2024 -> 2025; read its verdict again." in report and "C02" not in report
