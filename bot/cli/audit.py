"""`cowork audit`: prove and hand out the log of every action and decision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.audit import chain
from bot.cli import shared
from bot.store import entries

Home = Annotated[Path | None, typer.Option(help="Where state is kept.")]

audit = typer.Typer(
    help="Prove and hand out the log of every action and decision.\n\nExample: `cowork audit verify`",
    no_args_is_help=True,
)


@audit.command()
def verify(
    head: Annotated[
        str, typer.Option(help="A head printed before: also proves that none was cut off since.")
    ] = "",
    home: Home = None,
) -> None:
    """Check that no entry was changed, removed or put in. Exit code 1 names the first that was.

    It prints the head of the chain. Kept elsewhere and given with --head, it shows entries cut off the end too.

    Example: `cowork audit verify`
    """
    with shared.database(home) as database, database.read() as session:
        found = chain.verify(entries.all_of(session), head=head)
    if isinstance(found, chain.Broken):
        shared.err.print(f"The audit log is broken at entry {found.id}: {found.why}.", style="red")
        raise typer.Exit(1)
    shared.out.print(f"The audit log is whole: {found.count:,} entries.\nHead {found.head}", soft_wrap=True)


@audit.command()
def export(
    task: Annotated[int | None, typer.Option(help="Only this task.")] = None, home: Home = None
) -> None:
    """Print the log as JSON, one entry a line.

    Example: `cowork audit export --task 12 > task-12.jsonl`
    """
    with shared.database(home) as database, database.read() as session:
        for entry in entries.all_of(session, task):
            typer.echo(json.dumps(_row(entry)))


def _row(entry: entries.Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "task": entry.task_id,
        "actor": entry.actor,
        "action": entry.action,
        "data": json.loads(entry.data),
        "before": entry.before,
        "hash": entry.hash,
    }
