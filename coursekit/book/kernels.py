"""Kernels for the book's notebooks, forked from processes that have imported what the notebooks begin with.

A kernel spends a fifth of a chapter's time on importing pandas, Altair and this package. On Linux that is done once for
all notebooks that begin alike (``warm.py``); elsewhere each kernel starts as Jupyter starts it, and the results are the
same.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

from coursekit.data.inputs import Inputs
from coursekit.syntax import parse

SERVER = Path(__file__).with_name("warm.py")
LAUNCHER = "ipykernel_launcher"
OWN = __name__.split(".")[0]


def can_fork() -> bool:
    """Whether this system lets a process with libraries loaded be copied safely."""
    return sys.platform == "linux"


def begins_with(sources: list[str]) -> frozenset[str]:
    """The installed modules, and those of this package, that cells of code import."""
    return frozenset(name for source in sources for name in _imports(source) if is_general(name))


def _imports(source: str) -> set[str]:
    try:
        tree = parse(source)
    except SyntaxError:  # a magic, or a fault that the kernel will name
        return set()
    return set().union(*(_named(node) for node in tree.body))


def _named(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    return {node.module} if isinstance(node, ast.ImportFrom) and node.module and not node.level else set()


@cache
def is_general(name: str) -> bool:
    """Whether a module is installed, or this package's own: the subject's modules are left to each notebook."""
    root = name.split(".")[0]
    spec = importlib.util.find_spec(root)
    return root == OWN or bool(spec and spec.origin and Inputs(Path()).installed(spec.origin))


class Kernels:
    """Where the notebooks of a run get their kernels; ``close`` when all have ended."""

    def __init__(self, env: dict[str, str], beginnings: dict[Path, frozenset[str]]):
        self.env, self.beginnings = env, beginnings
        counts = Counter(name for names in beginnings.values() for name in names)
        self.common = {name for name, count in counts.items() if 2 * count >= len(beginnings)}
        self._servers: dict[frozenset[str], Server] = {}

    def manager(self, path: Path) -> type:
        """The kernel manager for a notebook. What it does not import itself, its kernel has not imported either."""
        if not can_fork():
            from jupyter_client import AsyncKernelManager

            return AsyncKernelManager
        names = self.beginnings[path] & self.common
        if names not in self._servers:
            self._servers[names] = Server(sorted(names), self.env)
        return _manager(self._servers[names])

    def close(self) -> None:
        """End the processes that kernels were forked from."""
        for server in self._servers.values():
            server.close()


class Server:
    """A process that has imported some modules and forks kernels."""

    def __init__(self, modules: list[str], env: dict[str, str]):
        self._turn = asyncio.Lock()
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), *modules],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True,
        )  # fmt: skip

    async def fork(self, argv: list[str], cwd: str, env: dict[str, str]) -> Forked:
        """A new kernel. Raises OSError when the server has died."""
        async with self._turn:
            return Forked(int(await asyncio.to_thread(self._ask, {"argv": argv, "cwd": str(cwd), "env": env})))

    def _ask(self, request: dict) -> str:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise OSError("the process that forks kernels has ended")
        return answer

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Forked:
    """A forked kernel, as jupyter_client sees a process that it started itself."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        """The kernel has ended when this is asked."""
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _manager(server: Server) -> type:
    """A kernel manager that forks from a server; a kernel of another kind is started as always."""
    from jupyter_client import AsyncKernelManager

    class Manager(AsyncKernelManager):
        async def _async_launch_kernel(self, kernel_cmd: list[str], **kw) -> None:
            if kernel_cmd[0] != sys.executable or LAUNCHER not in kernel_cmd:
                return await super()._async_launch_kernel(kernel_cmd, **kw)
            argv = kernel_cmd[kernel_cmd.index(LAUNCHER) :]
            one = self.provisioner
            one.process = await server.fork(argv, kw["cwd"], kw["env"])
            one.pid = one.pgid = one.process.pid  # it leads a process group
            self._reconcile_connection_info(one.connection_info)

    return Manager
