"""`cowork audit`: prove and hand out the log of every action and decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.audit import chain, exporting, wording
from bot.audit.account import Account, account
from bot.audit.exporting import Format
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
    task: Annotated[int | None, typer.Option(help="Only this task.")] = None,
    form: Annotated[Format, typer.Option("--format", help="One JSON object a line, or CSV.")] = Format.JSONL,
    home: Home = None,
) -> None:
    """Print the log, one entry a line: as JSON, or as CSV in which no cell is taken for a formula.

    Example: `cowork audit export --task 12 --format csv > task-12.csv`
    """
    with shared.database(home) as database, database.read() as session:
        for line in exporting.lines(entries.all_of(session, task), form):
            typer.echo(line)


@audit.command()
def why(
    task: Annotated[int, typer.Argument(help="Its number, as `cowork tasks` lists it.")],
    call: Annotated[str, typer.Argument(help="Only this call, also one that changed nothing.")] = "",
    home: Home = None,
) -> None:
    """Say of each effect of a task who asked, which rule allowed it, who approved it, what it changed and cost.

    It is read from the log: no model is asked, and nothing of it is a model's word.

    Example: `cowork audit why 12`
    """
    with shared.database(home) as database, database.read() as session:
        told = account(task, entries.all_of(session, task))
    if told.at is None and not told.deeds:
        shared.fail(f"{wording.opening(told)} `cowork tasks` lists those there are.")
    for line in _told_of_call(told, call) if call else _told(told):
        typer.echo(shared.legible(line))


def _told(told: Account) -> Iterator[str]:
    yield wording.opening(told)
    for number, deed in enumerate(told.effects, 1):
        what, *reasons = wording.deed(deed)
        yield f"\n{number}. {what}"
        yield from reasons
    yield f"\n{wording.closing(told)}"


def _told_of_call(told: Account, call: str) -> Iterator[str]:
    deed = told.of_call(call)
    if deed is None:
        shared.fail(
            f"The log holds no call {call} of task {told.task}. `cowork audit why {told.task}` lists them."
        )
    yield wording.opening(told)
    yield from wording.deed(deed)
    yield f"   With: {json.dumps(deed.given, ensure_ascii=False)}"
