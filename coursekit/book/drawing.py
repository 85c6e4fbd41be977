"""From a Vega-Lite specification to what a page keeps: compiled layouts for its script, and small static pictures.

The book compiles Vega-Lite when it is built, for a wide page and for a phone. The page's script needs only Vega's
runtime (``vega/vega.js``), half the bytes; between two widths of one layout the numbers that differ are interpolated.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import vl_convert

from coursekit.book import layout, palette
from coursekit.settings import FigureError

VEGA = Path(__file__).with_name("vega")
AT = {"narrow": 328, "wide": 720}  # pixels of a page's text on a phone and on a desk
STEP = 64  # pixels between the two widths at which a layout is compiled, to learn what depends on the width
NO_LOADING = {"baseURL": None}
# What the page's part of Vega leaves out (vega/README.md).
ABSENT = {
    "geojson", "geopath", "geopoint", "geoshape", "graticule", "projection", "heatmap", "isocontour", "kde2d", "force",
    "stratify", "nest", "pack", "partition", "tree", "treelinks", "treemap", "voronoi", "wordcloud", "crossfilter",
    "resolvefilter", "label",
}  # fmt: skip
UNREAD = re.compile(r'\b(geoArea|geoBounds|geoCentroid)\(|"type": "(topojson|dsv|csv|tsv)"')


def draw(spec: dict, where: str) -> dict:
    """All that a page keeps of a chart.

    spec: Vega-Lite, colours as variables. Returns ``layouts`` (compiled Vega without its rows, with ``at``: pixels,
    ``slopes``: what changes by pixel), ``tables`` (the rows, shared by the layouts) and ``pictures`` (SVG text by
    ``wide``/``narrow`` and ``light``/``dark``). Raises FigureError for a chart that the page could not run.
    """
    tables: list[dict] = []
    layouts, pictures = {}, {}
    for kind, width in AT.items():
        here, room, svg = _fitted(spec, width)
        further = compiled(layout.lay_out(spec, width + STEP, room + STEP, width), vega_lite_version(spec))
        refuse_absent(here, where)
        slopes = differences(here, further, STEP)
        layouts[kind] = {"at": width, "spec": without_rows(here, tables), "slopes": slopes}
        pictures[kind] = {scheme: smaller(palette.fixed(svg, scheme)) for scheme in ("light", "dark")}
    return {"layouts": layouts, "tables": tables, "pictures": pictures}


def _fitted(spec: dict, width: int) -> tuple[dict, float, str]:
    """The compiled chart for a width, the room its panels share, and its picture: as wide as wanted."""
    version, room = vega_lite_version(spec), float(width)
    made = compiled(layout.lay_out(spec, width, room, width), version)
    svg = vl_convert.vega_to_svg(made)
    if layout.has_panels(spec):
        for _look in range(2):
            off = width - picture_size(svg)[0]
            if abs(off) < 2 or room + off < width / 2:
                break
            room += off
            made = compiled(layout.lay_out(spec, width, room, width), version)
            svg = vl_convert.vega_to_svg(made)
    return made, room, svg


def compiled(spec: dict, version: str | None) -> dict:
    """Vega of a Vega-Lite specification."""
    made = vl_convert.vegalite_to_vega(spec, vl_version=version)
    return made if isinstance(made, dict) else json.loads(made)


@cache
def _known_versions() -> frozenset[str]:
    return frozenset(vl_convert.get_vegalite_versions())


def vega_lite_version(spec: dict) -> str | None:
    """The major.minor of the specification's schema, as vl-convert wants it, when it has that version."""
    found = re.search(r"/v(\d+\.\d+)", spec.get("$schema", ""))
    return f"v{found[1].replace('.', '_')}" if found and found[1] in _known_versions() else None


def refuse_absent(spec: dict, where: str) -> None:
    """Raise FigureError for a chart whose transforms the page's Vega leaves out."""
    used = (set(_transforms(spec)) & ABSENT) | set(_unread(spec))
    if used or "projections" in spec:
        what = ", ".join(sorted(used)) or "a map projection"
        raise FigureError(f"{where}: the page's Vega leaves out {what}; see coursekit/book/vega/README.md to add it.")


def _unread(spec: dict) -> list[str]:
    """Measures on the globe that expressions use, and formats of data that are not rows."""
    return [one or other for one, other in UNREAD.findall(json.dumps(_without_values(spec)))]


