"""A process that has imported what notebooks begin with, and becomes a kernel as often as it is asked to.

Started as a script with the modules to import; each line of JSON on its standard input, with ``argv``, ``cwd`` and
``env``, asks for one kernel and is answered by a line with its process number. Every notebook so gets a process of its
own, in the state that a new one has after those imports: no notebook sees what another did. It stands alone: nothing of
the course is imported but what is asked for.
"""

import gc
import importlib
import json
import os
import signal
import sys
import types
from contextlib import suppress
from pathlib import Path

RECORDER = "_course_recorder"  # the module under which a kernel finds the notes that were begun here


def record() -> None:
    """Note from now on which files are read: what an import reads counts for every notebook."""
    module = sys.modules[RECORDER] = types.ModuleType(RECORDER)
    exec(Path(__file__).with_name("recorder.py").read_text(encoding="utf-8"), vars(module))


def prepare(modules: list[str]) -> None:
    """Import the kernel's program and the modules; one that cannot be imported is the notebook's own trouble."""
    importlib.import_module("ipykernel.kernelapp")
    for name in modules:
        with suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is there stays shared with the kernels


def fork(request: dict) -> int:
    """The number of a new process that runs a kernel and then ends."""
    if child := os.fork():
        return child
    code = 1
    try:
        become(request)
        code = 0
    finally:
        os._exit(code)


def become(request: dict) -> None:
    """Be a kernel, as if started anew: in a process group of its own, with its folder, environment and arguments.

    In no session of its own: Linux shares time out among sessions first, and the build would wait for its kernels.
    """
    parent = os.getppid()
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(parent))
    os.chdir(request["cwd"])
    sys.argv = request["argv"]
    sys.modules["ipykernel.kernelapp"].launch_new_instance()


def reap(how: int = 0) -> None:
    """Take leave of kernels that have ended; waits for those that run unless told otherwise."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def main(modules: list[str]) -> None:
    """Serve until the other end closes."""
    del sys.path[0]  # the folder of this script; a kernel finds no module there
    record()
    prepare(modules)
    signal.signal(signal.SIGCHLD, lambda *_given: reap(os.WNOHANG))
    for line in sys.stdin:
        print(fork(json.loads(line)), flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reap()


if __name__ == "__main__":
    main(sys.argv[1:])
