"""The course's own code as a reader needs it: pure Python for pandas, altair, Jinja2 and PyYAML, without Sphinx."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.book import reader
from coursekit.files import read_yaml

KERNEL = ("coursekit.book.live.kernel", "coursekit.book.live.compiled")  # what runs in the page beside the cells
TEMPLATES = ("book/templates/figure.html", "book/templates/figure-control.html")


def modules(subject: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of all Python that the kernel of a page needs, and of the figure's templates."""
    yield from reader.modules(subject, (*reader.ROOTS, *KERNEL))
    for path in map(reader.HOME.joinpath, TEMPLATES):
        yield f"{reader.HOME.name}/{path.relative_to(reader.HOME).as_posix()}", path.read_bytes()


def tables(data: Path) -> Iterator[tuple[str, bytes]]:
    """(path in an archive, content) of the tables and their manifests."""
    for path in sorted(data.glob("*.csv")):
        yield f"data/{path.name}", path.read_bytes()
    for path in sorted([*data.glob("*.resource.yaml"), data / "course.yaml"]):
        if path.exists():
            yield f"data/{path.name}", quicker(path)


def quicker(path: Path) -> bytes:
    """A YAML file as JSON, which is YAML and is read fifty times faster; as it is when JSON cannot hold it (a day)."""
    try:
        return json.dumps(read_yaml(path), ensure_ascii=False).encode()
    except TypeError:
        return path.read_bytes()


def archive(files: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip of the files: the same bytes for the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for name, content in files:
            zipped.writestr(zipfile.ZipInfo(name, reader.LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
