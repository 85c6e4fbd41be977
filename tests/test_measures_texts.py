"""Counts over whole collections of texts, on small tables with known answers."""

import pandas as pd
import pytest

from ip4.measures import texts

TABLE = pd.DataFrame(
    [
        ("white_house", "2022-01-01", "2022-01-31", "statements_releases", texts.BOTH, 10, 2, None, 900),
        ("white_house", "2022-02-01", "2022-02-28", "presidential_actions", texts.BOTH, 5, 1, None, 900),
        ("white_house", "2022-02-01", "2022-02-28", "press_briefings", texts.BOTH, 5, 4, None, 900),
        ("white_house", "2023-01-01", "2023-01-31", "statements_releases", texts.BOTH, 5, 5, None, 900),
    ],
    columns=[
        "collection",
        "period_start",
        "period_end",
        "text_kind",
        "term",
        "documents",
        "documents_with",
        "mentions",
        "words",
    ],
)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    frame = TABLE.assign(period_start=pd.to_datetime(TABLE.period_start), period_end=pd.to_datetime(TABLE.period_end))
    monkeypatch.setattr(texts, "load", lambda name: frame)


def test_only_written_texts_of_the_year_count():
    assert texts.linked_in(2022) == 3 and texts.linked("2022-02-01", "2023-12-31") == 6
