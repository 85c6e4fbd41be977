"""One page a table, the bar of verdicts, and the files to download."""

from __future__ import annotations

import csv
from functools import cache
from itertools import islice
from pathlib import Path

from docutils import nodes

from coursekit import tables
from coursekit.book import due, together
from coursekit.book.directives import LEDGER, CourseDirective, link, run_buttons, source_link
from coursekit.book.execute import pages
from coursekit.book.html import render
from coursekit.book.listing import Cell, card_table, plain_table, web
from coursekit.book.site import keep_only
from coursekit.data import expressions
from coursekit.data.archive import bundle, contents
from coursekit.ledger import verdicts

DATA_PAGES = Path("chapters/reference/data")
ARCHIVE = "_static/archive"
FIRST_ROWS = 8
MADE = {"compiled": "compiling", "computed": "computing", "transcribed": "transcribing"}
PACKAGE = "datapackage.json"


class Progress(CourseDirective):
    """The ledger as a bar of verdicts, each part named and counted."""

    def build(self) -> list:
        today, before = verdicts.counts(), verdicts.counts("then")
        parts = [
            {
                "verdict": word,
                "mark": mark,
                "css": css,
                "meaning": meaning,
                "count": today[word],
                "before": before[word],
            }
            for word, (mark, css, meaning) in verdicts.VERDICTS.items()
        ]
        about = {"then": verdicts.moment_words("then"), "changed": verdicts.changed(), "total": sum(today.values())}
        return [web(render("ledger/progress.html", parts=parts, root=self.root(), **about))]


class TablePage(CourseDirective):
    """All that a reader should know of one table, from its manifest: ``{table-page} name``."""

    required_arguments = 1

    def build(self) -> list:
        name = self.arguments[0]
        entry = tables.manifest(name)
        self.env.note_dependency(str(tables.data_dir() / f"{name}{tables.SUFFIX}"))
        url = f"{self.root()}_static/data/{entry['path']}"
        return [
            web(due.table_line(name)),
            self.markdown("\n".join(about_table(name, entry)), "course-table-page"),
            web(render("table/download.html", url=url, file=entry["path"])),
            web(self.archived(name)),
            self.heading("Columns"),
            web(card_table(FIELD_COLUMNS, [field_cells(f) for f in entry["schema"]["fields"]], f"Columns of {name}")),
            self.heading("First rows"),
            web(preview(name, entry)),
            *self.checks(entry),
            *self.users(name),
        ]

    def archived(self, name: str) -> str:
        """Where the archive is, or why this table is not in it."""
        place = f"{self.root()}{ARCHIVE}/{contents.settings()['name']}.zip"
        return render("table/archived.html", place=place, why=contents.closed(name))

    def heading(self, text: str) -> nodes.rubric:
        return nodes.rubric("", text, **{"heading-level": 2})

    def checks(self, entry: dict) -> list:
        """Figures that the table must reproduce, published or computed elsewhere."""
        lines = [f"- {c['what']}: {c['expected']:,}{tolerated(c)}{origin(c)}" for c in entry.get("checks", [])]
        said = ["Published or computed elsewhere, and computed again from the table at every build.", "", *lines]
        return (
            [self.heading("Figures it must reproduce"), self.markdown("\n".join(said), "course-table-page")]
            if lines
            else []
        )

    def users(self, name: str) -> list:
        """Where the table is used: found by reading the pages and the ledger, not kept by hand."""
        pages, claims = table_users(Path(self.env.srcdir), name, self.env.found_docs)
        lines = [
            self.line("Pages", [link(self.env, docname, title) for docname, title in pages]),
            self.line("Claims", [link(self.env, LEDGER, c, f"#{c.lower()}") for c in claims]),
        ]
        return [self.heading("Where it is used"), *[line for line in lines if len(line) > 1]] if pages or claims else []

    @staticmethod
    def line(word: str, links: list) -> nodes.paragraph:
        line = nodes.paragraph("", "", nodes.strong("", f"{word} ")) if links else nodes.paragraph()
        for place, node in enumerate(links):
            line += [nodes.Text(", "), node] if place else [node]
        return line


FIELD_COLUMNS = ["Column", "Type", "Unit", "Meaning"]


def field_cells(field: dict) -> list[Cell]:
    """The cells of one column in a table's page; ``field``: its entry in the manifest."""
    words = [field["name"], field["type"], str(field.get("unit", "")), field.get("description", "")]
    return [Cell(name, text) for name, text in zip(FIELD_COLUMNS, words, strict=True)]


def about_table(name: str, entry: dict) -> list[str]:
    """The head of a table's page, as lines of Markdown."""
    return [
        entry["description"],
        "",
        f"**Rows** {len(tables.load(name)):,} · **Vintage** {entry['vintage']} · **Retrieved** {entry['retrieved']} · "
        f"**Made by** {MADE[entry['class']]} · **Next release expected** {entry['next_release_expected']}",
        *newer_edition(entry),
        "",
        "**Source** " + "; ".join(markdown_link(s) for s in entry["sources"]),
        "",
        "**Licence** " + "; ".join(markdown_link(s) for s in entry["licenses"]),
        "",
        "**Read this first**",
        "",
        *[f"- {c}" for c in entry.get("caveats", [])],
        "",
    ]


