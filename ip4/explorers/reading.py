"""Explorer: how strict a judge are you? The balance of the ledger by test, kind and paragraph, and what moved.

from ip4.explorers.reading import explore
explore()
"""

from __future__ import annotations

import altair as alt
import ipywidgets as widgets
import pandas as pd

from coursekit.charts import ACCENT, MUTED, REST, Figure, figure
from coursekit.tables import load
from ip4.explorers.explore import choice, explorer
from ip4.measures.argument import KINDS
from ip4.measures.rewordings import JUDGED, TESTS, VERDICTS, balance, in_words, judged

ALL_KINDS, ALL = "all kinds", "all"
NOT_SHOWN = 12  # at most so many moved claims stand in the picture; the table under it has all


def bars(test: str, kind: str, paragraph: str) -> Figure:
    """Two bars a verdict: as judged today, and by the test chosen."""
    tests = list(dict.fromkeys([JUDGED, test]))
    counts = {name: balance(name, kind, paragraph) for name in tests}
    rows = pd.concat(count.reset_index().assign(test=name) for name, count in counts.items())
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            alt.X("claims:Q", title="Claims", axis=alt.Axis(tickMinStep=1)),
            alt.Y("verdict:N", title=None, sort=VERDICTS),
            alt.YOffset("test:N", sort=tests),
            alt.Color("test:N", title=None, scale=alt.Scale(domain=tests, range=[REST, ACCENT][: len(tests)])),
        )
    )
    return figure(
        chart.properties(height=240),
        name="fig-lab-balance",
        title=f"{kind.capitalize()}, paragraph {paragraph}, {test}: {in_words(counts[test])}",
        description="Bars for the five verdicts: claims as judged today, and by the test chosen beside it.",
        source=["claims", "claim_verdicts", "claim_words"],
        rows=rows,
    )


def moved(test: str, kind: str = ALL_KINDS, paragraph: str = ALL) -> pd.DataFrame:
    """The claims whose verdict by a test is not that of today: claim_id, claim (words), today, by_the_test."""
    rows = judged(JUDGED).merge(judged(test)[["claim_id", "verdict"]], on="claim_id", suffixes=("", "_then"))
    rows = rows[(rows.verdict != rows.verdict_then) & _chosen(rows, kind, paragraph)]
    words = load("claims").set_index("claim_id").paraphrase
    rows = rows.assign(claim=rows.claim_id.map(words))
    return rows.rename(columns={"verdict": "today", "verdict_then": "by_the_test"})[
        ["claim_id", "claim", "today", "by_the_test"]
    ]


def _chosen(rows: pd.DataFrame, kind: str, paragraph: str) -> pd.Series:
    of_kind = (rows.kind == kind) | (kind == ALL_KINDS)
    return of_kind & ((rows.paragraph.astype(str) == paragraph) | (paragraph == ALL))


def changes(test: str, kind: str, paragraph: str) -> Figure:
    """The claims that moved, from the verdict of today (hollow) to that by the test (filled)."""
    rows = moved(test, kind, paragraph)
    shown = rows.head(NOT_SHOWN)
    base = alt.Chart(shown).encode(alt.Y("claim_id:N", title=None))
    scale = alt.Scale(domain=VERDICTS)
    line = base.mark_rule(color=MUTED).encode(alt.X("today:N", title=None, scale=scale), alt.X2("by_the_test:N"))
    start = base.mark_point(filled=False, color=MUTED).encode(alt.X("today:N", scale=scale))
    end = base.mark_circle(size=80, color=ACCENT).encode(alt.X("by_the_test:N", scale=scale))
    more = f" The first {NOT_SHOWN} of them are drawn." if len(rows) > NOT_SHOWN else ""
    return figure(
        (line + start + end).properties(height=22 * max(len(shown), 1) + 30),
        name="fig-lab-moved",
        title=f"{len(rows)} claims get another verdict than today, {test}",
        description="One row a claim: a hollow dot at its verdict of today, a filled one at that by the test.",
        source=["claims", "claim_verdicts", "claim_words"],
        rows=rows,
        note=f"The table holds the claims in words.{more}",
    )


def draw(test: str, kind: str, paragraph: str) -> list[Figure]:
    """The balance for one choice of the controls and, where any claim moved, the claims that did."""
    shown = [bars(test, kind, paragraph)]
    return shown if moved(test, kind, paragraph).empty else [*shown, changes(test, kind, paragraph)]


def explore() -> widgets.VBox:
    """Choose a test, a kind of claim and a paragraph; see the ledger's balance and the claims that moved."""
    return explorer(
        draw,
        test=choice("Test", TESTS, "with a stronger word"),
        kind=choice("Kind", [ALL_KINDS, *KINDS]),
        paragraph=choice("Paragraph", [ALL, *map(str, range(1, 9))]),
    )
