"""One zip a page: its clean notebook, the tables that it reads, the reader's wheel, and a README."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template

from coursekit import tables
from coursekit.book import reader
from coursekit.data.inputs import plain

ALWAYS = ("sources", "course")  # a data folder is known by its sources; its settings lie in course.yaml
README = """$title

A notebook of the course "$course". Nothing but Python $python or newer is needed. In this folder:

    python -m pip install jupyterlab $wheel
    python -m jupyter lab $name.ipynb

Then: Run, Run all cells. On Colab or Kaggle upload this zip beside the notebook and run its first cell.

data/ holds the tables that the notebook reads, each with a file that gives units, sources and caveats.
$wheel is the course's reader: it loads tables, draws figures and computes measures.
Text CC BY 4.0, code MIT; each table names its own terms.
"""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by path, in the order of their names, all of one date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in sorted(files.items()):
            about = zipfile.ZipInfo(name, reader.LONG_AGO)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            box.writestr(about, content)
    return buffer.getvalue()


def reader_wheel(root: Path) -> tuple[str, bytes]:
    """File name and content of the reader's wheel, which needs only what ``pyproject.toml`` lists for a reader."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    about = project["project"]
    name, version = plain(about["name"]).replace("-", "_"), about["version"]
    packages = [entry.removesuffix("*") for entry in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    (subject,) = [package for package in packages if package != reader.HOME.name]
    files = dict(reader.modules(root / subject))
    info = f"{name}-{version}.dist-info"
    files |= {f"{info}/{part}": text.encode() for part, text in _metadata(about).items()}
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    return f"{name}-{version}-py3-none-any.whl", zipped(files)


def _metadata(about: dict) -> dict[str, str]:
    needs = "".join(f"Requires-Dist: {need}\n" for need in about["dependencies"])
    head = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    return {
        "METADATA": f"{head}Summary: {about['description']}\nRequires-Python: {about['requires-python']}\n{needs}",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: coursekit\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    """The list of a wheel's files with their digests, as installers check it."""
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    lines = [
        f"{name},sha256={urlsafe_b64encode(sha256(content).digest()).rstrip(b'=').decode()},{len(content)}"
        for name, content in sorted(files.items())
    ]
    return "\n".join([*lines, f"{own},,", ""]).encode()


def data_files(names: Iterable[str]) -> dict[str, bytes]:
    """The files of tables by path: rows and manifest; a name without a table is a settings file."""
    folder = tables.data_dir()
    wanted = {folder / f"{name}{suffix}" for name in names for suffix in (".csv", tables.SUFFIX, ".yaml")}
    return {f"data/{path.name}": path.read_bytes() for path in sorted(wanted) if path.exists()}


def pack(name: str, notebook: bytes, read: Iterable[str], root: Path, course: str, whl: tuple[str, bytes]) -> bytes:
    """The zip of one notebook.

    ``read``: names of the tables it reads; ``course``: the course's title; ``whl``: the reader's wheel, by name and
    content.
    """
    wheel, content = whl
    title = re.search(r"# (.*?)(?:\\n|\")", notebook.decode())
    words = {
        "title": title[1] if title else name,
        "course": course,
        "python": _oldest_python(root),
        "wheel": wheel,
        "name": name,
    }
    files = {f"{name}.ipynb": notebook, wheel: content, "README.txt": Template(README).substitute(words).encode()}
    files |= data_files({*read, *ALWAYS})
    return zipped({f"{name}/{path}": content for path, content in files.items()})


def _oldest_python(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["requires-python"].removeprefix(">=")
