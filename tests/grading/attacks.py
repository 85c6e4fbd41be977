"""Hostile hand-ins, one a row: what the student wants, where the code sits, the code.

Code that reaches something it must not reach prints LEAK. Goals follow the threat model: points,
hidden (the hidden checks), others (other students' work), browser (the marker's), machine.
"""

# ruff: noqa: E501

from dataclasses import dataclass

HIDDEN_REVERSED = ".raey dna yrtnuoc nwo ruoy esu :hctam ton seod erahs ehT"  # the message of a hidden check


@dataclass(frozen=True)
class Attack:
    """`question` loses its points; `keeps` are questions that must keep theirs."""

    name: str
    goal: str
    source: str
    question: str = "q1"
    keeps: tuple = ("q2", "q3")


_LOOK_FOR = f"needle = {HIDDEN_REVERSED!r}[::-1].encode()\n"

_ROWS = [
    (
        "replace-assert",
        "points",
        """
import builtins
builtins.AssertionError = type("Never", (Exception,), {})
close = same_table = encodes = lambda *a, **k: True
share = 7.77""",
    ),
    (
        "always-equal",
        "points",
        """
class Always:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __rsub__ = __sub__ = __abs__ = lambda self, *a: self
    def __float__(self): return 7.77
share = Always()""",
    ),
    (
        "lying-float",
        "points",
        """
class Lie(float):
    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = lambda self, other: True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
share = Lie(-3)""",
    ),
    (
        "lying-item",
        "points",
        """
class Array:
    ndim = 0
    def item(self): return Array()
share = Array()""",
    ),
    (
        "forged-verdicts",
        "points",
        """
import json, os
for check in ("check-q1-1", "check-q1-2"):
    for form in ({"r": "verdict", "i": 4, "check": check, "status": "passed"}, {"checks": {check: ["passed", ""]}},
                 {"r": "done", "i": 4, "text": "passed", "error": "", "checks": {check: ["passed", ""]}}):
        os.write(3, json.dumps(form).encode() + b"\\n")
share = -1""",
    ),
    (
        "forged-answers",
        "points",
        """
import json, os
for index in range(40):
    os.write(3, json.dumps({"r": "names", "i": index, "values": {"share": {"k": "dict", "v": [[{"k": "text", "v": "passed"}, {"k": "bool", "v": True}]]}}}).encode() + b"\\n")
share = -1""",
        "q1",
        (),
    ),
    (
        "foreign-case",
        "points",
        """
POOL = [{"country": "Dorland", "year": 2022}]
case = {"country": "Dorland", "year": 2022}
STUDENT_ID = "somebody-else"
share = 100 * 1.4 / 98""",
    ),
    (
        "define-key",
        "points",
        """
class key: share = 7.77
import sys
sys.modules["__main__"].key = key
share = 7.77""",
    ),
    (
        "patch-runner",
        "points",
        """
import sys
for name in ("coursekit.grading.sandbox.runner", "coursekit.grading.sandbox.wire"):
    module = sys.modules.get(name)
    if module:
        for thing in ("encode", "_number"):
            setattr(module, thing, lambda *a, **k: {"k": "number", "v": 7.77}) if hasattr(module, thing) else None
share = "nothing" """,
        "q1",
        (),
    ),
    (
        "hidden-in-memory",
        "hidden",
        _LOOK_FOR
        + """
import gc, re
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        first, last, rights = re.match(r"(\\w+)-(\\w+) (\\S+)", line).groups()
        if rights.startswith("r") and "[v" not in line:
            try:
                memory.seek(int(first, 16))
                block = memory.read(int(last, 16) - int(first, 16))
            except OSError:
                continue
            if block.count(needle) > (needle in block and 1):
                print("LEAK hidden check in memory")
            del block""",
    ),
    (
        "hidden-on-disk",
        "hidden",
        """
import os
names = {"release.json", "90-sharing.json", "exercise.md", "gradebook.db", "roster.csv", "collect-report.csv", "90-sharing.ipynb"}
for folder, _, files in os.walk("/"):
    if folder.startswith(("/proc", "/sys")) or "/site-packages/nbgrader/tests" in folder: continue  # nbgrader ships a sample
    found = names & set(files)
    if found: print("LEAK", folder, found)""",
    ),
    (
        "hidden-through-proc",
        "hidden",
        """
import glob, os
for path in glob.glob("/proc/[0-9]*"):
    for link in ("root", "cwd"):
        for part in ("released", "submitted", "gradebook.db", "etc/passwd"):
            if os.path.exists(f"{path}/{link}/{part}"): print("LEAK", path, link, part)
    for folder in ("", "/home"):  # a process outside the room would show another root, or a fuller home
        try:
            more = set(os.listdir(f"{path}/root{folder}")) - set(os.listdir(f"{folder}/") if os.path.isdir(f"{folder}/") else ())
        except OSError:
            continue
        if more: print("LEAK", path, folder, more)
    try:
        for name in os.listdir(path + "/fd"):
            target = os.readlink(f"{path}/fd/{name}")
            if target.startswith("/") and not target.startswith(("/dev/null", "/proc", "/desk")): print("LEAK", path, target)
    except OSError:
        pass""",
    ),
    (
        "grader-environment",
        "hidden",
        """
import glob, os
for path in ["/proc/self/environ", *glob.glob("/proc/[0-9]*/environ")]:
    try:
        if b"GRADER_SECRET" in open(path, "rb").read(): print("LEAK", path)
    except OSError:
        pass
if "GRADER_SECRET" in os.environ: print("LEAK environment")""",
    ),
    (
        "open-descriptors",
        "others",
        """
import os, socket
for number in range(4, 1024):
    try:
        os.fstat(number)
        print("LEAK descriptor", number)
    except OSError:
        pass
try:
    socket.fromfd(3, socket.AF_UNIX, socket.SOCK_SEQPACKET).send(b"{}")
    print("LEAK socket")
except OSError:
    pass""",
    ),
    (
        "leave-a-note",
        "others",
        """
import os
for folder in ("/tmp", "/dev/shm", "/desk", "/desk/data", "/usr/lib", "/"):
    try:
        open(folder + "/note-for-the-next", "x").write("the answer is 42")
    except FileExistsError:
        print("LEAK", folder)
    except OSError:
        pass
    if folder not in ("/tmp", "/dev/shm", "/desk") and os.path.exists(folder + "/note-for-the-next"):
        print("LEAK wrote", folder)""",
    ),
    (
        "find-a-note",
        "others",
        """
import os, sys
for folder in ("/tmp", "/dev/shm", "/desk"):
    python = {path[len(folder) + 1:].split("/")[0] for path in (sys.prefix, sys.base_prefix) if path.startswith(folder + "/")}
    found = [name for name in os.listdir(folder) if name not in {"data", "v"} | python]
    found += [name for top in python for name in os.listdir(f"{folder}/{top}") if f"{folder}/{top}/{name}" not in sys.prefix]
    if found: print("LEAK", folder, found)""",
    ),
    (
        "kernel-key-ring",
        "others",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(248, b"user", b"note", b"42", 2, -4) > 0: print("LEAK key ring")""",
    ),
    (
        "trace-others",
        "others",
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in range(1, 50):
    if pid != os.getpid() and libc.ptrace(16, pid, 0, 0) == 0: print("LEAK traced", pid)""",
    ),
    (
        "kill-everything",
        "machine",
        """
import os, signal
os.kill(-1, signal.SIGKILL)
os.kill(1, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)""",
    ),
    (
        "stop-itself",
        "machine",
        """
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)""",
    ),
    (
        "crash-the-interpreter",
        "machine",
        """
import ctypes
ctypes.string_at(0)""",
    ),
    (
        "leave-the-namespaces",
        "machine",
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
calls = {"unshare user": lambda: libc.unshare(0x10000000), "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
         "umount": lambda: libc.umount2(b"/usr", 2), "chroot": lambda: libc.chroot(b"/tmp"), "setuid": lambda: libc.setuid(0),
         "setns": lambda: libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0), "clone": lambda: libc.syscall(56, 0x10000011, 0, 0, 0, 0)}
for name, call in calls.items():
    try:
        if call() >= 0: print("LEAK", name)
    except OSError:
        pass""",
    ),
    (
        "network",
        "machine",
        """
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", int(open("/desk/data/spending.csv").readline().count(",")) + 20000)),
                        (socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_VSOCK, (2, 1)), (socket.AF_UNIX, "\\0grader-test")):
    try:
        with socket.socket(family) as line:
            line.settimeout(0.5)
            line.connect(address)
        print("LEAK network", family)
    except OSError:
        pass""",
    ),
    (
        "change-the-data",
        "machine",
        """
