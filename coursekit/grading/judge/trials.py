"""Try answers that know nothing, and answers of other cases, on every check: `course exercise check` tells what wins.

A sample of cases gets each answer; a check that counts and passes is a fault. An answer that happens to be the right
one in a case is luck: it is a fault only when it is right in more than the stated share of the cases
(`variants: same_at_most` in exercise.yml, a quarter when it is left out).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.exercises.release import Release
from coursekit.grading.judge import blind
from coursekit.grading.judge.check import Checker
from coursekit.grading.sandbox import wire

_CHUNK = 30
_ALONE = 4  # cases in which each name is tried alone as well: what passes there does not depend on luck
_NEAR = 0.01  # an answer this near to the key, or nearer than a twentieth of it, may be right by luck
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


def problems(
    release: Release,
    checker: Checker,
    folder: Path,
    most: float = blind.SAME_AT_MOST,
    progress: Callable[[Iterable], Iterable] = iter,
) -> Iterator[str]:
    """Sentences on checks that an answer without knowledge passes.

    folder: holds the students' data files. most: largest share of cases in which one fixed answer may be right.
    progress: walks over the cases and may draw a bar.
    """
    checks = [cell for cell in release.of_kind("check") if cell["points"]]
    cases = sample(release)
    keys = [checker.keys(case)["keys"] for case in cases]
    plain = [wire.encode(value) for value in blind.plain_answers()]
    fitting = [wire.encode(value) for value in [*blind.shown_answers(release), *blind.column_answers(folder)]]
    tried = [[*_blind_trials(checks, key, plain), *_fitting_trials(checks, key, fitting)] for key in keys]
    for trials, key in zip(tried[:_ALONE], keys, strict=False):
        trials += _alone_trials(checks, key, plain)
    yield from _blind(checker, checks, cases, tried, most, progress)
    if len(cases) > 1:
        yield from _of_others(checker, checks, cases, keys, most)


def sample(release: Release) -> list[dict | None]:
    """The cases on which answers are tried: the first of the term's pool, which lies in an order of chance."""
    return release.pool[: blind.CASES] or [None]


def _blind_trials(checks: list[dict], key: Answers, plain: list[dict]) -> Iterator[Trial]:
    """All names at once with each plain answer."""
    return (_all_names(checks, key, value) for value in plain)


def _alone_trials(checks: list[dict], key: Answers, plain: list[dict]) -> Iterator[Trial]:
    """Each name alone with each plain answer, the others right; charts and tables spoilt."""
    for place in range(max(len(check["names"]) for check in checks)):
        asking = [check for check in checks if len(check["names"]) > place]
        yield from (_one_name(asking, key, place, [value] * len(asking)) for value in plain)
        yield from _spoilt(asking, key, place)


def _all_names(checks: list[dict], key: Answers, value: dict) -> Trial:
    return _trial(f"{_words(value)} for every name", {c["id"]: dict.fromkeys(c["names"], value) for c in checks}, key)


def _fitting_trials(checks: list[dict], key: Answers, fitting: list[dict]) -> Iterator[Trial]:
    """Each answer for the names whose key is of its kind; names of another kind get True, 0, nothing or no words."""
    for value in fitting:
        asking = [check for check in checks if value["k"] in {key[name]["k"] for name in check["names"]}]
        answers = {check["id"]: {name: _of_kind(key[name], value) for name in check["names"]} for check in asking}
        yield _trial(f"{_words(value)} for every name of its kind", answers, key)


_PLAIN = {kind: wire.encode(value) for kind, value in {"bool": True, "number": 0, "list": [], "text": "x"}.items()}


def _of_kind(key: dict, value: dict) -> dict:
    return value if value["k"] == key["k"] else _PLAIN.get(key["k"], wire.encode(None))


