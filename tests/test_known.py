"""What was known on a day: the rules of the manifests, and that no number of then can see beyond its day."""

import re
from datetime import date

import pandas as pd
import pytest
from conftest import ROOT

from coursekit import known, tables
from coursekit.data import expressions
from coursekit.ledger import claims as ledger

DAY = tables.day_of("then")
NUMBERS = tables.load("claim_numbers")
THEN = NUMBERS[NUMBERS.as_of == "then"]


def dated(name: str) -> bool:
    rule = tables.manifest(name).get("known", {})
    return "by" in rule


EDITIONS = [{"value": 2023, "day": "2023-07-07"}, {"value": 2024, "day": "2024-06-17"}]
DATED = [name for name in tables.names() if dated(name)]


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def manifest(rule: dict | None) -> dict:
    return {"name": "things"} | ({"known": rule} if rule else {})


@pytest.mark.parametrize(
    ("rule", "columns", "kept"),
    [
        ({"by": "day"}, {"day": ["2023-07-31", "2023-08-01", None, "spring"]}, [0]),
        ({"by": "day"}, {"day": ["2023-07", "2023", "2022", "2023-08"]}, [0, 2]),
        ({"by": "year"}, {"year": [2022, 2023]}, [0]),
        ({"by": "day", "precision": "p"}, {"day": ["2023-07-01", "2023-01-01"], "p": ["month", "year"]}, [0]),
        ({"by": "edition", "released": EDITIONS}, {"edition": [2023, 2024, 2025]}, [0]),
        ({"from": "texts", "key": "doc", "by": "date"}, {"doc": ["a", "b", "c"]}, [0]),
        ({"always": "Codes."}, {"code": ["a", "b"]}, [0, 1]),
    ],
)
def test_rows_are_kept_that_were_published_by_the_day(rule, columns, kept):
    texts = frame(doc=["a", "b"], date=["2022-01-01", "2024-01-01"])
    rows = frame(**columns).assign(place=range(len(next(iter(columns.values())))))
    found = known.rows_known(rows, manifest(rule), date(2023, 7, 31), {"texts": texts}.get)
    assert list(found.place) == kept


def test_an_ending_after_the_day_is_not_yet_known():
    rule = {"by": "join", "ends": ["leave"]}
    rows = frame(join=["2000", "2001", "2002"], leave=["2020-01-31", "2024-01-01", None])
    found = known.rows_known(rows, manifest(rule), date(2023, 7, 31), None)
    assert list(found.leave.notna()) == [True, False, False]


@pytest.mark.parametrize("rule", [None, {"never": "revised with each release"}])
def test_a_table_that_cannot_be_dated_is_refused_in_one_sentence(rule):
    with pytest.raises(known.KnownError) as fault:
        known.rows_known(frame(a=[1]), manifest(rule), date(2023, 7, 31), None)
    said = str(fault.value)
    assert said.startswith("things: the table cannot be read as of 2023-07-31: ") and said.count(". ") == 0
    assert (rule or {}).get("never", "no rule 'known'") in said


@pytest.mark.parametrize("name", DATED)
def test_no_row_of_a_dated_table_is_shown_before_it_was_published(name):
    """Day after day a table only grows; and what it shows was published by the day, by the rule read here again."""
    rule = tables.manifest(name)["known"]
    sizes = []
    for day in (date(2010, 1, 1), DAY, date(2100, 1, 1)):
        with tables.as_of(day):
            rows = tables.load(name)
        assert (known.published(rows, rule, tables.load) <= pd.Timestamp(day)).all()
        sizes.append(len(rows))
    assert sizes == sorted(sizes) and sizes[-1] > 0


def test_as_of_ends_with_its_block_and_the_innermost_counts():
    whole = len(tables.load("chronology"))
    with tables.as_of(DAY), pytest.raises(ValueError), tables.as_of(date(1990, 1, 1)):
        assert len(tables.load("chronology")) < 20
        raise ValueError
    with tables.as_of(None):
        assert len(tables.load("chronology")) == whole


