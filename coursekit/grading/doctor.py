"""Is this machine ready to grade? Each finding names what is wrong here and the one cure that fits this machine."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.course import Course

DISK_GB, MEMORY_GB = 2, 2
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
INSTALL = {"apt-get": "apt-get install bubblewrap", "dnf": "dnf install bubblewrap", "pacman": "pacman -S bubblewrap"}


@dataclass(frozen=True)
class Finding:
    """good: nothing to do. text: one sentence. cure: what to do here, empty when nothing."""

    good: bool
    text: str
    cure: str = ""


def examine(course: Course) -> Iterator[Finding]:
    """One finding after the other, cheapest first; what hangs on a missing thing is not tried."""
    system = platform.system()
    if system != "Linux":
        yield Finding(False, f"This is {system}; student code can be isolated on Linux only.", _machine_cure(system))
        return
    yield from (_space(course), _memory(), _gradebook())
    program = _bubblewrap()
    yield program
    if program.good:
        yield _room()


def _machine_cure(system: str) -> str:
    return "Open WSL 2 and work there." if system == "Windows" else "Work in a Linux virtual machine or on a server."


def _space(course: Course) -> Finding:
    places = [Path(tempfile.gettempdir()), next(p for p in (course.root, *course.root.resolve().parents) if p.exists())]
    free, where = min((shutil.disk_usage(place).free / 2**30, place) for place in places)
    good = free >= DISK_GB
    return Finding(good, f"{free:.1f} GB of disk are free for {where}.", "" if good else f"Free {DISK_GB} GB there.")


def _memory() -> Finding:
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    free = int(text.split("MemAvailable:")[1].split()[0]) / 2**20
    good = free >= MEMORY_GB
    return Finding(good, f"{free:.1f} GB of memory are free.", "" if good else "Close programs, or use --workers 1.")


def _gradebook() -> Finding:
    from coursekit.grading.course import CourseError
    from coursekit.grading.marks.gradebook import library

    try:
        library()
    except CourseError as fault:
        return Finding(False, str(fault), "Run make grading in the course's folder.")
    return Finding(True, "The gradebook (nbgrader) is installed.")


def _bubblewrap() -> Finding:
    if shutil.which("bwrap"):
        return Finding(True, "bubblewrap is installed.")
    command = next((line for name, line in INSTALL.items() if shutil.which(name)), "install the package bubblewrap")
    sudo = "" if os.geteuid() == 0 else "sudo "
    return Finding(False, "The program bwrap (bubblewrap) is missing.", f"Run: {sudo}{command}")


def _room() -> Finding:
    """Build a real room, look around in it, and say how long that took."""
    from coursekit.grading.sandbox.room import SandboxError
    from coursekit.grading.sandbox.sandbox import Sandbox

    start = time.monotonic()
    try:
        with Sandbox() as sandbox:
            sandbox.probe()
    except SandboxError as fault:
        return Finding(False, str(fault).split("\n")[0], _room_cure())
    return Finding(True, f"Student code is isolated; the first room took {time.monotonic() - start:.1f} seconds.")


def _room_cure(exists: Callable[[str], bool] = lambda path: Path(path).exists()) -> str:
    """The cure for a room that cannot be built, by what this machine shows of itself."""
    if exists("/.dockerenv") or exists("/run/.containerenv"):
        return (
            "This is a container: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
            "--cap-add SYS_ADMIN, or grade on the host."
        )
    if RESTRICTED.exists() and RESTRICTED.read_text().strip() == "1":
        return (
            "AppArmor forbids it: sudo apt-get install apparmor-profiles, then sudo ln -s "
            "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ and sudo systemctl reload "
            "apparmor."
        )
    return "Ask for user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1, or grade as root of a machine."
