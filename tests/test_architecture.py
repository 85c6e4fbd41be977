"""The house rule: coursekit is the machinery and knows no subject; ip4 stands on its reader's side only."""

import ast
import re
from graphlib import TopologicalSorter
from importlib import metadata

import pytest
from conftest import ROOT
from packaging.specifiers import SpecifierSet

READER_SIDE = {
    "coursekit.tables",
    "coursekit.charts",
    "coursekit.marks",
    "coursekit.prose",
    "coursekit.errors",
    "coursekit.files",
}
OURS = {"coursekit", "ip4"}
COURSEKIT = sorted((ROOT / "coursekit").rglob("*.py"))
IP4 = sorted((ROOT / "ip4").rglob("*.py"))
ALLOWED = {"pandas", "numpy", "yaml", "altair", "ipywidgets", "IPython"}
SUBJECT = re.compile(
    r"\b(NATO|IP4|AP4|Ukraine|Japan|Korea|Australia|Zealand|Russia|China|ASEAN|Sweden|Finland|Germany|C[0-5]\d"
    r"|[Ss]ince[ _]20\d\d)\b"
)


def imports(path) -> set[str]:
    """Absolute dotted names that a module imports."""
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            root = ".".join(part for part in (base, node.module) if part)
            found |= {root} | {f"{root}.{a.name}" for a in node.names}
    return found


@pytest.mark.parametrize("path", COURSEKIT, ids=lambda p: str(p.relative_to(ROOT)))
def test_coursekit_never_imports_the_subject(path):
    assert not {name for name in imports(path) if name.split(".")[0] == "ip4"}


@pytest.mark.parametrize("path", COURSEKIT, ids=lambda p: str(p.relative_to(ROOT)))
def test_coursekit_never_names_the_subject(path):
    assert not SUBJECT.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", IP4, ids=lambda p: str(p.relative_to(ROOT)))
def test_ip4_uses_only_the_readers_side(path):
    for name in imports(path):
        root = name.split(".")[0]
        if root == "coursekit":
            assert name == "coursekit" or any(name == r or name.startswith(f"{r}.") for r in READER_SIDE), name


def modules() -> dict[str, set[str]]:
    """Each module of ours -> the modules of ours that it imports, anywhere in its code."""
    files = {}
    for path in COURSEKIT + IP4:
        parts = path.relative_to(ROOT).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    graph = {
        name: {found for found in imports(path) if found in files and found != name} for name, path in files.items()
    }
    packages = {name for name, path in files.items() if path.name == "__init__.py"}
    return {
        name: {n for n in found if n not in packages or not any(other.startswith(f"{n}.") for other in found)}
        for name, found in graph.items()
    }


def test_no_module_imports_itself_round_a_corner():
    """Data flow one way. A lazy import inside a function counts as well: it only hides a circle."""
    list(TopologicalSorter(modules()).static_order())  # raises CycleError with the circle in its message


# wing of the grader -> what it may import of the grader: an arrow never runs back
WINGS = {
    "intake": {"course"},
    "sandbox": set(),
    "judge": {"intake", "sandbox"},
    "marks": {"course", "intake"},
}


@pytest.mark.parametrize("wing", WINGS)
def test_the_wings_of_the_grader_keep_their_order(wing):
    """Intake and sandbox never see a key, marks never runs anything: their imports say so."""
    for name, found in modules().items():
        if name.startswith(f"coursekit.grading.{wing}."):
            others = {other.split(".")[2] for other in found if other.startswith("coursekit.grading.")} - {wing}
            assert others <= WINGS[wing], name


def test_models_draw_nothing():
    for path in (ROOT / "ip4" / "models").glob("*.py"):
        assert not {n for n in imports(path) if n.split(".")[0] in {"altair", "ipywidgets"}}, path.name


@pytest.mark.parametrize("path", COURSEKIT + IP4, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_every_pinned_package_runs_on_the_oldest_python_promised():
    """README and pyproject promise a version; Debian's is the first of its line, so the pins must install there too."""
    promised = re.search(r'requires-python = ">=(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    assert f"Python {promised} or newer" in (ROOT / "README.md").read_text(encoding="utf-8")
    needs = {dist.name: dist.metadata.get("Requires-Python") for dist in metadata.distributions()}
    assert not {name: need for name, need in needs.items() if need and not SpecifierSet(need).contains(f"{promised}.0")}
