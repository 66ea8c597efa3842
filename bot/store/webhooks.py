"""Webhooks and their deliveries: put in the transaction of the news, in order per task, gone once they arrived."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, func
from sqlalchemy import select as core_select
from sqlmodel import DateTime as Moment
from sqlmodel import Session, and_, bindparam, col, delete, insert, literal, or_, select, update

from bot.domain import webhook as webhooks
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.webhook import HEARD, Webhook
from bot.store import events
from bot.store.statements import run
from bot.store.tables import TASK
from bot.store.webhook_table import DeliveryRow, WebhookRow

_HOOK = WebhookRow.metadata.tables["webhook"]
_DELIVERY = DeliveryRow.metadata.tables["webhook_delivery"]
_NOW = bindparam("now", type_=Moment(timezone=True))
_IS_MEANT = or_(
    _HOOK.c.task_id == TASK.c.id,
    and_(_HOOK.c.task_id == 0, _HOOK.c.team == TASK.c.team, _HOOK.c.user == TASK.c.user),
)
_ANNOUNCE = insert(_DELIVERY).from_select(
    ["webhook_id", "task_id", "news", "body", "at", "attempt", "next_at"],
    core_select(
        _HOOK.c.id,
        TASK.c.id,
        bindparam("news", type_=String()),
        bindparam("body", type_=Text()),
        _NOW,
        literal(0, type_=Integer()),
        _NOW,
    )
    .select_from(_HOOK.join(TASK, _IS_MEANT))
    .where(
        TASK.c.id == bindparam("task"),
        _HOOK.c.ended_at.is_(None),
        _HOOK.c.news.like(bindparam("wanted", type_=String())),
    ),
    include_defaults=False,
)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """`attempt` counts the tries begun before; `sealed` is what the webhook signs with."""

    id: int
    webhook: Webhook
    task_id: int
    news: News
    body: str
    at: datetime
    attempt: int
    sealed: str


def keep(session: Session, one: Webhook, *, sealed: str) -> None:
    session.add(
        WebhookRow(
            id=one.id,
            team=one.owner.team,
            user=one.owner.user,
            user_name=one.owner.name,
            task_id=one.task_id,
            url=one.url,
            news=f",{','.join(one.news)},",
            sealed=sealed,
            made_by=one.made_by,
            made_at=one.made_at,
        )
    )
    session.flush()


def of_owner(session: Session, owner: Person) -> list[Webhook]:
    """The oldest first."""
    rows = session.exec(
        select(WebhookRow)
        .where(col(WebhookRow.team) == owner.team, col(WebhookRow.user) == owner.user)
        .order_by(col(WebhookRow.made_at), col(WebhookRow.id))
    )
    return [_webhook(row) for row in rows]


def end_of_token(session: Session, owner: Person, name: str, *, now: datetime) -> list[Webhook]:
    """Those that a token of theirs with this name made and that still hear; they hear nothing more."""
    ended = [one for one in of_owner(session, owner) if one.made_by == name]
    return [one for one in ended if end(session, one.id, why=f"its token “{name}” is over", now=now)]


def forget(session: Session, owner: Person, webhook_id: str) -> Webhook | None:
    """With what was still to be posted to it. None: the owner has no such webhook."""
    row = session.get(WebhookRow, webhook_id)
    if row is None or (row.team, row.user) != (owner.team, owner.user):
        return None
    found = _webhook(row)
    session.delete(row)
    session.exec(delete(DeliveryRow).where(col(DeliveryRow.webhook_id) == webhook_id))
    return found


def announce(session: Session, task_id: int, news: News, data: Mapping[str, Any], *, now: datetime) -> None:
    """To every webhook that wants it, in the transaction of the news."""
    if news in HEARD:
        body = webhooks.body(task_id, news, data, at=now)
        wanted = f"%,{news},%"
        given = {"task": task_id, "news": news.value, "body": body, "now": now, "wanted": wanted}
        run(session, _ANNOUNCE, given)


def catch_up(session: Session, one: Webhook, *, now: datetime) -> None:
    """What its task has told already. The caller holds the task: nothing is told meanwhile."""
    for event in events.of_task(session, one.task_id):
        if event.news in one.news:
            body = webhooks.body(one.task_id, event.news, event.data, at=event.at)
            session.add(
                DeliveryRow(
                    webhook_id=one.id, task_id=one.task_id, news=event.news, body=body, at=now, next_at=now
                )
            )
            session.flush()


def due(session: Session, *, now: datetime, busy: Collection[str], limit: int) -> list[Delivery]:
    """The next of each task and webhook, where it is time; nothing for those webhooks that are `busy`."""
    first = (
        select(func.min(DeliveryRow.id)).group_by(col(DeliveryRow.webhook_id), col(DeliveryRow.task_id))
    ).scalar_subquery()
    found = session.exec(
        select(DeliveryRow, WebhookRow)
        .join(WebhookRow, col(WebhookRow.id) == col(DeliveryRow.webhook_id))
        .where(
            col(DeliveryRow.next_at) <= now,
            col(DeliveryRow.id).in_(first),
            col(DeliveryRow.webhook_id).not_in(busy),
        )
        .order_by(col(DeliveryRow.next_at), col(DeliveryRow.id))
        .limit(limit)
    )
    return [_delivery(row, hook) for row, hook in found]


def claim(session: Session, one: Delivery, *, until: datetime) -> bool:
    """A try begins: nobody else begins one before `until`. False when another did, or it is gone."""
    claimed = session.exec(
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == one.id, col(DeliveryRow.attempt) == one.attempt)
        .values(attempt=one.attempt + 1, next_at=until)
    )
    return bool(claimed.rowcount)


def over(session: Session, one: Delivery) -> bool:
    """It arrived, or was given up. False when another sender saw to that."""
    return bool(session.exec(delete(DeliveryRow).where(*_ours(one))).rowcount)


def later(session: Session, one: Delivery, *, at: datetime) -> None:
    session.exec(update(DeliveryRow).where(*_ours(one)).values(next_at=at))


def end(session: Session, webhook_id: str, *, why: str, now: datetime) -> bool:
    """Nothing is posted there any more. False when it had ended before."""
    ended = session.exec(
        update(WebhookRow)
        .where(col(WebhookRow.id) == webhook_id, col(WebhookRow.ended_at).is_(None))
        .values(ended_at=now, trouble=why)
    )
    session.exec(delete(DeliveryRow).where(col(DeliveryRow.webhook_id) == webhook_id))
    return bool(ended.rowcount)


def _ours(one: Delivery) -> tuple[Any, ...]:
    return (col(DeliveryRow.id) == one.id, col(DeliveryRow.attempt) == one.attempt + 1)


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        owner=Person(team=row.team, user=row.user, name=row.user_name),
        url=row.url,
        news=tuple(News(one) for one in row.news.strip(",").split(",")),
        made_at=row.made_at,
        task_id=row.task_id,
        made_by=row.made_by,
        ended_at=row.ended_at,
        trouble=row.trouble,
    )


def _delivery(row: DeliveryRow, hook: WebhookRow) -> Delivery:
    assert row.id is not None
    return Delivery(
        id=row.id,
        webhook=_webhook(hook),
        task_id=row.task_id,
        news=News(row.news),
        body=row.body,
        at=row.at,
        attempt=row.attempt,
        sealed=hook.sealed,
    )
