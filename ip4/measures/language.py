"""How often whole texts name the Indo-Pacific, by measures that crown different texts, and what stands beside it.

"The region" is the Indo-Pacific or the Asia-Pacific. Sources: ``whole_texts``, ``text_paragraphs``,
``region_mentions``; for checks also ``mentions``, ``documents``, ``lexicon``, ``sample_texts``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.models.words import by_rules, count_terms, most_in_window

FAMILIES = {"summit": "on NATO", "partners": "with partners"}
READOUT, LONG = "us_2024_ip4_readout", "us_2024_ip4_factsheet"
WINDOW = 282  # words of the shortest text that names the region
COUNT, RATE, BY_PARAGRAPH = "mentions", "mentions per 1,000 words", "mentions per paragraph"
SHARE, PLACES = "paragraphs that name it, %", "per 1,000 words, names left out"
OPENING, DENSEST = f"mentions in the first {WINDOW} words", f"most mentions in any {WINDOW} words"
WAYS = [COUNT, RATE, BY_PARAGRAPH, SHARE, OPENING, DENSEST, PLACES]
BESIDE = {
    "NATO": ["nato"],
    "Europe or the Atlantic": ["europe"],
    "NATO, Europe or the Atlantic": ["nato", "europe"],
    "Ukraine": ["ukraine"],
    "Russia": ["russia"],
    "China": ["china"],
    "North Korea": ["korea_dprk"],
    "ASEAN": ["asean"],
}
LINK = "NATO, Europe or the Atlantic"
COUNTED_TWICE = {
    "nato": ["nato"],
    "europe": ["europe"],
    "region": ["indo_pacific", "asia_pacific"],
    **{term: [term] for term in ("ukraine", "russia", "china", "taiwan", "korea_dprk", "asean")},
}


def texts() -> pd.DataFrame:
    """One row a text: text_id, title, family (in words), date, words, paragraphs, and one column a way of WAYS.

    Sources: ``whole_texts``, ``text_paragraphs``, ``region_mentions``.
    """
    rows = load("whole_texts").set_index("text_id")
    found, places = load("text_paragraphs"), load("region_mentions")
    found = found.assign(named=found.region > 0).groupby("text_id")[["region", "named"]].sum().reindex(rows.index)
    windows = (
        places.groupby("text_id").word.agg(lambda at: most_in_window(at, WINDOW)).reindex(rows.index, fill_value=0)
    )
    opening = places[places.word <= WINDOW].groupby("text_id").size().reindex(rows.index, fill_value=0)
    plain = places[~places.is_name].groupby("text_id").size().reindex(rows.index, fill_value=0)
    rows[COUNT], rows[RATE] = found.region, 1000 * found.region / rows.words
    rows[BY_PARAGRAPH], rows[SHARE] = found.region / rows.paragraphs, 100 * found.named / rows.paragraphs
    rows[OPENING], rows[DENSEST], rows[PLACES] = opening, windows, 1000 * plain / rows.words
    return rows.assign(family=rows.family.map(FAMILIES)).drop(columns="source_id").reset_index()


def ways() -> pd.DataFrame:
    """Texts that name the region, one row a text and way: text, family, way, value. Sources as in ``texts``."""
    rows = texts().query(f"`{COUNT}` > 0").rename(columns={"title": "text"})
    long = rows.melt(["text", "family"], WAYS, "way", "value")
    return long.assign(value=long.value.astype(float).round(2))


def value(text: str, way: str) -> float:
    """The value of a text (text_id) by a way of WAYS; its unit is in the way's name. Sources as in ``texts``."""
    return float(texts().set_index("text_id").loc[text, way])


def leader(way: str, names: bool = True) -> str:
    """The text that leads by a way: its title, or with ``names=False`` its text_id. Sources as in ``texts``."""
    rows = texts()
    return str(rows.loc[rows[way].idxmax(), "title" if names else "text_id"])


def leaders() -> int:
    """How many different texts lead by at least one of the ways. Sources as in ``texts``."""
    return len({leader(way) for way in WAYS})


def captions() -> pd.DataFrame:
    """What to say for each way in the rows of ``ways``: way, caption."""
    rows = ways()
    said = []
    for way, group in rows.groupby("way", sort=False):
        top = group.loc[group.value.idxmax()]
        readout = group.value[group.text == _title(READOUT)].iloc[0]
        said.append((way, f"By {way}: {top.text} leads ({top.value:.4g}); the readout has {readout:.4g}"))
    return pd.DataFrame(said, columns=["way", "caption"])


