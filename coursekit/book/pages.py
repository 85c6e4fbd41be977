"""Pages made from tables: the ledger, the catalogue with one page a table, the glossary, and the notebooks to download."""

from __future__ import annotations

from html import escape
from pathlib import Path

import jupytext
from docutils import nodes

from .. import ledger, tables
from .directives import LEDGER, CourseDirective, link

DATA_PAGES = Path("chapters/reference/data")
NOTEBOOKS = "_static/notebooks"


class Ledger(CourseDirective):
    """All claims with their verdicts, filtered and sorted in the page."""

    def build(self) -> list:
        claims = tables.load("claims")
        return [nodes.raw("", filter_table(LEDGER_COLUMNS, [ledger_row(r, self.env) for r in claims.itertuples()],
                                           "Paragraph|Kind|Chapter|Verdict|Confidence", "Claims ledger"), format="html")]


LEDGER_COLUMNS = ["Claim", "What the article says (our words)", "Paragraph", "Kind", "Chapter", "Verdict", "Confidence", "Why"]


def ledger_row(row, env) -> list[str]:
    mark, css, _meaning = ledger.VERDICTS[row.verdict]
    chapter = chapter_link(row.chapter, env)
    sure = row.confidence if isinstance(row.confidence, str) else ""
    return [f'<td id="{row.claim_id.lower()}">{row.claim_id}</td>', f"<td>{escape(row.paraphrase)}</td>", f"<td>{row.paragraph}</td>",
            f"<td>{row.kind}</td>", f'<td data-value="{row.chapter}" data-sort="{row.chapter}">{chapter}</td>',
            f'<td data-value="{row.verdict}"><span class="course-mark course-{css}"><span aria-hidden="true">{mark}</span> {row.verdict}</span></td>',
            f"<td>{sure}</td>", f"<td>{escape(ledger.reason(row.claim_id))}</td>"]


def chapter_link(number: int, env) -> str:
    """A link to the chapter's verdicts when the chapter is in the book, else its number."""
    found = [doc for doc in env.found_docs if doc.startswith(f"chapters/{number:02d}-")]
    root = "../" * env.docname.count("/")
    return f'<a href="{root}{found[0]}.html#c{number:02d}-verdict">{number}</a>' if found else str(number)