def _trial(words: str, answers: Answers, key: Answers) -> Trial:
    """A trial with the checks that luck could win: those for which all blind values are near the key's."""
    lucky = {
        check for check, values in answers.items() if all(near(value, key[name]) for name, value in values.items())
    }
    return Trial(words, answers, lucky)


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


def near(value: object, key: object) -> bool:
    """Whether a coded answer may count as the key's: equal, or numbers close to it; a chart must be equal."""
    if isinstance(key, dict) and key.get("k") != "chart":
        return isinstance(value, dict) and _near_parts(value, key)
    if isinstance(key, list):
        return isinstance(value, list) and len(value) == len(key) and all(map(near, value, key))
    return value == key or _close(value, key)


def _near_parts(value: dict, key: dict) -> bool:
    return set(value) == set(key) and all(near(value[name], key[name]) for name in set(key) - {"k"})


def _close(value: object, key: object) -> bool:
    numbers = isinstance(value, (int, float)) and isinstance(key, (int, float)) and math.isfinite(value)
    return numbers and abs(value - key) <= max(_NEAR, abs(key) / 20)


def _words(value: dict) -> str:
    text = json.dumps({name: part for name, part in value.items() if name != "k"}, ensure_ascii=False)
    return f"a {value['k']}, {text if len(text) <= 120 else text[:120] + '…'}"


def _blind(
    checker: Checker,
    checks: list[dict],
    cases: list,
    trials: list[list[Trial]],
    most: float,
    progress: Callable[[Iterable], Iterable],
) -> Iterator[str]:
    points = {check["id"]: check["points"] for check in checks}
    told, luck = {}, Counter()
    for trial, won in _tried(checker, progress(list(zip(cases, trials, strict=True))), points):
        luck.update((check, trial.words) for check in _counted(won, trial))
        told = {**dict.fromkeys(sorted(won - trial.lucky), trial.words), **told}
    for check, words in told.items():
        yield f"{check} gives {points[check]:g} points to an answer that knows nothing: {words}."
    yield from _too_lucky({row: times for row, times in luck.items() if row[0] not in told}, len(cases), most)


def _tried(
    checker: Checker, pairs: Iterable[tuple[dict | None, list[Trial]]], points: dict[str, float]
) -> Iterator[tuple[Trial, set[str]]]:
    """Each trial with the checks that it passes, case by case."""
    for case, tried in pairs:
        yield from zip(tried, _won(checker, case, [trial.answers for trial in tried], points), strict=True)


def _counted(won: set[str], trial: Trial) -> set[str]:
    """The checks that a trial won by luck, if its luck counts."""
    return won & trial.lucky if trial.whole else set()


def _too_lucky(luck: dict[tuple[str, str], int], cases: int, most: float) -> Iterator[str]:
    """A sentence on each check that one blind answer passes in more than the share `most` of the cases."""
    best = {check: max((times, words) for (name, words), times in luck.items() if name == check) for check, _ in luck}
    for check, (times, words) in best.items():
        if times > max(most * cases, 1):
            yield f"{check} is passed in {times} of {cases} cases by one blind answer: {words}."


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
    right = Counter(_right_elsewhere(checker, checks, cases, keys))
    found = {}
    for check in checks:
        times, place = max((right[check["id"], place], place) for place in range(len(cases)))
        found[check["id"]] = (times / (len(cases) - 1), cases[place])
    return found


def _right_elsewhere(
    checker: Checker, checks: list[dict], cases: list, keys: list[Answers]
) -> Iterator[tuple[str, int]]:
    """(check, place of a case) each time that the case's answer is right in another case."""
    points = {check["id"]: check["points"] for check in checks}
    sets = [_for_checks(checks, key) for key in keys]
    for place, case in enumerate(cases):
        for other, won in enumerate(_won(checker, case, sets, points)):
            yield from ((check, other) for check in won if other != place)


def _for_checks(checks: list[dict], key: Answers) -> Answers:
    """{check: the key's values of its names}."""
    return {check["id"]: {name: key[name] for name in check["names"]} for check in checks}
