"""*My course*: what a reader has answered, from the browser's own store, and the index of questions it is laid over.

``{my-course}`` draws the empty page; ``mycourse.js`` fills it. ``{my-course} sure predictions`` draws only these parts,
one heading lower, for a chapter that looks back. An element with ``data-course-progress``, on any page,
gets one sentence on how far the reader is. Both need the index of all questions: a data file named by its content,
whose address stands in the page's ``<meta name="course-questions">``.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes

from coursekit import files
from coursekit.book.directives import CourseDirective
from coursekit.book.html import render
from coursekit.book.quiz import FOLDER, data_script

SCRIPTS = {"course-mine": ("quizstore", "mycourse"), "data-course-progress": ("quizstore", "quizprogress")}


PARTS = ("progress", "sure", "ranges", "predictions", "answers", "files")


class MyCourse(CourseDirective):
    """Progress, answers and predictions of the reader who opens the page; the argument names the parts, none: all."""

    optional_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list:
        named = self.arguments[0].split() if self.arguments else []
        if unknown := [name for name in named if name not in PARTS]:
            return self.refuse(f"my-course has no part '{unknown[0]}'; write some of {', '.join(PARTS)}.")
        self.env.course_quizzes.setdefault(self.env.docname, {"files": {}, "questions": []})["mine"] = True
        text = render("quiz/my-course.html", parts=named or PARTS, heading="h3" if named else "h2", whole=not named)
        return [nodes.raw("", text, format="html")]


def index(env) -> tuple[str, str]:
    """File name and text of the index: the book's name, its chapters with questions, and their questions in order."""
    noted = {doc: env.course_quizzes[doc]["questions"] for doc in sorted(env.course_quizzes)}
    content = {
        "book": env.config.project,
        "chapters": [{"page": doc, **chapter(doc, env.titles[doc].astext())} for doc, found in noted.items() if found],
        "questions": [question for found in noted.values() for question in found],
    }
    return data_script("questions", "questions", content)


def chapter(docname: str, title: str) -> dict:
    """How a sentence names the page: its title, and the number that its file's name begins with."""
    number = re.match(r"(?:.*/)?0*(\d+)-", docname)
    return {"title": title, "words": f"chapter {number[1]}" if number else title}


def renew(app, env) -> list[str]:
    """The pages to write anew because the index has another name than at the build before."""
    name, _text = index(env)
    old, env.course_index = getattr(env, "course_index", None), name
    mine = [doc for doc, noted in env.course_quizzes.items() if noted.get("mine")]
    return [] if name == old else [env.config.root_doc, *mine]


def add_scripts(app, pagename, templatename, context, doctree) -> None:
    """Only a page that shows progress gets the address of the index and the scripts that read it."""
    names = [name for mark, found in SCRIPTS.items() if mark in context.get("body", "") for name in found]
    if not names:
        return
    address = f"{files.up_to_root(pagename)}{FOLDER}/{index(app.env)[0]}"
    context["metatags"] = str(context.get("metatags", "")) + str(render("quiz/address.html", address=address))
    for name in dict.fromkeys(names):
        app.add_js_file(f"course/{name}.js", defer="defer")


def write_index(app, error) -> None:
    """Publish the index beside the keys (after quiz.write_keys has swept the folder)."""
    if error or app.builder.format != "html":
        return
    name, text = index(app.env)
    files.write_text(Path(app.outdir, FOLDER, name), text)


def setup(app) -> None:
    """Register the directive and what keeps its index current."""
    app.add_directive("my-course", MyCourse)
    app.connect("env-updated", renew)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_index, priority=600)
