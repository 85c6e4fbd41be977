"""Three claims tested again with one word changed: "never more" (C04), "may" (C55) and "most" (C03).

Each word is tried on the tables of its own claim: ``partnership_instruments``, ``summit_attendance``, ``text_counts``
and ``published_counts`` for the first, ``memberships`` and ``organisations`` for the second, ``memberships`` and
``opinion_polls`` for the third.
"""

from __future__ import annotations

import pandas as pd

from ip4.groups import members
from ip4.measures import formats, opinion, texts, words

# --- "never more": a record, a tie, or a rise -----------------------------------------------------------------------
RECORDS = ["more than before", "never more", "more than ever"]
YEAR = 2023  # the year of the article
DAY = f"{YEAR}-07-31"  # the day of the ledger's first verdicts
WH_YEARS = range(2021, YEAR)  # whole years of the White House collection before it


def series() -> pd.DataFrame:
    """What of Asia can be counted up to the end of July 2023: series, year, count (a whole number of the series' unit).

    The White House texts of 2023 run to the end of July, all other years are whole.
    """
    counted = {
        "Steps with the four partners": formats.steps(until=DAY).loc[2012:],
        "Practical steps with the four": formats.steps(practical=True, until=DAY).loc[2012:],
        "Leaders of the four at the summit": formats.leaders().dropna().loc[:YEAR],
        "White House texts on both regions": _white_house(),
        "Words on China in the communiqué": _communiques(),
    }
    tables = [s.rename("count").rename_axis("year").reset_index().assign(series=name) for name, s in counted.items()]
    return pd.concat(tables, ignore_index=True)[["series", "year", "count"]].astype({"count": int, "year": int})


def _white_house() -> pd.Series:
    """Written texts that name NATO and the Indo-Pacific, whole years and then January to July of the article's."""
    whole = pd.Series({year: texts.linked_in(year) for year in WH_YEARS})
    return pd.concat([whole, pd.Series({YEAR: texts.linked(f"{YEAR}-01-01", DAY)})])


def _communiques() -> pd.Series:
    counted = {2021: "nato_2021_brussels", YEAR: "nato_2023_vilnius"}
    return pd.Series({year: words.published(text, "china", "words_on_topic") for year, text in counted.items()})


def passes(counts: pd.Series, record: str) -> bool:
    """Whether the last of some counts (by year, any unit) is a record in one of the three senses of RECORDS.

    "more than before": above the count before it. "never more": below none, so a tie passes. "more than ever":
    above all, so a tie fails.
    """
    *earlier, last = counts.to_list()
    return {
        RECORDS[0]: last > earlier[-1],
        RECORDS[1]: last >= max(earlier),
        RECORDS[2]: last > max(earlier),
    }[record]


def holding(record: str) -> int:
    """How many of the five series pass in a sense of RECORDS, in series."""
    return sum(passes(part["count"], record) for _name, part in series().groupby("series"))


def record_rows() -> pd.DataFrame:
    """The rows of ``series`` once for each sense of RECORDS: word, series, year, count, bar (the count to beat).

    ``bar``: the count before (for the first sense), else the highest count before the article's year. ``verdict``:
    "passes" or "fails".
    """
    rows = [
        part.assign(word=record, bar=_to_beat(part["count"], record), verdict=_said(part["count"], record))
        for record in RECORDS
        for _name, part in series().groupby("series", sort=False)
    ]
    return pd.concat(rows, ignore_index=True)[["word", "series", "year", "count", "bar", "verdict"]]


def _to_beat(counts: pd.Series, record: str) -> int:
    earlier = counts.to_list()[:-1]
    return earlier[-1] if record == RECORDS[0] else max(earlier)


def _said(counts: pd.Series, record: str) -> str:
    return "passes" if passes(counts, record) else "fails"


def record_table() -> pd.DataFrame:
    """The last row of each series and sense in ``record_rows``: word, series, count, bar, verdict, said, sign."""
    rows = record_rows().groupby(["word", "series"], sort=False).last().reset_index()
    said = [f"{count}:{bar}" for count, bar in zip(rows["count"], rows.bar, strict=True)]
    return rows.assign(said=said, sign=rows.verdict.map({"passes": "✓", "fails": "✗"})).drop(columns="year")


def record_title() -> str:
    """The finding of the table: how many counts pass as a record in the wide and in the strict sense."""
    number, wide, strict = series().series.nunique(), holding("never more"), holding("more than ever")
    return f"‘Never more’ passes on {wide} of {number} counts, ‘more than ever’ on {strict}"


# --- "may": what a sentence forbids ---------------------------------------------------------------------------------
SINCE = 2022  # the four leaders at one NATO summit for the first time
PACE = (1992, 2021)  # the thirty years before, over which the earlier pace is taken
MODALS = ["may stand in the way", "slows them down", "stops them"]


