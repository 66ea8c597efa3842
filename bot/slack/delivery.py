"""One post of the outbox brought to Slack: looked for when its fate is unknown, then changed or posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.slack.announcer import Announcer, Shown, Upload
from bot.slack.apart import Reserve
from bot.slack.courier import Courier
from bot.slack.limits import LOOK, POST, UPDATE, UPLOAD, Limits
from bot.slack.outcomes import Outcome, Refused, Sent, Throttled
from bot.slack.views.message import Message
from bot.store.outbox import Post, PostKind


@dataclass(frozen=True)
class Superseded:
    """There is nothing left to say."""


class Delivery:
    def __init__(self, announcer: Announcer, reserve: Reserve, courier: Courier, limits: Limits) -> None:
        self._announcer = announcer
        self._reserve = reserve
        self._courier = courier
        self._limits = limits

    def wait_for(self, post: Post, *, now: datetime, ahead: int = 0) -> datetime | None:
        """None: it may be sent now. Otherwise when to come again, behind so many of the same line."""
        if post.is_unknown and (at := self._limits.held_until(LOOK, now=now)) is not None:
            return at
        return self._limits.wait_for(_method(post), post.place.channel, now=now, ahead=ahead)

    def line(self, post: Post) -> tuple[str, str]:
        """Posts of one line wait for each other: those of a channel, and all changes."""
        method = _method(post)
        return method, "" if method == UPDATE else post.place.channel

    def deliver(self, post: Post, *, now: datetime) -> Outcome | Superseded:
        shown = self._announcer.shown(post)
        if shown is None:
            return Superseded()
        outcome = self._reserve.objection(post)
        if outcome is None:
            outcome = self._changed(post, shown) if post.ts else self._posted(post, shown)
        if isinstance(outcome, Throttled):
            self._limits.hold(outcome.method, outcome.seconds, now=now)
        return outcome

    def _changed(self, post: Post, shown: Shown) -> Outcome:
        assert post.ts is not None
        if len(shown.messages) != 1 or post.kind is PostKind.RESULT:
            return Sent(post.ts)
        return self._update(post, post.ts, shown.messages[0])

    def _posted(self, post: Post, shown: Shown) -> Outcome:
        """Files, then messages. What an earlier try may have posted is looked for before it is posted again."""
        outcome: Outcome = Refused("nothing to show")
        steps: list[Callable[[], Outcome]] = [partial(self._upload, post, upload) for upload in shown.uploads]
        steps += [partial(self._post, post, message, at) for at, message in enumerate(shown.messages)]
        for number, step in enumerate(steps):
            outcome = step()
            if isinstance(outcome, Throttled):
                return replace(outcome, is_begun=number > 0 or post.is_unknown)
            if not isinstance(outcome, Sent):
                return outcome
        return outcome

    def _upload(self, post: Post, upload: Upload) -> Outcome:
        if post.is_unknown:
            found = self._courier.find_file(post.place, upload, post.started_at)
            if found is not None:
                return found
        return self._courier.upload(post.place, upload)

    def _post(self, post: Post, message: Message, number: int) -> Outcome:
        key = post.key if number == 0 else f"{post.key}#{number + 1}"
        if post.is_unknown:
            found = self._courier.find(post.place, key, post.started_at)
            if isinstance(found, Sent) and _has_news_since(post):
                return self._update(post, found.ts, message)
            if found is not None:
                return found
        return self._courier.post(post.place, message, key=key, plainer=lambda one: self._plainer(post, one))

    def _update(self, post: Post, ts: str, message: Message) -> Outcome:
        return self._courier.update(
            post.place, ts, message, key=post.key, plainer=lambda one: self._plainer(post, one)
        )

    def _plainer(self, post: Post, message: Message) -> Message:
        return self._announcer.plainer(post, message)


def _has_news_since(post: Post) -> bool:
    """What is found was drawn by an earlier try, perhaps before what made it look different."""
    return post.kind in (PostKind.CARD, PostKind.APPROVAL, PostKind.SHARED) and post.wanted > 1


def _method(post: Post) -> str:
    return UPDATE if post.ts else UPLOAD if post.kind is PostKind.FILE else POST
