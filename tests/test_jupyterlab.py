"""The learner's path: the notebooks that Binder makes, a click on one, Run All; the page stays alive and draws."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import CHAPTERS, ROOT, SITE

CHAPTER = CHAPTERS[0]
TOKEN = "learner"
DRAWN = "document.querySelectorAll('.jp-OutputArea-output .vega-embed').length"


def read(url: str):
    with urllib.request.urlopen(f"{url}?token={TOKEN}", timeout=10) as answer:
        return json.load(answer)


def wait(what, seconds: float, words: str):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except OSError:
            pass
        time.sleep(0.3)
    pytest.fail(words)


@pytest.fixture
def lab(tmp_path):
    """Address of JupyterLab over the clean notebooks, as ``course book notebooks`` and the book both write them."""
    shutil.copytree(SITE / "_static" / "notebooks", tmp_path / "notebooks")
    bin_dir = Path(sys.executable).parent
    env = os.environ | {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        "COURSE_DATA": str(ROOT / "data"),
    }
    env.pop("JUPYTER_CONFIG_DIR", None)
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen([bin_dir / "jupyter-lab", *options], env=env, cwd=tmp_path, stdout=log, stderr=log)
    found = wait(lambda: next((tmp_path / "run").glob("jpserver-*.json"), None), 60, "JupyterLab did not start")
    yield json.loads(found.read_text())["url"]
    process.terminate()
    process.wait(20)


def test_a_chapter_opens_as_a_notebook_and_runs(lab, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(f"{lab}lab/tree/notebooks?reset&token={TOKEN}")
    page.locator(".jp-DirListing-itemText", has_text=f"{CHAPTER.stem}.ipynb").dblclick()
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(f"{DRAWN} > 1")
    wait(
        lambda: all(k["execution_state"] == "idle" for k in read(f"{lab}api/kernels")), 120, "the kernel is still busy"
    )
    # Playwright's own clock ends these when the page hangs.
    page.wait_for_function("document.querySelector('.jupyter-widgets') !== null")
    page.wait_for_function("[...document.querySelectorAll('.vega-embed canvas')].every(c => c.width > 100)")
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0
    page.close()
