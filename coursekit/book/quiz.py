"""Self-check questions in the page: ``{quiz} 04-money`` draws a chapter's bank, or the items named in ``:items:``.

Ours rather than jupyterquiz: that library has no ARIA and writes the answers into the page. Here each question is a
fieldset with a legend, works by keyboard and speaks its feedback through a live region. Its key stands in a data file
that is loaded when a reader first checks an answer; the file's name carries its content, so no old key is ever read.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it import MarkdownIt
from markupsafe import Markup

from coursekit import files
from coursekit.book.directives import CourseDirective
from coursekit.book.html import environment, render
from coursekit.book.site import keep_only
from coursekit.exercises.quiz_text import stars_in_words
from coursekit.exercises.quizzes import Bank, Item, QuizError, kept_bank

FOLDER = "_static/quiz"
MARKDOWN = stars_in_words(MarkdownIt())
TEMPLATES = {"single": "choices", "multiple": "choices", "order": "picks", "match": "picks"}
SCRIPTS = ("quizstore", "quizdraw", "quiz")


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
            bank = self.bank(path)
            items = self.chosen(bank)
        except QuizError as error:
            return self.refuse(str(error))
        html = Markup("").join([*self.questions(bank, items), self.where_kept()])
        return [nodes.raw("", html, format="html")]

    def where_kept(self) -> Markup:
        """One line a page: where answers are kept, and the page that shows and forgets them."""
        mine = next((doc for doc in self.env.found_docs if doc.split("/")[-1] == "my-course"), "")
        if self.env.temp_data.setdefault("course_told_where", not mine):
            return Markup("")
        self.env.temp_data["course_told_where"] = True
        return render("quiz/kept.html", address=f"{self.root()}{mine}.html")

    def bank(self, path: Path) -> Bank:
        """The bank, computed once a page."""
        banks = self.env.temp_data.setdefault("course_banks", {})
        if path not in banks:
            banks[path] = kept_bank(path)
        return banks[path]

    def questions(self, bank: Bank, items: list[Item]) -> list[Markup]:
        """The forms, numbered through the page; their keys and titles are noted for the files written at the end."""
        file, text = data_script(bank.chapter, f"quiz:{bank.chapter}", keys(bank))
        noted = self.env.course_quizzes.setdefault(self.env.docname, {"files": {}, "questions": []})
        noted["files"][file] = text
        noted["questions"] += [entry(item, bank, self.env.docname) for item in items]
        first = self.env.temp_data.get("course_question", 1)
        self.env.temp_data["course_question"] = first + len(items)
        url = f"{self.root()}{FOLDER}/{file}"
        return [question(item, number, bank.chapter, url) for number, item in enumerate(items, first)]

    def chosen(self, bank: Bank) -> list[Item]:
        """The items that the options name; a name that is not in the bank is a QuizError."""
        by_id = {item.id: item for item in bank.items}
        wanted = self.options.get("items", "").split() or [
            i for i in by_id if i not in self.options.get("except", "").split()
        ]
        for name in wanted + self.options.get("except", "").split():
            if name not in by_id:
                raise QuizError(f"{bank.path.name} has no item '{name}'; it has {', '.join(by_id)}.")
        return [by_id[name] for name in wanted]


def inline(text: str) -> Markup:
    """Markdown of one line as HTML; the text is the course's own."""
    return Markup(MARKDOWN.renderInline(text))


def plain(text: str) -> str:
    """Markdown of one line as bare text, for titles and the reader's own records."""
    return " ".join(Markup(inline(text)).striptags().split())


def question(item: Item, number: int, chapter: str, url: str) -> Markup:
    """One question as a form. ``url``: the data file that holds its key."""
    environment().filters.setdefault("words", inline)
    return render(
        "quiz/question.html",
        item=item,
        ident=f"quiz-{item.id}",
        number=number,
        chapter=chapter,
        bank=url,
        version=version(item),
        fields=TEMPLATES.get(item.kind, item.kind),
        chances=chances,
        **EXTRAS.get(item.kind, lambda item: {})(item),
    )


