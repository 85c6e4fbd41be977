"""The bet of the article: the ledger by paragraph then and today, what is open until when, and a scorecard.

Tables: ``claims``, ``claim_verdicts``, ``claim_links`` (through ``argument``), ``claim_revisions``. Counts are claims.
"""

from __future__ import annotations

import re
from itertools import product

import pandas as pd

from coursekit.tables import load
from ip4.measures import argument
from ip4.measures.rewordings import SIGNS, VERDICTS

# The criteria that the ledger sets for C54, and the claims behind each: all that support C54 and can be judged.
CRITERIA = {
    "deterrence": ["C45"],
    "trust in the region": ["C43", "C46"],
    "ties among partners": ["C55"],
    "autonomy": ["C47", "C51", "C56"],
}
AGAINST = {"held up": 1.0, "mixed": 0.5, "did not hold": 0.0}  # how much a claim that stands speaks against the bet
CHANCES = [0, 0.25, 0.5, 0.75, 1]
WEIGHTS = [0, 1, 2]
MONTH = re.compile(r"(January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})")
YEAR = re.compile(r"\b(20\d\d)\b")


def by_paragraph() -> pd.DataFrame:
    """Each claim as a sign at both moments.

    Columns: moment, paragraph, about (words), place (1, 2 ...), claim, number, verdict, sign, moved (whether the
    verdict of today is another than that of July 2023).
    """
    rows = argument.places()
    rows["about"] = rows.paragraph.map(lambda number: f"{number} {argument.PARAGRAPHS[number]}")
    rows["moved"] = rows.then != rows.now
    long = rows.melt(
        ["paragraph", "about", "place", "claim_id", "number", "moved"], argument.MOMENTS, "moment", "verdict"
    )
    long["moment"] = long.moment.map(argument.MOMENTS)
    return long.rename(columns={"claim_id": "claim"}).assign(sign=long.verdict.map(SIGNS))


def paragraph_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the figure of the ledger says at each moment of the rows of ``by_paragraph``: moment, caption."""
    said = [
        (moment, f"As of {moment}: {_balance(part.verdict)}") for moment, part in rows.groupby("moment", sort=False)
    ]
    return pd.DataFrame(said, columns=["moment", "caption"])


def _balance(verdicts: pd.Series) -> str:
    count = verdicts.value_counts().reindex(VERDICTS, fill_value=0)
    return ", ".join(f"{number} {words}" for words, number in count.items())


def moved_in(paragraph: int) -> int:
    """Claims of a paragraph with another verdict today than in July 2023."""
    return int(argument.claims().query("paragraph == @paragraph and then != now").shape[0])


def unmoved() -> list[int]:
    """Paragraphs in which no verdict moved between July 2023 and today."""
    return [number for number in argument.PARAGRAPHS if not moved_in(number)]


def open_claims() -> pd.DataFrame:
    """What is open today: claim, paraphrase, about, until (of the ledger), day, decides (source), year.

    Sorted by day, the end of the month or year that the words name; ``year`` is the same as a number (2027.58).
    """
    rows = load("claim_verdicts").query("as_of == 'now' and verdict == 'open'")
    claims = load("claims").set_index("claim_id")
    table = pd.DataFrame({"claim": rows.claim_id, "paraphrase": rows.claim_id.map(claims.paraphrase)})
    table["about"] = rows.claim_id + " " + rows.claim_id.map(claims.quoted_term).fillna("")
    table["until"] = rows.open_until
    table = table.assign(day=[last_day(text) for text in rows.open_until], decides=rows.open_source)
    days = pd.to_datetime(table.day)
    table["year"] = (days.dt.year + days.dt.day_of_year / 366).round(2)
    return table.sort_values(["day", "claim"], ignore_index=True)


def open_title() -> str:
    """How many open claims are decided by which day, in one line."""
    days = open_claims().groupby("day").size()
    return "Open claims to be decided: " + ", ".join(
        f"{count} by {pd.Timestamp(day):%B %Y}" for day, count in days.items()
    )


def last_day(words: str) -> str:
    """The last day (YYYY-MM-DD) of the first month, or else year, that some words name; ValueError for neither."""
    if month := MONTH.search(words):
        return f"{pd.Timestamp(' '.join(month.groups())) + pd.offsets.MonthEnd():%Y-%m-%d}"
    if year := YEAR.search(words):
        return f"{year[1]}-12-31"
    raise ValueError(f"'{words}' names neither a month nor a year; write one into open_until of claim_verdicts.csv.")


def first_verdict(claim_id: str) -> str:
    """The verdict on a claim of today with which its revisions begin; today's where it was never revised."""
    rows = load("claim_revisions").query("claim_id == @claim_id and field == 'verdict' and as_of in ['now', 'both']")
    given = rows.old.dropna()
    return given.iloc[0] if len(given) else argument.claims().set_index("claim_id").now[claim_id]


