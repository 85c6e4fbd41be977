"""What a reader sees of the network of states and formats: rows and captions of the chapter's figures and of its lab.

Tables: memberships, organisations, conveners, bonds, opinion_polls, countries, read through ``networks``, ``bonds`` and
``opinion``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import bonds, networks, opinion

FIRST = 1951
# Where the four stand in the picture of their six ties: two columns and two rows, so that names fit a phone.
PLACES = {"AUS": (0, 0), "JPN": (0, 1), "KOR": (1, 1), "NZL": (1, 0)}
AT = {("AUS", "NZL"): 0.5, ("JPN", "KOR"): 0.5, ("AUS", "JPN"): 0.5, ("KOR", "NZL"): 0.5}  # where a number stands
ABOVE = 0.1  # from a corner to its name
DIAGONAL = 0.28  # on the two ties that cross
NODES = ["AUS", "JPN", "NZL", "KOR", "USA", "CHN", "IDN", "IND", "GBR", "PHL"]
TRUSTED = {"JPN": "Japan", "USA": "United States", "EU": "EU", "CHN": "China"}
IN_LAW = ["help", "treaty", "single"]  # of ``bonds.BONDS``
WEIGHED = (2000, 2013, 2021, 2023, 2026)
STATES = ["Australia", "Japan", "New Zealand", "South Korea", "United States", "China"]
YEARS = [1990, 2000, 2006, 2013, 2021, 2026]


def _names() -> pd.Series:
    """Short names of states, indexed by iso3. Source: countries."""
    return load("countries").set_index("iso3").name


def seats() -> pd.DataFrame:
    """The network of two kinds for drawing, one row a seat of six states in a format that ties two of the four.

    Columns: format, state, year (since when), whose (one of ``networks.KINDS``), called ("by whom"). Rows are in the
    order of whose table it is, then of the first year. Formats of security and politics as they stand in LAST.
    Sources: memberships, organisations, conveners, countries.
    """
    tables, names, codes = networks.book(), _names(), networks.tying()
    rows = networks.seats().query("organisation in @codes and iso3 in @networks.DRAWN")
    known = pd.DataFrame(
        [(code, networks.name_of(code), networks.kind_of(code, tables), networks.caller_of(code)) for code in codes],
        columns=["organisation", "format", "whose", "called"],
    )
    rows = rows.merge(known).assign(state=rows.iso3.map(names).array, first=0)
    rows["first"] = rows.groupby("organisation").year.transform("min")
    rows["place"] = rows.whose.map(networks.KINDS.index)
    rows = rows.sort_values(["place", "first", "format", "year"], ignore_index=True)
    return rows[["format", "state", "year", "whose", "called"]]


def seats_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each year of the rows of ``seats``: year, caption.

    It counts the formats in which two of the four sit by then, and those of them in which Washington does not sit yet.
    """
    four = _names()[members("IP4")]
    second = rows[rows.state.isin(four)].groupby("format").year.nsmallest(2).groupby("format").last()
    america = rows[rows.state == "United States"].groupby("format").year.min()
    nato = rows.format[rows.whose == networks.KINDS[0]].unique()
    said = []
    for year in range(FIRST, networks.LAST + 1):
        tying = second.index[second <= year]
        alone = tying.difference(america.index[america <= year]).difference(nato)
        said.append(
            (year, f"{year}: {len(tying)} formats tie two of the four, {len(alone)} of them without Washington")
        )
    return pd.DataFrame(said, columns=["year", "caption"])


def ties() -> pd.DataFrame:
    """The six ties of the four at every setting, one row a tie: counted, removed, one, other, shared, formats.

    x, y, x2, y2: the two ends in the picture; at_x, at_y: where the number stands. formats: names, joined by "; ".
    Sources: memberships, organisations, conveners, countries.
    """
    tables, names, found = networks.book(), _names(), []
    short = {code: networks.name_of(code) for code in networks.tying(counted="trade as well")}
    for counted in networks.SETS:
        for removed in networks.REMOVALS:
            at = tables.at(removed, networks.LAST, counted)
            for one, other in networks.PAIRS:
                left = sorted(short[code] for code in at[one] & at[other])
                found.append((counted, removed, names[one], names[other], len(left), "; ".join(left), one, other))
    rows = pd.DataFrame(found, columns=["counted", "removed", "one", "other", "shared", "formats", "a", "b"])
    ends = rows.a.map(PLACES).tolist(), rows.b.map(PLACES).tolist()
    rows[["x", "y"]], rows[["x2", "y2"]] = pd.DataFrame(ends[0]), pd.DataFrame(ends[1])
    part = pd.Series([AT.get(pair, DIAGONAL) for pair in zip(rows.a, rows.b, strict=True)])
    rows["at_x"], rows["at_y"] = rows.x + part * (rows.x2 - rows.x), rows.y + part * (rows.y2 - rows.y)
    return rows.drop(columns=["a", "b"])


