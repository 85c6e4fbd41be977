"""No run of eight words of the seed article stands in the course, outside marked quotations.

The reference is a file of salted hashes of the article's word runs, not its text. ``python tests/test_originality.py
ARTICLE`` makes the file anew from a copy of the article.
"""

import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

import pytest

RUN = 8
HERE = Path(__file__).resolve().parent
HASHES = HERE / "article_runs.txt"
ROOT = HERE.parent
KINDS = {".md", ".py", ".yml", ".yaml", ".csv", ".bib", ".cff", ".js"}
SKIP = {".git", ".venv", "_build", "node_modules"}
QUOTED = re.compile(r"“[^”]{1,120}”")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


def runs(text: str, salt: str):
    """(hash, words) of every run of eight words."""
    row = words(text)
    for start in range(len(row) - RUN + 1):
        piece = " ".join(row[start : start + RUN])
        yield hashlib.blake2b(f"{salt}{piece}".encode(), digest_size=8).hexdigest(), piece


def files():
    """Every text of the course; folders that are no part of it are not even looked into."""
    found = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in SKIP]
        found += [Path(folder, name) for name in names if Path(name).suffix in KINDS]
    return sorted(found)


SALT, *KNOWN = HASHES.read_text().split() if HASHES.exists() else ("",)
KNOWN = set(KNOWN)


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_run_of_eight_words_is_the_articles(path):
    text = QUOTED.sub(" ", path.read_text(encoding="utf-8"))
    copied = [piece for digest, piece in runs(text, SALT) if digest in KNOWN]
    assert not copied, f"the article's words: {copied[:2]}"


def test_the_reference_is_there_and_can_find_a_copy():
    """The reference is complete enough to matter, and a run that is in it is found wherever it stands in a text."""
    assert len(KNOWN) > 1000 and len(SALT) == 32
    planted, _piece = next(runs("one two three four five six seven eight", SALT))
    text = "Before it, One two three, four five six: seven eight; and after."
    assert [piece for digest, piece in runs(text, SALT) if digest == planted] == [
        "one two three four five six seven eight"
    ]
    assert planted not in KNOWN


if __name__ == "__main__":
    salt = secrets.token_hex(16)
    found = sorted({digest for digest, _piece in runs(Path(sys.argv[1]).read_text(encoding="utf-8"), salt)})
    HASHES.write_text("\n".join([salt, *found]) + "\n")
    print(f"{len(found)} runs")
