"""How soon a chapter can be read on a slow phone: slow 3G and a processor four times slower, by Chromium's throttling.

The text is readable when the browser has first drawn it, and the first chart live when it answers its controls, after
the reader has come to it. Each chapter is opened with an empty cache, from a server that sends files as they are and
from one that compresses them as web hosts do. Before the work on speed the text took 21.8 s, not compressed.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / "tests"))

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4  # times
PATIENCE = 180_000  # ms
DRAWN = "performance.getEntriesByName('first-contentful-paint').length > 0"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LIVE = "document.querySelector('figure.course-figure').dataset.live === 'yes'"
PACKED = (".html", ".css", ".js", ".json", ".svg", ".csv")


class Plain(SimpleHTTPRequestHandler):
    """Sends files as they are."""

    def log_message(self, *args) -> None:
        """Say nothing."""


class Packed(Plain):
    """Sends texts compressed, as a web host does."""

    def do_GET(self) -> None:
        """One file, compressed when it is a text."""
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix not in PACKED:
            return super().do_GET()
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def visit(tab: Page, address: str) -> tuple[float, float]:
    """(seconds until the text is drawn, seconds from then until the first chart is live) of a first visit."""
    client = tab.context.new_cdp_session(tab)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW_3G)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.goto(address, wait_until="commit", timeout=PATIENCE)
    tab.wait_for_function(DRAWN, timeout=PATIENCE)
    drawn = tab.evaluate(PAINTED)
    tab.locator("figure.course-figure").first.scroll_into_view_if_needed(timeout=PATIENCE)
    tab.wait_for_function(LIVE, timeout=PATIENCE)
    return drawn / 1000, (tab.evaluate("performance.now()") - drawn) / 1000


def run():
    """Seconds of each chapter, not compressed and compressed; and the processor time of ``import altair``."""
    from get_chromium import find

    yield "import altair: processor time", processor_time("import altair"), "s", "<= 0.8, before 3.2"
    chromium = find()  # asks Playwright too, so before it is begun here
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for handler, words, goal in ((Plain, "as it is", "<= 12, before 21.8"), (Packed, "compressed", "<= 6")):
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(SITE)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for page in sorted((SITE / "chapters").glob("[0-9]*.html")):
                context = browser.new_context(viewport={"width": 360, "height": 740})
                address = f"http://127.0.0.1:{server.server_port}/chapters/{page.name}"
                drawn, live = visit(context.new_page(), address)
                context.close()
                yield f"{page.stem}, {words}: text readable", drawn, "s", goal
                yield f"{page.stem}, {words}: first chart live after the text", live, "s", "<= 5"
            server.shutdown()
        browser.close()


def processor_time(code: str) -> float:
    """Processor seconds of a Python process of its own, the best of three."""
    times = []
    for _again in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(times)