def judged_too_early() -> list[str]:
    """Claims that are open today and for which the ledger had another word first."""
    return [claim for claim in open_claims().claim if first_verdict(claim) != "open"]


def scorecard(chance: float = 0.5) -> pd.Series:
    """How far each criterion speaks against the bet, 0 (for ties) to 1 (against), indexed by criterion.

    A claim of ``CRITERIA`` that is held up counts 1, mixed one half, not held 0; an open one counts ``chance``, the
    reader's own chance that it comes true. A criterion is the mean of its claims.
    """
    now = argument.claims().set_index("claim_id").now
    value = now.map(AGAINST).where(now != "open", chance)
    return pd.Series({name: value[claims].mean() for name, claims in CRITERIA.items()})


def scores() -> pd.DataFrame:
    """The scorecard at every setting: one column a criterion (weight 0, 1, 2), chance, score (0 to 1), says, sum.

    sum: the arithmetic of the score in words, weight by criterion.
    Where no criterion has a weight the score is one half and ``says`` is "nothing weighed".
    """
    rows = pd.DataFrame(product(*[WEIGHTS] * len(CRITERIA), CHANCES), columns=[*COLUMNS, "chance"])
    cards = pd.DataFrame({chance: scorecard(chance) for chance in CHANCES}).T.loc[rows.chance].to_numpy()
    weights = rows[COLUMNS].to_numpy()
    total = weights.sum(axis=1)
    rows["score"] = ((cards * weights).sum(axis=1) / total.clip(1)).round(2)
    rows.loc[total == 0, "score"] = 0.5
    rows["says"] = [says(score) for score in rows.score]
    rows["sum"] = [_sum(*row) for row in zip(weights, cards, strict=True)]
    return rows.assign(says=rows.says.where(total > 0, NOTHING))


def _sum(weights, card) -> str:
    parts = [f"{weight}·{value:.2f}" for weight, value in zip(weights, card, strict=True)]
    return f"({' + '.join(parts)}) / {sum(weights)}" if sum(weights) else ""


NOTHING = "nothing weighed"
SAID = "Against the bet {score:.2f}: {says}"
COLUMNS = [name.split()[0] for name in CRITERIA]  # names of the controls: one word each


def title() -> str:
    """What the scorecard says with equal weights and even chances."""
    score = scorecard().mean()
    return SAID.format(score=score, says=says(score))


def says(score: float) -> str:
    """What a score means: above one half the bet looks short-sighted, below it looks sound, else it is undecided."""
    if abs(score - 0.5) < 0.005:
        return "undecided"
    return "short-sighted" if score > 0.5 else "sound"


def that_say(words: str, chance: float) -> float:
    """Percent of the settings of the weights at which the scorecard says so, given the chance of the open claims."""
    rows = scores().query("chance == @chance and says != @NOTHING")
    return float(100 * (rows.says == words).mean())
