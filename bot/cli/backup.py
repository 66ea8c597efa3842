"""`cowork backup`: everything that cannot be rebuilt in one file, while Cowork runs."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.audit import chain
from bot.audit.signing import Signer
from bot.cli import archive, shared
from bot.cli.archive import Page
from bot.errors import NotConfigured
from bot.settings import Settings
from bot.slack.views import words
from bot.store import address, copies, entries, overview
from bot.store.database import Database
from bot.tools.handing_over import DELIVERED
from bot.tools.kept import KEPT
from bot.tools.renaming import rename_new

_SERVER = (
    "The database is PostgreSQL, which has its own tools: {tool}, and copies of {tasks}, {delivered} and {kept}, are a "
    "whole backup. Copy the folders after the database, and put them all back together."
)


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write, such as cowork.tar.gz. It must be new.")],
    without_kept: Annotated[
        bool, typer.Option("--without-kept", help="Leave out what Undo would put back: it can be large.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Where state is kept.")] = None,
) -> None:
    """Write a backup to one file: the database, the tasks' own folders, and what Undo needs. Cowork may run meanwhile.

    Granted folders are yours and are not in it, but for what tasks replaced there, which Undo puts back. It holds what
    people wrote: keep it as safe as the home.

    Example: `cowork backup ~/cowork.tar.gz`
    """
    with shared.told():
        settings = shared.settings(COWORK_HOME=home)
        if address.known(settings.database).get_backend_name() != "sqlite":
            raise on_server("pg_dump", settings.home)
        target = path.expanduser().absolute()
        if target.exists() or target.is_symlink():
            raise NotConfigured(f"{target} exists, and is kept. Give a new name.")
        if not target.parent.is_dir():
            raise NotConfigured(
                f"There is no folder {target.parent}. Make it first, or write the backup elsewhere."
            )
        page, broken = written(settings, target, now=datetime.now(UTC), with_kept=not without_kept)
    shared.out.print(
        f"Backed up to {target} ({words.size(target.stat().st_size)}): {words.count(page.tasks, 'task')}, "
        f"{words.count(page.files, 'file')} of theirs, {_kept(page)}{page.entries:,} entries of the audit log.\n"
        f"Head {page.head}",
        soft_wrap=True,
        markup=False,
    )
    if broken:
        shared.err.print(f"The audit log was broken before: {broken}.", style="red", soft_wrap=True)
        raise typer.Exit(1)


def _kept(page: Page) -> str:
    return "" if page.kept is None else f"{words.count(page.kept, 'file')} for Undo, "


def on_server(tool: str, home: Path) -> NotConfigured:
    folders = {"tasks": home / archive.TASKS, "delivered": home / DELIVERED, "kept": home / KEPT}
    return NotConfigured(_SERVER.format(tool=tool, **folders))


def written(settings: Settings, target: Path, *, now: datetime, with_kept: bool = True) -> tuple[Page, str]:
    """What is in it, and what is wrong with its audit log. The file appears whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".cowork-backup-") as folder:
        own = Path(folder)
        # The database first: a file that a task made since is in the way of nothing, one that lacks would be missed.
        copied = list(_databases(settings, own))
        page, broken = _page(copied[0], now, Signer(settings.secret_keys).trusted)
        page = archive.pack(own / "whole", page, copied, settings.home, with_kept=with_kept)
        with _opened(own) as here, _opened(target.parent) as there:
            rename_new(here, "whole", there, target.name)
            os.fsync(there)
    return page, broken


def _databases(settings: Settings, own: Path) -> Iterator[Path]:
    """Ours under the name that it has in every backup, then those of the home, such as the local Slack's."""
    ours = Path(str(settings.database).removeprefix("sqlite:///")).absolute()
    copies.copy(ours, own / archive.DATABASE)
    yield own / archive.DATABASE
    for other in sorted(settings.home.glob("*.sqlite")):
        if not other.samefile(ours) and other.name != archive.DATABASE:
            copies.copy(other, own / other.name)
            yield own / other.name


def _page(copied: Path, now: datetime, trusted: Collection[str]) -> tuple[Page, str]:
    database = Database(f"sqlite:///{copied}")
    with contextlib.closing(database), database.read() as session:
        found = chain.verify(entries.all_of(session), trusted=trusted)
        count = sum(overview.count_by_state(session).values())
    copies.flatten(copied)
    broken = f"entry {found.id}: {found.why}" if isinstance(found, chain.Broken) else ""
    page = Page(
        format=archive.FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        tasks=count,
        entries=0 if isinstance(found, chain.Broken) else found.count,
        head="" if isinstance(found, chain.Broken) else found.head,
    )
    return page, broken


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
