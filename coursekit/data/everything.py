"""``course data refresh --all``: every publication in turn; the failure of one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable

from coursekit.data import counting, plans
from coursekit.data.refresh import refresh
from coursekit.errors import CourseKitError


def sources(draft: bool = False) -> dict[str, Callable[[], str]]:
    """Name of a publication -> what refreshes it: the readers of files, then the texts in which terms are counted."""
    named = {plans.module(names[0]).rsplit(".", 1)[-1]: names[0] for names in plans.families()}
    found = {source: lambda name=name: refresh(name, draft=draft) for source, name in named.items()}
    return found | ({"texts": counting.count_terms} if counting.is_planned() else {})


def refresh_all(say: Callable[[str], None], draft: bool = False) -> dict[str, tuple[bool, str]]:
    """Refresh all; returns source -> (whether it went well, its report or its sentence of refusal).

    say: called with one line before and one after each source. draft: as for ``refresh``.
    """
    every, found = sources(draft), {}
    for place, (source, action) in enumerate(every.items(), 1):
        say(f"[{place}/{len(every)}] {source} ...")
        found[source] = _attempt(action)
        say(f"[{place}/{len(every)}] {source}: {found[source][1].splitlines()[0]}")
    return found


def _attempt(action: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, action()
    except CourseKitError as error:
        return False, f"{error} Nothing was changed."
