"""``make links``: a dead address is found with its page, a live one is not, and without internet it says so."""

import socket
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
import yaml
from click.testing import CliRunner
from conftest import ROOT, Quiet

from coursekit.book import links
from coursekit.cli.main import main


class Server(Quiet):
    """One that turns programs away from one page."""

    def do_GET(self) -> None:
        """Serve a file, or refuse."""
        self.send_error(403) if "closed" in self.path else super().do_GET()

    def do_HEAD(self) -> None:
        """Answer as for the page."""
        self.do_GET()


@pytest.fixture
def server(tmp_path):
    """A server of one page; its address ends with '/'."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "live.html").write_text("<p>here</p>")
    found = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder)))
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{found.server_port}/"
    found.shutdown()


def book(folder, *addresses):
    """A built book in ``folder`` of one page with links."""
    site = folder / "_build" / "html"
    site.mkdir(parents=True)
    links = "".join(f'<a href="{address}">a</a>' for address in addresses)
    (site / "index.html").write_text(f'{links}<a href="inside.html">b</a><a href="mailto:a@b.org">c</a>')
    return site


def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return CliRunner().invoke(main, ["book", "links"])


@pytest.mark.slow
def test_a_dead_link_is_named_with_its_page_and_a_live_one_is_not(tmp_path, server, monkeypatch):
    book(tmp_path, f"{server}live.html", f"{server}live.html#part", f"{server}dead.html", f"{server}closed.html")
    answer = run(tmp_path, monkeypatch)
    dead, said = answer.output.splitlines()
    assert answer.exit_code == 1
    assert dead.startswith(f"{server}dead.html: 404") and dead.endswith("(on index.html)")
    assert said == "3 addresses asked: 1 do not answer, 1 refuse programs; 0 left out by links.yml."


@pytest.mark.slow
def test_all_well_ends_well(tmp_path, server, monkeypatch):
    book(tmp_path, f"{server}live.html")
    answer = run(tmp_path, monkeypatch)
    assert answer.exit_code == 0 and answer.output.startswith("1 addresses asked: 0 do not answer")


@pytest.mark.slow
def test_an_exception_is_not_asked(tmp_path, server, monkeypatch):
    book(tmp_path, f"{server}live.html", f"{server}dead.html")
    (tmp_path / "links.yml").write_text(yaml.safe_dump({"exceptions": [{"address": "dead", "reason": "a trial"}]}))
    answer = run(tmp_path, monkeypatch)
    assert answer.exit_code == 0 and "1 left out by links.yml" in answer.output


def test_an_exception_without_a_reason_is_refused(tmp_path):
    (tmp_path / "links.yml").write_text(yaml.safe_dump({"exceptions": [{"address": "dead"}]}))
    with pytest.raises(links.LinkError, match="exception 1: the key 'reason' is missing"):
        links.exceptions(tmp_path)


def test_without_internet_it_says_in_one_sentence_that_it_did_not_run(tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        book(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}/")
        answer = run(tmp_path, monkeypatch)
    assert answer.exit_code == 0
    assert answer.output == "Links were not checked: no internet from here, so none of the 1 addresses was asked.\n"


def test_without_a_book_it_says_what_to_do(tmp_path, monkeypatch):
    answer = run(tmp_path, monkeypatch)
    assert answer.exit_code and "run 'make book' first" in answer.output


def test_it_is_scheduled_apart_from_the_gate():
    flows = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    assert "make links" in flows["links.yml"] and "schedule" in flows["links.yml"]
    assert "make links" not in flows["book.yml"]


def test_the_exceptions_of_the_course_can_be_read():
    assert all(pattern.pattern for pattern in links.exceptions(ROOT))
