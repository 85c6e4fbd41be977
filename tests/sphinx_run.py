"""Sphinx on a small book of a test, in a process of its own, with what earlier builds of the course have computed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

# As `course book build` does it: values of expressions are looked up under digests of all that they were made from.
BUILD = """
import sys
from pathlib import Path
from sphinx.cmd.build import main
from coursekit.data import expressions
values = expressions.keep(Path(sys.argv[1]))
failed = main(sys.argv[2:])
values.save()
sys.exit(failed)
"""
KEPT = {"expressions.json": "expressions.json", ".doctrees/styles.json": "_out/.doctrees/styles.json"}


def run(folder: Path, *options: str, anew: bool = False) -> subprocess.CompletedProcess:
    """Build ``folder`` to ``folder/_out`` as HTML; ``options`` go to Sphinx. anew: with nothing computed before."""
    for kept, place in KEPT.items():
        if not anew and (ROOT / "_build" / kept).exists() and not (folder / place).exists():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "_build" / kept, folder / place)
    given = [folder / "expressions.json", *options, "-q", "-N", "-b", "html", folder, folder / "_out"]
    command = [sys.executable, "-c", BUILD, *map(str, given)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)
