"""Numbers in prose: computed in a cell, named, and pulled into a sentence by the ``glue`` role."""

import re

from IPython.display import display

PREFIX = "application/papermill.record/"
HYPHEN_BEFORE_NUMBER = re.compile(r"(?<![\w.-])-(?=[\d.])")


def minus(text: str) -> str:
    """The text with a minus sign, not a hyphen, before a negative number; dates and codes stay as they are."""
    return HYPHEN_BEFORE_NUMBER.sub("−", text)


def glue(**values) -> None:
    """Name already formatted values, e.g. ``glue(median_gap=f"{gap:.2f}")``, for ``{glue}`median_gap``` in the text.

    Works in every kernel (it needs neither myst-nb nor Sphinx) and shows nothing in the notebook.
    """
    for name, value in values.items():
        display(
            {PREFIX + "text/plain": minus(str(value))},
            raw=True,
            metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}},
        )
