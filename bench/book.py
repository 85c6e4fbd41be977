"""How long a clean build, an edited chapter and an untouched book take, in a copy of the checkout."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
LEAVE = shutil.ignore_patterns("_build", ".venv", ".git", "data/editions", "*.egg-info", "__pycache__", ".*_cache")


def timed_build(folder: Path) -> float:
    start = perf_counter()
    code = "import sys; from pathlib import Path; sys.path.insert(0, '.');"
    code += "from coursekit.book.build import build; build(Path.cwd(), Path('_build'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"the build failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return perf_counter() - start


def run():
    """Seconds, installation not counted."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "course")
        shutil.copytree(ROOT, folder, ignore=LEAVE)
        yield "clean build", timed_build(folder), "s", "<= 120"
        yield "no edit", timed_build(folder), "s", "<= 15"
        chapter = sorted((folder / "chapters").glob("[0-9]*.md"))[0]
        chapter.write_text(
            chapter.read_text(encoding="utf-8")
            + "\nOne more sentence.\n\n```{code-cell} ipython3\n:tags: [remove-cell]\n1 + 1\n```\n",
            encoding="utf-8",
        )
        yield f"edit of {chapter.stem}", timed_build(folder), "s", "<= 25"
