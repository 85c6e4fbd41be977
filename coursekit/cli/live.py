"""``course live``: put Python for the browser together, so that the next build of the book has live code."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.cli.shared import progress_bar


@click.command("live")
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"), show_default=True)
@click.option("--places", default=None, help="Folders, archives or https addresses that hold the files.")
@click.option("--check", default=None, metavar="ADDRESS", help="Only look at a published book: does its host allow it?")
def live(out: Path, places: str | None, check: str | None) -> None:
    """Put Python for the browser together, each file verified; the next build gives every page's code a button."""
    if check:
        return look_at(check)
    from coursekit.book.build import BUILT
    from coursekit.book.live.assemble import assemble

    found = assemble(out, places, click.echo, progress_bar("live"))
    (out / BUILT).unlink(missing_ok=True)  # the next build must look at the pages again
    click.echo(
        f"Python {found['python']} (Pyodide {found['pyodide']}, build {found['version']}) is ready: "
        f"{len(found['files'])} files, {found['raw'] / 1e6:.1f} MB, {found['gz'] / 1e6:.1f} MB as a host sends them. "
        "Each was compared with the official lock. Now run: make book"
    )


def look_at(address: str) -> None:
    """Say what the host of a published book should do otherwise."""
    from coursekit.book.live.host import faults

    found = faults(address)
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        raise click.exceptions.Exit(1)
    click.echo(
        "The host serves everything that Python in the page needs, with the right types, and forbids none of it."
    )


def register(group: click.Group) -> None:
    """Mount this module's command on ``group``."""
    group.add_command(live)
