"""Fetch a publisher's file over the internet and open it, or say in one sentence why that did not work.

Nothing here knows a subject. A download goes into a folder of the caller; it is complete, of the expected kind and not
larger than allowed, or there is a FetchError.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
import warnings
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic
from urllib.parse import unquote, urljoin, urlsplit

from coursekit.errors import CourseKitError

AGENT = "Mozilla/5.0 (compatible; open course data refresh; one file now and then)"
ANSWER_SECONDS = 30  # longest silence of a server
TOTAL_SECONDS = 900  # longest download
LIMIT_MB = 50
CHUNK = 1 << 16
BINARY = {"application/octet-stream", "binary/octet-stream", ""}
KINDS = {
    "csv": {"text/csv", "text/plain", "application/csv", "application/vnd.ms-excel", *BINARY},
    "json": {"application/json", "text/json", "text/plain", *BINARY},
    "xlsx": {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
        "application/vnd.ms-excel",
        *BINARY,
    },
    "html": {"text/html", "application/xhtml+xml"},
}
SAVED = "save it in a browser and give the saved file to the command (see its --help)"
LOCAL = {"127.0.0.1", "localhost"}


class FetchError(CourseKitError):
    """A file could not be fetched or is not what it should be. The message is one sentence with what to do."""


class MissingError(FetchError):
    """The server has no file at this address."""


def fetch(address: str, kind: str, folder: Path, limit_mb: float = LIMIT_MB) -> Path:
    """Download one file and return its path in ``folder``.

    address: https (plain http only for this computer). kind: csv, json, xlsx or html. Raises FetchError when there is
    no answer, the server refuses, the content type is another, the file is cut short, or it is larger than
    ``limit_mb``.
    """
    path = Path(folder) / _file_name(address)
    try:
        with _open(address) as answer:
            _check_type(answer, kind, address)
            expected = answer.headers.get("Content-Length")
            size = _copy(answer, path, limit_mb, address)
    except urllib.error.HTTPError as error:
        raise (MissingError if error.code in (404, 410) else FetchError)(
            f"{_host(address)} answered {error.code} ({error.reason}) for {address}: the file has moved, is not "
            f"out yet or may not be fetched by a program; {SAVED}."
        ) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise FetchError(
            f"{_host(address)} could not be reached ({_reason(error)}); try again with internet, or {SAVED}."
        ) from None
    if expected and expected.isdigit() and size != int(expected):
        raise FetchError(f"{address}: the download was cut off after {size:,} of {int(expected):,} bytes; try again.")
    return path


def newest_link(page: Path, pattern: str, base: str) -> str:
    """The address of the newest file that a page links to: the last in natural order that fits ``pattern``."""
    hits = [
        urljoin(base, href) for href in _links(page.read_text("utf-8", "replace")) if re.search(pattern, unquote(href))
    ]
    if not hits:
        raise FetchError(f"{base} has no link that fits '{pattern}'; look for the file there, {SAVED}.")
    return max(
        hits,
        key=lambda href: [int(part) if part.isdigit() else -1 for part in re.findall(r"\d+|\D+", href.split("?")[0])],
    )


def read(path: Path, kind: str):
    """Open a downloaded file: json as objects, xlsx as an openpyxl workbook (values, not formulas), csv as its path.

    Raises FetchError for a file that is broken or of another kind.
    """
    return {"json": _read_json, "xlsx": _read_workbook, "csv": _read_csv}[kind](Path(path))


def _open(address: str):
    _check_scheme(address)
    request = urllib.request.Request(address, headers={"User-Agent": AGENT, "Accept": "*/*"})
    answer = urllib.request.urlopen(request, timeout=ANSWER_SECONDS)
    _check_scheme(answer.geturl())
    return answer


def _check_scheme(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise FetchError(f"{address}: only https addresses are fetched; give an https address, or {SAVED}.")


def _check_type(answer, kind: str, address: str) -> None:
    found = (answer.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if found not in KINDS[kind]:
        raise FetchError(
            f"{address} sent '{found}', not a {kind} file: it may be a page about the file or a barrier; {SAVED}."
        )


def _copy(answer, path: Path, limit_mb: float, address: str) -> int:
    size, end = 0, monotonic() + TOTAL_SECONDS
    with open(path, "wb") as file:
        while block := answer.read(CHUNK):
            size += len(block)
            if size > limit_mb * 1e6:
                raise FetchError(
                    f"{address} is larger than the {limit_mb:g} MB allowed for it; raise limit_mb in the "
                    "manifest if the publisher's file has really grown."
                )
            if monotonic() > end:
                raise FetchError(f"{address} took longer than {TOTAL_SECONDS} seconds; try again on a faster line.")
            file.write(block)
    return size


def _read_json(path: Path):
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        raise FetchError(f"{path.name} is not complete JSON (cut off, or another kind of file); try again.") from None


def _read_workbook(path: Path):
    from openpyxl import load_workbook

    try:
        if zipfile.ZipFile(path).testzip() is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a workbook without a default style is no fault
                return _dated(load_workbook(path, data_only=True), path)
    except Exception:  # openpyxl raises whatever a damaged part provokes: to a user it is one fault
        pass
    raise FetchError(f"{path.name} is not a complete Excel workbook (cut off, or another kind of file); try again.")


def _dated(book, path: Path):
    """A workbook with the dates that its file has: openpyxl puts today where there is none."""
    parts = zipfile.ZipFile(path)
    about = parts.read("docProps/core.xml") if "docProps/core.xml" in parts.namelist() else b""
    for word in ("created", "modified"):
        if not re.search(rf"<dcterms:{word}\b[^>]*>\s*\d{{4}}-".encode(), about):
            setattr(book.properties, word, None)
    return book


def _read_csv(path: Path) -> Path:
    with open(path, "rb") as file:
        head = file.read(2048).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head or head.startswith((b"<", b"PK", b"%PDF")) or b"\0" in head:
        raise FetchError(f"{path.name} is not a CSV file (empty, a web page or another kind of file); try again.")
    return path


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.hrefs += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _links(html: str) -> list[str]:
    parser = _Anchors()
    parser.feed(html)
    return parser.hrefs


def _file_name(address: str) -> str:
    name = unquote(urlsplit(address).path).rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[^\w.-]", "_", name) or "download"


def _host(address: str) -> str:
    return urlsplit(address).hostname or address


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", error)).strip("<>") or type(error).__name__
