"""Practice in the page: ``{practice} 04-money`` draws a chapter's tasks, or those named in ``:tasks:``.

Hints, solutions, answers and tests stand in a data file that is loaded when a reader first asks for one. A task of code
runs in the page's Python; without it the task says so, and hints and solution are there all the same.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it import MarkdownIt
from markupsafe import Markup

from coursekit.book.directives import CourseDirective
from coursekit.book.html import render
from coursekit.book.live.prove import faults
from coursekit.book.quiz import FOLDER, data_script, digest, plain
from coursekit.exercises.practice import PracticeError, Task, load, path_of
from coursekit.exercises.quiz_text import stars_in_words

MARKDOWN = stars_in_words(MarkdownIt())
SCRIPTS = ("quizstore", "practice")


class Practice(CourseDirective):
    """Draw tasks of a chapter's practice, each proved first."""

    required_arguments = 1
    option_spec = {"tasks": directives.unchanged}

    def build(self) -> list:
        root, chapter = Path(self.env.srcdir), self.arguments[0]
        file = path_of(root, chapter)
        self.env.note_dependency(str(file))
        try:
            tasks = chosen(load(file), self.options.get("tasks", ""), file.name)
        except PracticeError as error:
            return self.refuse(str(error))
        page = Path(self.env.doc2path(self.env.docname))
        coded = [task.id for task in tasks if task.is_code]
        found = faults(page, file, coded) if coded else []
        for sentence in found:
            self.refuse(sentence)
        return [nodes.raw("", self.forms(chapter, tasks), format="html")] if not found else []

    def forms(self, chapter: str, tasks: list[Task]) -> Markup:
        """The tasks as forms; their keys and titles are noted beside those of the questions."""
        names = "-".join(task.id for task in tasks)
        key = f"practice:{chapter}:{names}"
        file, text = data_script(f"practice-{chapter}-{digest(names)}", key, {task.id: secret(task) for task in tasks})
        noted = self.env.course_quizzes.setdefault(self.env.docname, {"files": {}, "questions": []})
        noted["files"][file] = text
        noted["questions"] += [entry(task, chapter, self.env.docname) for task in tasks]
        noted["practice"] = True
        address = f"{self.root()}{FOLDER}/{file}"
        return Markup("").join(form(task, chapter, key, address) for task in tasks)


def chosen(tasks: dict[str, Task], names: str, file: str) -> list[Task]:
    """The tasks named; all without names. Raises PracticeError for a name that the file lacks."""
    wanted = names.split() or list(tasks)
    strange = [name for name in wanted if name not in tasks]
    if strange:
        raise PracticeError(f"{file} has no task '{strange[0]}'; it has {', '.join(tasks)}.")
    return [tasks[name] for name in wanted]


def html(text: str) -> Markup:
    """Markdown of the course's own as HTML."""
    return Markup(MARKDOWN.render(text))


def secret(task: Task) -> dict:
    """What the page is told only when the reader asks: hints and solution as HTML, tests and answers."""
    solution = render("live/code.html", code=task.solution) if task.is_code else html(task.solution)
    return {
        "hints": [html(hint) for hint in task.hints],
        "solution": solution,
        "starter": task.starter,
        "checks": [
            vars(check) | {"words": plain(check.words), "otherwise": plain(check.otherwise)} for check in task.checks
        ],
        "fields": [vars(field) | {"options": list(field.options)} for field in task.fields],
    }


def version(task: Task) -> str:
    """Changes with what is asked, not with a hint: an old answer is then dropped."""
    return digest(repr((task.task, task.starter, task.checks, task.fields)))


def entry(task: Task, chapter: str, docname: str) -> dict:
    """What *My course* knows of a task, as of a question."""
    return {
        "id": f"{chapter}/practice-{task.id}",
        "title": plain(task.title),
        "page": docname,
        "anchor": f"practice-{task.id}",
        "kind": "practice",
        "tag": "practice",
    }


def form(task: Task, chapter: str, key: str, address: str) -> Markup:
    """One task as a form."""
    return render(
        "live/practice.html",
        task=task,
        words=html(task.task),
        chapter=chapter,
        key=key,
        address=address,
        version=version(task),
    )


def add_scripts(app, pagename, templatename, context, doctree) -> None:
    """Only a page with tasks loads the script that judges them."""
    if app.env.course_quizzes.get(pagename, {}).get("practice"):
        for name in SCRIPTS:
            app.add_js_file(f"course/{name}.js", defer="defer")


def setup(app) -> None:
    app.add_directive("practice", Practice)
    app.connect("html-page-context", add_scripts)
