"""`cowork restore`: a backup brought back into an empty home, checked before anything is put in place."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.audit import chain
from bot.audit.signing import Signer
from bot.cli import archive, shared
from bot.cli.archive import Page
from bot.cli.backup import on_server
from bot.errors import NotConfigured
from bot.settings import Settings
from bot.slack.views import words
from bot.store import address, copies, entries, migrate, restored
from bot.store.database import Database
from bot.store.restored import Settled
from bot.store.solitude import Solitude

LOCK = "lock"
_UNDER_WAY = ".restoring-"
_AGAIN = "I was brought back from a backup of {when}. What I did after that I do not remember"
NOTE = f"{_AGAIN}, so look first: what is open here may have been done already. Retry goes on."
NOTE_FOR_WAITING = (
    f"{_AGAIN}. Look whether this was decided and done after the backup before you press Approve or answer."
)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `cowork backup` wrote.")],
    home: Annotated[Path | None, typer.Option(help="Where state is kept; it must be empty.")] = None,
) -> None:
    """Bring a backup back into an empty home. It is checked first; a home that is in use stays as it is.

    What was at work is paused until somebody presses Retry; checkpoints can be decided as before.

    Example: `cowork restore ~/cowork.tar.gz --home ~/restored`
    """
    with shared.told():
        settings = shared.settings(COWORK_HOME=home)
        if address.known(settings.database).get_backend_name() != "sqlite":
            raise on_server("pg_restore", settings.home)
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        solitude = Solitude(settings.home)
        solitude.enter()
        try:
            page, settled = brought_back(path.expanduser().absolute(), settings, now=datetime.now(UTC))
        finally:
            solitude.leave()
    shared.out.print(
        f"Restored the backup of {page.made_at} to {settings.home}: {words.count(settled.tasks, 'task')}, "
        f"{words.count(page.files, 'file')} of theirs{_kept(page)}. The audit log is whole: {page.entries:,} entries.\n"
        f"Waiting for a person: {settled.waiting:,}; look whether they were decided and done after the backup before "
        f"you decide.\nPaused, since they were at work: {settled.paused:,}; look at what they did after the backup, "
        "then press Retry.\n"
        "Start with: cowork up",
        soft_wrap=True,
        markup=False,
    )


def _kept(page: Page) -> str:
    return "" if page.kept is None else f", {words.count(page.kept, 'file')} for Undo"


def brought_back(source: Path, settings: Settings, *, now: datetime) -> tuple[Page, Settled]:
    """Raises `NotConfigured` for a home in use and for a backup that is not whole; then nothing was changed."""
    target = Path(str(settings.database).removeprefix("sqlite:///")).absolute()
    for left in settings.home.glob(f"{_UNDER_WAY}*"):  # of a process that died at it: the home is ours alone
        shutil.rmtree(left)
    there = [one.name for one in settings.home.iterdir() if one.name != LOCK]
    if there or target.exists():
        in_use = target if target.exists() else settings.home
        raise NotConfigured(
            f"{in_use} is in use, and is kept. Give an empty home with --home or COWORK_HOME."
        )
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=_UNDER_WAY) as folder:
        own = Path(folder)
        page = archive.unpack(source, own)
        settled = _settled(own / archive.DATABASE, page, now, Signer(settings.secret_keys).trusted)
        # The database last: without it a home does not pass for a whole one.
        for one in sorted(own.iterdir(), key=lambda one: one.name == archive.DATABASE):
            shutil.move(one, target if one.name == archive.DATABASE else settings.home / one.name)
    return page, settled


def _settled(copied: Path, page: Page, now: datetime, trusted: Collection[str]) -> Settled:
    copies.check(copied)
    database = Database(f"sqlite:///{copied}")
    with contextlib.closing(database):
        migrate.upgrade(database)
        with database.write("restore.settle") as session:
            found = chain.verify(entries.all_of(session), trusted=trusted)
            if isinstance(found, chain.Broken):
                raise NotConfigured(f"The audit log in it is broken at entry {found.id}: {found.why}.")
            if (found.count, found.head) != (page.entries, page.head):
                raise NotConfigured("The audit log in it is not the one that was backed up.")
            settled = restored.settle(
                session,
                note=NOTE.format(when=page.made_at),
                for_waiting=NOTE_FOR_WAITING.format(when=page.made_at),
                now=now,
            )
            chain.append(
                session, 0, actor="operator", action="restored", now=now, data={"backup_of": page.made_at}
            )
    copies.flatten(copied)
    return settled
