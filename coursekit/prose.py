"""Numbers in prose: computed in a cell, named, and pulled into a sentence by the ``glue`` role."""

from IPython.display import display

PREFIX = "application/papermill.record/"


def glue(**values) -> None:
    """Name already formatted values, e.g. ``glue(median_gap=f"{gap:.2f}")``, for ``{glue}`median_gap``` in the text.

    Works in every kernel (it needs neither myst-nb nor Sphinx) and shows nothing in the notebook.
    """
    for name, value in values.items():
        display(
            {PREFIX + "text/plain": str(value)}, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}}
        )
