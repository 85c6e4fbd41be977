"""The directives of a page as plain Markdown: a notebook says what it can, the rest names the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from coursekit.book import card
from coursekit.book.notebooks import markdown
from coursekit.book.notebooks.page import Page
from coursekit.book.notebooks.questions import FOLDED, told
from coursekit.exercises.practice import Task
from coursekit.ledger import claims as ledger
from coursekit.ledger import verdicts

OPENS = re.compile(r"^ {0,3}(?P<fence>`{3,}|:{3,})(?:\{(?P<name>[\w-]+)\})? ?(?P<argument>.*)$")
CELL = "```python-cell"  # what clean() makes a code cell of
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")


@dataclass
class Fence:
    """A fenced block: a directive, or plain code when it has no name."""

    name: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "\n".join(self.lines).strip()


def pieces(text: str) -> Iterator[str | Fence]:
    """Running text and fenced blocks, in order. A fence ends at a line of as many of its marks, or more."""
    lines, prose = iter(text.splitlines()), []
    for line in lines:
        opens = OPENS.match(line)
        if not opens:
            prose.append(line)
            continue
        yield "\n".join(prose)
        prose = []
        yield _fence(opens, lines)
    yield "\n".join(prose)


def _fence(opens: re.Match, lines: Iterator[str]) -> Fence:
    mark = opens["fence"]
    inside = []
    for line in lines:
        if re.fullmatch(rf" {{0,3}}{mark[0]}{{{len(mark)},}}\s*", line):
            break
        inside.append(line)
    if not opens["name"]:
        return Fence("", opens["argument"], lines=inside)
    options = {}
    while inside and (found := OPTION.match(inside[0])):
        options[found[1]] = found[2]
        inside = inside[1:]
    return Fence(opens["name"], opens["argument"].strip(), options, inside)


def converted(text: str, page: Page) -> str:
    """A cell's text as plain Markdown. Raises NotebookError for a directive or role that no notebook can show."""
    parts = (markdown.plain(part, page) if isinstance(part, str) else block(part, page) for part in pieces(text))
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(part.strip("\n") for part in parts)).strip()


def block(fence: Fence, page: Page) -> str:
    """A fenced block as Markdown."""
    if not fence.name:
        return "\n".join([f"```{fence.argument}", *fence.lines, "```"])
    if fence.name not in SHOWN:
        raise page.refuse(
            f"a notebook cannot show the directive {{{fence.name}}}; add it to SHOWN in coursekit.book.notebooks."
        )
    return SHOWN[fence.name](fence, page)


def _inside(fence: Fence, page: Page) -> str:
    """A container: what it holds, under its title when it has one."""
    title = f"**{markdown.plain(fence.argument, page)}**\n\n" if fence.name in TITLED and fence.argument else ""
    return title + converted(fence.body, page)


def _quoted(fence: Fence, page: Page) -> str:
    """An admonition as a quotation."""
    words = fence.argument or fence.name.capitalize()
    return _quote(f"**{markdown.plain(words, page)}**\n\n{converted(fence.body, page)}")


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _card(fence: Fence, page: Page) -> str:
    entry = card.parse(fence.body, page.docname)
    aims = [f"- {converted(outcome['text'], page)} ({outcome['id']})" for outcome in entry["outcomes"]]
    before = f"**You should know.** {converted(entry['before'], page)}"
    return "\n".join([before, "", "**By the end you can**", "", *aims])


def _deeper(fence: Fence, page: Page) -> str:
    return f"*Go deeper.* {converted(fence.body, page)}"


def _nothing(_fence: Fence, _page: Page) -> str:
    return ""


def _claims(fence: Fence, page: Page) -> str:
    rows = (ledger.claim(name) for name in fence.argument.split())
    return "\n".join(f"- **{markdown.ROLES['claim'](row.claim_id, page)}** {row.paraphrase}" for row in rows)


def _verdicts(fence: Fence, page: Page) -> str:
    """Verdicts then and today, one line each, the reasons folded."""
    return "\n\n".join(_verdict(name, page) for name in fence.argument.split())


