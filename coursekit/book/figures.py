"""Figures in the book: a Vega-Lite mime bundle becomes a static picture at once and a live chart when it is seen.

For each figure three files are kept beside the page tree, named by content: the specification (fetched when the figure
comes near the window), the static SVG is written into the page itself, and a CSV of the plotted rows. Nothing is fetched
from another host.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
from html import escape
from pathlib import Path

import vl_convert
from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin
from sphinx.util import logging

from coursekit.book import palette
from coursekit.book.site import keep_only
from coursekit.charts import MIME, WIDTH
from coursekit.files import up_to_root

LOGGER = logging.getLogger(__name__)
SHOWN_ROWS = 40
FOLDER = "_static/figures"


class FigureRenderer(MimeRenderPlugin):
    """MyST-NB plugin (entry point ``myst_nb.mime_renderers``) for the bundle that ``coursekit.charts`` emits."""

    mime_priority_overrides = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != MIME:
            return None
        env = renderer.renderer.sphinx_env
        line = renderer.renderer.md_options.get("line") if hasattr(renderer.renderer, "md_options") else None
        return figure_nodes(data.content, env, line)


def figure_nodes(spec: dict, env, line=None) -> list[nodes.Node]:
    """The nodes of one figure: HTML for the web, and title, description and credit as text for other builders."""
    words = spec.get("usermeta", {}).get("course", {})
    if not words.get("description"):
        LOGGER.warning(
            "%s: a chart has no description; wrap it in figure(chart, title=, description=, source=).",
            env.docname,
            type="course",
            subtype="figure",
            location=env.docname,
        )
        words = {"title": "Chart", "description": "", "credit": "", "sources": [], "note": "", **words}
    number = env.temp_data["course_figure"] = env.temp_data.get("course_figure", 0) + 1
    html = build_html(spec, words, number, env)
    text = nodes.paragraph("", f"Figure {number}. {words['title']} {words['description']} Source: {words['credit']}.")
    web = nodes.raw("", html, format="html")
    text["classes"].append("course-figure-text")
    return [web] if env.app.builder.format == "html" else [text]


def build_html(spec: dict, words: dict, number: int, env) -> str:
    """The figure's HTML, and its two files in the store that ``copy_figures`` publishes."""
    rows = legacy_rows(words) or plotted_rows(spec)
    page_spec = for_page(spec)
    name = digest(page_spec)
    ident = f"fig-{number}"
    store = figure_store(env)
    write_once(store / f"{name}.json", json.dumps(page_spec, separators=(",", ":")))
    csv_name = f"{slug(words['title'])}-{name[:8]}.csv"
    write_once(store / csv_name, to_csv(rows))
    used = env.course_figures.setdefault(env.docname, set())
    used |= {f"{name}.json", csv_name}
    root = up_to_root(env.docname)
    spoken = f'role="img" aria-labelledby="{ident}-title" aria-describedby="{ident}-desc"'
    credit = credit_line(words, root, f"{root}{FOLDER}/{csv_name}")
    return (
        f'<figure class="course-figure" id="{ident}" data-spec="{root}{FOLDER}/{name}.json">'
        f'<figcaption id="{ident}-title"><span class="course-figure-number">Figure {number}.</span> {escape(words["title"])}</figcaption>'
        '<div class="course-controls"></div>'
        f'<div class="course-chart course-static" {spoken}>{static_svg(page_spec, name, ident, store)}</div>'
        f'<div class="course-chart course-live" {spoken} hidden></div>'
        f'<p class="course-credit">{credit}</p>'
        f'<details class="course-table"><summary>Description and table</summary><p id="{ident}-desc">{escape(words["description"])}</p>'
        f"{html_table(rows, words['title'])}</details></figure>"
    )


def credit_line(words: dict, root: str, csv_url: str) -> str:
    """Source, vintage, link to each table's page, link to the rows, and the figure's note."""
    links = ", ".join(
        f'<a href="{root}chapters/reference/data/{name}.html">{escape(name)}</a>' for name in words["sources"]
    )
    note = f"{escape(words['note'])} " if words.get("note") else ""
    return (
        f"{note}Source: {escape(words['credit'])}. Table: {links}. "
        f'<a href="{csv_url}" download>Download these rows (CSV)</a>'
    )


