"""Figures in the book: a Vega-Lite mime bundle becomes static pictures at once and a live chart when it is seen.

For each figure these files are kept beside the page tree, named by all they depend on: its data (a script, so that a
book opened as a file can read it: compiled chart, rows, captions), four pictures (wide and narrow, light and dark) and
a CSV of its rows. Nothing is fetched from another host.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from myst_nb.core.render import MimeRenderPlugin
from sphinx.util import logging

from coursekit.book import drawing
from coursekit.book.site import keep_only
from coursekit.book.spec import figure_html, for_page, words_of
from coursekit.charts import MIME
from coursekit.errors import CourseKitError
from coursekit.files import up_to_root, write_bytes, write_text

LOGGER = logging.getLogger(__name__)
FOLDER = "_static/figures"


class FigureRenderer(MimeRenderPlugin):
    """MyST-NB plugin (entry point ``myst_nb.mime_renderers``) for the bundle that ``coursekit.charts`` emits."""

    mime_priority_overrides = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != MIME:
            return None
        return figure_nodes(data.content, renderer.renderer.sphinx_env)


def figure_nodes(spec: dict, env) -> list[nodes.Node]:
    """The nodes of one figure: HTML for the web, and title, description and credit as text for other builders."""
    words = words_of(spec)
    if not words["description"]:
        warn(env, "a chart has no description; wrap it in figure(chart, title=, description=, source=).")
    number = env.temp_data["course_figure"] = env.temp_data.get("course_figure", 0) + 1
    text = nodes.paragraph("", f"Figure {number}. {words['title']} {words['description']} Source: {words['credit']}.")
    text["classes"].append("course-figure-text")
    if words["controls"] and not words["captions"]:
        warn(env, f"the figure '{words['name']}' has controls and no captions; give captions= for each setting.")
    try:
        html = build_html(spec, words, number, env)
    except CourseKitError as why:
        warn(env, str(why))
        html = ""
    return [nodes.raw("", html, format="html")] if env.app.builder.format == "html" else [text]


def warn(env, sentence: str) -> None:
    """A fault of a figure, which the course's build turns into an error."""
    LOGGER.warning("%s: %s", env.docname, sentence, type="course", subtype="figure", location=env.docname)


def build_html(spec: dict, words: dict, number: int, env) -> Markup:
    """The figure's HTML; its files go to the store that ``copy_figures`` publishes."""
    page_spec, words = for_page(spec, words)
    known = env.course_figures.setdefault(env.docname, {"files": set(), "names": []})
    words["name"] = words["name"] or f"fig-{number}"
    known["names"].append(words["name"])
    words |= {"number": number, "book": env.config.project, "author": env.config.author, "year": env.config.copyright}
    files = figure_files(page_spec, words, figure_store(env), env.docname)
    known["files"] |= set(files.values())
    pictures = {k: (figure_store(env) / files[f"{k}-light"]).read_text() for k in drawing.AT}
    return figure_html(
        words,
        env.docname,
        f"{up_to_root(env.docname)}{FOLDER}/",
        files,
        {kind: drawing.picture_size(picture) for kind, picture in pictures.items()},
    )


def figure_files(spec: dict, words: dict, store: Path, where: str) -> dict[str, str]:
    """Names of a figure's files, which lie in ``store``: ``data``, ``csv`` and the four pictures."""
    chart, names = chart_file(spec, store, f"{where}, {words['name']}")
    rows = to_csv(words["rows"])
    names["csv"] = f"{words['name']}-{digest(rows)[:8]}.csv"
    write_once(store / names["csv"], rows)
    kept = json.dumps(words | {"csv": names["csv"]}, separators=(",", ":"), ensure_ascii=False)
    body = f'{{"words":{kept},"chart":{chart.read_text(encoding="utf-8")}}}'
    key = digest(body)
    names |= {"key": key, "data": f"{words['name']}-{key}.js"}
    write_once(store / names["data"], f'course.keep("{key}", {body});\n')
    return names


