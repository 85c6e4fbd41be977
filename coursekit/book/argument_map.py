"""The argument map in words: claims as cards, paragraph by paragraph, each with its verdict and the steps it takes.

``{argument-overview}`` shows all claims as signs, a row a paragraph, each a link to its card. ``{argument-steps} 3``
shows the cards of the third paragraph. It needs no script; signs, words and colours are those of the ledger.
"""

from __future__ import annotations

from docutils import nodes

from coursekit.book.directives import LEDGER, CourseDirective
from coursekit.book.html import render
from coursekit.book.listing import filter_box
from coursekit.ledger import argument, verdicts
from coursekit.tables import MOMENTS, load


class Overview(CourseDirective):
    """Every claim as its sign, by paragraph, with the meaning of the signs and a filter for the cards below."""

    def build(self) -> list:
        rows = [
            (number, [(row, verdicts.both(row.claim_id)) for row in part.itertuples()])
            for number, part in load("claims").groupby("paragraph")
        ]
        html = render("argument/overview.html", rows=rows, verdicts=verdicts.VERDICTS, relations=argument.RELATIONS)
        moments = "|".join(verdicts.moment_words(moment) for moment in MOMENTS)
        box = filter_box(f"Kind|{moments}", "claims", ".course-step")
        return [nodes.raw("", html, format="html"), nodes.raw("", box, format="html")]


class Steps(CourseDirective):
    """The claims of one paragraph as cards: ``{argument-steps} number``."""

    required_arguments = 1

    def build(self) -> list:
        claims = load("claims")
        rows = claims[claims.paragraph.astype(str) == self.arguments[0]]
        if rows.empty:
            return self.refuse(f"argument-steps: no claim stands in paragraph '{self.arguments[0]}'; write its number.")
        words = claims.set_index("claim_id").paraphrase.to_dict()
        cards = [
            {
                "row": row,
                "moments": verdicts.both(row.claim_id),
                "css": verdicts.verdict(row.claim_id).css,
                "ahead": argument.steps_from(row.claim_id),
                "behind": argument.steps_to(row.claim_id),
            }
            for row in rows.itertuples()
        ]
        ledger = f"{self.root()}{LEDGER}.html"
        html = render("argument/steps.html", cards=cards, words=words, again=verdicts.AGAIN, ledger=ledger)
        return [nodes.raw("", html, format="html")]


def setup(app) -> None:
    """Register the directives of the argument map."""
    app.add_directive("argument-overview", Overview)
    app.add_directive("argument-steps", Steps)
