"""When newer figures are due: the month from the manifest, and a mark that the reader's browser shows once it is past.

A book that was built last year and is read from a memory stick must say today that it is old. So the page carries the
month (``data-due``) and a hidden mark; ``due.js`` compares it with the reader's calendar, also for the filter of the
catalogue. Without scripts the month
stands there, and the mark too when it was past on the day of the build.
"""

from __future__ import annotations

from markupsafe import Markup

from coursekit import tables
from coursekit.book.html import render

NEVER = "none"


def month_of(name: str) -> str:
    """The month YYYY-MM from which a table is stale, or none."""
    return str(tables.manifest(name)["next_release_expected"])


def cell(name: str) -> Markup:
    """The month and the mark of one table, for the catalogue."""
    month = month_of(name)
    return Markup("none expected") if month == NEVER else _marked(name, month, "", "stale")


def table_line(name: str) -> Markup:
    """The mark on a table's own page, whose head has the month; '' for a table that never grows stale."""
    words = "Stale: a newer release was expected by now. The figures stay as published until new ones are checked."
    return "" if month_of(name) == NEVER else _marked(name, month_of(name), "", words, shown=False)


def figure_line(names: list[str]) -> Markup:
    """Under a figure: when the first of its tables is due, and which newer editions exist."""
    known = [name for name in names if name in tables.names()]
    due = sorted((month_of(name), name) for name in known if month_of(name) != NEVER)
    said = list(dict.fromkeys(newer(name) for name in known if newer(name)))
    line = _marked(due[0][1], due[0][0], "Newer figures expected: ", "this copy is old") if due else Markup("")
    return render("due/figure.html", line=line, newer=said) if due or said else Markup("")


def newer(name: str) -> str:
    """The newer edition of which a table's manifest knows, '' when there is none."""
    return tables.manifest(name).get("newer", {}).get("edition", "")


def _marked(name: str, month: str, before: str, mark: str, shown: bool = True) -> Markup:
    return render("due/mark.html", month=month, before=before, mark=mark, shown=shown, stale=tables.is_stale(name))


def setup(app) -> None:
    """Every page that carries a month compares it with the reader's calendar."""
    app.add_js_file("course/due.js", priority=450, defer="defer")  # before filter.js reads the words of its list
