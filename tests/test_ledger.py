"""The ledger is complete, consistent, and its numbers are what the data give."""

import math
import re

import pytest
from conftest import ROOT

from coursekit import tables
from coursekit.ledger import claims as ledger

CLAIMS = tables.load("claims")
NUMBERS = tables.load("claim_numbers")
BIB = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))
OWNED = CLAIMS[CLAIMS.testable != "no"]


def test_all_claims_of_the_article_are_there():
    assert list(CLAIMS.claim_id) == [f"C{n:02d}" for n in range(1, 57)]
    assert CLAIMS.paragraph.between(1, 8).all()


def test_quoted_words_are_few():
    assert CLAIMS.quoted_term.fillna("").str.split().str.len().max() <= 6


@pytest.mark.parametrize("row", list(OWNED.itertuples()), ids=lambda r: r.claim_id)
def test_a_testable_claim_has_owner_test_and_verdict(row):
    assert 1 <= row.chapter <= 14 and row.test and row.would_change and row.counter_view and row.since
    assert row.verdict in ledger.VERDICTS and row.verdict != "not testable" or row.testable == "partly"
    assert row.verdict == "not testable" or row.confidence in {"low", "medium", "high"}
    assert set(str(row.tables).split()) <= set(tables.names())


@pytest.mark.parametrize("claim_id", list(CLAIMS.claim_id))
def test_the_verdicts_words_can_be_filled(claim_id):
    text = ledger.reason(claim_id)
    assert "{" not in text
    raw = CLAIMS.set_index("claim_id").verdict_reason[claim_id]
    typed = re.findall(r"(?<![\w{])\d[\d.,]*\s*(?:%|per cent|billion|million)", re.sub(r"\{[^}]*\}", "", raw))
    assert all(re.match(r"(2|1\.5|3\.5|5|20)\b", number) for number in typed), f"typed: {typed}"


@pytest.mark.parametrize("row", list(NUMBERS.itertuples()), ids=lambda r: f"{r.claim_id}-{r.number_id}")
def test_a_verdicts_number_is_what_the_data_give(row):
    value = tables.evaluate(row.expression)
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
