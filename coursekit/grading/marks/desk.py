"""The marking desk: a small page on this computer only, served by the standard library.

Who knows the secret in the address may read; who also comes from that page may save. The page loads nothing from
anywhere else, runs no script but its own, and gets students' work as plain text and PNG pictures only.
"""

from __future__ import annotations

import hmac
import json
import secrets
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from coursekit.errors import CourseKitError
from coursekit.exercises.release import Release
from coursekit.grading.course import Course, CourseError
from coursekit.grading.marks.compare import as_csv, comparison
from coursekit.grading.marks.gradebook import next_after_marks
from coursekit.grading.marks.html import asset, render
from coursekit.grading.marks.markers import MAIN, SETTLED
from coursekit.grading.marks.marking import Bookkeeper, Marking

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_LARGEST = 200_000


class Desk:
    """A marking desk that is ready to serve."""

    def __init__(self, marking: Marking, port: int):
        self.marking, self.token = marking, secrets.token_urlsafe(24)
        self.books = Bookkeeper(marking.course, marking.release)
        handler = type("Handler", (_Handler,), {"desk": self})
        try:
            self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as fault:
            raise CourseError(
                f"The marking desk cannot use port {port} ({fault.strerror}); stop the other program or give --port 0."
            ) from None
        self.server.daemon_threads = True
        self.hosts = {f"{name}:{self.server.server_port}" for name in ("127.0.0.1", "localhost")}

    @property
    def address(self) -> str:
        """The page's address with its secret."""
        return f"http://127.0.0.1:{self.server.server_port}/{self.token}/"

    def serve(self) -> None:
        """Serve until Ctrl-C or SIGTERM; then write what is left to the gradebook."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.books.start()
        try:
            self.server.serve_forever(0.1)
        except KeyboardInterrupt:
            pass
        finally:
            self.server.server_close()
            self.books.end()

    def stop(self) -> None:
        """End `serve`, from another thread."""
        self.server.shutdown()

    def last_word(self) -> str:
        """What the terminal says at the end: whether the gradebook holds everything."""
        if self.books.fault:
            return (
                f"Your marks are kept, but not yet in the gradebook: {self.books.fault} Then open the desk once more."
            )
        course, release = self.marking.course, self.marking.release
        then = next_after_marks(course, release, f"course feedback {release.slug}")
        return f"All marks are in the gradebook. {then}"


def open_desk(course: Course, release: Release, *, port: int = 8899, marker: str = MAIN, named: bool = False) -> Desk:
    """A desk for one exercise and marker on 127.0.0.1; port 0 takes a free one.

    Raises CourseError when the port is taken, nothing is graded, or nothing is marked by hand.
    """
    return Desk(Marking(course, release, marker, named), port)


class _Handler(BaseHTTPRequestHandler):
    """One request: who asks is checked first, then a short table of pages."""

    desk: Desk
    server_version, sys_version = "desk", ""
    timeout = 30

    def log_message(self, *args: object) -> None:
        """Say nothing: addresses hold the secret."""

    def do_GET(self) -> None:
        """The page, its files, the state, one answer, the comparison."""
        pages = {
            "": lambda _: ("html", self._page()),
            "desk.css": lambda _: ("css", asset("desk.css")),
            "desk.js": lambda _: ("js", asset("desk.js")),
            "state": lambda _: ("json", json.dumps(self.desk.marking.state())),
            "item": lambda query: ("json", json.dumps(self.desk.marking.item(_number(query), query.get("q", "")))),
            "compare": lambda _: ("html", self._compare()),
            "compare.csv": lambda _: ("csv", as_csv(self._table(), self.desk.marking.named)),
        }
        self._reply(pages)

    def do_POST(self) -> None:
        """Keep one changed field."""
        sent = self.headers.get("X-Desk-Token") or ""
        origin = self.headers.get("Origin")
        strange = origin is not None and origin.removeprefix("http://") not in self.desk.hosts
        if strange or not hmac.compare_digest(sent.encode(), self.desk.token.encode()):
            self._refuse(403, "This address is not the desk's own page.")
            return
        self._reply({"save": lambda _: ("json", json.dumps(self._save()))})

    def _reply(self, pages):
        split = urlsplit(self.path)
        token, _, name = split.path.removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode(), self.desk.token.encode())
        if not known or (self.headers.get("Host") or "") not in self.desk.hosts:
            self._refuse(403, "The address lacks its secret; open the one that the terminal shows.")
        elif name not in pages:
            self._refuse(404, "There is no such page.")
        else:
            query = {key: values[0] for key, values in parse_qs(split.query).items()}
            try:
                kind, body = pages[name](query)
            except (CourseKitError, OSError) as fault:
                self._refuse(422, str(fault))
            else:
                self._send(200, kind, body)

    def _save(self):
        """Read and keep a change; CourseError when the request is none."""
        size = self.headers.get("Content-Length") or ""
        if not size.isdigit() or int(size) > _LARGEST:
            raise CourseError("The text is too long to be saved; shorten it.")
        try:
            change = json.loads(self.rfile.read(int(size)))
        except ValueError:
            change = None
        if not isinstance(change, dict):
            raise CourseError("The page sent something that is no change; load it again.")
        done = self.desk.marking.save(change)
        self.desk.books.enter(self.desk.marking.student(change["n"]), change["question"])
        return {**done, "book": self.desk.books.fault}

    def _page(self):
        marking = self.desk.marking
        return render("desk.html", release=marking.release, marker=marking.marker, settled=SETTLED)

    def _table(self):
        return comparison(self.desk.marking.course, self.desk.marking.release)

    def _compare(self):
        marking = self.desk.marking
        names = {row["n"]: row["label"] for row in marking.state()["handins"]}
        return render("compare.html", release=marking.release, table=self._table(), names=names, settled=SETTLED)

    def _refuse(self, status, sentence):
        self._send(status, "json", json.dumps({"error": sentence}))

    def _send(self, status, kind, body):
        content = body.encode()
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": KINDS[kind], "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _number(query):
    text = query.get("n", "")
    return int(text) if text.isdigit() and len(text) < 9 else 0
