"""What something was made from, and whether that is still the same: facts and their digests.

A fact is a short text such as ``file:data/pledges.csv``, ``folder:data`` or ``package:pandas``; a record maps facts to
the digests they had. Notebooks and pages are made anew when a fact of theirs no longer holds, and only then.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path

GONE = "gone"
BUILT = ("_build", ".git", ".venv", "__pycache__")


def digest(content: bytes) -> str:
    """A short name of some bytes."""
    return hashlib.sha256(content).hexdigest()[:20]


def plain(name: str) -> str:
    """A distribution's name in the one spelling that all its spellings share."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _digest_of(path: str, _changed: int, _size: int) -> str:
    return digest(Path(path).read_bytes())


class Inputs:
    """Digests of facts as they are now; packages are looked up once, and when ``still`` files too, as in a build."""

    def __init__(self, root: Path, still: bool = False):
        self.root, self.still = root.resolve(), still
        self._known: dict[str, str] = {}

    def now(self, fact: str) -> str:
        """The digest of a fact: ``file:``, ``folder:`` and ``package:`` are known kinds."""
        if self.still and fact in self._known:
            return self._known[fact]
        kind, _, name = fact.partition(":")
        found = {"file": self._file, "folder": self._folder, "package": self._package}[kind](name)
        self._known[fact] = found
        return found

    def record(self, facts) -> dict[str, str]:
        """The given facts with their digests, sorted."""
        return {fact: self.now(fact) for fact in sorted(facts)}

    def changed(self, record: dict[str, str]) -> list[str]:
        """The facts of a record that no longer hold."""
        return [fact for fact, was in record.items() if self.now(fact) != was]

    def facts(self, report: dict) -> set[str]:
        """The facts behind a recorder's report, its ``code`` aside: what it read by content, packages by version."""
        files = self._local(report["files"]) | (self._local(report["modules"]) - set(self.code(report)))
        return {
            *(f"file:{path}" for path in files),
            *(f"folder:{self._short(path)}" for path in report["folders"] if not self.installed(path)),
            *(f"package:{name}" for path in report["modules"] for name in self._distributions_of(path)),
            "package:python",
        }

    def _local(self, paths: list[str]) -> set[str]:
        """The files among paths that are not installed, by their short names."""
        return {self._short(path) for path in paths if not self.installed(path) and self._counts(path)}

    def code(self, report: dict) -> list[str]:
        """The course's own modules that were imported, as files of Python code."""
        return sorted(path for path in self._local(report["modules"]) if path.endswith(".py"))

    def _short(self, path: str) -> str:
        found = Path(path).resolve()
        return found.relative_to(self.root).as_posix() if found.is_relative_to(self.root) else str(found)

    def _counts(self, path: str) -> bool:
        """Files that are written by Python or the build itself are no inputs, and names of no file neither."""
        parts = Path(self._short(path)).parts
        return not set(parts) & set(BUILT) and Path(path).is_file()

    def installed(self, path: str) -> bool:
        return any(path.startswith(place) for place in self._places)

    def _distributions_of(self, path: str) -> list[str]:
        place = next((place for place in self._packages if path.startswith(place)), None)
        top = Path(path).relative_to(place).parts[0].split(".")[0] if place else ""
        return self._owners.get(top, [])

    def _file(self, name: str) -> str:
        try:
            about = os.stat(self.root / name)
            return _digest_of(str(self.root / name), about.st_mtime_ns, about.st_size)
        except OSError:
            return GONE

    def _folder(self, name: str) -> str:
        path = self.root / name
        names = sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []
        return digest("\n".join(name for name in names if name not in BUILT).encode())

    def environment(self) -> str:
        """One digest of Python and of every installed package's version."""
        return digest(f"{sys.version} {sorted(self._versions.items())}".encode())

    def _package(self, name: str) -> str:
        return sys.version if name == "python" else self._versions.get(name, GONE)

    @cached_property
    def _versions(self) -> dict[str, str]:
        """Versions by distribution, read from the names of the ``.dist-info`` folders: quick, no file is opened."""
        found = [entry.name for place in self._packages for entry in Path(place).glob("*.dist-info")]
        pairs = (name.removesuffix(".dist-info").rsplit("-", 1) for name in found)
        return {plain(pair[0]): pair[-1] for pair in pairs}

    @cached_property
    def _packages(self) -> list[str]:
        return sorted({sysconfig.get_path(kind) + "/" for kind in ("purelib", "platlib")})

    @cached_property
    def _places(self) -> list[str]:
        """Where installed code lies: packages and the standard library."""
        return [*self._packages, *(sysconfig.get_path(kind) + "/" for kind in ("stdlib", "platstdlib"))]

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        """Distributions by the name of the package they bring."""
        found = metadata.packages_distributions()
        return {top: sorted({plain(name) for name in names}) for top, names in found.items()}