def new_ties(first: int, last: int, begun: pd.Series | None = None) -> int:
    """Groupings without NATO that tie two or more of the four, begun from one year to another, in groupings.

    begun: the year in which each began, where it is known; else that of ``formats.minilaterals``.
    """
    begun = formats.minilaterals().first_year if begun is None else begun
    return int(begun.between(first, last).sum())


def pace(begun: pd.Series | None = None) -> float:
    """Such groupings a year in the thirty years before the four came to NATO's summits, in groupings a year."""
    return new_ties(*PACE, begun) / (PACE[1] - PACE[0] + 1)


def forbidden_from(modal: str, years: int, begun: pd.Series | None = None) -> float | None:
    """How many new groupings in so many years would prove the sentence wrong: that many or more; None: no number.

    "may ...": no count is forbidden. "slows ...": the count of the earlier pace. "stops ...": a single one. begun: as
    in ``new_ties``.
    """
    return {MODALS[0]: None, MODALS[1]: pace(begun) * years, MODALS[2]: 1.0}[modal]


def ties(last: int = 2026) -> pd.DataFrame:
    """What happened and what each sentence forbids, by year: word, year, ties, forbidden.

    ``ties``: groupings begun since the start of 1992, in sum, as the text ``groupings``. ``forbidden``: the same sum
    from which on the sentence is wrong, empty before 2022 and where nothing is forbidden.
    """
    years = range(PACE[0], last + 1)
    begun = formats.minilaterals().first_year
    rows = [
        {"word": modal, "year": year, "ties": new_ties(PACE[0], year, begun), "forbidden": _limit(modal, year, begun)}
        for modal in MODALS
        for year in years
    ]
    return pd.DataFrame(rows)


def _limit(modal: str, year: int, begun: pd.Series) -> float | None:
    limit = forbidden_from(modal, year - SINCE + 1, begun) if year >= SINCE else None
    return None if limit is None else round(new_ties(*PACE, begun) + limit, 2)


def tie_captions(last: int = 2026) -> pd.DataFrame:
    """What to say for each sentence of MODALS: word, caption."""
    begun = formats.minilaterals().first_year
    came = new_ties(SINCE, last, begun)
    limits = [forbidden_from(modal, last - SINCE + 1, begun) for modal in MODALS]
    said = [f"‘NATO {modal}’: {_verdict_on(limit, came)}" for modal, limit in zip(MODALS, limits, strict=True)]
    return pd.DataFrame({"word": MODALS, "caption": said})


def _verdict_on(limit: float | None, came: int) -> str:
    if limit is None:
        return f"no count could prove it wrong, neither {came} new groupings nor none"
    wrong = "wrong" if came >= limit else "not wrong"
    least = f"{limit:.1f}".removesuffix(".0")
    return f"wrong from {least} new grouping{'s' * (least != '1')} on; {came} came, so it is {wrong}"


# --- "most": of what? -----------------------------------------------------------------------------------------------
ASKS = {"some": 0.0, "most": 50.0, "nearly all": 90.0, "all": 100.0}  # percent of the states that the word asks for


def shares() -> pd.DataFrame:
    """What "most EU countries" can be a share of: of_what, states, out_of, share (percent).

    A state counts as content where more than half of those asked have a favourable view of NATO.
    """
    eu = set(members("EU"))
    content = {year: opinion.views_of_nato(year, "EU") for year in (2024, 2025)}
    rows = [("EU members that are allies", len(eu & set(members("NATO"))), len(eu))]
    rows += [(f"Those asked in {y} that are content", int((v > 50).sum()), len(v)) for y, v in content.items()]
    rows += [("EU members shown to be content", rows[1][1], len(eu))]
    table = pd.DataFrame(rows, columns=["of_what", "states", "out_of"])
    return table.assign(share=(100 * table.states / table.out_of).round(1))


def reaches(share: float, word: str) -> bool:
    """Whether a share in percent is what a word of ASKS asks for: more than 0 or 50, or at least 90 or 100."""
    return share > ASKS[word] if ASKS[word] <= 50 else share >= ASKS[word]


def share_rows() -> pd.DataFrame:
    """The rows of ``shares`` once for each word of ASKS: word, of_what, states, out_of, share, asks, verdict."""
    rows = shares()
    tables = [
        rows.assign(word=word, asks=asks, verdict=["passes" if reaches(s, word) else "fails" for s in rows.share])
        for word, asks in ASKS.items()
    ]
    return pd.concat(tables, ignore_index=True)[["word", "of_what", "states", "out_of", "share", "asks", "verdict"]]


def passing(word: str) -> int:
    """On how many readings of the sentence a word of ASKS passes, in readings."""
    return sum(reaches(share, word) for share in shares().share)


def share_captions() -> pd.DataFrame:
    """What to say for each word of ASKS: word, caption."""
    readings = len(shares())
    said = [f"‘{word}’ passes on {passing(word)} of {readings} readings of the same sentence" for word in ASKS]
    return pd.DataFrame({"word": list(ASKS), "caption": said})
