"""Blocks of a chapter in its second edition: folded sections, the list of claims, verdicts one line each.

``{deeper}`` stands first in a section, which the page then folds. ``{paths}`` stands in a section whose sub-sections
then become tabs. Code cells may stand in both, which no directive that holds its content allows.

``{claims-list} ID ID`` states claims with their tests folded. ``{verdict-lines} ID ID`` gives each verdict one line
that unfolds the ledger's row; its body names the number that decides, one line a claim: ``ID | what is counted | then |
today``, where *then* and *today* are numbers of the ledger (``-`` for none).
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.shared import create_component

from coursekit import tables
from coursekit.book.directives import LEDGER, LOGGER, CourseDirective
from coursekit.book.html import render
from coursekit.book.ledger_page import THEN, ledger_text, verdict_mark
from coursekit.ledger import claims as ledger
from coursekit.ledger import verdicts

NONE = "-"
OF_THEN = f" {THEN[0].lower()}{THEN[1:]}"


class deeper(nodes.General, nodes.Element):
    """A mark in a doctree: the section that it opens is folded in HTML."""


class Deeper(CourseDirective):
    """Fold the section that this stands first in; the body is one line that says what is inside."""

    def build(self) -> list:
        return [deeper("", words=" ".join(self.content))]


class summary_title(nodes.title):
    """The heading of a folded section: it stands in a ``<summary>``, which may hold no link."""


def depart_summary_title(translator, _node) -> None:
    """Close the heading without Sphinx's link to it: a link in a control is out of reach for a screen reader."""
    translator.body.append(translator.context.pop())


class FoldSections(SphinxPostTransform):
    """Put each marked section into a ``<details>`` whose summary is its heading; other builders show it open."""

    default_priority = 800

    def run(self, **_kwargs) -> None:
        for mark in list(self.document.findall(deeper)):
            section, words = mark.parent, mark["words"]
            if not isinstance(section, nodes.section) or section.index(mark) != 1:
                LOGGER.warning(
                    "{deeper} must stand first in its section, directly under the heading.",
                    location=mark,
                    type="course",
                    subtype="content",
                )
                mark.parent.remove(mark)
                continue
            section.remove(mark)
            if self.app.builder.format == "html":
                self.fold(section, words)

    def fold(self, section: nodes.section, words: str) -> None:
        before, between, after = render("anatomy/deeper.html", words=words).split("<!-- cut -->")
        section["classes"].append("course-folds")
        section[0] = summary_title("", "", *section[0].children, **section[0].attributes)
        section.insert(1, nodes.raw("", between, format="html"))
        section.insert(0, nodes.raw("", before, format="html"))
        section.append(nodes.raw("", after, format="html"))


class paths(nodes.General, nodes.Element):
    """A mark in a doctree: the sub-sections of its section become tabs."""


class Paths(CourseDirective):
    """Turn the sub-sections of this section into tabs, code cells included."""

    has_content = False

    def build(self) -> list:
        return [paths()]


class TabPaths(SphinxTransform):
    """Sub-sections of a marked section as one set of tabs; their headings become labels and leave the contents list."""

    default_priority = 780  # before sphinx collects the titles of a page

    def apply(self, **_kwargs) -> None:
        for mark in list(self.document.findall(paths)):
            section = mark.parent
            parts = [part for part in section.children if isinstance(part, nodes.section)]
            if len(parts) < 2:
                LOGGER.warning(
                    "{paths} needs a section with two sub-sections or more, one a path.",
                    location=mark,
                    type="course",
                    subtype="content",
                )
            else:
                section.insert(section.index(parts[0]), tabs(parts))
            for part in parts if len(parts) > 1 else []:
                section.remove(part)
            section.remove(mark)


