"""Wait for a page whose content policy forbids Playwright's own way of waiting for an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TRIES, _BETWEEN = 400, 50  # milliseconds between two tries: 20 seconds in all


def comes(page: Page, script: str) -> None:
    """Wait until an expression in the page is true; AssertionError when it never is."""
    for _ in range(_TRIES):
        if page.evaluate(script):
            return
        page.wait_for_timeout(_BETWEEN)
    raise AssertionError(f"never came: {script}")
