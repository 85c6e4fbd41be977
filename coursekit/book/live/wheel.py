"""The course's own code as a reader needs it: pure Python that needs pandas, altair and PyYAML, and no Sphinx."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.files import read_yaml

HOME = Path(__file__).parents[2]  # the package coursekit
# What a chapter, and the kernel of a page, import of this package; the subject's package comes whole but for REFRESH.
READER = (
    "__init__.py", "tables.py", "charts.py", "captions.py", "settings.py", "prose.py", "errors.py", "files.py",
    "templates.py", "marks/*.py", "book/__init__.py", "book/html.py", "book/layout.py", "book/palette.py",
    "book/spec.py", "book/templates/figure.html", "book/templates/figure-control.html", "book/live/__init__.py",
    "book/live/faults.py", "book/live/kernel.py", "book/live/needs.py", "book/live/shown.py",
    "book/live/standins.py",
)  # fmt: skip
REFRESH = "refresh"  # how the publishers' files are read: for whoever keeps the tables
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def modules(subject: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the reader's part of this package, and of the subject's package."""
    for pattern in READER:
        for path in sorted(HOME.glob(pattern)):
            yield f"{HOME.name}/{path.relative_to(HOME).as_posix()}", path.read_bytes()
    for path in sorted(subject.rglob("*.py")):
        if REFRESH not in path.relative_to(subject).parts:
            yield f"{subject.name}/{path.relative_to(subject).as_posix()}", path.read_bytes()


def tables(data: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the tables; manifests as JSON, which is YAML and is read fifty times faster."""
    for path in sorted(data.glob("*.csv")):
        yield f"data/{path.name}", path.read_bytes()
    for path in sorted([*data.glob("*.resource.yaml"), data / "course.yaml"]):
        if path.exists():
            yield f"data/{path.name}", json.dumps(read_yaml(path), default=str, ensure_ascii=False).encode()


def archive(files: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip of the files: the same bytes for the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for name, content in files:
            zipped.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
