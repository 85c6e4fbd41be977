"""``make links``: ask every outside address of the built book whether it still answers.

LinkChecker does the asking; here are the addresses with the pages on which they stand, the exceptions of ``links.yml``
and the words. It is no part of the gate: a publisher's server that is down must not stop a correction of ours.
"""

from __future__ import annotations

import csv
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from coursekit.errors import CourseKitError
from coursekit.files import known_keys, read_yaml

EXCEPTIONS = "links.yml"
TRIED = 5  # hosts that are tried before we say that there is no internet
SECONDS = 5  # for each of them
PATIENCE = 30  # seconds that LinkChecker waits for an answer
REFUSED = re.compile(r"(401|403|429)\b")  # the page is there, or was yesterday: nothing that we could mend
PORTS = {"http": 80, "https": 443}


class LinkError(CourseKitError):
    """The links cannot be checked; the message says why and what to do."""


@dataclass(frozen=True)
class Answers:
    """What came of it. ran: whether there was internet; asked: addresses; excepted: those left out by ``links.yml``;
    dead: address -> what the server or the network said; refused: how many servers turn programs away."""

    ran: bool
    asked: int
    excepted: int
    dead: dict[str, str]
    refused: int = 0


class _Addresses(HTMLParser):
    """Collects the outside addresses of links; what a page loads is held to be local by another test."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and urlsplit(address).scheme in PORTS:
            self.found.add(address.partition("#")[0])


def addresses(site: Path) -> dict[str, list[str]]:
    """Outside addresses of the built book in ``site``: address -> pages with it. Raises LinkError without one."""
    if not (site / "index.html").exists():
        raise LinkError("There is no built book yet: run 'make book' first.")
    found: dict[str, list[str]] = {}
    for path in sorted(site.rglob("*.html")):
        page = _Addresses()
        page.feed(path.read_text(encoding="utf-8"))
        for address in sorted(page.found):
            found.setdefault(address, []).append(path.relative_to(site).as_posix())
    return found


def exceptions(root: Path) -> list[re.Pattern]:
    """The patterns of addresses that are not asked, from ``links.yml``; each must give its reason. Raises LinkError."""
    path = root / EXCEPTIONS
    entries = read_yaml(path, LinkError)["exceptions"] if path.exists() else []
    for number, entry in enumerate(entries, 1):
        known_keys(entry, f"{EXCEPTIONS}, exception {number}", LinkError, required=("address", "reason"))
    return [re.compile(entry["address"]) for entry in entries]


def online(found: Iterable[str]) -> bool:
    """Whether one of the first few hosts among the addresses can be reached."""
    hosts = list(dict.fromkeys((urlsplit(a).hostname, urlsplit(a).port or PORTS[urlsplit(a).scheme]) for a in found))
    return any(_reached(host, port) for host, port in hosts[:TRIED])


def _reached(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), SECONDS).close()
    except OSError:
        return False
    return True


def check(site: Path, root: Path) -> Answers:
    """Ask each outside address of the book in ``site``; ``root``: the course's folder. Raises LinkError."""
    found, skip = list(addresses(site)), exceptions(root)
    asked = [address for address in found if not any(pattern.search(address) for pattern in skip)]
    left = len(found) - len(asked)
    if not asked or not online(asked):
        return Answers(False, len(asked), left, {})
    failed = dead(asked)
    gone = {address: said for address, said in failed.items() if not REFUSED.match(said)}
    return Answers(True, len(asked), left, gone, len(failed) - len(gone))


def dead(asked: list[str]) -> dict[str, str]:
    """The addresses that do not answer well, with what was said. Raises LinkError without LinkChecker."""
    program = shutil.which("linkchecker", path=str(Path(sys.executable).parent)) or shutil.which("linkchecker")
    if not program:
        raise LinkError("LinkChecker is not installed: run 'make links', which installs it.")
    options = ["--stdin", "--check-extern", "--recursion-level=0", "--no-status", "--no-warnings", "--output=csv/utf-8"]
    # The addresses go in by stdin: LinkChecker gives up root's rights and could not read a private file.
    run = subprocess.run(
        [program, *options, f"--timeout={PATIENCE}"],
        input="\n".join(asked),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = [line for line in run.stdout.splitlines() if line and not line.startswith("#")]
    if not lines:
        raise LinkError(f"LinkChecker gave no list: {run.stderr.strip().splitlines()[-1:] or 'it said nothing'}.")
    return {row["urlname"]: row["result"] for row in csv.DictReader(lines, delimiter=";") if row["valid"] == "False"}


def report(answers: Answers, found: dict[str, list[str]]) -> list[str]:
    """The answers in lines for a person: each dead address with the pages on which it stands."""
    if not answers.ran:
        return [f"Links were not checked: no internet from here, so none of the {answers.asked} addresses was asked."]
    lines = [
        f"{address}: {said} (on {', '.join(found[address][:3])})" for address, said in sorted(answers.dead.items())
    ]
    return [
        *lines,
        f"{answers.asked} addresses asked: {len(answers.dead)} do not answer, {answers.refused} refuse programs; "
        f"{answers.excepted} left out by {EXCEPTIONS}.",
    ]
