"""The one base of the course's own errors: a sentence that says what is wrong, where, and what to do.

The command line turns every ``CourseKitError`` into that sentence, in one place (``coursekit.cli.shared``).
"""


class CourseKitError(ValueError):
    """Something the course refuses. The message is one sentence for a person, never a code."""


class OlderError(CourseKitError):
    """A publisher's file is an older release than the one that a table holds."""