def for_page(spec: dict) -> dict:
    """The specification as the page draws it: the title moves to the caption, colours follow the page's scheme."""
    page = copy.deepcopy(spec)
    page.pop("title", None)
    if page.pop("usermeta", {}).get("course", {}).get("fits_page"):
        page["width"] = "container"
    return palette.with_variables(page)


def static_svg(page_spec: dict, name: str, ident: str, store: Path) -> str:
    """A picture of the chart with its default settings; drawn once for each content."""
    cached = store / f"{name}.svg"
    if not cached.exists():
        fixed = copy.deepcopy(page_spec)
        if fixed.get("width") == "container":
            fixed["width"] = WIDTH
        write_once(cached, vl_convert.vegalite_to_svg(fixed, vl_version=vega_lite_version(fixed)))
    svg = cached.read_text(encoding="utf-8")
    svg = re.sub(r'(id="|url\(#|href="#)(clip|gradient)', rf"\g<1>{ident}-\g<2>", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def vega_lite_version(spec: dict) -> str | None:
    """The major.minor of the specification's schema, as vl-convert wants it, when it has that version."""
    found = re.search(r"/v(\d+)\.(\d+)", spec.get("$schema", ""))
    wanted = f"v{found[1]}_{found[2]}" if found else None
    return wanted if wanted in {f"v{v.replace('.', '_')}" for v in vl_convert.get_vegalite_versions()} else None


def plotted_rows(spec: dict) -> list[dict]:
    """Rows of the specification's largest data set, cut to the fields that the chart encodes."""
    sets = list(spec.get("datasets", {}).values()) or [spec.get("data", {}).get("values", [])]
    rows = max((rows for rows in sets if isinstance(rows, list)), key=len, default=[])
    fields = [name for name in encoded_fields(spec) if rows and name in rows[0]]
    return [{name: row.get(name) for name in fields or row} for row in rows]


def encoded_fields(spec) -> list[str]:
    """Field names in the order in which the specification first uses them."""
    found: dict[str, None] = {}

    def walk(part):
        if isinstance(part, dict):
            if isinstance(part.get("field"), str):
                found.setdefault(part["field"])
            for key, value in part.items():
                if key not in ("datasets", "data", "transform", "params"):
                    walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(spec)
    return list(found)


def html_table(rows: list[dict], caption: str) -> str:
    """The first rows as an accessible table, with a sentence when there are more."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(label(name))}</th>' for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(show(v))}</td>" for v in row.values()) + "</tr>" for row in rows[:SHOWN_ROWS]
    )
    more = (
        f"<p>The first {SHOWN_ROWS} of {len(rows):,} rows; the CSV file has all of them.</p>"
        if len(rows) > SHOWN_ROWS
        else ""
    )
    return (
        f'<div class="course-scroll" tabindex="0" role="region" aria-label="Table: {escape(caption, quote=True)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def legacy_rows(words: dict) -> list[dict] | None:
    rows = words.get("rows")
    return rows and [dict(zip(rows["columns"], row, strict=True)) for row in rows["data"]]


def label(name: str) -> str:
    return name.replace("_", " ").replace(" pct", " (%)").strip()


def show(value) -> str:
    if value is None:
        return "no value"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return re.sub(r"T00:00:00(\.0+)?$", "", str(value))


def to_csv(rows: list[dict]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")


def digest(spec: dict) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:20]


def figure_store(env) -> Path:
    """Figures outlive a rebuild of the pages: they lie beside the doctrees."""
    store = Path(env.doctreedir).parent / ".figures"
    store.mkdir(exist_ok=True)
    return store


def write_once(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def copy_figures(app, error) -> None:
    """At the end of a build, publish the files that the pages use."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, FOLDER)
    target.mkdir(parents=True, exist_ok=True)
    wanted = set().union(*app.env.course_figures.values()) if app.env.course_figures else set()
    for name in wanted:
        if not (target / name).exists():
            (target / name).write_bytes((figure_store(app.env) / name).read_bytes())
    keep_only(target, wanted)


def setup(app) -> None:
    app.connect(
        "builder-inited", lambda app: setattr(app.env, "course_figures", getattr(app.env, "course_figures", {}))
    )
    app.connect("env-purge-doc", lambda app, env, docname: env.course_figures.pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: env.course_figures.update(other.course_figures))
    app.connect("build-finished", copy_figures)
