"""``course``: the command line. Each command is one call into the package."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.cli import exercises, returns


@click.group()
def main() -> None:
    """Build the book, check the data, hand out and grade exercises."""


@main.group()
def data() -> None:
    """The tables of the course."""


@data.command("check")
@click.option("--if-changed", is_flag=True, help="Do nothing when the data folder is as it was at the last good check.")
def data_check(if_changed: bool) -> None:
    """Check every table: types, keys, published figures, staleness."""
    from coursekit import tables
    from coursekit.book.build import remember, unchanged
    from coursekit.data import check as datacheck

    root = tables.data_dir().parent
    if if_changed and unchanged(root, "data"):
        return
    found = datacheck.problems()
    for line in found:
        click.echo(line, err=True)
    for name in datacheck.stale():
        click.echo(f"{name}: stale, a newer release was expected in {tables.manifest(name)['next_release_expected']}.")
    if found:
        raise click.exceptions.Exit(1)
    remember(root, "data")
    click.echo(f"{len(tables.names())} tables checked: types, keys and published figures hold.")


@data.command("keys")
def data_keys() -> None:
    """Print the keys of a table's manifest and what each holds, as CONTRIBUTING.md has them."""
    from coursekit.data import manifest

    click.echo(manifest.documentation())


@data.command("catalogue")
def data_catalogue() -> None:
    """Write datapackage.yaml from the manifests and list all tables."""
    from coursekit import tables
    from coursekit.data import check as datacheck

    datacheck.write_package()
    click.echo(tables.catalogue().to_string(index=False))


@data.command("refresh")
@click.argument("table")
@click.option(
    "--from",
    "saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of the publisher that you saved by hand, read instead of the download.",
)
def data_refresh(table: str, saved: Path | None) -> None:
    """Fetch the publisher's newest figures for TABLE; written only if every check passes."""
    from coursekit.data.refresh import refresh

    click.echo(_or_refuse(refresh, table, saved))


@data.command("count-terms")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of whole texts that you saved by hand as DOC_ID.txt or DOC_ID.html, read instead of the internet.",
)
def data_count_terms(texts: Path | None) -> None:
    """Fetch the listed official texts, count the lexicon in them, and keep the counts only."""
    from coursekit.data.counting import count_terms

    click.echo(_or_refuse(count_terms, texts))


def _or_refuse(action, *given) -> str:
    try:
        return action(*given)
    except ValueError as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None


@main.group()
def book() -> None:
    """The book."""


@book.command("build")
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"), show_default=True)
def book_build(out: Path) -> None:
    """Check the data, run the notebooks, build the pages; any warning is an error."""
    from coursekit.book.build import BuildError, build

    try:
        page = build(Path.cwd(), out)
    except BuildError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"\nThe book is ready. Open it with 'make serve', or open {page}")


@book.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"))
def book_serve(port: int, out: Path) -> None:
    """Serve the built book on this computer."""
    from coursekit.book.build import serve

    serve(out / "html", port)


exercises.register(main)
returns.register(main)


if __name__ == "__main__":
    main()
