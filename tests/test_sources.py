"""Sources: each says what it is and how it was read; no copy passes for the source, and none decides a verdict."""

import re
import shutil
import subprocess
import sys
from functools import cache
from urllib.parse import urlparse

import pandas as pd
import pytest
from conftest import ROOT

from coursekit import sources, tables

ALL = tables.load("sources")
COPIES = tables.load("source_copies").set_index("source_id")
HOSTS = tables.load("source_hosts").set_index("host")
DATA = ROOT / "data"


def host(address: str) -> str:
    return urlparse(address).netloc


@pytest.mark.parametrize("row", [*ALL.dropna(subset="url").itertuples()], ids=lambda r: r.source_id)
def test_a_source_stands_on_a_host_that_was_judged_and_allowed(row):
    name = host(row.url)
    assert name in HOSTS.index, f"{row.source_id}: judge {name} in data/source_hosts.csv first"
    assert HOSTS.is_allowed[name], f"{row.source_id}: {name} is refused ({HOSTS.standing[name]}: {HOSTS.reason[name]})"


def test_no_host_is_listed_that_nobody_uses_and_that_is_not_refused():
    used = set(ALL.url.dropna().map(host))
    assert not set(HOSTS.index[HOSTS.is_allowed]) - used


@pytest.mark.parametrize("row", [*ALL[ALL.url.isna() | (ALL.read == "quoted")].itertuples()], ids=lambda r: r.source_id)
def test_what_was_not_seen_at_its_publisher_names_the_copy(row):
    assert row.source_id in COPIES.index, f"{row.source_id}: no page of the publisher was seen; name the copy"
    assert len(COPIES.why[row.source_id]) > 30


@pytest.mark.parametrize("source_id", COPIES.index[COPIES.form.isin(sources.COUNTED)].tolist())
def test_a_counted_copy_is_never_the_address_of_its_source(source_id):
    row = tables.source(source_id)
    if isinstance(row.url, str):
        assert row.url != COPIES.copy_url[source_id]
        assert host(row.url) != "github.com"


def test_at_most_forty_copies():
    assert COPIES.form.isin(sources.COUNTED).sum() <= 40


def test_each_source_is_used():
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("data", "chapters", "exercises", "ip4", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".csv", ".yaml", ".yml", ".md", ".py"}
        and path.name not in {"sources.csv", "source_copies.csv", "datapackage.yaml"}
    )
    words = set(re.findall(r"[A-Za-z0-9_.-]+", text))
    unused = sorted(set(ALL.source_id) - words)
    assert unused == [], f"no row, page or check stands on these: {unused}"


def test_other_sources_exist():
    known = set(ALL.source_id)
    for name in tables.names():
        frame = tables.load(name)
        if "other_source_ids" in frame:
            named = {one for cell in frame.other_source_ids.dropna() for one in cell.split(";")}
            assert named <= known, f"{name}: {sorted(named - known)}"


# --- no deciding number rests on a copy -------------------------------------------------------------------------------

VALUES = """
import json, sys
from coursekit import tables
from coursekit.data import expressions
found = {}
for row in tables.load("claim_numbers").itertuples():
    try:
        found[row.number_id] = float(expressions.value(row.expression, day=tables.day_of(row.as_of)))
    except Exception as error:
        found[row.number_id] = type(error).__name__
json.dump(found, sys.stdout)
"""


def deciding(numbers: pd.DataFrame) -> set[str]:
    """The numbers that a rule of a verdict names."""
    named = set(re.findall(r"c\d\d_[a-z0-9_]+", " ".join(tables.load("claim_verdicts").rule.dropna())))
    return named & set(numbers.number_id)


@cache
def values(folder: str) -> dict:
    import json
    import os

    run = subprocess.run(
        [sys.executable, "-c", VALUES],
        cwd=ROOT,
        env={**os.environ, "COURSE_DATA": folder},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def without(target, source_ids: set[str]) -> str:
    """A copy of the data folder in which every row that stands on one of the sources is taken out."""
    folder = target / "data"
    shutil.copytree(DATA, folder)
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "source_id" in frame and path.stem not in {"sources", "source_copies", "claim_references"}:
            kept = frame[~frame.source_id.isin(source_ids)]
            if len(kept) < len(frame):
                kept.to_csv(path, index=False)
    return str(folder)


# Extracts of datasets that carry a verdict, as the page on sources names them: no others may.
PAGE = (ROOT / "chapters" / "reference" / "sources.md").read_text(encoding="utf-8")
CARRYING = set(re.findall(r"<([\w.-]+)>`", PAGE.split("## Extracts that carry a verdict")[1].split("\n## ")[0]))


def test_what_carries_a_verdict_is_an_extract_that_was_compared():
    assert CARRYING and {COPIES.form[i] for i in CARRYING} == {"extract"}


@pytest.mark.slow
def test_no_deciding_number_rests_on_a_copy(tmp_path):
    """Take out every row that stands on a counted copy, but for the extracts named there: no such number may move."""
    taken = {i for i in COPIES.index if COPIES.form[i] in sources.COUNTED} - CARRYING
    numbers = tables.load("claim_numbers")
    bare = values(without(tmp_path, taken))
    moved = {
        row.number_id: bare[row.number_id]
        for row in numbers.itertuples()
        if isinstance(bare[row.number_id], str) or abs(bare[row.number_id] - row.value) > row.tolerance
    }
    assert moved, "the test takes nothing out: does it still look at the right tables?"
    rests = sorted(set(moved) & deciding(numbers))
    assert rests == [], (
        f"these decide a verdict and rest on a copy that chapters/reference/sources.md does not name: {rests}"
    )


# --- how a page names a source ----------------------------------------------------------------------------------------


def test_a_copy_says_so_on_the_page():
    copied = next(i for i in COPIES.index if COPIES.form[i] in sources.COUNTED)
    assert "read in a copy at" in sources.markdown(copied) and COPIES.copy_publisher[copied] in sources.told(copied)
    plain = next(i for i in ALL.source_id if i not in COPIES.index and isinstance(tables.source(i).url, str))
    assert "copy" not in sources.markdown(plain) and tables.source(plain).url in sources.markdown(plain)


def test_an_undated_source_is_called_undated():
    undated = ALL.source_id[ALL.vintage.isna()].iloc[0]
    assert sources.name(undated).endswith(", undated")


def test_every_source_can_be_named():
    for source_id in ALL.source_id:
        assert "nan" not in sources.markdown(source_id).split("](")[0].lower().split()
        assert sources.address(source_id).startswith("http") or source_id in COPIES.index
