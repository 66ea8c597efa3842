"""What is held back from a place where more people read than at the source of what it draws on."""

from __future__ import annotations

from bot.domain.label import Audience, audience_of
from bot.domain.person import NOWHERE, Person
from bot.domain.task import Task
from bot.engine.record import Record
from bot.errors import NotAllowed
from bot.slack.outcomes import Outcome, TooOpen
from bot.slack.readers import Readers
from bot.store.outbox import AWAY, Post


class Reserve:
    """Asked after a post was drawn: labels only grow, so whatever was drawn from is among them."""

    def __init__(self, record: Record, readers: Readers) -> None:
        self._record = record
        self._readers = readers

    def objection(self, post: Post) -> Outcome | None:
        """`TooOpen`, or that Slack does not say now who reads there. None: it may be posted."""
        if post.place.channel == NOWHERE:
            return TooOpen()  # it is shown to its requester alone, and begins to be now
        if post.kind in AWAY or post.place.channel.startswith("D"):
            return None
        known = audience_of(self._record.labels(post.task_id))
        if known is Audience.ANYONE:
            return None
        if known is Audience.REQUESTER:
            return TooOpen()
        here = self._readers.of(post.place.channel)
        if not isinstance(here, Audience):
            return here
        return TooOpen() if here.is_wider_than(known) else None


def check(person: Person, task: Task) -> None:
    """Raises `NotAllowed` for whoever may not look into a task that only its requester is known to be allowed to."""
    if audience_of(task.labels) is Audience.REQUESTER and not task.person.is_same(person):
        raise NotAllowed(
            f"This draws on what not everyone may see. Only {task.person.name} can look into it."
        )
