"""What the book's pages get for live code: a button on each visible cell, and below ``_static/live`` what it needs.

Pages know only whether Python is there and how large it is; all else is read after a reader's first click. A book that
was built without it has no button and no file of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.util import logging

from coursekit.book.html import render
from coursekit.book.live import assemble, wheel
from coursekit.book.live.cells import Cell, cells_of
from coursekit.book.live.places import digest
from coursekit.files import up_to_root, write_bytes, write_text

LOGGER = logging.getLogger(__name__)
FOLDER = "_static/live"
WEB = Path(__file__).with_name("web")
SCRIPTS = ("editor.js", "compiler.js", "worker.js", "LICENSES.txt")
LAB = "explore()"
CODE = 'class="cell_input '  # how a page shows the code of a cell
SECONDS = 15  # from the click to the first result, on a computer of middling speed


def begin(app) -> None:
    """See whether Python for the browser lies beside the built book."""
    app.course_live = assemble.ready(Path(app.outdir).parent)


def live_pages(app) -> dict[str, list[Cell]]:
    """The pages with visible code, and their cells."""
    texts = {doc: Path(app.env.doc2path(doc)) for doc in sorted(app.env.found_docs)}
    found = {doc: cells_of(path) for doc, path in texts.items() if "```{code-cell}" in path.read_text("utf-8")}
    return {doc: cells for doc, cells in found.items() if any(cell.seen for cell in cells)}


def told(report: dict | None) -> dict | None:
    """What a page knows of Python: megabytes to load and seconds to wait."""
    return report and {"megabytes": -(-(report["gz"] + 1_200_000) // 1_000_000), "seconds": SECONDS}


def renew(app, env) -> list[str]:
    """The pages to write anew because Python has come, has gone, or has another size."""
    now = told(app.course_live)
    old, env.course_live_told = getattr(env, "course_live_told", None), now
    return [] if now == old else list(live_pages(app))


def add_script(app, pagename, templatename, context, doctree) -> None:
    """A page with visible code gets the script that adds the buttons, when there is Python for them.

    A page that shows only what its cells give (the front page) has nothing to change, and no place for the script.
    """
    if app.course_live and CODE in context.get("body", ""):
        folder = f"{up_to_root(pagename)}{FOLDER}/"
        about = render("live/about.html", page=pagename, folder=folder, **told(app.course_live))
        context["metatags"] = f"{context.get('metatags', '')}{about}"
        for name in ("quizstore", "live"):
            app.add_js_file(f"course/{name}.js", defer="defer")


def page_script(docname: str, cells: list[Cell], course: str, colours: str, report: dict) -> str:
    """The script that hands a page's cells, and the names of what to load, to the page."""
    content = {
        "cells": [cell.code for cell in cells],
        "visible": [place for place, cell in enumerate(cells) if cell.seen],
        "labs": [place for place, cell in enumerate(cells) if cell.code.rstrip().endswith(LAB)],
        "begin": {
            "docname": docname,
            "colours": colours,
            "course": course,
            "packages": assemble.PACKAGES,
            "wheels": [name.split("/")[1] for name in report["files"] if name.endswith(".whl")],
        },
        "bytes": report["raw"],
    }
    return f"course.keep({json.dumps('live:' + docname)}, {json.dumps(content, ensure_ascii=False)});\n"


def files_for(app) -> Iterator[tuple[str, bytes]]:
    """(path below the folder, content) of what is made anew at each build."""
    root = Path(app.srcdir)
    subject = (app.config.course_palette.partition(":")[0]).partition(".")[0]
    code = list(wheel.modules((root / subject).resolve())) if subject else []
    zipped = wheel.archive(iter([*code, *wheel.tables((root / "data").resolve())]))
    course = f"course-{digest(zipped)[:12]}.zip"
    yield course, zipped
    for name in SCRIPTS:
        yield name, (WEB / name).read_bytes()
    for docname, cells in live_pages(app).items():
        script = page_script(docname, cells, course, app.config.course_palette, app.course_live)
        yield f"pages/{docname.replace('/', '-')}.js", script.encode()


def publish(app, error) -> None:
    """At the end of a build, put everything below ``_static/live``, or take an older one away."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, FOLDER)
    if not app.course_live:
        shutil.rmtree(target, ignore_errors=True)
        LOGGER.info("No Python in the pages: nothing was put together for it; 'course live' does that.")
        return
    copy_python(Path(app.outdir).parent / assemble.FOLDER, target, app.course_live)
    wanted = dict(files_for(app))
    for stray in [*target.glob("course-*.zip"), *target.glob("pages/*")]:
        if stray.relative_to(target).as_posix() not in wanted:
            stray.unlink()
    for name, content in wanted.items():
        if not (target / name).exists() or (target / name).read_bytes() != content:
            write_bytes(target / name, content)


def copy_python(source: Path, target: Path, report: dict) -> None:
    """Python and its packages, copied once a version."""
    stamp = target / "version.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == report["version"]:
        return
    shutil.rmtree(target, ignore_errors=True)
    for name in report["files"]:
        write_bytes(target / name, (source / name).read_bytes())
    write_text(stamp, report["version"])


def setup(app) -> None:
    app.add_css_file("course/live.css")
    app.connect("builder-inited", begin)
    app.connect("env-updated", renew)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", publish)
