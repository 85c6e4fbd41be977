"""Find a Chromium for the browser tests, or get one.

Debian's package (its headless build, the quickest) when root, else Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HELP = (
    "No Chromium found and none could be installed: install the package 'chromium' of your system, "
    "or run '.venv/bin/playwright install chromium', then repeat."
)


def find() -> str | None:
    """Path of an installed Chromium, or None."""
    named = [os.environ.get("CHROMIUM", ""), *(shutil.which(name) or "" for name in NAMES), _playwrights_own()]
    return next((path for path in named if path and Path(path).exists()), None)


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        return p.chromium.executable_path


def debian(*packages: str) -> bool:
    """Install Debian packages when this is root on Debian; True when they went in."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], **quiet)
    return subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], **quiet).returncode == 0


def get() -> str | None:
    """Install one way or another; the path, or None when nothing worked."""
    if not find():
        debian("chromium-headless-shell", "fonts-dejavu-core") or subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"]
        )
    return find()


if __name__ == "__main__":
    if not shutil.which("bwrap") and not debian("bubblewrap"):
        print(
            "bubblewrap is missing, so the grader's sandbox tests will fail: install the package 'bubblewrap'.",
            file=sys.stderr,
        )
    path = get()
    if not path:
        sys.exit(HELP)
    print(f"Chromium: {path}")
