"""Directives and roles a chapter uses: chapter card, claim, verdict, lab, exercise; table and claim links."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from coursekit import sources, tables
from coursekit.book import card, reading
from coursekit.book.html import render
from coursekit.files import up_to_root
from coursekit.ledger import claims as ledger

LOGGER = logging.getLogger(__name__)
LEDGER = "chapters/reference/ledger"
TABLE_PAGE = "chapters/reference/data/{}"
# Where others run a notebook; Colab reads the branch that the site's workflow fills with clean notebooks.
KERNELS = {
    "Binder": "https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/notebooks/{stem}.ipynb",
    "Colab": "https://colab.research.google.com/github/{repository}/blob/notebooks/{stem}.ipynb",
}


class CourseDirective(SphinxDirective):
    """A directive that writes Markdown and lets MyST parse it, so that links and citations in it are checked."""

    has_content = True

    def markdown(self, text: str, *classes: str) -> nodes.container:
        box = nodes.container(classes=["course-box", *classes])
        self.state.nested_parse(
            StringList(text.splitlines(), source=self.get_source_info()[0]), self.content_offset, box
        )
        return box

    def refuse(self, message: str) -> list:
        """One sentence that names file and place; under ``-W`` it fails the build."""
        LOGGER.warning("%s", message, location=self.get_location(), type="course", subtype="content")
        return []

    def root(self) -> str:
        return up_to_root(self.env.docname)

    def run(self) -> list:
        try:
            return self.build()
        except (tables.TableError, card.CardError) as error:
            return self.refuse(str(error))


class ChapterCard(CourseDirective):
    """Time, prerequisites, claims, tables and outcomes of a chapter, from YAML in the directive's body."""

    def build(self) -> list:
        entry = card.parse("\n".join(self.content), self.env.docname)
        for claim_id in entry["claims"]:
            ledger.claim(claim_id)
        lines = [
            f"**Time** {self.minutes(entry)}",
            "",
            f"**You should know** {entry['before']}",
            "",
            "**By the end you can**",
            "",
            *[f"- {o['text']} ({o['id']})" for o in entry["outcomes"]],
        ]
        used = [
            "**Claims tested** " + claims_tested(entry["claims"]),
            "",
            "**Tables used** "
            + " · ".join(f"{{table}}`{t}` ({tables.manifest(t)['vintage']})" for t in entry["tables"]),
        ]
        box = self.markdown("\n".join(lines), "course-card")
        opened, closed = render("anatomy/card-more.html").split("<!-- cut -->")
        more = self.markdown("\n".join(used), "course-plain-box")
        box += [nodes.raw("", opened, format="html"), more, nodes.raw("", closed, format="html")]
        return [box, nodes.raw("", run_buttons(self.env), format="html")]

    def minutes(self, entry: dict) -> str:
        """Minutes by layer, computed from the page and from the exercise by the rule of ``reading``."""
        root = Path(self.env.srcdir)
        layers = reading.loads(Path(self.env.doc2path(self.env.docname)), root)
        core, deeper = layers[reading.CORE].minutes, layers[reading.DEEPER].minutes
        graded = reading.graded_minutes(entry["exercise"], root)
        parts = [f"{core} min for the chapter"]
        parts += [f"{deeper} min more for what is folded under *Go deeper*"] if deeper else []
        parts += [f"{graded} min for the graded work"] if graded else []
        return " · ".join(parts)


def claims_tested(names: list[str]) -> str:
    """Markdown links to the claims that a chapter owns; a chapter without any draws on the whole ledger."""
    links = [f"{{claim}}`{name}`" for name in names]
    return " · ".join(links) or f"none of its own: it draws on the whole {{doc}}`ledger </{LEDGER}>`"


def run_buttons(env) -> str:
    """Ways to run the page's code: downloads, and other sites' kernels when the site knows its repository."""
    stem = env.docname.split("/")[-1]
    folder = f"{up_to_root(env.docname)}_static/notebooks/{stem}"
    places = {name: address.format(repository=repository(env), stem=stem) for name, address in KERNELS.items()}
    return render("chapter/run.html", folder=folder, stem=stem, places=places if repository(env) else {})


def repository(env) -> str:
    """The site's repository on GitHub as owner/name, which Binder and Colab both open; empty when it is not known."""
    address = env.config.course_repository.rstrip("/")
    return address.removeprefix("https://github.com/") if address.startswith("https://github.com/") else ""


