"""Pictures of students' charts: Vega-Lite to PNG inside rooms, never in the grader's process.

A specification is a student's work: it may ask for files or addresses, and its expressions are
code for the drawing program. So drawing happens in a bubblewrap room with no network and no files
but the system's. A chart made of plain data only (`only_data`: known words, no expressions, no
addresses) goes to a renderer that stays warm, one for each thread that draws at a time; any other
chart gets a room and a renderer of its own, used once. What comes back is cut down to the chunks
a PNG needs.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import select
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator

from coursekit.grading.sandbox.room import SandboxError, command, is_root, student_uid

LIMITS = {"disk_megabytes": 32}
SECONDS, MEGABYTES, PIXELS = 20, 4, 4000
_LEAVES = 0.5  # seconds that a renderer gets to end by itself
_STARTS, _DRAWS = 2.0, 0.1  # seconds to wait for a renderer that starts, and for one that draws, before making another
_DRAW = """\
import json, os, resource, struct, sys
uid = int(sys.argv[1])
if uid:
    os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 25, 1 << 25))
import vl_convert
draw = lambda spec: vl_convert.vegalite_to_png(spec, scale=1.5, allowed_base_urls=[])
draw({"mark": "bar", "data": {"values": [{"a": "x", "b": 1}]}, "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}})
stream = sys.stdin.buffer
while head := stream.read(8):
    try:
        spec = json.loads(stream.read(struct.unpack(">Q", head)[0]))
        png = draw(spec)
    except BaseException:
        png = b""
    sys.stdout.buffer.write(struct.pack(">Q", len(png)) + png)
    sys.stdout.buffer.flush()
os._exit(0)
"""
_WORDS = set(
    """
    $schema data name values datasets mark type encoding x y x2 y2 xOffset yOffset color fill stroke size
    shape opacity detail row column facet text tooltip theta radius strokeDash strokeWidth angle key field
    aggregate bin maxbins step sort order op title axis legend scale domain range scheme zero nice reverse
    grid format formatType labels ticks tickCount labelAngle labelLimit labelOverlap titleFontSize
    labelFontSize orient stack timeUnit width height layer hconcat vconcat concat columns config view
    continuousWidth continuousHeight discreteWidth discreteHeight background padding paddingInner paddingOuter
    point interpolate filled line clip cornerRadius cornerRadiusEnd fontSize fontWeight font align baseline dx
    dy value datum resolve spacing autosize contains description subtitle anchor offset extent thickness
    binSpacing bandSize tension limit
    """.split()
)
_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_SIMPLE = re.compile(r"[\w \-.,:#()%/~+$']*")
_PROSE = {"title", "subtitle", "description", "name", "$schema"}


def only_data(spec: object, depth: int = 0, word: str = "") -> bool:
    """Whether a specification is made of known words and plain values: nothing in it can be code."""
    if depth > 12:
        return False
    if isinstance(spec, dict):
        return _only_known(spec, depth, word)
    if isinstance(spec, list):
        return all(only_data(value, depth + 1, word) for value in spec)
    if isinstance(spec, str):
        return word in _PROSE or word == "values" or bool(_SIMPLE.fullmatch(spec))
    return spec is None or isinstance(spec, (int, float))


def _only_known(spec, depth, word):
    """Whether a mapping is data under any names, or known words with plain values."""
    if word in ("values", "datasets"):
        return all(only_data(value, depth + 1, "values") for value in spec.values())
    return all(key in _WORDS and only_data(value, depth + 1, key) for key, value in spec.items())


class Renderer:
    """A drawing process in a room; `draw` gives PNG bytes or None and never raises for a bad chart."""

    def __init__(self, trusted=False):
        uid = student_uid() or 0
        line = [sys.executable, "-I", "-c", _DRAW, "0" if trusted else str(uid)]
        if not trusted:
            room = command(None, LIMITS)
            if is_root():
                room += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
            line = [*room, "--", *line]
        self.process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )

    def draw(self, spec: dict) -> bytes | None:
        """One picture; the renderer is of no more use when this gives None."""
        text = json.dumps(spec).encode()
        try:
            self.process.stdin.write(struct.pack(">Q", len(text)) + text)
            self.process.stdin.flush()
            length = struct.unpack(">Q", self._read(8))[0]
            return clean_png(self._read(length)) if 0 < length <= MEGABYTES << 20 else None
        except (OSError, struct.error, TimeoutError):
            return None

    def _read(self, number):
        data, number_of_stream = b"", self.process.stdout.fileno()
        while len(data) < number:
            if not select.select([number_of_stream], [], [], SECONDS)[0]:
                raise TimeoutError
            part = os.read(number_of_stream, number - len(data))
            if not part:
                break
            data += part
        return data

    def close(self) -> None:
        """End the process and its room: by itself, which tells its processor time, else it is killed."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self.process.stdin.close()
            self.process.wait(_LEAVES)
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        self.process.wait()


class Pictures:
    """Draws charts: warm renderers for plain ones (one a thread that draws), one of its own for any other."""

    def __init__(self, trusted=False):
        self.trusted, self.idle, self.patience, self.made = trusted, queue.LifoQueue(), _STARTS, 0

    def begin(self) -> None:
        """Start a renderer for the charts to come: it makes itself ready while others work."""
        with contextlib.suppress(SandboxError):  # no room can be made: the sandbox's probe says so, with the cures
            self.idle.put(Renderer(self.trusted))
            self.made += 1

    def draw(self, spec: dict) -> bytes | None:
        """PNG bytes of a chart, or None. What a warm renderer cannot draw (it may be worn out) gets a new one."""
        if only_data(spec):
            renderer = self._renderer()
            if png := renderer.draw(spec):
                self.patience = _DRAWS
                self.idle.put(renderer)
                return png
            self.made -= 1
            renderer.close()
        return self._once(spec)

    def _once(self, spec):
        renderer = Renderer(self.trusted)
        try:
            return renderer.draw(spec)
        finally:
            renderer.close()

    def _renderer(self):
        """One that is free, or soon will be; another one when there is none, or charts wait too long."""
        try:
            return self.idle.get(timeout=self.patience if self.made else 0.001)
        except queue.Empty:
            self.made += 1
            return Renderer(self.trusted)

    def close(self) -> None:
        """Stop the warm renderers."""
        while not self.idle.empty():
            self.idle.get_nowait().close()


def clean_png(data: bytes) -> bytes | None:
    """`data` cut down to the chunks a picture needs, or None when it is not a sound, modest PNG."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    kept = [data[:8]]
    for name, chunk in _chunks(data):
        if not _is_sound(name, chunk):
            return None
        kept += [chunk] if name in _NEEDED else []
        if name == b"IEND":
            return b"".join(kept)
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, the whole chunk: length, name, body, checksum) of a PNG's chunks; the last may be cut short."""
    at = 8
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        yield name, data[at : at + 12 + length]
        at += 12 + length


def _is_sound(name: bytes, chunk: bytes) -> bool:
    """Whether a chunk is whole, holds its checksum and, for the head, says a modest size."""
    length = struct.unpack(">I", chunk[:4])[0]
    if len(chunk) < length + 12 or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
        return False
    return name != b"IHDR" or length == 13 and max(struct.unpack(">II", chunk[8:16])) <= PIXELS