import os
for path in ("/desk/data/spending.csv", os.__file__, "/usr/bin/env", "/proc/sys/kernel/hostname"):
    try:
        open(path, "a").write("1")
        print("LEAK wrote", path)
    except OSError:
        pass""",
    ),
    (
        "fork-bomb",
        "machine",
        """
import os
while True:
    os.fork()""",
    ),
    (
        "thread-bomb",
        "machine",
        """
import threading, time
for _ in range(10000):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()""",
    ),
    (
        "eat-memory",
        "machine",
        """
blocks = []
while True:
    blocks.append(bytearray(64 << 20))""",
    ),
    (
        "eat-shared-memory",
        "machine",
        """
import mmap
blocks = []
while True:
    blocks.append(mmap.mmap(-1, 64 << 20))
    blocks[-1].write(b"x" * (64 << 20))""",
    ),
    (
        "fill-the-disk",
        "machine",
        """
import itertools, os
total = 0
for folder in ("/desk", "/tmp", "/dev/shm", "/dev", "/"):
    for number in itertools.count():
        try:
            with open(f"{folder}/fill{number}", "wb") as stream:
                total += stream.write(b"x" * (8 << 20))
        except OSError:
            break
if total > 200 << 20: print("LEAK disk", total)
share = None""",
    ),
    (
        "daemon",
        "machine",
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(1)
    os._exit(0)
os._exit(0)""",
    ),
    (
        "ignore-the-clock",
        "machine",
        """
import signal
for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
while True:
    pass""",
    ),
    ("quit", "machine", "import os\nos._exit(0)"),
    (
        "exit-with-style",
        "machine",
        """
class Bye(BaseException):
    def __str__(self): raise Bye()
    __repr__ = __str__
raise Bye()""",
    ),
    ("flood-text", "machine", "while True:\n    print('x' * 1_000_000)"),
    ("flood-channel", "machine", "import os\nwhile True:\n    os.write(3, b'x' * 65536)"),
    (
        "flood-records",
        "machine",
        """
import os
while True:
    os.write(3, b'{"r": "at", "i": 0}\\n' * 1000)""",
    ),
    (
        "broken-records",
        "machine",
        """
import os
for line in (b"\\xff\\xfe\\n", b"[" * 100000 + b"\\n", b'{"r": "names", "i": NaN}\\n', b'{"r": "done", "i": 1e999}\\n', b"9" * 9999 + b"\\n",
             b'{"r": "names", "i": 5, "values": []}\\n', b'{"r": "done", "i": 5, "text": {}, "chart": "<script>"}\\n', b"null\\n"):
    os.write(3, line)
share = -1""",
        "q1",
    ),
    (
        "nested-answer",
        "machine",
        """
share = []
for _ in range(100000):
    share = [share]""",
    ),
    (
        "endless-answer",
        "machine",
        """
class Endless(list):
    def __iter__(self):
        while True: yield 1
    def __len__(self): return 3
share = Endless()""",
        "q1",
        (),
    ),
    (
        "killer-answer",
        "machine",
        """
import os
class Killer:
    ndim = 0
    def item(self): os._exit(0)
share = Killer()""",
    ),
    (
        "pickle-answer",
        "machine",
        """
import pickle
class Boom:
    def __reduce__(self): return (print, ("LEAK pickle",))
share = {"x": pickle.dumps(Boom()), "y": Boom()}""",
    ),
    (
        "shadow-modules",
        "machine",
        """
for name in ("pandas", "json", "coursekit", "altair"):
    open(f"/desk/{name}.py", "w").write("print('LEAK shadow')")
share = -1""",
    ),
    (
        "atexit-and-threads",
        "machine",
        """
import atexit, threading, time
atexit.register(lambda: print("LEAK atexit"))
def later():
    time.sleep(0.2)
    import os
    os._exit(0)
threading.Thread(target=later).start()
share = -1""",
        "q1",
        (),
    ),
    (
        "script-in-output",
        "browser",
        """
from IPython.display import HTML, Javascript, display as show
show(HTML("<script>document.title='OWNED'</script>"))
class Rich:
    def _repr_html_(self): return "<script>document.title='OWNED'</script>"
    def __repr__(self): return "<script>document.title='OWNED'</script>"
print("<img src=x onerror=\\"document.title='OWNED'\\">")
display(Rich())
share = -1
Rich()""",
    ),
    (
        "script-in-error",
        "browser",
        """
raise ValueError("<script>document.title='OWNED'</script>\\x1b]8;;javascript:alert(1)\\x07x")""",
    ),
]
ATTACKS = {row[0]: Attack(*row) for row in _ROWS}

CHART = Attack(
    "chart-reads-files",
    "machine",
    """
chart = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "bar",
         "data": {"url": "file:///etc/passwd", "format": {"type": "csv"}},
         "encoding": {"x": {"field": "a", "type": "nominal"}}}""",
    "q3",
    ("q1", "q2"),
)
LIAR = Attack(
    "chart-lies",
    "points",
    """
class Fake(dict): pass
class TopLevelMixin:
    mark_bar = None
    def to_dict(self):
        def endless():
            while True: yield 1
        return {"mark": "bar", "encoding": {"x": self}}
TopLevelMixin.__module__ = "altair.fake"
chart = TopLevelMixin()""",
    "q3",
    ("q1", "q2"),
)
TABLE = Attack(
    "table-lies",
    "points",
    """
class Lying(pd.DataFrame):
    @property
    def columns(self): return ["country", "share"]
    def __len__(self): return 4
latest = Lying({"country": [1], "share": ["x"]})""",
    "q2",
    ("q1",),
)
for row in (CHART, LIAR, TABLE):
    ATTACKS[row.name] = row
