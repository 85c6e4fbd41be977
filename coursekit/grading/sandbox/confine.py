"""Walk into a prepared room and give up every right: runs in the child that will run student code.

`enter(pid)` joins the namespaces of the process `pid` (the keeper of a bubblewrap room).
`surrender(limits, uid)` drops privileges, sets resource limits and the system-call filter.
Both are one way. Linux only; the caller must have a single thread.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal

from coursekit.grading.sandbox import seccomp

_NS_GET_USERNS = 0xB701
_KINDS = ("mnt", "pid", "net", "ipc", "uts")
_libc = ctypes.CDLL(None, use_errno=True)


def enter(pid: int) -> None:
    """Join all namespaces of process `pid`; processes forked afterwards live in its pid namespace."""
    opened = {kind: os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY) for kind in (*_KINDS, "user")}
    owner = fcntl.ioctl(opened["mnt"], _NS_GET_USERNS)
    if os.fstat(owner).st_ino != os.stat("/proc/self/ns/user").st_ino:
        _join(owner)
    for kind in _KINDS:
        _join(opened[kind])
    for number in (*opened.values(), owner):
        os.close(number)


def die_with_parent() -> None:
    """End this process when the one that forked it ends."""
    parent_death_signal = 1
    _libc.prctl(parent_death_signal, signal.SIGKILL, 0, 0, 0)


def _join(number):
    if _libc.setns(number, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter the sandbox")


def surrender(limits: dict[str, int], uid: int | None) -> None:
    """Keep no privilege. `limits`: seconds (of CPU), megabytes, file_megabytes, processes.

    `uid` is the number to become when the caller is the machine's root (process limits do not
    hold for root); None keeps the caller's number.
    """
    _drop_bounding_set()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _drop_capabilities()
    limit_resources(limits)
    seccomp.install()


def _drop_bounding_set():
    drop_bound = 24
    for capability in range(64):
        _libc.prctl(drop_bound, capability, 0, 0, 0)


def _drop_capabilities():
    no_new_privileges, ambient, clear_all = 38, 47, 4
    _libc.prctl(ambient, clear_all, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc.capset(header, nothing) != 0 or _libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot drop privileges")


def limit_resources(limits: dict[str, int]) -> None:
    """Address space, CPU, file size, open files, processes; no core files."""
    mega = 1 << 20
    wanted = {
        "AS": limits["megabytes"] * mega,
        "CPU": limits["seconds"],
        "CORE": 0,
        "MEMLOCK": 0,
        "FSIZE": limits["file_megabytes"] * mega,
        "NOFILE": 64,
        "NPROC": limits["processes"],
        "MSGQUEUE": 0,
        "RTPRIO": 0,
    }
    for name, value in wanted.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is not None:
            hard = resource.getrlimit(number)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(number, (value, value))
