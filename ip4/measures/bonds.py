"""What each of the four partners has signed with NATO, the EU, the United States, ASEAN and each other.

Table: bonds (one row a text, partner and counterpart). A text counts from the year of its date to the year before it
was replaced or suspended. Forms are the course's reading of the texts; trade is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coursekit.tables import load
from ip4 import groups

NAMES = {"NATO": "NATO", "EU": "European Union", "USA": "United States", "ASEAN": "ASEAN"}
OTHER, ALL = "One of the four", "All four together"
# The strongest bond that a relation can have, from strong to weak: a word for a picture, and what it stands for.
BONDS = {
    "help": "a treaty that promises help against attack",
    "treaty": "a treaty on the whole relation",
    "single": "an agreement on one matter",
    "programme": "a programme",
    "words": "a declaration",
    "no text": "no text in the table",
}
WORD_OF = {"treaty": "treaty", "agreement on one matter": "single", "programme": "programme", "declaration": "words"}
BINDING = ["treaty", "agreement on one matter"]
YEARS = [1960, 1990, 2007, 2014, 2023, 2026]


def texts(year: int = 2026) -> pd.DataFrame:
    """The texts that stand at the end of a year, one row a partner and counterpart: partner, with, date, title, form,
    promise, bond (a key of BONDS), then text_id, iso3 and counterpart. Sources: bonds, countries."""
    rows = load("bonds")
    rows = rows[(rows.date.dt.year <= year) & (rows.ended.fillna(year + 1) > year)]
    names = load("countries").set_index("iso3").name
    rows = rows.assign(
        partner=rows.iso3.map(names),
        bond=rows.form.map(WORD_OF).mask(rows.promise == "help against attack", "help"),
        **{"with": rows.counterpart.map(NAMES | names.to_dict())},
    )
    return rows[["partner", "with", "date", "title", "form", "promise", "bond", "text_id", "iso3", "counterpart"]]


def count(iso3: str, counterpart: str, *forms: str, year: int = 2026) -> int:
    """How many texts a partner has with a counterpart at the end of a year: of the forms named, or of all.

    counterpart: a code of the table ("NATO", "EU", "USA", "ASEAN" or a state), OTHER (any of the other three) or ALL (a
    text that all four made with each other). Source: bonds.
    """
    return _count(iso3, counterpart, forms, texts(year))


def _count(iso3: str, counterpart: str, forms: Sequence[str], rows: pd.DataFrame) -> int:
    found = _between(iso3, counterpart, rows)
    return int((found.form.isin(forms) | (not forms)).sum())


def binding(counterpart: str, year: int = 2026) -> pd.Series:
    """Texts that bind in law (treaties, agreements on one matter) with a counterpart, indexed by partner (iso3).

    Source: bonds.
    """
    rows = texts(year)
    return pd.Series({iso3: _count(iso3, counterpart, BINDING, rows) for iso3 in groups.members("IP4")})


def treaties(counterpart: str, year: int = 2026) -> int:
    """How many of the four have a treaty on the whole relation with a counterpart. Source: bonds."""
    rows = texts(year)
    return rows[(rows.counterpart == counterpart) & (rows.form == "treaty")].iso3.nunique()


def strongest(iso3: str, counterpart: str, year: int = 2026, rows: pd.DataFrame | None = None) -> str:
    """The strongest bond between a partner and a counterpart at the end of a year: a key of BONDS. Source: bonds.

    counterpart: as in ``count``. rows: what ``texts`` gives for the year, for who asks often.
    """
    rows = texts(year) if rows is None else rows
    return min(_between(iso3, counterpart, rows).bond, key=list(BONDS).index, default="no text")


def _between(iso3: str, counterpart: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of ``texts``: those of a partner with a counterpart, OTHER or ALL."""
    own = rows[rows.iso3 == iso3]
    if counterpart == ALL:
        return own[own.text_id.isin(_of_all_four(rows))]
    return own[own.counterpart.isin(groups.members("IP4") if counterpart == OTHER else [counterpart])]


def of_all_four(year: int = 2026) -> list[str]:
    """Texts (text_id) in which each of the four is tied to each of the other three. Source: bonds."""
    return _of_all_four(texts(year))


