"""``course ledger``: the claims, their verdicts, and what new figures do to them."""

from __future__ import annotations

import click


@click.group("ledger")
def ledger() -> None:
    """The claims ledger."""


@ledger.command("changes")
def changes() -> None:
    """List numbers that moved since they were stored, and verdicts whose rule was crossed."""
    from coursekit.ledger.changes import report

    found = report()
    click.echo("\n".join(found) if found else "No number has moved and no verdict's rule is crossed.")


def register(group: click.Group) -> None:
    """Mount this module's commands on ``group``."""
    group.add_command(ledger)
