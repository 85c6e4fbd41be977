"""Strict reading of small YAML documents: one clear sentence for each mistake.

`read(path, error)` returns the mapping in a YAML file; `keys(...)` checks its keys.
Both raise `error` (a ValueError subclass given by the caller).
"""

from difflib import get_close_matches

import yaml


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses a key written twice."""


def _mapping(loader, node):
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


def read(path, error):
    """The mapping in the YAML file `path`; raises `error` naming file, line and fault."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise error(f"{path}: there is no such file.") from None
    except UnicodeDecodeError:
        raise error(f"{path}: the file is not UTF-8 text; save it as UTF-8.") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise error(f"{path}{line}: {getattr(fault, 'problem', None) or fault}.") from None
    if not isinstance(content, dict):
        raise error(f"{path}: the file must be a mapping of keys to values.")
    return content


def keys(mapping, where, error, required=(), optional=()):
    """Raise `error` unless `mapping` has every required key and no unknown one."""
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