# ---- the numbers of then


@pytest.mark.parametrize("row", list(THEN.itertuples()), ids=lambda r: r.number_id)
def test_no_number_of_then_uses_a_figure_published_after_the_day(row, monkeypatch):
    """By date: whatever rows are read while the number is computed, each was published by the day."""
    seen = []

    def watching(rows, entry, day, load):
        found = known.rows_known(rows, entry, day, load)
        seen.append((entry, day, found))
        return found

    monkeypatch.setattr(tables, "rows_known", watching)
    with tables.as_of(DAY):
        tables.evaluate(row.expression)
    assert seen, "a number of then reads no table"
    for entry, day, rows in seen:
        rule = entry["known"]
        assert day == DAY and "never" not in rule
        late = known.published(rows, rule, tables._whole) > pd.Timestamp(DAY) if "by" in rule else pd.Series([False])
        assert not late.any(), f"{entry['name']}: {int(late.sum())} rows were published after {DAY}"


@pytest.fixture(scope="module")
def without_the_later_rows(tmp_path_factory):
    """A copy of the data in which no row that was published after the day is left at all, in any dated table."""
    folder = tmp_path_factory.mktemp("then") / "data"
    folder.mkdir()
    for path in (ROOT / "data").iterdir():
        (folder / path.name).symlink_to(path)
    for name in DATED:
        with tables.as_of(DAY):
            place = tables.load(name)
        (folder / f"{name}.csv").unlink()
        place.to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.mark.parametrize("row", list(THEN.itertuples()), ids=lambda r: r.number_id)
def test_a_number_of_then_is_the_same_where_the_later_rows_do_not_exist(row, without_the_later_rows, monkeypatch):
    """By vintage: nothing that came later can reach the number by any way, whatever code computes it."""
    told = ledger.number(row)
    monkeypatch.setenv("COURSE_DATA", str(without_the_later_rows))
    with tables.as_of(DAY):
        assert tables.evaluate(row.expression) == pytest.approx(told)


def test_a_value_of_then_is_not_taken_for_one_of_now():
    """The same expression has two values, and neither is handed out for the other."""
    expression = "len(load('chronology'))"
    whole, part = expressions.value(expression), expressions.value(expression, day=DAY)
    assert part < whole == expressions.value(expression)


def test_the_day_is_a_setting(monkeypatch):
    assert tables.day_of("now") is None and isinstance(DAY, date)
    with pytest.raises(tables.TableError, match="'later' is no moment"):
        tables.day_of("later")
    monkeypatch.setattr(tables, "_settings", lambda _folder: {"ledger": {}})
    with pytest.raises(tables.TableError, match=r"course.yaml, ledger: 'then' must be a day"):
        tables.day_of("then")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("measures ip4.measures\nledger:\n", "course.yaml, line 1: 'measures ip4.measures' has no colon; write it as"),
        ("ledger:\n  work article\n  since: x\n", "course.yaml, line 2: 'work article' has no colon; write it as"),
        ("ledger:\n  since: x\n  # why\n  work article\n", "course.yaml, line 4: 'work article' has no colon"),
        (
            "measures: a\nlicence\narchive: x\n",
            "course.yaml, line 2: 'licence' has no colon; write it as 'key: value'.",
        ),
        ("only words\n", "course.yaml: every setting is a key with a value; write each line as 'key: value'."),
        ("a: b: c\n", "course.yaml, line 1: not valid YAML"),
    ],
)
def test_a_setting_without_its_colon_is_named(tmp_path, text, words):
    (tmp_path / "course.yaml").write_text(text)
    with pytest.raises(tables.TableError, match=re.escape(words)):
        tables._settings(str(tmp_path))


def test_a_course_without_settings_has_none(tmp_path):
    assert tables._settings(str(tmp_path)) == {}
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "course.yaml").write_text("# nothing yet\n")
    assert tables._settings(str(tmp_path / "empty")) == {}
