"""Files the course reads and writes: one strict YAML reader, one atomic write, one relative link.

``read_yaml`` refuses a key written twice; ``known_keys`` refuses a misspelt or missing one; ``write_text`` never leaves
half a file. Only PyYAML and the standard library are needed, so this also runs in the browser.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import yaml

from coursekit.errors import CourseKitError


class FileError(CourseKitError):
    """A file cannot be read as what it should be. The message names file, line and fault."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A safe loader that refuses a key written twice."""


def _mapping(loader: yaml.Loader, node: yaml.MappingNode) -> dict:
    loader.flatten_mapping(node)
    seen = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is written twice", key_node.start_mark
            )
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_yaml(text: str, where: str, error: type[CourseKitError] = FileError) -> object:
    """The content of YAML ``text``. Raises ``error`` naming ``where``, line and fault.

    JSON is YAML, too; Python reads it fifty times faster, which is why a reader's browser gets manifests as JSON.
    """
    if text.startswith("{") and (content := _json_or_none(text)) is not None:
        return content
    try:
        return yaml.load(text, _Loader)
    except yaml.YAMLError as fault:
        bare = _without_colon(text, fault)
        if bare is not None:
            said = f"{where}, line {bare + 1}: {text.splitlines()[bare].strip()!r} has no colon"
            raise error(f"{said}; write it as 'key: value'.") from None
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or fault
        ours = isinstance(
            fault, yaml.constructor.ConstructorError
        )  # a key written twice: the file is YAML all the same
        raise error(f"{where}{line}: {problem if ours else f'not valid YAML ({problem})'}; mend the line.") from None


def _without_colon(text: str, fault: yaml.YAMLError) -> int | None:
    """The line (from 0) that lacks its colon, when that is what stopped the reader; None for every other fault.

    The reader either says where such a line began (its context), or goes on and stumbles over the colon of the next.
    """
    problem = str(getattr(fault, "problem", ""))
    if problem.startswith("could not find expected ':'"):
        number = fault.context_mark.line
    elif problem.startswith("mapping values are not allowed"):
        number = _last_written(text.splitlines()[: fault.problem_mark.line])
    else:
        return None
    bare = number is not None and ":" not in text.splitlines()[number].partition(" #")[0]
    return number if bare else None


def _last_written(lines: list[str]) -> int | None:
    """The number of the last line that is neither empty nor a comment; None without one."""
    written = [number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    return written[-1] if written else None


def _json_or_none(text: str) -> object | None:
    """The content of JSON; None for other text and for a key written twice, which the YAML reader then names."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except ValueError:
        return None


def _once(pairs: list[tuple]) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is written twice")
    return dict(pairs)


def read_yaml(path: Path, error: type[CourseKitError] = FileError) -> dict:
    """The mapping in the YAML file ``path``. Raises ``error`` naming file, line and fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error(f"{path}: there is no such file.") from None
    except UnicodeDecodeError:
        raise error(f"{path}: the file is not UTF-8 text; save it as UTF-8.") from None
    content = parse_yaml(text, str(path), error)
    if not isinstance(content, dict):
        raise error(f"{path}: the file must be a mapping of keys to values.")
    return content


def read_settings(path: Path, error: type[CourseKitError] = FileError) -> dict:
    """The settings in the YAML file ``path``; {} for a file that is missing or empty. Raises ``error``."""
    found = (parse_yaml(path.read_text(encoding="utf-8"), path.name, error) if path.exists() else None) or {}
    if not isinstance(found, dict):
        raise error(f"{path.name}: every setting is a key with a value; write each line as 'key: value'.")
    return found


def known_keys(
    mapping: object,
    where: str,
    error: type[CourseKitError],
    required: Iterable[str] = (),
    optional: Iterable[str] = (),
) -> None:
    """Raise ``error`` unless ``mapping`` has every required key, filled, and no unknown one."""
    if not isinstance(mapping, dict):
        raise error(f"{where}: expected keys and values, found {type(mapping).__name__}.")
    known = {*required, *optional}
    for key in mapping:
        if key not in known:
            near = get_close_matches(str(key), sorted(known), 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}."
            raise error(f"{where}: unknown key {key!r}; {hint}")
    for key in required:
        if mapping.get(key) in (None, "", [], {}):
            raise error(f"{where}: the key {key!r} is missing or empty.")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a process killed in the middle leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    os.replace(partial, path)


def remove_halves(folder: Path) -> None:
    """Remove what ``write_bytes`` of killed processes left below ``folder``; what a living one writes stays."""
    for path in folder.rglob(".*.part") if Path("/proc").exists() else ():
        owner = path.name.split(".")[-2]
        if owner.isdigit() and not Path("/proc", owner).exists():
            path.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, content: object) -> None:
    """Write JSON whole or not at all."""
    write_text(path, json.dumps(content, ensure_ascii=False))


def up_to_root(page: str) -> str:
    """The relative link from a page such as ``chapters/reference/ledger`` to the site's root: ``../../``."""
    return "../" * page.count("/")
