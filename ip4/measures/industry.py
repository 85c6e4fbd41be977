"""What agreed texts allow European defence to be, and the money of EU and NATO for arms industry.

Sources: european_defence_texts (coded by us from text_passages) and industry_money.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

CONDITIONS = {
    "welcomes": "speaks for it",
    "complementary": "complementary",
    "interoperable": "interoperable",
    "no_duplication": "no duplication",
    "no_barriers": "no barriers",
}


def amount(instrument: str) -> float:
    """The amount of an instrument, billion of the currency of its row. Source: ``industry_money``."""
    return float(load("industry_money").set_index("instrument_id").amount[instrument])


def part(instrument: str, whole: str) -> float:
    """One amount in percent of another; both in the same currency. Source: ``industry_money``."""
    return 100 * amount(instrument) / amount(whole)


def money() -> pd.DataFrame:
    """Instruments and contracts that are no part of another, the largest first, for a chart.

    Columns: instrument, house, kind, amount (billion), currency, said (the amount in words). Source: industry_money.
    """
    rows = load("industry_money").query("not is_part").sort_values("amount", ascending=False)
    signs = {"EUR": "€", "USD": "$"}
    said = [f"{signs[r.currency]}{r.amount:g} bn" for r in rows.itertuples()]
    return rows.assign(said=said)[["instrument", "house", "kind", "amount", "currency", "said"]].reset_index(drop=True)


def conditions() -> pd.DataFrame:
    """Each text and each condition: text (name), date, condition (words), state: "yes", "no" or "not read".

    Texts in the order of their dates. Source: european_defence_texts.
    """
    rows = load("european_defence_texts").sort_values("date", kind="stable")
    long = rows.melt(["short", "date", "signed_by", "subject", "is_read"], list(CONDITIONS), "key", "holds")
    state = long.holds.astype("boolean").map({True: "yes", False: "no"}).where(long.is_read, "not read")
    long = long.assign(text=long.short, condition=long.key.map(CONDITIONS), state=state)
    return long[["text", "date", "signed_by", "subject", "condition", "state"]]


def count(condition: str, first: str = "2018", last: str = "2027") -> int:
    """Texts between two days that carry a condition, a key of ``CONDITIONS``. Source: european_defence_texts."""
    rows = load("european_defence_texts").query("@first <= date <= @last")
    return int(rows[condition].fillna(False).astype(bool).sum())


def texts(first: str = "2018", last: str = "2027") -> int:
    """Texts between two days that were read. Source: european_defence_texts."""
    return len(load("european_defence_texts").query("is_read and @first <= date <= @last"))


def dates_that_differ() -> int:
    """Rows whose date is not that of their passage in ``text_passages``: none, if the coding is right."""
    rows = load("european_defence_texts").dropna(subset="passage_id")
    there = rows.passage_id.map(load("text_passages").set_index("passage_id").date)
    return int((rows.date != there).sum())


def lent_to_granted() -> float:
    """The EU's loans as a multiple of its grants in ``industry_money``, both in euro."""
    rows = load("industry_money").query("house == 'EU' and not is_part").groupby("kind").amount.sum()
    return float(rows["loan"] / rows["grant"])
