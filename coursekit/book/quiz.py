"""Self-check questions in the page: ``{quiz} 04-money`` draws a chapter's bank, or the items named in ``:items:``.

Ours rather than jupyterquiz: that library has no ARIA and writes the answers into the page. Here each question is a
fieldset with a legend, works by keyboard, speaks its feedback through a live region, and its key is a file that is
fetched when a reader first checks an answer.
"""

from __future__ import annotations

import hashlib
import json
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it import MarkdownIt

from coursekit.book.directives import CourseDirective
from coursekit.exercises.quizzes import Bank, Item, QuizError, load_bank

FOLDER = "_static/quiz"
MARKDOWN = MarkdownIt()


class Quiz(CourseDirective):
    """Draw a bank's items, in the order given."""

    required_arguments = 1
    option_spec = {"items": directives.unchanged, "except": directives.unchanged}

    def build(self) -> list:
        path = Path(self.env.srcdir, "exercises", "quizzes", f"{self.arguments[0]}.yml")
        self.env.note_dependency(str(path))
        if not path.exists():
            return self.refuse(
                f"There is no quiz bank '{self.arguments[0]}'; banks are the files of exercises/quizzes/."
            )
        try:
            bank = load_bank(path)
            items = self.chosen(bank)
        except QuizError as error:
            return self.refuse(str(error))
        self.env.course_quizzes.setdefault(self.env.docname, {})[bank.chapter] = keys(bank)
        url = f"{self.root()}{FOLDER}/{bank.chapter}.json"
        first = self.env.temp_data.get("course_question", 1)
        self.env.temp_data["course_question"] = first + len(items)
        html = "".join(question(item, number, url) for number, item in enumerate(items, first))
        return [nodes.raw("", html, format="html")]

    def chosen(self, bank: Bank) -> list[Item]:
        by_id = {item.id: item for item in bank.items}
        wanted = self.options.get("items", "").split() or [
            i for i in by_id if i not in self.options.get("except", "").split()
        ]
        for name in wanted + self.options.get("except", "").split():
            if name not in by_id:
                raise QuizError(f"{bank.path.name} has no item '{name}'; it has {', '.join(by_id)}.")
        return [by_id[name] for name in wanted]


def inline(text: str) -> str:
    return MARKDOWN.renderInline(text)


def question(item: Item, number: int, url: str) -> str:
    """One question as a form that the reader's browser checks."""
    ident = f"quiz-{item.id}"
    return (
        f'<form class="course-quiz" id="{ident}" data-kind="{item.kind}" data-item="{item.id}" data-bank="{url}">'
        f'<fieldset><legend><span class="quiz-number">Question {number}</span> {inline(item.prompt)}</legend>'
        f"{FIELDS[item.kind](item, ident)}</fieldset>"
        '<button type="submit" disabled>Check</button><p class="quiz-feedback" role="status" aria-live="polite"></p>'
        "<noscript><p>Checking answers needs JavaScript.</p></noscript></form>"
    )


def _choices(item: Item, ident: str) -> str:
    kind = "radio" if item.kind == "single" else "checkbox"
    rows = "".join(
        f'<label><input type="{kind}" name="{ident}" value="{place}"> <span>{inline(option.text)}</span></label>'
        for place, option in enumerate(item.options)
    )
    return rows if kind == "radio" else f'<p class="quiz-hint">Choose all that apply.</p>{rows}'


def _number(item: Item, ident: str) -> str:
    unit = f" <span>{escape(item.unit)}</span>" if item.unit else ""
    return f'<label>Your answer <input type="text" inputmode="decimal" name="{ident}" autocomplete="off">{unit}</label>'


def _order(item: Item, ident: str) -> str:
    places = [str(place) for place in range(1, len(item.steps) + 1)]
    return "".join(_select(text, places) for text in shuffled(item.steps))


def _match(item: Item, ident: str) -> str:
    answers = shuffled(right for _left, right in item.pairs)
    return "".join(_select(left, answers) for left, _right in item.pairs)


def _select(text: str, values: list[str]) -> str:
    options = "".join(f'<option value="{escape(v, quote=True)}">{escape(v)}</option>' for v in values)
    return f'<label class="quiz-pick"><span>{inline(text)}</span> <select><option value="">choose</option>{options}</select></label>'


FIELDS = {"single": _choices, "multiple": _choices, "number": _number, "order": _order, "match": _match}


def shuffled(texts) -> list[str]:
    """A fixed order that does not give the answer away."""
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).hexdigest())


def keys(bank: Bank) -> dict:
    """What the page needs to judge answers, by item id."""
    return {item.id: key(item) for item in bank.items}


def key(item: Item) -> dict:
    feedback = {name: inline(text) for name, text in item.feedback.items()}
    if item.options:
        return {"options": [{"correct": o.correct, "feedback": inline(o.feedback)} for o in item.options]}
    if item.kind == "number":
        return {"answer": item.answer, "tolerance": item.tolerance, "feedback": {"near": feedback["wrong"], **feedback}}
    if item.kind == "order":
        return {"answer": [str(item.steps.index(text) + 1) for text in shuffled(item.steps)], "feedback": feedback}
    return {"answer": [right for _left, right in item.pairs], "feedback": feedback}


def write_keys(app, error) -> None:
    """Publish the keys of the banks that pages draw."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for banks in app.env.course_quizzes.values():
        for name, content in banks.items():
            (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def setup(app) -> None:
    app.add_directive("quiz", Quiz)
    app.connect(
        "builder-inited", lambda app: setattr(app.env, "course_quizzes", getattr(app.env, "course_quizzes", {}))
    )
    app.connect("env-purge-doc", lambda app, env, docname: env.course_quizzes.pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: env.course_quizzes.update(other.course_quizzes))
    app.connect("build-finished", write_keys)