def _without_values(spec: dict) -> dict:
    """A specification without its rows, which may say anything."""
    data = [{key: value for key, value in entry.items() if key != "values"} for entry in spec.get("data", [])]
    return spec | {"data": data}


def _transforms(part: dict):
    """Types of the transforms of data and marks, groups included."""
    for holder in (*part.get("data", []), *part.get("marks", [])):
        yield from (transform.get("type") for transform in holder.get("transform", []))
        yield from _transforms(holder) if "marks" in holder else ()


def differences(one, two, step: float, path: tuple = ()) -> list[list]:
    """Numbers that differ between two compiled layouts, as [path, change by pixel]."""
    if isinstance(one, dict):
        return [d for key in one if key in two for d in differences(one[key], two[key], step, (*path, key))]
    if isinstance(one, list):
        return [d for n, (a, b) in enumerate(zip(one, two, strict=False)) for d in differences(a, b, step, (*path, n))]
    return [[list(path), round((two - one) / step, 4)]] if _are_other_numbers(one, two) else []


def _are_other_numbers(one, two) -> bool:
    return not isinstance(one, bool) and isinstance(one, int | float) and isinstance(two, int | float) and one != two


def without_rows(spec: dict, tables: list[dict]) -> dict:
    """The specification with the rows of its data replaced by their place in ``tables``."""
    return spec | {"data": [_moved(entry, tables) for entry in spec.get("data", [])]}


def _is_table(rows: list) -> bool:
    """Whether there are rows, and all are mappings with the same names in the same order."""
    if not rows or not all(isinstance(row, dict) for row in rows):
        return False
    return all(list(row) == list(rows[0]) for row in rows)


def _moved(entry: dict, tables: list[dict]) -> dict:
    rows = entry.get("values")
    if not isinstance(rows, list) or not _is_table(rows):
        return entry
    columns = list(rows[0])
    table = {"columns": columns, "data": [list(row.values()) for row in rows]}
    if table not in tables:
        tables.append(table)
    return {key: value for key, value in entry.items() if key != "values"} | {"table": tables.index(table)}


# Pictures -----------------------------------------------------------------------------------------------------------


def picture_size(svg: str) -> tuple[float, float]:
    """Width and height of an SVG that Vega wrote, in pixels."""
    found = re.search(r'<svg[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"', svg) or re.search(
        r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg
    )
    return float(found[1]), float(found[2])


DEFAULTS = re.compile(
    r' (?:stroke-miterlimit="10"|stroke-opacity="1"|fill-opacity="1"|opacity="1"|transform="translate\(0, ?0\)"|'
    r'class="[^"]*"|role="[^"]*"|aria-[a-z]+="[^"]*"|pointer-events="none"|stroke-width="1"|font-weight="normal"|'
    r'd=""|xmlns:xlink="[^"]*")'
)
NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?|-?\d\.?\d*e-\d+")
PLACES = re.compile(r' (?:d|transform|[xyr]|[xy][12]|c[xy]|points|width|height)="[^"]*"')
EMPTY = re.compile(r"<(g|path)\s*(?:/>|></\1>)")


def smaller(svg: str) -> str:
    """The same picture in fewer bytes, the same at each build: short numbers, no defaults, ids counted from one."""
    svg = DEFAULTS.sub("", svg)
    svg = PLACES.sub(lambda place: NUMBER.sub(_short, place[0]), svg)
    previous = ""
    while previous != svg:  # emptied groups may lie in one another
        previous, svg = svg, EMPTY.sub("", svg)
    ids = {name: f"i{n}" for n, name in enumerate(dict.fromkeys(re.findall(r'id="([^"]+)"', svg)), 1)}
    return re.sub(r'(id="|url\(#|href="#)([^")]+)', lambda found: found[1] + ids.get(found[2], found[2]), svg)


def _short(number: re.Match) -> str:
    text = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


# What it depends on -------------------------------------------------------------------------------------------------


@cache
def maker() -> str:
    """A digest of all that turns a specification into files, besides the specification itself."""
    here = Path(__file__).parent
    total = hashlib.sha256(vl_convert.__version__.encode())
    for name in ("drawing.py", "layout.py", "palette.py", "figures.py", "spec.py", "../settings.py", "../captions.py"):
        total.update((here / name).read_bytes())
    return total.hexdigest() + palette.stylesheet()


@cache
def bundle() -> tuple[str, bytes]:
    """The name by content and the bytes of the page's Vega."""
    content = (VEGA / "vega.js").read_bytes()
    return f"vega-{hashlib.sha256(content).hexdigest()[:12]}.js", content
