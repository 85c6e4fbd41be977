"""How long a page takes: one rule, computed from the page's own text, so that a card never flatters.

Words at 130 a minute, two minutes a figure with controls, a minute and a half a question (a table to fill in counts a
question a row), and the minutes that a lab or a graded exercise states. A section marked ``{deeper}`` is folded in the
page and counts in the layer *deeper*; what stands in a ``{dropdown}``, a folded verdict or a code cell is not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.data.once import once
from coursekit.exercises import practice
from coursekit.files import read_yaml

WORDS_A_MINUTE, A_FIGURE, A_QUESTION = 130, 2, 1.5
CORE, DEEPER = "core", "deeper"

FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
FENCE = re.compile(r"^([`:]{3,})(\{[\w-]+\})?[ \t]*(.*)$")
HEADING = re.compile(r"^(#{1,6}) +(.*)$")
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]*)`")
WORD = re.compile(r"[^\W_]+(?:[’'.,/-][^\W_]+)*")
UNSEEN = {
    "code-cell",
    "chapter-card",
    "quiz",
    "dropdown",
    "deeper",
    "paths",
}  # the rule counts them in another way
LISTS = ("claims-list", "verdict-lines")
GRADED = ("exercise.yml", "task.yml")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its directive's name ("" for plain code), argument, options and body."""

    name: str
    argument: str
    options: dict
    body: str


