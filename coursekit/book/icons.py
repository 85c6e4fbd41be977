"""The few icons that the pages use: a style sheet drawn from the theme's icon file (Font Awesome Free, CC BY 4.0)."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sphinx.util import logging

from coursekit.files import write_json

LOGGER = logging.getLogger(__name__)
USED = re.compile(r'class="[^"]*\bfa-(?:solid|brands|regular)\b[^"]*"')
NAMES = re.compile(r"\bfa-([a-z][a-z0-9-]*)")
STYLES = {"solid", "brands", "regular", "lg", "fw"}
SHAPE = '(?:"{0}"|\\b{0}):\\[(\\d+),(\\d+),\\[[^\\]]*\\],"[^"]*","([^"]+)"\\]'
BASE = (
    ".fa-solid,.fa-brands,.fa-regular{display:inline-block;width:1em;min-width:.625em;height:1em;vertical-align:-.125em;"
    "background:currentColor;-webkit-mask:var(--icon) center/contain no-repeat;"
    "mask:var(--icon) center/contain no-repeat}.fa-lg{font-size:1.25em}"
    # The theme writes a character of its icon font below each mask; one without a shape keeps the icon on its line.
    ".fa-solid::before,.fa-brands::before,.fa-regular::before{content:'\\200b'!important}"
    # It also draws signs of that font before a download and in a note's title; without the font they are empty boxes.
    "p.admonition-title::after,a.reference.download::before{content:none!important}"
    "p.admonition-title{padding-left:1rem!important}"
    "@media (forced-colors:active){.fa-solid,.fa-brands,.fa-regular{background:CanvasText}}\n"
)


def names_in(pages: list[str]) -> list[str]:
    """Names of the icons in the pages' HTML, sorted."""
    found = {name for page in pages for tag in USED.findall(page) for name in NAMES.findall(tag)}
    return sorted(found - STYLES)


def rule(name: str, library: str) -> str | None:
    """The style of one icon, or None when the library has no such icon. The last shape of a name is the solid one."""
    shapes = re.findall(SHAPE.format(re.escape(name)), library)
    if not shapes:
        return None
    width, height, path = shapes[-1]
    picture = (
        f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'%3E%3Cpath d='{path}'/%3E%3C/svg%3E"
    )
    return f'.fa-{name}{{--icon:url("data:image/svg+xml,{picture}")}}'


def rules_of(names: list[str], library: Path, kept_in: Path) -> dict[str, str | None]:
    """The styles of icons; those of the last build stand while the library, which is large, stays the same."""
    kept, version = kept_in / "icons.json", library.stat().st_size
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    rules = known["rules"] if known.get("library") == version else {}
    if missing := [name for name in names if name not in rules]:
        text = library.read_text(encoding="utf-8")
        rules |= {name: rule(name, text) for name in missing}
        write_json(kept, {"library": version, "rules": rules})
    return {name: rules[name] for name in names}


def write_icons(app, error) -> None:
    """Write ``icons.css`` for the pages as they are now."""
    if error or app.builder.format != "html":
        return
    pages = [path.read_text(encoding="utf-8") for path in Path(app.outdir).rglob("*.html")]
    rules = rules_of(names_in(pages), Path(app.outdir, "_static/scripts/fontawesome.js"), Path(app.doctreedir))
    for name in [name for name, text in rules.items() if text is None]:
        LOGGER.warning("no icon named fa-%s in the theme's library", name, type="course", subtype="icons")
    sheet = "/* Font Awesome Free, CC BY 4.0, https://fontawesome.com/license/free */\n" + BASE
    Path(app.outdir, "_static/course/icons.css").write_text(
        sheet + "\n".join(filter(None, rules.values())), encoding="utf-8"
    )


def forget_icons(app) -> None:
    """Take away the sheet of the last build: Sphinx would name the new one by the old one's checksum."""
    Path(app.outdir, "_static/course/icons.css").unlink(missing_ok=True)


def setup(app) -> None:
    app.connect("builder-inited", forget_icons)
    app.connect("build-finished", write_icons)
    app.add_css_file("course/icons.css")
