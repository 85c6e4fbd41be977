"""Whoever carries on finds each command in the course's own pages (test_manifest.py does the same for its keys)."""

import re

import click
import pytest
from conftest import ROOT

from coursekit.cli.main import main

PLACES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "chapters").rglob("*.md"))]
WORDS = "\n".join(path.read_text(encoding="utf-8") for path in PLACES)
MAKE = (ROOT / "Makefile").read_text(encoding="utf-8")


def commands(group: click.Group, words: tuple = ("course",)) -> list[str]:
    """Every command in full, such as ``course data check``."""
    found = []
    for name, command in group.commands.items():
        below = isinstance(command, click.Group)
        found += commands(command, (*words, name)) if below else [" ".join((*words, name))]
    return found


@pytest.mark.parametrize("command", commands(main))
def test_every_command_is_documented(command):
    assert re.search(rf"\b{command}\b", WORDS), f"'{command}' stands in no page; add it to CONTRIBUTING.md or the guide"


@pytest.mark.parametrize("command", commands(main))
def test_every_command_explains_itself(command):
    group = main
    for word in command.split()[1:]:
        group = group.commands[word]
    assert group.help and group.help.strip().endswith(".")


def test_every_target_of_make_is_listed():
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKE, re.M)[1].split())
    assert targets == set(re.findall(r"^([a-z-]+):.*##", MAKE, re.M))


WRITTEN = sorted({line.strip() for line in re.findall(r"^(?:\$ )?(course [a-z].*)$", WORDS, re.M)})


@pytest.mark.parametrize("line", WRITTEN)
def test_every_command_that_a_page_writes_out_can_be_run(line):
    """A command that was renamed, or an option that went, must not stay in the walk-through."""
    command, words = main, line.split("#")[0].split()[1:]
    while isinstance(command, click.Group):
        assert words and words[0] in command.commands, f"there is no command {words[:1]} in {command.name}"
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    assert not {word.split("=")[0] for word in words if word.startswith("--")} - known


def test_the_walk_through_shows_every_step():
    assert len(WRITTEN) > 20
