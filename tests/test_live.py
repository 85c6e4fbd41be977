"""Live code without a browser: which cells a cell needs, and an assembler that refuses what is not official."""

from __future__ import annotations

import importlib
import io
import os
import sys
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from conftest import PAGES, ROOT, SITE
from live_site import Strict, is_there, served

from coursekit.book.live import assemble, compiled, faults, host, places, wheel
from coursekit.book.live import site as site_part
from coursekit.book.live.needs import names, needed
from coursekit.book.live.places import LiveError, digest, verified
from coursekit.cli.main import main
from coursekit.files import read_yaml

# Which earlier cells -------------------------------------------------------------------------------------------------


def test_a_cell_needs_the_cells_that_made_its_names():
    cells = ["import pandas as pd", "rows = pd.DataFrame()", "rows['low'] = 1", "other = 2", "x = 1"]
    assert needed(cells, 5, "rows.query('low > @x')") == [0, 1, 2, 4]
    assert needed(cells, 5, "other") == [3]
    assert needed(cells, 2, "x") == [], "a later cell is never needed"


def test_what_a_cell_makes_itself_it_does_not_read_from_before():
    found = names("chart = base.mark()\nchart = chart.encode()\nfor row in rows:\n    use(row)\nf = lambda y: y")
    assert found.read == {"base", "rows", "use"}
    assert names("rows['a'] = 1").changed == {"rows"} and names("rows = {}\nrows['a'] = 1").changed == set()


def test_a_cell_that_cannot_be_read_is_passed_over():
    assert needed(["a = 1", "a = ("], 2, "a") == [0]


# Errors ---------------------------------------------------------------------------------------------------------------


def test_long_words_of_an_error_are_cut():
    assert len(faults.own_words(ValueError("x" * 5000))) < 500


# Assembly ------------------------------------------------------------------------------------------------------------

GOOD, BAD = b"good", b"bad"


@pytest.fixture
def small(monkeypatch, tmp_path) -> Path:
    """Pins of four small files and a folder that has them; no network."""
    (tmp_path / "place").mkdir()
    for name in ("core.js", "one.whl"):
        (tmp_path / "place" / name).write_bytes(GOOD)
    pure = io.BytesIO()
    with zipfile.ZipFile(pure, "w") as archive:
        archive.writestr("pure/__init__.py", "x = 1")
        archive.writestr("pure/tests/test_x.py", "")
        archive.writestr("pure-1.dist-info/RECORD", "")
    (tmp_path / "place" / "pure.whl").write_bytes(pure.getvalue())
    pins = {
        "pyodide": "1", "python": "3.12.7", "info": {}, "release": str(tmp_path / "nowhere"),
        "core": {"core.js": digest(GOOD)},
        "packages": {"one": {"file_name": "one.whl", "sha256": digest(GOOD)}},
        "pure": {"pure": {"version": "1", "file_name": "pure.whl", "sha256": digest(pure.getvalue())}},
    }  # fmt: skip
    for module in (assemble, places):
        monkeypatch.setattr(module, "pins", lambda: pins)
    return tmp_path


def test_a_good_place_gives_a_whole_folder_and_a_report(small):
    found = assemble.assemble(small / "_build", str(small / "place"), lambda _words: None)
    folder = small / "_build" / "live"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        *found["files"],
        "report.json",
    }
    with tarfile.open(folder / "packages.bin") as archive:
        held = archive.getnames()
    assert "pure/__init__.py" in held and "yaml/__init__.py" in held and "markupsafe/__init__.py" in held
    assert not [name for name in held if "/tests/" in name or name.endswith((".so", "RECORD"))]
    assert (
        found["raw"] == sum(raw for raw, _gz in found["files"].values()) and assemble.ready(small / "_build") == found
    )


