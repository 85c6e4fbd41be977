"""``course``: the command line. Each command is one call into the package."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.cli import exercises, ledger, live, new, refreshing, returns
from coursekit.cli.refreshing import or_refuse
from coursekit.cli.shared import CourseGroup, progress_bar


@click.group(cls=CourseGroup)
def main() -> None:
    """Build the book, check the data, hand out and grade exercises."""


@main.group()
def data() -> None:
    """The tables of the course."""


@data.command("check")
@click.argument("names", metavar="[TABLE]...", nargs=-1)
@click.option("--if-changed", is_flag=True, help="Look only at what has changed since the last good check.")
def data_check(names: tuple[str, ...], if_changed: bool) -> None:
    """Check every table, or the named ones: types, keys, published figures, staleness."""
    from coursekit import tables
    from coursekit.data import check, expressions, incremental

    place = tables.data_dir().parent / "_build"
    values = expressions.keep(place / "expressions.json")
    found = (
        incremental.problems(place / incremental.NAME)
        if if_changed
        else check.problems(list(names), progress_bar("data check"))
    )
    values.save()
    for line in found:
        click.echo(line, err=True)
    for name in check.stale(list(names)):
        click.echo(f"{name}: stale, a newer release was expected in {tables.manifest(name)['next_release_expected']}.")
    if found:
        raise click.exceptions.Exit(1)
    if not names:
        incremental.remember(place / incremental.NAME)
    click.echo(f"{_count(names or tables.names())} checked: types, keys and published figures hold.")


def _count(names) -> str:
    return f"{len(names)} tables" if len(names) > 1 else f"Table {names[0]}"


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


@data.command("archive")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write into; _build/archive when left out.")
def data_archive(out: Path | None) -> None:
    """Write the archive of the tables, one zip with CSV, Parquet, SQLite, codebook and report of the checks."""
    from coursekit import tables
    from coursekit.data import expressions
    from coursekit.data.archive import bundle, contents

    place = tables.data_dir().parent / "_build"
    values = expressions.keep(place / "expressions.json")
    path = bundle.write(out or place / "archive", progress_bar("data archive"))
    values.save()
    click.echo(f"{path}: {len(contents.inside())} tables. Left out, with the reason:")
    for entry, why in contents.outside():
        click.echo(f"  {entry['name']}: {why}.")


@data.command("count-terms")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of whole texts that you saved by hand as DOC_ID.txt or DOC_ID.html, read instead of the internet.",
)
def data_count_terms(texts: Path | None) -> None:
    """Fetch the listed official texts, count the lexicon in them, and keep the counts only."""
    from coursekit.data.counting import count_terms

    click.echo(or_refuse(count_terms, texts, None, progress_bar("data count-terms")))


@main.group()
def book() -> None:
    """The book."""


@book.command("build")
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"), show_default=True)
def book_build(out: Path) -> None:
    """Check the data, run the notebooks, build the pages; any warning is an error."""
    from coursekit.book.build import build

    page = build(Path.cwd(), out, click.echo)
    click.echo(f"\nThe book is ready. Open it with 'make serve', or open {page}")


@book.command("notebooks")
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path("notebooks"), show_default=True)
def book_notebooks(folder: Path) -> None:
    """Write every chapter as a notebook that any program shows well, and as a zip that runs on a bare machine."""
    from coursekit.book.build import write_notebooks

    files = write_notebooks(Path.cwd(), folder, click.echo)
    click.echo(f"{len(files)} files are in {folder}/; open one with 'make lab', or hand out its zip.")


@main.command("public")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("_build/public"), show_default=True
)
def public_edition(out: Path) -> None:
    """Write the tree for a public repository, Binder and the archive, without solutions, hidden checks and keys."""
    from coursekit.exercises.edition import write

    count = write(Path.cwd(), out, progress_bar("public"))
    click.echo(f"{count} files in {out}. Build the book from it: cd {out} && make book")


@book.command("watch")
@click.option("--port", default=8000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"), show_default=True)
def book_watch(port: int, out: Path) -> None:
    """Build the book, serve it, and build again whenever a file of the course is saved."""
    from coursekit.book.watch import watch

    watch(Path.cwd(), out, port, click.echo)


@book.command("serve")
@click.option("--port", default=8000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"))
def book_serve(port: int, out: Path) -> None:
    """Serve the built book on this computer."""
    from coursekit.book.build import serve

    serve(out / "html", port)


@book.command("links")
@click.option("--out", type=click.Path(path_type=Path), default=Path("_build"))
def book_links(out: Path) -> None:
    """Ask every outside address of the built book whether it still answers; says so when there is no internet."""
    from coursekit.book import links

    site = out / "html"
    answers = links.check(site, Path.cwd())
    for line in links.report(answers, links.addresses(site)):
        click.echo(line)
    if answers.dead:
        raise click.exceptions.Exit(1)


refreshing.register(data)
exercises.register(main)
ledger.register(main)
live.register(main)
new.register(main)
returns.register(main)


if __name__ == "__main__":
    main()
