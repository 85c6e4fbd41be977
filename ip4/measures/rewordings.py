"""Claims tested again with one word changed, and what stricter or milder tests do to the balance of the ledger.

Sources: ``claim_words`` (the words and the re-tests), ``claims`` (kind and paragraph), ``claim_verdicts`` and
``claim_numbers`` (verdicts, confidence and the numbers of the rules). Verdicts are words, counts are claims.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import as_of, day_of, evaluate, load

VERDICTS = ["held up", "mixed", "did not hold", "open", "not testable"]
SIGNS = dict(zip(VERDICTS, "✓◐✗◷?", strict=True))
BETTER = {"did not hold": 0, "mixed": 1, "held up": 2}  # how well a claim stands; the other two words have no rank
JUDGED = "as judged today"
# How strict a test is: what a reader of the lab can choose.
TESTS = [
    "as judged in July 2023",
    JUDGED,
    "with a weaker word",
    "with a stronger word",
    "medium confidence at least",
    "mixed counts as failed",
]
SURE = ["medium", "high"]
PLACES = ["weaker", "as it stands", "stronger"]


def retests() -> pd.DataFrame:
    """One row a re-test: claim_id, paragraph, kind, word, family, direction, changed, reading, then three columns.

    ``judged``: the verdict of today on the claim as it stands. ``verdict``: that on the claim with the other word.
    ``moves``: whether the two differ. ``by_numbers``: whether a rule over numbers decides the re-test.
    """
    rows = load("claim_words").merge(load("claims")[["claim_id", "paragraph", "kind"]], on="claim_id")
    rows["judged"] = rows.claim_id.map(_verdicts("now").verdict)
    return rows.assign(moves=rows.judged != rows.verdict, by_numbers=rows.rule.notna())


def claims_with_a_word() -> int:
    """How many claims have a word that stands on a scale, in claims."""
    return int(load("claim_words").claim_id.nunique())


def claims_that_move(direction: str | None = None, by_numbers: bool = False, without: str | None = None) -> int:
    """How many claims get another verdict when one word moves one step, in claims.

    direction: "weaker" or "stronger"; None: either. by_numbers: count only re-tests that a rule over numbers decides.
    without: leave out one family of words.
    """
    return int(_chosen(direction, by_numbers, without).query("moves").claim_id.nunique())


def claims_tried(direction: str | None = None, by_numbers: bool = False, without: str | None = None) -> int:
    """How many claims such a re-test was made for, in claims; the arguments are those of ``claims_that_move``."""
    return int(_chosen(direction, by_numbers, without).claim_id.nunique())


def claims_that_aged(direction: str | None = None) -> int:
    """How many of the claims tried got another verdict between July 2023 and today, in claims; direction as above."""
    tried = _chosen(direction, False, None).drop_duplicates("claim_id")
    return int((tried.claim_id.map(_verdicts("then").verdict) != tried.judged).sum())


def _chosen(direction: str | None, by_numbers: bool, without: str | None) -> pd.DataFrame:
    rows = retests()
    rows = rows if direction is None else rows[rows.direction == direction]
    rows = rows[rows.by_numbers] if by_numbers else rows
    return rows[rows.family != without]


def verdict_with(claim_id: str, direction: str) -> str:
    """The verdict on a claim with its weaker or stronger word. Raises KeyError where none was tried."""
    return load("claim_words").set_index(["claim_id", "direction"]).verdict.loc[(claim_id, direction)]


def rescued() -> int:
    """How many claims are not held up today and would be with a weaker word, in claims."""
    return len(retests().query("direction == 'weaker' and judged != 'held up' and verdict == 'held up'"))


def by_family() -> pd.DataFrame:
    """Re-tests by family of words, indexed by family: ``tried`` and ``moved``, in re-tests; the most tried first."""
    table = retests().groupby("family").moves.agg(tried="size", moved="sum")
    return table.sort_values("tried", ascending=False, kind="stable")


def broken() -> list[str]:
    """Re-tests whose rule is no longer true, such as "C03 stronger"; empty as long as each verdict stands."""
    rows = load("claim_words").dropna(subset="rule")
    return [f"{row.claim_id} {row.direction}" for row in rows.itertuples() if not _holds(row)]


def _holds(row) -> bool:
    return bool(evaluate(row.rule, **_numbers(row.claim_id, row.rule)))


def _numbers(claim_id: str, rule: str) -> dict[str, float]:
    """The numbers of a claim that a rule names, each computed with what was known at its moment."""
    rows = load("claim_numbers").query("claim_id == @claim_id")
    return {row.number_id: _number(row) for row in rows.itertuples() if row.number_id in rule}


def _number(row) -> float:
    with as_of(day_of(row.as_of)):
        return evaluate(row.expression)


def against_logic() -> list[str]:
    """Re-tests in which a weaker word makes the verdict worse or a stronger one better, such as "C03 stronger".

    A sentence that asks for less cannot fail where one that asks for more holds, so the list should be empty.
    """
    rows = retests()
    change = rows.verdict.map(BETTER) - rows.judged.map(BETTER)
    wrong = rows[((rows.direction == "weaker") & (change < 0)) | ((rows.direction == "stronger") & (change > 0))]
    return (wrong.claim_id + " " + wrong.direction).tolist()


def table_of_words() -> pd.DataFrame:
    """What the figure of the words draws: one row a claim and place, claims of one family together.

    Columns: family, claim, place ("weaker", "as it stands", "stronger"), word (at that place), says (the claim with
    that word), verdict, sign, moves. A place that was not tried has no row.
    """
    rows = retests().rename(columns={"direction": "place", "reading": "says"})
    stands = rows.drop_duplicates("claim_id").assign(place="as it stands", moves=False)
    stands["says"] = stands.claim_id.map(load("claims").set_index("claim_id").paraphrase)
    stands = stands.assign(verdict=stands.judged)
    both = pd.concat([rows.assign(word=rows.changed), stands]).assign(claim=lambda r: r.claim_id)
    both["place"] = pd.Categorical(both.place, PLACES)
    both = both.sort_values(["family", "claim", "place"], ignore_index=True).astype({"place": str})
    return both.assign(sign=both.verdict.map(SIGNS))[
        ["family", "claim", "place", "word", "says", "verdict", "sign", "moves"]
    ]


def captions_of_words() -> pd.DataFrame:
    """What the figure says for each family of words: family, caption."""
    said = [
        f"Words of {family}: {row.moved} of {row.tried} re-tests give another verdict"
        for family, row in by_family().iterrows()
    ]
    return pd.DataFrame({"family": by_family().index, "caption": said})


def title_of_words(family: str) -> str:
    """The finding of the figure of the words with one family chosen: all claims that move, and those of the family."""
    row = by_family().loc[family]
    first = f"In {claims_that_move()} of {claims_with_a_word()} claims one word decides the verdict"
    return f"{first}; words of {family}: {row.moved} of {row.tried} re-tests"


def judged(test: str = JUDGED) -> pd.DataFrame:
    """Every claim with its verdict by one of TESTS: claim_id, paragraph, kind, verdict.

    With a weaker or stronger word a claim keeps its verdict where no such word was tried. With medium confidence at
    least, a verdict of low confidence counts as open.
    """
    claims = load("claims")[["claim_id", "paragraph", "kind"]].set_index("claim_id")
    found = _verdicts("then" if test == TESTS[0] else "now")
    return claims.assign(verdict=_stricter(found, test)).reset_index()


def _stricter(found: pd.DataFrame, test: str) -> pd.Series:
    if test.endswith("word"):
        words = load("claim_words").query("direction == @test.split()[2]").set_index("claim_id").verdict
        return words.reindex(found.index).fillna(found.verdict)
    if test == "medium confidence at least":
        return found.verdict.mask(found.confidence.notna() & ~found.confidence.isin(SURE), "open")
    if test == "mixed counts as failed":
        return found.verdict.replace("mixed", "did not hold")
    return found.verdict


def _verdicts(moment: str) -> pd.DataFrame:
    return load("claim_verdicts").query("as_of == @moment").set_index("claim_id")[["verdict", "confidence"]]


def balance(test: str = JUDGED, kind: str = "all kinds", paragraph: str = "all") -> pd.Series:
    """How many claims have each verdict, in claims, indexed by VERDICTS.

    kind: one of the kinds of ``claims``, or "all kinds". paragraph: "1" to "8", or "all".
    """
    rows = judged(test)
    rows = rows if kind == "all kinds" else rows[rows.kind == kind]
    rows = rows if paragraph == "all" else rows[rows.paragraph.astype(str) == paragraph]
    return rows.verdict.value_counts().reindex(VERDICTS, fill_value=0).rename("claims")


def strictest() -> str:
    """The one of TESTS by which the fewest claims are held up."""
    return min(TESTS, key=lambda test: balance(test)["held up"])


def balances() -> pd.DataFrame:
    """``balance`` for every test, kind and paragraph that has claims: test, kind, paragraph, verdict, claims."""
    rows = pd.concat(judged(test).assign(test=test) for test in TESTS)
    wide = pd.concat([rows, rows.assign(kind="all kinds")])
    wide["paragraph"] = wide.paragraph.astype(str)
    wide = pd.concat([wide, wide.assign(paragraph="all")])
    counts = wide.groupby(["test", "kind", "paragraph"], sort=False).verdict.value_counts().rename("claims")
    keys = pd.MultiIndex.from_product([TESTS, wide.kind.unique(), wide.paragraph.unique(), VERDICTS])
    keys.names = ["test", "kind", "paragraph", "verdict"]
    return counts.reindex(keys, fill_value=0).reset_index()


def captions_of_balances(rows: pd.DataFrame) -> pd.DataFrame:
    """What to say at each setting of the rows of ``balances``: test, kind, paragraph, caption."""
    keys = ["test", "kind", "paragraph"]
    said = rows.groupby(keys, sort=False).apply(_balance_in_words, include_groups=False)
    return said.rename("caption").reset_index()


def _balance_in_words(rows: pd.DataFrame) -> str:
    return in_words(rows.set_index("verdict").claims)


def in_words(count: pd.Series) -> str:
    """A ``balance`` in a sentence: how many claims of how many held up, are mixed, and did not hold."""
    total = count.sum()
    if not total:
        return "No claim of this kind stands in this paragraph"
    return f"{count['held up']} of {total} held up, {count['mixed']} mixed, {count['did not hold']} did not hold"