def _verdict(name: str, page: Page) -> str:
    given = [(words, one) for words, one in verdicts.both(name) if one]
    lines = "\n".join(f"- {words}: **{one.mark} {one.word}**{_sure(one)}" for words, one in given)
    why = "\n\n".join(f"*{words}.* {one.reason()}" for words, one in given)
    head = f"**{markdown.ROLES['claim'](name, page)}** {ledger.claim(name).paraphrase}"
    return f"{head}\n\n{lines}\n\n{FOLDED.format(summary='Reasons', inside=why)}"


def _sure(one: verdicts.Verdict) -> str:
    return f" (confidence: {one.confidence})" if one.confidence else ""


def _quiz(fence: Fence, page: Page) -> str:
    bank = page.book.bank(fence.argument)
    wanted = fence.options.get("items", "").split() or [
        item.id for item in bank.items if item.id not in fence.options.get("except", "").split()
    ]
    by_id = {item.id: item for item in bank.items}
    return "\n\n".join(told(by_id[name], lambda text: markdown.plain(text, page)) for name in wanted)


def _lab(fence: Fence, page: Page) -> str:
    time = f" (about {fence.options['minutes']} minutes)" if "minutes" in fence.options else ""
    return f"**Lab{time}.** {converted(fence.body, page)}"


def _exercise(fence: Fence, page: Page) -> str:
    where = page.book.link("its page", f"chapters/teaching/exercises/{fence.argument}")
    return f"**Graded exercise** (see {where}, or ask your instructor).\n\n{converted(fence.body, page)}"


def _practice(fence: Fence, page: Page) -> str:
    """Tasks with their hints and solution folded; a starter becomes a cell of its own."""
    tasks = page.book.practice(fence.argument)
    return "\n\n".join(shown(tasks[name], page) for name in fence.options.get("tasks", "").split() or tasks)


def shown(task: Task, page: Page) -> str:
    """A task as Markdown: what to do, the starter as a cell, hints and solution folded."""
    hints = [FOLDED.format(summary=f"Hint {n}", inside=_said(hint, page)) for n, hint in enumerate(task.hints, 1)]
    asked = [f"- {one.label}{f' ({one.unit})' if one.unit else ''}" for one in task.fields]
    solved = f"```python\n{task.solution}\n```" if task.is_code else _said(task.solution, page)
    starter = [f"{CELL}\n{task.starter.rstrip()}\n```"] if task.is_code else []
    solution = FOLDED.format(summary="Solution", inside=solved)
    return "\n\n".join(
        [
            f"**Practice: {task.title}** (about {task.minutes} minutes). {_said(task.task, page)}",
            *(["\n".join(asked)] if asked else []),
            *starter,
            *hints,
            solution,
        ]
    )


def _said(text: str, page: Page) -> str:
    """A task's words; a link to a figure of the page is its words."""
    return markdown.plain(re.sub(r"\[([^\]]+)\]\(#[\w.-]+\)", r"\1", text.strip()), page)


def _on_the_page(_fence: Fence, page: Page) -> str:
    """What lives by the page's own scripts or lists."""
    return f"*On {page.book.link('the page of the book', page.docname)} there is more here than a notebook can show.*"


def _works(_fence: Fence, page: Page) -> str:
    return f"*The works stand in {page.book.link('the bibliography', markdown.WORKS)}.*"


TITLED = {"tab-item", "dropdown", "grid-item-card", "card"}
CONTAINERS = ("tab-set", "tab-item", "dropdown", "grid", "grid-item-card", "card", "div")
ADMONITIONS = ("note", "tip", "important", "warning", "admonition", "seealso")
PAGE_ONLY = (
    *("argument-steps", "argument-overview", "chapter-map", "chapter-start", "verdict-progress", "catalogue"),
    *("ledger", "chronology", "glossary-table", "my-course", "table-page"),
)
SHOWN: dict[str, Callable[[Fence, Page], str]] = {
    **dict.fromkeys(CONTAINERS, _inside),
    **dict.fromkeys(ADMONITIONS, _quoted),
    **dict.fromkeys(PAGE_ONLY, _on_the_page),
    **dict.fromkeys(("works", "works-filter", "bibliography"), _works),
    "chapter-card": _card,
    "deeper": _deeper,
    "paths": _nothing,
    "run-page": _nothing,
    "rst-class": _nothing,
    "claims-list": _claims,
    "claim-box": _claims,
    "verdict-lines": _verdicts,
    "verdict": _verdicts,
    "quiz": _quiz,
    "lab": _lab,
    "practice": _practice,
    "graded-exercise": _exercise,
}