def _of_all_four(rows: pd.DataFrame) -> list[str]:
    four = groups.members("IP4")
    rows = rows[rows.counterpart.isin(four)]
    pairs = rows.groupby("text_id").size()
    return sorted(pairs.index[pairs == len(four) * (len(four) - 1)])


def shared_by_all(year: int = 2026) -> list[str]:
    """Titles of the texts that all four have signed, with whomever. Sources: bonds."""
    signers = texts(year).groupby(["text_id", "title"]).iso3.nunique()
    return sorted(title for (_key, title), n in signers.items() if n == len(groups.members("IP4")))


def pairs_bound(year: int = 2026) -> int:
    """How many of the six pairs of the four have a text that binds in law between the two. Source: bonds."""
    rows = texts(year).query("form in @BINDING and counterpart in @groups.members('IP4')")
    return len({frozenset(pair) for pair in zip(rows.iso3, rows.counterpart, strict=True)})


def matrix() -> pd.DataFrame:
    """The strongest bond of each partner with each counterpart at the end of six years. Source: bonds.

    Columns: year, with (the counterpart in words), partner, bond (a key of BONDS).
    """
    names = load("countries").set_index("iso3").name
    found = [
        (year, NAMES.get(other, other), names[iso3], strongest(iso3, other, year, rows))
        for year, rows in zip(YEARS, map(texts, YEARS), strict=True)
        for other in [*NAMES, OTHER, ALL]
        for iso3 in groups.members("IP4")
    ]
    return pd.DataFrame(found, columns=["year", "with", "partner", "bond"])


def matrix_captions() -> pd.DataFrame:
    """What to say for each year of ``matrix``: year, caption. Source: bonds."""
    said = [
        f"{year}: {treaties('NATO', year)} of four have a treaty with NATO, {treaties('USA', year)} with Washington, "
        f"{treaties('EU', year)} with the EU, {treaties('ASEAN', year)} with ASEAN"
        for year in YEARS
    ]
    return pd.DataFrame({"year": YEARS, "caption": said})


def over_time() -> pd.DataFrame:
    """Every text by its date, also those that no longer stand. Sources: bonds, countries.

    Columns: partner, with, year, title, form (treaty, agreement, programme, declaration), promise, status.
    """
    names = load("countries").set_index("iso3").name
    rows = load("bonds")
    rows = rows.assign(partner=rows.iso3.map(names), year=rows.date.dt.year)
    rows["with"] = rows.counterpart.map(NAMES).fillna("each other")
    rows["form"] = rows.form.str.replace(" on one matter", "")
    rows = rows.drop_duplicates(["partner", "with", "text_id"])
    return rows[["partner", "with", "year", "title", "form", "promise", "status"]].reset_index(drop=True)


def over_time_captions() -> pd.DataFrame:
    """What to say for each partner of ``over_time``: partner, caption. Source: bonds."""
    said = []
    for partner, rows in over_time().groupby("partner"):
        by = rows["with"].value_counts()
        parts = ", ".join(f"{by.get(name, 0)} with {name}" for name in [*NAMES.values(), "each other"])
        parts = parts.replace("each other", "the other three").replace("with European", "with the European")
        said.append((partner, f"{partner}, texts signed: {parts.replace('with United', 'with the United')}"))
    return pd.DataFrame(said, columns=["partner", "caption"])


def dates_off_instruments() -> int:
    """Texts with NATO whose date is not among those of the same instrument in ``partnership_instruments``.

    Joint statements and agreements that only one of the two tables has are not compared. Sources: bonds,
    partnership_instruments.
    """
    known = load("partnership_instruments").groupby(["iso3", "instrument"]).date.agg(set)
    rows = load("bonds").query("counterpart == 'NATO'")
    pairs = [(known.get((row.iso3, row.title)), row.date) for row in rows.itertuples()]
    return sum(dates is not None and date not in dates for dates, date in pairs)


def one_sided() -> int:
    """Texts between two of the four that have a row from one side only. Source: bonds."""
    rows = load("bonds").query("counterpart in @groups.members('IP4')")
    keys = set(zip(rows.text_id, rows.iso3, rows.counterpart, strict=True))
    return sum((text, other, one) not in keys for text, one, other in keys)


def first_talks() -> int:
    """Year in which NATO's dialogue with the first of the four began. Source: partnership_instruments."""
    rows = load("partnership_instruments").query("instrument == 'Political dialogue'")
    return int(rows.date.dt.year.min())
