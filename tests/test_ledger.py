"""The ledger is complete, consistent, and its numbers are what the data give."""

import math
import re

import pandas as pd
import pytest
from click.testing import CliRunner
from conftest import ROOT

from coursekit import tables
from coursekit.book import ledger_page
from coursekit.cli.main import main
from coursekit.ledger import changes, verdicts
from coursekit.ledger import claims as ledger

CLAIMS = tables.load("claims")
NUMBERS = tables.load("claim_numbers")
VERDICTS = [verdicts.Verdict(row) for _, row in tables.load("claim_verdicts").iterrows()]
NAMES = [f"{v.row.claim_id}-{v.row.as_of}" for v in VERDICTS]
BIB = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))
OWNED = CLAIMS[CLAIMS.testable != "no"]


def test_all_claims_of_the_article_are_there():
    assert list(CLAIMS.claim_id) == [f"C{n:02d}" for n in range(1, 60)]
    assert CLAIMS.paragraph.between(1, 8).all()


def test_quoted_words_are_few():
    assert CLAIMS.quoted_term.fillna("").str.split().str.len().max() <= 6


@pytest.mark.parametrize("row", list(OWNED.itertuples()), ids=lambda r: r.claim_id)
def test_a_testable_claim_has_owner_and_test(row):
    assert 1 <= row.chapter <= 14 and row.test and row.would_change and row.counter_view and row.since
    assert set(str(row.tables).split()) <= set(tables.names())


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_a_verdict_fits_its_claim(verdict):
    claim = ledger.claim(verdict.row.claim_id)
    assert verdict.word in verdicts.VERDICTS
    assert verdict.word == "not testable" or claim.testable != "no"
    assert verdict.confidence or verdict.word in {"not testable", "open"}


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_the_confidence_is_the_lowest_of_its_domains(verdict):
    levels = [words.split(":")[0] for words in verdict.domains.values()]
    assert len(levels) in {0, len(verdicts.DOMAINS)}, "give all three domains or none"
    assert not levels or verdict.confidence == min(levels, key=verdicts.LEVELS.index)


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_an_open_verdict_says_what_will_decide_it(verdict):
    told = [verdicts.text(verdict.row[column]) for column in ("open_until", "open_source")]
    assert all(told) if verdict.word == "open" else not any(told)


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_the_verdicts_words_can_be_filled(verdict):
    text = verdict.reason()
    assert "{" not in text
    typed = re.findall(
        r"(?<![\w{])\d[\d.,]*\s*(?:%|per cent|billion|million)", re.sub(r"\{[^}]*\}", "", verdict.row.reason)
    )
    assert all(re.match(r"(2|1\.5|3\.5|5|20)\b", number) for number in typed), f"typed: {typed}"


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_the_rule_of_a_verdict_holds_and_is_said_in_words(verdict):
    rule = verdicts.text(verdict.row.rule)
    assert not verdict.again(), f"{rule} is false: judge again"
    assert not rule or verdicts.text(verdict.row.rule_words)


@pytest.mark.parametrize("verdict", VERDICTS, ids=NAMES)
def test_no_verdict_differs_from_where_its_revisions_end(verdict):
    told = verdicts.last_revision(verdict.row.claim_id, verdict.row.as_of)
    assert verdict.word == told, "add a row to claim_revisions.csv: date, old, new, why"


def test_revisions_follow_one_another():
    """What a revision calls old is what the one before it called new; days never run backwards."""
    rows = tables.load("claim_revisions")
    assert rows.date.is_monotonic_increasing
    for (claim, field), part in rows.groupby(["claim_id", "field"]):
        for moment in ("then", "now"):
            line = part[part.as_of.isin([moment, "both"])]
            joined = zip(line.new.iloc[:-1], line.old.iloc[1:], strict=True)
            assert all(before == after for before, after in joined), f"{claim}, {field}, {moment}"


@pytest.fixture()
def altered(tmp_path, monkeypatch):
    """A way to change one table in a copy of the data: ``altered("pledges", change)``; change: frame -> frame."""
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (ROOT / "data").iterdir():
        (folder / path.name).symlink_to(path)

    def alter(name, change):
        whole = pd.read_csv(ROOT / "data" / f"{name}.csv", dtype=str, keep_default_na=False)
        (folder / f"{name}.csv").unlink()
        change(whole).to_csv(folder / f"{name}.csv", index=False)
        monkeypatch.setenv("COURSE_DATA", str(folder))

    return alter


