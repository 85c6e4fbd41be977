"""Runs inside a notebook's kernel before its first cell: notes which files and folders of the course it reads.

The builder sends this file's text to the kernel and asks for ``report()`` after the last cell. It stands alone: the
standard library only, nothing of the course is imported by it. Python's own audit events are the witness, so that a
table read through any function, however indirect or remembered, is seen.
"""

import json
import os
import sys

FILES: set[str] = set()
IMPORTED: set[str] = set()
FOLDERS: set[str] = set()
WRITING = os.O_WRONLY | os.O_RDWR


def below(path) -> str:
    """The absolute path when it lies in the course's folder, else the empty text."""
    full = os.path.abspath(os.fsdecode(path))
    return full if full.startswith(ROOT + os.sep) else ""


def importing() -> bool:
    """True when Python's import system, not the notebook, opens a file or looks into a folder."""
    frame = sys._getframe(2)
    return frame is not None and "importlib" in frame.f_code.co_filename


def reads(given: tuple) -> bool:
    """Whether a file is opened by its name, and not to be written."""
    return isinstance(given[0], str | bytes | os.PathLike) and not (given[2] or 0) & WRITING


def watch(event: str, given: tuple) -> None:
    """An audit hook: it must never raise, and sees every file that is opened."""
    try:
        if event == "open" and reads(given):
            (IMPORTED if importing() else FILES).add(below(given[0]))
        elif event == "os.scandir" or (event == "os.listdir" and not importing()):
            FOLDERS.add(below(given[0] or os.getcwd()))
    except Exception:  # a hook that raises would break the notebook for a matter of bookkeeping
        pass


def source_of(path: str) -> str:
    """The file that a module's compiled code was made from; any other file as it is."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), f"{name.split('.')[0]}.py")


def report() -> str:
    """What was read, as JSON: files and folders of the course, and the file of every module that is or was loaded."""
    modules = {str(path) for module in list(sys.modules.values()) if (path := getattr(module, "__file__", None))}
    modules |= {source_of(path) for path in IMPORTED - {""}}
    return json.dumps({"files": sorted(FILES - {""}), "folders": sorted(FOLDERS - {""}), "modules": sorted(modules)})


ROOT = os.environ["COURSE_ROOT"]
sys.addaudithook(watch)
