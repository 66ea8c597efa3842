"""`cowork audit`: prove and hand out the log of every action and decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.audit import chain, exporting, pruning, wording
from bot.audit.account import Account, account
from bot.audit.exporting import Format
from bot.audit.signing import Signer
from bot.cli import heads, shared
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
    signed: Annotated[
        Path | None,
        typer.Option(help="A file that `cowork audit head` wrote: its signature is checked, too."),
    ] = None,
    home: Home = None,
) -> None:
    """Check that no entry was changed, removed or put in. Exit code 1 names the first that was.

    It prints the head of the chain. Kept elsewhere and given with --head, it shows entries cut off the end too.

    Example: `cowork audit verify --signed ~/cowork-head.json`
    """
    with shared.database(home) as database, database.read() as session:
        trusted = _signer(home).trusted
        kept = heads.parsed(signed.expanduser(), trusted) if signed else None
        is_of = (kept.head, kept.last) if kept and not head else (head, 0)
        found = chain.verify(entries.all_of(session), head=is_of[0], last=is_of[1], trusted=trusted)
    if isinstance(found, chain.Broken):
        shared.err.print(f"The audit log is broken at entry {found.id}: {found.why}.", style="red")
        raise typer.Exit(1)
    since = (
        f" What was before entry {found.pruned + 1} was pruned, and is signed for." if found.pruned else ""
    )
    shared.out.print(
        f"The audit log is whole: {found.count:,} entries.{since}\nHead {found.head}", soft_wrap=True
    )
    if kept and kept.last <= found.pruned:
        shared.out.print(
            f"What the head signed on {kept.at} is of was pruned since: keep a new one (`cowork audit head`).",
            soft_wrap=True,
        )
    elif kept:
        shared.out.print(f"It holds the head that was signed on {kept.at}.", soft_wrap=True)


@audit.command()
def head(home: Home = None) -> None:
    """Print the head of the log, signed with COWORK_SECRET_KEY, to be kept where nobody who is here can change it.

    `cowork audit verify --signed FILE` proves with it later that nothing up to here was changed or cut off.

    Example: `cowork audit head > ~/cowork-head.json`
    """
    signer = _signer(home)
    with shared.database(home) as database, database.read() as session:
        found = chain.verify(entries.all_of(session), trusted=signer.trusted)
        if isinstance(found, chain.Broken):
            shared.fail(
                f"The audit log is broken at entry {found.id}: {found.why}. A broken log is not signed."
            )
        typer.echo(json.dumps(signer.signed(heads.statement(found, at=datetime.now(UTC)))))


@audit.command()
def prune(
    before: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Keep this day (UTC) and all later ones.")
    ],
    export: Annotated[
        Path | None, typer.Option(help="First write what will be cut off there, as JSON lines; a new file.")
    ] = None,
    without_export: Annotated[bool, typer.Option("--without-export", help="Cut it off for good.")] = False,
    home: Home = None,
) -> None:
    """Cut the oldest entries off the log. An entry signed with COWORK_SECRET_KEY says so: the rest is still proved.

    Give --export FILE to keep what is cut off, or --without-export.

    Example: `cowork audit prune --before 2026-01-01 --export ~/audit-2025.jsonl`
    """
    signer, day = _signer(home), before.replace(tzinfo=UTC)
    if day > datetime.now(UTC):
        shared.fail("--before is a day that has not come yet. Nothing was cut off.")
    if export is None and not without_export:
        shared.fail("Give --export FILE to keep what is cut off, or --without-export. Nothing was cut off.")
    with shared.database(home) as database:
        if export is not None:
            kept = heads.export(database, export.expanduser(), before=day)
            shared.out.print(f"Wrote {kept:,} entries to {export}.", soft_wrap=True)
        done = pruning.prune(
            database, before=day, signer=signer, by="operator", clock=lambda: datetime.now(UTC)
        )
    if isinstance(done, chain.Broken):
        shared.fail(f"The audit log is broken at entry {done.id}: {done.why}. It was not pruned.")
    shared.out.print(f"Cut off {done.count:,} entries." if done.count else "Nothing is as old as that.")


def _signer(home: Path | None) -> Signer:
    return Signer(shared.settings(COWORK_HOME=home).secret_keys)


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
