"""What the built pages weigh, and how soon a chart is seen and live in Chromium."""

import gzip
import re
import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / "tests"))


def zipped(path: Path) -> float:
    return len(gzip.compress(path.read_bytes())) / 1024


def first_visit(page: Path) -> float:
    urls = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"#:]+)"', page.read_text(encoding="utf-8"))
    files = {(page.parent / url.split("?")[0]).resolve() for url in urls}
    files |= {page, *SITE.glob("_static/figures/vega-*.js")}
    return sum(zipped(path) for path in files if path.is_file())


def run():
    """Weights in KB (gzip) and the times of the first chart of each chapter in ms."""
    chapters = sorted((SITE / "chapters").glob("[0-9]*.html"))
    for page in [SITE / "index.html", *chapters]:
        yield f"{page.stem}: HTML", zipped(page), "KB gz", "<= 150"
        yield f"{page.stem}: first visit", first_visit(page), "KB gz", "<= 900"
    yield from seen_and_live(chapters)


def seen_and_live(chapters):
    from conftest import Quiet
    from get_chromium import find

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = find()
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for page in chapters:
            tab = browser.new_page()
            tab.goto(f"http://127.0.0.1:{server.server_port}/chapters/{page.name}")
            yield (
                f"{page.stem}: page drawn",
                tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
                "ms",
                "",
            )
            tab.locator("figure.course-figure").first.scroll_into_view_if_needed()
            tab.wait_for_function("document.querySelector('figure.course-figure').dataset.live === 'yes'")
            yield f"{page.stem}: first chart live", tab.evaluate("performance.now()"), "ms", ""
        browser.close()
    server.shutdown()
