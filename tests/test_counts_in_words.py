"""A number written as a word that counts rows of a table goes stale with the next refresh: glue it, or leave it out."""

import re

import pytest
from conftest import CHAPTERS
from test_content import blocks, by_name, prose

NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
).split()
# What the rows of the course's tables are called in prose: claims, states and groups of them, votes, texts.
ROWS = (
    "claims? states? allies ally partners? members? countries resolutions? votes? texts? documents? communiqués? "
    "summits? donors? formats? launches"
).split()
BETWEEN = r"(?:\s+(?:of (?:the|its|our)|the|its|our|other|more|such|single|whole|NATO|EU|European|Ukraine))*"
NUMBER = rf"\b(?:{'|'.join(NUMBERS)})(?:-(?:{'|'.join(NUMBERS[:8])}|one))?"
COUNT = re.compile(
    rf"{NUMBER}\b{BETWEEN}(?:\s+{NUMBER})?\s+(?:{'|'.join(ROWS)})\b|{NUMBER} of the four\b(?! partners)", re.I
)
OURS = "four partners"  # NATO's partners in the region, whom the course is about: their number is its constant
# Numbers in words that no refresh of a table can change: words of a chapter, and the reason.
CONSTANTS = {
    "Four states of Asia and the Pacific": "NATO's partners in the region, whom the course is about",
    "four states move such a filter": "the same",
    "the other two partners": "those of the four that the worked case leaves over",
    "the other three partners' programmes": "those of the four that are not Japan",
    "the test that adds three of the four partners": "what the cited study took in",
    "orders and delays in four European countries": "what the cited study took in",
    "orders and delays of four European states": "what the cited study took in",
    "at least two of the four sit": "the bar that lets a format into the table",
    "formats tie two of the four": "the bar that lets a format into the table",
    "what two of the four have signed": "a bond has two ends",
    "How alike two states vote": "a pair is what the measure compares",
    "*Agreement* of two states": "a pair is what the measure compares",
    "two states that mostly say yes": "a pair is what the measure compares",
    "Export controls between two partners": "a pair has two ends",
    "Take four texts": "an example made up to count by hand",
    "at least ten states outside NATO": "the bar that defines a contested vote",
    "those that ten states outside NATO": "the bar that defines a contested vote",
    "The same two allies made Finland and Sweden wait": "both have joined: the story is over",
    "four leaders at two summits": "what had happened when the article was written",
    "places of two states": "what a task asks for",
    "places of two more states": "what a task asks for",
    "put four other states": "what a task asks for",
    "leave out five states at each end": "what a task asks for",
    "wrote down three claims": "how the advice of the last chapter is built",
    "Three partners have a promise of help": "treaties of decades, named one by one beside it",
}


def told(text: str) -> str:
    """Prose in the course's own voice, on one line: without roles (words of sources) and without words quoted."""
    return re.sub(r"\s+", " ", re.sub(r"\{[\w:]+\}`[^`]*`|[\"“][^\"”]*[\"”]", " … ", text))


def counts(text: str) -> list[str]:
    """The numbers in words that count rows of tables, each with its noun, outside the CONSTANTS."""
    words = told(text)
    for constant in CONSTANTS:
        words = words.replace(constant, "…")
    return [match[0] for match in COUNT.finditer(words) if match[0].lower() != OURS]


def text_of(chapter) -> str:
    """A chapter's prose and the lines that say what is folded."""
    return "\n".join([prose(chapter), *(block.body for block in blocks(chapter, "deeper"))])


@by_name
def test_no_count_of_rows_is_written_as_a_word(chapter):
    stale = counts(text_of(chapter))
    assert not stale, f"{stale} go stale with a refresh: glue the number, leave it out, or add a reason to CONSTANTS"


@by_name
def test_a_count_put_into_a_chapter_is_refused(chapter):
    text = text_of(chapter)
    assert len(counts(f"{text}\n\nThe ledger holds nineteen claims.")) == len(counts(text)) + 1


@pytest.mark.parametrize(
    "words",
    [
        "Nineteen claims held.",
        "In two of the four states the share rose.",
        "Two of the four were asked.",
        "All three countries said yes.",
        "twenty-nine allies reach it",
        "two of its six resolutions",
        "three of\nthe four partners",
        "two other NATO members",
    ],
)
def test_counts_are_found(words):
    assert counts(words)


@pytest.mark.parametrize(
    "words",
    [
        "the four partners",
        'He said "ten states" twice.',
        "{source}`thirty states work in one hall <x>`",
        "two measures disagree",
        "{glue}`n` allies",
        "one state",
    ],
)
def test_other_numbers_pass(words):
    assert not counts(words)


def test_every_constant_is_still_written_somewhere():
    everything = told("\n".join(map(text_of, CHAPTERS)))
    assert not [constant for constant in CONSTANTS if constant not in everything]