@pytest.mark.slow
def test_a_crossed_rule_is_found_and_marked(altered):
    """New figures that change who came last make the verdict on the two slow allies one to be judged again."""
    assert list(changes.crossed()) == [] and list(changes.moved_numbers()) == []

    def all_ratify_at_once(rows):
        return rows.assign(ratification_date="2022-07-20", days_to_ratify="15")

    altered("accession", all_ratify_at_once)
    said = [line for line in changes.report() if line.startswith("C24, now")]
    assert any("is to be judged again: its rule" in line for line in said)
    assert any("c24_hun" in line and "601 -> 15" in line for line in changes.report())
    mark = ledger_page.verdict_mark(verdicts.verdict("C24"))
    assert "to be judged again" in mark
    row = next(CLAIMS[CLAIMS.claim_id == "C24"].itertuples())
    assert "To be judged again.** A number crossed the rule" in ledger_page.ledger_text(row)


@pytest.mark.slow
def test_the_command_lists_what_moved(altered):
    run = CliRunner().invoke(main, ["ledger", "changes"])
    assert run.exit_code == 0 and run.output == "No number has moved and no verdict's rule is crossed.\n"
    altered("accession", lambda rows: rows.assign(days_to_ratify="15", ratification_date="2022-07-20"))
    run = CliRunner().invoke(main, ["ledger", "changes"])
    assert run.exit_code == 0 and "C24, now: 'held up' is to be judged again" in run.output, run.output


def test_a_reason_of_then_cannot_use_a_number_of_now():
    row = pd.Series(
        {"claim_id": "C01", "as_of": "then", "reason": "{c01_median_2026:.1f}", "rule": "c01_median_2026 > 1"}
    )
    with pytest.raises(tables.TableError, match="c01_median_2026.*does not have for that moment"):
        verdicts.Verdict(row).reason()
    with pytest.raises(tables.TableError, match="names a number that is not there"):
        verdicts.Verdict(row).again()


def test_a_row_shows_both_moments_its_rule_and_its_revisions():
    row = next(CLAIMS[CLAIMS.claim_id == "C24"].itertuples())
    text = ledger_page.ledger_text(row)
    for moment, verdict in verdicts.both("C24"):
        assert f"**{moment}: {verdict.mark} {verdict.word}.**" in text and verdict.row.rule_words in text
        assert all(words in text for words in verdict.domains.values())
    assert "26 November 2026, test: “Count the days each ally took" in text


@pytest.mark.parametrize("row", list(NUMBERS.itertuples()), ids=lambda r: f"{r.claim_id}-{r.number_id}")
def test_a_verdicts_number_is_what_the_data_give(row):
    value = ledger.number(row)
    assert math.isclose(float(value), row.value, abs_tol=row.tolerance), f"data give {value}"


@pytest.mark.parametrize("claim_id", list(OWNED.claim_id))
def test_references_stand_behind_verdict_and_counter_view(claim_id):
    roles = {role: ledger.references(claim_id, role) for role in ("basis", "since", "counter")}
    assert roles["counter"] and (roles["since"] or roles["basis"])


def test_every_reference_resolves():
    sources = set(tables.load("sources").source_id)
    for row in tables.load("claim_references").itertuples():
        has_key, has_source = isinstance(row.reference, str), isinstance(row.source_id, str)
        assert has_key != has_source, f"{row.claim_id}: exactly one of reference and source_id"
        assert row.reference in BIB if has_key else row.source_id in sources


def test_the_argument_map_is_one_piece():
    links = tables.load("claim_links")
    reached, edge = {"C01"}, {"C01"}
    while edge:
        near = links[links.from_claim.isin(edge) | links.to_claim.isin(edge)]
        edge = (set(near.from_claim) | set(near.to_claim)) - reached
        reached |= edge
    assert reached == set(CLAIMS.claim_id)


def test_every_table_has_a_user():
    """A table is used by a chapter, a claim, a page or the package's own code."""
    claimed = {name for names in CLAIMS.tables.dropna() for name in names.split()}
    text = "\n".join(
        p.read_text(encoding="utf-8")
        for folder in ("chapters", "ip4", "coursekit", "exercises")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".md", ".py", ".yml"} and "reference/data" not in str(p)
    )
    numbers = "\n".join(NUMBERS.expression)
    unused = [
        n
        for n in tables.names()
        if n not in claimed and f'"{n}"' not in text + numbers and f"'{n}'" not in text + numbers
    ]
    assert not unused


def test_unknown_claim_is_named():
    with pytest.raises(tables.TableError, match="There is no claim 'C99'"):
        ledger.claim("C99")


JUDGED = [(row.claim_id, row.as_of) for row in tables.load("claim_verdicts").itertuples()]


@pytest.mark.parametrize(("claim", "moment"), JUDGED)
def test_a_negative_number_has_a_minus(claim, moment):
    assert not re.search(r"(?<![\w–-])-\d", verdicts.verdict(claim, moment).reason())