def tabs(parts: list[nodes.section]) -> nodes.container:
    """Sections as a tab set of sphinx-design, which draws it in HTML and shows it in order elsewhere."""
    items = []
    for part in parts:
        label = nodes.rubric("", "", *part[0].children, classes=["sd-tab-label"])
        content = create_component("tab-content", classes=["sd-tab-content"], children=part.children[1:])
        items.append(create_component("tab-item", classes=["sd-tab-item"], selected=False, children=[label, content]))
    return create_component("tab-set", classes=["sd-tab-set", "course-paths"], children=items)


class ClaimsList(CourseDirective):
    """Claims of the ledger in our words with the few words quoted; how each is tested is folded."""

    required_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list:
        rows = [ledger.claim(name) for name in self.arguments[0].split()]
        html = render("anatomy/claims.html", rows=rows, ledger=f"{self.root()}{LEDGER}.html", text=text_or_empty)
        return [nodes.raw("", html, format="html")]


class VerdictLines(CourseDirective):
    """Verdicts, one line each: claim, word, confidence, the number that decides. A line unfolds the ledger's row."""

    required_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list:
        names = self.arguments[0].split()
        deciding = dict(deciding_number(line) for line in self.content if line.strip())
        if set(deciding) != set(names):
            odd = ", ".join(sorted(set(deciding) ^ set(names)))
            return self.refuse(
                f"verdict-lines: {odd} needs one line 'ID | what is counted | then | today' and a place above."
            )
        return [node for name in names for node in self.line(name, deciding[name])]

    def line(self, name: str, number: dict) -> list[nodes.Node]:
        row = ledger.claim(name)
        moments = [
            {"words": words, "mark": verdict_mark(verdict), "confidence": verdict.confidence if verdict else ""}
            for words, verdict in verdicts.both(name)
        ]
        html = render(
            "anatomy/verdict.html",
            row=row,
            css=verdicts.verdict(name).css,
            moments=moments,
            number=number,
            ledger=f"{self.root()}{LEDGER}.html",
        )
        before, after = html.split("<!-- cut -->")
        body = self.markdown(ledger_text(row), "course-plain-box")
        return [nodes.raw("", before, format="html"), body, nodes.raw("", after, format="html")]


def deciding_number(line: str) -> tuple[str, dict]:
    """A body line as (claim id, what is counted and its two values). Raises TableError for an unknown number.

    What stands under *then* must be a number of that moment.
    """
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 4:
        raise tables.TableError(f"verdict-lines: write 'ID | what is counted | then | today', not '{line.strip()}'.")
    name, what, then, today = cells
    return name, {"what": what, "then": shown(name, then, "then"), "today": shown(name, today)}


def shown(claim_id: str, number_id: str, as_of: str = "now") -> str:
    """A number of the ledger as text, with the decimals that its tolerance allows; "" for none."""
    if number_id == NONE:
        return ""
    rows = ledger.number_rows(claim_id, as_of).set_index("number_id")
    if number_id not in rows.index:
        raise tables.TableError(
            f"verdict-lines: claim {claim_id} has no number '{number_id}'{OF_THEN if as_of == 'then' else ''}; "
            f"it has {', '.join(rows.index) or 'none'}."
        )
    tolerance = float(rows.tolerance[number_id])
    decimals = next(places for places in range(6) if tolerance >= 0.49 * 10**-places)
    return f"{ledger.numbers(claim_id)[number_id]:,.{decimals}f}".replace("-", "−")


def text_or_empty(cell) -> str:
    """A cell's text; "" where the table is empty."""
    return cell if isinstance(cell, str) else ""


def setup(app) -> None:
    app.add_node(deeper)
    app.add_node(summary_title, html=(lambda translator, node: translator.visit_title(node), depart_summary_title))
    app.add_directive("deeper", Deeper)
    app.add_directive("claims-list", ClaimsList)
    app.add_directive("verdict-lines", VerdictLines)
    app.add_directive("paths", Paths)
    app.add_node(paths)
    app.add_transform(TabPaths)
    app.add_post_transform(FoldSections)
    app.add_css_file("course/anatomy.css")
    app.add_js_file("course/fold.js", defer="defer")
