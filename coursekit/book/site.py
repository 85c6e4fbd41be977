"""Site-wide matters: local scripts and styles, and nothing from another host."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import vl_convert

from coursekit.book import palette

ASSETS = Path(__file__).with_name("assets")
TARGET = "_static/course"
# Scripts that Jupyter Book adds to every page and that reach for another host or serve nothing here.
UNWANTED = ("sphinx-thebe", "sphinx_thebe", "thebe", "require.js", "html-manager", "mathjax", "fonts.googleapis")


def write_assets(app) -> None:
    """Copy our scripts and styles, write the palette and the Vega bundle (once: it is large)."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir, TARGET)
    target.mkdir(parents=True, exist_ok=True)
    for asset in ASSETS.iterdir():
        if asset.is_file():
            shutil.copyfile(asset, target / asset.name)
    (target / "palette.css").write_text(palette.stylesheet(), encoding="utf-8")
    bundle = target / "vega.js"
    if not bundle.exists():
        bundle.write_text(vl_convert.javascript_bundle(), encoding="utf-8")


def clean_page(app, pagename, templatename, context, doctree) -> None:
    """Drop what Jupyter Book's own extensions would fetch from elsewhere; put the book's name into a landmark."""
    for key in ("script_files", "css_files"):
        context[key] = [file for file in context.get(key, []) if not any(word in str(_name(file)) for word in UNWANTED)]
    if draw := context.get("generate_toctree_html"):
        context["generate_toctree_html"] = lambda *given, **named: _name_folds(draw(*given, **named))
    context["sidebars"] = [
        "course-home.html" if item.endswith("navbar-logo.html") else item for item in context.get("sidebars") or []
    ]
    context["theme_launch_buttons"] = json.dumps({}) if isinstance(context.get("theme_launch_buttons"), str) else {}


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
            if page.is_file() and page.relative_to(folder).as_posix().split(".")[0] not in app.env.found_docs:
                page.unlink()


def _name_folds(toctree) -> str:
    """The sidebar's folding arrows get a name that a screen reader can say."""
    return str(toctree).replace("<summary>", '<summary aria-label="Show or hide the pages below">')


def _name(file) -> str:
    body = getattr(file, "attributes", {}).get("body") or ""
    return f"{getattr(file, 'filename', file)} {body}"


def setup(app) -> None:
    app.connect("config-inited", lambda app, config: config.course_palette and palette.register(config.course_palette))
    app.connect("builder-inited", write_assets)
    app.config.templates_path.append(str(Path(__file__).with_name("templates")))
    app.connect("html-page-context", clean_page, priority=900)
    app.connect("build-finished", sweep_pages)
    app.add_css_file("course/palette.css")
    app.add_css_file("course/course.css")
    app.add_js_file("course/course.js", priority=400, defer="defer")
    app.add_js_file("course/figures.js", type="module")
    app.add_js_file("course/filter.js", type="module")
