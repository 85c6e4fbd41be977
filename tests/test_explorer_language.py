"""The lab that counts a text: the reader's own, by rules that the reader chooses."""

import pytest

from ip4.explorers.language import PER, divided, draw

TEXT = "NATO and its Partners.\n\nPartner, partnership, NATO."


def test_a_text_of_ones_own_is_counted_as_chosen():
    size, lexicon, own = draw("us_2024_ip4_readout", TEXT, "partner", True, False, PER[0])
    assert size.value == "<p>7 words in 2 paragraphs.</p>"
    assert lexicon.words["title"] == "The course's lexicon, mentions: Partner, partnership leads with 3"
    assert own.words["title"] == "Your words by whole, any case: mentions 1; by the four rules 0 to 3"


def test_an_empty_field_leaves_the_text_chosen():
    size, *_ = draw("us_2024_ip4_readout", "  ", "partner", False, False, PER[1])
    assert size.value == "<p>282 words in 4 paragraphs.</p>"


def test_a_text_without_words_gets_a_sentence():
    import pandas as pd

    assert divided(pd.Series([3]), TEXT, PER[2]).tolist() == [1.5]
    with pytest.raises(ValueError, match="no word in the text"):
        draw("us_2024_ip4_readout", "...", "partner", False, False, PER[1])
