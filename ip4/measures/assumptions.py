"""The ledger under other assumptions: which rules no longer hold when one shared convention of counting is changed.

Tables: ``claim_assumptions`` (the numbers computed in another way, and what we would then say), ``claim_verdicts`` and
``claim_numbers`` (the rules and their numbers), ``claims``; ``chronology`` and ``ukraine_aid_monthly`` for the numbers
that only this theme needs. Numbers that an assumption does not touch are taken as the ledger stores them, which its
own check compares with the data. A rule is *crossed* when it holds with the numbers of the ledger and not with the new
ones; the ledger then calls its verdict *to be judged again*. Counts are claims. Only verdicts of today are tried.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.tables import as_of, day_of, evaluate, load
from ip4.measures import aid
from ip4.measures.rewordings import BETTER, SIGNS

WINDOW = "how long today is"
# name: what the ledger does, and what is done instead
ASSUMPTIONS = {
    WINDOW: ("the newest reading counts", "all readings since Vilnius count"),
    "whose scheme it is": ("arms bought through NATO's scheme are NATO's", "arms of NATO's scheme are the payers'"),
    "Washington counted": ("the United States is one of the states", "the United States is left out"),
    "one aircraft": ("every weapon counts", "the F-35 is left out"),
    "estimates": ("NATO's estimates to 2026 count", "only years to 2024 count"),
    "which votes": ("contested roll calls", "all roll calls"),
    "who is the South": ("members of the Group of 77", "all outside NATO, the EU and the OECD"),
}
COUNTS = {
    "crossed": "verdicts to judge again",
    "sure": "verdicts to judge again, without low confidence",
    "reworded": "verdicts with another word",
}
SINCE = "2023-08"  # first month after the day of "then": where the longer today begins
LONG = "since Vilnius"
NONE = re.compile(r"== 0\b(?!\.)")  # a rule that a single case breaks
VIEWS = ["July 2023", "today", "instead"]
LAST_START = "2025-08"  # the ledger's own newest window of aid begins here
EVENTS_ON_CHINA = "nato_china"


def summits_on_china(first: str) -> int:
    """Texts of NATO summits from a month (YYYY-MM) on that, by ``chronology``, speak of China."""
    rows = load("chronology").query("category == @EVENTS_ON_CHINA and date >= @first")
    return len(rows)


def europe_of_others(first: str | None = None, last: str | None = None) -> float:
    """The EU's and its members' part of all aid but the American, percent; months YYYY-MM. ``ukraine_aid_monthly``."""
    europe = aid.share(["EU members", "EU institutions"], first=first, last=last)
    return 100 * europe / (100 - aid.share("United States", first=first, last=last))


def trials(assumption: str | None = None) -> pd.DataFrame:
    """Every claim that an assumption touches: assumption, claim_id, judged, crossed, verdict, why, low.

    assumption: only this one; None: all. judged: the verdict of today. crossed: whether its rule no longer holds.
    verdict: what we would say then (the same word is possible). low: whether confidence is low today.
    """
    judged, stored, rows = verdicts(), load("claim_numbers"), load("claim_assumptions")
    rows = rows if assumption is None else rows[rows.assumption == assumption]
    rows = rows.assign(new=_computed(rows, stored))
    found = []
    for (name, claim_id), part in rows.groupby(["assumption", "claim_id"], sort=False):
        claim = judged.loc[claim_id]
        known = numbers(claim_id, claim.rule, stored) | dict(zip(part.number_id, part.new, strict=True))
        found.append({
            "assumption": name,
            "claim_id": claim_id,
            "judged": claim.verdict,
            "crossed": not holds(claim.rule, known),
            "verdict": part.verdict.iloc[0],
            "why": part.why.iloc[0],
            "low": claim.confidence == "low",
        })  # fmt: skip
    return pd.DataFrame(found)


def _computed(rows: pd.DataFrame, stored: pd.DataFrame) -> pd.Series:
    """The new numbers of rows of ``claim_assumptions``: claims that share one, of one moment, have it computed once."""
    moment = stored.set_index(["claim_id", "number_id"]).as_of
    asked = [(row.expression, moment[row.claim_id, row.number_id]) for row in rows.itertuples()]
    known = {one: _number(*one) for one in dict.fromkeys(asked)}
    return pd.Series([known[one] for one in asked], rows.index, dtype="object")


def inconsistent(rows: pd.DataFrame | None = None) -> list[str]:
    """Trials with another verdict although the rule holds, such as "C07 one aircraft": there should be none."""
    rows = trials() if rows is None else rows
    wrong = rows[~rows.crossed & (rows.verdict != rows.judged)]
    return (wrong.claim_id + " " + wrong.assumption).tolist()


def broken_as_judged() -> list[str]:
    """Claims whose rule does not hold even with the ledger's own numbers; empty as long as the ledger stands."""
    rules = verdicts().rule.reindex(load("claim_assumptions").claim_id.unique())
    return [claim_id for claim_id, rule in rules.items() if not holds(rule, numbers(claim_id, rule))]


