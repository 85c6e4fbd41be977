"""What the Russian president's speeches of February 2022 argue, passage by passage. Source: ``speech_passages``."""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load

NATO = "NATO near Russia"
NO_ARGUMENT = "address"
DAYS = {"2022-02-21": "21 February 2022", "2022-02-24": "24 February 2022"}


def passages() -> pd.DataFrame:
    """One row a passage: speech (in words), argument, says, start and end (percent of the sentences), sentences.

    Source: ``speech_passages``.
    """
    rows = load("speech_passages").sort_values(["speech_date", "first_sentence"])
    whole = rows.groupby("speech_date").last_sentence.transform("max")
    found = pd.DataFrame(
        {
            "speech": rows.speech_date.dt.strftime("%Y-%m-%d").map(DAYS),
            "argument": rows.argument,
            "says": rows.says,
            "start": (100 * (rows.first_sentence - 1) / whole).round(1),
            "end": (100 * rows.last_sentence / whole).round(1),
            "sentences": rows.last_sentence - rows.first_sentence + 1,
        }
    )
    return found.reset_index(drop=True)


def part(argument: str, day: str) -> float:
    """Sentences of the passages with an argument, in percent of all sentences of the speech of a day (YYYY-MM-DD)."""
    rows = passages().query("speech == @DAYS[@day]")
    return float(100 * rows.sentences[rows.argument == argument].sum() / rows.sentences.sum())


def longest(day: str) -> str:
    """The argument with most sentences in the speech of a day; openings, decisions and appeals are no argument."""
    rows = passages().query("speech == @DAYS[@day] and argument != @NO_ARGUMENT")
    return rows.groupby("argument").sentences.sum().idxmax()


def first(day: str) -> str:
    """The first argument of the speech of a day, after its opening."""
    rows = passages().query("speech == @DAYS[@day] and argument != @NO_ARGUMENT")
    return rows.argument.iloc[0]


def purpose() -> str:
    """The argument of the passage that names the purpose of the operation. Source: ``speech_passages``."""
    return load("speech_passages").query("is_purpose").argument.item()


def captions() -> pd.DataFrame:
    """What to say of each speech in the rows of ``passages``: speech, caption."""
    said = [
        (name, f"{name}: {first(day)} comes first, {_most(day)}; {NATO} fills {part(NATO, day):.0f} % of the sentences")
        for day, name in DAYS.items()
    ]
    return pd.DataFrame(said, columns=["speech", "caption"])


def _most(day: str) -> str:
    return f"{longest(day)} is longest ({part(longest(day), day):.0f} %)"


def gaps() -> int:
    """Passages that do not begin at the sentence after the one before (or at 1). Source: ``speech_passages``."""
    rows = load("speech_passages").sort_values(["speech_date", "first_sentence"])
    before = rows.groupby("speech_date").last_sentence.shift(fill_value=0)
    return int((rows.first_sentence != before + 1).sum())
