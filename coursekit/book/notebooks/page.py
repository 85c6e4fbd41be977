"""What the text of a page refers to: glued numbers, works, headings, other pages, and the address of the book."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from posixpath import normpath

from coursekit.book.execute import pages
from coursekit.errors import CourseKitError
from coursekit.exercises import practice
from coursekit.exercises.practice import Task
from coursekit.exercises.quizzes import Bank, kept_bank

LABELLED = re.compile(r"^\(([\w-]+)\)=\s*\n+#+ +(.*)$", re.M)
FIGURE = re.compile(r"""^\s*name=["'](fig-[\w-]+)["']""", re.M)
TITLE = re.compile(r"^# +(.*)$", re.M)


class NotebookError(CourseKitError):
    """A page cannot be turned into a notebook; the message names the page, what stands there, and what to do."""


@dataclass(frozen=True)
class Book:
    """A checkout as its notebooks see it. ``site``: the address of the published book, empty when it is not known."""

    root: Path
    site: str = ""
    _banks: dict[str, Bank] = field(default_factory=dict, repr=False)

    @cached_property
    def texts(self) -> dict[str, str]:
        """docname -> text, for every page that is written in the checkout."""
        return {self.docname(path): path.read_text(encoding="utf-8") for path in pages(self.root)}

    @cached_property
    def labels(self) -> dict[str, tuple[str, str]]:
        """label -> (docname, heading under it)."""
        return {
            label: (docname, heading)
            for docname, text in self.texts.items()
            for label, heading in LABELLED.findall(text)
        }

    @cached_property
    def figures(self) -> dict[str, str]:
        """name of a figure -> docname of the page whose cell draws it; its name is its anchor there."""
        return {name: docname for docname, text in self.texts.items() for name in FIGURE.findall(text)}

    @cached_property
    def works(self) -> Works:
        """The works of the checkout's bibliography."""
        from pybtex.database import parse_file

        file = self.root / "references.bib"
        return Works(parse_file(file).entries.values() if file.exists() else ())

    def bank(self, name: str) -> Bank:
        """A quiz bank, with its keys computed once for all blocks that draw from it."""
        if name not in self._banks:
            self._banks[name] = kept_bank(self.root / "exercises" / "quizzes" / f"{name}.yml")
        return self._banks[name]

    def practice(self, chapter: str) -> dict[str, Task]:
        """The tasks of a chapter's practice, by id."""
        return practice.load(practice.path_of(self.root, chapter))

    def docname(self, path: Path) -> str:
        return path.relative_to(self.root).with_suffix("").as_posix()

    def title(self, docname: str) -> str:
        """The title of a page; a page that the build makes (of a table, of an exercise) goes by its name."""
        found = TITLE.search(self.texts.get(docname, ""))
        return found[1] if found else docname.rsplit("/", 1)[-1]

    def link(self, words: str, docname: str, anchor: str = "") -> str:
        """Words that lead to a page of the published book; bare words when its address is not known."""
        if not self.site:
            return words
        return f"[{words}]({self.site.rstrip('/')}/{docname}.html{f'#{anchor}' if anchor else ''})"


@dataclass(frozen=True)
class Work:
    """A cited work: who and when for the sentence, the whole reference for the list."""

    who: str
    year: str
    text: str

    @classmethod
    def of(cls, entry, text: str) -> Work:
        """The work of a pybtex entry whose whole reference is ``text``."""
        names = [" ".join(person.last_names) for person in entry.persons.get("author", [])] or [entry.key]
        who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        return cls(_plain(who), entry.fields.get("year", "n.d."), text)


class Works(Mapping[str, Work]):
    """citation key -> work, of pybtex entries; a reference is put into words when it is asked for: few of them are."""

    def __init__(self, entries: Iterable):
        self._entries = {entry.key: entry for entry in entries}
        self._made: dict[str, Work] = {}

    def __getitem__(self, key: str) -> Work:
        if key not in self._made:
            entry = self._entries[key]
            self._made[key] = Work.of(entry, reference(entry))
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def reference(entry) -> str:
    """The whole reference of a pybtex entry in Markdown."""
    from pybtex.backends.markdown import Backend
    from pybtex.style.formatting.unsrt import Style

    (formatted,) = Style().format_entries([entry])
    return _plain(formatted.text.render(Backend()))


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text).replace("\\&", "&")


@dataclass(frozen=True)
class Page:
    """One page with the values that its cells glued, and the works that its text cites, in order, as they are met."""

    book: Book
    docname: str
    glued: Mapping[str, str] = field(default_factory=dict)
    cited: dict[str, None] = field(default_factory=dict)

    def refuse(self, what: str) -> NotebookError:
        return NotebookError(f"{self.docname}.md: {what}")

    def cite(self, key: str) -> Work:
        """The work of a key, noted for the list at the end. Raises NotebookError."""
        self.cited[key] = None
        try:
            return self.book.works[key]
        except KeyError:
            raise self.refuse(f"references.bib has no work '{key}'; add it or mend the key.") from None

    def beside(self, target: str) -> str:
        """The docname that a relative link of this page means."""
        folder = self.docname.rpartition("/")[0]
        return normpath(f"{folder}/{target}" if folder else target)

    def label(self, name: str) -> tuple[str, str]:
        """The page and heading of a label. Raises NotebookError."""
        try:
            return self.book.labels[name]
        except KeyError:
            raise self.refuse(f"no page has the label '({name})='; mend the reference.") from None


def glued(ran: Path) -> dict[str, str]:
    """The values that a page's cells glued, by name. ``ran``: the page's notebook as it ran, outputs included."""
    cells = json.loads(ran.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    notes = [(output, output.get("metadata", {}).get("scrapbook")) for output in outputs]
    return {note["name"]: output["data"][f"{note['mime_prefix']}text/plain"] for output, note in notes if note}