def by_assumption(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each assumption does: assumption, ledger, instead, touched, crossed, reworded, sure, better.

    crossed: rules that no longer hold; reworded: another verdict; sure: crossed of those judged with more than low
    confidence; better: other verdicts in the article's favour.
    """
    rows = trials() if rows is None else rows
    rows = rows.assign(reworded=rows.verdict != rows.judged, sure=rows.crossed & ~rows.low)
    rows["better"] = rows.verdict.map(BETTER) > rows.judged.map(BETTER)
    sums = rows.groupby("assumption")[["crossed", "reworded", "sure", "better"]].sum()
    table = sums.assign(touched=rows.groupby("assumption").size()).reindex(list(ASSUMPTIONS), fill_value=0)
    table.insert(0, "ledger", [words[0] for words in ASSUMPTIONS.values()])
    table.insert(1, "instead", [words[1] for words in ASSUMPTIONS.values()])
    return table.rename_axis("assumption").reset_index()


def counted(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """``by_assumption`` in each way of counting.

    Columns: count (words), assumption, ledger, instead, verdicts, touched, said ("6 of 15"), most (whether no other
    assumption has as many verdicts in that way of counting).
    """
    table = by_assumption(rows)
    long = table.rename(columns=COUNTS).melt(
        ["assumption", "ledger", "instead", "touched"], list(COUNTS.values()), "count", "verdicts"
    )
    long["said"] = long.verdicts.astype(str) + " of " + long.touched.astype(str)
    long["most"] = long.verdicts == long.groupby("count").verdicts.transform("max")
    return long[["count", "assumption", "ledger", "instead", "verdicts", "touched", "said", "most"]]


def counted_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the figure says for each way of counting of the rows of ``counted``: count, caption."""
    said = []
    for count, part in rows.groupby("count", sort=False):
        first = part.loc[part.verdicts.idxmax()]
        second = part.verdicts.drop(first.name).max()
        said.append((count, f"Most {count} if {first.instead}: {first.verdicts}, elsewhere {second} at most"))
    return pd.DataFrame(said, columns=["count", "caption"])


def crossed(assumption: str, rows: pd.DataFrame | None = None) -> list[str]:
    """The claims whose rule an assumption crosses, in the order of the table."""
    rows = trials(assumption) if rows is None else rows
    return rows[(rows.assumption == assumption) & rows.crossed].claim_id.tolist()


def numbers_behind(assumption: str, rows: pd.DataFrame | None = None) -> int:
    """How many different new numbers cross rules under an assumption: claims that share one count once."""
    table = load("claim_assumptions").query("assumption == @assumption")
    return int(table[table.claim_id.isin(crossed(assumption, rows))].expression.nunique())


def ask_for_none(assumption: str, rows: pd.DataFrame | None = None) -> int:
    """How many of the rules that an assumption crosses ask that some count be zero, in claims."""
    return sum(bool(NONE.search(rule)) for rule in verdicts().rule[crossed(assumption, rows)])


def against(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The claims that an assumption crosses, each with three verdicts.

    Columns: assumption, claim, about, view, verdict, sign, why.

    view: "July 2023", "today" or "instead", the verdict under the assumption.
    """
    rows = (trials() if rows is None else rows).query("crossed")
    then = load("claim_verdicts").query("as_of == 'then'").set_index("claim_id").verdict
    wide = rows.assign(**{VIEWS[0]: rows.claim_id.map(then), VIEWS[1]: rows.judged, VIEWS[2]: rows.verdict})
    long = wide.rename(columns={"claim_id": "claim"}).drop(columns="verdict")
    long = long.melt(["assumption", "claim", "why"], VIEWS, "view", "verdict")
    long["about"] = _about(long.claim)
    return long.assign(sign=long.verdict.map(SIGNS))


def against_captions(table: pd.DataFrame) -> pd.DataFrame:
    """What the figure of the verdicts says for each assumption that crosses a rule: assumption, caption."""
    rows = table[table.crossed > 0]
    said = [
        f"If {row.instead}: {_counted(row.crossed)}, {row.reworded or 'none'} of them with another word"
        for row in rows.itertuples()
    ]
    return pd.DataFrame({"assumption": rows.assumption, "caption": said})


def three_views(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Claims that three years moved or the longer *today* crosses, each with three verdicts.

    Columns: claim, about (its id and the article's few words), view (as in ``against``, the last with its window in
    words), verdict, sign, moves (whether the verdict is another than in the view before), paraphrase.
    """
    rows = (trials(WINDOW) if rows is None else rows).query("assumption == @WINDOW").set_index("claim_id")
    both = load("claim_verdicts").pivot(index="claim_id", columns="as_of", values="verdict")
    both["long"] = rows.verdict.reindex(both.index).fillna(both.now)
    hit = rows[rows.crossed].index
    both = both[(both.then != both.now) | both.index.isin(hit)]
    tables = []
    for view, column, before in [(VIEWS[0], "then", "then"), (VIEWS[1], "now", "then"), (LONG, "long", "now")]:
        table = pd.DataFrame({"verdict": both[column], "moves": both[column] != both[before], "view": view})
        tables.append(table)
    long = pd.concat(tables).rename_axis("claim").reset_index().sort_values("claim", kind="stable", ignore_index=True)
    long["about"] = _about(long.claim)
    long["sign"] = long.verdict.map(SIGNS)
    long["paraphrase"] = long.claim.map(load("claims").set_index("claim_id").paraphrase)
    return long[["claim", "about", "view", "verdict", "sign", "moves", "paraphrase"]]


def _about(claims: pd.Series) -> pd.Series:
    """Ids of claims, each with the few words of the article."""
    return claims + " " + claims.map(load("claims").set_index("claim_id").quoted_term).fillna("")


def undone(rows: pd.DataFrame | None = None) -> int:
    """Claims whose verdict three years changed and the longer *today* gives another than today's, in claims."""
    then = load("claim_verdicts").query("as_of == 'then'").set_index("claim_id").verdict
    rows = (trials(WINDOW) if rows is None else rows).query("assumption == @WINDOW")
    return int(((rows.claim_id.map(then) != rows.judged) & (rows.verdict != rows.judged)).sum())


def staircase(starts: list[str] | None = None) -> pd.DataFrame:
    """How many rules are crossed when *today* begins in a month: start ("2023-08"), day, crossed, claims (their ids).

    starts: the months; None: each from ``SINCE`` to ``LAST_START``. A number that names ``SINCE`` begins at the month
    instead. Only claims that the longest *today* crosses are tried: a test sees that no other is crossed on the way.
    """
    rows = load("claim_assumptions").query("assumption == @WINDOW")
    rows = rows[rows.expression.str.contains(SINCE)]
    known = {claim_id: numbers(claim_id) for claim_id in rows.claim_id.unique()}
    rows = rows[rows.claim_id.isin(_stair(SINCE, rows, known)["claims"].split(", "))]
    return pd.DataFrame([_stair(start, rows, known) for start in starts or _months()])


def crossed_from(start: str) -> int:
    """How many rules are crossed when *today* begins in a month (YYYY-MM): ``staircase`` of one month, in claims."""
    return int(staircase([start]).crossed.item())


def _stair(start: str, rows: pd.DataFrame, known: dict[str, dict]) -> dict:
    """One month of ``staircase``. rows: of ``claim_assumptions``; known: the numbers of the ledger by claim."""
    rules = verdicts().rule
    new = {text: evaluate(text.replace(SINCE, start)) for text in rows.expression.unique()}
    hit = []
    for claim_id, part in rows.groupby("claim_id", sort=False):
        new_numbers = known[claim_id] | dict(zip(part.number_id, part.expression.map(new), strict=True))
        hit += [] if holds(rules[claim_id], new_numbers) else [claim_id]
    return {"start": start, "day": f"{start}-01", "crossed": len(hit), "claims": ", ".join(hit) or "none"}


def _months() -> list[str]:
    return pd.date_range(SINCE, LAST_START, freq="MS").strftime("%Y-%m").tolist()


def last_start_with(claim_id: str, rows: pd.DataFrame | None = None) -> str:
    """The last month from which a longer *today* still crosses the rule of a claim, "" where none does."""
    rows = staircase() if rows is None else rows
    return max(rows[rows.claims.str.contains(claim_id)].start, default="")


def stair_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the figure of the window says at each start: start, caption."""
    said = [f"Today begins in {pd.Timestamp(row.day):%B %Y}: {_counted(row.crossed)}" for row in rows.itertuples()]
    said = [
        f"{words}, {row.claims}" if row.crossed else words for words, row in zip(said, rows.itertuples(), strict=True)
    ]
    return pd.DataFrame({"start": rows.start, "caption": said})


def _counted(count: int) -> str:
    return f"{count or 'no'} verdict{'' if count == 1 else 's'} to judge again"


def verdicts() -> pd.DataFrame:
    """The verdicts of today, the rows of ``claim_verdicts`` indexed by claim_id."""
    rows = load("claim_verdicts")
    return rows[rows.as_of == "now"].set_index("claim_id")


def holds(rule: str, numbers: dict[str, object]) -> bool:
    """Whether a rule of the ledger is true with some numbers, by number_id."""
    return bool(evaluate(rule, **numbers))


def numbers(claim_id: str, rule: str | None = None, stored: pd.DataFrame | None = None) -> dict[str, object]:
    """The numbers that the rule of a claim names, by number_id, as the ledger stores them.

    rule: another one than that of the claim's verdict today. stored: the table ``claim_numbers``, for who asks often.
    """
    rule = verdicts().rule[claim_id] if rule is None else rule
    rows = load("claim_numbers") if stored is None else stored
    own = rows[rows.claim_id == claim_id]
    return {name: value for name, value in zip(own.number_id, own.value, strict=True) if name in rule}


def _number(expression: str, moment: str) -> object:
    with as_of(day_of(moment)):
        return evaluate(expression)