@dataclass(frozen=True)
class Part:
    """What stands under one heading, without the parts below it: lines of prose and fenced blocks, in order."""

    heading: str
    layer: str
    prose: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Load:
    """What a layer asks of a reader: counts, and the minutes that follow from them."""

    words: int
    numerals: int
    figures: int
    questions: int
    stated: float

    @property
    def minutes(self) -> int:
        """Whole minutes by the rule, rounded up."""
        spent = self.words / WORDS_A_MINUTE + A_FIGURE * self.figures + A_QUESTION * self.questions + self.stated
        return int(-(-spent // 1))

    def __add__(self, other: Load) -> Load:
        return Load(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


NOTHING = Load(0, 0, 0, 0, 0)


def loads(page: Path, root: Path) -> dict[str, Load]:
    """The load of a page by layer: "core" and "deeper". ``root``: the course's folder, where question banks lie.

    Counted once a build: a chapter's own page, the front page and the course's plan all say it.
    """
    text = page.read_text(encoding="utf-8")
    return dict(once(f"reading {root.resolve()} {text}", lambda: _counted(text, root)))


def _counted(text: str, root: Path) -> dict[str, Load]:
    found = {CORE: NOTHING, DEEPER: NOTHING}
    for part in parts(text):
        found[part.layer] += load(part, root)
    return found


def graded_minutes(exercise: str, root: Path) -> int:
    """The minutes that a graded exercise or task states; 0 when it is not out yet."""
    folder = root / "exercises" / exercise
    return next((int(read_yaml(folder / name)["minutes"]) for name in GRADED if (folder / name).exists()), 0)


def load(part: Part, root: Path) -> Load:
    """The load of one part."""
    text = visible(part)
    return Load(
        words=len(WORD.findall(text)),
        numerals=len(re.findall(r"(?<![\w-])[+−-]?\d[\d.,]*(?!\w)", text)),
        figures=sum(
            block.name == "code-cell" and re.search(r"^    controls=", block.body, re.M) is not None
            for block in part.blocks
        ),
        questions=sum(questions(block, root) for block in part.blocks if block.name == "quiz"),
        stated=sum(stated(block, root) for block in part.blocks),
    )


def stated(block: Block, root: Path) -> float:
    """The minutes that a lab or tasks of practice state; 0 for any other block."""
    if block.name == "practice":
        return practice.minutes(practice.path_of(root, block.argument), block.options.get("tasks", "").split())
    return float(block.options.get("minutes", 0)) if block.name == "lab" else 0


def questions(block: Block, root: Path) -> int:
    """How many questions a ``{quiz}`` block draws; a table to fill in counts as many as it has rows."""
    bank = {item["id"]: item for item in read_yaml(root / "exercises" / "quizzes" / f"{block.argument}.yml")["items"]}
    wanted = block.options.get("items", "").split() or [
        i for i in bank if i not in block.options.get("except", "").split()
    ]
    return sum(len(bank[name].get("cells", {}).get("rows", [0])) for name in wanted if name in bank)


def visible(part: Part) -> str:
    """The words that a reader sees without opening anything. A glued value counts as one numeral."""
    shown = [part.heading, part.prose]
    for block in part.blocks:
        if block.name in LISTS:
            shown.append(listed(block))
        elif block.name not in UNSEEN:
            shown.append(block.body)
    return plain("\n".join(shown))


def listed(block: Block) -> str:
    """The open words of a list of claims or verdicts, as the page shows them."""
    from coursekit.ledger.claims import claim

    rows = [claim(name) for name in block.argument.split()]
    if block.name == "claims-list":
        return "\n".join(f"{row.paraphrase} {row.quoted_term}" for row in rows)
    labels = re.sub(r"^\S+ \|([^|]*)\|.*$", r"\1 0 0", block.body, flags=re.M)  # two numbers a line
    return "\n".join([*(f"{judged(row.claim_id)} {row.paraphrase}" for row in rows), labels])


def judged(claim_id: str) -> str:
    """The words of both verdicts on a claim as a line shows them."""
    from coursekit.ledger.verdicts import both

    return " ".join(f"{words} {verdict.word} {verdict.confidence}" for words, verdict in both(claim_id) if verdict)


def plain(text: str) -> str:
    """Markdown as bare words: roles by what they show, no targets, comments, links or table rules."""
    text = re.sub(r"^(%.*|\(.*\)=|:\w[\w-]*:.*|\|[-:| ]+\|?)$", "", text, flags=re.M)
    text = ROLE.sub(_shown, text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"[*|`\[\]#]", " ", text)


def _shown(role: re.Match) -> str:
    name, body = role.groups()
    if name.startswith("glue"):
        return "0"
    if name.startswith("cite"):
        return "cited"  # a mark, not words that are read
    return body.partition("<")[0].strip() or body


def parts(text: str) -> list[Part]:
    """A page's text as parts, one a heading; a part below a ``{deeper}`` heading is deeper, too."""
    made, open_at = [], None
    for level, heading, lines in sections(FRONT.sub("", text)):
        prose, blocks = split(lines)
        if open_at is not None and level <= open_at:
            open_at = None
        if open_at is None and any(block.name == "deeper" for block in blocks):
            open_at = level
        made.append(Part(heading, CORE if open_at is None else DEEPER, prose, tuple(blocks)))
    return made


def sections(text: str) -> list[tuple[int, str, list[str]]]:
    """(level, heading, lines) for each heading outside a fence."""
    made, fence = [(1, "", [])], ""
    for line in text.splitlines():
        fence = _fence_after(line, fence)
        found = HEADING.match(line) if not fence else None
        if found:
            made.append((len(found[1]), found[2], []))
        else:
            made[-1][2].append(line)
    return made


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after a line: one that the line opens, none when it closes the one that was."""
    mark = FENCE.match(line)
    if mark and not fence:
        return mark[1]
    return "" if mark and mark[1] == fence and not mark[2] and not mark[3] else fence


def split(lines: list[str]) -> tuple[str, list[Block]]:
    """Lines as prose and fenced blocks; what colon fences and tabs hold is read as if it stood outside."""
    prose, blocks, inside, opener = [], [], [], None
    for line in lines:
        mark = FENCE.match(line)
        if opener is None:
            if mark and mark[1][0] == "`":
                opener, inside = mark, []
            elif not mark:
                prose.append(line)
        elif mark and mark[1] == opener[1] and not mark[2]:
            blocks.append(block(opener, inside))
            opener = None
        else:
            inside.append(line)
    return "\n".join(prose), blocks


def block(opener: re.Match, lines: list[str]) -> Block:
    """A fenced block from its first line and its inner lines; options are the ``:key: value`` lines on top."""
    options = {}
    while lines and (option := re.match(r"^:([\w-]+):\s*(.*)$", lines[0])):
        options[option[1]], lines = option[2].strip(), lines[1:]
    return Block((opener[2] or "").strip("{}"), opener[3].strip(), options, "\n".join(lines))
