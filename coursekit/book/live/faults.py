"""An error as one sentence in words, with the line of the reader's own code that caused it."""

from __future__ import annotations

import traceback

HERE = "<your code>"  # the file name under which a reader's code is compiled
LONGEST = 400  # characters of an error's own words


def line_of(error: BaseException) -> int | None:
    """The line of the reader's code, from 1; None when none of it was running."""
    if isinstance(error, SyntaxError) and error.filename == HERE:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == HERE]
    return lines[-1] if lines else None


def in_words(error: BaseException) -> str:
    """The error as a sentence that says what to look at."""
    said = own_words(error)
    for kind, sentence in SENTENCES:
        if isinstance(error, kind) if isinstance(kind, type) else type(error).__name__ == kind:
            return sentence.format(said=said, name=type(error).__name__).replace("?.", "?")
    return f"{type(error).__name__}: {said}"


def own_words(error: BaseException) -> str:
    """What Python itself says, with its own guess ("Did you mean …?"), shortened."""
    lines = traceback.TracebackException.from_exception(error).format_exception_only()
    text = list(lines)[-1].strip().removeprefix(f"{type(error).__qualname__}: ")
    text = text.partition(f"{type(error).__name__}: ")[2] or text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


SENTENCES = (
    # by its name: Altair need not be loaded for an error to be told
    ("MaxRowsError", "The chart has more than 5,000 rows: choose some of them, or add them up first."),
    (SyntaxError, "Python cannot read this line: {said}."),
    (NameError, "A name is used that nothing has made: {said}. Is it spelt as above, or is a line missing?"),
    (KeyError, "There is no column or key {said}. Look at the names of the columns."),
    (ImportError, "{said}: this page has only the packages of the course."),
    (RecursionError, "A function calls itself without end."),
    (MemoryError, "The browser has no memory left for this."),
)


def told(error: BaseException, place: int | None = None) -> dict:
    """The error for the page: ``words`` and ``line``; ``cell`` is the place of an earlier cell that failed."""
    return {"kind": "error", "words": in_words(error), "line": line_of(error), "cell": place}
