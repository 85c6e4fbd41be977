"""Explorer: count a text, one of the course's or the reader's own, and see what each choice of counting does.

from ip4.explorers.language import explore
explore()
"""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, REST, Figure, figure
from coursekit.marks import names, value_labels
from coursekit.tables import load
from ip4.explorers.explore import choice, explorer, tick, writing
from ip4.measures import language
from ip4.models.words import by_rules, count_terms, count_words, paragraphs

PER = ["mentions", "for each 1,000 words", "for each paragraph"]
WORDS = "partner, connect"
WHOLE = {True: "whole", False: "parts too"}
CASE = {True: "as written", False: "any case"}


def divided(counts: pd.Series, text: str, per: str) -> pd.Series:
    """Counts as they are, for each 1,000 words or for each paragraph (per: one of PER). ValueError without a word."""
    words = count_words(text)
    if not words:
        raise ValueError("There is no word in the text; paste another one, or empty the field to use the text chosen.")
    return counts * {PER[0]: 1, PER[1]: 1000 / words, PER[2]: 1 / max(len(paragraphs(text)), 1)}[per]


def terms(text: str, per: str) -> Figure:
    """Bars: the terms of the lexicon that the text has, the most frequent on top."""
    lexicon = load("lexicon")
    counts = count_terms(text, lexicon)
    rows = pd.DataFrame({"term": lexicon.label.to_numpy(), "mentions": counts.to_numpy()})
    rows["value"] = divided(counts, text, per).round(3).to_numpy()
    rows = rows[rows.mentions > 0].sort_values("value", ascending=False, ignore_index=True)
    top = "none of its terms" if rows.empty else f"{rows.term[0]} leads with {rows.value[0]:.4g}"
    chart = alt.Chart(rows).encode(alt.X("value:Q", title=per.capitalize()), names("term", list(rows.term)))
    bars = chart.mark_bar(color=ACCENT) + value_labels(chart, "value", ".3~g", "right")
    return figure(
        bars.properties(height=26 * max(len(rows), 3) + 40),
        name="fig-lab-terms",
        title=f"The course's lexicon, {per}: {top}",
        description="One bar a term of the lexicon that the text has at least once.",
        source="lexicon",
        rows=rows,
        note="Korea, either state, counts both; do not add it to North Korea.",
    )


def four_ways(text: str, words: str, whole: bool, case: bool, per: str) -> Figure:
    """Bars: the reader's own words by four rules of counting; the rule chosen has its own colour."""
    rows = by_rules(text, words)
    rows["rule"] = rows.whole.map(WHOLE) + ", " + rows.case.map(CASE)
    rows["chosen"] = (rows.whole == whole) & (rows.case == case)
    rows["value"] = divided(rows.mentions, text, per).round(3)
    yours = rows[rows.chosen].iloc[0]
    chart = alt.Chart(rows).encode(alt.X("value:Q", title=per.capitalize()), names("rule", list(rows.rule)))
    bars = chart.mark_bar().encode(color=alt.condition("datum.chosen", alt.value(ACCENT), alt.value(REST)))
    low, high = rows.mentions.min(), rows.mentions.max()
    return figure(
        (bars + value_labels(chart, "value", ".3~g", "right")).properties(height=190),
        name="fig-lab-rules",
        title=f"Your words by {yours.rule}: mentions {yours.mentions}; by the four rules {low} to {high}",
        description="Four bars: the same words counted by four rules; the rule chosen has its own colour.",
        model="your text and your words",
        rows=rows[["rule", "mentions", "value", "chosen"]],
    )


def draw(sample: str, own: str, words: str, whole: bool, case: bool, per: str) -> list:
    """A sentence on the text, the lexicon's terms, and the reader's words by four rules. own: used when not empty."""
    text = own if own.strip() else language.sample(sample)
    size = f"{count_words(text):,} words in {len(paragraphs(text))} paragraphs"
    return [widgets.HTML(f"<p>{size}.</p>"), terms(text, per), four_ways(text, words, whole, case, per)]


def explore() -> widgets.VBox:
    """Choose or paste a text, write words of your own, and choose how they are counted."""
    texts = language.samples()
    return explorer(
        draw,
        sample=choice("Text", list(texts.items())),
        own=writing("Or paste your own text, then leave the field"),
        words=writing("Words of your own, with commas", WORDS),
        whole=tick("Whole words only"),
        case=tick("Capitals matter"),
        per=choice("Show", PER),
    )
