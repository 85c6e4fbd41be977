"""The catalogue of all tables with the archive, and the page of all their variables."""

from __future__ import annotations

from coursekit import tables
from coursekit.book import due
from coursekit.book.directives import CourseDirective
from coursekit.book.html import render
from coursekit.book.listing import Cell, filter_table, web
from coursekit.book.pages import ARCHIVE, MADE
from coursekit.data.archive import contents

CATALOGUE = "chapters/reference/catalogue"
VARIABLES = "variables.html"  # beside the catalogue


class Catalogue(CourseDirective):
    """All tables with title, rows and vintage."""

    def build(self) -> list:
        rows = [catalogue_cells(row) for row in tables.catalogue().itertuples()]
        count = sum(len(contents.fields(name)) for name in tables.names())
        return [
            web(archive_links(self.root())),
            web(render("table/left-out.html", outside=contents.outside())),
            web(render("table/find.html", page=VARIABLES, count=count)),
            web(filter_table(CATALOGUE_COLUMNS, rows, "Made by|Next release", "Data catalogue", "tables")),
        ]


def archive_links(root: str) -> str:
    """HTML of the links to the archive; ``root``: the way to the site's root, such as ``../../``."""
    name, count = contents.settings()["name"], len(contents.inside())
    return render("table/archive.html", root=root, folder=ARCHIVE, name=name, count=count)


class Variables(CourseDirective):
    """Every column of every table, to search: ``{variables}``."""

    def build(self) -> list:
        rows = [variable_cells(name, field) for name in tables.names() for field in contents.fields(name)]
        return [web(filter_table(VARIABLE_COLUMNS, rows, "Table|Type", "Variables", "variables"))]


VARIABLE_COLUMNS = ["Variable", "Table", "Type", "Unit", "Meaning"]


def variable_cells(name: str, field: dict) -> list[Cell]:
    """The cells of one variable; ``name``: its table, ``field``: its entry in the manifest."""
    return [
        Cell("Variable", field["name"]),
        Cell("Table", render("list/link.html", url=f"data/{name}.html", words=name, title="")),
        Cell("Type", field["type"]),
        Cell("Unit", str(field.get("unit", ""))),
        Cell("Meaning", field["description"]),
    ]


CATALOGUE_COLUMNS = ["Table", "What it holds", "Rows", "Made by", "Vintage", "Next release"]


def catalogue_cells(row) -> list[Cell]:
    """The cells of one table in the catalogue; ``row``: a row of ``tables.catalogue()``."""
    made = MADE[tables.manifest(row.table)["class"]]
    return [
        Cell("Table", render("list/link.html", url=f"data/{row.table}.html", words=row.table, title="")),
        Cell("What it holds", row.title),
        Cell("Rows", f"{row.rows:,}", sort=str(row.rows)),
        Cell("Made by", made),
        Cell("Vintage", row.vintage),
        Cell(
            "Next release",
            due.cell(row.table),
            value="stale" if row.stale else "current",
            sort=row.next_release_expected,
        ),
    ]


def setup(app) -> None:
    app.add_directive("catalogue", Catalogue)
    app.add_directive("variables", Variables)
