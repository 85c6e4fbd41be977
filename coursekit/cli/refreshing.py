"""``course data refresh`` and ``course data publishers``: new editions from publishers' files."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.cli.shared import progress_bar


@click.command("refresh")
@click.argument("table", required=False)
@click.option("--all", "every", is_flag=True, help="Refresh every table that can be, one publication after the other.")
@click.option(
    "--from",
    "saved",
    type=click.Path(exists=True, path_type=Path),
    help="A file of the publisher that you saved by hand, or a folder with all files of a release.",
)
@click.option("--vintage", default="", metavar="YYYY-MM-DD", help="The day of the release, when its file has none.")
@click.option(
    "--draft", is_flag=True, help="Write also when published figures moved, and list them: a person reads on."
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the revision report (Markdown).")
def data_refresh(table: str | None, every: bool, saved: Path | None, vintage: str, draft: bool, report: Path | None):
    """Fetch the publisher's newest figures for TABLE, or for all; written only if every check passes."""
    if every == bool(table):
        raise click.UsageError("Name one table, or give --all.")
    if every:
        _refresh_all(draft, report)
        return
    from coursekit.data.refresh import refresh

    said = or_refuse(refresh, table, saved, None, vintage, draft)
    click.echo(said)
    if report:
        _write(report, {table: said})


def _refresh_all(draft: bool, report: Path | None) -> None:
    from coursekit.data.everything import refresh_all

    found = refresh_all(click.echo, draft)
    if report:
        _write(report, {source: said for source, (_, said) in found.items()})
    failed = [source for source, (well, _) in found.items() if not well]
    if failed:
        raise click.ClickException(f"Not refreshed: {', '.join(failed)}; the others were.")


def _write(path: Path, said: dict[str, str]) -> None:
    from coursekit.data.revision import markdown
    from coursekit.files import write_text

    write_text(path, markdown(said))


@click.command("publishers")
def data_publishers() -> None:
    """Refresh a copy of the tables from the publishers' files in the folder that COURSE_PUBLISHERS names."""
    from coursekit.data.publishers import folder, releases, tried

    place = folder()
    if place is None:
        click.echo("Not run: COURSE_PUBLISHERS names no folder of publishers' files. Nothing was refreshed.")
        return
    found = [tried(*release) for release in progress_bar("data publishers")(releases(place))]
    for outcome in found:
        click.echo(outcome.line(place))
    if not found:
        raise click.ClickException(f"{place.name} holds no file that a table can be refreshed from.")
    if faults := [outcome for outcome in found if outcome.kind == "fault"]:
        raise click.ClickException(f"{len(faults)} of {len(found)} releases could not be read; no table was changed.")


def or_refuse(action, *given) -> str:
    """What an action says, or its sentence of refusal as the command's error."""
    try:
        return action(*given)
    except ValueError as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None


def register(data: click.Group) -> None:
    """Add both commands to the group ``course data``."""
    data.add_command(data_refresh)
    data.add_command(data_publishers)
