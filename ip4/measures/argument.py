"""The article as an argument: what kind of claim stands in which paragraph, and the steps between claims.

Sources: ``claims``, ``claim_verdicts``, ``claim_links``. Counts are claims or steps. The grouping of claims into kinds
and the steps are the course's reading of the article.
"""

from __future__ import annotations

import textwrap

import pandas as pd

from coursekit.tables import load
from ip4.measures.rewordings import SIGNS, VERDICTS

KINDS = ["descriptive", "causal", "conceptual", "normative", "predictive"]
PARAGRAPHS = {
    1: "Two paradoxes",
    2: "NATO for Europe",
    3: "Money and unity",
    4: "NATO and the EU",
    5: "The partnerships",
    6: "One security?",
    7: "What ties may cost",
    8: "Europe as a warning",
}
MOMENTS = {"then": "July 2023", "now": "today"}
RELATIONS = {"supports": "↓ supports", "qualifies": "~ qualifies", "contrasts": "≠ contrasts with"}
GAP = "\n\u00a0\n"  # an empty line of a picture
LINE = 46  # letters of a line of words in the picture of the map
STEP_CAPTION = "Step {step}: {one} {relation} {other}. Shown in full: kind {kind}, verdict {verdict}"


def claims() -> pd.DataFrame:
    """One row a claim: claim_id, paragraph, kind, testable, chapter, paraphrase, then, now (verdicts in words)."""
    verdicts = load("claim_verdicts").pivot(index="claim_id", columns="as_of", values="verdict")
    rows = load("claims")[["claim_id", "paragraph", "kind", "testable", "chapter", "paraphrase"]]
    return rows.merge(verdicts[["then", "now"]], on="claim_id").sort_values("claim_id", ignore_index=True)


def places() -> pd.DataFrame:
    """The claims as signs on a page: the columns of ``claims``, and where and how each is drawn.

    ``place`` (1, 2 ... in its paragraph), ``sign`` (of today's verdict), ``number``, and ``head``: the paragraph in
    words at its first claim.
    """
    rows = claims()
    rows["place"] = rows.groupby("paragraph").cumcount() + 1
    head = rows.paragraph.map(_heading).where(rows.place == 1, "")
    return rows.assign(sign=rows.now.map(SIGNS), number=rows.claim_id.str[1:], head=head)


def _heading(paragraph: int) -> str:
    return f"{paragraph} {PARAGRAPHS[paragraph]}"


def steps() -> pd.DataFrame:
    """The steps of the argument one by one, by paragraph of the claim that takes the step.

    Columns: step (1, 2 ...), from_claim, relation (sign and words), to_claim, reading; from_words, to_words and
    reading_lines (the claims with kind, verdict of today and chapter; the reading; broken into lines for a picture).
    """
    known = claims().set_index("claim_id")
    rows = load("claim_links").assign(paragraph=lambda r: r.from_claim.map(known.paragraph))
    rows = rows.sort_values(["paragraph", "from_claim"], kind="stable", ignore_index=True)
    for end in ("from", "to"):
        rows[f"{end}_words"] = [_in_lines(claim, known.loc[claim]) for claim in rows[f"{end}_claim"]]
    rows["reading_lines"] = ["\n".join(textwrap.wrap(f"Our reading: {words}", LINE)) for words in rows.reading]
    return rows.assign(step=range(1, len(rows) + 1), relation=rows.relation.map(RELATIONS))


def _in_lines(claim_id: str, row: pd.Series) -> str:
    head = f"{claim_id} ({row.kind}, {row.now}; chapter {row.chapter})"
    return "\n".join([head, *textwrap.wrap(row.paraphrase, LINE)])


def signs_in_words() -> str:
    """What the signs of the verdicts mean, in one sentence."""
    return "Signs: " + ", ".join(f"{sign} {words}" for words, sign in SIGNS.items()) + "."


def step_rows() -> pd.DataFrame:
    """``steps`` as a reader's table: step, from, relation (without sign), to, reading."""
    rows = steps()[["step", "from_claim", "relation", "to_claim", "reading"]]
    return rows.assign(relation=rows.relation.str[2:]).rename(columns={"from_claim": "one", "to_claim": "other"})


def inward(claim_id: str, relation: str | None = None) -> int:
    """How many steps end at a claim, in steps; relation: count only "supports", "qualifies" or "contrasts"."""
    rows = load("claim_links").query("to_claim == @claim_id")
    return len(rows if relation is None else rows[rows.relation == relation])


def shaky(claim_id: str) -> int:
    """How many of the claims that directly support a claim are not held up today, in claims."""
    rows = load("claim_links").query("to_claim == @claim_id and relation == 'supports'")
    verdict = claims().set_index("claim_id").now
    return int((rows.from_claim.map(verdict) != "held up").sum())


def bet_title() -> str:
    """How many claims lead straight to the last judgement (C54), and how many of them are held up today."""
    leading, held = inward("C54", "supports"), inward("C54", "supports") - shaky("C54")
    return f"{leading} claims lead straight to the last judgement, C54; {held or 'none'} of them held up today"


