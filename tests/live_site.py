"""What the tests of live code share: whether the built book has it, in words, and a server with a strict policy."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from conftest import SITE

LIVE = SITE / "_static" / "live"
NOT_RUN = (
    "NOT RUN: this book was built without Python for the browser, so nothing of the live cells was tried in one; "
    "'course live' puts it together where its files can be had"
)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
)


def is_there() -> bool:
    """Whether the built book has Python for the browser."""
    return (LIVE / "version.txt").exists()


class Strict(SimpleHTTPRequestHandler):
    """A host that forbids inline scripts and ``eval`` and allows WebAssembly."""

    policy = POLICY

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args) -> None:
        """Say nothing."""


@contextmanager
def served(folder, below: str = "/", policy: str = POLICY):
    """Address of ``folder`` on a strict host, below a path; ends with '/'."""

    class Handler(Strict):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix(below.rstrip("/")))

    Handler.policy = policy
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{below}"
    server.shutdown()


def page_data(name: str) -> dict:
    """What a page reads after the first click: its cells, and what to load."""
    text = (LIVE / "pages" / f"{name.replace('/', '-')}.js").read_text(encoding="utf-8")
    return json.loads(text[text.index(", {") + 2 : text.rindex(");")])
