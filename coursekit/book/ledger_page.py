"""The claims ledger as a page: all claims with their verdicts of then and today, and what an open row holds."""

from __future__ import annotations

import textwrap

from coursekit import tables
from coursekit.book.directives import CourseDirective, cited
from coursekit.book.html import render
from coursekit.book.listing import Cell, detail_table
from coursekit.book.reference import anchor, when
from coursekit.files import up_to_root
from coursekit.ledger import claims as ledger
from coursekit.ledger import verdicts


class Ledger(CourseDirective):
    """All claims with their two verdicts; each row opens on its reasons, its revisions, and the other side."""

    def build(self) -> list:
        rows = [
            (row.claim_id.lower(), ledger_cells(row, self.env), self.markdown(ledger_text(row), "course-plain-box"))
            for row in tables.load("claims").itertuples()
        ]
        return detail_table(
            LEDGER_COLUMNS,
            rows,
            f"Paragraph|Kind|Chapter|{THEN}|{TODAY}|Confidence",
            "Claims ledger",
            "claims",
            "Why, what came since, and the other side",
        )


THEN, TODAY = (verdicts.moment_words(moment) for moment in tables.MOMENTS)
LEDGER_COLUMNS = [
    "Claim",
    f"What the {ledger.word('work')} says, in our words",
    "Paragraph",
    "Kind",
    "Chapter",
    THEN,
    TODAY,
    "Confidence",
]
UNJUDGED = "not judged yet"
SHOWN_OF_TEXT = 160  # characters of an old or new wording in the list of revisions


def ledger_cells(row, env) -> list[Cell]:
    """The cells of one claim; ``row``: a row of the table of claims."""
    (_, then), (_, today) = verdicts.both(row.claim_id)
    sure = today.confidence
    contents = [
        row.claim_id,
        row.paraphrase,
        str(row.paragraph),
        row.kind,
        chapter_link(row.chapter, env),
        verdict_mark(then),
        verdict_mark(today),
        sure or "none",
    ]
    compared = ["", "", "", "", str(row.chapter), then.word if then else UNJUDGED, today.word, sure]
    return [Cell(*entry) for entry in zip(LEDGER_COLUMNS, contents, compared, compared, strict=True)]


def verdict_mark(verdict: verdicts.Verdict | None) -> str:
    """HTML of a verdict with its sign, and of the mark that it is to be judged again."""
    return render("ledger/mark.html", v=verdict, again=verdicts.AGAIN).strip() if verdict else UNJUDGED


def ledger_text(row) -> str:
    """What a row of the ledger holds when it is open, as Markdown."""
    used = row.tables.split() if isinstance(row.tables, str) else []
    parts = [
        f"**How it is tested.** {row.test}",
        *[moment_text(words, verdict) for words, verdict in verdicts.both(row.claim_id)],
        f"**{ledger.word('since')}.** {row.since}{cited(row.claim_id, 'since')}",
        f"**The strongest reading against it.** {row.counter_view}{cited(row.claim_id, 'counter')}",
        f"**What would change it.** {row.would_change}",
        *([f"**What to mind.** {row.note}"] if isinstance(row.note, str) else []),
        "**In the argument.** " + " ".join(argument_lines(row.claim_id)),
        "**Tables** " + (" · ".join(f"{{table}}`{name}`" for name in used) or "none"),
        "**Revisions.**\n\n" + "\n".join(revision_lines(row.claim_id)),
    ]
    return "\n\n".join(parts)


def moment_text(words: str, verdict: verdicts.Verdict | None) -> str:
    """The verdict of one moment as Markdown: word, reason, rule, confidence, and what an open one waits for."""
    if verdict is None:
        return f"**{words}.** {UNJUDGED.capitalize()}."
    basis = cited(verdict.row.claim_id, "basis") if verdict.row.as_of == "now" else ""
    parts = [
        f"**{words}: {verdict.mark} {verdict.word}.** {verdict.reason()}{basis}",
        again_text(verdict),
        *[
            f"{name} {verdicts.text(verdict.row[column])}"
            for name, column in SAID
            if verdicts.text(verdict.row[column])
        ],
        confidence_text(verdict),
        f"Judged on {verdict.row.verdict_date:%d %B %Y}.",
    ]
    return " ".join(part for part in parts if part)


SAID = [("*Rule:*", "rule_words"), ("*To be decided by:*", "open_until"), ("*Source that decides:*", "open_source")]


def again_text(verdict: verdicts.Verdict) -> str:
    """The sentence on a row whose rule was crossed; empty for the others."""
    mark, words, meaning = verdicts.AGAIN
    return f"**{mark} {words.capitalize()}.** {meaning}" if verdict.again() else ""


def confidence_text(verdict: verdicts.Verdict) -> str:
    """How sure, and why, by domain."""
    if not verdict.confidence:
        return ""
    reasons = "; ".join(f"{name} {words}" for name, words in verdict.domains.items())
    return f"*Confidence:* {verdict.confidence}" + (f" ({reasons})." if reasons else ".")


def revision_lines(claim_id: str) -> list[str]:
    """The revisions of a claim as a Markdown list, oldest first."""
    return [
        f"- {when(row.date, 'day')}, {REVISED[row.as_of]}{row.field}: {revision_words(row)} {row.why}"
        for row in verdicts.revisions(claim_id)
    ]


REVISED = {"both": "", "then": f"{THEN[0].lower()}{THEN[1:]}, ", "now": "today's "}


def revision_words(row) -> str:
    """What a revision changed, old and new, as Markdown; long wordings are cut."""
    old, new = (textwrap.shorten(verdicts.text(cell), SHOWN_OF_TEXT, placeholder=" ...") for cell in (row.old, row.new))
    said = f"“{old}” became “{new}”" if old else f"“{new}”"
    return said if said.endswith((".”", "?”", "!”")) else said + "."


def argument_lines(claim_id: str) -> list[str]:
    """The steps of the argument that start from a claim, each a sentence with its link."""
    links = tables.load("claim_links")
    steps = links[links.from_claim == claim_id]
    return [f"It {s.relation} {{claim}}`{s.to_claim}`: {s.reading.rstrip('.')}." for s in steps.itertuples()] or [
        "No further step starts here."
    ]


def chapter_link(number: int, env) -> str:
    """A link to the chapter's verdicts when the chapter is in the book, else its number."""
    found = [doc for doc in env.found_docs if doc.startswith(f"chapters/{number:02d}-")]
    if not found:
        return str(number)
    return anchor(f"{up_to_root(env.docname)}{found[0]}.html#c{number:02d}-verdict", str(number))


def setup(app) -> None:
    """Register the directive."""
    app.add_directive("ledger", Ledger)