def ties_captions() -> pd.DataFrame:
    """What to say at each setting of ``ties``: counted, removed, caption. Sources as for ``ties``."""
    tables, found = networks.book(), []
    for counted in networks.SETS:
        for removed in networks.REMOVALS:
            at = tables.at(removed, networks.LAST, counted)
            shared = networks.shares(at)
            everywhere = len(set.intersection(*(at[iso3] for iso3 in members("IP4"))))
            words = f"{_without(removed)}: {_range(shared)} shared by a pair, {everywhere} by all four ({counted})"
            found.append((counted, removed, words))
    return pd.DataFrame(found, columns=["counted", "removed", "caption"])


def _without(removed: str) -> str:
    return "Nothing taken out" if removed == "nothing" else f"Taken out, {removed}"


def _range(values: pd.Series) -> str:
    """Least and most in words: "6 to 11 formats", "3 formats"."""
    low, high = values.min(), values.max()
    return f"{high} formats" if low == high else f"{low} to {high} formats"


def nodes() -> pd.DataFrame:
    """The four corners of the picture of ``ties``: state, x, y, name_y (where its name stands). Source: countries."""
    names = _names()
    rows = [(names[iso3], x, y, y + (ABOVE if y else -ABOVE)) for iso3, (x, y) in PLACES.items()]
    return pd.DataFrame(rows, columns=["state", "x", "y", "name_y"])


def called() -> pd.DataFrame:
    """Who called the formats that tie two of the four: since (words), by, formats (a count), which (names).

    since: "all of them" or "begun in 2021 or later". by: one of ``networks.CALLED_BY``; every one has a row. Sources:
    conveners, memberships, organisations.
    """
    tables, codes = networks.book(), networks.tying(counted="trade as well")
    first = tables.every.groupby("organisation").year.min()
    rows = pd.DataFrame(
        [(code, networks.name_of(code), networks.caller_of(code), first[code]) for code in codes],
        columns=["code", "format", "by", "first"],
    )
    parts = {"all of them": rows, "begun in 2021 or later": rows[rows["first"] >= 2021]}
    found = []
    for since, part in parts.items():
        for by in networks.CALLED_BY:
            which = sorted(part.format[part.by == by])
            found.append((since, by, len(which), "; ".join(which)))
    return pd.DataFrame(found, columns=["since", "by", "formats", "which"])


def called_captions(called: pd.DataFrame) -> pd.DataFrame:
    """What to say for each choice in the rows of ``called``: since, caption. No table is read."""
    found = []
    for since, rows in called.groupby("since", sort=False):
        count = rows.set_index("by").formats
        words = ", ".join(f"{count[by]} by {word}" for by, word in _CALLERS.items())
        words = f"{count['all together']} by all together, {words}, {count['no text read']} not known"
        found.append((since, f"Called together, {since}: {words}"))
    return pd.DataFrame(found, columns=["since", "caption"])


_CALLERS = {"United States": "Washington", "one of the four": "one of the four", "ASEAN": "ASEAN"}


def weights(year: int = networks.LAST) -> pd.DataFrame:
    """What each pair of the four has by the weight of the bond: pair, what, bond (a key of ``bonds.BONDS``).

    what: "with Washington" (texts that the United States has signed too), "without Washington" (the rest; no text among
    the four has NATO as a party). The strongest text that stands at the end of the year. Sources: bonds, countries.
    """
    names, rows = _names(), bonds.texts(year)
    american = set(rows.text_id[rows.counterpart == "USA"])
    rows = rows[rows.counterpart.isin(members("IP4"))]
    sides = {"with Washington": rows[rows.text_id.isin(american)], "without Washington": _without_usa(rows, american)}
    found = []
    for what, part in sides.items():
        for one, other in networks.PAIRS:
            words = part.bond[(part.iso3 == one) & (part.counterpart == other)]
            found.append(
                (f"{names[one]}, {names[other]}", what, min(words, key=list(bonds.BONDS).index, default="no text"))
            )
    return pd.DataFrame(found, columns=["pair", "what", "bond"])


def _without_usa(rows: pd.DataFrame, american: set[str]) -> pd.DataFrame:
    return rows[~rows.text_id.isin(american)]


def bound(what: str, year: int = networks.LAST) -> int:
    """How many of the six pairs have a text that binds in law, "with Washington" or without it. Source: bonds."""
    rows = weights(year)
    return int(rows.bond[rows.what == what].isin(IN_LAW).sum())


def weights_over_time(years: tuple[int, ...] = WEIGHED) -> pd.DataFrame:
    """The rows of ``weights`` at the end of some years, with a column year. Sources: bonds, countries."""
    return pd.concat([weights(year).assign(year=year) for year in years], ignore_index=True)