@pytest.mark.parametrize("name", ["core.js", "one.whl", "pure.whl"])
def test_a_tampered_file_is_refused_and_nothing_is_written(small, name):
    (small / "place" / name).write_bytes(BAD)
    with pytest.raises(LiveError, match=f"{name}.* is not the file"):
        assemble.assemble(small / "_build", str(small / "place"), lambda _words: None)
    assert not (small / "_build").exists()


@pytest.mark.parametrize("name", ["core.js", "one.whl"])
def test_a_missing_file_is_named_with_the_places_and_an_old_folder_stays(small, name):
    assemble.assemble(small / "_build", str(small / "place"), lambda _words: None)
    before = assemble.ready(small / "_build")
    (small / "place" / name).unlink()
    with pytest.raises(LiveError, match=f"{name} is in none of these places: .*place"):
        assemble.assemble(small / "_build", str(small / "place"), lambda _words: None)
    assert assemble.ready(small / "_build") == before


def test_the_command_says_what_is_missing_in_one_sentence(small):
    (small / "place" / "core.js").unlink()
    ran = CliRunner().invoke(main, ["live", "--out", str(small / "_build"), "--places", str(small / "place")])
    assert ran.exit_code == 1 and "core.js is in none of these places" in ran.output and "Traceback" not in ran.output


def test_a_folder_that_lost_a_file_is_not_ready(small):
    assemble.assemble(small / "_build", str(small / "place"), lambda _words: None)
    (small / "_build" / "live" / "packages.bin").unlink()
    assert assemble.ready(small / "_build") is None


def test_a_file_is_found_inside_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("deep/inside/core.js", GOOD)
    assert verified("core.js", digest(GOOD), [str(tmp_path), str(tmp_path / "all.zip")]) == GOOD


def test_places_are_divided_as_a_path_and_addresses_stay_whole():
    text = os.pathsep.join(["/a", "https://example.org/x", "official"])
    assert places.places(text)[:2] == ["/a", "https://example.org/x"]
    assert places.places(text)[2] == places.pins()["release"] == places.places("")[0]


def test_the_pins_are_those_of_one_official_lock():
    pins = places.pins()
    assert pins["info"]["version"] == pins["pyodide"] and pins["pyodide"] in pins["release"]
    assert {"numpy", "pandas"} <= set(pins["packages"])
    for entry in pins["packages"].values():
        assert set(entry["depends"]) <= set(pins["packages"]), entry["name"]
    for sha in [*pins["core"].values(), *(e["sha256"] for e in (pins["packages"] | pins["pure"]).values())]:
        assert len(sha) == 64


# The host ------------------------------------------------------------------------------------------------------------


def site_of(folder: Path) -> Path:
    """A folder with every file that a host must serve."""
    for name in host.WANTED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD)
    return folder


def test_a_good_host_is_found_good(tmp_path):
    with served(site_of(tmp_path), "/some/course/") as address:
        assert host.faults(address) == []
        ran = CliRunner().invoke(main, ["live", "--check", address])
    assert ran.exit_code == 0 and "right types" in ran.output


def test_a_host_that_lacks_a_file_or_forbids_webassembly_is_told(tmp_path):
    (site_of(tmp_path) / "_static/live/packages.bin").unlink()
    with served(tmp_path, policy="script-src 'self'") as address:
        ran = CliRunner().invoke(main, ["live", "--check", address])
    assert ran.exit_code == 1
    assert "packages.bin: the host answers 404" in ran.output and "'wasm-unsafe-eval'" in ran.output


def test_a_wrong_type_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(Strict.extensions_map, ".wasm", "text/plain")
    with served(site_of(tmp_path)) as address:
        (sentence,) = host.faults(address)
    assert "pyodide.asm.wasm: the host sends it as text/plain; it must be application/wasm" in sentence


# The book ------------------------------------------------------------------------------------------------------------


