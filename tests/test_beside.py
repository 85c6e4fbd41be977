"""Work in a process beside: its news arrive, its faults are sentences, and it ends when its parent wants or ends."""

import subprocess
import sys
import time

import pytest
from conftest import ROOT

from coursekit.beside import Work
from coursekit.errors import CourseKitError

MODULES = {
    "counts": "print('chatter')\ntell({'number': 1})\ntell({'number': 2})",
    "refuses": "raise CourseKitError('There is no fish.')",
    "breaks": "raise OSError('no sea')",
    "waits": "tell({'number': 1})\nstop.wait(60)\ntell({'number': 2})",
}
FRAME = """
from coursekit.beside import tell_parent
from coursekit.errors import CourseKitError

def work(tell, stop):
{}

if __name__ == "__main__":
    tell_parent(work)
"""
PARENT = """
from coursekit.beside import Work
work = Work("waits")
print(work._process.pid, flush=True)
work.wait()
"""


class Heard(Work):
    def __init__(self, module):
        self.numbers = []
        super().__init__(module)

    def hear(self, news):
        self.numbers.append(news["number"])


@pytest.fixture
def modules(tmp_path, monkeypatch):
    for name, body in MODULES.items():
        (tmp_path / f"{name}.py").write_text(FRAME.format("\n".join(f"    {line}" for line in body.splitlines())))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")


def test_news_arrive_and_what_is_printed_is_none(modules, capfd):
    work = Heard("counts")
    work.wait()
    work.close()
    assert work.numbers == [1, 2] and "chatter" in capfd.readouterr().err


@pytest.mark.parametrize("module, said", [("refuses", "There is no fish."), ("breaks", "breaks ended with 1")])
def test_a_fault_is_a_sentence(modules, module, said):
    work = Heard(module)
    with pytest.raises(CourseKitError, match=said):
        work.wait()
    work.close()


def test_it_is_asked_to_begin_nothing_more(modules):
    work = Heard("waits")
    work.wait(0.01)
    assert not work.is_over
    work.close()
    assert work.is_over and work.numbers == [1, 2], "what it had begun came to its end"


def test_it_ends_with_its_parent(modules):
    """Also when that is killed, and can ask for nothing."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 20
    while subprocess.run(["ps", "-p", str(child), "-o", "stat="], capture_output=True, text=True).stdout[:1] not in "Z":
        assert time.monotonic() < end, "it still runs"
        time.sleep(0.1)