class Claim(CourseDirective):
    """One claim of the article in our words: ``{claim-box} ID``."""

    required_arguments = 1

    def build(self) -> list:
        row = ledger.claim(self.arguments[0])
        quoted = (
            f" The {ledger.word('work')}'s words: “{row.quoted_term}”."
            if isinstance(row.quoted_term, str) and row.quoted_term
            else ""
        )
        kind = "Normative claim" if row.kind == "normative" else f"{row.kind.capitalize()} claim"
        where = f"{kind}, paragraph {row.paragraph}. Testable: {row.testable}. {row.test}"
        text = f"**{{claim}}`{row.claim_id}`** {row.paraphrase}{quoted}\n\n{where}"
        return [self.markdown(text, "course-claim")]


def cited(claim_id: str, role: str) -> str:
    """Markdown of a claim's references in one role, with a leading space; empty when there are none."""
    found = ledger.references(claim_id, role)
    keys = [key for kind, key in found if kind == "cite"]
    links = [source_link(key) for kind, key in found if kind == "source"]
    return " ".join(["", *([f"{{cite}}`{','.join(keys)}`"] if keys else []), *links]) if found else ""


def source_link(source_id: str) -> str:
    """A Markdown link to a source of the sources table, named by its publisher."""
    return sources.markdown(source_id, brackets=True)


class Lab(CourseDirective):
    """How to run a lab: ``{lab} package.module`` with the task as body; ``:minutes:`` is the time it takes."""

    required_arguments = 1
    option_spec = {"minutes": directives.positive_int}

    def build(self) -> list:
        time = f"**About {self.options['minutes']} minutes.**\n\n" if "minutes" in self.options else ""
        box = self.markdown(time + "\n".join(self.content), "course-lab")
        how = (
            "The explorer needs Python. The chart above works without it; for the explorer open this chapter as a "
            "notebook (download it, or start it in a kernel) and run all cells."
        )
        box += nodes.paragraph("", how, classes=["course-how"])
        box += nodes.raw("", run_buttons(self.env), format="html")
        return [box]


class GradedExercise(CourseDirective):
    """Link to the graded exercise or task of a chapter: ``{graded-exercise} name``; says so when it is not out yet."""

    required_arguments = 1

    def build(self) -> list:
        page = f"chapters/teaching/exercises/{self.arguments[0]}"
        if page in self.env.found_docs:
            return [self.markdown(f"{{doc}}`/{page}`\n\n" + "\n".join(self.content), "course-exercise")]
        text = f"The graded work *{self.arguments[0]}* is handed out by your instructor.\n\n" + "\n".join(self.content)
        return [self.markdown(text, "course-exercise")]


class TableRole(SphinxRole):
    """``{table}`name``` links to the table's page; an unknown table is a warning that names the nearest."""

    def run(self):
        try:
            tables.manifest(self.text)
        except tables.TableError as error:
            LOGGER.warning("%s", error, location=self.get_location(), type="course", subtype="content")
            return [], []
        return [link(self.env, TABLE_PAGE.format(self.text), self.text)], []


class ClaimRole(SphinxRole):
    """``{claim}`ID``` links to the claim's row in the ledger; an unknown id is a warning."""

    def run(self):
        try:
            row = ledger.claim(self.text)
        except tables.TableError as error:
            LOGGER.warning("%s", error, location=self.get_location(), type="course", subtype="content")
            return [], []
        node = link(self.env, LEDGER, self.text, f"#{self.text.lower()}")
        node["reftitle"] = row.paraphrase
        return [node], []


class SourceRole(SphinxRole):
    """``{source}`words <source_id>``` links words to a row of the sources table; an unknown id is a warning."""

    def run(self):
        words, _, source_id = self.text.rpartition("<")
        source_id = source_id.rstrip(">").strip()
        try:
            tables.source(source_id)
        except tables.TableError as error:
            words = ""
            LOGGER.warning(
                "%s Write words <source_id>.", error, location=self.get_location(), type="course", subtype="content"
            )
        if not words:
            return [], []
        title = f"{sources.name(source_id)} ({sources.told(source_id)})"
        return [nodes.reference("", words.strip(), refuri=sources.address(source_id), reftitle=title)], []


def link(env, docname: str, text: str, anchor: str = "") -> nodes.reference:
    root = up_to_root(env.docname)
    return nodes.reference("", text, refuri=f"{root}{docname}.html{anchor}", internal=True)


def setup(app) -> None:
    for name, directive in {
        "chapter-card": ChapterCard,
        "claim-box": Claim,
        "lab": Lab,
        "graded-exercise": GradedExercise,
    }.items():
        app.add_directive(name, directive)
    app.add_role("table", TableRole())
    app.add_role("claim", ClaimRole())
    app.add_role("source", SourceRole())
