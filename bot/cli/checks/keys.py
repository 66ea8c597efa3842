"""Whether what is kept secret can be opened, and what is signed can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.audit.signing import Signer
from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.errors import DatabaseOut, NotConfigured
from bot.store import address, connections, vault
from bot.store.database import Database
from bot.store.sealing import Seal

NAME = "Secrets"
_REMEDY = "Set it to a long random text, such as `openssl rand -base64 32` gives, and keep a copy elsewhere."


def keys(url: str, given: Sequence[str], file: Path, *, audit_days: float) -> Iterator[Finding]:
    """`file` is where the home has a key of its own.

    What cannot be read because the database is away or new is the database's finding.
    """
    try:
        count = len(Signer(tuple(given)).trusted)
        kept = _kept(url, Seal(tuple(given)))
    except NotConfigured as why:
        yield failed(NAME, str(why), "Mend COWORK_SECRET_KEY; the secrets in the database stay as they are.")
        return
    if not given and audit_days:
        found = "COWORK_AUDIT_DAYS is set without COWORK_SECRET_KEY: nothing is pruned."
        yield warning(NAME, found, _REMEDY)
    elif not given:
        yield fine(NAME, "none are kept (COWORK_SECRET_KEY is not set)")
    else:
        where = f", in {file}: keep a copy of it, as backups leave it out" if file.is_file() else ""
        yield fine(NAME, f"{count} key{'' if count == 1 else 's'}, {kept} kept and readable{where}")


def _kept(url: str, seal: Seal) -> int:
    """Looking makes no database where there is none."""
    try:
        known = address.known(url)
        if known.get_backend_name() == "sqlite" and not Path(str(known.database)).exists():
            return 0
        database = Database(url)
        try:
            with database.read() as session:
                return len(vault.values(session, seal)) + connections.count(session, seal)
        finally:
            database.close()
    except (address.Unusable, DatabaseOut, SQLAlchemyError):
        return 0
