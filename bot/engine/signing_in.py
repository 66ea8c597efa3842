"""A task that needs somebody's sign-in: they are asked in its thread, and once it is made the task goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.audit import chain
from bot.domain.clock import Clock
from bot.domain.connected import Wanted
from bot.domain.task import Task
from bot.engine import news
from bot.engine.became import Became
from bot.services.happened import Change, Happened, Told
from bot.store import connections, outages, standing
from bot.store.database import Session, veiled
from bot.store.outbox import PostKind


def asked(session: Session, task: Task, became: Became, wanted: Wanted, *, now: datetime) -> Became:
    """The thread asks for it, unless it was made while the task was pausing: then it goes on at once."""
    found = connections.of(session, task.person.team, wanted.owner, wanted.plugin)
    if found is not None and found.is_ok and found.state != wanted.seen:
        return replace(became, again_at=now)
    news.want(session, PostKind.SIGN_IN, task.id, task.place, wanted.ref, now=now)
    return became


def told(clock: Clock) -> Told:
    """What hears of connections: the audit log has each change, and what waited for one goes on."""
    return partial(_told, clock)


def _told(clock: Clock, session: Session, happened: Happened) -> None:
    one, now = happened.connected, clock()
    if happened.change is Change.CONNECTED:
        waited = outages.signed_in(session, team=one.team, owner=one.owner, plugin=one.plugin, now=now)
        standing.redraw(session, standing.sign_ins(session, waited), at=now)
    actor = news.COLLEAGUE if happened.by is None else f"{happened.by.user}@{happened.by.team}"
    data: dict[str, Any] = {"plugin": one.plugin, "account": one.account, "way": one.way, "owner": one.owner}
    if happened.change is Change.CONNECTED:
        data |= {"scopes": list(one.scopes), "can": list(one.can)}
    if happened.why:
        data |= {"why": happened.why}
    chain.append(
        session, 0, actor=actor, action=f"account_{happened.change}", now=now, data=veiled(session, data)
    )
