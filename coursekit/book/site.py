"""Site-wide matters: local scripts and styles, and nothing from another host."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from coursekit.book import palette

ASSETS = Path(__file__).with_name("assets")
TARGET = "_static/course"
# Files that Jupyter Book adds to every page and that reach for another host or serve nothing here. The last two are
# replaced by course/page.js, which marks the words found and opens what is folded when a page is printed.
UNWANTED = ("thebe", "require.js", "html-manager", "mathjax", "fonts.googleapis", "togglebutton", "sphinx_highlight.js")
# Inline scripts of theirs that nothing needs any more. A page carries no inline script, so that a host may forbid them.
UNNEEDED = (
    "thebe",
    "toggleHint",
    "toggleOpenOnPrint",
    "togglebuttonSelector",
    "DOCUMENTATION_OPTIONS.pagename",
    "kernelName",
    "widget-view+json",
)
WIDGETS = "application/vnd.jupyter.widget-state+json"  # the state of widgets whose loader no page has
ONLY_WITH = {"course/filter.js": "data-course-filter"}  # a script of ours -> what a page must hold to need it
LOGGER = logging.getLogger(__name__)


def write_assets(app) -> None:
    """Copy our scripts and styles, write the palette."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir, TARGET)
    target.mkdir(parents=True, exist_ok=True)
    for asset in ASSETS.iterdir():
        if asset.is_file():
            shutil.copyfile(asset, target / asset.name)
    (target / "palette.css").write_text(palette.stylesheet(), encoding="utf-8")


def show_near(app, pagename, templatename, context, doctree) -> None:
    """In the sidebar, below an entry only what is near the page: the pages of all tables would be 9 KB of every page.

    Told before the theme asks for the sidebar, which it does twice and then keeps: drawing all pages' entries only to
    see that there are some took longer than writing the pages.
    """
    if draw := context.get("toctree"):
        context["toctree"] = lambda **named: draw(**named | {"collapse": True})


def clean_page(app, pagename, templatename, context, doctree) -> None:
    """Drop what the page does not need; put the book's name into a landmark."""
    body = context.get("body", "")
    context["css_files"] = [file for file in context.get("css_files", []) if not _has(file, UNWANTED)]
    context["script_files"] = _scripts(context.get("script_files", []), body, pagename)
    if draw := context.get("generate_toctree_html"):
        context["generate_toctree_html"] = lambda *given, **named: _name_folds(draw(*given, **named))
    context["sidebars"] = [
        "course-home.html" if item.endswith("navbar-logo.html") else item for item in context.get("sidebars") or []
    ]
    context["theme_primary_sidebar_end"] = []
    context["theme_launch_buttons"] = json.dumps({}) if isinstance(context.get("theme_launch_buttons"), str) else {}


def _scripts(files: list, body: str, pagename: str) -> list:
    """The scripts that a page needs; they run in their order after the page is read, so that none holds up the text."""
    wanted = [file for file in files if _wanted(file, body, pagename)]
    for file in wanted:
        file.attributes["defer"] = "defer"
    return wanted


def _wanted(file, body: str, pagename: str) -> bool:
    """Whether a page needs a script; an inline one that is not known to be needless is a warning."""
    name = str(getattr(file, "filename", file) or "")
    if not name:
        inline = file.attributes.get("body") or ""
        if file.attributes.get("type") != WIDGETS and not any(word in inline for word in UNNEEDED):
            LOGGER.warning(
                "%s: a page may hold no inline script; move it to a file: %s", pagename, inline[:80], type="course"
            )
        return False
    needs = next((mark for script, mark in ONLY_WITH.items() if script in name), "")
    return not _has(file, UNWANTED) and needs in body


def _has(file, words: tuple[str, ...]) -> bool:
    name = str(getattr(file, "filename", file))
    return any(word in name for word in words)


def drop_inline_scripts(app, doctree, docname) -> None:
    """Remove the settings that sphinx-thebe writes into the text of every page with code."""
    for node in list(doctree.findall(nodes.raw)):
        if node.astext().lstrip().startswith("<script") and any(word in node.astext() for word in UNNEEDED):
            node.parent.remove(node)


def keep_only(folder: Path, wanted) -> None:
    """Remove the files of a published folder that this build did not want: an old one must not be found."""
    for stray in folder.iterdir():
        if stray.name not in wanted:
            stray.unlink()


def sweep_pages(app, error) -> None:
    """Remove pages whose text is gone, such as that of a table that was merged into another."""
    if error or app.builder.format != "html":
        return
    for folder in (Path(app.outdir), Path(app.outdir, "_sources")):
        for page in folder.glob("chapters/**/*.*"):
            if page.is_file() and not _is_of(page.relative_to(folder).as_posix(), app.env.found_docs):
                page.unlink()


def _is_of(file: str, docnames) -> bool:
    """Whether a file belongs to one of the pages: its name is a page's name and one or more suffixes.

    >>> _is_of("chapters/04.1-money.md.txt", {"chapters/04.1-money"}), _is_of("chapters/04.html", {"chapters/04.1"})
    (True, False)
    """
    parts = file.split(".")
    return any(".".join(parts[:end]) in docnames for end in range(1, len(parts)))


def _name_folds(toctree) -> str:
    """The sidebar's folding arrows get a name that a screen reader can say."""
    return str(toctree).replace("<summary>", '<summary aria-label="Show or hide the pages below">')


def setup(app) -> None:
    app.connect("config-inited", lambda app, config: config.course_palette and palette.register(config.course_palette))
    app.connect("builder-inited", write_assets)
    app.config.templates_path.insert(0, str(Path(__file__).with_name("templates")))  # before those of the theme
    app.connect("html-page-context", show_near, priority=400)  # the theme's own come at 500
    app.connect("html-page-context", clean_page, priority=900)
    app.connect("doctree-resolved", drop_inline_scripts, priority=900)
    app.connect("build-finished", sweep_pages)
    app.add_css_file("course/palette.css")
    app.add_css_file("course/course.css")
    app.add_js_file("course/course.js", priority=400, defer="defer")
    app.add_js_file("course/filter.js", defer="defer")
    app.add_js_file("course/page.js", defer="defer")
