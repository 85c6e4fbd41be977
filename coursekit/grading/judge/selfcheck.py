"""Prove an exercise before students see it: `course exercise check`.

The solution, the empty notebook and the typed version run through the real grader; each wrong
answer must fail a visible check of its question with that check's message; a sample of cases
must have distinct keys that pass; no answer that knows nothing, and no answer of another case,
may win a point (`coursekit.grading.judge.trials`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from coursekit.exercises.cells import Cell, solution
from coursekit.exercises.folder import Exercise
from coursekit.exercises.release import Release, make, notebook, write_data
from coursekit.grading.judge import blind, trials
from coursekit.grading.judge.engine import Bundle, Engine

SAMPLE = 12


def problems(
    exercise: Exercise,
    private: Path | None = None,
    trusted: bool = False,
    progress: Callable[[Iterable], Iterable] = iter,
) -> list[str]:
    """Sentences on all that is wrong with `exercise`; [] when it is ready. progress: walks over the cases tried."""
    release = make(exercise, "check", private)
    with closing(Engine(_bundle(exercise, release, trusted))) as engine:
        engine.sandbox.probe()
        found = [*_solution(engine, release), *_empty(engine, release), *_wrong(engine, release, exercise)]
        found = found or [*_variants(engine, release), *_typed(engine, release)]
        most, data = same_at_most(exercise), engine.folder / "data"
        return found or list(trials.problems(release, engine.checker, data, most, progress))


def same_at_most(exercise: Exercise) -> float:
    """The largest share of cases, from 0 to 1, in which one fixed answer may be right."""
    return float((exercise.meta.get("variants") or {}).get("same_at_most", blind.SAME_AT_MOST))


def _bundle(exercise: Exercise, release: Release, trusted: bool) -> Bundle:
    with tempfile.TemporaryDirectory() as folder:
        write_data(release, exercise.folder, Path(folder))
        data = tuple((path.name, path.read_bytes()) for path in sorted(Path(folder).glob("*.csv")))
    return Bundle(json.dumps(asdict(release)), data, (), trusted)


def _grade(engine: Engine, release: Release, content: dict, student: str = "author") -> dict:
    return engine.grade({"student": student, "content": content, "digest": ""})


def solved(release: Release, version: str = "code", skip: Collection[str] = ()) -> dict:
    """The notebook with the author's solution in every answer cell not in `skip`."""
    content = notebook(release, version)
    sources = {cell["id"]: cell for cell in release.of_kind("answer") if cell["question"] not in skip}
    for cell in content["cells"]:
        if cell["id"] in sources:
            source = sources[cell["id"]]
            typed = version == "no-code" and source["no_code"]
            cell["source"] = solution(typed if typed else source["source"])
    return content


def _solution(engine: Engine, release: Release) -> Iterator[str]:
    result = _grade(engine, release, solved(release))
    for question, error in result["errors"].items():
        yield f"The solution of {question} stops: {error}"
    for identity, (status, sentence) in result["checks"].items():
        if status != "passed":
            yield f"The solution does not pass {identity}: {sentence}"


def _empty(engine: Engine, release: Release) -> Iterator[str]:
    for version in ("code", "no-code"):
        result = _grade(engine, release, notebook(release, version))
        for identity, (status, _) in result["checks"].items():
            if status == "passed":
                yield f"The empty notebook ({version}) passes {identity}."


def _wrong(engine: Engine, release: Release, exercise: Exercise) -> Iterator[str]:
    """Each wrong answer must fail a check; each visible check must be failed, with its message, by one of them."""
    caught = set()
    for cell in exercise.cells:
        if cell.kind == "wrong":
            failed = _failed(engine, release, cell)
            if not failed:
                yield f"The wrong answer on line {cell.line} passes every check of {cell.question}."
            caught |= {check["id"] for check, message in failed if message in check["source"]}
    for check in release.of_kind("check"):
        if not check["hidden"] and check["id"] not in caught:
            yield f"No wrong answer of {check['question']} fails {check['id']} with its message."


def _failed(engine: Engine, release: Release, cell: Cell) -> list[tuple[dict, str]]:
    """The checks of its question that a wrong answer fails, each with the message it gets."""
    told = _grade(engine, release, _with_answer(release, cell.question, cell.source))["checks"]
    checks = [check for check in release.of_kind("check") if check["question"] == cell.question]
    return [(check, told[check["id"]][1]) for check in checks if told[check["id"]][0] == "failed"]


def _with_answer(release: Release, question: str, source: str) -> dict:
    content = solved(release, skip={question})
    for row in content["cells"]:
        if row["id"] == f"answer-{question}":
            row["source"] = source
    return content


def _variants(engine: Engine, release: Release) -> Iterator[str]:
    """Run the master copies on a sample of cases: each must pass, and keys must differ."""
    seen = {}
    for case in release.pool[:SAMPLE]:
        result = engine.checker.keys(case)
        if "fault" in result:
            yield f"The case {case} has no key: {result['fault']}"
            continue
        for identity, fault in result["broken"].items():
            yield f"The case {case} breaks {identity}: {fault}"
        text = json.dumps(result["keys"], sort_keys=True)
        if text in seen:
            yield f"The cases {seen[text]} and {case} have the same key."
        seen[text] = case


def _typed(engine: Engine, release: Release) -> Iterator[str]:
    """The typed version: each answer typed as the plain value of the key must get full marks."""
    case = release.case("author")
    keys = engine.checker.keys(case)["keys"]
    content = solved(release, "no-code")
    known = {cell["id"]: cell for cell in release.of_kind("answer")}
    for cell in content["cells"]:
        answer = known.get(cell["id"])
        if answer and answer["no_code"] is None:
            cell["source"] = "\n".join(
                f"{name} = {_literal(coded)}"
                for name, coded in keys.items()
                if name in cell_names(release, answer["question"])
            )
    result = _grade(engine, release, content)
    for identity, (status, sentence) in result["checks"].items():
        if status != "passed":
            yield f"The typed version cannot pass {identity}: {sentence}"


def cell_names(release: Release, question: str) -> set[str]:
    """The names that the checks of a question ask for."""
    return {name for check in release.of_kind("check") if check["question"] == question for name in check["names"]}


def _literal(coded: dict) -> str:
    """Python source of a coded key: numbers and texts as they are, tables as constructors."""
    from coursekit.grading.sandbox.wire import decode

    value = decode(coded)
    if type(value).__name__ == "DataFrame":
        return f"pd.DataFrame({value.to_dict('list')!r})"
    if type(value).__name__ == "Series":
        return f"pd.Series({value.to_dict()!r})"
    return repr(dict(value) if isinstance(value, dict) else value)