def book(folder: Path, report: dict | None) -> SimpleNamespace:
    """As much of a Sphinx application as the site's part asks for; ``scripts`` holds what a page was given."""
    scripts: list[str] = []
    (folder / site_part.FOLDER).mkdir(parents=True)
    return SimpleNamespace(
        course_live=report,
        outdir=str(folder),
        builder=SimpleNamespace(format="html"),
        scripts=scripts,
        add_js_file=lambda name, **_given: scripts.append(name),
    )


RESULT_ALONE = '<div class="cell tag_remove-input docutils container"><div class="cell_output docutils container">'
WITH_CELL = '<div class="cell docutils container"><div class="cell_input docutils container">'


def test_a_book_without_python_has_no_button_and_no_file_of_it(tmp_path):
    app, context = book(tmp_path, None), {"body": WITH_CELL}
    site_part.add_script(app, "chapters/some", "page.html", context, None)
    site_part.publish(app, None)
    assert context == {"body": WITH_CELL} and app.scripts == [] and not (tmp_path / site_part.FOLDER).exists()


@pytest.mark.parametrize("body, wanted", [(WITH_CELL, True), (RESULT_ALONE, False), ("<p>No code here.</p>", False)])
def test_only_a_page_with_code_gets_the_script_and_is_told_the_size(tmp_path, body, wanted):
    app, context = book(tmp_path, {"gz": 16_700_000, "raw": 25_000_000}), {"body": body}
    site_part.add_script(app, "chapters/some", "page.html", context, None)
    assert ("course/live.js" in app.scripts) == wanted
    assert ('data-megabytes="18"' in context.get("metatags", "")) == wanted


def test_only_a_page_that_shows_code_has_the_live_script_in_the_built_book(site_folder):
    texts = {page: (site_folder / page).read_text(encoding="utf-8") for page in PAGES}
    with_code = {page for page, text in texts.items() if 'class="cell_input ' in text}
    assert "chapters/04-money.html" in with_code and "index.html" not in with_code
    found = {page for page, text in texts.items() if "course/live.js" in text}
    assert found == (with_code if is_there() else set())


@pytest.fixture
def site_folder(site) -> Path:
    return SITE


def test_manifests_mean_the_same_in_the_page_and_are_nearly_all_quick_to_read(tmp_path):
    found = dict(wheel.tables(ROOT / "data"))
    manifests = {name: content for name, content in found.items() if name.endswith(".yaml")}
    assert len(manifests) > 20
    for name, content in manifests.items():
        (tmp_path / "some.yaml").write_bytes(content)
        assert read_yaml(tmp_path / "some.yaml") == read_yaml(ROOT / name), name
    slow = [name for name, content in manifests.items() if not content.startswith(b"{")]
    assert len(slow) < 4, "YAML proper takes a page's Python long to read"


# Memory ---------------------------------------------------------------------------------------------------------------


def test_files_of_loaded_modules_go_and_what_is_not_loaded_stays(tmp_path, monkeypatch):
    for name, text in (
        ("held/__init__.py", "from held import used"),
        ("held/used.py", "x = 1"),
        ("held/other.py", "y = 2"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "held" / "rows.csv").write_text("a", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    held = importlib.import_module("held")
    assert compiled.let_go(str(tmp_path)) == len("from held import used") + len("x = 1")
    assert sorted(path.name for path in (tmp_path / "held").glob("*.*")) == ["other.py", "rows.csv"]
    assert held.used.x == 1 and importlib.import_module("held.other").y == 2
    caches = tmp_path / "held" / "__pycache__"
    assert len(list(caches.glob("*.pyc"))) == 3, "what was compiled waits until it is handed over"
    monkeypatch.setattr(compiled, "loaded", lambda: [Path(held.__file__), Path(held.used.__file__)])
    assert compiled.let_go(str(tmp_path), kept=True) > 0 and len(list(caches.glob("*.pyc"))) == 1
    monkeypatch.undo()
    assert compiled.let_go(str(tmp_path / "elsewhere")) == 0
    for name in ("held", "held.used", "held.other"):
        sys.modules.pop(name)