def beside() -> pd.DataFrame:
    """With what the region shares a paragraph: text, family, name, paragraphs (that name both), of (the region), share.

    One row a text that names the region and a name of BESIDE; share in percent of its paragraphs on the region.
    Sources: ``whole_texts``, ``text_paragraphs``.
    """
    rows = load("text_paragraphs").query("region > 0").merge(load("whole_texts")[["text_id", "title", "family"]])
    parts = [rows.assign(name=name, both=(rows[terms] > 0).any(axis=1)) for name, terms in BESIDE.items()]
    by = pd.concat(parts).groupby(["title", "family", "name"], sort=False).both
    found = by.agg(paragraphs="sum", of="size").reset_index().rename(columns={"title": "text"})
    return found.assign(family=found.family.map(FAMILIES), share=(100 * found.paragraphs / found.of).round(0))


def shared(name: str, family: str) -> tuple[int, int]:
    """Paragraphs on the region that also name ``name`` (of BESIDE), and all on the region, in a family (its words)."""
    rows = beside().query("name == @name and family == @family")
    return int(rows.paragraphs.sum()), int(rows.of.sum())


def beside_captions() -> pd.DataFrame:
    """What to say for each name in the rows of ``beside``: name, caption."""
    said = []
    for name in BESIDE:
        parts = [f"{family}: {both} of {of}" for family in FAMILIES.values() for both, of in [shared(name, family)]]
        said.append((name, f"Paragraphs on the region that also name {name}. {'; '.join(parts)}"))
    return pd.DataFrame(said, columns=["name", "caption"])


def places() -> pd.DataFrame:
    """Where the region is named: text, family, place (percent of the text's words), said ("a name" or "the region").

    Sources: ``region_mentions``, ``whole_texts``.
    """
    rows = load("region_mentions").merge(load("whole_texts")[["text_id", "title", "family", "words"]])
    said = rows.is_name.map({True: "a name", False: "the region"})
    rows = rows.assign(place=(100 * rows.word / rows.words).round(1), said=said, family=rows.family.map(FAMILIES))
    return rows.rename(columns={"title": "text"})[["text", "family", "place", "said"]]


def names_part() -> float:
    """Mentions that are part of a name, in percent of all. Source: ``region_mentions``."""
    return float(100 * load("region_mentions").is_name.mean())


def _title(text: str) -> str:
    return load("whole_texts").set_index("text_id").title[text]


def lengths_off(most: int) -> int:
    """Texts whose length is more than ``most`` words from that of ``documents``."""
    both = load("whole_texts").merge(load("documents"), left_on="text_id", right_on="doc_id")
    return int(((both.words_x - both.words_y).abs() > most).sum())


def parts_off() -> int:
    """Texts of ``whole_texts`` whose words or paragraphs are not those of ``text_paragraphs``."""
    rows, by = load("whole_texts").set_index("text_id"), load("text_paragraphs").groupby("text_id")
    words, size = by.words.sum().reindex(rows.index), by.size().reindex(rows.index)
    return int(((rows.words != words) | (rows.paragraphs != size)).sum())


def sums_off() -> int:
    """Terms and texts whose sum over ``text_paragraphs`` is not the count in ``mentions``."""
    sums = load("text_paragraphs").groupby("text_id")[list(COUNTED_TWICE)].sum()
    whole = load("mentions").pivot(index="doc_id", columns="term", values="count")
    sums = sums[sums.index.isin(whole.index)]
    counted = pd.DataFrame({term: whole[parts].sum(axis=1) for term, parts in COUNTED_TWICE.items()})
    return int((sums != counted.loc[sums.index]).sum().sum())


def places_off() -> int:
    """Texts whose mentions in ``region_mentions`` are not as many as in ``text_paragraphs``."""
    by = load("text_paragraphs").groupby("text_id").region.sum()
    return int((load("region_mentions").groupby("text_id").size().reindex(by.index, fill_value=0) != by).sum())


def sample(text: str) -> str:
    """A text of ``sample_texts`` with an empty line between its paragraphs."""
    return "\n\n".join(load("sample_texts").query("text_id == @text").text)


def by_rule(text: str, words: str, whole: bool, case: bool) -> int:
    """Mentions of words of one's own (commas between them) in a text of ``sample_texts``, by a rule of ``by_rules``."""
    rows = by_rules(sample(text), words).query("whole == @whole and case == @case")
    return int(rows.mentions.iloc[0])


def samples() -> dict[str, str]:
    """The texts of ``sample_texts``: title -> text_id. Sources: ``sample_texts``, ``whole_texts``."""
    return {_title(text): text for text in load("sample_texts").text_id.unique()}


def samples_off() -> int:
    """Terms of ``lexicon`` that a text of ``sample_texts`` has more or less often than ``mentions`` says."""
    lexicon, counts = load("lexicon"), load("mentions").set_index(["doc_id", "term"])["count"]
    pairs = [(count_terms(sample(text), lexicon), counts[text]) for text in samples().values()]
    return sum(int((ours != whole.reindex(ours.index)).sum()) for ours, whole in pairs)
