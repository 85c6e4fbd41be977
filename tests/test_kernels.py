"""What notebooks share before they begin: imports and nothing else."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursekit.book import build as building
from coursekit.book import kernels
from coursekit.book.build import BuildError, check_and_run


def test_a_kernel_begins_with_installed_modules_and_this_package_only():
    """The subject's modules are left to each notebook: an edit of one must not touch the others."""
    sources = ["import pandas as pd\nfrom coursekit.marks import line", "from ip4.measures import spending", "%time 1"]
    assert kernels.begins_with(sources) == {"pandas", "coursekit.marks"}
    assert kernels.begins_with(["if True:\n    import altair", "from . import x", "import no_such_module"]) == set()


def test_a_notebook_is_given_no_import_that_it_does_not_make_itself():
    few, many = frozenset({"pandas"}), frozenset({"pandas", "altair"})
    found = kernels.Kernels({}, {"a": few, "b": many, "c": many, "d": frozenset({"pandas", "rare"})})
    assert found.common == {"pandas", "altair"}
    assert [found.beginnings[page] & found.common for page in "ad"] == [few, few]


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
def test_forks_are_processes_of_their_own_with_what_was_imported(tmp_path):
    """The server answers with process numbers; a fork knows the module, another folder and another environment."""
    import asyncio

    async def two() -> list[kernels.Forked]:
        server = kernels.Server(["colorsys"], {**os.environ, "COURSE_ROOT": str(tmp_path)})
        try:
            return [await server.fork(["ipykernel_launcher", "--version"], tmp_path, {"X": "1"}) for _ in range(2)]
        finally:
            server.close()

    with ThreadPoolExecutor(1) as pool:  # a browser test of this process may have an event loop of its own
        one, other = pool.submit(asyncio.run, two()).result()
    assert one.pid != other.pid and one.poll() == other.poll() == 0, "both have ended and were taken leave of"
    one.terminate()  # to a process that has ended nothing is done


def test_a_fault_in_the_tables_lets_no_further_notebook_begin(tmp_path, monkeypatch):
    begun = threading.Event()

    def run(root, place, say, stop):
        begun.set()
        assert stop.wait(20), "nobody said stop"

    def check(root, place):
        begun.wait(20)
        raise BuildError("The data do not hold")

    monkeypatch.setattr(building, "run_notebooks", run)
    monkeypatch.setattr(building, "check_data", check)
    with pytest.raises(BuildError, match="do not hold"):
        check_and_run(tmp_path, tmp_path, str)


def test_a_failed_notebook_ends_the_build_after_the_tables_were_found_good(tmp_path, monkeypatch):
    def run(root, place, say, stop):
        raise BuildError("a cell failed")

    monkeypatch.setattr(building, "run_notebooks", run)
    monkeypatch.setattr(building, "check_data", lambda root, place: None)
    with pytest.raises(BuildError, match="a cell failed"):
        check_and_run(tmp_path, tmp_path, str)
