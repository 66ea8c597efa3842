"""Where a task can be shown: when Slack refuses its place, the requester is asked, and it joins or moves."""

from __future__ import annotations

import threading
from collections import OrderedDict

from bot.domain.clock import Clock
from bot.domain.person import Person, Place
from bot.domain.task import Task
from bot.engine.bell import Bell
from bot.engine.record import Record
from bot.slack.moving import Mover
from bot.slack.views import offers
from bot.slack.web import FAILURES, Web
from bot.slack.whispers import Whispers
from bot.store import standing
from bot.store.database import Database
from bot.store.outbox import PostKind

_MOST = 500


class Reach:
    def __init__(
        self,
        database: Database,
        record: Record,
        web: Web,
        whispers: Whispers,
        mover: Mover,
        *,
        bell: Bell,
        clock: Clock,
    ) -> None:
        self._database = database
        self._record = record
        self._web = web
        self._whispers = whispers
        self._mover = mover
        self._bell = bell
        self._clock = clock
        self._urls: OrderedDict[int, str] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, task_id: int, response_url: str) -> None:
        """Where its requester can be answered even in a channel that we cannot post in."""
        with self._lock:
            self._urls[task_id] = response_url
            while len(self._urls) > _MOST:
                self._urls.popitem(last=False)

    def refused(self, task: Task, reason: str) -> None:
        """Slack does not take its messages: say so and offer what helps."""
        with self._lock:
            url = self._urls.get(task.id, "")
        place = Place(team=task.place.team, channel=task.place.channel if url else "")
        self._whispers.tell(task.person, place, offers.cannot_post(task, reason), response_url=url)

    def join(self, task: Task) -> bool:
        """Join its channel and show it there. False when only an invitation helps."""
        try:
            self._web.posts.conversations_join(channel=task.place.channel)
        except FAILURES:
            return False
        self._show_again([task.id])
        return True

    def go_direct(self, task: Task) -> None:
        """Show it in the direct messages with its requester from now on. Said twice it moves once."""
        channel = self.direct(task.person)
        approval = self._record.pending(task.id)
        with self._database.write("outbox.redirect") as session:
            if standing.is_shown_in(session, task.id, channel):
                return
            again = [f"{PostKind.APPROVAL}:{approval.id}"] if approval else []
            standing.uproot(session, task.id, again=again, now=self._clock(), channel=channel)
        self._bell.ring()

    def channels(self) -> tuple[str, ...]:
        """The public ones that we are in, by id; none where Slack does not say."""
        try:
            found = self._web.reads.users_conversations(
                types="public_channel", exclude_archived=True, limit=200
            )
        except FAILURES:
            return ()
        return tuple(str(channel["id"]) for channel in found["channels"])

    def direct(self, person: Person) -> str:
        """The channel of our direct messages with someone."""
        return self._mover.direct(person)

    def opened(self, place: Place) -> None:
        """We were taken into a channel: what was refused there is shown now."""
        with self._database.read() as session:
            found = standing.blocked_tasks(session, place.team, place.channel)
        self._show_again(found)

    def deleted(self, place: Place) -> None:
        """The first message of a thread was deleted: what is not over, or not told yet, goes on in a new thread."""
        with self._database.read() as session:
            found = standing.rooted_in(session, place)
        for task_id in found:
            self._mover.uproot(task_id, place, now=self._clock())
        if found:
            self._bell.ring()

    def _show_again(self, task_ids: list[int]) -> None:
        with self._database.write("outbox.unblock") as session:
            for task_id in task_ids:
                standing.unblock(session, task_id, now=self._clock())
        self._bell.ring()
