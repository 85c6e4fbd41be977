"""What notebooks share before they begin: imports and nothing else."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursekit.book import kernels


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