def newer_edition(entry: dict) -> list[str]:
    """Lines of Markdown on a newer edition that the table does not hold; none without the key ``newer``."""
    if not (newer := entry.get("newer")):
        return []
    said = markdown_link({"title": newer["edition"], "path": newer.get("path", "")})
    return ["", f"**A newer edition exists** (published {newer['published']}): {said}. {newer['why']}"]


def preview(name: str, entry: dict) -> str:
    """The first rows as they stand in the file; an empty cell reads 'no value'."""
    with open(tables.data_dir() / entry["path"], encoding="utf-8", newline="") as file:
        columns, *rows = islice(csv.reader(file), FIRST_ROWS + 1)
    return plain_table(
        columns, [[text or "no value" for text in row] for row in rows], f"First rows of {name}", "course-preview"
    )


def table_users(root: Path, name: str, docnames=()) -> tuple[list[tuple[str, str]], list[str]]:
    """Who uses a table: pages as (docname, title), found in their text, and ids of claims.

    docnames: the pages of the book.
    """
    files = pages(root)
    texts = {
        str(path.relative_to(root).with_suffix("")): path
        for path in files
        if path.exists() and path.parent.name != DATA_PAGES.name
    }
    users = [
        (docname, title_of(path))
        for docname, path in texts.items()
        if docname in docnames and uses(text_of(path), name)
    ]
    tables.load("claims"), tables.load("claim_numbers")  # a page that shows their users is drawn anew with them
    return users, sorted(_claims_by_table(expressions.current()).get(name, ()))


@cache
def _claims_by_table(values: expressions.Expressions) -> dict[str, set[str]]:
    """Ids of claims by the tables that their test names or their numbers are computed from."""
    claims, numbers = tables.load("claims"), tables.load("claim_numbers")
    found: dict[str, set[str]] = {}
    for row in claims.dropna(subset="tables").itertuples():
        for name in row.tables.split():
            found.setdefault(name, set()).add(row.claim_id)
    for row in numbers.itertuples():
        for name in values.tables_of(row.expression):
            found.setdefault(name, set()).add(row.claim_id)
    return found


def text_of(path: Path) -> str:
    """A page's text, read once while it stays the same: every table asks every page."""
    return _text_of(path, path.stat().st_mtime_ns)


@cache
def _text_of(path: Path, _changed: int) -> str:
    return path.read_text(encoding="utf-8")


def title_of(path: Path) -> str:
    return next(line[2:].strip() for line in text_of(path).splitlines() if line.startswith("# "))


def uses(text: str, name: str) -> bool:
    return f'"{name}"' in text or f"{{table}}`{name}`" in text


def markdown_link(entry: dict) -> str:
    title = entry.get("title") or entry.get("name")
    return f"[{title}]({entry['path']})" if str(entry.get("path", "")).startswith("http") else title


def tolerated(check: dict) -> str:
    return f" (within {check['tolerance']:,})" if check["tolerance"] else ""


def origin(check: dict) -> str:
    return f" {source_link(check['source_id'])}" if "source_id" in check else ""


class RunPage(CourseDirective):
    """Buttons to run this page's code: download it as a notebook, or start it in a kernel."""

    def build(self) -> list:
        return [web(run_buttons(self.env))]


def write_table_pages(root: Path) -> None:
    """One small page a table; written only when it changes, removed when its table is gone."""
    folder = root / DATA_PAGES
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        f"{name}.md": f"# {tables.manifest(name)['title']}\n\n```{{table-page}} {name}\n```\n"
        for name in tables.names()
    }
    for stray in folder.glob("*.md"):
        if stray.name not in wanted:
            stray.unlink()
    for name, text in wanted.items():
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8")


def publish(app, error) -> None:
    """Copy the tables to download."""
    if error or app.builder.format != "html":
        return
    data = Path(app.outdir, "_static/data")
    data.mkdir(parents=True, exist_ok=True)
    for name in tables.names():
        file = tables.data_dir() / tables.manifest(name)["path"]
        (data / file.name).write_bytes(file.read_bytes())
    publish_archive(app, data)
    keep_only(data, {*(tables.manifest(name)["path"] for name in tables.names()), PACKAGE})


def publish_archive(app, data: Path) -> None:
    """Put the archive and what it says of itself on the site, and the package of all tables beside their files."""
    made, target = Path(app.outdir).parent / bundle.FOLDER, Path(app.outdir, ARCHIVE)
    path = bundle.path_in(made) if together.has_archive() else bundle.write(made)
    wanted = {path.name, *bundle.BESIDE}
    target.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        (target / name).write_bytes((made / name).read_bytes())
    (data / PACKAGE).write_bytes((made / PACKAGE).read_bytes())
    keep_only(target, wanted)


def setup(app) -> None:
    for name, directive in {
        "verdict-progress": Progress,
        "table-page": TablePage,
        "run-page": RunPage,
    }.items():
        app.add_directive(name, directive)
    app.connect("build-finished", publish)