def weights_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each year in the rows of ``weights_over_time``: year, caption. No table is read."""
    binds = rows.assign(binds=rows.bond.isin(IN_LAW)).groupby(["year", "what"]).binds.sum().unstack()
    said = [
        f"End of {year}: {row['without Washington']} of six pairs bound in law without Washington, "
        f"{row['with Washington']} with it"
        for year, row in binds.iterrows()
    ]
    return pd.DataFrame({"year": binds.index, "caption": said})


def brokers() -> pd.DataFrame:
    """Degree and betweenness of ten states at the end of six years: year, state, measure, value (one decimal).

    measure: "seats" (formats of security and politics in which it sits) or "betweenness" (``networks.brokers``).
    Sources: memberships, organisations, conveners, countries.
    """
    names, found = _names(), []
    for year in YEARS:
        both = {"seats": networks.degrees(year), "betweenness": networks.brokers(year)}
        for measure, values in both.items():
            values = values.reindex(NODES, fill_value=0).round(1)
            found += [(year, names[iso3], measure, float(value)) for iso3, value in values.items()]
    return pd.DataFrame(found, columns=["year", "state", "measure", "value"])


def brokers_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say for each year and measure in the rows of ``brokers``: year, measure, caption. No table is read."""
    top = rows.loc[rows.groupby(["year", "measure"], sort=False).value.idxmax()]
    said = [f"{row.year}, {row.measure}: {row.state} leads with {row.value:.0f}" for row in top.itertuples()]
    return top.assign(caption=said)[["year", "measure", "caption"]].reset_index(drop=True)


def trust() -> pd.DataFrame:
    """Trust of Southeast Asian respondents by year: year, about (a name), trust (percent). Source: opinion_polls.

    The published mean of ten countries; years without a sourced value are rows without one, so that lines break.
    """
    polls = load("opinion_polls").query("population == 'ASEAN10' and question == 'trust' and answer == 'trust'")
    known = polls.set_index(["survey_year", "about"]).pct
    found = [(year, name, known.get((year, about))) for about, name in TRUSTED.items() for year in range(2021, 2026)]
    return pd.DataFrame(found, columns=["year", "about", "trust"])


def trust_of(about: str, year: int) -> float:
    """Percent of Southeast Asian respondents who trust a power in one year. Source: opinion_polls."""
    return opinion.share("ASEAN10", "trust", year, about=about, answer="trust")


def influence(about: str, year: int) -> float:
    """Percent of Southeast Asian respondents who name a power the most influential in politics. opinion_polls."""
    return opinion.share("ASEAN10", "influence_political", year, about=about)


def trust_title() -> str:
    """The finding of ``trust`` in a sentence. Source: opinion_polls."""
    least, last = trust_of("JPN", 2022), trust_of("JPN", 2025)
    return f"Trust in Japan was {least:.0f} per cent in 2022 and {last:.0f} in 2025, the highest of the powers asked"


def joined_amity() -> str:
    """When each of the four joined the Treaty of Amity and Cooperation: "Japan in 2004, ...". Source: bonds."""
    rows = bonds.texts().query("text_id == 'tac'").sort_values(["date", "partner"])
    return ", ".join(f"{row.partner} in {row.date.year}" for row in rows.itertuples())


def nodes_to_remove() -> dict[str, str]:
    """What the lab can take out: words, and a key of ``networks.REMOVALS`` or a code. Sources: as for ``ties``."""
    names = _names()
    states = {names[iso3]: iso3 for iso3 in [*networks.DRAWN, "GBR", "IND", "IDN"]}
    return (
        {key: key for key in networks.REMOVALS} | states | {networks.name_of(code): code for code in networks.tying()}
    )


def left_by_pair(tables: networks.Book, removal: str, year: int) -> pd.DataFrame:
    """The six pairs after a removal: pair, what ("left" or "lost"), formats (a count). Source: ``tables``."""
    names, before = _names(), tables.pairs("nothing", year, networks.COUNTED)
    after = tables.pairs(removal, year, networks.COUNTED)
    found = [
        (f"{names[one]}, {names[other]}", what, int(values[one, other]))
        for what, values in {"left": after, "lost": before - after}.items()
        for one, other in networks.PAIRS
    ]
    return pd.DataFrame(found, columns=["pair", "what", "formats"])


def left_seats(tables: networks.Book, removal: str, year: int) -> pd.DataFrame:
    """Who of the four still sits where: format, state, sits ("yes", "no"), in formats that still tie two of them.

    Source: countries, ``tables``.
    """
    names, at = _names(), tables.at(removal, year, networks.COUNTED)
    found = [
        (networks.name_of(code), names[iso3], "yes" if code in at[iso3] else "no")
        for code in tables.tying(removal, year, networks.COUNTED)
        for iso3 in PLACES
    ]
    return pd.DataFrame(found, columns=["format", "state", "sits"])
