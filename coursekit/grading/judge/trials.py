"""Try answers that know nothing, and answers of other cases, on every check: `course exercise check` tells what wins.

A sample of cases gets each answer; a check that counts and passes is a fault. An answer that happens to be the right
one in a case is luck: it is a fault only when it is right in more than the stated share of the cases
(`variants: same_at_most` in exercise.yml, a quarter when it is left out).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.grading.judge import blind
from coursekit.grading.judge.check import Checker
from coursekit.grading.sandbox import wire

_CHUNK = 30
_NEAR = 0.03  # an answer this near to the key, or nearer than a twentieth of it, may be right by luck
Answers = dict[str, dict]  # check id: {name: coded answer}


@dataclass
class Trial:
    """One set of answers to a case: what it is, in words, the answers by check, and the checks where luck could win.

    whole: all names are blind, so that luck counts; with one blind name beside right ones it says nothing.
    """

    words: str
    answers: Answers
    lucky: set[str] = field(default_factory=set)
    whole: bool = True


def problems(release: Release, checker: Checker, folder: Path, most: float = blind.SAME_AT_MOST) -> Iterator[str]:
    """Sentences on checks that an answer without knowledge passes; `folder` holds the students' data files."""
    checks = [cell for cell in release.of_kind("check") if cell["points"]]
    cases = sample(release)
    keys = [checker.keys(case)["keys"] for case in cases]
    known = [wire.encode(value) for value in _known(release, folder)]
    yield from _blind(checker, checks, cases, [list(_blind_trials(checks, key, known)) for key in keys], most)
    if len(cases) > 1:
        yield from _of_others(checker, checks, cases, keys, most)


def sample(release: Release) -> list[dict | None]:
    """The cases on which answers are tried: the first of the term's pool, which lies in an order of chance."""
    return release.pool[: blind.CASES] or [None]


def _known(release: Release, folder: Path) -> list[object]:
    return [*blind.plain_answers(), *blind.shown_answers(release), *blind.column_answers(folder)]


def _blind_trials(checks: list[dict], key: Answers, known: list[dict]) -> Iterator[Trial]:
    """All names at once with each known answer; each name alone, the others right; charts and tables spoilt."""
    for value in known:
        yield _all_names(checks, key, value)
    depth = max(len(check["names"]) for check in checks)
    for place in range(depth):
        asking = [check for check in checks if len(check["names"]) > place]
        for value in known[: len(blind.plain_answers())]:
            yield _one_name(asking, key, place, [value] * len(asking))
        yield from _spoilt(asking, key, place)


def _all_names(checks: list[dict], key: Answers, value: dict) -> Trial:
    answers = {check["id"]: dict.fromkeys(check["names"], value) for check in checks}
    lucky = {check["id"] for check in checks if all(near(value, key[name]) for name in check["names"])}
    return Trial(f"{_words(value)} for every name", answers, lucky)


def _one_name(checks: list[dict], key: Answers, place: int, values: list[dict]) -> Trial:
    """The name at `place` of each check gets its value; the other names have the key's."""
    answers, lucky = {}, set()
    for check, value in zip(checks, values, strict=True):
        name = check["names"][place]
        answers[check["id"]] = {other: key[other] for other in check["names"]} | {name: value}
        lucky |= {check["id"]} if near(value, key[name]) else set()
    return Trial(f"{_words(values[0])} for one name, the others right", answers, lucky, whole=False)


def _spoilt(checks: list[dict], key: Answers, place: int) -> Iterator[Trial]:
    """Keys spoilt in a way of their kind, such as a chart without marks; the others right."""
    for check in checks:
        own = key[check["names"][place]]
        for value in blind.like(own):
            if value != own:
                yield _one_name([check], key, place, [value])


def near(value: dict, key: dict) -> bool:
    """Whether a coded answer may count as the key's: equal, or a number close to it."""
    if value == key:
        return True
    mine, right = value.get("v"), key.get("v")
    if not (isinstance(mine, (int, float)) and isinstance(right, (int, float))) or not math.isfinite(mine):
        return False
    return abs(mine - right) <= max(_NEAR, abs(right) / 20)


def _words(value: dict) -> str:
    text = json.dumps({name: part for name, part in value.items() if name != "k"}, ensure_ascii=False)
    return f"a {value['k']}, {text if len(text) <= 120 else text[:120] + '…'}"


def _blind(checker: Checker, checks: list[dict], cases: list, trials: list[list[Trial]], most: float) -> Iterator[str]:
    points = {check["id"]: check["points"] for check in checks}
    told, luck = set(), Counter()
    for case, tried in zip(cases, trials, strict=True):
        for trial, won in zip(tried, _won(checker, case, [trial.answers for trial in tried], points), strict=True):
            luck.update((check, trial.words) for check in won & trial.lucky if trial.whole)
            for check in sorted(won - trial.lucky - told):
                told.add(check)
                yield f"{check} gives {points[check]:g} points to an answer that knows nothing: {trial.words}."
    for (check, words), times in luck.items():
        if times > max(most * len(cases), 1) and check not in told and len(cases) > 1:
            told.add(check)
            yield f"{check} is passed in {times} of {len(cases)} cases by one blind answer: {words}."


def _won(checker: Checker, case: dict | None, answers: list[Answers], points: dict[str, float]) -> Iterator[set[str]]:
    """The checks that each set of answers passes, among those that it answers."""
    for start in range(0, len(answers), _CHUNK):
        part = answers[start : start + _CHUNK]
        for verdicts, asked in zip(checker.many(case, part), part, strict=True):
            yield {name for name in asked if name in points and verdicts[name][0] == "passed"}


def _of_others(checker: Checker, checks: list[dict], cases: list, keys: list[Answers], most: float) -> Iterator[str]:
    for name, (share, case) in shares(checker, checks, cases, keys).items():
        if share > most:
            yield (
                f"{name} hardly depends on the case: the answer of {case} is right in {share:.0%} of the other cases "
                f"(at most {most:.0%}, `same_at_most` in exercise.yml)."
            )


def shares(checker: Checker, checks: list[dict], cases: list, keys: list[Answers]) -> dict[str, tuple[float, dict]]:
    """{check: (largest share of other cases in which one case's answer is right, that case)}."""
    points = {check["id"]: check["points"] for check in checks}
    sets = [{check["id"]: {name: key[name] for name in check["names"]} for check in checks} for key in keys]
    right = Counter()
    for place, case in enumerate(cases):
        others = [other for other in range(len(cases)) if other != place]
        for other, won in zip(others, _won(checker, case, [sets[other] for other in others], points), strict=True):
            right.update((check, other) for check in won)
    best = {check: max(range(len(cases)), key=lambda other: right[check, other]) for check in points}
    return {check: (right[check, other] / (len(cases) - 1), cases[other]) for check, other in best.items()}