def of_kind(kind: str, paragraph: int | None = None) -> int:
    """How many claims of a kind the article makes, in all or in one paragraph, in claims."""
    rows = claims().query("kind == @kind")
    return len(rows if paragraph is None else rows[rows.paragraph == paragraph])


def kinds_by_paragraph() -> pd.DataFrame:
    """How many claims of each kind stand in each paragraph: paragraph, about, kind, claims, can fail, order.

    ``can fail``: those that open data can test in full. ``about``: number and words of the paragraph. ``order``: place
    of the kind among KINDS.
    """
    keys = pd.MultiIndex.from_product([PARAGRAPHS, KINDS], names=["paragraph", "kind"])
    by = claims().groupby(["paragraph", "kind"]).testable
    table = pd.DataFrame({"claims": by.size(), "can fail": by.agg(lambda t: (t == "yes").sum())})
    rows = table.reindex(keys, fill_value=0).reset_index()
    rows.insert(1, "about", rows.paragraph.map(_heading))
    return rows.assign(order=rows.kind.map(KINDS.index))


def kind_captions() -> pd.DataFrame:
    """What the figure of kinds says for each kind, and for all: kind, caption."""
    rows = kinds_by_paragraph()
    total, can = rows.claims.sum(), rows["can fail"].sum()
    said = [("all kinds", f"{can} of {total} claims can be tested in full on open data")]
    said += [(kind, _kind_in_words(kind, rows[rows.kind == kind])) for kind in KINDS]
    return pd.DataFrame(said, columns=["kind", "caption"])


def kind_title() -> str:
    """The finding of the figure of kinds: where the forecasts stand."""
    late = of_kind("predictive", 7) + of_kind("predictive", 8)
    return f"{late} of {of_kind('predictive')} forecasts stand in the last two paragraphs, where advice is given"


def _kind_in_words(kind: str, rows: pd.DataFrame) -> str:
    where = ", ".join(rows[rows.claims > 0].paragraph.astype(str))
    counts = f"{rows.claims.sum()} claims, {rows['can fail'].sum()} of them testable in full"
    return f"{kind.capitalize()}: {counts}, in paragraphs {where}"


def verdicts_by_kind() -> pd.DataFrame:
    """How many claims of each kind have each verdict, then and today: moment, kind, verdict, claims."""
    keys = pd.MultiIndex.from_product([KINDS, VERDICTS], names=["kind", "verdict"])
    tables = []
    for moment, words in MOMENTS.items():
        counts = claims().groupby(["kind", moment]).size().rename_axis(["kind", "verdict"])
        tables.append(counts.reindex(keys, fill_value=0).rename("claims").reset_index().assign(moment=words))
    return pd.concat(tables, ignore_index=True)[["moment", "kind", "verdict", "claims"]]


def verdict_captions() -> pd.DataFrame:
    """What the figure of verdicts says for each moment: moment, caption."""
    rows = verdicts_by_kind()
    said = []
    for moment, part in rows.groupby("moment", sort=False):
        count = part.groupby("verdict").claims.sum()
        fact = part.query("kind == 'descriptive' and verdict == 'held up'").claims.sum()
        said.append((moment, f"As of {moment}, {count['held up']} claims held up, {fact} of them descriptive"))
    return pd.DataFrame(said, columns=["moment", "caption"])


def verdict_title() -> str:
    """The finding of the figure of verdicts: how many claims changed theirs, and how many of these are descriptive."""
    return (
        f"{changed()} claims have another verdict today than in July 2023, {changed('descriptive')} of them descriptive"
    )


def changed(kind: str | None = None) -> int:
    """How many claims have another verdict today than in July 2023, in claims; kind: only those of one kind."""
    rows = claims().query("then != now")
    return len(rows if kind is None else rows[rows.kind == kind])


def ends_of_steps() -> pd.DataFrame:
    """The two claims of each step as rows: step, end ("from_claim" or "to_claim"), and ``places`` of the claim."""
    rows = steps()[["step", "from_claim", "to_claim"]].melt("step", var_name="end", value_name="claim_id")
    return rows.merge(places(), on="claim_id").sort_values(["step", "end"], ignore_index=True)


def told() -> tuple[pd.DataFrame, pd.DataFrame]:
    """What tells a step in a picture, rows by step: ``ends_of_steps`` and ``words_of_steps``."""
    return ends_of_steps(), words_of_steps()


def words_of_steps() -> pd.DataFrame:
    """The words of each step, broken into lines for a picture: step, words, and paragraph (where they stand).

    The claim that takes the step, the relation, the claim that it bears on, and our reading of the step.
    """
    rows = steps()
    words = rows.from_words + GAP + rows.relation + GAP + rows.to_words + GAP + rows.reading_lines
    return pd.DataFrame({"step": rows.step, "words": words, "paragraph": len(PARAGRAPHS) + 0.8})
