"""Counting words and terms follows its stated rules, with the course's own lexicon."""

import pandas as pd
import pytest

from coursekit.tables import load
from ip4.models.words import count_terms, count_words, per_thousand


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two  three\nfour", 4),
        ("State-of-the-art U.S. forces", 3),
        ("Ukraine’s and NATO's", 3),
        ("3.5 % – or 2%", 3),
        ("Türkiye, São Tomé", 3),
        ("Erdoğan Wałęsa Kęstutis Tõnu Şimşek", 5),
        ("Erdog\u0306an and S\u0327ims\u0327ek", 3),
        ("snake_case", 2),
        ("- ... !", 0),
        ("trailing- hyphen -leading", 3),
    ],
)
def test_words(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The People’s Republic of China (PRC) and Chinese firms; china cups", {"china": 2}),
        ("South Korea, the Republic of\nKorea and the DPRK", {"korea_republic": 2, "korea_dprk": 1, "korea_any": 3}),
        (
            "Asian partners in the Asia-Pacific and the INDO-PACIFIC",
            {"asia": 1, "asia_pacific": 1, "indo_pacific": 1, "partner": 1},
        ),
        ("No such thing", {"china": 0, "russia": 0}),
    ],
)
def test_terms_of_the_lexicon(text, expected):
    counts = count_terms(text, load("lexicon"))
    assert {term: counts[term] for term in expected} == expected
    assert list(counts.index) == list(load("lexicon").term) and counts.name == "count"


def test_rates():
    assert per_thousand(pd.Series([1, 4]), 2000).tolist() == [0.5, 2.0]


def test_bad_input_gets_one_sentence():
    broken = pd.DataFrame({"term": ["x"], "pattern": ["("], "case_sensitive": [False]})
    with pytest.raises(ValueError, match="term 'x' is not a regular expression"):
        count_terms("text", broken)
    with pytest.raises(ValueError, match="give it as one string"):
        count_words(None)
    with pytest.raises(ValueError, match="has no words"):
        per_thousand(pd.Series([1]), 0)
