"""Digests of what expressions are made from, kept between builds while no code and no table has changed at all.

Reading from the code what an expression depends on takes longer than looking whether any file has changed. So the
digests of a build are kept with one digest of the whole state; in another state they are worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coursekit.data.inputs import Inputs, digest


class Made:
    """Digests by key. ``data``: the folder of tables; ``kept``: what ``keep`` gave in an earlier build, or nothing."""

    def __init__(self, inputs: Inputs, data: Path, kept: dict):
        self.inputs, self.data = inputs, data
        self.files: set[str] = set(kept.get("files", ()))
        same = bool(kept) and kept["state"] == self.state()
        self.digests: dict[str, str] = dict(kept["digests"]) if same else {}
        self.fresh = False

    def add(self, key: str, made_from: str, files: Iterable[str]) -> None:
        """Note a digest and the files of code that it was worked out from."""
        self.digests[key] = made_from
        self.files |= set(files)
        self.fresh = True

    def state(self) -> str:
        """One digest of all files of code, of what lies beside them, of every table, of the packages."""
        files = {*self.files, *(str(path) for path in Path(__file__).parent.glob("*.py"))}
        facts = {f"file:{path}" for path in {*files, *map(str, self.data.glob("*.*"))}}
        facts |= {f"folder:{folder}" for folder in {str(self.data), *(str(Path(file).parent) for file in files)}}
        facts |= {"package:pandas", "package:numpy"}
        return digest("\n".join(f"{fact} {self.inputs.now(fact)}" for fact in sorted(facts)).encode())

    def keep(self) -> dict:
        """What the next build is given."""
        return {"digests": self.digests, "files": sorted(self.files), "state": self.state()}
