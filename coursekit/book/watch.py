"""Build the book again whenever a file is saved, and serve it meanwhile: what an author leaves running."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from coursekit.book.build import everything, serve

PAUSE = 0.5  # seconds between two looks at the files


def watch(root: Path, out: Path, port: int, say: Callable[[str], None]) -> None:
    """Build, serve, and build again after each change until interrupted; after a build that fails too."""
    built = rebuild(root, out, say)
    threading.Thread(target=partial(loop, root, out, built, say), daemon=True).start()
    serve(out / "html", port)


def loop(root: Path, out: Path, built: str, say: Callable[[str], None]) -> None:
    """Look at the files for ever and build when they differ from those of the last build."""
    while True:
        time.sleep(PAUSE)
        if everything(root) != built:
            built = rebuild(root, out, say)


def rebuild(root: Path, out: Path, say: Callable[[str], None]) -> str:
    """Build once, in a process of its own that sees the code as it is now; the digest of what it was made from."""
    made_from, start = everything(root), time.monotonic()
    command = [sys.executable, "-m", "coursekit.cli.main", "book", "build", "--out", str(out)]
    failed = subprocess.run(command, cwd=root).returncode
    say(f"{'Not built' if failed else 'Built'} in {time.monotonic() - start:.0f} s. Waiting for the next change.")
    return made_from
