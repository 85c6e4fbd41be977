"""One style sheet for all pages: what the theme, its extensions and the course bring, without what no page uses.

The sheets are 570 KB, of which the pages use a quarter, and nothing is drawn before they have come. So at the end of a
build the sheets are joined in their order, and a rule is kept when each class, id and element of its selector occurs
in some page or in some script, which may set it later. Attributes, states and what stands in ``:not()`` or ``:is()``
never count against a rule. Fonts are left out: the pages use the reader's own, and ``icons`` draws the icons.
The sheet is named by its content; each page links to it.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import tinycss2

from coursekit.files import write_json, write_text

THEME = ("styles/theme.css", "basic.css", "styles/pydata-sphinx-theme.css")  # the first one only asks for the second
HOME = "course"  # folder of the one sheet, below _static
LINK = re.compile(r"(?<=_static/course/book)(?:-[0-9a-f]{16})?(?=\.css)")
TOKENS = re.compile(r"""<([a-z][a-z0-9]*)|\bclass=["']([^"']*)["']|\bid=["']([^"']*)["']""")
SCRIPT = re.compile(r'<script[^>]* src="[^"]*_static/([^"?]+)')
STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")
WORD = re.compile(r"[A-Za-z_][\w-]*")
BEGUN = re.compile(r"""(?<![\w-])([a-z]{2,}[\w-]*-)(?=\$\{|["'`]$)""")
ADDRESS = re.compile(r"""url\(\s*["']?(?!["']?(?:data|https?):|["']?[/#])([^"')]+)["']?\s*\)""")
GROUPS = ("media", "supports", "layer", "container")
DROPPED = ("font-face", "charset", "import")


class Known(NamedTuple):
    """The words that a page may hold, and the beginnings of words that scripts complete (``course-${kind}``)."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()

    def has(self, word: str) -> bool:
        return word in self.words or word.startswith(self.beginnings)


def words_of(pages: Iterable[str], scripts: Iterable[str]) -> Known:
    """Elements, classes (``.name``) and ids (``#name``) of the pages' HTML, and every word of the scripts.

    >>> sorted(words_of(['<p class="a b" id="c">'], []).words)
    ['#c', '.a', '.b', 'p']
    """
    strings = {string for script in scripts for string in STRING.findall(script)}
    begun = {word for string in strings for word in BEGUN.findall(string)}
    return Known(
        frozenset(_in_pages(pages) | _spoken(strings)),
        tuple(sorted(f"{mark}{word}" for word in begun for mark in (".", "#"))),
    )


def _in_pages(pages: Iterable[str]) -> set[str]:
    found = {token for page in pages for token in TOKENS.findall(page)}
    words = {element for element, _classes, _name in found} | {f"#{name}" for _element, _classes, name in found}
    words |= {f".{one}" for _element, classes, _name in found for one in classes.split()}
    return words - {"", "#"}


def _spoken(strings: Iterable[str]) -> set[str]:
    """The words of scripts' strings, each of which may be an element, a class or an id."""
    words = {word for string in strings for word in WORD.findall(string)}
    return {f"{mark}{word}" for word in words for mark in ("", ".", "#")}


def parsed(text: str, folder: str = HOME) -> list:
    """A style sheet of ``folder`` (below ``_static``) as a tree that JSON can keep.

    A rule is ``["rule", [[selector, [words that it needs]], ...], body]``, a group ``["group", head, [parts]]``, and
    anything else ``["as is", text]``. Relative addresses are turned to those of the one sheet's folder.
    """
    text = ADDRESS.sub(lambda found: f'url("{posixpath.relpath(posixpath.join(folder, found[1]), HOME)}")', text)
    return list(_parts(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))


def _parts(rules) -> Iterator[list]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield ["rule", [_selector(tokens) for tokens in _between_commas(rule.prelude)], _body(rule.content)]
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield ["group", f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}", list(_parts(inner))]
        elif rule.type == "at-rule" and rule.lower_at_keyword not in DROPPED:
            yield ["as is", rule.serialize()]


def _between_commas(tokens) -> Iterator[list]:
    part: list = []
    for token in tokens:
        if token == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _selector(tokens: list) -> list:
    """A selector's text and the words that it needs; what follows a colon, or stands in brackets, is not one."""
    needs, before = [], ""
    for token in tokens:
        if token.type == "ident" and before != ":":
            needs.append(f".{token.value}" if before == "." else token.lower_value)
        elif token.type == "hash":
            needs.append(f"#{token.value}")
        before = token.value if token.type == "literal" else ""
    text = "".join("" if token.type == "comment" else token.serialize() for token in tokens)
    return [" ".join(text.split()), needs]


def _body(tokens: list) -> str:
    """Declarations on one line."""
    text, after = [], ";"
    for token in tokens:
        if token.type == "comment" or (token.type == "whitespace" and after == ";"):
            continue
        after = " " if token.type == "whitespace" else token.serialize()
        text.append(after)
    return "".join(text).strip().removesuffix(";")


def pruned(parts: list, known: Known) -> str:
    """The rules of a parsed sheet that some page can use."""
    return "".join(_kept(part, known) for part in parts)


def _kept(part: list, known: Known) -> str:
    if part[0] == "group":
        inner = pruned(part[2], known)
        return f"{part[1]}{{{inner}}}\n" if inner else ""
    if part[0] == "as is":
        return f"{part[1]}\n"
    selectors = [text for text, needs in part[1] if all(map(known.has, needs))]
    return f"{','.join(selectors)}{{{part[2]}}}\n" if selectors and part[2] else ""


def sheets_of(builder) -> list[str]:
    """The sheets of the book in their order, as files below ``_static``."""
    ours = sorted(builder._css_files, key=lambda file: file.priority)
    names = [str(file.filename).split("?")[0].removeprefix("_static/") for file in ours if _is_sheet(file)]
    return list(dict.fromkeys([*THEME, *names]))


def _is_sheet(file) -> bool:
    attributes = getattr(file, "attributes", {})
    return attributes.get("rel", "stylesheet") == "stylesheet" and "://" not in str(file.filename)


def parse_all(static: Path, names: list[str], kept_in: Path) -> list:
    """The parsed sheets, one after the other; those that have not changed since the last build are not parsed again."""
    known = json.loads(kept_in.read_text(encoding="utf-8")) if kept_in.exists() else {}
    trees = {}
    for name in names:
        text = (static / name).read_text(encoding="utf-8") if (static / name).exists() else ""
        key = f"{name} {digest(text)}"
        trees[key] = known.get(key) or parsed(text, posixpath.dirname(name))
    if trees != known:
        write_json(kept_in, trees)
    return [part for tree in trees.values() for part in tree]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_sheet(app, error) -> None:
    """At the end of a build, write the one sheet and let each page link to it."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    paths = [path for path in Path(app.outdir).rglob("*.html") if static not in path.parents]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    tree = parse_all(static, sheets_of(app.builder), Path(app.doctreedir, "styles.json"))
    sheet = pruned(tree, words_of(pages.values(), scripts_of(static, pages.values())))
    name = f"book-{digest(sheet)}"
    for stray in (static / HOME).glob("book-*.css"):
        stray.unlink()
    write_text(static / HOME / f"{name}.css", sheet)
    for path, text in pages.items():
        linked = LINK.sub(name.removeprefix("book"), text, count=1)
        if linked != text:
            write_text(path, linked)


def scripts_of(static: Path, pages: Iterable[str]) -> list[str]:
    """The scripts that pages name, and those that a script of ours fetches when they are needed."""
    names = {name for page in pages for name in SCRIPT.findall(page)}
    paths = {static / name for name in names} | {*static.glob(f"{HOME}/*.js"), *static.glob("figures/vega-*.js")}
    return [path.read_text(encoding="utf-8") for path in sorted(paths) if path.exists()]


def link_one(app, pagename, templatename, context, doctree) -> None:
    """A page links to the one sheet by the layout, and to no other."""
    context["css_files"] = [file for file in context.get("css_files", []) if not _is_sheet(file)]


def setup(app) -> None:
    app.connect("html-page-context", link_one, priority=950)
    app.connect("build-finished", write_sheet, priority=950)  # after all other sheets are written
