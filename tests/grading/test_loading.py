"""What commands of grading load, and what they leave out until somebody asks for it."""

import gc
import subprocess
import sys

from coursekit.loading import no_garbage

PROGRAM = """
import sys
from coursekit.grading.marks.library import library
library()
assert not {"requests", "nbformat", "jsonschema"} & set(sys.modules)
from nbgrader.auth import jupyterhub
import nbformat, requests
from nbgrader import utils
assert jupyterhub.requests.request is requests.request
assert nbformat.NotebookNode is utils.NotebookNode and nbformat.v4.new_notebook()["cells"] == []
"""


def test_what_the_gradebook_does_without_loads_when_somebody_asks_for_it():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_python_looks_for_garbage_again_after_a_library_was_loaded():
    assert gc.isenabled()
    with no_garbage():
        assert not gc.isenabled()
        with no_garbage():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_loaded_is_not_searched_for_garbage():
    program = """
import gc
from coursekit.loading import no_garbage
gc.disable()
with no_garbage():
    import email.mime.text
after = gc.get_freeze_count()
assert after > 1000
with no_garbage():
    import email.mime.text
assert gc.get_freeze_count() == after, "nothing was loaded: what was made since can still be garbage"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