def chart_file(spec: dict, store: Path, where: str) -> tuple[Path, dict[str, str]]:
    """The file of a compiled chart in ``store``, and the names of its four pictures there; drawn when it is new."""
    drawn = digest([spec, drawing.maker()])
    names = {f"{kind}-{scheme}": f"{drawn}-{kind}-{scheme}.svg" for kind in drawing.AT for scheme in ("light", "dark")}
    chart = store / f"{drawn}.json"
    if not chart.exists():
        made = drawing.draw(spec, where)
        for key, name in names.items():
            kind, scheme = key.split("-")
            write_text(store / name, made["pictures"][kind][scheme])
        write_text(
            chart, json.dumps({k: made[k] for k in ("layouts", "tables")}, separators=(",", ":"), ensure_ascii=False)
        )
    return chart, names


def to_csv(rows: dict) -> str:
    """Packed rows as CSV; an empty cell is a missing value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows["columns"])
    writer.writerows([str(v).lower() if isinstance(v, bool) else v for v in row] for row in rows["data"])
    return out.getvalue()


def digest(content) -> str:
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def figure_store(env) -> Path:
    """Figures outlive a rebuild of the pages: they lie beside the doctrees."""
    return store_in(Path(env.doctreedir).parent)


def store_in(place: Path) -> Path:
    """The store in the folder of a built book."""
    store = place / ".figures"
    store.mkdir(exist_ok=True)
    return store


def write_once(path: Path, text: str) -> None:
    """Write a file whose name says its content."""
    if not path.exists():
        write_text(path, text)


def refuse_doubles(app, env) -> list:
    """A figure's name is its address, so two figures of the book must not share one."""
    seen: dict[str, str] = {}
    for docname, figures in sorted(env.course_figures.items()):
        for name in figures["names"]:
            if name in seen:
                LOGGER.warning(
                    "%s: the figure name '%s' is taken by a figure of %s; give each figure its own name.",
                    docname, name, seen[name], type="course", subtype="figure", location=docname,
                )  # fmt: skip
            seen[name] = docname
    return []


def copy_figures(app, error) -> None:
    """At the end of a build, publish the files that the pages use."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, FOLDER)
    target.mkdir(parents=True, exist_ok=True)
    wanted = {name for figures in app.env.course_figures.values() for name in figures["files"] if "." in name}
    for name in wanted:
        if not (target / name).exists():
            write_bytes(target / name, (figure_store(app.env) / name).read_bytes())
    name, content = drawing.bundle()
    write_bytes(target / name, content)
    write_text(target / "vega.LICENSE.txt", (drawing.VEGA / "vega.LICENSE.txt").read_text(encoding="utf-8"))
    keep_only(target, wanted | {name, "vega.LICENSE.txt"})


def preload_vega(app, pagename, templatename, context, doctree) -> None:
    """A page with figures names Vega at its very end: it comes early, but only once the text is there."""
    if 'class="course-figure"' in context.get("body", ""):
        context["course_vega"] = context["pathto"](f"{FOLDER}/{drawing.bundle()[0]}", resource=True)


def setup(app) -> None:
    app.connect(
        "builder-inited", lambda app: setattr(app.env, "course_figures", getattr(app.env, "course_figures", {}))
    )
    app.connect("env-purge-doc", lambda app, env, docname: env.course_figures.pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: env.course_figures.update(other.course_figures))
    app.connect("env-check-consistency", lambda app, env: refuse_doubles(app, env))
    app.connect("html-page-context", preload_vega)
    app.connect("build-finished", copy_figures)
    for number, script in enumerate(("figures-words.js", "figures-tools.js", "figures.js")):
        vega = {"data-vega": f"../figures/{drawing.bundle()[0]}"} if script == "figures.js" else {}
        app.add_js_file(f"course/{script}", priority=500 + number, defer="defer", **vega)
