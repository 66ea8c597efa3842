"""The oldest entries cut off the log, and a signed entry at its end that says so: the chain stays provable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.audit import chain, signing
from bot.audit.chain import PRUNED, Broken
from bot.audit.signing import Signer
from bot.errors import NotConfigured
from bot.store import entries
from bot.store.database import Database, Session
from bot.store.entries import Entry

_WHAT = "the beginning of the audit log was pruned"
_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """How many entries were cut off; `through` is the last of them."""

    count: int = 0
    through: int = 0


def prune(
    database: Database,
    *,
    before: datetime,
    signer: Signer,
    by: str,
    clock: Callable[[], datetime],
    at_once: int = _AT_ONCE,
) -> Pruned | Broken:
    """Cut off what is older than `before`, up to the first entry that is not; in units, each signed for by itself.

    Nothing is cut off a log that is broken: that would take away what shows it. Raises `NotConfigured` without a key.
    """
    if not signer.keys:
        raise NotConfigured(signing.NO_KEY)
    with database.read() as session:
        found = chain.verify(entries.all_of(session), trusted=signer.trusted)
        first = next(iter(entries.older_than(session, before, limit=1)), None)
    if isinstance(found, Broken):
        return found
    done, behind = Pruned(), first.before if first else ""
    while first is not None:
        with database.write("audit.prune") as session:
            going = entries.older_than(session, before, limit=at_once)
            if not going:
                break
            if broken := chain.misfit(going, behind=behind):
                return broken
            _cut(session, going, signer, by=by, now=clock())
        done = Pruned(count=done.count + len(going), through=going[-1].id)
        behind = going[-1].hash
    return done


def _cut(session: Session, going: list[Entry], signer: Signer, *, by: str, now: datetime) -> None:
    last = going[-1]
    told = {"what": _WHAT, "count": len(going), "through": last.id, "hash": last.hash}
    signed = signer.signed({**told, "at": now.isoformat(), "by": by})
    chain.append(session, 0, actor=by, action=PRUNED, now=now, data=signed)
    entries.cut(session, through=last.id)
