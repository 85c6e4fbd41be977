"""Look at a published book as a browser does: does its host let Python start in the page?"""

from __future__ import annotations

import re
import urllib.error
import urllib.request

WAIT = 30  # seconds for an answer
# What must be there, and which content types a browser accepts for it.
WANTED = {
    "_static/live/worker.js": ("text/javascript", "application/javascript"),
    "_static/live/py/pyodide.js": ("text/javascript", "application/javascript"),
    "_static/live/py/pyodide.asm.js": ("text/javascript", "application/javascript"),
    "_static/live/py/pyodide.asm.wasm": ("application/wasm",),
    "_static/live/packages.bin": (),
}


def faults(address: str) -> list[str]:
    """One sentence for each thing that the host of the book at ``address`` should do otherwise; [] when all is well."""
    base = f"{address.rstrip('/')}/"
    return [sentence for name, types in WANTED.items() for sentence in _looked_at(base, name, types)]


def _looked_at(base: str, name: str, types: tuple[str, ...]) -> list[str]:
    try:
        request = urllib.request.Request(base + name, method="HEAD")
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as error:
        return [f"{name}: the host answers {error.code}; publish the whole folder _static/live."]
    except (OSError, ValueError) as error:
        return [f"{base}{name} cannot be reached ({error}); is the address that of the book's first page?"]
    return [*_type_faults(name, headers.get_content_type(), types), *_policy_faults(name, headers)]


def _type_faults(name: str, found: str, types: tuple[str, ...]) -> list[str]:
    if not types or found in types:
        return []
    return [f"{name}: the host sends it as {found}; it must be {types[0]} (a setting for files of this ending)."]


def _policy_faults(name: str, headers) -> list[str]:
    """A policy counts where it is sent with the worker: it then holds for the Python that the worker starts."""
    policy = headers.get("Content-Security-Policy", "")
    found = re.search(r"script-src ([^;]*)", policy) or re.search(r"default-src ([^;]*)", policy)
    if not name.endswith("worker.js") or not found or re.search(r"'(?:wasm-)?unsafe-eval'", found[1]):
        return []
    return ["the content security policy forbids WebAssembly; its script-src needs 'self' 'wasm-unsafe-eval'."]
