"""Rooms: empty, isolated places made by bubblewrap, in which student code will run.

A room has its own mounts, processes, network (none), IPC and host name. The system and the
Python installation are read-only, there is no /etc and no home, /desk and /tmp are small and
vanish with the room, /desk/data holds the instructor's copy of the exercise's data.
The keeper is `cat`; student code enters later (see `confine.enter`). Leaving the context kills
every process inside.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import subprocess
import sys
from pathlib import Path

from coursekit.errors import CourseKitError

CURES = """\
  - Ubuntu 24.04: install the AppArmor profile that lets bwrap make user namespaces
    (package apparmor-profiles, file bwrap-userns-restrict, then reload AppArmor);
  - Docker: start the container with --security-opt seccomp=unconfined --security-opt
    apparmor=unconfined --cap-add SYS_ADMIN, or grade on the host;
  - Debian, Fedora: install the package bubblewrap;
  - macOS, Windows: grade inside a Linux virtual machine (WSL 2 is one).
To run student code on this machine WITHOUT isolation, and only if you trust every student,
add --trust-students."""
SECONDS = 20
DESK = "/desk"  # where student code works: a name that no Python installation lies below
_STUDENT_UIDS = range(61184, 65520)


class SandboxError(CourseKitError):
    """The machine cannot isolate student code; the message says why and names the cures."""


def is_root() -> bool:
    """Whether this process is the machine's root (then students get another number)."""
    return os.geteuid() == 0


def student_uid() -> int | None:
    """The user number for one run when the grader is root; otherwise None."""
    return random.choice(_STUDENT_UIDS) if is_root() else None


def command(data: Path | None, limits: dict[str, int]) -> list[str]:
    """The bubblewrap command line of a room whose data come from the folder `data`."""
    line = [
        _bwrap(),
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--hostname",
        "sandbox",
        "--cap-drop",
        "ALL",
    ]
    if not is_root():
        line += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    line += ["--perms", "0755", "--dir", "/dev", "--proc", "/proc"]
    for folder, share in (("/dev/shm", 8), ("/tmp", 2), (DESK, 1)):
        size = limits["disk_megabytes"] * (1 << 20) // share
        line += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    for device in ("null", "zero", "full", "random", "urandom"):
        line += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    line += ["--ro-bind", "/usr", "/usr", *_system_links(), *_python_binds()]
    if data is not None:
        line += ["--ro-bind", str(data), f"{DESK}/data"]
    return [*line, "--remount-ro", "/", "--chdir", DESK]


def _bwrap():
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError("the program bwrap (bubblewrap) is not installed.")
    return path


def _system_links():
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/") / name
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))


def python_folders() -> list[str]:
    """The folders of the Python installation and of its environment, which every room shows."""
    return list(dict.fromkeys((sys.base_prefix, sys.prefix)))


def _python_binds():
    for prefix in python_folders():
        if not prefix.startswith("/usr"):
            for parent in reversed(Path(prefix).parents[:-1]):
                if str(parent) not in ("/tmp", DESK):
                    yield from ("--perms", "0755", "--dir", str(parent))
            yield from ("--ro-bind", prefix, prefix)


def _read(number):
    """The next bytes of a descriptor, b"" at its end or when nothing comes in time."""
    return os.read(number, 4096) if select.select([number], [], [], SECONDS)[0] else b""


class Room:
    """Context manager; inside it, `pid` is a process of the room as seen from outside."""

    def __init__(self, data, limits):
        self.line = command(data, limits)
        self.keeper = self.pid = None

    def __enter__(self):
        news, tell = os.pipe()
        try:
            self.keeper = subprocess.Popen(
                [*self.line, "--info-fd", str(tell), "--", "/usr/bin/cat"],
                pass_fds=[tell],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},
            )
        except OSError as fault:
            os.close(news)
            raise SandboxError(f"bubblewrap cannot be started ({fault.strerror}).") from None
        finally:
            os.close(tell)
        try:
            self._wait_until_ready(news)
        finally:
            os.close(news)
        return self

    def _wait_until_ready(self, news):
        """The keeper echoes one byte when the room stands; bubblewrap has told its number by then."""
        try:
            self.keeper.stdin.write(b"?")
            self.keeper.stdin.flush()
        except BrokenPipeError:
            pass
        if _read(self.keeper.stdout.fileno()) == b"?":
            try:
                self.pid = json.loads(_read(news))["child-pid"]
                return
            except (ValueError, KeyError):
                pass
        self.keeper.kill()
        reason = self.keeper.stderr.read(2000).decode("utf-8", "replace").strip()
        self.close()
        raise SandboxError(f"bubblewrap cannot make a sandbox on this machine ({reason or 'it gave no reason'}).")

    def close(self) -> None:
        """Kill everything in the room; safe to call twice."""
        if self.keeper is None:
            return
        self.keeper.kill()
        self.keeper.wait()
        for stream in (self.keeper.stdin, self.keeper.stdout, self.keeper.stderr):
            try:
                stream.close()
            except OSError:
                pass
        self.keeper = None

    def __exit__(self, *_):
        self.close()
