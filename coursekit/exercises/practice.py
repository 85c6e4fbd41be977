"""Practice of a chapter: formative tasks in the page, with hints, checks in words and a solution after two tries.

One YAML file (``exercises/practice/<chapter>.yml``) holds them; ``practice.schema.json`` says its keys. A task asks for
code (``starter``, ``checks``) or for values that a reader finds without code (``fields``). The same text stands in the
page and in the notebook.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from numbers import Number
from pathlib import Path

from coursekit.errors import CourseKitError
from coursekit.files import read_yaml

FOLDER = "practice"  # below exercises/
SCHEMA = Path(__file__).with_name("practice.schema.json")


class PracticeError(CourseKitError):
    """A file of practice is broken. The message names file, task and fault."""


@dataclass(frozen=True)
class Check:
    """A test on the names that a reader's code made: what holds when it is true, what to look at when it is not."""

    words: str
    test: str
    otherwise: str


@dataclass(frozen=True)
class Field:
    """A value to report: a number within a tolerance, or one of the options; ``answer`` is computed."""

    label: str
    answer: float | str
    otherwise: str
    tolerance: float = 0.0
    unit: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One task: of code when it has a starter, else of values to report."""

    id: str
    outcome: str
    title: str
    minutes: int
    task: str
    hints: tuple[str, str]
    solution: str
    starter: str = ""
    checks: tuple[Check, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether the task is answered by code."""
        return bool(self.starter)


def path_of(root: Path, chapter: str) -> Path:
    """The file of a chapter's practice in the course's folder ``root``."""
    return root / "exercises" / FOLDER / f"{chapter}.yml"


def load(path: Path, evaluate: Callable | None = None) -> dict[str, Task]:
    """The tasks of a file by id, in their order, answers computed. Raises PracticeError.

    evaluate: computes an expression over measures; that of the quiz banks when left out.
    """
    content = read_yaml(path, PracticeError)
    _refuse_faults(content, path)
    if content["chapter"] != path.stem:
        raise PracticeError(f"{path.name}: chapter is {content['chapter']!r}; it must be the file's own name.")
    tasks = [_task(raw, path, evaluate or _evaluate) for raw in content["tasks"]]
    found = {task.id: task for task in tasks}
    if len(found) < len(tasks):
        raise PracticeError(f"{path.name}: two tasks share an id; give each its own.")
    return found


def _evaluate(expression: str):
    from coursekit.data import expressions

    return expressions.value(expression)


@cache
def _schema():
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _refuse_faults(content: dict, path: Path) -> None:
    from jsonschema.exceptions import best_match

    fault = best_match(_schema().iter_errors(content))
    if fault:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.absolute_path).lstrip(
            "."
        )
        raise PracticeError(f"{path.name}, {place or 'top'}: {fault.message[:200]}; see {SCHEMA.name}.")


def _task(raw: dict, path: Path, evaluate: Callable) -> Task:
    plain = {key: value for key, value in raw.items() if key not in ("checks", "fields", "hints")}
    where = f"{path.name}, task {raw['id']}"
    return Task(
        **plain | {name: raw[name].strip() for name in ("task", "solution", "starter") if name in raw},
        hints=tuple(hint.strip() for hint in raw["hints"]),
        checks=tuple(Check(**check) for check in raw.get("checks", [])),
        fields=tuple(_field(one, where, evaluate) for one in raw.get("fields", [])),
    )


def _field(raw: dict, where: str, evaluate: Callable) -> Field:
    """A field with its answer computed: a number with a tolerance, or a text among the options."""
    answer = evaluate(raw["answer"])
    options = tuple(raw.get("options", ()))
    if options and str(answer) not in options:
        raise PracticeError(
            f"{where}: {raw['answer']} gives {answer!r}, which is none of the options; mend one of them."
        )
    if not options and (not isinstance(answer, Number) or "tolerance" not in raw):
        raise PracticeError(f"{where}: {raw['label']!r} needs an answer that is a number, and a tolerance.")
    return Field(**raw | {"answer": str(answer) if options else float(answer), "options": options})


def minutes(path: Path, names: list[str]) -> float:
    """Minutes that the named tasks of a file state together; 0 without the file. Answers are not computed."""
    if not path.exists():
        return 0
    return sum(raw["minutes"] for raw in read_yaml(path, PracticeError)["tasks"] if raw["id"] in names)
