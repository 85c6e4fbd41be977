"""Every notebook of the book ran without an error, in the very run that the book shows."""

import nbformat
import pytest
from conftest import ROOT
from jupyter_cache import get_cache

from coursekit.book.execute import READER, notebooks

CACHE = ROOT / "_build" / ".jupyter_cache"


@pytest.fixture(scope="module")
def cache():
    return get_cache(str(CACHE))


@pytest.mark.parametrize("path", notebooks(ROOT), ids=lambda p: str(p.relative_to(ROOT)))
def test_notebook_ran_clean(cache, path):
    from myst_nb.core.read import myst_nb_reader_plugin

    assert READER["name"] == "myst_nb_md"
    record = cache.match_cache_notebook(myst_nb_reader_plugin(str(path)))
    ran = cache.get_cache_bundle(record.pk).nb
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    assert code and all(cell.execution_count for cell in code)
    outputs = [out for cell in code for out in cell.outputs]
    assert not [out for out in outputs if out.output_type == "error"]
    assert not [
        out.text for out in outputs if out.output_type == "stream" and out.name == "stderr" and "Warning" in out.text
    ]
    nbformat.validate(ran)