def filter_table(columns: list[str], rows: list[list[str]], filters: str, name: str) -> str:
    """HTML of a table that ``filter.js`` makes searchable; ``rows`` are lists of ready ``<td>`` cells."""
    head = "".join(f'<th scope="col" data-name="{escape(c, quote=True)}">{escape(c)}</th>' for c in columns)
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return (f'<div data-course-filter="{escape(filters, quote=True)}" class="course-wide">'
            f'<div class="course-scroll" role="region" tabindex="0" aria-label="{escape(name, quote=True)}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>")


class Progress(CourseDirective):
    """The ledger as a bar of verdicts, each part named and counted."""

    def build(self) -> list:
        counts = tables.load("claims").verdict.value_counts()
        total = int(counts.sum())
        parts, items = "", ""
        for verdict, (mark, css, meaning) in ledger.VERDICTS.items():
            count = int(counts.get(verdict, 0))
            parts += f'<span class="course-{css}" style="flex-grow:{count}" aria-hidden="true">{mark}</span>' if count else ""
            items += (f'<li class="course-{css}"><strong><span aria-hidden="true">{mark}</span> {count} {verdict}</strong> '
                      f"<span>{escape(meaning)}</span></li>")
        root = self.root()
        html = (f'<div class="course-progress"><div class="course-bar" role="img" aria-label="{total} claims by verdict">{parts}</div>'
                f'<ul>{items}</ul><p><a href="{root}chapters/reference/ledger.html">Open the ledger of all {total} claims</a></p></div>')
        return [nodes.raw("", html, format="html")]


class Catalogue(CourseDirective):
    """All tables with title, rows and vintage."""

    def build(self) -> list:
        rows = [[f'<td><a href="data/{r.table}.html">{r.table}</a></td>', f"<td>{escape(r.title)}</td>", f"<td>{r.rows}</td>",
                 f"<td>{r.vintage}</td>", f"<td>{due(r)}</td>"] for r in tables.catalogue().itertuples()]
        columns = ["Table", "What it holds", "Rows", "Vintage", "Next release expected"]
        return [nodes.raw("", filter_table(columns, rows, "", "Data catalogue"), format="html")]


def due(row) -> str:
    late = ' <span class="course-stale">⚠ stale: a newer release is due</span>' if row.stale else ""
    return f"{row.next_release_expected}{late}"


class TablePage(CourseDirective):
    """All that a reader should know of one table, from its manifest: ``{table-page} name``."""

    required_arguments = 1

    def build(self) -> list:
        name = self.arguments[0]
        entry = tables.manifest(name)
        frame = tables.load(name)
        self.env.note_dependency(str(tables.data_dir() / f"{name}{tables.SUFFIX}"))
        stale = "\n\n⚠ **Stale:** a newer release was expected by now." if tables.is_stale(name) else ""
        text = [
            entry["description"], "",
            f"**Rows** {len(frame):,} · **Vintage** {entry['vintage']} · **Retrieved** {entry['retrieved']} · "
            f"**Kind** {entry['class']} · **Next release expected** {entry['next_release_expected']}{stale}", "",
            "**Source** " + "; ".join(markdown_link(s) for s in entry["sources"]), "",
            "**Licence** " + "; ".join(markdown_link(s) for s in entry["licenses"]), "",
            "**Read this first**", "", *[f"- {c}" for c in entry.get("caveats", [])], "",
            *published_checks(entry),
        ]
        root = self.root()
        download = f'<p><a class="course-button" href="{root}_static/data/{entry["path"]}" download>Download {entry["path"]}</a></p>'
        fields = [[f"<td><code>{f['name']}</code></td>", f"<td>{f['type']}</td>", f"<td>{escape(str(f.get('unit', '')))}</td>",
                   f"<td>{escape(f.get('description', ''))}</td>"] for f in entry["schema"]["fields"]]
        columns = nodes.raw("", filter_table(["Column", "Type", "Unit", "Meaning"], fields, "", f"Columns of {name}"), format="html")
        return [self.markdown("\n".join(text), "course-table-page"), nodes.raw("", download, format="html"), columns,
                *self.users(name)]

    def users(self, name: str) -> list:
        """Where the table is used: found by reading the chapters, not kept by hand."""
        used = table_users(Path(self.env.srcdir), name)
        line = nodes.paragraph("", "", nodes.strong("", "Used in "))
        for place, (docname, anchor, title) in enumerate(used):
            line += [nodes.Text(", ")] if place else []
            line += link(self.env, docname, title, anchor)
        return [line] if used else []


def table_users(root: Path, name: str) -> list[tuple[str, str, str]]:
    """Pages and claims that use a table: (docname, anchor, words)."""
    pages = [path for path in sorted((root / "chapters").glob("*.md")) if uses(path.read_text(encoding="utf-8"), name)]
    found = [(f"chapters/{path.stem}", "", f"chapter {path.stem}") for path in pages]
    claims = tables.load("claims")
    mine = claims[claims.tables.fillna("").str.split().map(lambda names: name in names)]
    return found + [(LEDGER, f"#{c.lower()}", f"claim {c}") for c in mine.claim_id]


def uses(text: str, name: str) -> bool:
    return f'"{name}"' in text or f"{{table}}`{name}`" in text


def markdown_link(entry: dict) -> str:
    title = entry.get("title") or entry.get("name")
    return f"[{title}]({entry['path']})" if str(entry.get("path", "")).startswith("http") else title


def published_checks(entry: dict) -> list[str]:
    """The figures that the table must reproduce, as a list."""
    checks = entry.get("checks", [])
    lines = [f"- {c['what']}: {c['expected']}, tolerance {c['tolerance']}{origin(c)}" for c in checks]
    return ["**Figures it must reproduce** (published or computed elsewhere; checked at every build)", "", *lines] if lines else []


def origin(check: dict) -> str:
    return f" ({check['source_id']})" if "source_id" in check else ""


class Glossary(CourseDirective):
    """The glossary table as a Sphinx glossary, so that ``{term}`` links are checked."""

    def build(self) -> list:
        rows = tables.load("glossary").fillna("").sort_values("term", key=lambda s: s.str.lower())
        lines = ["```{glossary}"]
        for row in rows.itertuples():
            see = f" See also: {'; '.join(f'{{term}}`{t}`' for t in row.see_also.split(';'))}." if row.see_also else ""
            short = f" ({row.abbreviation})" if row.abbreviation else ""
            lines += [row.term, f"  {row.definition}{short and f' Short: {row.abbreviation}.'}{see}", ""]
        return [self.markdown("\n".join([*lines, "```"]))]


def write_table_pages(root: Path) -> None:
    """One small page a table; written only when it changes, removed when its table is gone."""
    folder = root / DATA_PAGES
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}.md": f"# {tables.manifest(name)['title']}\n\n```{{table-page}} {name}\n```\n" for name in tables.names()}
    for stray in folder.glob("*.md"):
        if stray.name not in wanted:
            stray.unlink()
    for name, text in wanted.items():
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8")


def publish(app, error) -> None:
    """Copy the tables, and write every chapter as a notebook to download."""
    if error or app.builder.format != "html":
        return
    data = Path(app.outdir, "_static/data")
    data.mkdir(parents=True, exist_ok=True)
    for name in tables.names():
        file = tables.data_dir() / tables.manifest(name)["path"]
        (data / file.name).write_bytes(file.read_bytes())
    books = Path(app.outdir, NOTEBOOKS)
    books.mkdir(parents=True, exist_ok=True)
    for chapter in Path(app.srcdir, "chapters").glob("*.md"):
        jupytext.write(jupytext.read(chapter), books / f"{chapter.stem}.ipynb")


def setup(app) -> None:
    for name, directive in {"ledger": Ledger, "verdict-progress": Progress, "catalogue": Catalogue, "table-page": TablePage,
                            "glossary-table": Glossary}.items():
        app.add_directive(name, directive)
    app.connect("build-finished", publish)
