"""What people do with webhooks: make one, see theirs, take one away. The secret is shown once."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bot.audit import chain
from bot.domain.clock import Clock
from bot.domain.event import Hooking, News
from bot.domain.person import Person
from bot.domain.webhook import HEARD, PREFIX, Webhook
from bot.engine import known, outward
from bot.engine.bell import Bell
from bot.errors import NotAllowed
from bot.store import webhooks
from bot.store.database import Database, Session, veiled
from bot.store.sealing import Seal

MOST = 20
"""Of one person, besides those of single tasks that are over."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """`secret` is what the receiver checks the signatures with; "" when it was made before, and shown then."""

    webhook: Webhook
    secret: str


class Webhooks:
    """`origins` are those within the operator's own network, or without TLS, that may be posted to."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        *,
        clock: Clock,
        bell: Bell,
        origins: Collection[str] = (),
    ) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._bell = bell
        self._origins = origins

    def make(
        self,
        person: Person,
        url: str,
        *,
        news: Collection[News] = HEARD,
        task_id: int = 0,
        by: str = "",
        secret: str = "",
    ) -> Made:
        """`by` names the token. Of one task of theirs it hears from its beginning; the same one twice is one.

        Raises `NotAllowed`, and `NotConfigured` without COWORK_SECRET_KEY.
        """
        url = outward.checked(url, self._origins)
        if unheard := sorted(set(news).difference(HEARD)):
            raise NotAllowed(
                f"No webhook is told of: {', '.join(unheard)}. It can be of: {', '.join(HEARD)}."
            )
        secret = secret or PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        now = self._clock()
        chosen = tuple(one for one in HEARD if one in news) or HEARD
        new = Webhook(
            id=f"wh_{uuid4().hex}",
            owner=person,
            url=url,
            news=chosen,
            made_at=now,
            task_id=task_id,
            made_by=by,
        )
        with self._database.write("webhook.make") as session:
            before = self._before(session, new)
            if before is None:
                webhooks.keep(session, new, sealed=self._seal.sealed(secret))
                if task_id:
                    webhooks.catch_up(session, new, now=now)
                told(session, new, Hooking.MADE, now=now, by=person)
        self._bell.ring()
        return Made(webhook=before or new, secret="" if before else secret)

    def check(self, url: str) -> None:
        """Raises `NotAllowed` for what is not posted to, and `NotConfigured` where no webhook can be made."""
        outward.checked(url, self._origins)
        self._seal.sealed("")

    def of(self, person: Person) -> list[Webhook]:
        with self._database.read() as session:
            return webhooks.of_owner(session, person)

    def remove(self, person: Person, webhook_id: str) -> None:
        """Raises `NotAllowed` where they have none of this id."""
        with self._database.write("webhook.remove") as session:
            found = webhooks.forget(session, person, webhook_id)
            if found is None:
                raise NotAllowed(f"You have no webhook {webhook_id[:50]}. Look at the list of yours.")
            told(session, found, Hooking.REMOVED, now=self._clock(), by=person)

    def _before(self, session: Session, new: Webhook) -> Webhook | None:
        """One for the same task and address. Holds the task, so that none of its news is missed."""
        if new.task_id and not known.task(session, new.task_id).person.is_same(new.owner):
            raise NotAllowed("A webhook can be made for tasks of one's own only.")
        theirs = webhooks.of_owner(session, new.owner)
        if new.task_id:
            return next((one for one in theirs if (one.task_id, one.url) == (new.task_id, new.url)), None)
        if len([one for one in theirs if not one.task_id]) >= MOST:
            raise NotAllowed(f"You have {MOST} webhooks already. Remove one first.")
        return None


def told(
    session: Session,
    one: Webhook,
    what: Hooking,
    *,
    now: datetime,
    by: Person | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """For the audit log, without the address: its path may be a secret of the receiver's."""
    about = {"webhook": one.id, "host": urlsplit(one.url).netloc, "token": one.made_by, **(data or {})}
    actor = "cowork" if by is None else f"{by.user}@{by.team}"
    chain.append(session, one.task_id, actor=actor, action=what, now=now, data=veiled(session, about))