def chances(options: int) -> list[int]:
    """The percentages a reader can state for the most likely of some options: from a pure guess to 99."""
    guess = math.ceil(100 / options)
    return [guess, *range(10 * (guess // 10 + 1), 100, 10), 95, 99]


def _order(item: Item) -> dict:
    return {"lines": shuffled(item.steps), "choices": [str(place) for place in range(1, len(item.steps) + 1)]}


def _match(item: Item) -> dict:
    return {"lines": [left for left, _right in item.pairs], "choices": shuffled(right for _left, right in item.pairs)}


def _estimate(item: Item) -> dict:
    ends = {"low": item.scale.low, "high": item.scale.high}
    return {name: f"{end:,.{item.scale.digits}f}".replace("-", "−") for name, end in ends.items()}


def _draw(item: Item) -> dict:
    drawing, scale = item.drawing, item.scale
    shown = {
        "form": drawing.form,
        "labels": drawing.labels,
        "given": drawing.truth[: drawing.given],
        "start": drawing.start,
        "low": scale.low,
        "high": scale.high,
        "step": scale.step,
        "digits": scale.digits,
        "unit": item.unit,
    }
    return {"drawing": json.dumps(shown, ensure_ascii=False)}


EXTRAS = {"order": _order, "match": _match, "estimate": _estimate, "draw": _draw}


def shuffled(texts) -> list[str]:
    """A fixed order that does not give the answer away."""
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).hexdigest())


def digest(text: str) -> str:
    """Eight letters that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def version(item: Item) -> str:
    """Changes when the question or its key changes, not with a word of the feedback: an old answer is then dropped."""
    choices = [(option.text, option.correct) for option in item.options]
    parts = (item.kind, item.prompt, choices, item.answer, item.steps, item.pairs, item.scale, item.drawing, item.grid)
    return digest(repr(parts))


def keys(bank: Bank) -> dict:
    """What the page needs to judge answers, by item id."""
    return {item.id: key(item) for item in bank.items}


def key(item: Item) -> dict:
    """The key of one item: answers as the page's fields give them, and the feedback as HTML."""
    feedback = {name: inline(text) for name, text in item.feedback.items()}
    if item.options:
        return {"options": [{"correct": o.correct, "feedback": inline(o.feedback)} for o in item.options]}
    return {**KEYS[item.kind](item), "feedback": feedback}


KEYS = {
    "number": lambda item: {"answer": item.answer, "tolerance": item.tolerance, "unit": item.unit},
    "estimate": lambda item: {"answer": item.answer, "tolerance": item.tolerance},
    "order": lambda item: {"answer": [str(item.steps.index(text) + 1) for text in shuffled(item.steps)]},
    "match": lambda item: {"answer": [right for _left, right in item.pairs]},
    "draw": lambda item: {"truth": item.drawing.truth, "figure": item.drawing.figure},
    "cells": lambda item: {"answers": item.grid.answers, "tolerances": item.grid.tolerances},
}


def entry(item: Item, bank: Bank, docname: str) -> dict:
    """What *My course* knows of a question: where it stands and what it is called."""
    words = plain(item.title or item.prompt)
    return {
        "id": f"{bank.chapter}/{item.id}",
        "title": words if len(words) <= 90 else f"{words[:90].rpartition(' ')[0]} …",
        "page": docname,
        "anchor": f"quiz-{item.id}",
        "kind": item.kind,
        "tag": item.tag,
    }


def data_script(name: str, key: str, value: object) -> tuple[str, str]:
    """File name and text of a script that hands ``value`` to the page under ``key``; the name carries the content."""
    text = f"course.keep({json.dumps(key)}, {json.dumps(value, ensure_ascii=False)});\n"
    return f"{name}.{digest(text)}.js", text


def write_keys(app, error) -> None:
    """Publish the keys of the banks that pages draw, and remove those of an earlier build."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: text for noted in app.env.course_quizzes.values() for name, text in noted["files"].items()}
    for name, text in wanted.items():
        files.write_text(folder / name, text)
    keep_only(folder, wanted)


def add_scripts(app, pagename, templatename, context, doctree) -> None:
    """Only a page with questions loads the scripts that judge them."""
    if pagename in app.env.course_quizzes:
        for name in SCRIPTS:
            app.add_js_file(f"course/{name}.js", defer="defer")


def setup(app) -> None:
    """Register the directive, the notes that it keeps, and the files made of them."""
    app.add_directive("quiz", Quiz)
    app.connect(
        "builder-inited", lambda app: setattr(app.env, "course_quizzes", getattr(app.env, "course_quizzes", {}))
    )
    app.connect("env-purge-doc", lambda app, env, docname: env.course_quizzes.pop(docname, None))
    app.connect("env-merge-info", lambda app, env, docnames, other: env.course_quizzes.update(other.course_quizzes))
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_keys)
